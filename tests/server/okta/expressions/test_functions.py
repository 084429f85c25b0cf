"""Every function's declaration and its edge cases (spec 5 and 6)."""

import pytest

from server.okta.expressions import FUNCTIONS, FunctionSpec
from tests.server.okta.expressions.evaluating import refusal, same, value

ALL = list(FUNCTIONS.values())
P = {
    "text": "Ada",
    "null": None,
    "empty": "",
    "tags": ["a", "b c", None],
    "numbers": [10, 20, 30, 20],
    "csv": "a, b ,c",
    "large": 2**40,
    "astral": "a😀b",
}
GROUPS = [
    {"id": "1", "name": "Sales", "type": "OKTA_GROUP", "source_id": "s1"},
    {"id": "2", "name": "Sales EMEA", "type": "APP_GROUP", "source_id": "s2"},
    {"id": "3", "profile": {"name": "Everyone"}, "type": "BUILT_IN", "status": None},
]


def test_there_are_62_functions_of_which_59_work_in_mappings() -> None:
    assert len(ALL) == 62
    assert sum(spec.in_mappings for spec in ALL) == 59
    assert sum(bool(spec.deprecated) for spec in ALL) == 5


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_example_gives_what_the_declaration_says(spec: FunctionSpec) -> None:
    found = value(spec.example, dict(spec.example_profile), **spec.example_context)
    assert same(found, spec.example_result)
    assert spec.name in spec.example


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_declaration_is_complete(spec: FunctionSpec) -> None:
    assert spec.help.endswith(".")
    assert spec.source.startswith("https://")
    assert spec.signature.startswith(f"{spec.name}(")
    assert not spec.deprecated or spec.deprecated in FUNCTIONS
    assert not any(each.variadic for each in spec.parameters[:-1])


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_wrong_number_of_arguments_is_refused(spec: FunctionSpec) -> None:
    counts = [spec.fewest - 1] if spec.fewest else []
    counts += [] if spec.variadic else [len(spec.parameters) + 1]
    for count in counts:
        expression = f"{spec.name}({', '.join(['null'] * count)})"
        error = refusal(f"false ? {expression} : 1", usage="claims")
        assert error.kind == "function"
        assert error.text.startswith(f"Invalid function name {spec.name} in expression")
        assert f"{spec.name} takes" in error.suggestion


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # 6.1 String
        ("String.append('a', null)", "anull"),
        ("String.append(1, 2.0)", "12.0"),
        ("String.join('-')", ""),
        ("String.join('-', 'a', null, 'b')", "a--b"),
        ("String.join('-', user.tags)", "a-b c-"),
        ("String.join('-', user.tags, 'd')", "a,b c,-d"),
        ("String.join(null, 'a', 'b')", "ab"),
        ("String.len(null)", 0),
        ("String.len(user.astral)", 4),
        ("String.len(user.tags)", 6),
        ("String.removeSpaces(' a\tb\u2003c\n')", "abc"),
        ("String.removeSpaces(null)", None),
        ("String.replace('(1) (2)', '(', '')", "1) 2)"),
        ("String.replace('a.b', '.', '$1')", "a$1b"),
        ("String.replace(null, 'a', 'b')", None),
        ("String.replace('abc', '', 'x')", "abc"),
        ("String.replace('abc', null, 'x')", "abc"),
        ("String.replace('abc', 'b', null)", "abc"),
        ("String.replaceFirst('a.b.c', '.', 'x')", "axb.c"),
        ("String.startsWith('abc', 'AB')", False),
        ("String.startsWith(null, 'a')", False),
        ("String.startsWith(null, null)", True),
        ("String.stringContains(null, 'a')", False),
        ("String.stringContains('a', null)", False),
        ("String.stringContains('a', '')", True),
        ("String.stringContains('ABC', 'b')", False),
        ("String.stringSwitch(null, 'd', 'a', 'b')", "d"),
        ("String.stringSwitch('abc', 'd', 'x', '1', 'b')", "d"),
        ("String.stringSwitch('abc', 'd', 'c', '1', 'a', '2')", "1"),
        ("String.substring('abc', 0, 10)", "abc"),
        ("String.substring('abc', 2, 1)", ""),
        ("String.substring('abc', 5, 9)", ""),
        ("String.substring('abcdef', -3, -1)", "de"),
        ("String.substring('abc', -9, 2)", "ab"),
        ("String.substring('abc', '1', 2.9)", "b"),
        ("String.substring(user.astral, 1, 3)", "😀"),
        ("String.substring(null, 0, 1)", None),
        ("String.substringAfter('abc', '@')", ""),
        ("String.substringAfter('a@b@c', '@')", "b@c"),
        ("String.substringAfter('abc', '')", "abc"),
        ("String.substringAfter('abc', null)", ""),
        ("String.substringAfter(null, '@')", None),
        ("String.substringBefore('abc', '@')", "abc"),
        ("String.substringBefore('abc', '')", ""),
        ("String.substringBefore('abc', null)", "abc"),
        ("String.substringBefore(null, '@')", None),
        ("String.toUpperCase('straße')", "STRASSE"),
        ("String.toLowerCase(null)", None),
        ("toUpperCase(true)", "TRUE"),
        ("substringAfter('a@b', '@')", "b"),
        # 6.2 Arrays
        ("Arrays.add({1}, 2)", [1, 2]),
        ("Arrays.add(null, 'a')", ["a"]),
        ("Arrays.add('', 'a')", ["a"]),
        ("Arrays.add(user.csv, 'd')", ["a", "b", "c", "d"]),
        ("Arrays.remove(user.numbers, 20)", [10, 30, 20]),
        ("Arrays.remove(user.numbers, 99)", [10, 20, 30, 20]),
        ("Arrays.clear(null)", []),
        ("Arrays.get(user.csv, 1)", "b"),
        ("Arrays.get(user.numbers, '2')", 30),
        ("Arrays.flatten('10, 20, 30')", ["10", "20", "30"]),
        ("Arrays.flatten({1, 2}, 3, {})", [1, 2, 3]),
        ("Arrays.flatten({{1}, 2}, 3)", [[1], 2, 3]),
        ("Arrays.contains(user.numbers, 20)", True),
        ("Arrays.contains(user.numbers, '20')", False),
        ("Arrays.contains({'smtp:A'}, 'SMTP:A')", False),
        ("Arrays.contains(null, 'a')", False),
        ("Arrays.size(null)", 0),
        ("Arrays.size('')", 0),
        ("Arrays.size('one')", 1),
        ("Arrays.isEmpty(null)", True),
        ("Arrays.isEmpty({null})", False),
        ("Arrays.toCsvString({})", ""),
        ("Arrays.toCsvString(null)", None),
        ("Arrays.toCsvString({'a', ' b ', null})", "a, b ,"),
        # 6.3 Convert
        ("Convert.toInt('-12')", -12),
        ("Convert.toInt(123.4)", 123),
        ("Convert.toInt(2.5)", 3),
        ("Convert.toInt(-1.5)", -1),
        ("Convert.toInt(-1.6)", -2),
        ("Convert.toInt(2147483647.7)", -2147483648),
        ("Convert.toInt(5)", 5),
        ("Convert.toNum('1e2')", 100.0),
        ("Convert.toNum(3)", 3.0),
        ("Iso3166Convert.toAlpha2('356')", "IN"),
        ("Iso3166Convert.toAlpha2(356)", "IN"),
        ("Iso3166Convert.toNumeric('AU')", "036"),
        ("Iso3166Convert.toAlpha3('36')", "AUS"),
        ("Iso3166Convert.toName('USA')", "United States"),
    ],
)
def test_gives(expression: str, expected: object) -> None:
    assert same(value(expression, P), expected)


@pytest.mark.parametrize(
    "expression",
    [
        "String.substring('abc', null, 2)",
        "String.substring('abc', 'x', 2)",
        "String.substring('abc', 99999999999L, 2)",
        "String.substring('abc', true, 2)",
        "String.len({'k': 1})",
        "Arrays.get({1}, 1)",
        "Arrays.get(null, 0)",
        "Arrays.flatten('a', null)",
        "Arrays.flatten('a', '')",
        "Arrays.flatten({'a', null})",
        "Arrays.flatten('')",
        "Convert.toInt('12.5')",
        "Convert.toInt('')",
        "Convert.toInt(null)",
        "Convert.toInt('2147483648')",
        "Convert.toInt(true)",
        "Convert.toNum('x')",
        "Convert.toNum(null)",
        "Iso3166Convert.toName('XX')",
        "Iso3166Convert.toName('us')",
        "Iso3166Convert.toName('India')",
        "Iso3166Convert.toName(null)",
        "isMemberOfGroupNameRegex('(')",
        "isMemberOfGroupNameRegex(null)",
        "getFilteredGroups({'1', '2'}, 'group.name', 1)",
        "getFilteredGroups({'1'}, 'group.name', 0)",
        "getFilteredGroups({'1'}, 'group.name', 101)",
        "getFilteredGroups({'1'}, null, 1)",
        "user.getGroups({'group.colour': 'red'})",
        "user.getGroups({'group.profile.name': 'S', 'operator': 'LIKE'})",
        "user.getGroups('Sales')",
        "user.getInternalProperty('email')",
        "getManagerUser('workday').email",
        "getAssistantAppUser('workday', 'google').email",
    ],
)
def test_fails_at_the_call(expression: str) -> None:
    error = refusal(expression, P, groups=GROUPS)
    assert error.kind == "evaluation"
    assert error.position == 0
    assert error.length > 0


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("isMemberOfGroupName('sales')", False),
        ("isMemberOfGroupName('Everyone')", True),
        ("isMemberOfGroup('2')", True),
        ("isMemberOfGroup(null)", False),
        ("isMemberOfAnyGroup('9', '3')", True),
        ("isMemberOfAnyGroup('9', null)", False),
        ("isMemberOfGroupNameStartsWith('Sal')", True),
        ("isMemberOfGroupNameContains('EMEA')", True),
        ("isMemberOfGroupNameRegex('sales.*')", False),
        ("isMemberOfGroupNameRegex('(?i)sales.*')", True),
        ("isMemberOfGroupNameRegex('ale')", False),
        ("user.getGroups({'group.type': {'APP_GROUP', 'BUILT_IN'}}).![id]", ["2", "3"]),
        ("user.getGroups({'group.profile.name': 'Sales'}).![name]", ["Sales", "Sales EMEA"]),
        ("user.getGroups({'group.profile.name': 'Sales.*'}).![id]", ["1", "2"]),
        ("user.getGroups({'group.profile.name': 'Sales', 'operator': 'EXACT'}).![id]", ["1"]),
        ("user.getGroups({'group.source.id': 's2'}, {'group.id': {'1', '2'}}).![id]", ["2"]),
        ("user.getGroups({'group.id': '9'})", []),
        ("Arrays.size(user.getGroups({'group.id': '1'}))", 1),
        ("user.getGroups({'group.id': '3'}).![profile.name]", ["Everyone"]),
        ("user.getGroups({'group.id': '1'}).![name + '!']", ["Sales!"]),
        ("getFilteredGroups({'1', '3'}, 'group.type', 10)", ["OKTA_GROUP", "BUILT_IN"]),
        ("getFilteredGroups('1, 2', 'group.' + 'name', 10)", ["Sales", "Sales EMEA"]),
        ("getFilteredGroups({'1'}, 'group.description', 10)", [None]),
        ("getFilteredGroups({'1'}, 'String.len(group.name) + user.text', 10)", ["5Ada"]),
        ("getFilteredGroups(null, 'group.name', 10)", []),
    ],
)
def test_groups(expression: str, expected: object) -> None:
    assert same(value(expression, P, groups=GROUPS), expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Groups.contains('OKTA', 'ales', 10)", ["Sales"]),
        ("Groups.startsWith('s2', 'Sal', 10)", ["Sales EMEA"]),
        ("Groups.endsWith('OKTA', 'one', 10)", ["Everyone"]),
        ("Groups.contains('OKTA', 'nothing', 10) ?: {}", []),
        ("Groups.contains('active_directory', 'S', 10)", None),
    ],
)
def test_claims_know_more_functions(expression: str, expected: object) -> None:
    assert same(value(expression, P, groups=GROUPS, usage="claims"), expected)
    error = refusal(f"false ? {expression} : 1", P, groups=GROUPS)
    assert error.text.startswith("Invalid function name Groups.")
    assert "claims only" in error.suggestion


@pytest.mark.parametrize(
    "expression",
    [
        "getManagerUser('active_directory').email",
        "getManagerAppUser('active_directory', 'google').email",
        "getAssistantUser('active_directory').email",
        "getAssistantAppUser('active_directory', 'google').email",
        "user.getLinkedObject('manager').email",
        "user.getInternalProperty('id')",
        "findDirectoryUser()",
    ],
)
def test_nobody_there_is_null(expression: str) -> None:
    assert value(expression) is None


@pytest.mark.parametrize(("count", "has"), [(0, False), (1, True), (2, False)])
def test_exactly_one_directory_account_counts(count: int, has: bool) -> None:
    users = [{"managerUpn": f"{number}@x"} for number in range(count)]
    assert value("hasDirectoryUser()", directory_users=users) is has
    guarded = "hasDirectoryUser() ? findDirectoryUser().managerUpn : null"
    assert value(guarded, directory_users=users) == ("0@x" if has else None)


def test_what_is_wrong_inside_the_text_for_groups_is_at_the_text() -> None:
    for inner, kind in (("1 / 0", "evaluation"), ("1 +", "syntax"), ("group.x", "property")):
        error = refusal(f"getFilteredGroups({{'1'}}, '{inner}', 1)", groups=GROUPS)
        assert error.kind == kind
        assert (error.position, error.length) == (25, len(inner) + 2)
