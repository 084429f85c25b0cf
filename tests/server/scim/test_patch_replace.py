"""PATCH "replace" (RFC 7644 3.5.2.3)."""

import pytest

from server.scim.errors import ScimType
from tests.server.scim.samples import (
    CORE,
    ENTERPRISE,
    Json,
    assert_refused,
    codes,
    jensen,
    patched,
    patched_group,
    refusal,
)


def replace(path: str | None, value: object) -> Json:
    return {"op": "replace", "value": value} | ({"path": path} if path else {})


def test_oktas_deactivation_without_a_path() -> None:
    result = patched(replace(None, {"active": False}))
    assert result == (jensen() | {"active": False}, [], True)


@pytest.mark.parametrize("path", ["active", "ACTIVE", f"{CORE}:active"])
def test_a_path_may_be_written_in_several_ways(path: str) -> None:
    assert patched(replace(path, False)).document["active"] is False


def test_replace_of_a_complex_attribute_keeps_the_parts_that_are_left_out() -> None:
    name = patched(replace("name", {"givenName": "Babs"})).document["name"]
    assert name == {"givenName": "Babs", "familyName": "Jensen"}


def test_replace_with_a_part_that_is_null_removes_the_part() -> None:
    name = patched(replace("name", {"givenName": None})).document["name"]
    assert name == {"familyName": "Jensen"}


@pytest.mark.parametrize("path", ["title", "name", "emails", ENTERPRISE])
def test_replace_with_null_removes(path: str) -> None:
    assert path not in patched(replace(path, None)).document


def test_replace_of_a_list_replaces_all_of_it() -> None:
    assert patched(replace("emails", [{"value": "a@b"}])).document["emails"] == [{"value": "a@b"}]


def test_replace_of_selected_values_replaces_them_whole() -> None:
    # RFC 7644 3.5.2.3, the second example.
    address = {"type": "work", "streetAddress": "911 Universal City Plaza", "country": "US"}
    document = patched(replace('addresses[type eq "work"]', address)).document
    assert document["addresses"] == [address]


def test_replace_of_a_part_of_selected_values_keeps_the_rest() -> None:
    # RFC 7644 3.5.2.3, the third example.
    path = 'addresses[type eq "work"].streetAddress'
    document = patched(replace(path, "1010 Broadway Ave")).document
    assert document["addresses"] == [
        {
            "locality": "Hollywood",
            "country": "US",
            "type": "work",
            "streetAddress": "1010 Broadway Ave",
        }
    ]


def test_replace_of_a_part_without_a_filter_reaches_every_value() -> None:
    emails = patched(replace("emails.display", "B")).document["emails"]
    assert [email["display"] for email in emails] == ["B", "B"]


def test_making_a_value_primary_takes_it_from_the_others() -> None:
    emails = patched(replace('emails[type eq "home"].primary', True)).document["emails"]
    assert [email["primary"] for email in emails] == [False, True]


def test_making_all_values_primary_is_refused() -> None:
    stored = jensen()
    stored["emails"] = [{"value": "a"}, {"value": "b"}]
    error = refusal(patched, replace("emails.primary", True), stored=stored)
    assert_refused(error, "invalidValue", "emails", "primary")


def test_a_group_is_renamed_with_its_id_as_okta_does() -> None:
    value = {"id": "79fe65ca", "displayName": "Jeff.Scim.Test"}
    result = patched_group(replace(None, value))
    assert result.document["displayName"] == "Jeff.Scim.Test"
    assert codes(result.remarks) == ["read-only-ignored"]


def test_schemas_follow_from_the_attributes_whatever_a_client_writes() -> None:
    result = patched(replace("schemas", [CORE]))
    assert result.document["schemas"] == [CORE, ENTERPRISE]
    assert codes(result.remarks) == ["schemas-ignored"]


def test_a_password_is_accepted_and_not_kept() -> None:
    result = patched(replace("password", "hunter2"), replace(None, {"password": "hunter2"}))
    assert result == (jensen(), [], False)


def test_members_are_replaced_whole() -> None:
    result = patched_group(replace("members", [{"value": "a"}, {"value": "b"}]))
    assert result.document["members"] == [{"value": "a"}, {"value": "b"}]


@pytest.mark.parametrize(
    ("path", "value", "scim_type", "words"),
    [
        ("nonsense", 1, "invalidPath", ["nonsense"]),
        ("name.nonsense", 1, "invalidPath", ["name.nonsense"]),
        ("groups", [], "mutability", ["groups", "read-only"]),
        ("id", "x", "mutability", ["id"]),
        ("meta.created", "x", "mutability", ["meta.created"]),
        (f"{ENTERPRISE}:manager.displayName", "B", "mutability", ["manager.displayName"]),
        ("userName", None, "mutability", ["userName"]),
        ("userName", "", "mutability", ["userName"]),
        ("userName", "  ", "invalidValue", ["userName"]),
        ("userName", ["x"], "invalidValue", ["userName", "a list"]),
        ("active", "maybe", "invalidValue", ["active", "maybe"]),
        ("name", "Ann", "invalidValue", ["name", "Ann"]),
        ("name.givenName", [1], "invalidValue", ["name.givenName"]),
        ("password", ["hunter2"], "invalidValue", ["password"]),
        ('emails[type eq "work"].primary', "x", "invalidValue", ["emails.primary"]),
        ('emails[value eq "nobody"]', {"value": "x"}, "noTarget", ["emails"]),
        ('emails[value eq "nobody"].type', "x", "noTarget", ["emails"]),
        ('emails[type co "nobody"].value', "x", "noTarget", ["emails"]),
        ('emails[kind eq "x"].value', "x", "invalidFilter", ["kind"]),
        (ENTERPRISE, "x", "invalidValue", [ENTERPRISE]),
        (None, "x", "invalidValue", ["path"]),
        (None, None, "invalidValue", ["path"]),
    ],
)
def test_a_replace_that_cannot_be_is_refused(
    path: str | None, value: object, scim_type: ScimType, words: list[str]
) -> None:
    error = refusal(patched, replace(path, value))
    assert_refused(error, scim_type, *words)
    assert "hunter2" not in error.detail


def test_the_value_of_a_member_is_immutable() -> None:
    error = refusal(patched_group, replace('members[value eq "2819c223"].value', "x"))
    assert_refused(error, "mutability", "members.value")


def test_a_member_cannot_be_replaced_by_another_one() -> None:
    error = refusal(patched_group, replace('members[value eq "2819c223"]', {"value": "x"}))
    assert_refused(error, "mutability", "members.value")


def test_operations_take_effect_together_or_not_at_all() -> None:
    error = refusal(patched, replace("title", "Boss"), replace("nonsense", 1))
    assert_refused(error, "invalidPath", "nonsense")
    # ``patched`` has checked that what was stored is as before.
    result = patched(replace("title", "Boss"), replace("nickName", "B"))
    assert (result.document["title"], result.document["nickName"]) == ("Boss", "B")
