"""Schemas and resource types: what is shipped, and how it is compiled."""

import json
from pathlib import Path

import pytest

from server.scim.documents import load_resource_types
from server.scim.schemas import compile_resource_type, compile_schema
from tests.server.scim.samples import BLINK, CORE, ENTERPRISE, GROUP, USER

FOLDER = Path(__file__).parents[3] / "resources" / "schemas"


def test_user_and_group_are_shipped_in_this_order() -> None:
    assert [type_.name for type_ in load_resource_types(FOLDER)] == ["User", "Group"]


def test_user_has_the_extensions_of_the_rfc_and_of_blink() -> None:
    assert {schema.id for schema in USER.extensions.values()} == {ENTERPRISE, BLINK}
    assert set(USER.extensions[BLINK.lower()].attributes) == {"company", "description", "location"}


def test_user_name_is_required_unique_and_ignores_letter_case() -> None:
    user_name = USER.core["username"]
    assert user_name.required
    assert user_name.uniqueness == "server"
    assert not user_name.case_exact


def test_user_has_every_attribute_of_rfc_7643() -> None:
    wanted = (
        "userName name displayName nickName profileUrl title userType preferredLanguage locale "
        "timezone active password emails phoneNumbers ims photos addresses groups entitlements "
        "roles x509Certificates id externalId meta schemas"
    )
    assert {attribute.name for attribute in USER.core.values()} == set(wanted.split())


@pytest.mark.parametrize(
    ("name", "mutability", "returned"),
    [
        ("id", "readOnly", "always"),
        ("meta", "readOnly", "default"),
        ("groups", "readOnly", "default"),
        ("password", "writeOnly", "never"),
        ("schemas", "readWrite", "always"),
        ("emails", "readWrite", "default"),
    ],
)
def test_mutability_and_returned_are_those_of_the_rfc(
    name: str, mutability: str, returned: str
) -> None:
    attribute = USER.core[name]
    assert (attribute.mutability, attribute.returned) == (mutability, returned)


def test_members_are_immutable_in_their_parts() -> None:
    members = GROUP.core["members"].sub_attributes
    assert members["value"].mutability == members["$ref"].mutability == "immutable"


def test_every_served_attribute_is_described() -> None:
    for file in FOLDER.glob("*.json"):
        for attribute in json.loads(file.read_text()).get("attributes", ()):
            parts = [attribute, *attribute.get("subAttributes", ())]
            assert all(part["description"].strip() for part in parts)


def test_references_are_case_exact_whatever_their_document_says() -> None:
    schema = compile_schema(
        {"id": "urn:x:y", "attributes": [{"name": "link", "type": "reference", "caseExact": False}]}
    )
    assert schema.attributes["link"].case_exact


NESTED = {"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": "complex"}]}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": "no urn"},
        {"id": "urn:x:y", "attributes": [{"name": 'a"b'}]},
        {"id": "urn:x:y", "attributes": [{"name": "1a"}]},
        {"id": "urn:x:y", "attributes": [{}]},
        {"id": "urn:x:y", "attributes": [NESTED]},
    ],
)
def test_what_is_no_schema_is_not_compiled(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        compile_schema(document)


def test_a_resource_type_needs_its_schemas() -> None:
    document = {"name": "User", "endpoint": "/Users", "schema": CORE}
    with pytest.raises(ValueError, match=CORE):
        compile_resource_type(document, {})
