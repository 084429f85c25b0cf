"""Whole resources: POST and PUT."""

import json
from typing import Any

import pytest

from server.scim.errors import ScimType
from server.scim.schemas import compile_resource_type, compile_schema
from server.scim.validation import read_resource
from tests.server.scim.samples import (
    BLINK,
    CORE,
    ENTERPRISE,
    GROUP,
    USER,
    Json,
    assert_refused,
    codes,
    jensen,
    refusal,
)


def user(**attributes: Any) -> Json:
    return {"schemas": [CORE], "userName": "ann", **attributes}


def read(body: Any) -> Json:
    """Return the document of a body that needs no tolerance."""
    document, remarks = read_resource(USER, body)
    assert remarks == []
    return document


def test_oktas_create_is_read_without_a_remark() -> None:
    # As captured: oktadev/okta-blog 2021-07-14.
    body = json.loads(
        """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName":"obi-wan.kenobi@iamciam.dev",
        "name":{"givenName":"Obi-Wan","familyName":"Kenobi"},
        "emails":[{"primary":true,"value":"obi-wan.kenobi@iamciam.dev","type":"work"}],
        "displayName":"Obi-Wan Kenobi","locale":"en-US",
        "externalId":"00use6vjvehodmsQb4x6","groups":[],"password":"gl^m&qWZ","active":true}"""
    )
    document = read(body)
    assert document == {k: v for k, v in body.items() if k not in ("groups", "password")}


def test_a_canonical_document_is_read_as_it_is() -> None:
    assert read(jensen()) == jensen()


def test_names_get_the_spelling_of_the_schema() -> None:
    document = read({"SCHEMAS": [CORE], "USERNAME": "ann", "NAME": {"GivenName": "A"}})
    assert document == user(name={"givenName": "A"})


def test_extensions_are_found_in_any_letter_case_and_listed_in_schemas() -> None:
    document = read(user(**{ENTERPRISE.upper(): {"department": "D"}, BLINK: {"company": "C"}}))
    assert document["schemas"] == [CORE, ENTERPRISE, BLINK]
    assert document[ENTERPRISE] == {"department": "D"}


def test_an_extension_that_is_listed_but_empty_is_not_kept() -> None:
    body = {"schemas": [CORE, ENTERPRISE], "userName": "ann", ENTERPRISE: {"department": None}}
    assert read(body) == user()


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize("name", ["title", "name", "emails", "profileUrl", ENTERPRISE])
def test_nothing_unassigns(name: str, nothing: Any) -> None:
    assert read(user(**{name: nothing})) == user()


def test_empty_elements_and_parts_are_dropped() -> None:
    emails = [None, {}, {"value": ""}, {"value": "a@b", "display": None}]
    assert read(user(emails=emails))["emails"] == [{"value": "a@b"}]


def test_read_only_attributes_are_ignored() -> None:
    body = user(
        id="1",
        meta={"version": 5},
        groups=[{"value": "g"}],
        **{ENTERPRISE: {"manager": {"value": "7", "displayName": "Boss"}}},
    )
    document = read(body)
    assert set(document) == {"schemas", "userName", ENTERPRISE}
    assert document[ENTERPRISE]["manager"] == {"value": "7"}


def test_a_password_is_never_kept() -> None:
    assert "password" not in read(user(password="hunter2"))


def test_a_password_that_is_no_text_is_refused_without_showing_it() -> None:
    error = refusal(read_resource, USER, user(password=["hunter2"]))
    assert_refused(error, "invalidValue", "password")
    assert "hunter2" not in error.detail


def test_canonical_values_get_their_spelling_and_others_are_allowed() -> None:
    emails = [{"value": "a@b", "type": "Work"}, {"value": "c@d", "type": "Yacht"}]
    assert [e["type"] for e in read(user(emails=emails))["emails"]] == ["work", "Yacht"]


@pytest.mark.parametrize(
    ("attributes", "expected", "code"),
    [
        ({"active": "True"}, {"active": True}, "boolean-as-text"),
        ({"active": "false"}, {"active": False}, "boolean-as-text"),
        ({"title": 7}, {"title": "7"}, "number-as-text"),
        ({"title": 7.5}, {"title": "7.5"}, "number-as-text"),
        ({"emails": {"value": "a@b"}}, {"emails": [{"value": "a@b"}]}, "single-value"),
        ({"emails": ["a@b"]}, {"emails": [{"value": "a@b"}]}, "plain-value"),
        ({"name.givenName": "A"}, {"name": {"givenName": "A"}}, "dotted-name"),
        ({f"{CORE}:title": "T"}, {"title": "T"}, "dotted-name"),
        ({"emails.value": "a@b"}, {"emails": [{"value": "a@b"}]}, "dotted-name"),
        ({"nonsense": 1}, {}, "attribute-unknown"),
        ({"name": {"nonsense": 1}}, {}, "attribute-unknown"),
        ({"urn:okta:app:1.0:User": {"a": 1}}, {}, "attribute-unknown"),
        ({"schemas": None}, {}, "schemas-missing"),
        ({"schemas": [ENTERPRISE]}, {}, "schemas-missing"),
        ({"schemas": [CORE, "urn:x"]}, {}, "schema-unknown"),
        (
            {"emails": [{"value": "a@b", "type": "work"}, {"value": "A@B", "type": "work"}]},
            {"emails": [{"value": "a@b", "type": "work"}]},
            "duplicate-value",
        ),
    ],
)
def test_dialects_are_understood_with_a_remark(attributes: Json, expected: Json, code: str) -> None:
    document, remarks = read_resource(USER, user() | attributes)
    assert document == user() | expected
    assert code in codes(remarks)


def test_a_manager_may_be_a_plain_text() -> None:
    document, remarks = read_resource(USER, user(**{ENTERPRISE: {"manager": "7"}}))
    assert document[ENTERPRISE] == {"manager": {"value": "7"}}
    assert codes(remarks) == ["plain-value"]


def test_attributes_of_an_extension_may_stand_beside_it() -> None:
    body = user(
        **{
            ENTERPRISE: {"department": "D", "manager.value": "7"},
            f"{ENTERPRISE}:costCenter": "C",
        }
    )
    document, _ = read_resource(USER, body)
    assert document[ENTERPRISE] == {
        "department": "D",
        "manager": {"value": "7"},
        "costCenter": "C",
    }


def test_a_repeated_value_hands_its_primary_on() -> None:
    emails = [{"value": "a@b"}, {"value": "a@b", "primary": True}]
    document, _ = read_resource(USER, user(emails=emails))
    assert document["emails"] == [{"value": "a@b", "primary": True}]


@pytest.mark.parametrize(
    ("attributes", "scim_type", "words"),
    [
        ({"userName": None}, "invalidValue", ["userName is required"]),
        ({"userName": "  "}, "invalidValue", ["userName is required"]),
        ({"userName": ["ann"]}, "invalidValue", ["userName", "a list"]),
        ({"title": True}, "invalidValue", ["title", "true"]),
        ({"title": {"a": 1}}, "invalidValue", ["title", "an object"]),
        ({"title": "a\0b"}, "invalidValue", ["title", "U+0000"]),
        ({"active": "maybe"}, "invalidValue", ["active", "true or false", '"maybe"']),
        ({"active": 1}, "invalidValue", ["active", "not 1"]),
        ({"name": "Ann"}, "invalidValue", ["name", '"Ann"']),
        ({"name": {"givenName": [1]}}, "invalidValue", ["name.givenName", "a list"]),
        ({"emails": [["a@b"]]}, "invalidValue", ["emails", "a list"]),
        ({"emails": [{"value": "a", "primary": 7}]}, "invalidValue", ["emails.primary", "7"]),
        ({"profileUrl": 5}, "invalidValue", ["profileUrl", "5"]),
        ({"x509Certificates": ["no base64!"]}, "invalidValue", ["x509Certificates.value"]),
        ({"x509Certificates": ["abcde"]}, "invalidValue", ["x509Certificates.value"]),
        ({"schemas": CORE}, "invalidValue", ["schemas", "list"]),
        ({"schemas": [5]}, "invalidValue", ["schemas", "5"]),
        ({ENTERPRISE: "x"}, "invalidValue", [ENTERPRISE, '"x"']),
        (
            {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
            "invalidValue",
            ["emails", "2", "primary"],
        ),
        ({"title": {"a": "x" * 500}}, "invalidValue", ["an object"]),
        ({"active": "x" * 500}, "invalidValue", ["x…"]),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    attributes: Json, scim_type: ScimType, words: list[str]
) -> None:
    error = refusal(read_resource, USER, user() | attributes)
    assert_refused(error, scim_type, *words)
    assert len(error.detail) < 200


@pytest.mark.parametrize("body", [None, [], "x", 5, True])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    assert_refused(refusal(read_resource, USER, body), "invalidSyntax", "User")


@pytest.mark.parametrize("certificate", ["YWJj", "YWI=", "YWI", "YW\nJj", "-_-_"])
def test_base64_may_leave_its_padding_out(certificate: str) -> None:
    assert read(user(x509Certificates=[{"value": certificate}]))["x509Certificates"]


def test_a_group_needs_a_name() -> None:
    error = refusal(read_resource, GROUP, {"schemas": [GROUP.schema.id]})
    assert_refused(error, "invalidValue", "displayName is required")


SCHEMA = compile_schema(
    {
        "id": "urn:x:Badge",
        "attributes": [
            {"name": "code", "mutability": "immutable"},
            {"name": "seat", "type": "integer"},
            {"name": "weight", "type": "decimal"},
            {"name": "issued", "type": "dateTime"},
            {
                "name": "holder",
                "type": "complex",
                "subAttributes": [
                    {"name": "value", "required": True},
                    {"name": "serial", "mutability": "immutable"},
                    {"name": "note"},
                ],
            },
            {"name": "tags", "multiValued": True},
        ],
    }
)
BADGE = compile_resource_type(
    {"name": "Badge", "endpoint": "/Badges", "schema": "urn:x:Badge"}, {SCHEMA.id: SCHEMA}
)


def badge(**attributes: Any) -> Json:
    return {"schemas": ["urn:x:Badge"], **attributes}


def test_numbers_dates_and_plain_lists_are_kept() -> None:
    body = badge(seat=5, weight=1.5, issued="2026-11-23T18:48:00+01:00", tags=["a", "b"])
    assert read_resource(BADGE, body).document == body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seat", 1.5),
        ("seat", True),
        ("seat", "5"),
        ("seat", 2**70),
        ("weight", "1.5"),
        ("issued", "yesterday"),
        ("issued", 5),
        ("tags", [["a"]]),
    ],
)
def test_other_types_are_checked_too(name: str, value: Any) -> None:
    assert_refused(refusal(read_resource, BADGE, badge(**{name: value})), "invalidValue", name)


def test_plain_lists_drop_repeated_values() -> None:
    assert read_resource(BADGE, badge(tags=["a", "A", "b"])).document["tags"] == ["a", "b"]


def test_a_required_part_is_missed() -> None:
    error = refusal(read_resource, BADGE, badge(holder={"note": "x"}))
    assert_refused(error, "invalidValue", "holder.value is required")


def test_an_immutable_attribute_may_be_sent_again_or_left_out() -> None:
    stored = badge(code="7", holder={"value": "a", "serial": "1"})
    assert read_resource(BADGE, badge(code="7"), stored).document == badge(code="7")
    assert read_resource(BADGE, badge(holder={"value": "b"}), stored).document == badge(
        holder={"value": "b", "serial": "1"}, code="7"
    )


@pytest.mark.parametrize("body", [badge(code="8"), badge(holder={"value": "a", "serial": "2"})])
def test_an_immutable_attribute_cannot_change(body: Json) -> None:
    stored = badge(code="7", holder={"value": "a", "serial": "1"})
    error = refusal(read_resource, BADGE, body, stored)
    assert_refused(error, "mutability", "cannot be changed")


def test_a_thousand_oddities_leave_few_remarks() -> None:
    body = user(**{f"nonsense{i}": i for i in range(1000)})
    assert len(read_resource(USER, body).remarks) <= 100
