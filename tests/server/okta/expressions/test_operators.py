"""Operators with every kind of operand (spec 2), and attribute states and indexes (spec 4)."""

import pytest

from tests.server.okta.expressions.evaluating import refusal, same, value

P = {
    "text": "Ada",
    "empty": "",
    "null": None,
    "other": None,
    "age": 42,
    "large": 2**31,
    "largest": 2**63 - 1,
    "ratio": 3.5,
    "yes": True,
    "tags": ["a", "b c", None],
    "astral": "😀b",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Whole numbers
        ("2147483647 + 1", -2147483648),
        ("-2147483647 - 2", 2147483647),
        ("65536 * 65536", 0),
        ("2147483647 + 1L", 2147483648),
        ("user.age + 1", 43),
        ("user.large * 2", 2**32),
        ("user.largest + 1", -(2**63)),
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ("2 ^ 10", 1024),
        ("2 ^ 40", 2**40),
        ("2 ^ -1", 0),
        ("10L ^ 30", 2**63 - 1),
        ("-(-2147483647 - 1)", -2147483648),
        # Doubles
        ("7 / 2.0", 3.5),
        ("1.5 + 1", 2.5),
        ("5.5 % 2", 1.5),
        ("2.0 ^ 0.5 > 1.41", True),
        ("1.0 / 0", float("inf")),
        ("-1.0 / 0", float("-inf")),
        ("(0.0 / 0) == (0.0 / 0)", False),
        ("(1.0 % 0) > 1 OR (1.0 % 0) <= 1", False),
        # Text
        ('1 + 2 + "a"', "3a"),
        ('"a" + 1 + 2', "a12"),
        ('user.text + " " + user.null', "Ada null"),
        ('user.text + null + ""', "Adanull"),
        ('"" + true', "true"),
        ('"" + 5.0', "5.0"),
        ('"" + 100000000.0', "1.0E8"),
        ('"" + 12345678.5', "1.23456785E7"),
        ('"" + 0.001', "0.001"),
        ('"" + 0.0001', "1.0E-4"),
        ('"" + -0.00025', "-2.5E-4"),
        ('"" + 9999999.0', "9999999.0"),
        ('"" + (1.0 / 0)', "Infinity"),
        ('"" + (0.0 * -1)', "-0.0"),
        ('user.tags + ""', "a,b c,"),
        ('{} + ""', ""),
        ('"c" - 1', "b"),
        ('"ab" * 3', "ababab"),
        # Equality
        ("1 == 1.0", True),
        ("1L == 1", True),
        ('"123" == 123', False),
        ('true == "true"', False),
        ("true == 1", False),
        ("null == null", True),
        ('null == ""', False),
        ('"a" == "A"', False),
        ('"a" == "a "', False),
        ("{1, 2} == {1, 2.0}", True),
        ("{1} != {1, 2}", True),
        # Order
        ('"B" < "a"', True),
        ('"\uffff" > "😀"', True),
        ('null < "a"', True),
        ("null > 5", False),
        ("null <= null", True),
        ("false < true", True),
        ("2 >= 2.0", True),
        # Conditions
        ('"Yes" ? 1 : 2', 1),
        ('" off " ? 1 : 2', 2),
        ('"1" AND "on"', True),
        ("false AND user.null", False),
        ("true OR user.null", True),
        ("user.null == true", False),
        # Elvis
        ("user.null ?: 1", 1),
        ("user.empty ?: 1", 1),
        ('" " ?: 1', " "),
        ("false ?: 1", False),
        ("{} ?: 1", []),
        # matches
        ("'abc' matches 'b'", False),
        ("'ABC' matches '(?i)abc'", True),
        ("42 matches '[0-9]+'", True),
        # The branch that is not chosen is not evaluated
        ("true ? 1 : 1 / 0", 1),
        ("user.yes ? user.text : user.null + user.null", "Ada"),
        ("user.tags[2]", None),
        ("user.tags[1]", "b c"),
        ("findDirectoryUser()?.x", None),
    ],
)
def test_gives(expression: str, expected: object) -> None:
    assert same(value(expression, P), expected)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("null + null", "EL1030E: The operator 'ADD'"),
        ("user.null + 1", "EL1030E: The operator 'ADD'"),
        ("{1} + 1", "EL1030E: The operator 'ADD'"),
        ("true + 1", "EL1030E: The operator 'ADD'"),
        ("'ab' - 1", "EL1030E: The operator 'SUBTRACT'"),
        ("null * 2", "EL1030E: The operator 'MULTIPLY'"),
        ("'a' / 2", "EL1030E: The operator 'DIVIDE'"),
        ("'a' % 2", "EL1030E: The operator 'MODULUS'"),
        ("null ^ 2", "EL1030E: The operator 'POWER'"),
        ("-'a'", "EL1030E: The operator 'SUBTRACT'"),
        ("+null", "EL1030E: The operator 'ADD'"),
        ("1 / 0", "/ by zero"),
        ("1 % 0", "/ by zero"),
        ("'ab' * 200", "EL1076E"),
        ("1 < 'a'", "EL1013E: Cannot compare instances of class java.lang.Integer"),
        ("{1} < {2}", "EL1013E"),
        ("null ? 1 : 2", "EL1001E: Type conversion problem, cannot convert from null to boolean"),
        ("!user.null", "EL1001E"),
        ("1 ? 1 : 2", "EL1001E: Type conversion problem, cannot convert from java.lang.Integer"),
        ("'maybe' OR true", "EL1001E"),
        ("{} AND true", "EL1001E"),
        ("null matches 'a'", "EL1030E: The operator 'MATCHES'"),
        ("'a' matches 1", "EL1030E: The operator 'MATCHES'"),
        ("{1, 2, 3}[5]", "EL1025E: The collection has '3' elements, index '5' is invalid"),
        ("{1}[-1]", "EL1025E"),
        ("user.null[0]", "EL1012E"),
        ("5[0]", "EL1027E"),
        ("findDirectoryUser().x", "EL1007E"),
    ],
)
def test_fails(expression: str, text: str) -> None:
    error = refusal(expression, P)
    assert text in error.text
    assert error.kind == "evaluation"
    assert error.position is not None


def test_the_place_of_a_failure_is_the_operator() -> None:
    error = refusal("user.text + (user.null + user.other)", P)
    assert (error.position, error.length) == (23, 1)


def test_a_display_name_never_edited_is_both_names() -> None:
    names = {"firstName": "Ada", "lastName": "Lovelace"}
    assert value("user.displayName", {**names, "displayName": None}) == "Ada Lovelace"
    assert value("user.displayName", {**names, "displayName": ""}) == ""


def test_half_a_surrogate_pair_leaves_as_java_sends_it() -> None:
    assert value("String.substring(user.astral, 0, 1)", P) == "?"
    joined = "String.substring(user.astral, 0, 1) + String.substring(user.astral, 1, 2)"
    assert value(joined, P) == "😀"
