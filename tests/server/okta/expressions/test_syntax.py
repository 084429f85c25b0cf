"""Lexical rules, precedence and what Okta refuses (spec 1 to 3), and the canonical text."""

import pytest

from server.okta.expressions import parse, print_tree
from tests.server.okta.expressions.evaluating import refusal, same, value

P = {"a": "x", "n": None, "b": True}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("  'a'\t\r\n", "a"),
        ("'it''s'", "it's"),
        ('\'say ""hi""\'', 'say ""hi""'),
        ('"\\"', "\\"),
        ("'a\nb'", "a\nb"),
        ("0x1F", 31),
        ("9223372036854775807L", 2**63 - 1),
        ("2147483647", 2147483647),
        ("1e3", 1000.0),
        ("1.5e-3", 0.0015),
        ("2f", 2.0),
        ("2.5D", 2.5),
        ("TRUE", True),
        ("False", False),
        ("NULL", None),
        ("{}", []),
        ("{1, {'a', 2.0}}", [1, ["a", 2.0]]),
        ("String . len ( 'abc' )", 3),
        ("String.len('abc',)", 3),
        ("user . a", "x"),
        ("user?.a", "x"),
        ("source.a", "x"),
        ("a", "x"),
        ("['nothing']", None),
        ("true or false AND false", True),
        ("not false && true", True),
        ("5 div 2 mod 2", 0),
        ("3 ge 2", True),
        ("1 lt 2 And 2 LE 2", True),
        ("-2 ^ 2", 4),
        ("2 + 3 * 4 ^ 2", 50),
        ("(2 + 3) * 4", 20),
        ("7 - 2 - 1", 4),
        ("!true == false", True),
        ("1 - -1", 2),
        ("- - 1", 1),
        ("user.n ?: user.n ?: 'c'", "c"),
        ("true ? 'a' : 'b' + 'c'", "a"),
        ("false ? 'a' : 'b' + 'c'", "bc"),
        ("user.n ?: user.b ? 'y' : 'z'", "y"),
        ("false ? true ? 1 : 2 : true ? 3 : 4", 3),
        ("{10, 20, 30}[1]", 20),
        ("{{1, 2}, {3}}[0][1]", 2),
        ("'abc'[1]", "b"),
    ],
)
def test_is_read_as(expression: str, expected: object) -> None:
    assert same(value(expression, P), expected)


@pytest.mark.parametrize(
    "expression",
    [
        "", "  ", ".5", "3.", "2147483648", "9223372036854775808L", "1 2", "[1, 2]", "{1", "(1",
        "user.", "user..a", "a = 1", "1 ++ 1", "--1", "1 -- 1", "#v", "@bean", "a;", "${a}",
        "#{a}", "c ? 'a'", "a ? b :", "1 == 1 == 1", "2 ^ 3 ^ 4", "a instanceof b",
        "1 between {0, 2}", "new X()", "user.a.?[true]", "user.a.^[true]", "“a”", "'a", '"a',
        "a & b", "a | b", "user.eq", "{'k': }", "f(", "f(1 2)", "a.b.c.", "/* x */ 1", "\ufeff1",
    ],
)  # fmt: skip
def test_is_no_expression(expression: str) -> None:
    error = refusal(expression, P)
    assert error.text == f"Invalid expression syntax {expression}"
    assert error.kind == "syntax"
    assert error.suggestion
    assert error.position is not None
    assert 0 <= error.position <= len(expression)
    assert error.length > 0


@pytest.mark.parametrize(
    ("expression", "position", "hint"),
    [
        ("user.a + “x”", 9, "straight quotes"),
        ("user.a = 'x'", 7, "=="),
        ("1 < 2 < 3", 6, "AND"),
        ("(user.a", 7, "closing )"),
        ("true ? 1", 8, "other branch"),
        ("user.a + 'x", 9, "never closed"),
        ("3000000000", 0, "L behind"),
    ],
)
def test_says_where_and_what_to_write(expression: str, position: int, hint: str) -> None:
    error = refusal(expression, P)
    assert error.position == position
    assert hint in error.suggestion


@pytest.mark.parametrize(
    ("expression", "canonical"),
    [
        ("user.a+'x'", 'user.a + "x"'),
        ("'say \"x\"'", '"say ""x"""'),
        ("a or b AND not c", "a OR b AND !c"),
        ("(a or b) && c", "(a OR b) AND c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a?b:c)?d:e", "(a ? b : c) ? d : e"),
        ("(a ?: b) ?: c", "(a ?: b) ?: c"),
        ("a ? b : (c ? d : e)", "a ? b : (c ? d : e)"),
        ("-(-1)", "- -1"),
        ("-(a+b).c", "-(a + b).c"),
        ("0x10L", "16L"),
        ("{:}", "{:}"),
        ("{k: 1}", '{"k": 1}'),
        ("{'k':{1,2}}", '{"k": {1, 2}}'),
        ("user.getGroups({'group.id':'1'}).![name]", 'user.getGroups({"group.id": "1"}).![name]'),
        ("f( 1 , g() )[0]?.h", "f(1, g())[0]?.h"),
    ],
)
def test_has_one_canonical_text(expression: str, canonical: str) -> None:
    tree = parse(expression)
    assert print_tree(tree) == canonical
    assert parse(canonical) == tree
