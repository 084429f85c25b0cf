"""What Blink adds to SCIM: defaults, forms, uniqueness, linking and remarks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from server.blink.identity import international_number, keys_of, normalised_number, work_email
from server.blink.rules import language_tag
from storage.directory import UserDirectory
from tests.desk import Desk

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"


@pytest.fixture
def scim(desk: Desk) -> httpx.Client:
    return desk.client()


@pytest.fixture
def remarks(desk: Desk) -> Callable[[], dict[str, str]]:
    def newest() -> dict[str, str]:
        desk.flush()
        stored = desk.parts.calls.get(desk.parts.calls.newest_id())
        assert stored
        return dict(stored.call.remarks)

    return newest


def user(user_name: str = "ann@acme.example", /, **more: Any) -> dict[str, Any]:
    return {"schemas": [USER], "userName": user_name, "active": True} | more


def email(value: str, kind: str = "work") -> list[dict[str, Any]]:
    return [{"value": value, "type": kind}]


def mobile(value: str) -> list[dict[str, Any]]:
    return [{"value": value, "type": "mobile"}]


# active


def test_active_left_out_is_false_as_blink_documents(scim, remarks) -> None:
    body = {"schemas": [USER], "userName": "ann"}
    assert scim.post("/Users", json=body).json()["active"] is False
    assert "Blink's default is false" in remarks()["active-defaulted"]


def test_active_left_out_is_true_where_the_organization_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, active_by_default=True)
    try:
        body = {"schemas": [USER], "userName": "ann"}
        assert desk.client().post("/Users", json=body).json()["active"] is True
    finally:
        desk.close()


# locale


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("en-GB", "en-GB"), ("en_US", "en-US"), ("EN-us", "en-US"), ("zh-hans-cn", "zh-Hans-CN")],
)
def test_locale_is_stored_as_a_language_tag(scim, sent: str, stored: str) -> None:
    created = scim.post("/Users", json=user(locale=sent))
    assert (created.status_code, created.json()["locale"]) == (201, stored)


def test_locale_in_oktas_form_is_remarked(scim, remarks) -> None:
    scim.post("/Users", json=user(locale="en_US"))
    assert remarks()["locale-converted"] == 'locale "en_US" is stored as en-US (BCP 47).'


@pytest.mark.parametrize("nonsense", ["english please", "xx-YY", "12", "en_US.UTF-8", "-"])
def test_locale_that_is_no_language_tag_is_refused(scim, nonsense: str) -> None:
    refused = scim.post("/Users", json=user(locale=nonsense))
    assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidValue")
    assert "locale" in refused.json()["detail"]
    assert nonsense in refused.json()["detail"]


def test_language_tags_keep_deprecated_codes_as_they_are() -> None:
    assert language_tag("iw") == "iw"


# mobile


@pytest.mark.parametrize(
    ("sent", "normal"),
    [
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700-900.123", "+447700900123"),
        ("+1 (555) 123 4567", "+15551234567"),
    ],
)
def test_international_numbers_are_normalised(sent: str, normal: str) -> None:
    assert international_number(sent) == normal


@pytest.mark.parametrize("sent", ["07700 900123", "+999 12345678", "call me", "+44", "0044 77009"])
def test_other_numbers_are_not_international(sent: str) -> None:
    assert international_number(sent) is None


def test_the_prefix_00_stands_for_plus_when_numbers_are_compared() -> None:
    assert normalised_number("0044 7700 900123") == normalised_number("+447700900123")


def test_mobile_in_national_form_is_kept_and_remarked(scim, remarks) -> None:
    created = scim.post("/Users", json=user(phoneNumbers=mobile("07700 900123"))).json()
    assert created["phoneNumbers"] == mobile("07700 900123")
    assert "07700 900123" in remarks()["mobile-not-international"]


def test_mobile_is_unique_across_spellings(scim) -> None:
    scim.post("/Users", json=user("ann", phoneNumbers=mobile("+44 7700 900123")))
    refused = scim.post("/Users", json=user("bob", phoneNumbers=mobile("+44 (0)7700900123")))
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert "mobile" in refused.json()["detail"]


# uniqueness


def test_user_name_is_unique_in_any_letter_case(scim) -> None:
    scim.post("/Users", json=user("Ann@Acme.example"))
    refused = scim.post("/Users", json=user("ann@acme.EXAMPLE"))
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert 'userName "ann@acme.EXAMPLE"' in refused.json()["detail"]


def test_work_email_is_unique(scim) -> None:
    scim.post("/Users", json=user("ann", emails=email("a@acme.example")))
    refused = scim.post("/Users", json=user("bob", emails=email("A@acme.example")))
    assert refused.status_code == 409
    assert 'emails[type eq "work"].value "A@acme.example"' in refused.json()["detail"]


def test_home_emails_may_be_shared(scim) -> None:
    scim.post("/Users", json=user("ann", emails=email("family@home.example", "home")))
    second = scim.post("/Users", json=user("bob", emails=email("family@home.example", "home")))
    assert second.status_code == 201


@pytest.mark.parametrize(
    "shared",
    [
        {"userName": "ann@acme.example"},
        {"emails": email("ann@acme.example")},
        {"phoneNumbers": mobile("+447700900123")},
    ],
    ids=["userName", "work email", "mobile"],
)
def test_identifiers_are_unique_across_organizations(desk: Desk, shared: dict[str, Any]) -> None:
    other = desk.parts.organizations.create("Globex")
    stranger = desk.client(desk.new_token(other.id))
    first = {"userName": "first"} | shared
    second = {"userName": "second"} | shared
    assert stranger.post("/Users", json=first).status_code == 201
    refused = desk.client().post("/Users", json=second)
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert "another Blink organization" in refused.json()["detail"]
    assert "Globex" not in refused.text


def test_put_and_patch_may_not_take_what_somebody_else_has(scim) -> None:
    scim.post("/Users", json=user("ann", emails=email("ann@acme.example")))
    bob = scim.post("/Users", json=user("bob", emails=email("bob@acme.example"))).json()
    put = scim.put(f"/Users/{bob['id']}", json=bob | {"userName": "ANN"})
    assert (put.status_code, put.json()["scimType"]) == (409, "uniqueness")
    operation = {
        "op": "replace",
        "path": 'emails[type eq "work"].value',
        "value": "ann@acme.example",
    }
    patch = scim.patch(
        f"/Users/{bob['id']}",
        json={
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation],
        },
    )
    assert (patch.status_code, patch.json()["scimType"]) == (409, "uniqueness")
    assert scim.get(f"/Users/{bob['id']}").json() == bob


def test_deleted_users_free_their_identifiers(scim) -> None:
    body = user("ann", emails=email("a@acme.example"), phoneNumbers=mobile("+447700900123"))
    first = scim.post("/Users", json=body).json()
    assert scim.delete(f"/Users/{first['id']}").status_code == 204
    assert scim.get(f"/Users/{first['id']}").status_code == 404
    assert scim.post("/Users", json=body).status_code == 201


def test_users_of_another_organization_are_not_found(desk: Desk, scim) -> None:
    ann = scim.post("/Users", json=user()).json()
    other = desk.parts.organizations.create("Globex")
    stranger = desk.client(desk.new_token(other.id))
    for reply in (
        stranger.get(f"/Users/{ann['id']}"),
        stranger.put(f"/Users/{ann['id']}", json=user("eve")),
        stranger.delete(f"/Users/{ann['id']}"),
    ):
        assert reply.status_code == 404
    assert stranger.get("/Users").json()["totalResults"] == 0


# linking


@pytest.fixture
def account(desk: Desk) -> str:
    """An account that Blink had before Okta: nobody has provisioned it yet."""
    document = {
        "schemas": [USER, ENTERPRISE],
        "userName": "",
        "name": {"givenName": "Ann", "familyName": "Lee"},
        "emails": email("ann.lee@acme.example"),
        "nickName": "Annie",
        "active": True,
        ENTERPRISE: {"employeeNumber": "E-17", "division": "North"},
    }
    directory = UserDirectory(desk.parts.directory)
    directory.add_account(desk.organization.id, orjson.dumps(document), keys_of(document))
    if directory.uncommitted:
        directory.commit()
    return "ann.lee@acme.example"


def test_account_is_invisible_until_it_is_provisioned(scim, account: str) -> None:
    assert scim.get("/Users").json()["totalResults"] == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"emails": email("Ann.Lee@acme.example")},
        {ENTERPRISE: {"employeeNumber": "e-17"}},
        {"emails": email("new@acme.example"), ENTERPRISE: {"employeeNumber": "E-17"}},
    ],
    ids=["work email", "employee number", "other email, same number"],
)
def test_incoming_user_is_linked_to_the_account(
    scim, remarks, account: str, sent: dict[str, Any]
) -> None:
    created = scim.post("/Users", json=user("okta-ann", **sent))
    assert created.status_code == 201
    assert created.json()["userName"] == "okta-ann"
    assert created.json()["nickName"] == "Annie"
    assert created.json()[ENTERPRISE]["division"] == "North"
    assert "account-linked" in remarks()
    listed = scim.get("/Users").json()
    assert [found["id"] for found in listed["Resources"]] == [created.json()["id"]]


def test_provisioned_users_are_not_linked_a_second_time(scim, account: str) -> None:
    scim.post("/Users", json=user("okta-ann", emails=email(account)))
    refused = scim.post("/Users", json=user("other-ann", emails=email(account)))
    assert refused.status_code == 409


# remarks


def test_what_blink_ignores_is_kept_and_remarked(scim, remarks) -> None:
    created = scim.post(
        "/Users",
        json=user(displayName="Ann", name={"givenName": "A", "middleName": "B"}, title="Nurse"),
    ).json()
    assert (created["displayName"], created["name"]["middleName"]) == ("Ann", "B")
    text = remarks()["ignored-by-blink"]
    assert "displayName" in text
    assert "name.middleName" in text
    assert "title" not in text


def test_attributes_of_no_schema_are_dropped_and_remarked(scim, remarks) -> None:
    created = scim.post("/Users", json=user(shoeSize=43))
    assert created.status_code == 201
    assert "shoeSize" not in created.json()
    assert "shoeSize" in json.dumps(remarks())


# identity


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        ([{"value": "h", "type": "home"}, {"value": "w", "type": "Work"}], "w"),
        ([{"value": "a"}, {"value": "p", "primary": True}], "p"),
        ([{"value": "h", "type": "home"}, {"value": "a"}], "a"),
        ([{"value": "h", "type": "home"}], None),
        ([{"type": "work"}], None),
        ([], None),
    ],
)
def test_work_email_is_the_typed_one_else_the_primary_else_the_untyped(
    emails: list[dict[str, Any]], expected: str | None
) -> None:
    assert work_email({"emails": emails}) == expected
