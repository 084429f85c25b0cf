"""What Entra and others write in a PATCH, and what is no PATCH at all."""

from typing import Any

import pytest

from server.scim.errors import ScimType
from server.scim.patch import Operation, parse_patch
from server.scim.remarks import Remark
from tests.server.scim.samples import (
    ENTERPRISE,
    PATCH,
    Json,
    assert_refused,
    codes,
    jensen,
    patch_body,
    patched,
    patched_group,
    refusal,
)


@pytest.mark.parametrize("op", ["Replace", "REPLACE"])
def test_operations_in_any_letter_case(op: str) -> None:
    result = patched({"op": op, "path": "active", "value": "False"})
    assert result.document["active"] is False
    assert codes(result.remarks) == ["operation-case", "boolean-as-text"]


def test_members_of_the_envelope_in_any_letter_case() -> None:
    body = {"Schemas": [PATCH], "operations": [{"OP": "add", "Path": "title", "Value": "T"}]}
    remarks: list[Remark] = []
    assert parse_patch(body, remarks) == (Operation("add", "title", "T"),)
    assert remarks == []


def test_a_value_that_nobody_has_is_created_from_its_path() -> None:
    path = 'phoneNumbers[type eq "Mobile" and primary eq true].value'
    result = patched({"op": "Add", "path": path, "value": "+447700900123"})
    assert result.document["phoneNumbers"] == [
        {"type": "mobile", "primary": True, "value": "+447700900123"}
    ]
    assert "element-created" in codes(result.remarks)


def test_a_created_primary_value_takes_it_from_the_others() -> None:
    path = 'emails[type eq "other" and primary eq true].value'
    emails = patched({"op": "replace", "path": path, "value": "b@x"}).document["emails"]
    assert [email.get("primary") for email in emails] == [False, None, True]


def test_clearing_a_value_that_nobody_has_creates_none() -> None:
    path = 'phoneNumbers[type eq "mobile"].value'
    assert patched({"op": "replace", "path": path, "value": ""}) == (jensen(), [], False)


def test_a_part_of_a_list_without_values_creates_one() -> None:
    result = patched({"op": "add", "path": "phoneNumbers.value", "value": "+1"})
    assert result.document["phoneNumbers"] == [{"value": "+1"}]


def test_keys_may_be_paths_with_brackets() -> None:
    value = {'emails[type eq "work"].value': "b@x", "name.givenName": "B"}
    document = patched({"op": "replace", "value": value}).document
    assert document["emails"][0]["value"] == "b@x"
    assert document["name"]["givenName"] == "B"


@pytest.mark.parametrize(
    "value", [[{"value": "2819C223"}], {"value": "2819c223"}, ["2819c223"], "2819c223"]
)
def test_members_are_removed_by_value(value: Any) -> None:
    result = patched_group({"op": "Remove", "path": "members", "value": value})
    assert result.document["members"] == [{"value": "902c246b"}]
    assert "remove-by-value" in codes(result.remarks)


def test_removing_no_member_by_value_keeps_all() -> None:
    result = patched_group({"op": "remove", "path": "members", "value": []})
    assert len(result.document["members"]) == 2


def test_removing_by_value_and_type_keeps_another_type() -> None:
    value = [{"value": "babs@jensen.org", "type": "work"}]
    result = patched({"op": "remove", "path": "emails", "value": value})
    assert len(result.document["emails"]) == 2


@pytest.mark.parametrize("value", ["7", {"value": "7"}])
def test_a_manager_may_be_a_plain_text(value: Any) -> None:
    result = patched({"op": "add", "path": f"{ENTERPRISE}:manager", "value": value})
    assert result.document[ENTERPRISE]["manager"] == {"value": "7"}


def test_no_operations_change_nothing() -> None:
    result = patched()
    assert (result.changed, codes(result.remarks)) == (False, ["operations-empty"])


@pytest.mark.parametrize("schemas", [None, [], "x", ["urn:x"]])
def test_the_schema_of_the_message_may_be_missing(schemas: Any) -> None:
    remarks: list[Remark] = []
    parse_patch({"schemas": schemas, "Operations": []}, remarks)
    assert "schemas-missing" in codes(remarks)


@pytest.mark.parametrize(
    ("body", "scim_type", "word"),
    [
        ([], "invalidSyntax", "a list"),
        ({}, "invalidSyntax", "missing"),
        ({"Operations": {}}, "invalidSyntax", "an object"),
        ({"Operations": [5]}, "invalidSyntax", "5"),
        (patch_body({"path": "title", "value": 1}), "invalidSyntax", "missing"),
        (patch_body({"op": "move", "path": "title"}), "invalidSyntax", "move"),
        (patch_body({"op": ["add"], "value": 1}), "invalidSyntax", "a list"),
        (patch_body({"op": "add", "path": 5, "value": 1}), "invalidPath", "5"),
        (patch_body({"op": "add", "path": "title"}), "invalidValue", "value"),
        (patch_body({"op": "remove", "path": " "}), "noTarget", "path"),
    ],
)
def test_what_is_no_patch_is_refused(body: Json, scim_type: ScimType, word: str) -> None:
    assert_refused(refusal(parse_patch, body), scim_type, word)
