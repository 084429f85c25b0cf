"""Searches by POST, and across types (RFC 7644 3.4.2.1 and 3.4.3)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.desk import Desk
from tests.server.tenant import ENTERPRISE, GROUP, SEARCH, USER, Json, Tenant, rows


@pytest.fixture
def tenant(tenant: Tenant) -> Iterator[Tenant]:
    """Three users, two of whom are in one of two groups."""
    users = [
        tenant.user("ann", displayName="Ann", title="Boss"),
        tenant.user("bob", displayName="Bob", active=True),
        tenant.user("cy", displayName="Staff"),
    ]
    tenant.group("Staff", users[0]["id"], users[1]["id"])
    tenant.group("Board")
    return tenant


def names(resources: list[Json]) -> list[str]:
    return [resource.get("userName") or resource["displayName"] for resource in resources]


def found(tenant: Tenant, **query: Any) -> list[str]:
    """Search across types in both ways, which find the same."""
    by_get = tenant.scim.get("/", params=query)
    by_post = tenant.scim.post("/.search", json={"schemas": [SEARCH]} | query)
    assert by_get.status_code == by_post.status_code == 200, by_post.text
    assert by_get.json() == by_post.json()
    return names(rows(by_get))


def test_users_come_before_groups(tenant: Tenant) -> None:
    assert found(tenant) == ["ann", "bob", "cy", "Staff", "Board"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('displayName eq "staff"', ["cy", "Staff"]),
        ('meta.resourceType eq "User"', ["ann", "bob", "cy"]),
        ('meta.resourceType eq "Group"', ["Staff", "Board"]),
        ('meta.resourceType eq "Group" and displayName sw "B"', ["Board"]),
        ('userName eq "ann"', ["ann"]),
        ("userName pr", ["ann", "bob", "cy"]),
        ("not (userName pr)", ["Staff", "Board"]),
        ('userName ne "ann"', ["bob", "cy", "Staff", "Board"]),
        ("members pr", ["Staff"]),
        ('members.type eq "User"', ["Staff"]),
        ('title eq "boss" or displayName eq "Board"', ["ann", "Board"]),
        ("active eq true", ["bob"]),
        (f'{ENTERPRISE}:department eq "x" or {GROUP}:displayName eq "Board"', ["Board"]),
        (f'{USER}:userName eq "ann"', ["ann"]),
        ('meta.created gt "2020-01-01T00:00:00Z"', ["ann", "bob", "cy", "Staff", "Board"]),
        ('displayName eq "nobody"', []),
    ],
)
def test_a_filter_means_the_same_for_each_type(
    tenant: Tenant, condition: str, expected: list[str]
) -> None:
    assert found(tenant, filter=condition) == expected


def test_what_no_type_knows_is_refused(tenant: Tenant) -> None:
    reply = tenant.scim.get("/", params={"filter": 'nonsense eq "x"'})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidFilter")
    assert '"nonsense"' in reply.json()["detail"]
    assert "User or Group" in reply.json()["detail"]


@pytest.mark.parametrize("start", range(1, 8))
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_pages_go_on_from_users_to_groups(tenant: Tenant, start: int, count: int) -> None:
    everybody = ["ann", "bob", "cy", "Staff", "Board"]
    query = {"startIndex": start, "count": count}
    assert found(tenant, **query) == everybody[start - 1 : start - 1 + count]
    listed = tenant.scim.get("/", params=query).json()
    assert (listed["totalResults"], listed["startIndex"]) == (5, start)


def test_filtered_pages_count_what_matches_alone(tenant: Tenant) -> None:
    listed = tenant.scim.get(
        "/", params={"filter": 'displayName eq "Staff"', "startIndex": 2, "count": 1}
    ).json()
    assert (listed["totalResults"], names(listed["Resources"])) == (2, ["Staff"])


def test_each_type_is_sorted(tenant: Tenant) -> None:
    assert found(tenant, sortBy="displayName", sortOrder="descending") == [
        *("cy", "bob", "ann"),
        *("Staff", "Board"),
    ]
    assert found(tenant, sortBy="userName")[:3] == ["ann", "bob", "cy"]


def test_a_resource_shows_what_is_asked_for_and_its_type_has(tenant: Tenant) -> None:
    body = {"attributes": ["userName", "displayName"], "filter": 'displayName eq "Staff"'}
    user, group = rows(tenant.scim.post("/.search", json=body))
    assert set(user) == {"schemas", "id", "userName", "displayName"}
    assert set(group) == {"schemas", "id", "displayName"}
    user, group = rows(tenant.scim.post("/.search", json=body | {"attributes": "members"}))
    assert set(user) == {"schemas", "id"}
    assert len(group["members"]) == 2


def test_locations_are_those_of_the_types(tenant: Tenant) -> None:
    for resource in rows(tenant.scim.get("/")):
        meta = resource["meta"]
        assert meta["location"].endswith(f"/{meta['resourceType']}s/{resource['id']}")


def test_without_group_push_there_are_no_groups(desk: Desk) -> None:
    scim = desk.client()
    scim.post("/Users", json={"userName": "ann", "displayName": "Ann"})
    assert names(rows(scim.get("/"))) == ["ann"]
    assert names(rows(scim.get("/", params={"filter": "displayName pr"}))) == ["ann"]
    assert scim.get("/", params={"filter": "members pr"}).json()["scimType"] == "invalidFilter"
    assert scim.post("/Groups/.search", json={}).status_code == 403


# one type


def test_each_type_has_a_search_of_its_own(tenant: Tenant) -> None:
    body = {
        "schemas": [SEARCH],
        "attributes": ["displayName", "userName"],
        "filter": "displayName pr",
        "sortBy": "displayName",
        "sortOrder": "descending",
        "startIndex": 2,
        "count": 1,
    }
    users = tenant.scim.post("/Users/.search", json=body)
    assert names(rows(users)) == ["bob"]
    assert (users.json()["totalResults"], users.json()["startIndex"]) == (3, 2)
    assert names(rows(tenant.scim.post("/Groups/.search", json=body))) == ["Board"]


def test_a_search_of_one_type_knows_its_attributes_alone(tenant: Tenant) -> None:
    reply = tenant.scim.post("/Users/.search", json={"filter": "members pr"})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidFilter")


@pytest.mark.parametrize("path", ["/Users/.search", "/Groups/.search", "/.search"])
@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        ([], "invalidSyntax"),
        ({"filter": 1}, "invalidValue"),
        ({"filter": "displayName"}, "invalidFilter"),
        ({"startIndex": "one"}, "invalidValue"),
        ({"count": 1.5}, "invalidValue"),
        ({"sortBy": "nonsense"}, "invalidValue"),
        ({"sortOrder": "up"}, "invalidValue"),
        ({"attributes": [1]}, "invalidValue"),
        ({"attributes": ["id"], "excludedAttributes": ["meta"]}, "invalidValue"),
    ],
)
def test_a_malformed_search_is_refused(
    tenant: Tenant, path: str, body: Any, scim_type: str
) -> None:
    reply = tenant.scim.post(path, json=body)
    assert (reply.status_code, reply.json()["scimType"]) == (400, scim_type)


def test_numbers_may_be_texts_as_in_a_query(tenant: Tenant) -> None:
    reply = tenant.scim.post("/Users/.search", json={"startIndex": "2", "count": "1"})
    assert names(rows(reply)) == ["bob"]
