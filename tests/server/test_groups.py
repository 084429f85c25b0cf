"""Groups over real HTTP: the requests that Okta and Entra send, and what they must not break."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.blink.directory import Organization
from server.blink.groups import Groups
from server.blink.identity import keys_of
from server.blink.member_changes import split_patch
from server.scim.patch import apply_patch, parse_patch
from server.scim.validation import read_resource
from storage.database import open_directory
from storage.directory import UserDirectory
from storage.groups import GroupStore
from storage.organizations import OrganizationStore
from storage.transactions import SharedTransaction
from tests.desk import Desk
from tests.server.scim.samples import GROUP as GROUP_TYPE
from tests.server.scim.samples import outcome
from tests.server.tenant import ERROR, GROUP, PATCH, Json, Tenant


@pytest.fixture
def people(tenant: Tenant) -> list[str]:
    """The ids of four users."""
    return [tenant.user(f"{name}@acme.example")["id"] for name in ("ann", "bob", "cid", "dan")]


def listed(tenant: Tenant, group: Json) -> list[str]:
    """The ids of a group's members in order."""
    found = tenant.get(f"/Groups/{group['id']}")
    return [member["value"] for member in found.get("members", [])]


def changed(tenant: Tenant, group: Json, *operations: Json) -> Json:
    """PATCH a group and return what it is then."""
    reply = tenant.patch(f"/Groups/{group['id']}", *operations)
    assert reply.status_code in (200, 204), reply.text
    return tenant.get(f"/Groups/{group['id']}")


def refused(reply: Any, status: int, scim_type: str) -> str:
    """Check a refusal and return its detail."""
    assert reply.status_code == status, reply.text
    body = reply.json()
    assert (body["schemas"], body["status"]) == ([ERROR], str(status))
    assert body["scimType"] == scim_type
    detail: str = body["detail"]
    return detail


def versions(tenant: Tenant, group: Json) -> tuple[str, str]:
    meta = tenant.get(f"/Groups/{group['id']}")["meta"]
    return meta["version"], meta["lastModified"]


# ------------------------------------------------------------------ creating and reading


def test_a_created_group_shows_its_members_with_address_type_and_name(
    tenant: Tenant, people: list[str]
) -> None:
    ann = tenant.user("lee@acme.example", displayName='Ann "A" Lee')["id"]
    group = tenant.group("Sales", people[1], ann, externalId="00g1")
    base = group["meta"]["location"].rsplit("/Groups/", 1)[0]
    assert group["schemas"] == [GROUP]
    assert (group["displayName"], group["externalId"]) == ("Sales", "00g1")
    assert group["members"] == [
        {
            "value": people[1],
            "$ref": f"{base}/Users/{people[1]}",
            "type": "User",
            "display": "bob@acme.example",
        },
        {"value": ann, "$ref": f"{base}/Users/{ann}", "type": "User", "display": 'Ann "A" Lee'},
    ]
    assert tenant.get(f"/Groups/{group['id']}") == group


def test_a_group_without_members_has_none(tenant: Tenant) -> None:
    assert "members" not in tenant.group("Empty")


@pytest.mark.parametrize("body", [{}, {"displayName": ""}, {"displayName": None}])
def test_a_group_needs_a_name(tenant: Tenant, body: Json) -> None:
    reply = tenant.scim.post("/Groups", json={"schemas": [GROUP]} | body)
    assert "displayName is required" in refused(reply, 400, "invalidValue")


def test_two_groups_may_have_one_name(tenant: Tenant) -> None:
    first, second = tenant.group("Sales"), tenant.group("sales")
    assert first["id"] != second["id"]
    assert tenant.found('displayName eq "SALES"', "/Groups") == ["Sales", "sales"]


def test_an_unknown_member_is_refused_and_nothing_is_created(
    tenant: Tenant, people: list[str]
) -> None:
    members = [{"value": value} for value in ("u1", people[0], "u2", "u3", "u4")]
    body = {"schemas": [GROUP], "displayName": "Sales", "members": members}
    detail = refused(tenant.scim.post("/Groups", json=body), 400, "invalidValue")
    assert '"u1", "u2" and others' in detail
    assert "Assign the missing users to the app in Okta" in detail
    assert tenant.found("displayName pr", "/Groups") == []


def test_a_user_of_another_organization_is_no_member(tenant: Tenant, shared_desk: Desk) -> None:
    other = shared_desk.parts.organizations.create("Other", group_push=True)
    client = shared_desk.client(shared_desk.new_token(other.id))
    stranger = client.post("/Users", json={"userName": "eve@other.example"}).json()["id"]
    group = tenant.group("Sales")
    add = {"op": "add", "path": "members", "value": [{"value": stranger}]}
    detail = refused(tenant.patch(f"/Groups/{group['id']}", add), 400, "invalidValue")
    assert stranger in detail
    assert client.get(f"/Groups/{group['id']}").status_code == 404


def test_members_that_repeat_collapse(tenant: Tenant, people: list[str]) -> None:
    ann = people[0]
    group = tenant.group("Sales", ann, ann.upper())
    assert "duplicate-value" in tenant.remarks()
    assert listed(tenant, group) == [ann]


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ({"display": "ann"}, 'needs a "value"'),
        ({"type": "User"}, 'needs a "value"'),
        ({"value": "x", "type": [7]}, "members.type must be a text"),
        ({"value": {"a": 1}}, "members.value must be a text"),
        ([], '"x"'),
        (True, "members must be an object"),
    ],
)
def test_what_is_no_member_is_refused_in_words(tenant: Tenant, member: Any, says: str) -> None:
    body = {"schemas": [GROUP], "displayName": "Sales", "members": [member, {"value": "x"}]}
    reply = tenant.scim.post("/Groups", json=body)
    assert says in refused(reply, 400, "invalidValue")


def test_a_group_is_no_member_of_itself(tenant: Tenant, people: list[str]) -> None:
    group = tenant.group("Sales", people[0])
    value = [{"value": people[1]}, {"value": group["id"]}]
    reply = tenant.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": value})
    assert "a group cannot be its own member" in refused(reply, 400, "invalidValue")
    assert listed(tenant, group) == people[:1]


# ------------------------------------------------------------------ Okta's and Entra's requests


def test_okta_pushes_a_group_as_captured(tenant: Tenant, people: list[str]) -> None:
    """B9: look-up, POST, then PATCHes as FLASK and go-scim #57 captured them."""
    assert tenant.found('displayName eq "APP-Rostr-Users"', "/Groups") == []
    members = [{"value": people[0], "display": "ann@acme.example"}]
    body = {"schemas": [GROUP], "displayName": "APP-Rostr-Users", "members": members}
    group = tenant.created("/Groups", body)
    rename = {"op": "replace", "value": {"id": group["id"], "displayName": "APP-Rostr-Users"}}
    before = versions(tenant, group)
    assert versions(tenant, changed(tenant, group, rename)) == before
    add = {"op": "add", "path": "members", "value": [{"value": people[1], "display": "bob"}]}
    changed(tenant, group, add)
    remove = {"op": "remove", "path": f'members[value eq "{people[0]}"]'}
    more = {"op": "add", "path": "members", "value": [{"value": v} for v in people[2:]]}
    changed(tenant, group, remove, more)
    assert listed(tenant, group) == people[1:]
    value = [{"value": people[3]}, {"value": people[0]}]
    changed(tenant, group, {"op": "replace", "path": "members", "value": value})
    assert listed(tenant, group) == [people[3], people[0]]
    renamed = {"op": "replace", "value": {"id": group["id"], "displayName": "Jeff.Scim.Test"}}
    assert changed(tenant, group, renamed)["displayName"] == "Jeff.Scim.Test"
    assert tenant.scim.delete(f"/Groups/{group['id']}").status_code == 204
    assert tenant.scim.get(f"/Groups/{group['id']}").status_code == 404


def test_an_echo_of_the_group_is_put_as_okta_does(tenant: Tenant, people: list[str]) -> None:
    group = tenant.group("Sales", *people[:3])
    for member in group["members"]:
        member["display"] = None
    reply = tenant.scim.put(f"/Groups/{group['id']}", json=group)
    assert reply.status_code == 200, reply.text
    assert reply.json()["meta"] == group["meta"]
    group["members"] = [*group["members"][1:], {"value": people[3], "display": None}]
    reply = tenant.scim.put(f"/Groups/{group['id']}", json=group)
    assert [member["value"] for member in reply.json()["members"]] == people[1:]
    assert reply.json()["meta"]["version"] != group["meta"]["version"]


@pytest.mark.parametrize("members", [{}, {"members": []}, {"members": None}])
def test_a_put_without_members_leaves_none(
    tenant: Tenant, people: list[str], members: Json
) -> None:
    group = tenant.group("Sales", *people)
    body = {"schemas": [GROUP], "displayName": "Sales"} | members
    reply = tenant.scim.put(f"/Groups/{group['id']}", json=body)
    assert reply.status_code == 200
    assert ("members-missing" in tenant.remarks()) is (members == {})
    assert listed(tenant, group) == []


def test_entra_removes_by_a_list_of_values(tenant: Tenant, people: list[str]) -> None:
    group = tenant.group("Sales", *people)
    value = [{"value": people[0]}, {"value": people[2]}]
    tenant.patch(f"/Groups/{group['id']}", {"op": "Remove", "path": "members", "value": value})
    assert {"remove-by-value", "operation-case"} <= tenant.remarks().keys()
    assert listed(tenant, group) == [people[1], people[3]]


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "remove", "path": "members"}, ""),
        ({"op": "remove", "path": "members", "value": []}, "0123"),
        ({"op": "Add", "path": "MEMBERS", "value": {"value": "{0}"}}, "0123"),
        ({"op": "remove", "path": 'members[value eq "{0}" or value eq "{3}"]'}, "12"),
        ({"op": "remove", "path": 'members[value eq "{0}" and type eq "User"]'}, "123"),
        ({"op": "remove", "path": 'members[value eq "{0}" and type eq "Group"]'}, "0123"),
        ({"op": "remove", "path": 'members[VALUE EQ "nobody"]'}, "0123"),
        ({"op": "remove", "path": 'members[display sw "b" or display sw "c"]'}, "03"),
        ({"op": "remove", "path": "members[type pr]"}, ""),
        ({"op": "replace", "path": "members", "value": [{"value": "{2}"}]}, "2"),
        ({"op": "replace", "path": "members", "value": None}, ""),
        ({"op": "replace", "value": {"members": [{"value": "{1}"}, {"value": "{2}"}]}}, "12"),
        ({"op": "replace", "path": f"{GROUP}:members", "value": [{"value": "{1}"}]}, "1"),
        ({"op": "add", "path": GROUP, "value": {"members": [{"value": "{1}"}]}}, "0123"),
        ({"op": "add", "path": "members", "value": ["{0}", "{3}"]}, "0123"),
        ({"op": "add", "path": "members", "value": None}, "0123"),
        ({"op": "add", "path": 'members[value eq "{0}"]', "value": {"value": "{0}"}}, "0123"),
    ],
)
def test_members_are_changed_in_every_form(
    tenant: Tenant, people: list[str], operation: Json, left: str
) -> None:
    group = tenant.group("Sales", *people)
    text = json.dumps(operation)
    for number, person in enumerate(people):
        text = text.replace(f"{{{number}}}", person)
    before = versions(tenant, group)
    changed(tenant, group, json.loads(text))
    assert listed(tenant, group) == [people[int(number)] for number in left]
    assert (versions(tenant, group) == before) is (left == "0123")


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "replace", "path": "members.display", "value": "x"}, "mutability"),
        ({"op": "replace", "path": 'members[type eq "User"].display', "value": "x"}, "mutability"),
        ({"op": "replace", "path": 'members[type eq "User"].value', "value": "x"}, "mutability"),
        ({"op": "remove", "path": "members[type pr].value"}, "mutability"),
        ({"op": "remove", "path": "displayName"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "membres", "value": []}, "invalidPath"),
        ({"op": "remove", "path": 'members[colour eq "red"]'}, "invalidFilter"),
        (
            {"op": "replace", "path": 'members[value eq "x"]', "value": {"value": "y"}},
            "noTarget",
        ),
        ({"op": "remove"}, "noTarget"),
        ({"op": "add", "path": "members", "value": [{"value": "nobody"}]}, "invalidValue"),
        ({"op": "add", "value": {"members": [{"display": "x"}]}}, "invalidValue"),
    ],
)
def test_what_cannot_be_is_refused_and_what_came_before_is_taken_back(
    tenant: Tenant, people: list[str], operation: Json, scim_type: str
) -> None:
    group = tenant.group("Sales", *people[:2])
    first = {"op": "add", "path": "members", "value": [{"value": people[2]}]}
    second = {"op": "replace", "path": "displayName", "value": "Other"}
    reply = tenant.patch(f"/Groups/{group['id']}", first, second, operation)
    refused(reply, 400, scim_type)
    assert tenant.get(f"/Groups/{group['id']}") == group


def test_a_patch_that_changes_nothing_keeps_version_and_time(
    tenant: Tenant, people: list[str]
) -> None:
    group = tenant.group("Sales", *people[:2], externalId="00g1")
    before = versions(tenant, group)
    members = [{"value": people[1]}, {"value": people[0], "display": None}]
    for operations in (
        [],
        [{"op": "add", "path": "members", "value": members}],
        [{"op": "replace", "path": "members", "value": members}],
        [{"op": "remove", "path": f'members[value eq "{people[3]}"]'}],
        [{"op": "replace", "value": {"displayName": "Sales", "externalId": "00g1"}}],
    ):
        changed(tenant, group, *operations)
    assert versions(tenant, group) == before
    changed(tenant, group, {"op": "add", "path": "members", "value": [{"value": people[2]}]})
    assert versions(tenant, group)[0] != before[0]


# ------------------------------------------------------------------ users, their groups, nesting


def test_a_user_shows_its_groups_direct_and_indirect(tenant: Tenant, people: list[str]) -> None:
    low = tenant.group("Low", people[0])
    top = tenant.group("Top", low["id"])
    changed(tenant, low, {"op": "add", "path": "members", "value": [{"value": top["id"]}]})
    ann = tenant.get(f"/Users/{people[0]}")
    assert ann["groups"] == [
        {
            "value": low["id"],
            "$ref": low["meta"]["location"],
            "display": "Low",
            "type": "direct",
        },
        {
            "value": top["id"],
            "$ref": top["meta"]["location"],
            "display": "Top",
            "type": "indirect",
        },
    ]
    assert tenant.get(f"/Groups/{top['id']}")["members"][0]["type"] == "Group"
    assert "groups" not in tenant.get(f"/Users/{people[1]}")
    assert tenant.found('groups.display eq "low"') == ["ann@acme.example"]
    assert tenant.found(f'groups.value eq "{low["id"]}" or userName sw "dan"') == [
        "ann@acme.example",
        "dan@acme.example",
    ]


def test_groups_of_a_user_are_read_only(tenant: Tenant, people: list[str]) -> None:
    group = tenant.group("Sales", people[0])
    ann = tenant.get(f"/Users/{people[0]}")
    reply = tenant.scim.put(f"/Users/{people[0]}", json=ann | {"groups": [], "title": "x"})
    assert reply.json()["groups"] == ann["groups"]
    assert listed(tenant, group) == people[:1]


def test_a_new_name_shows_in_the_group(tenant: Tenant, people: list[str]) -> None:
    group = tenant.group("Sales", people[0])
    name = {"op": "replace", "path": "displayName", "value": "Ann Lee"}
    assert tenant.patch(f"/Users/{people[0]}", name).status_code == 200
    assert tenant.get(f"/Groups/{group['id']}")["members"][0]["display"] == "Ann Lee"


def test_deleted_users_and_groups_leave_and_disabled_users_stay(
    tenant: Tenant, people: list[str]
) -> None:
    sub = tenant.group("Sub")
    group = tenant.group("Sales", *people[:2], sub["id"])
    before = versions(tenant, group)
    assert tenant.scim.delete(f"/Users/{people[0]}").status_code == 204
    assert versions(tenant, group)[0] != before[0]
    assert tenant.scim.delete(f"/Groups/{sub['id']}").status_code == 204
    off = {"op": "replace", "value": {"active": False}}
    assert tenant.patch(f"/Users/{people[1]}", off).status_code == 200
    assert listed(tenant, group) == people[1:2]


def test_filters_projections_and_sorting_of_groups(tenant: Tenant, people: list[str]) -> None:
    tenant.group("Beta", people[0])
    tenant.group("alpha", *people[:2])
    tenant.group("Gamma", externalId="00g3")
    assert tenant.found(f'members.value eq "{people[1]}"', "/Groups") == ["alpha"]
    assert tenant.found(f'members[value eq "{people[0]}"]', "/Groups") == ["Beta", "alpha"]
    assert tenant.found('not (members pr) and externalId eq "00g3"', "/Groups") == ["Gamma"]
    parameters = {"sortBy": "displayName", "attributes": "displayName,members.value"}
    resources = tenant.scim.get("/Groups", params=parameters).json()["Resources"]
    assert [resource["displayName"] for resource in resources] == ["alpha", "Beta", "Gamma"]
    assert resources[1]["members"] == [{"value": people[0]}]
    excluded = tenant.scim.get("/Groups", params={"excludedAttributes": "members"}).json()
    assert [resource.keys() & {"members"} for resource in excluded["Resources"]] == [set()] * 3
    assert excluded["totalResults"] == 3


# ------------------------------------------------------------------ many at once


def test_connections_that_add_different_members_lose_none(
    tenant: Tenant, people: list[str], shared_desk: Desk
) -> None:
    users = [tenant.user(f"user{i}@acme.example")["id"] for i in range(24)]
    group = tenant.group("Sales", *people)
    failures: list[str] = []

    def add(mine: list[str]) -> None:
        client = shared_desk.client(tenant.token)
        for user in mine:
            operation = {"op": "add", "path": "members", "value": [{"value": user}]}
            body = {"schemas": [PATCH], "Operations": [operation]}
            reply = client.patch(f"/Groups/{group['id']}", json=body)
            if reply.status_code not in (200, 204):
                failures.append(reply.text)

    threads = [threading.Thread(target=add, args=(users[i::8],)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert tenant.members(group) == {*people, *users}


# ------------------------------------------------------------------ any input

NAMES = ("schemas", "displayName", "externalId", "members", "value", "type", "$ref", "display")
PATHS = (
    *NAMES,
    *(GROUP, f"{GROUP}:members", "MEMBERS", " members ", "members.value", "members[", "id", "meta"),
    *('members[value eq "\\u0000"]', 'members[value eq ""]', "members[value pr]", "members.$ref"),
    *('members[value eq "x" or not (type eq "User")]', 'members[type eq "User" and type eq "x"]'),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.text(max_size=4),
    st.sampled_from(("", "\0", "ann", "User", "group", "\N{PILE OF POO}")),
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(PATHS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(PATHS), anything, max_size=4).map(
    lambda body: {"displayName": "Sales"} | body
)
any_patches = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(("add", "replace", "remove"))},
        optional={"path": st.sampled_from(PATHS) | scalars, "value": anything},
    ),
    max_size=3,
).map(lambda operations: {"schemas": [PATCH], "Operations": operations})


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Groups, Organization, str]]:
    """The rules on a directory of one user and one group."""
    database = open_directory(tmp_path_factory.mktemp("any") / "desk.db")
    organization = OrganizationStore(database).create("Acme")
    transaction = SharedTransaction(database)
    users = UserDirectory(database, transaction=transaction)
    with users.write():
        keys = keys_of({"userName": "ann"})
        users.insert_user(organization.id, "ann", b"{}", keys, "2026-11-23T18:48:00.123Z")
    groups = Groups(GroupStore(database, transaction), lambda organization: {"Group": GROUP_TYPE})
    made = groups.create(organization, {"displayName": "Sales", "members": ["ann"]})
    yield groups, organization, made.group.id
    transaction.commit()
    database.close()


@settings(max_examples=400, deadline=None)
@given(body=anything | bodies, patch=anything | any_patches)
def test_any_body_and_any_patch_is_taken_or_refused_with_a_scim_error(
    rules: tuple[Groups, Organization, str], body: Any, patch: Any
) -> None:
    groups, organization, group_id = rules
    for change in (
        lambda: groups.create(organization, body),
        lambda: groups.replace(organization, group_id, body),
        lambda: groups.patch(organization, group_id, patch),
    ):
        error = outcome(change)
        assert error is None or (error.status == 400 and error.scim_type)
    document = json.loads(groups.read(organization, group_id).document)
    assert read_resource(GROUP_TYPE, document) == (document, [])


# ------------------------------------------------------------------ rows and engine agree

IDS = ("ann", "bob", "cid", "dan")
members_lists = st.lists(
    st.one_of(
        st.sampled_from(IDS).map(lambda i: {"value": i, "type": "User"}),
        st.sampled_from(IDS).map(lambda i: {"value": i.upper(), "display": None, "type": "user"}),
    ),
    max_size=4,
)
paths = st.one_of(
    st.just("members"),
    st.sampled_from(IDS).map(lambda i: f'members[value eq "{i}"]'),
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).map(
        lambda two: f'members[value eq "{two[0]}" or value eq "{two[1]}" and type eq "User"]'
    ),
)
member_operations = st.one_of(
    st.fixed_dictionaries(
        {"op": st.sampled_from(("add", "replace")), "path": st.just("members")}
        | {"value": members_lists}
    ),
    members_lists.map(lambda value: {"op": "add", "value": {"members": value}}),
    paths.map(lambda path: {"op": "remove", "path": path}),
    members_lists.map(lambda value: {"op": "remove", "path": "members", "value": value}),
)


@settings(max_examples=300, deadline=None)
@given(
    before=st.lists(st.sampled_from(IDS), unique=True),
    operations=st.lists(member_operations, min_size=1, max_size=4),
)
def test_changes_by_rows_leave_the_members_that_the_engine_leaves(
    before: list[str], operations: list[Json]
) -> None:
    """The engine is given every type, which rows know of themselves."""
    body = {"schemas": [PATCH], "Operations": operations}
    document: Json = {"schemas": [GROUP], "displayName": "Sales"}
    if before:
        document["members"] = [{"value": value, "type": "User"} for value in before]
    parts = split_patch(GROUP_TYPE, parse_patch(body), [])
    assert parts is not None
    left = set(before)
    for change in parts.changes:
        ids = set(change.ids)
        if change.kind == "add":
            left |= ids
        else:
            left = left - ids if change.kind == "remove" else ids
    patched = apply_patch(GROUP_TYPE, document, body).document
    assert left == {member["value"].lower() for member in patched.get("members", ())}


def test_the_rows_of_a_deleted_group_go_without_a_further_request(tenant: Tenant) -> None:
    group = tenant.group("Sales", *(tenant.user(f"user{i}")["id"] for i in range(3)))
    assert tenant.scim.delete(f"/Groups/{group['id']}").status_code == 204
    connection = tenant.desk.parts.directory.connection()
    until = time.monotonic() + 5
    while connection.execute("SELECT count(*) FROM deleted_group").fetchone() != (0,):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert connection.execute("SELECT count(*) FROM group_member").fetchone() == (0,)
