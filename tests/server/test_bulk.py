"""Bulk requests (RFC 7644 3.7)."""

import json
import threading
import time
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.scim.bulk import in_order, parse_bulk, split
from storage.transactions import SharedTransaction
from tests.desk import Desk
from tests.server.tenant import BULK, ENTERPRISE, ERROR, GROUP, PATCH, USER, Json, Tenant

RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def bulk(tenant: Tenant, *operations: Json, **more: Any) -> list[Json]:
    """Send a bulk request and return what became of each operation."""
    body = {"schemas": [BULK], "Operations": list(operations)} | more
    reply = tenant.scim.post("/Bulk", json=body)
    assert reply.status_code == 200, reply.text
    answer = reply.json()
    assert answer["schemas"] == [RESPONSE]
    results: list[Json] = answer["Operations"]
    return results


def statuses(results: list[Json]) -> list[str]:
    return [result["status"] for result in results]


def new_user(bulk_id: str, **data: Any) -> Json:
    data = {"schemas": [USER], "userName": bulk_id} | data
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data}


def new_group(bulk_id: str, *members: str) -> Json:
    listed = [{"value": member} for member in members]
    data = {"schemas": [GROUP], "displayName": bulk_id, "members": listed}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data}


def id_in(result: Json) -> str:
    return str(result["location"].rpartition("/")[2])


# single operations


def test_every_method_is_answered_as_the_rfc_shows(tenant: Tenant) -> None:
    ann, bob, cy = (tenant.user(name) for name in ("ann", "bob", "cy"))
    patch = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": "Boss"}]}
    results = bulk(
        tenant,
        new_user("qwerty"),
        {
            "method": "PUT",
            "path": f"/Users/{ann['id']}",
            "data": {"schemas": [USER], "userName": "anna"},
        },
        {"method": "PATCH", "path": f"/Users/{bob['id']}", "data": patch},
        {"method": "DELETE", "path": f"/Users/{cy['id']}"},
    )
    assert results == [
        {
            "method": "POST",
            "bulkId": "qwerty",
            "version": 'W/"1"',
            "location": results[0]["location"],
            "status": "201",
        },
        {
            "method": "PUT",
            "version": 'W/"2"',
            "location": f"{tenant.desk.url}/Users/{ann['id']}",
            "status": "200",
        },
        {
            "method": "PATCH",
            "version": 'W/"2"',
            "location": f"{tenant.desk.url}/Users/{bob['id']}",
            "status": "200",
        },
        {"method": "DELETE", "location": f"{tenant.desk.url}/Users/{cy['id']}", "status": "204"},
    ]
    assert tenant.scim.get(results[0]["location"]).json()["userName"] == "qwerty"
    assert tenant.get(f"/Users/{ann['id']}")["userName"] == "anna"
    assert tenant.get(f"/Users/{bob['id']}")["title"] == "Boss"
    assert tenant.scim.get(f"/Users/{cy['id']}").status_code == 404


def test_a_failing_operation_leaves_the_others_alone(tenant: Tenant) -> None:
    results = bulk(tenant, new_user("ann"), new_user("b", userName="ANN"), new_user("cy"))
    assert statuses(results) == ["201", "409", "201"]
    refused = results[1]
    assert refused["bulkId"] == "b"
    assert "location" not in refused
    assert refused["response"]["schemas"] == [ERROR]
    assert refused["response"]["scimType"] == "uniqueness"
    assert tenant.found("userName pr") == ["ann", "cy"]


def test_an_operation_takes_effect_whole_or_not_at_all(tenant: Tenant) -> None:
    ann = tenant.user("ann")
    group = tenant.group("Staff", ann["id"])
    operations = [
        {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'},
        {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    ]
    (refused,) = bulk(
        tenant,
        {
            "method": "PATCH",
            "path": f"/Groups/{group['id']}",
            "data": {"schemas": [PATCH], "Operations": operations},
        },
    )
    assert refused["status"] == "400"
    assert tenant.members(group) == {ann["id"]}


@pytest.mark.parametrize(
    ("operation", "status", "word"),
    [
        ({"method": "GET", "path": "/Users"}, "400", "GET"),
        ({"path": "/Users"}, "400", "method"),
        ({"method": "POST", "bulkId": "x", "data": {}}, "400", "path"),
        ({"method": "POST", "path": "/Users", "data": {"userName": "x"}}, "400", "bulkId"),
        ({"method": "POST", "path": "/Users", "bulkId": "x"}, "400", "data"),
        ({"method": "PUT", "path": "/Users/1", "data": []}, "400", "data"),
        ({"method": "POST", "path": "/Nothing", "bulkId": "x", "data": {}}, "404", "/Nothing"),
        ({"method": "POST", "path": "/Bulk", "bulkId": "x", "data": {}}, "404", "/Bulk"),
        ({"method": "POST", "path": "/Users/.search", "bulkId": "x", "data": {}}, "404", "search"),
        ({"method": "DELETE", "path": "/Users"}, "405", "DELETE"),
        ({"method": "DELETE", "path": "/Users/nobody"}, "404", "nobody"),
        ({"method": "DELETE", "path": "/Users/bulkId:nobody"}, "400", "nobody"),
    ],
)
def test_what_is_wrong_in_one_operation_is_said_in_its_answer(
    tenant: Tenant, operation: Json, status: str, word: str
) -> None:
    wrong, right = bulk(tenant, operation, new_user("ann"))
    assert (wrong["status"], right["status"]) == (status, "201")
    assert word in wrong["response"]["detail"]


def test_a_version_is_the_condition_that_if_match_is(tenant: Tenant) -> None:
    path = f"/Users/{tenant.user('ann')['id']}"
    data = {"schemas": [USER], "userName": "anna"}
    put = {"method": "PUT", "path": path, "data": data, "version": 'W/"1"'}
    assert statuses(bulk(tenant, put, put)) == ["200", "412"]
    assert statuses(bulk(tenant, {"method": "DELETE", "path": path, "version": 'W/"2"'})) == ["204"]


def test_names_of_members_and_methods_are_understood_in_any_letter_case(tenant: Tenant) -> None:
    operation = {"Method": "post", "PATH": "/users", "BulkID": "a", "Data": {"userName": "ann"}}
    reply = tenant.scim.post("/bulk", json={"operations": [operation]})
    assert statuses(reply.json()["Operations"]) == ["201"]
    assert f"{tenant.desk.url}/Users/" in reply.json()["Operations"][0]["location"]


def test_groups_are_refused_where_they_are_switched_off(desk: Desk) -> None:
    reply = desk.client().post("/Bulk", json={"Operations": [new_group("g")]})
    (refused,) = reply.json()["Operations"]
    assert refused["status"] == "403"
    assert "group push" in refused["response"]["detail"]


def test_the_log_says_which_operation_a_remark_is_about_and_hides_passwords(
    tenant: Tenant,
) -> None:
    bulk(tenant, new_user("ann", active=True), new_user("bob", locale="en_US", password="geheim"))
    assert tenant.remarks()["locale-converted"].startswith("Operation 2: locale")
    stored = tenant.desk.parts.calls.get(tenant.desk.parts.calls.newest_id())
    assert stored is not None
    assert b"geheim" not in stored.call.request_body


# references


def test_a_group_takes_users_that_are_created_in_the_same_request(tenant: Tenant) -> None:
    group, ann, bob = bulk(
        tenant, new_group("g", "bulkId:ann", "bulkId:bob"), new_user("ann"), new_user("bob")
    )
    assert statuses([group, ann, bob]) == ["201", "201", "201"]
    assert tenant.members({"id": id_in(group)}) == {id_in(ann), id_in(bob)}


def test_references_stand_in_values_paths_and_filters(tenant: Tenant) -> None:
    remove = {"op": "remove", "path": 'members[value eq "bulkId:ann"]'}
    results = bulk(
        tenant,
        {"method": "DELETE", "path": "/Users/bulkId:cy"},
        {
            "method": "PATCH",
            "path": "/Groups/bulkId:g",
            "data": {"schemas": [PATCH], "Operations": [remove]},
        },
        new_group("g", "bulkId:ann", "bulkId:bob"),
        new_user("ann", **{ENTERPRISE: {"manager": {"value": "bulkId:bob"}}}),
        new_user("bob"),
        new_user("cy"),
    )
    assert statuses(results) == ["204", "200", "201", "201", "201", "201"]
    group, ann, bob = (id_in(result) for result in results[2:5])
    assert tenant.members({"id": group}) == {bob}
    assert tenant.get(f"/Users/{ann}")[ENTERPRISE]["manager"]["value"] == bob


def test_what_refers_to_a_refused_creation_is_refused_in_words(tenant: Tenant) -> None:
    tenant.user("ann")
    results = bulk(
        tenant, new_group("g", "bulkId:ann"), new_user("ann"), new_group("h", "bulkId:g")
    )
    assert statuses(results) == ["409", "409", "409"]
    assert '"ann"' in results[0]["response"]["detail"]
    assert '"g"' in results[2]["response"]["detail"]
    assert tenant.found("displayName pr", "/Groups") == []


def test_a_bulk_id_belongs_to_one_creation(tenant: Tenant) -> None:
    results = bulk(
        tenant, new_user("a"), new_user("a", userName="other"), new_group("g", "bulkId:a")
    )
    assert statuses(results) == ["201", "400", "201"]
    assert tenant.members({"id": id_in(results[2])}) == {id_in(results[0])}


def test_groups_that_are_members_of_each_other_are_created_then_joined(tenant: Tenant) -> None:
    a, b, ann = bulk(
        tenant,
        new_group("a", "bulkId:b", "bulkId:ann"),
        new_group("b", "bulkId:a"),
        new_user("ann"),
    )
    assert statuses([a, b, ann]) == ["201"] * 3
    assert tenant.members({"id": id_in(a)}) == {id_in(b), id_in(ann)}
    assert tenant.members({"id": id_in(b)}) == {id_in(a)}


def test_users_that_manage_each_other_are_created_then_joined(tenant: Tenant) -> None:
    def managed_by(name: str) -> Json:
        return {ENTERPRISE: {"manager": {"value": f"bulkId:{name}"}, "department": "Sales"}}

    results = bulk(
        tenant,
        new_user("ann", **managed_by("bob")),
        new_user("bob", **managed_by("cy")),
        new_user("cy", **managed_by("ann")),
        new_user("own", **managed_by("own")),
    )
    assert statuses(results) == ["201"] * 4
    ids = [id_in(result) for result in results]
    users = [tenant.get(f"/Users/{user_id}") for user_id in ids]
    managers = [user[ENTERPRISE]["manager"]["value"] for user in users]
    assert managers == [ids[1], ids[2], ids[0], ids[3]]
    assert {user[ENTERPRISE]["department"] for user in users} == {"Sales"}
    assert [user["meta"]["version"] for user in users] == [r["version"] for r in results]


def test_a_circle_with_a_refused_creation_is_taken_back_whole(tenant: Tenant) -> None:
    tenant.user("taken")
    a = new_user("a", **{ENTERPRISE: {"manager": {"value": "bulkId:b"}}})
    b = new_user("b", userName="taken", **{ENTERPRISE: {"manager": {"value": "bulkId:a"}}})
    results = bulk(tenant, a, b, new_group("g", "bulkId:a"), new_user("ok"))
    assert statuses(results) == ["409", "409", "409", "201"]
    assert "in a circle" in results[0]["response"]["detail"]
    assert results[1]["response"]["scimType"] == "uniqueness"
    assert sorted(tenant.found("userName pr")) == ["ok", "taken"]


def test_a_chain_of_a_thousand_references_is_followed(tenant: Tenant) -> None:
    names = [f"u{number}" for number in range(1000)]
    chain = [
        new_user(name, **{ENTERPRISE: {"manager": {"value": f"bulkId:{following}"}}})
        for name, following in pairwise(names)
    ]
    results = bulk(tenant, *chain, new_user(names[-1]))
    assert set(statuses(results)) == {"201"}
    first = tenant.get(f"/Users/{id_in(results[0])}")
    assert first[ENTERPRISE]["manager"]["value"] == id_in(results[1])


def test_operations_keep_their_order_where_no_reference_needs_another() -> None:
    operations = [new_user("a"), new_group("g", "bulkId:c"), new_user("b"), new_user("c")]
    parsed = parse_bulk({"Operations": operations}).operations
    assert [[operation.index for operation in unit] for unit in in_order(parsed)] == [
        [0],
        [3],
        [1],
        [2],
    ]


def test_only_what_refers_to_later_resources_is_put_off() -> None:
    data = {
        "displayName": "g",
        "members": [{"value": "bulkId:a"}, {"value": "known"}],
        ENTERPRISE: {"department": "Sales", "manager": {"value": "bulkId:a"}},
    }
    assert split(data, {"a"}) == (
        {
            "displayName": "g",
            "members": [{"value": "known"}],
            ENTERPRISE: {"department": "Sales"},
        },
        {
            "members": [{"value": "bulkId:a"}],
            ENTERPRISE: {"manager": {"value": "bulkId:a"}},
        },
    )


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just("bulkId:a"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["userName", "members", "value", "Operations", "op", "path", GROUP]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
any_operation = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET", ""]) | any_json,
        "path": st.sampled_from(
            [
                "/Users",
                "/Groups",
                "/Users/bulkId:a",
                "/Groups/bulkId:b",
                "/",
                "/Me",
                "/Bulk",
                ".scim",
            ]
        )
        | st.text(max_size=6),
    },
    optional={
        "bulkId": st.sampled_from(["a", "b", "c"]) | any_json,
        "data": any_json,
        "version": any_json,
    },
)


@settings(
    max_examples=400,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=st.lists(any_operation, max_size=5))
def test_any_operations_are_answered(tenant: Tenant, operations: list[Json]) -> None:
    reply = tenant.scim.post("/Bulk", json={"Operations": operations})
    assert reply.status_code in (200, 400)
    if reply.status_code == 200:
        results = reply.json()["Operations"]
        assert len(results) == len(operations)
        assert all(result["status"] in _ANSWERS for result in results), results


_ANSWERS = {"200", "201", "204", "400", "404", "405", "409", "412", "501"}


# limits and envelopes


def test_fail_on_errors_ends_the_request_and_keeps_what_was_done(tenant: Tenant) -> None:
    bad = {"method": "DELETE", "path": "/Users/nobody"}
    operations = [new_user("a"), bad, new_user("b"), bad, new_user("c")]
    assert statuses(bulk(tenant, *operations, failOnErrors=2)) == ["201", "404", "201", "404"]
    assert tenant.found("userName pr") == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        ([], "invalidSyntax"),
        ({}, "invalidSyntax"),
        ({"Operations": {}}, "invalidSyntax"),
        ({"Operations": ["POST"]}, "invalidSyntax"),
        ({"Operations": [{"method": 1}]}, "invalidSyntax"),
        ({"Operations": [{"method": "POST", "bulkId": ["a"]}]}, "invalidSyntax"),
        ({"Operations": [], "failOnErrors": 0}, "invalidValue"),
        ({"Operations": [], "failOnErrors": "1"}, "invalidValue"),
        ({"Operations": [], "failOnErrors": True}, "invalidValue"),
    ],
)
def test_a_malformed_envelope_is_refused(tenant: Tenant, body: Any, scim_type: str) -> None:
    reply = tenant.scim.post("/Bulk", json=body)
    assert (reply.status_code, reply.json()["scimType"]) == (400, scim_type)


def test_an_empty_request_does_nothing(tenant: Tenant) -> None:
    assert bulk(tenant) == []


def test_the_limits_are_told_and_kept(tenant: Tenant) -> None:
    told = tenant.get("/ServiceProviderConfig")["bulk"]
    assert told == {"supported": True, "maxOperations": 1000, "maxPayloadSize": 1024 * 1024}
    operations = [{"method": "DELETE", "path": "/Users/x"}] * 1001
    reply = tenant.scim.post("/Bulk", json={"Operations": operations})
    assert reply.status_code == 413
    assert "1,001 operations" in reply.json()["detail"]
    large = json.dumps({"Operations": [new_user("x" * 1024 * 1024)]})
    reply = tenant.scim.post("/Bulk", content=large)
    assert (reply.status_code, reply.json()["status"]) == (413, "413")


def test_a_long_request_lets_others_have_their_turn(tenant: Tenant) -> None:
    ann = tenant.user("ann")
    group = tenant.group("all")
    slow = [new_user(f"u{number}", displayName="x" * 200) for number in range(900)]
    done: list[float] = []
    other = tenant.desk.client(tenant.token)
    other.get(f"/Users/{ann['id']}")

    def send() -> None:
        assert set(statuses(bulk(tenant, *slow))) == {"201"}
        done.append(time.monotonic())

    thread = threading.Thread(target=send)
    thread.start()
    waits = []
    while thread.is_alive():
        began = time.monotonic()
        assert other.get(f"/Groups/{group['id']}").status_code == 200
        waits.append(time.monotonic() - began)
    thread.join()
    assert len(waits) >= 3, "other requests were answered while the bulk request was under way"


def test_what_did_not_reach_the_disk_is_not_told_as_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    scim = desk.client()
    commits = 0
    real = SharedTransaction.commit

    def failing(transaction: SharedTransaction) -> None:
        nonlocal commits
        commits += 1
        if commits > 1 and transaction.uncommitted:
            connection = transaction._database.connection()
            connection.execute("ROLLBACK")
        real(transaction)

    monkeypatch.setattr("server.http.bulk.PORTION", 0.0)
    monkeypatch.setattr(SharedTransaction, "commit", failing)
    operations = [new_user(name) for name in ("a", "b", "c")]
    results = scim.post("/Bulk", json={"Operations": operations}).json()["Operations"]
    monkeypatch.undo()
    assert statuses(results) == ["201", "503", "503"]
    found = scim.get("/Users").json()["Resources"]
    assert [user["userName"] for user in found] == ["a"]


def test_a_request_of_which_nothing_reached_the_disk_is_refused_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    scim = desk.client()
    real = SharedTransaction.commit

    def failing(transaction: SharedTransaction) -> None:
        if transaction.uncommitted:
            transaction._database.connection().execute("ROLLBACK")
        real(transaction)

    monkeypatch.setattr(SharedTransaction, "commit", failing)
    reply: httpx.Response = scim.post("/Bulk", json={"Operations": [new_user("a")]})
    monkeypatch.undo()
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    assert scim.get("/Users").json()["totalResults"] == 0
