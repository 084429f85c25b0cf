"""What is foretold is compared with what the server does over HTTP."""

import json
from typing import Any

import pytest

from main import open_okta
from server.blink.identity import keys_of
from server.blink.judgement import Judge, without_values
from server.blink.users import serialised
from server.okta.mapping.app_profile import BLINK_APP_PROFILE
from server.okta.mapping.evaluation import AppUser
from server.okta.mapping.payload import BodyLayout, create_body
from server.okta.mapping.receiver import assign
from storage.directory import UserDirectory
from tests.server.tenant import BLINK, ENTERPRISE, USER, Json, Tenant

LAYOUT = BodyLayout(BLINK_APP_PROFILE)
ANN = {
    "userName": "Ann@Acme.example",
    "givenName": "Ann",
    "familyName": "Lee",
    "email": "Ann@Acme.example",
    "emailType": "work",
    "mobilePhone": "+44 7700 900123",
    "title": "Nurse",
    "displayName": "Ann Lee",
    "locale": "en_gb",
    "department": "Wards",
    "employeeNumber": "E7",
    "managerValue": "00uboss",
    "company": "Acme",
}


@pytest.fixture
def judge(tenant: Tenant) -> Judge:
    return judge_of(tenant)


def judge_of(tenant: Tenant) -> Judge:
    organization = tenant.desk.parts.organizations.get(tenant.organization.id)
    assert organization
    return open_okta(tenant.desk.parts.directory).judge(organization)


def body(**values: Any) -> Json:
    return create_body(LAYOUT, ANN | values, "00uann")


def stored(tenant: Tenant, user_id: str) -> Json:
    """A user's document as it is kept."""
    user = UserDirectory(tenant.desk.parts.directory).user(tenant.organization.id, user_id)
    assert user
    document: Json = json.loads(user.document)
    return document


def test_a_create_is_foretold_as_it_is_stored(tenant: Tenant, judge: Judge) -> None:
    verdict = judge.create(body())
    assert tenant.found('userName eq "ann@acme.example"') == []
    created = tenant.created("/Users", body())
    assert (verdict.outcome, verdict.status) == ("created", 201)
    assert stored(tenant, created["id"]) == verdict.after
    assert dict(verdict.remarks) == tenant.remarks()


REFUSED: list[dict[str, Any]] = [
    {"locale": "English (UK)"},
    {"userName": ""},
    {"userName": "ANN@acme.example", "email": "", "mobilePhone": ""},
    {"userName": "b", "mobilePhone": ""},
    {"userName": "b", "email": "b@acme.example", "mobilePhone": "0044 7700 900123"},
]


@pytest.mark.parametrize("values", REFUSED)
def test_a_refusal_is_foretold_word_by_word(
    tenant: Tenant, judge: Judge, values: dict[str, Any]
) -> None:
    tenant.created("/Users", body())
    verdict = judge.create(body(**values))
    reply = tenant.scim.post("/Users", json=body(**values))
    assert verdict.outcome == "refused"
    assert (verdict.status, verdict.error) == (reply.status_code, reply.json())
    assert verdict.detail == reply.json()["detail"]


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({"emails": [{"value": "ann@ACME.example", "type": "work"}]}, "work email"),
        ({ENTERPRISE: {"employeeNumber": "e7"}}, "employeeNumber"),
    ],
)
def test_a_link_is_foretold_with_its_account(tenant: Tenant, account: Json, told: str) -> None:
    known = {"schemas": [USER], "userName": None, "title": "Porter", "active": True} | account
    directory = UserDirectory(tenant.desk.parts.directory)
    with directory.write():
        linked = directory.add_account(tenant.organization.id, serialised(known), keys_of(known))
    directory.commit()
    verdict = judge_of(tenant).create(body())
    assert (verdict.outcome, verdict.account_id) == ("linked", linked.id)
    assert told in dict(verdict.remarks)["account-linked"]
    assert ("title", "Porter", "Nurse") in verdict.changes
    created = tenant.created("/Users", body())
    assert created["id"] == linked.id
    assert stored(tenant, linked.id) == verdict.after


def test_an_update_is_foretold_as_it_is_stored(tenant: Tenant, judge: Judge) -> None:
    created = tenant.created("/Users", body())
    before = tenant.get(f"/Users/{created['id']}")
    app_user = AppUser(ANN | {"title": "Matron", "department": "", "location": "Leeds"}, {})
    assignment = assign(judge, LAYOUT, app_user, "00uann")
    verdict = assignment.verdict
    assert assignment.method == "PUT"
    assert (verdict.outcome, verdict.account_id) == ("updated", created["id"])
    assert sorted(verdict.changes) == [
        ("title", "Nurse", "Matron"),
        (f"{BLINK}:location", None, "Leeds"),
        (f"{ENTERPRISE}:department", "Wards", None),
    ]
    assert tenant.get(f"/Users/{created['id']}") == before
    reply = tenant.scim.put(f"/Users/{created['id']}", json=assignment.body)
    assert reply.status_code == 200
    assert stored(tenant, created["id"]) == verdict.after
    again = assign(judge, LAYOUT, app_user, "00uann").verdict
    assert (again.outcome, again.changes) == ("unchanged", [])


def test_a_refused_update_is_foretold_word_by_word(tenant: Tenant, judge: Judge) -> None:
    tenant.user("bob", emails=[{"value": "bob@acme.example", "type": "work"}])
    created = tenant.created("/Users", body())
    app_user = AppUser(ANN | {"email": "Bob@acme.example"}, {})
    assignment = assign(judge, LAYOUT, app_user, "00uann")
    reply = tenant.scim.put(f"/Users/{created['id']}", json=assignment.body)
    assert reply.status_code == 409
    assert assignment.verdict.error == reply.json()


def test_okta_s_look_up_finds_nobody_of_another_organization(tenant: Tenant) -> None:
    tenant.created("/Users", body())
    stranger = tenant.desk.parts.organizations.create("Stranger")
    judge = open_okta(tenant.desk.parts.directory).judge(stranger)
    assert judge.look_up("ann@acme.example") is None
    assert judge.create(body()).outcome == "refused"
    tenant.desk.parts.organizations.delete(stranger.id)


def test_the_look_up_shows_what_a_get_shows(tenant: Tenant, judge: Judge) -> None:
    created = tenant.created("/Users", body())
    found = judge.look_up("ANN@acme.example")
    read = tenant.get(f"/Users/{created['id']}")
    assert found is not None
    found["meta"].pop("location")
    read["meta"].pop("location")
    assert found == read


def test_a_detail_without_its_values_is_the_same_for_all(tenant: Tenant, judge: Judge) -> None:
    assert without_values(
        'userName "a b" is already used by the user with the id '
        "2819c223-7f76-453a-919d-413861904646. Give one."
    ) == ("userName … is already used by the user with the id …. Give one.")
    assert without_values('emails[type eq "work"].value "x" is taken') == (
        'emails[type eq "work"].value … is taken'
    )
    verdict = judge.create(body(locale="!!"))
    assert verdict.attribute == "locale"
    tenant.created("/Users", body())
    taken = judge.create(body(userName="b", mobilePhone=""))
    assert taken.attribute == 'emails[type eq "work"].value'
    assert taken.scim_type == "uniqueness"
