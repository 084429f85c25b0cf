from dataclasses import replace
from typing import Any

import pytest

from server.okta.mapping.app_profile import BLINK_APP_PROFILE, AppAttribute
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.payload import BodyLayout, create_body, update_body, wire_locale
from tests.server.okta.mapping.people import BLINK, ENTERPRISE, USER, app_user, person

LAYOUT = BodyLayout(BLINK_APP_PROFILE)


def created(values: dict[str, Any], layout: BodyLayout = LAYOUT) -> dict[str, Any]:
    return create_body(layout, values, "00u1")


def test_a_create_is_what_okta_was_seen_to_send() -> None:
    someone = person(
        "obi", firstName="Obi-Wan", lastName="Kenobi", displayName="Obi-Wan Kenobi", locale="en_US"
    )
    body = create_body(LAYOUT, app_user(DEFAULT_MAPPINGS, someone).values, "00use6vjvehodmsQb4x6")
    assert body == {
        "schemas": [USER],
        "userName": "obi@acme.example",
        "name": {"givenName": "Obi-Wan", "familyName": "Kenobi"},
        "emails": [{"primary": True, "value": "obi@acme.example", "type": "work"}],
        "displayName": "Obi-Wan Kenobi",
        "locale": "en-US",
        "externalId": "00use6vjvehodmsQb4x6",
        "groups": [],
        "password": "gl^m&qWZ",
        "active": True,
    }
    assert list(body)[:2] == ["schemas", "userName"]
    assert list(body)[-4:] == ["externalId", "groups", "password", "active"]


@pytest.mark.parametrize("empty", [None, "", []])
def test_a_create_leaves_out_what_is_null_or_empty(empty: Any) -> None:
    body = created({"userName": "a", "title": empty, "department": empty, "workPhone": empty})
    assert body.keys() == {"schemas", "userName", "externalId", "groups", "password", "active"}
    assert body["schemas"] == [USER]


def test_false_and_zero_are_values() -> None:
    layout = BodyLayout(
        [
            AppAttribute("a", "A", "a", BLINK, "boolean"),
            AppAttribute("b", "B", "b", BLINK, "integer"),
        ]
    )
    assert created({"a": False, "b": 0}, layout)[BLINK] == {"a": False, "b": 0}


def test_extensions_are_listed_when_something_of_them_has_a_value() -> None:
    body = created({"userName": "a", "managerValue": "00u2", "company": "Acme"})
    assert body["schemas"] == [USER, ENTERPRISE, BLINK]
    assert body[ENTERPRISE] == {"manager": {"value": "00u2"}}
    assert body[BLINK] == {"company": "Acme"}


def test_an_email_without_a_mapped_type_has_none() -> None:
    assert created({"email": "a@b.example"})["emails"] == [
        {"primary": True, "value": "a@b.example"}
    ]


def test_both_phones_stand_in_one_list_by_their_types() -> None:
    body = created({"mobilePhone": "+1", "workPhone": "+2"})
    assert body["phoneNumbers"] == [
        {"type": "mobile", "value": "+1"},
        {"type": "work", "value": "+2"},
    ]


def test_a_custom_attribute_without_a_namespace_is_never_sent() -> None:
    layout = BodyLayout([AppAttribute("shirt", "Shirt", "shirt", "", custom=True)])
    assert "shirt" not in str(created({"shirt": "XL"}, layout))


def test_an_update_lays_the_profile_over_what_was_read() -> None:
    resource = {
        "id": "9",
        "schemas": [USER],
        "userName": "old",
        "name": {"formatted": "Ann Lee", "givenName": "Ann"},
        "emails": [
            {"value": "home@b.example", "type": "home"},
            {"value": "old@b.example", "type": "work", "primary": True},
        ],
        "title": "Nurse",
        "active": False,
        "meta": {"version": 'W/"3"'},
        "foreign": {"kept": True},
    }
    untouched = str(resource)
    values = {"userName": "new", "givenName": "Anne", "email": "new@b.example", "location": "Leeds"}
    body = update_body(LAYOUT, values, resource, "00u1")
    assert body == {
        **resource,
        "schemas": [USER, BLINK],
        "userName": "new",
        "name": {"formatted": "Ann Lee", "givenName": "Anne"},
        "emails": [
            {"value": "home@b.example", "type": "home"},
            {"value": "new@b.example", "type": "work", "primary": True},
        ],
        BLINK: {"location": "Leeds"},
        "externalId": "00u1",
    }
    assert str(resource) == untouched
    assert update_body(LAYOUT, values, resource, "00u1", active=True)["active"] is True


def test_an_update_sends_the_empty_text_and_leaves_out_null() -> None:
    resource = {"id": "9", "title": "Nurse", "locale": "en-GB", "userName": "a"}
    body = update_body(LAYOUT, {"title": "", "locale": None}, resource, "00u1")
    assert body["title"] == ""
    assert body["locale"] == "en-GB"


def test_an_empty_value_clears_what_is_in_a_list_and_adds_nothing() -> None:
    resource = {"id": "9", "phoneNumbers": [{"value": "+1", "type": "work"}]}
    body = update_body(LAYOUT, {"workPhone": "", "mobilePhone": "", "email": ""}, resource, "00u1")
    assert body["phoneNumbers"] == [{"value": "", "type": "work"}]
    assert "emails" not in body


@pytest.mark.parametrize(
    ("locale", "sent"),
    [("en_US", "en-US"), ("zh_Hant_TW", "zh-Hant-TW"), ("en-GB", "en-GB"), ("a_b c", "a_b c")],
)
def test_okta_s_locale_is_sent_with_a_hyphen(locale: str, sent: str) -> None:
    assert wire_locale(locale) == sent
    assert created({"locale": locale})["locale"] == sent


def test_half_a_character_is_sent_as_java_sends_it() -> None:
    assert created({"title": "x\ud83d"})["title"] == "x?"
    assert created({"title": "Zoë 😀"})["title"] == "Zoë 😀"
    layout = BodyLayout([AppAttribute("a", "A", "a", BLINK, "string array")])
    assert created({"a": ["x\ud83d", "é"]}, layout)[BLINK] == {"a": ["x?", "é"]}


def test_names_that_contradict_each_other_break_nothing() -> None:
    plain = AppAttribute("a", "A", "name", USER)
    nested = AppAttribute("b", "B", "name.givenName", USER)
    listed = AppAttribute("c", "C", "name.^[type=='x'].value", USER)
    for layout in (BodyLayout([plain, nested, listed]), BodyLayout([listed, nested, plain])):
        assert created({"a": "1", "b": "2", "c": "3"}, layout)["name"]


def test_a_namespace_is_that_of_the_core_in_any_letter_case() -> None:
    title = next(each for each in BLINK_APP_PROFILE if each.variable == "title")
    layout = BodyLayout([replace(title, external_namespace=USER.lower())])
    assert created({"title": "Nurse"}, layout)["title"] == "Nurse"
