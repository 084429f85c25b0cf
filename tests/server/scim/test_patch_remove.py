"""PATCH "remove" (RFC 7644 3.5.2.2)."""

import pytest

from server.scim.errors import ScimType
from tests.server.scim.samples import (
    CORE,
    ENTERPRISE,
    Json,
    assert_refused,
    jensen,
    patched,
    patched_group,
    refusal,
)


def remove(path: str | None = None) -> Json:
    return {"op": "remove"} | ({"path": path} if path else {})


@pytest.mark.parametrize("path", ["title", "name", "emails"])
def test_remove_takes_an_attribute_away(path: str) -> None:
    expected = jensen()
    del expected[path]
    assert patched(remove(path)).document == expected


def test_remove_of_a_part_keeps_the_others() -> None:
    assert patched(remove("name.givenName")).document["name"] == {"familyName": "Jensen"}


def test_remove_of_the_last_part_takes_the_whole_away() -> None:
    result = patched(remove("name.givenName"), remove("name.familyName"))
    assert "name" not in result.document


def test_remove_with_value_path_leaves_the_other_members() -> None:
    result = patched_group(remove('members[value eq "2819c223"]'))
    assert result.document["members"] == [{"value": "902c246b"}]


def test_remove_of_the_last_value_takes_the_list_away() -> None:
    document = patched(remove('addresses[type eq "work"]')).document
    assert "addresses" not in document


def test_remove_of_a_part_of_selected_values_keeps_the_rest() -> None:
    emails = patched(remove('emails[type eq "work"].primary')).document["emails"]
    assert emails[0] == {"value": "bjensen@example.com", "type": "work"}


def test_remove_of_every_part_of_a_value_drops_it() -> None:
    result = patched(*(remove(f'emails[value sw "babs"].{part}') for part in ("type", "value")))
    assert [email["type"] for email in result.document["emails"]] == ["work"]


def test_remove_of_an_extension_takes_it_out_of_schemas() -> None:
    document = patched(remove(ENTERPRISE)).document
    assert ENTERPRISE not in document
    assert document["schemas"] == [CORE]


def test_remove_of_the_last_attribute_of_an_extension_takes_it_away() -> None:
    names = ("employeeNumber", "department", "manager")
    document = patched(*(remove(f"{ENTERPRISE}:{name}") for name in names)).document
    assert document["schemas"] == [CORE]


@pytest.mark.parametrize(
    "path",
    [
        "nickName",
        "name.middleName",
        'emails[type eq "other"]',
        'emails[type eq "other"].value',
        f"{ENTERPRISE}:division",
        "phoneNumbers.value",
    ],
)
def test_remove_of_what_is_not_there_is_a_success(path: str) -> None:
    assert patched(remove(path)) == (jensen(), [], False)


@pytest.mark.parametrize(
    ("path", "scim_type", "word"),
    [
        (None, "noTarget", "path"),
        ("userName", "mutability", "userName"),
        ("id", "mutability", "id"),
        ("groups", "mutability", "groups"),
        ("nonsense", "invalidPath", "nonsense"),
        (CORE, "invalidPath", CORE),
        ("emails[", "invalidFilter", "position"),
    ],
)
def test_a_remove_that_cannot_be_is_refused(
    path: str | None, scim_type: ScimType, word: str
) -> None:
    assert_refused(refusal(patched, remove(path)), scim_type, word)
