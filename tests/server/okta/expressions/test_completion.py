"""Proposals, signatures and colours while an expression is written."""

import pytest

from server.okta.expressions import ANY, FUNCTIONS, Names, complete, signature_at, tokens

ATTRIBUTES = {"firstName": "First name", "lastName": "Last name", "email": "Primary email"}


def labels(text: str, position: int | None = None, names: Names | None = None) -> list[str]:
    found = complete(text, len(text) if position is None else position, ATTRIBUTES, names=names)
    return [each.label for each in found]


def test_attributes_and_methods_follow_user() -> None:
    assert set(labels("user.")) == {
        *ATTRIBUTES,
        "getGroups",
        "getInternalProperty",
        "getLinkedObject",
    }
    assert labels("user.fi") == ["firstName"]
    assert labels("user.NAME") == ["firstName", "lastName"]
    assert labels("source.") == list(ATTRIBUTES)


def test_a_proposal_says_what_it_replaces_and_what_it_is() -> None:
    proposal = complete("1 + user.firNam + 2", 12, ATTRIBUTES)[0]
    assert (proposal.insert, proposal.kind, proposal.help) == (
        "firstName",
        "property",
        "First name",
    )
    assert (proposal.start, proposal.end) == (9, 15)


def test_functions_follow_their_namespace() -> None:
    found = complete("String.sub", 10, ATTRIBUTES)
    assert [each.label for each in found] == ["substring", "substringAfter", "substringBefore"]
    assert found[0].insert == "substring("
    assert found[0].signature == FUNCTIONS["String.substring"].signature
    assert found[0].help
    assert complete("hasDir", 6, ATTRIBUTES)[0].insert == "hasDirectoryUser()"


def test_functions_are_found_by_any_part_of_their_name() -> None:
    assert labels("lower")[0] == "String.toLowerCase"
    assert "Iso3166Convert.toAlpha2" in labels("alpha")
    assert labels("toLow") == ["String.toLowerCase", "toLowerCase"]


def test_operators_follow_an_operand_and_values_an_operator() -> None:
    assert labels("user.email ") == ["AND", "OR", "matches"]
    assert labels("user.email a") == ["AND", "matches"]
    assert "user" in labels("user.email == ")
    assert {"user", "user.email", "null", "true"} <= set(labels(""))


def test_attributes_follow_a_function_that_finds_somebody() -> None:
    assert labels('getManagerUser("active_directory").') == list(ATTRIBUTES)
    assert labels("user.getLinkedObject('a').em") == ["email"]


def test_nothing_is_proposed_in_a_text_or_behind_what_is_not_known() -> None:
    assert labels("'user.") == []
    assert labels("'user.' ", 5) == []
    assert labels("nothing.") == []
    assert labels("app.") == []
    assert labels("1.") == []


def test_names_decide_what_is_proposed() -> None:
    names = Names(apps={"zendesk": {"userName": None}}, appuser=ANY, usage="claims")
    assert "zendesk" in labels("zen", names=names)
    assert labels("zendesk.", names=names) == ["userName"]
    assert "appuser" in labels("app", names=names)
    assert "appuser" not in labels("app")
    assert "contains" in labels("Groups.", names=names)
    assert labels("Groups.") == []


@pytest.mark.parametrize(
    ("text", "name", "index"),
    [
        ("String.replace(", "String.replace", 0),
        ("String.replace(user.a, ", "String.replace", 1),
        ("String.replace(f(1, 2), {3, 4}, ", "String.replace", 2),
        ("String.replace(String.len(", "String.len", 0),
        ("String.replace(String.len('a'), ", "String.replace", 1),
        ("String.join(',', 'a', 'b', ", "String.join", 1),
        ("toLowerCase((", "toLowerCase", 0),
        ("user.getGroups({'a': ", "user.getGroups", 0),
        ("Time.now(", "Time.now", 0),
        ("hasDirectoryUser(", "hasDirectoryUser", 0),
    ],
)
def test_the_signature_at_a_position(text: str, name: str, index: int) -> None:
    assert signature_at(text, len(text)) == (FUNCTIONS[name], index)


@pytest.mark.parametrize("text", ["", "user.a", "String.len('a')", "foo(", "(1, ", "{1, "])
def test_no_signature_outside_functions(text: str) -> None:
    assert signature_at(text, len(text)) is None


def test_tokens_are_coloured_and_errors_are_tolerated() -> None:
    text = 'String.len(user.a) == 3 AND "x" ?: toLowerCase(null) “ \'open'
    assert [(text[start:end], kind) for start, end, kind in tokens(text)] == [
        ("String", "namespace"),
        (".", "operator"),
        ("len", "function"),
        ("(", "bracket"),
        ("user", "name"),
        (".", "operator"),
        ("a", "property"),
        (")", "bracket"),
        ("==", "operator"),
        ("3", "number"),
        ("AND", "keyword"),
        ('"x"', "string"),
        ("?:", "operator"),
        ("toLowerCase", "function"),
        ("(", "bracket"),
        ("null", "keyword"),
        (")", "bracket"),
        ("“", "error"),
        ("'open", "error"),
    ]
