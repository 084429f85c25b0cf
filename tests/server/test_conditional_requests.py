"""Requests that depend on a resource's version (RFC 7644 3.14, RFC 9110 13)."""

import threading

import httpx
import pytest

from tests.server.tenant import ERROR, PATCH, USER, Json, Tenant

RETITLED: Json = {
    "schemas": [PATCH],
    "Operations": [{"op": "replace", "path": "title", "value": "Boss"}],
}


@pytest.fixture
def path(tenant: Tenant) -> str:
    """The path of a user of version 2."""
    path = f"/Users/{tenant.user('ann')['id']}"
    assert tenant.patch(path, {"op": "add", "path": "title", "value": "Dr"}).status_code == 200
    return path


def body(**attributes: str) -> Json:
    return {"schemas": [USER], "userName": "ann"} | attributes


def refused(reply: httpx.Response) -> bool:
    if reply.status_code != 412:
        return False
    assert reply.json()["schemas"] == [ERROR]
    assert reply.json()["status"] == "412"
    assert 'W/"2"' in reply.json()["detail"]
    return True


def test_every_answer_with_a_resource_has_its_version_as_etag(tenant: Tenant) -> None:
    created = tenant.scim.post("/Users", json=body())
    path = f"/Users/{created.json()['id']}"
    replies = [
        created,
        tenant.scim.get(path),
        tenant.scim.put(path, json=body(title="Dr")),
        tenant.scim.patch(path, json=RETITLED),
    ]
    for reply in replies:
        assert reply.headers["ETag"] == reply.json()["meta"]["version"]
    assert [reply.headers["ETag"] for reply in replies] == ['W/"1"', 'W/"1"', 'W/"2"', 'W/"3"']


def test_a_patched_group_answers_its_new_version_without_a_body(tenant: Tenant) -> None:
    group = tenant.group("Staff")
    ann = tenant.user("ann")
    add = {"op": "add", "path": "members", "value": [{"value": ann["id"]}]}
    reply = tenant.patch(f"/Groups/{group['id']}", add)
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["ETag"] == tenant.get(f"/Groups/{group['id']}")["meta"]["version"]


def test_etags_are_advertised(tenant: Tenant) -> None:
    assert tenant.get("/ServiceProviderConfig")["etag"] == {"supported": True}


@pytest.mark.parametrize("tags", ['W/"2"', '"2"', "*", 'W/"1", W/"2"', '"1","2"', 'W/"1" ,W/"2"'])
def test_a_version_that_the_reader_has_is_answered_with_304(
    tenant: Tenant, path: str, tags: str
) -> None:
    reply = tenant.scim.get(path, headers={"If-None-Match": tags})
    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["ETag"] == 'W/"2"'
    assert "content-type" not in reply.headers
    head = tenant.scim.head(path, headers={"If-None-Match": tags})
    assert (head.status_code, head.headers["ETag"]) == (304, 'W/"2"')


@pytest.mark.parametrize("tags", ['W/"1"', '"22"', "2", "", 'W/"', '"', "W/2", "nonsense"])
def test_another_version_or_a_malformed_tag_reads_the_whole_resource(
    tenant: Tenant, path: str, tags: str
) -> None:
    reply = tenant.scim.get(path, headers={"If-None-Match": tags})
    assert (reply.status_code, reply.json()["userName"]) == (200, "ann")


@pytest.mark.parametrize("tags", ['W/"2"', '"2"', "*", 'W/"1", W/"2"'])
def test_changes_of_the_version_that_is_meant_take_place(
    tenant: Tenant, path: str, tags: str
) -> None:
    headers = {"If-Match": tags}
    reply = tenant.scim.put(path, json=body(title="Prof"), headers=headers)
    assert (reply.status_code, reply.headers["ETag"]) == (200, 'W/"3"')


@pytest.mark.parametrize("tags", ['W/"1"', '"3"', "2", "", 'W/"', "nonsense", 'W/"1", W/"3"'])
def test_changes_of_another_version_are_refused(tenant: Tenant, path: str, tags: str) -> None:
    headers = {"If-Match": tags}
    assert refused(tenant.scim.put(path, json=body(title="Prof"), headers=headers))
    assert refused(tenant.scim.patch(path, json=RETITLED, headers=headers))
    assert refused(tenant.scim.delete(path, headers=headers))
    assert tenant.get(path)["title"] == "Dr"


def test_a_change_may_be_forbidden_for_a_version(tenant: Tenant, path: str) -> None:
    for tags in ("*", 'W/"2"'):
        headers = {"If-None-Match": tags}
        assert refused(tenant.scim.put(path, json=body(), headers=headers))
        assert refused(tenant.scim.patch(path, json=RETITLED, headers=headers))
        assert refused(tenant.scim.delete(path, headers=headers))
    assert tenant.scim.delete(path, headers={"If-None-Match": 'W/"1"'}).status_code == 204


def test_groups_have_versions_too(tenant: Tenant) -> None:
    path = f"/Groups/{tenant.group('Staff')['id']}"
    rename = {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"displayName": "S"}}]}
    stale = {"If-Match": 'W/"7"'}
    assert tenant.scim.patch(path, json=rename, headers=stale).status_code == 412
    assert tenant.scim.delete(path, headers=stale).status_code == 412
    assert tenant.scim.patch(path, json=rename, headers={"If-Match": 'W/"1"'}).status_code == 204
    assert tenant.scim.get(path, headers={"If-None-Match": 'W/"2"'}).status_code == 304


def test_creations_and_lists_have_no_version_to_compare(tenant: Tenant, path: str) -> None:
    conditions = {"If-Match": 'W/"7"', "If-None-Match": "*"}
    created = tenant.scim.post("/Users", json=body(userName="bob"), headers=conditions)
    assert created.status_code == 201
    assert tenant.scim.get("/Users", headers=conditions).status_code == 200


def test_a_resource_that_is_not_there_is_missing_whatever_the_condition(tenant: Tenant) -> None:
    for tags in ("*", 'W/"1"'):
        reply = tenant.scim.put("/Users/nobody", json=body(), headers={"If-Match": tags})
        assert reply.status_code == 404


def test_of_two_puts_with_the_same_condition_one_wins(tenant: Tenant, path: str) -> None:
    version = 2
    for _ in range(20):
        replies = at_once(tenant, path, {"If-Match": f'W/"{version}"'})
        assert sorted(reply.status_code for reply in replies) == [200, 412]
        (winner,) = [reply for reply in replies if reply.status_code == 200]
        version += 1
        assert winner.headers["ETag"] == f'W/"{version}"'
        assert tenant.get(path)["title"] == winner.json()["title"]


def at_once(tenant: Tenant, path: str, headers: dict[str, str]) -> list[httpx.Response]:
    """Send two PUTs over two open connections at the same moment."""
    barrier = threading.Barrier(2)
    replies: list[httpx.Response] = []
    clients = [tenant.desk.client(tenant.token) for _ in range(2)]

    def put(number: int) -> None:
        clients[number].get(path)
        barrier.wait(timeout=10)
        title = f"{headers['If-Match']}-{number}"
        replies.append(clients[number].put(path, json=body(title=title), headers=headers))

    threads = [threading.Thread(target=put, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_a_user_of_a_new_group_is_read_whole_although_the_version_is_the_same(
    tenant: Tenant,
) -> None:
    ann = tenant.user("ann")
    tenant.group("Sales", ann["id"])
    known = {"If-None-Match": ann["meta"]["version"]}
    reply = tenant.scim.get(f"/Users/{ann['id']}", headers=known)
    assert reply.status_code == 200
    assert [group["display"] for group in reply.json()["groups"]] == ["Sales"]


def test_a_group_whose_member_was_renamed_has_another_version(tenant: Tenant) -> None:
    ann = tenant.user("ann", displayName="Ann")
    group = tenant.group("Sales", ann["id"])
    tenant.patch(
        f"/Users/{ann['id']}", {"op": "replace", "path": "displayName", "value": "Ann Lee"}
    )
    known = {"If-None-Match": tenant.get(f"/Groups/{group['id']}")["meta"]["version"]}
    assert known["If-None-Match"] != group["meta"]["version"]
    assert tenant.scim.get(f"/Groups/{group['id']}", headers=known).status_code == 304
