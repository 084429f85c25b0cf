"""The static check of names and functions (spec 4, 5 and 9), and what a context holds."""

from typing import Any

import pytest

from server.okta.expressions import (
    ANY,
    Context,
    ExpressionError,
    Names,
    compile_expression,
    text_of,
)
from tests.server.okta.expressions.evaluating import refusal, value

SCHEMA = frozenset({"firstName", "lastName", "email", "displayName"})


def refused(expression: str, names: Names | None = None) -> ExpressionError:
    with pytest.raises(ExpressionError) as raised:
        compile_expression(expression, SCHEMA, names=names)
    return raised.value


@pytest.mark.parametrize(
    ("expression", "name", "suggestion"),
    [
        ("user.firstname", "firstname", "Did you mean user.firstName?"),
        ("source.emial", "emial", "Did you mean source.email?"),
        ("usr.firstName", "usr", "Did you mean user.firstName?"),
        ("users.email", "users", "Did you mean user.email?"),
        ("firstname", "firstname", "Did you mean user.firstName?"),
        ("Winston", "Winston", "A text belongs between quotes."),
        ("user.zzz", "zzz", ""),
        ("org.subdomain", "subdomain", "Did you mean org.subDomain?"),
        ("false ? user.nope : 1", "nope", ""),
        ("true OR user.nope", "nope", ""),
        ("getManagerUser('active_directory').firstname", "firstname", "Did you mean firstName?"),
        ("appuser.x", "appuser", "appuser is known only in mappings from an app to Okta."),
        ("idpuser.x", "idpuser", "idpuser is known only in username transforms"),
        ("session.amr", "session", "session is known only in SAML"),
        ("access.scope", "access", "access is known only in claims."),
        ("zendesk.email", "zendesk", ""),
        ("user.firstName.length", "length", ""),
    ],
)
def test_unknown_property(expression: str, name: str, suggestion: str) -> None:
    error = refused(expression)
    assert error.text == f"Invalid property {name} in expression {expression}"
    assert error.kind == "property"
    assert error.suggestion.startswith(suggestion)
    assert bool(error.suggestion) == bool(suggestion)
    assert error.position == expression.index(name)
    assert error.length == len(name)
    assert str(error) == f"{error.text} {error.suggestion}".rstrip()


@pytest.mark.parametrize(
    ("expression", "name", "suggestion"),
    [
        ("string.toLowerCase('A')", "string.toLowerCase", "Values have no methods"),
        ("String.tolowercase('A')", "String.tolowercase", "Did you mean String.toLowerCase?"),
        ("Array.get({1}, 0)", "Array.get", "Did you mean Arrays.get?"),
        ("toUppercase('a')", "toUppercase", "Did you mean toUpperCase?"),
        ("stringContains('a', 'b')", "stringContains", "Did you mean String.stringContains?"),
        ("NonExistentFunction('a')", "NonExistentFunction", ""),
        ("user.firstName.toUpperCase()", "toUpperCase", "Values have no methods here: use String."),
        ("'abc'.substring(0, 1)", "substring", "Values have no methods here: use String.substring"),
        ("user.isMemberOf({'a'})", "isMemberOf", "Did you mean"),
        ("T(java.lang.Math).random()", "T", ""),
        ("String.trim(' a')", "String.trim", ""),
    ],
)
def test_unknown_function(expression: str, name: str, suggestion: str) -> None:
    error = refused(f"false ? {expression} : 1")
    assert error.kind == "function"
    assert error.text.startswith(f"Invalid function name {name} in expression false")
    assert error.suggestion.startswith(suggestion)


def test_syntax_is_checked_before_names() -> None:
    assert refused("user.nope + ").kind == "syntax"


def test_with_a_schema_a_missing_attribute_is_null_and_without_one_it_is_an_error() -> None:
    assert compile_expression("user.email", SCHEMA).evaluate(Context()) is None
    unchecked = compile_expression("user.email")
    with pytest.raises(ExpressionError) as raised:
        unchecked.evaluate(Context())
    assert raised.value.text == "Invalid property email in expression user.email"
    assert unchecked.evaluate(Context(profile={"email": "a@b"})) == "a@b"


def test_an_expression_says_what_it_reads() -> None:
    read = compile_expression(
        "user.firstName + source.lastName + getFilteredGroups({'1'}, 'user.email', 1)", SCHEMA
    )
    assert read.references == {"firstName", "lastName", "email"}
    assert not read.constant
    bare = compile_expression("firstName == 'x'", SCHEMA)
    assert bare.references == {"firstName"}


@pytest.mark.parametrize(
    ("expression", "constant"),
    [
        ("'Employee'", True),
        ("1 + 2 * 3", True),
        ("String.toUpperCase('a') + Arrays.size({1})", True),
        ("{{1}}.![String.len('a')]", True),
        ("user.email", False),
        ("Time.now()", False),
        ("org.name", False),
        ("hasDirectoryUser()", False),
        ("isMemberOfGroup('1')", False),
    ],
)
def test_an_expression_knows_whether_it_is_constant(expression: str, constant: bool) -> None:
    assert compile_expression(expression, SCHEMA).constant is constant


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("zendesk.email", "z@x"),
        ("zendesk_app.domain", "corp"),
        ("appuser.name", "App"),
        ("appUser.name", "App"),
        ("idpuser.cn", "Idp"),
        ("app.profile.maxLimit", 5),
        ("org.name", "Acme"),
        ("firstName", "Ada"),
        ("getManagerUser('active_directory').firstName", "Maria"),
        ("user.getLinkedObject('boss').firstName", "Bo"),
    ],
)
def test_objects_of_the_context(expression: str, expected: object) -> None:
    found = value(
        expression,
        {"firstName": "Ada"},
        apps={"zendesk": {"email": "z@x"}},
        app_settings={"zendesk_app": {"domain": "corp"}},
        appuser={"name": "App"},
        idpuser={"cn": "Idp"},
        app={"profile": {"maxLimit": 5}},
        org={"name": "Acme"},
        manager={"firstName": "Maria"},
        linked={"boss": {"firstName": "Bo"}},
    )
    assert found == expected


def test_managers_and_linked_users_may_be_found_when_asked_for() -> None:
    asked: list[str] = []

    def linked(name: str) -> dict[str, Any] | None:
        asked.append(name)
        return {"email": "m@x"} if name == "manager" else None

    context = Context(profile={}, manager=lambda: {"email": "boss@x"}, linked=linked)
    manager = compile_expression("getManagerUser('active_directory').email", SCHEMA)
    assert manager.evaluate(context) == "boss@x"
    assert asked == []
    link = compile_expression("user.getLinkedObject('manager').email", SCHEMA)
    assert link.evaluate(context) == "m@x"
    nobody = compile_expression("user.getLinkedObject('Manager').email", SCHEMA)
    assert nobody.evaluate(context) is None
    assert asked == ["manager", "Manager"]


def test_a_schema_counts_for_managers_too() -> None:
    expression = compile_expression("getManagerUser('active_directory').lastName", SCHEMA)
    assert expression.evaluate(Context(manager={"firstName": "Maria"})) is None


def test_an_object_that_is_not_there_is_named() -> None:
    expression = compile_expression("zendesk.email", SCHEMA, names=Names(apps={"zendesk": ANY}))
    with pytest.raises(ExpressionError) as raised:
        expression.evaluate(Context())
    assert raised.value.text == "Invalid property zendesk in expression zendesk.email"
    assert "nothing that zendesk stands for" in raised.value.suggestion


def test_claims_know_session_and_access() -> None:
    assert value("session.amr", session={"amr": ["pwd"]}, usage="saml") == ["pwd"]
    assert refusal("session.amr", session={"amr": ["pwd"]}).kind == "property"


@pytest.mark.parametrize(
    "context",
    [
        {"colour": 1},
        {"app": 1},
        {"apps": {"a": 1}},
        {"groups": {}},
        {"groups": [1]},
        {"now": "yesterday"},
        {"now": 5},
        {"internal": []},
    ],
)
def test_a_context_of_another_shape_is_refused(context: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="context"):
        Context.from_json({}, context)


def test_text_of_values() -> None:
    assert [text_of(each) for each in (None, True, 5, 5.0, ["a", None])] == [
        "null",
        "true",
        "5",
        "5.0",
        "a,",
    ]
