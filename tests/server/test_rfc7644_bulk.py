"""The examples of RFC 7644 3.7: bulk requests, their answers and errors."""

from typing import Any

import pytest

from tests.server.tenant import BULK, ENTERPRISE, ERROR, GROUP, USER, Json, Tenant

BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def bulk(tenant: Tenant, *operations: Json, **more: Any) -> list[Json]:
    """Send a bulk request that succeeds as a whole, and return what became of the operations."""
    body = {"schemas": [BULK], "Operations": list(operations)} | more
    reply = tenant.scim.post("/Bulk", json=body)
    assert reply.status_code == 200, reply.text
    assert reply.json()["schemas"] == [BULK_RESPONSE]
    answers: list[Json] = reply.json()["Operations"]
    return answers


def post(path: str, bulk_id: str, **data: Any) -> Json:
    schema = GROUP if path == "/Groups" else USER
    return {
        "method": "POST",
        "path": path,
        "bulkId": bulk_id,
        "data": {"schemas": [schema]} | data,
    }


def statuses(answers: list[Json]) -> list[str]:
    return [answer["status"] for answer in answers]


def id_of(answer: Json) -> str:
    created: str = answer["location"].rpartition("/")[2]
    return created


def version_of(tenant: Tenant, resource: Json) -> str:
    version: str = tenant.get(f"/Users/{resource['id']}")["meta"]["version"]
    return version


# 3.7: the four methods in one request


@pytest.mark.parametrize("as_list", [True, False], ids=["the RFC's list", "a PatchOp"])
def test_the_example_with_all_methods(tenant: Tenant, as_list: bool) -> None:
    """The RFC's example has the operations of the PATCH alone as its data."""
    bob, dave, gone = (tenant.user(name) for name in ("bob", "dave", "gone"))
    operations = [
        {"op": "remove", "path": "nickName"},
        {"op": "add", "path": "userName", "value": "Dave"},
    ]
    answers = bulk(
        tenant,
        post("/Users", "qwerty", userName="Alice"),
        {
            "method": "PUT",
            "path": f"/Users/{bob['id']}",
            "version": bob["meta"]["version"],
            "data": {"schemas": [USER], "userName": "Bob"},
        },
        {
            "method": "PATCH",
            "path": f"/Users/{dave['id']}",
            "version": dave["meta"]["version"],
            "data": operations if as_list else {"Operations": operations},
        },
        {
            "method": "DELETE",
            "path": f"/Users/{gone['id']}",
            "version": gone["meta"]["version"],
        },
        failOnErrors=1,
    )
    assert statuses(answers) == ["201", "200", "200", "204"]
    assert [answer["method"] for answer in answers] == ["POST", "PUT", "PATCH", "DELETE"]
    assert answers[0]["bulkId"] == "qwerty"
    alice = tenant.get(f"/Users/{id_of(answers[0])}")
    assert alice["userName"] == "Alice"
    assert alice["meta"]["location"] == answers[0]["location"]
    assert alice["meta"]["version"] == answers[0]["version"]
    for user, answer in zip((bob, dave, gone), answers[1:], strict=True):
        assert answer["location"] == user["meta"]["location"]
    assert tenant.get(f"/Users/{dave['id']}")["userName"] == "Dave"
    assert tenant.get(f"/Users/{bob['id']}")["meta"]["version"] == answers[1]["version"]
    assert tenant.scim.get(f"/Users/{gone['id']}").status_code == 404


# 3.7.2 bulkId


def test_a_group_with_a_member_that_the_same_request_creates(tenant: Tenant) -> None:
    answers = bulk(
        tenant,
        post("/Users", "qwerty", userName="Alice"),
        post(
            "/Groups",
            "ytrewq",
            displayName="Tour Guides",
            members=[{"type": "User", "value": "bulkId:qwerty"}],
        ),
    )
    assert statuses(answers) == ["201", "201"]
    group = tenant.get(f"/Groups/{id_of(answers[1])}")
    assert [(m["value"], m["display"]) for m in group["members"]] == [(id_of(answers[0]), "Alice")]


def test_a_manager_that_the_same_request_creates_later(tenant: Tenant) -> None:
    answers = bulk(
        tenant,
        post(
            "/Users",
            "ytrewq",
            userName="Bob",
            **{ENTERPRISE: {"manager": {"value": "bulkId:qwerty"}}},
        ),
        post("/Users", "qwerty", userName="Alice"),
    )
    assert statuses(answers) == ["201", "201"]
    assert [answer["bulkId"] for answer in answers] == ["ytrewq", "qwerty"]
    bob = tenant.get(f"/Users/{id_of(answers[0])}")
    assert bob[ENTERPRISE]["manager"]["value"] == id_of(answers[1])


def test_a_circle_of_two_groups_is_resolved(tenant: Tenant) -> None:
    """3.7.1: "the service provider MUST try to resolve circular cross-references"."""
    answers = bulk(
        tenant,
        post(
            "/Groups",
            "qwerty",
            displayName="Group A",
            members=[{"type": "Group", "value": "bulkId:ytrewq"}],
        ),
        post(
            "/Groups",
            "ytrewq",
            displayName="Group B",
            members=[{"type": "Group", "value": "bulkId:qwerty"}],
        ),
    )
    assert statuses(answers) == ["201", "201"]
    first, second = (id_of(answer) for answer in answers)
    for group, other in ((first, second), (second, first)):
        read = tenant.get(f"/Groups/{group}")
        assert [(m["value"], m["type"]) for m in read["members"]] == [(other, "Group")]
    assert answers[0]["version"] == tenant.get(f"/Groups/{first}")["meta"]["version"]
    assert answers[1]["version"] == tenant.get(f"/Groups/{second}")["meta"]["version"]


def test_a_bulk_id_in_a_path_and_in_a_value_path(tenant: Tenant) -> None:
    group = tenant.group("Crew")
    add = [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:a"}, {"value": "bulkId:b"}]}
    ]
    remove = [{"op": "remove", "path": 'members[value eq "bulkId:b"]'}]
    answers = bulk(
        tenant,
        post("/Users", "a", userName="Alice"),
        post("/Users", "b", userName="Bob"),
        {"method": "PATCH", "path": f"/Groups/{group['id']}", "data": {"Operations": add}},
        {"method": "PATCH", "path": f"/Groups/{group['id']}", "data": {"Operations": remove}},
        {"method": "PUT", "path": "/Users/bulkId:a", "data": {"userName": "Alicia"}},
    )
    assert statuses(answers) == ["201", "201", "200", "200", "200"]
    assert tenant.members(group) == {id_of(answers[0])}
    assert tenant.get(f"/Users/{id_of(answers[0])}")["userName"] == "Alicia"


# 3.7.3 errors


def test_a_refused_operation_ends_the_request_at_fail_on_errors(tenant: Tenant) -> None:
    bob = tenant.user("bob")
    answers = bulk(
        tenant,
        {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {"schemas": [USER]}},
        {"method": "DELETE", "path": f"/Users/{bob['id']}"},
        failOnErrors=1,
    )
    (refused,) = answers
    assert (refused["method"], refused["bulkId"], refused["status"]) == ("POST", "qwerty", "400")
    assert refused["response"]["schemas"] == [ERROR]
    assert refused["response"]["status"] == "400"
    assert refused["response"]["scimType"] == "invalidValue"
    assert "location" not in refused
    assert tenant.get(f"/Users/{bob['id']}") == bob


def test_the_example_where_every_operation_is_refused(tenant: Tenant) -> None:
    bob, dave, gone = (tenant.user(name) for name in ("bob", "dave", "gone"))
    old = 'W/"4weymrEsh5O6cAEK"'
    answers = bulk(
        tenant,
        {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {"schemas": [USER]}},
        {
            "method": "PUT",
            "path": f"/Users/{bob['id']}",
            "version": old,
            "data": {"schemas": [USER], "userName": "Bob"},
        },
        {
            "method": "PATCH",
            "path": f"/Users/{dave['id']}",
            "version": old,
            "data": {"Operations": [{"op": "remove", "path": "nickName"}]},
        },
        {"method": "DELETE", "path": "/Users/e9025315-6bea-44e1-899c-1e07454e468b"},
        {"method": "GET", "path": f"/Users/{gone['id']}"},
        {"method": "POST", "path": "/Nope", "bulkId": "n", "data": {}},
    )
    assert statuses(answers)[:4] == ["400", "412", "412", "404"]
    assert statuses(answers)[4] in ("400", "405")
    assert statuses(answers)[5] == "404"
    for answer in answers:
        assert answer["response"]["status"] == answer["status"]
        assert len(answer["response"]["detail"]) > 20
    for user in (bob, dave, gone):
        assert tenant.get(f"/Users/{user['id']}") == user


def test_errors_without_a_limit_do_not_end_the_request(tenant: Tenant) -> None:
    answers = bulk(
        tenant,
        post("/Users", "1", userName="ann"),
        post("/Users", "2", userName="ANN"),
        post("/Users", "3", userName="cat"),
    )
    assert statuses(answers) == ["201", "409", "201"]
    assert answers[1]["response"]["scimType"] == "uniqueness"
    assert tenant.found("userName pr") == ["ann", "cat"]


def test_a_reference_to_what_was_refused_is_refused_with_409_or_400(tenant: Tenant) -> None:
    answers = bulk(
        tenant,
        {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"schemas": [USER]}},
        post("/Groups", "g", displayName="Crew", members=[{"value": "bulkId:q"}]),
        post("/Groups", "h", displayName="Team", members=[{"value": "bulkId:unknown"}]),
    )
    assert answers[0]["status"] == "400"
    for answer, name in ((answers[1], "q"), (answers[2], "unknown")):
        assert answer["status"] in ("400", "409")
        assert name in answer["response"]["detail"]
    assert tenant.found("displayName pr", "/Groups") == []


# 3.7.4 maximum operations


def test_too_many_operations_are_refused_with_413(tenant: Tenant) -> None:
    limit = tenant.get("/ServiceProviderConfig")["bulk"]["maxOperations"]
    operations = [post("/Users", str(n), userName=f"u{n}") for n in range(limit + 1)]
    reply = tenant.scim.post("/Bulk", json={"schemas": [BULK], "Operations": operations})
    assert reply.status_code == 413
    assert reply.json()["schemas"] == [ERROR]
    assert f"{limit:,}" in reply.json()["detail"] or str(limit) in reply.json()["detail"]
    assert tenant.found("userName pr") == []


def test_too_large_a_request_is_refused_with_413(tenant: Tenant) -> None:
    limit = tenant.get("/ServiceProviderConfig")["bulk"]["maxPayloadSize"]
    body = b'{"schemas":[],"Operations":[]' + b" " * limit + b"}"
    reply = tenant.scim.post("/Bulk", content=body)
    assert reply.status_code == 413
    assert reply.json()["schemas"] == [ERROR]
