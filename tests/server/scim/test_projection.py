"""Which attributes a response shows."""

from typing import Any

import pytest

from server.scim.projection import projection_for
from server.scim.schemas import compile_resource_type, compile_schema
from tests.server.scim.samples import (
    CORE,
    ENTERPRISE,
    USER,
    Json,
    assert_refused,
    jensen,
    refusal,
)

RESOURCE = {"id": "1", **jensen(), "meta": {"resourceType": "User", "version": 'W/"1"'}}
ALWAYS = {"id", "schemas"}


def shown(attributes: Any = None, excluded: Any = None) -> Json:
    projection = projection_for(USER, attributes, excluded)
    assert projection is not None
    return projection.apply(RESOURCE)


@pytest.mark.parametrize("nothing", [None, "", " , ", []])
def test_nothing_asked_shows_everything(nothing: Any) -> None:
    assert projection_for(USER, nothing, nothing) is None


def test_attributes_shows_those_and_what_is_always_shown() -> None:
    assert set(shown("userName,TITLE")) == {*ALWAYS, "userName", "title"}


def test_attributes_may_be_a_list() -> None:
    assert set(shown(["userName", "title"])) == {*ALWAYS, "userName", "title"}


def test_attributes_of_parts_shows_only_those() -> None:
    document = shown("emails.value, name.familyName")
    assert document["emails"] == [{"value": "bjensen@example.com"}, {"value": "babs@jensen.org"}]
    assert document["name"] == {"familyName": "Jensen"}


def test_an_attribute_and_its_part_shows_all_of_it() -> None:
    assert shown("name.familyName,name")["name"] == RESOURCE["name"]
    assert shown("name,name.familyName")["name"] == RESOURCE["name"]


def test_urns_name_attributes_and_extensions() -> None:
    assert shown(f"{ENTERPRISE}:department")[ENTERPRISE] == {"department": "Tour Operations"}
    assert shown(ENTERPRISE)[ENTERPRISE] == RESOURCE[ENTERPRISE]
    assert set(shown(f"{CORE}:userName")) == {*ALWAYS, "userName"}
    assert shown(f"{ENTERPRISE}:manager.value")[ENTERPRISE] == {"manager": {"value": "26118915"}}


def test_a_part_that_no_value_has_is_not_shown_empty() -> None:
    assert set(shown("emails.display,name.middleName")) == ALWAYS


def test_unknown_names_are_ignored() -> None:
    assert set(shown("nonsense,title")) == {*ALWAYS, "title"}
    assert set(shown("nonsense")) == ALWAYS
    assert projection_for(USER, None, "nonsense") is None


def test_excluded_attributes_are_left_out() -> None:
    document = shown(None, f"emails,name.givenName,meta,{ENTERPRISE}:manager")
    assert {"emails", "meta"}.isdisjoint(document)
    assert document["name"] == {"familyName": "Jensen"}
    assert "manager" not in document[ENTERPRISE]
    assert document["title"] == "Tour Guide"


def test_an_excluded_extension_is_left_out_whole() -> None:
    assert ENTERPRISE not in shown(None, ENTERPRISE)


def test_what_is_always_shown_cannot_be_excluded() -> None:
    assert set(shown(None, "id,schemas,title")) == set(RESOURCE) - {"title"}


def test_a_password_is_never_shown() -> None:
    projection = projection_for(USER, "password,userName")
    assert projection is not None
    assert "password" not in projection.apply({**RESOURCE, "password": "x"})


def test_both_at_once_are_refused() -> None:
    error = refusal(projection_for, USER, "title", "name")
    assert_refused(error, "invalidValue", "attributes", "excludedAttributes")


def test_what_is_returned_on_request_needs_to_be_named() -> None:
    schema = compile_schema(
        {
            "id": "urn:x:Badge",
            "attributes": [
                {"name": "secret", "returned": "request"},
                {"name": "hash", "returned": "never"},
                {"name": "colour"},
                {
                    "name": "parts",
                    "type": "complex",
                    "subAttributes": [
                        {"name": "plain"},
                        {"name": "rare", "returned": "request"},
                        {"name": "key", "returned": "always"},
                    ],
                },
            ],
        }
    )
    document = {"name": "Badge", "endpoint": "/Badges", "schema": schema.id}
    badge = compile_resource_type(document, {schema.id: schema})
    parts = {"plain": 1, "rare": 2, "key": 3}
    resource = {"secret": "s", "hash": "h", "colour": "red", "parts": parts}

    def project(attributes: str | None, excluded: str | None = None) -> Json:
        projection = projection_for(badge, attributes, excluded)
        assert projection is not None
        return projection.apply(resource)

    assert project(None) == {"colour": "red", "parts": {"plain": 1, "key": 3}}
    assert project("secret,hash") == {"secret": "s"}
    assert project("parts.rare") == {"parts": {"rare": 2, "key": 3}}
    assert project(None, "parts.plain,colour") == {"parts": {"key": 3}}
