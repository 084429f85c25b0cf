import time
from dataclasses import replace

import pytest

from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.rows import ApplyOn, MappingSet, UsernameFormat, UsernameKind, ValueKind
from tests.server.okta.mapping.people import (
    app_user,
    compiled,
    person,
    population,
    with_attribute,
    with_row,
)

EVERYTHING = {
    "login": "ann@acme.example",
    "firstName": "Ann",
    "mobilePhone": "+447700900123",
    "primaryPhone": "+442079460000",
    "title": "Nurse",
    "displayName": "Ann Lee",
    "locale": "en_GB",
    "department": "Wards",
    "employeeNumber": "7",
    "managerId": "00uboss",
    "organization": "Acme",
    "city": "Leeds",
}


def username(kind: UsernameKind, expression: str = "") -> MappingSet:
    return MappingSet(DEFAULT_MAPPINGS.attributes, UsernameFormat(kind, expression), ())


def test_the_default_mappings_fill_each_attribute_that_blink_lists() -> None:
    assert app_user(DEFAULT_MAPPINGS, person(**EVERYTHING)).values == {
        "userName": "ann@acme.example",
        "givenName": "Ann",
        "familyName": "Lee",
        "email": "ann@acme.example",
        "emailType": "work",
        "mobilePhone": "+447700900123",
        "workPhone": "+442079460000",
        "title": "Nurse",
        "displayName": "Ann Lee",
        "locale": "en-GB",
        "department": "Wards",
        "employeeNumber": "7",
        "managerValue": "00uboss",
        "company": "Acme",
        "location": "Leeds",
    }


def test_what_was_never_set_is_null_and_what_was_cleared_is_empty() -> None:
    values = app_user(DEFAULT_MAPPINGS, person(title="", city=None)).values
    assert values["title"] == ""
    assert values["location"] is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (UsernameKind.OKTA, "Ann@Acme.example"),
        (UsernameKind.OKTA_PREFIX, "Ann"),
        (UsernameKind.EMAIL, "A.Lee@acme.example"),
        (UsernameKind.EMAIL_PREFIX, "A.Lee"),
        (UsernameKind.EMAIL_LOWERCASE, "a.lee@acme.example"),
    ],
)
def test_the_username_follows_its_format(kind: UsernameKind, expected: str) -> None:
    someone = person(login="Ann@Acme.example", email="A.Lee@acme.example")
    assert app_user(username(kind), someone).user_name == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (UsernameKind.AD_SAM, "alee"),
        (UsernameKind.AD_SAM_DOMAIN, "alee@corp.acme.example"),
        (UsernameKind.AD_UPN, "ann.lee@corp.acme.example"),
        (UsernameKind.AD_UPN_PREFIX, "ann.lee"),
        (UsernameKind.AD_EMPLOYEE_ID, "77"),
    ],
)
def test_the_username_may_come_from_active_directory(kind: UsernameKind, expected: str) -> None:
    directory = {
        "samAccountName": "alee",
        "userPrincipalName": "ann.lee@corp.acme.example",
        "employeeID": "77",
    }
    someone = replace(person(), apps={"active_directory": directory})
    assert app_user(username(kind), someone).user_name == expected
    assert app_user(username(kind), person()).problems["userName"].kind == "required"


def test_a_custom_username_is_an_expression_and_none_is_missing() -> None:
    custom = username(UsernameKind.CUSTOM, 'user.firstName + "@x.example"')
    assert app_user(custom, person()).user_name == "Ann@x.example"
    nobody = app_user(username(UsernameKind.NONE), person())
    assert nobody.user_name == ""
    assert nobody.problems["userName"].kind == "required"


def test_a_constant_is_never_evaluated() -> None:
    mappings = with_row("title", ValueKind.SAME, 'user.firstName + "x"')
    assert app_user(mappings, person()).values["title"] == 'user.firstName + "x"'


def test_an_unknown_attribute_gives_okta_s_words_and_place() -> None:
    mappings = with_row("title", ValueKind.EXPRESSION, "user.firstname")
    (problem,) = compiled(mappings).problems
    assert problem.text == "Invalid property firstname in expression user.firstname"
    assert (problem.kind, problem.position, problem.length) == ("property", 5, 9)
    assert app_user(mappings, person()).problems["title"] == problem


def test_a_result_of_the_wrong_type_gives_okta_s_words_and_a_cure() -> None:
    mappings = with_row("title", ValueKind.EXPRESSION, "String.len(user.firstName)")
    assert compiled(mappings).problems == []
    problem = app_user(mappings, person()).problems["title"]
    assert problem.text == "Invalid value data type for property title"
    assert '"" +' in problem.cure
    listed = app_user(with_row("title", ValueKind.PROFILE, "skills"), person(skills=["a"]))
    assert listed.problems["title"].text == "Invalid value data type for property title"


def test_a_failing_row_leaves_the_others_alone() -> None:
    mappings = with_row("title", ValueKind.EXPRESSION, "!user.isContractor ? 'a' : 'b'")
    someone = app_user(mappings, person())
    assert someone.problems["title"].kind == "evaluation"
    assert "title" not in someone.values
    assert someone.values["givenName"] == "Ann"


@pytest.mark.parametrize("value", [None, ""])
def test_a_required_attribute_needs_a_value(value: str | None) -> None:
    mappings = with_attribute(
        AppAttribute("title", "Title", "title", "urn:x", required=True), DEFAULT_MAPPINGS
    )
    problem = app_user(mappings, person(title=value)).problems["title"]
    assert problem.text == "Required attribute title has no value"


def test_an_update_keeps_what_applies_on_create_and_what_is_not_mapped() -> None:
    mappings = with_row("title", ValueKind.PROFILE, "title", apply_on=ApplyOn.CREATE)
    ready = compiled(mappings)
    before, after = person(title="Nurse", city="Leeds"), person(title="Matron", city="York")
    held = app_user(mappings, before)
    refreshed = ready.refreshed(held, population(after).context(after))
    assert refreshed.values["title"] == "Nurse"
    assert refreshed.values["location"] == "York"


def test_an_update_clears_what_had_a_value_and_keeps_what_fails() -> None:
    first = with_row("title", ValueKind.EXPRESSION, "user.title == 'x' ? null : user.title")
    ready = compiled(first)
    held = app_user(first, person(title="Nurse"))
    changed = person(title="x")
    assert ready.refreshed(held, population(changed).context(changed)).values["title"] == ""
    failing = with_row("title", ValueKind.EXPRESSION, "!user.isContractor ? 'a' : 'b'")
    someone = person()
    after = compiled(failing).refreshed(held, population(someone).context(someone))
    assert after.values["title"] == "Nurse"
    assert after.problems["title"].kind == "evaluation"


def test_all_rows_are_evaluated_within_5_ms_a_person() -> None:
    someone = person(**EVERYTHING)
    ready, context = compiled(DEFAULT_MAPPINGS), population(someone).context(someone)
    begun = time.perf_counter()
    for _ in range(100):
        ready.app_user(context)
    assert (time.perf_counter() - begun) / 100 < 0.005
