"""Sequences that other servers fail at, from their issue threads and from captures of Okta."""

import json

import pytest

from tests.server.tenant import ENTERPRISE, GROUP, USER, Json, Tenant, rows


def test_a_work_email_is_made_for_a_user_that_has_no_email(tenant: Tenant) -> None:
    user = tenant.user("ann")
    path = 'emails[type eq "work"].value'
    for value in ("ann@acme.example", "ann@new.example"):
        operation = {"op": "Replace", "path": path, "value": value}
        assert tenant.patch(f"/Users/{user['id']}", operation).status_code == 200
        created = "element-created" in tenant.remarks()
        assert created is (value == "ann@acme.example")
        emails = tenant.get(f"/Users/{user['id']}")["emails"]
        assert emails == [{"type": "work", "value": value}]


def test_a_returner_is_found_and_reactivated_and_posting_again_is_a_conflict(
    tenant: Tenant,
) -> None:
    """A disabled user keeps its id, and is found by userName as by externalId."""
    body = {"schemas": [USER], "userName": "ann@acme.example", "externalId": "00u1", "active": True}
    user = tenant.created("/Users", body)
    off = {"op": "replace", "value": {"active": False}}
    assert tenant.patch(f"/Users/{user['id']}", off).json()["active"] is False
    again = tenant.scim.post("/Users", json=body)
    assert again.status_code == 409
    assert user["id"] in again.json()["detail"]
    assert tenant.found('externalId eq "00u1"') == ["ann@acme.example"]
    on = tenant.scim.put(f"/Users/{user['id']}", json=tenant.get(f"/Users/{user['id']}") | body)
    assert (on.status_code, on.json()["active"], on.json()["id"]) == (200, True, user["id"])
    assert "user-reactivated" in tenant.remarks()


def test_a_deactivated_user_stays_in_its_groups(tenant: Tenant) -> None:
    user = tenant.user("ann", active=True)
    group = tenant.group("Sales", user["id"])
    off = {"op": "replace", "value": {"active": False}}
    reply = tenant.patch(f"/Users/{user['id']}", off)
    assert [entry["value"] for entry in reply.json()["groups"]] == [group["id"]]
    assert tenant.members(group) == {user["id"]}


def test_a_deleted_member_changes_the_version_of_its_groups(tenant: Tenant) -> None:
    """Else a reader with If-None-Match would keep a member that is gone."""
    user = tenant.user("ann")
    inner = tenant.group("Inner", user["id"])
    outer = tenant.group("Outer", inner["id"])
    for deleted, group in ((f"/Users/{user['id']}", inner), (f"/Groups/{inner['id']}", outer)):
        before = tenant.get(f"/Groups/{group['id']}")
        assert tenant.scim.delete(deleted).status_code == 204
        known = {"If-None-Match": before["meta"]["version"]}
        reply = tenant.scim.get(f"/Groups/{group['id']}", headers=known)
        assert reply.status_code == 200
        assert "members" not in reply.json()
        assert reply.json()["meta"]["lastModified"] >= before["meta"]["lastModified"]


def test_groups_in_a_circle_do_not_keep_a_reader_waiting(tenant: Tenant) -> None:
    user = tenant.user("ann")
    first = tenant.group("First", user["id"])
    second = tenant.group("Second", first["id"])
    operation = {"op": "add", "path": "members", "value": [{"value": second["id"]}]}
    assert tenant.patch(f"/Groups/{first['id']}", operation).status_code == 204
    groups = {g["display"]: g["type"] for g in tenant.get(f"/Users/{user['id']}")["groups"]}
    assert groups == {"First": "direct", "Second": "indirect"}


def test_teleports_capture_of_a_user_with_a_foreign_schema(tenant: Tenant) -> None:
    """B12 23: enterprise block, primary work phone, keys and a schema that nobody knows."""
    body = {
        "schemas": [USER, ENTERPRISE, "urn:ietf:params:scim:schemas:extension:teleport:1.0:User"],
        "userName": "alice@example.com",
        "name": {"givenName": "Alice", "familyName": "Liddell"},
        "phoneNumbers": [{"value": "123-456-789", "primary": True, "type": "work"}],
        "firstName": "Alice",
        "secondEmail": "",
        ENTERPRISE: {"employeeNumber": "123456", "costCenter": "7", "department": "Wonder"},
        "urn:ietf:params:scim:schemas:extension:teleport:1.0:User": {"team": "red"},
    }
    created = tenant.created("/Users", body)
    remarks = tenant.remarks()
    assert remarks.keys() >= {"attribute-unknown", "schema-unknown", "ignored-by-blink"}
    stored = tenant.get(f"/Users/{created['id']}")
    assert stored["schemas"] == [USER, ENTERPRISE]
    assert stored[ENTERPRISE] == body[ENTERPRISE]
    assert stored["phoneNumbers"] == body["phoneNumbers"]
    assert stored.keys().isdisjoint({"firstName", "secondEmail", body["schemas"][2]})


def test_workos_fixture_with_a_primary_address_and_a_named_manager(tenant: Tenant) -> None:
    """B12 24: the manager's displayName is the server's to say, the value is kept."""
    addresses = [{"region": "CA", "primary": True, "locality": "Oakland", "postalCode": "94601"}]
    manager = {"value": "2", "displayName": "Kate Chapman"}
    user = tenant.user("ann", addresses=addresses, **{ENTERPRISE: {"manager": manager}})
    stored = tenant.get(f"/Users/{user['id']}")
    assert stored["addresses"] == addresses
    assert stored[ENTERPRISE]["manager"]["value"] == "2"
    assert tenant.found('addresses[primary eq true].locality eq "oakland"') == ["ann"]


def test_the_put_of_the_foreign_meta_location_changes_ours_in_nothing(tenant: Tenant) -> None:
    """B12 6: another server's name.formatted and meta.location came back in Okta's echo."""
    user = tenant.user("ann", name={"givenName": "Ann"})
    meta = {"resourceType": "User", "location": "https://api.example.com/scim/v2/Users/9"}
    echo = user | {"meta": meta, "name": user["name"] | {"formatted": "Ann Bell"}}
    reply = tenant.scim.put(f"/Users/{user['id']}", content=json.dumps(echo))
    assert reply.status_code == 200
    assert reply.json()["meta"]["location"] == user["meta"]["location"]
    assert reply.json()["name"] == {"givenName": "Ann", "formatted": "Ann Bell"}


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_that_are_not_aligned_lose_nobody(tenant: Tenant, size: int) -> None:
    names = [f"user{number}" for number in range(7)]
    for name in names:
        tenant.user(name, title="x" if name != "user3" else "y")
    for query in ("", '&filter=title eq "x"', "&sortBy=userName"):
        wanted = [name for name in names if "filter" not in query or name != "user3"]
        seen: list[str] = []
        for start in range(1, 8, size):
            reply = tenant.scim.get(f"/Users?startIndex={start}&count={size}{query}")
            assert reply.json()["totalResults"] == len(wanted)
            seen += [user["userName"] for user in rows(reply)]
        assert seen == wanted


def test_a_member_is_meant_by_its_id_in_any_letter_case(tenant: Tenant) -> None:
    user = tenant.user("ann")
    group = tenant.group("Sales", user["id"].upper())
    assert tenant.members(group) == {user["id"]}
    path = f'members[value eq "{user["id"].upper()}"]'
    assert tenant.patch(f"/Groups/{group['id']}", {"op": "remove", "path": path}).status_code == 204
    assert tenant.members(group) == set()


def test_a_thousand_members_at_once_and_back(tenant: Tenant) -> None:
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": str(n), "data": {"userName": f"user{n}"}}
        for n in range(1000)
    ]
    answers = tenant.scim.post("/Bulk", json={"Operations": operations}).json()["Operations"]
    ids = [answer["location"].rpartition("/")[2] for answer in answers]
    group = tenant.group("Everybody", *ids)
    assert tenant.members(group) == set(ids)
    value: list[Json] = [{"value": user_id} for user_id in ids[1:]]
    reply = tenant.patch(
        f"/Groups/{group['id']}", {"op": "Remove", "path": "members", "value": value}
    )
    assert reply.status_code == 204
    assert tenant.members(group) == {ids[0]}
    body = {"schemas": [GROUP], "displayName": "Everybody", "members": value}
    assert tenant.scim.put(f"/Groups/{group['id']}", json=body).status_code == 200
    assert tenant.members(group) == set(ids[1:])
