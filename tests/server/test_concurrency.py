"""Requests that arrive together: nothing is lost, nothing is done twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.server.tenant import GROUP, PATCH, SCIM_JSON, USER, Json, Tenant

CONNECTIONS = 16

Request = tuple[str, str, Json, dict[str, str]]
"""Method, path, body and headers."""


def together(tenant: Tenant, *lanes: Sequence[Request]) -> list[list[httpx.Response]]:
    """Send each lane's requests one after the other over a connection of its own, all at once."""

    async def send(lane: Sequence[Request], ready: asyncio.Barrier) -> list[httpx.Response]:
        headers = {"Authorization": f"Bearer {tenant.token}"} | SCIM_JSON
        async with httpx.AsyncClient(
            base_url=tenant.desk.url, headers=headers, timeout=30, trust_env=False, verify=False
        ) as client:
            await client.get("/ServiceProviderConfig")  # the connection is open from here on
            await ready.wait()
            return [
                await client.request(method, path, json=body or None, headers=headers)
                for method, path, body, headers in lane
            ]

    async def all_lanes() -> list[list[httpx.Response]]:
        ready = asyncio.Barrier(len(lanes))
        return await asyncio.gather(*(send(lane, ready) for lane in lanes))

    return asyncio.run(all_lanes())


def patch(path: str, *operations: Json) -> Request:
    return "PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, {}


def add(group: Json, *user_ids: str) -> Request:
    value = [{"value": user_id} for user_id in user_ids]
    return patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": value})


def remove(group: Json, user_id: str) -> Request:
    path = f'members[value eq "{user_id}"]'
    return patch(f"/Groups/{group['id']}", {"op": "remove", "path": path})


def statuses(answers: list[list[httpx.Response]]) -> Counter[int]:
    return Counter(reply.status_code for lane in answers for reply in lane)


def users(tenant: Tenant, count: int) -> list[str]:
    return [tenant.user(f"user{number:03d}")["id"] for number in range(count)]


# groups


def test_sixteen_connections_that_add_members_to_a_group_lose_none(tenant: Tenant) -> None:
    ids = users(tenant, CONNECTIONS * 8)
    group = tenant.group("Race")
    lanes = [[add(group, user_id) for user_id in ids[n::CONNECTIONS]] for n in range(CONNECTIONS)]
    assert statuses(together(tenant, *lanes)) == {204: len(ids)}
    assert tenant.members(group) == set(ids)
    after = tenant.get(f"/Groups/{group['id']}")
    assert after["meta"]["version"] == f'W/"{len(ids) + version(group)}"'
    for user_id in ids[:3]:
        assert [g["value"] for g in tenant.get(f"/Users/{user_id}")["groups"]] == [group["id"]]


def test_additions_and_removals_that_are_interleaved_end_exact(tenant: Tenant) -> None:
    ids = users(tenant, CONNECTIONS * 8)
    leaving, joining = ids[::2], ids[1::2]
    group = tenant.group("Race", *leaving)
    lanes: list[list[Request]] = []
    for n in range(CONNECTIONS // 2):
        lanes.append([add(group, user_id) for user_id in joining[n :: CONNECTIONS // 2]])
        lanes.append([remove(group, user_id) for user_id in leaving[n :: CONNECTIONS // 2]])
    assert statuses(together(tenant, *lanes)) == {204: len(ids)}
    assert tenant.members(group) == set(joining)


def test_the_same_member_added_by_all_is_in_once(tenant: Tenant) -> None:
    (user_id,) = users(tenant, 1)
    group = tenant.group("Race")
    answers = together(tenant, *([add(group, user_id)] for _ in range(CONNECTIONS)))
    assert statuses(answers) == {204: CONNECTIONS}
    assert tenant.members(group) == {user_id}


def test_a_rename_and_additions_at_once_both_take_effect(tenant: Tenant) -> None:
    ids = users(tenant, CONNECTIONS)
    group = tenant.group("Race")
    value = {"id": group["id"], "displayName": "Renamed"}
    rename = patch(f"/Groups/{group['id']}", {"op": "replace", "value": value})
    lanes = [[add(group, user_id), rename] for user_id in ids]
    assert statuses(together(tenant, *lanes)) == {204: 2 * CONNECTIONS}
    assert tenant.members(group) == set(ids)
    assert tenant.found('displayName eq "renamed"', "/Groups") == ["Renamed"]


def test_whole_groups_put_at_once_leave_one_of_them_whole(tenant: Tenant) -> None:
    ids = users(tenant, CONNECTIONS)
    group = tenant.group("Race", *ids)
    pairs = [{ids[n], ids[n - 1]} for n in range(CONNECTIONS)]
    lanes = []
    for pair in pairs:
        members = [{"value": user_id} for user_id in sorted(pair)]
        body = {"schemas": [GROUP], "displayName": "Race", "members": members}
        lanes.append([("PUT", f"/Groups/{group['id']}", body, {})])
    assert statuses(together(tenant, *lanes)) == {200: CONNECTIONS}
    assert tenant.members(group) in pairs


def test_a_user_deleted_while_it_is_added_to_groups_leaves_no_member(tenant: Tenant) -> None:
    ids = users(tenant, 8)
    groups = [tenant.group(f"Race {number}") for number in range(8)]
    lanes: list[list[Request]] = [[add(group, user_id) for user_id in ids] for group in groups]
    lanes.append([("DELETE", f"/Users/{user_id}", {}, {}) for user_id in ids])
    answers = together(tenant, *lanes)
    assert statuses(answers[-1:]) == {204: 8}
    assert set(statuses(answers[:-1])) <= {204, 400}
    assert not tenant.found("userName pr")
    for group in groups:
        assert tenant.members(group) == set()
    assert tenant.found("members pr", "/Groups") == []


def test_a_group_deleted_while_members_come_is_gone_and_on_nobody(tenant: Tenant) -> None:
    ids = users(tenant, CONNECTIONS)
    group = tenant.group("Race")
    lanes: list[list[Request]] = [[add(group, user_id)] for user_id in ids]
    lanes.append([("DELETE", f"/Groups/{group['id']}", {}, {})])
    answers = together(tenant, *lanes)
    assert set(statuses(answers)) <= {204, 404}
    assert tenant.scim.get(f"/Groups/{group['id']}").status_code == 404
    assert all("groups" not in user for user in tenant.get("/Users")["Resources"])


# versions


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_of_two_changes_with_the_same_if_match_one_wins(
    tenant: Tenant, endpoint: str, method: str
) -> None:
    resource = tenant.user("ann") if endpoint == "/Users" else tenant.group("Race")
    name, schema = ("userName", USER) if endpoint == "/Users" else ("displayName", GROUP)
    path = f"{endpoint}/{resource['id']}"
    present = {"If-Match": resource["meta"]["version"]}

    def change(new: str) -> list[Request]:
        operation = {"op": "replace", "path": name, "value": new}
        bodies: dict[str, Json] = {
            "PUT": {"schemas": [schema], name: new},
            "PATCH": {"Operations": [operation]},
            "DELETE": {},
        }
        return [(method, path, bodies[method], present)]

    answers = together(tenant, change("first"), change("second"))
    if method == "DELETE":
        assert statuses(answers) == {204: 1, 404: 1}
        return
    done = 200 if method == "PUT" or endpoint == "/Users" else 204
    assert statuses(answers) == {done: 1, 412: 1}
    winner = ("first", "second")[0 if answers[0][0].status_code == done else 1]
    assert tenant.get(path)[name] == winner
    assert version(tenant.get(path)) == version(resource) + 1


def version(resource: Json) -> int:
    return int(resource["meta"]["version"].removeprefix('W/"').removesuffix('"'))


# users


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("userName", "ann"),
        ("emails", [{"value": "ann@acme.example", "type": "work"}]),
        ("phoneNumbers", [{"value": "+447700900123", "type": "mobile"}]),
    ],
)
def test_of_equal_creations_at_once_one_succeeds(
    tenant: Tenant, attribute: str, value: Any
) -> None:
    lanes = []
    for number in range(CONNECTIONS):
        body = {"schemas": [USER], "userName": f"user{number}"} | {attribute: value}
        if attribute == "userName" and number % 2:
            body["userName"] = "ANN"
        lanes.append([("POST", "/Users", body, {})])
    assert statuses(together(tenant, *lanes)) == {201: 1, 409: CONNECTIONS - 1}
    assert tenant.get("/Users")["totalResults"] == 1


def test_of_users_renamed_to_one_name_at_once_one_gets_it(tenant: Tenant) -> None:
    ids = users(tenant, 8)
    operation = {"op": "replace", "path": "userName", "value": "wanted"}
    lanes = [[patch(f"/Users/{user_id}", operation)] for user_id in ids]
    assert statuses(together(tenant, *lanes)) == {200: 1, 409: 7}
    assert tenant.found('userName eq "wanted"') == ["wanted"]
    assert tenant.get("/Users")["totalResults"] == 8


def test_patches_of_different_attributes_at_once_lose_nothing(tenant: Tenant) -> None:
    (user_id,) = users(tenant, 1)
    names = ("title", "nickName", "displayName", "userType", "timezone", "preferredLanguage")
    parts = ("givenName", "familyName", "middleName", "honorificPrefix", "honorificSuffix")
    wanted = {name: f"the {name}" for name in names} | {
        f"name.{part}": f"the {part}" for part in parts
    }
    lanes = [
        [
            patch(f"/Users/{user_id}", {"op": "add", "path": path, "value": "for now"}),
            patch(f"/Users/{user_id}", {"op": "replace", "path": path, "value": value}),
        ]
        for path, value in wanted.items()
    ]
    assert statuses(together(tenant, *lanes)) == {200: 2 * len(wanted)}
    stored = tenant.get(f"/Users/{user_id}")
    assert {name: stored[name] for name in names} == {name: wanted[name] for name in names}
    assert stored["name"] == {part: f"the {part}" for part in parts}


def test_values_added_to_one_list_at_once_are_all_in_it(tenant: Tenant) -> None:
    (user_id,) = users(tenant, 1)
    values = [f"role{number}" for number in range(CONNECTIONS * 4)]
    lanes = [
        [
            patch(f"/Users/{user_id}", {"op": "add", "path": "roles", "value": [{"value": value}]})
            for value in values[n::CONNECTIONS]
        ]
        for n in range(CONNECTIONS)
    ]
    assert statuses(together(tenant, *lanes)) == {200: len(values)}
    stored = tenant.get(f"/Users/{user_id}")
    assert {role["value"] for role in stored["roles"]} == set(values)
    assert len(stored["roles"]) == len(values)


def test_a_reader_never_sees_half_of_a_change(tenant: Tenant) -> None:
    (user_id,) = users(tenant, 1)
    path = f"/Users/{user_id}"
    writes = [
        patch(path, {"op": "replace", "value": {"title": str(n), "nickName": str(n)}})
        for n in range(40)
    ]
    reads: list[Request] = [("GET", path, {}, {})] * 40
    answers = together(tenant, writes, *[reads] * 4)
    assert statuses(answers) == {200: 200}
    for lane in answers[1:]:
        seen = [(user.get("title"), user.get("nickName")) for user in (r.json() for r in lane)]
        assert all(title == nick for title, nick in seen)
        numbers = [int(title or 0) for title, _ in seen]
        assert numbers == sorted(numbers)


def test_bulk_requests_and_single_ones_at_once_lose_nothing(tenant: Tenant) -> None:
    ids = users(tenant, CONNECTIONS * 4)
    group = tenant.group("Race")
    lanes: list[list[Request]] = []
    for n in range(CONNECTIONS):
        first, *rest = ids[n::CONNECTIONS]
        operations = []
        for user_id in rest:
            _, path, data, _ = add(group, user_id)
            operations.append({"method": "PATCH", "path": path, "data": data})
        lanes.append([add(group, first), ("POST", "/Bulk", {"Operations": operations}, {})])
    answers = together(tenant, *lanes)
    assert statuses(answers) == {204: CONNECTIONS, 200: CONNECTIONS}
    assert tenant.members(group) == set(ids)
