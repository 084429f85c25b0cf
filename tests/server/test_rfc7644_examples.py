"""The examples of RFC 7644 about single resources: 3.3 to 3.6, 3.8 to 3.14, and 4.

Ids, hosts and versions are the server's own; everything else is as the RFC has it.
"""

import pytest

from tests.server.tenant import ENTERPRISE, ERROR, LIST, SCIM_JSON, USER, Json, Tenant

BJENSEN: Json = {
    "schemas": [USER],
    "userName": "bjensen",
    "externalId": "bjensen",
    "name": {
        "formatted": "Ms. Barbara J Jensen III",
        "familyName": "Jensen",
        "givenName": "Barbara",
    },
}
REPLACED: Json = BJENSEN | {
    "name": BJENSEN["name"] | {"middleName": "Jane"},
    "roles": [],
    "emails": [{"value": "bjensen@example.com"}, {"value": "babs@jensen.org"}],
}
UNKNOWN = "2819c223-7f76-453a-919d-413861904646"


def without_meta(resource: Json) -> Json:
    return {name: value for name, value in resource.items() if name not in ("id", "meta", "active")}


# 3.3 Creating resources


def test_creating_a_user_answers_its_location_version_and_body(tenant: Tenant) -> None:
    reply = tenant.scim.post("/Users", json=BJENSEN)
    created = reply.json()
    location = f"{tenant.desk.url}/Users/{created['id']}"
    assert reply.status_code == 201
    assert reply.headers["Content-Type"] == "application/scim+json"
    assert reply.headers["Location"] == location
    assert reply.headers["ETag"] == created["meta"]["version"]
    assert created["meta"].keys() == {
        *("resourceType", "created", "lastModified", "location", "version")
    }
    assert created["meta"]["resourceType"] == "User"
    assert created["meta"]["location"] == location
    assert created["meta"]["created"] == created["meta"]["lastModified"]
    assert without_meta(created) == BJENSEN


def test_creating_a_user_twice_is_a_conflict_of_uniqueness(tenant: Tenant) -> None:
    tenant.created("/Users", BJENSEN)
    reply = tenant.scim.post("/Users", json=BJENSEN)
    assert reply.status_code == 409
    assert reply.json()["schemas"] == [ERROR]
    assert reply.json()["scimType"] == "uniqueness"
    assert tenant.found('userName eq "bjensen"') == ["bjensen"]


def test_read_only_attributes_in_a_creation_are_ignored(tenant: Tenant) -> None:
    meta = {"resourceType": "Group", "created": "2001-01-01T00:00:00Z", "version": "x"}
    created = tenant.created("/Users", BJENSEN | {"id": UNKNOWN, "meta": meta})
    assert created["id"] != UNKNOWN
    assert created["meta"]["resourceType"] == "User"
    assert created["meta"]["created"] > "2026"


# 3.4.1 Retrieving a known resource, 3.9 attributes


def test_retrieving_a_known_user(tenant: Tenant) -> None:
    more = {
        "phoneNumbers": [{"value": "555-555-8377", "type": "work"}],
        "emails": [{"value": "bjensen@example.com", "type": "work"}],
    }
    created = tenant.created("/Users", BJENSEN | more)
    reply = tenant.scim.get(f"/Users/{created['id']}")
    assert reply.status_code == 200
    assert reply.headers["ETag"] == created["meta"]["version"]
    assert reply.json() == created
    assert without_meta(reply.json()) == BJENSEN | more


def test_retrieving_one_attribute_of_a_user(tenant: Tenant) -> None:
    created = tenant.created("/Users", BJENSEN)
    body = tenant.get(f"/Users/{created['id']}?attributes=userName")
    assert body == {"schemas": [USER], "id": created["id"], "userName": "bjensen"}


# 3.5.1 Replacing with PUT


def test_replacing_a_user(tenant: Tenant) -> None:
    created = tenant.created("/Users", BJENSEN | {"title": "goes"})
    reply = tenant.scim.put(f"/Users/{created['id']}", json=REPLACED | {"id": created["id"]})
    assert reply.status_code == 200
    assert reply.headers["ETag"] == reply.json()["meta"]["version"] != created["meta"]["version"]
    expected = {name: value for name, value in REPLACED.items() if name != "roles"}
    assert without_meta(reply.json()) == expected
    assert tenant.get(f"/Users/{created['id']}") == reply.json()
    assert reply.json()["meta"]["created"] == created["meta"]["created"]


@pytest.mark.parametrize("path", ["/Users/", "/Groups/"])
def test_put_creates_nothing(tenant: Tenant, path: str) -> None:
    body = BJENSEN | {"displayName": "bjensen"}
    reply = tenant.scim.put(f"{path}{UNKNOWN}", json=body)
    assert reply.status_code == 404
    assert tenant.found('displayName eq "bjensen"', path[:-1]) == []


# 3.6 Deleting


def test_a_deleted_user_is_gone_for_every_method(tenant: Tenant) -> None:
    path = f"/Users/{tenant.created('/Users', BJENSEN)['id']}"
    reply = tenant.scim.delete(path)
    assert (reply.status_code, reply.content) == (204, b"")
    assert tenant.scim.get(path).status_code == 404
    assert tenant.scim.put(path, json=BJENSEN).status_code == 404
    assert tenant.patch(path, {"op": "remove", "path": "title"}).status_code == 404
    assert tenant.scim.delete(path).status_code == 404
    assert tenant.found('userName eq "bjensen"') == []
    assert tenant.created("/Users", BJENSEN)["id"] != path.removeprefix("/Users/")


# 3.8 Data formats, 3.10 notation, 3.11 /Me, 3.12 errors


@pytest.mark.parametrize("accept", ["application/scim+json", "application/json", "*/*"])
def test_any_usual_accept_header_is_answered_in_scim_json(tenant: Tenant, accept: str) -> None:
    reply = tenant.scim.get("/Users", headers={"Accept": accept})
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/scim+json"


@pytest.mark.parametrize("media_type", ["application/scim+json", "application/json"])
def test_both_media_types_are_accepted_for_a_body(tenant: Tenant, media_type: str) -> None:
    reply = tenant.scim.post("/Users", json=BJENSEN, headers={"Content-Type": media_type})
    assert reply.status_code == 201


@pytest.mark.parametrize(
    "name",
    [
        "userName",
        "name.givenName",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName",
        "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
        f"{ENTERPRISE}:employeeNumber",
        f"{ENTERPRISE}:manager.value",
    ],
)
def test_attribute_notation_is_understood_in_filters_and_projections(
    tenant: Tenant, name: str
) -> None:
    enterprise = {"employeeNumber": "7", "manager": {"value": "26118915"}}
    tenant.created("/Users", BJENSEN | {ENTERPRISE: enterprise})
    tenant.user("other")
    assert "bjensen" in tenant.found(f"{name} pr")
    reply = tenant.scim.get("/Users", params={"attributes": name, "filter": 'userName sw "bj"'})
    (shown,) = reply.json()["Resources"]
    first = name.removeprefix(f"{USER}:").partition(".")[0]
    assert shown.keys() == {"schemas", "id", ENTERPRISE if ENTERPRISE in name else first}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_me_is_not_implemented(tenant: Tenant, method: str) -> None:
    reply = tenant.scim.request(method, "/Me", content=b"{}")
    assert reply.status_code == 501
    assert reply.json()["schemas"] == [ERROR]
    assert reply.json()["status"] == "501"


def test_an_unknown_resource_is_named_in_the_error(tenant: Tenant) -> None:
    reply = tenant.scim.get(f"/Users/{UNKNOWN}")
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/scim+json"
    assert reply.json().keys() == {"schemas", "status", "detail"}
    assert reply.json()["status"] == "404"
    assert UNKNOWN in reply.json()["detail"]


def test_a_read_only_attribute_cannot_be_patched(tenant: Tenant) -> None:
    user = tenant.created("/Users", BJENSEN)
    reply = tenant.patch(f"/Users/{user['id']}", {"op": "replace", "path": "id", "value": "x"})
    assert reply.status_code == 400
    assert reply.json()["scimType"] == "mutability"
    assert tenant.get(f"/Users/{user['id']}") == user


# 3.14 Versioning


def test_a_reader_with_the_present_version_gets_304(tenant: Tenant) -> None:
    user = tenant.created("/Users", BJENSEN)
    version = user["meta"]["version"]
    reply = tenant.scim.get(f"/Users/{user['id']}", headers={"If-None-Match": version})
    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["ETag"] == version
    reply = tenant.scim.get(f"/Users/{user['id']}", headers={"If-None-Match": 'W/"e180ee"'})
    assert (reply.status_code, reply.json()) == (200, user)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_of_an_older_version_is_412_and_of_the_present_one_is_done(
    tenant: Tenant, method: str
) -> None:
    user = tenant.created("/Users", BJENSEN)
    operation = {"op": "add", "path": "nickName", "value": "Babs"}
    body = REPLACED if method == "PUT" else {"Operations": [operation]}
    path = f"/Users/{user['id']}"
    refused = tenant.scim.request(method, path, json=body, headers={"If-Match": 'W/"a330bc54f"'})
    assert refused.status_code == 412
    assert tenant.get(path) == user
    present = {"If-Match": user["meta"]["version"]}
    done = tenant.scim.request(method, path, json=body, headers=present)
    assert done.status_code == (204 if method == "DELETE" else 200)
    again = tenant.scim.request(method, path, json=body, headers=present)
    assert again.status_code == (404 if method == "DELETE" else 412)


# 4 Discovery


def test_service_provider_config_tells_what_is_possible(tenant: Tenant) -> None:
    config = tenant.get("/ServiceProviderConfig")
    assert config["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]
    for ability in ("patch", "bulk", "filter", "sort", "etag"):
        assert config[ability]["supported"] is True, ability
    assert config["changePassword"]["supported"] is False
    assert config["bulk"]["maxOperations"] >= 1000
    assert config["bulk"]["maxPayloadSize"] >= 1048576
    assert config["pagination"]["cursor"] is True
    assert config["pagination"]["index"] is True
    assert config["authenticationSchemes"][0]["type"] == "oauthbearertoken"


def test_resource_types_and_schemas_list_what_is_served(tenant: Tenant) -> None:
    types = tenant.get("/ResourceTypes")
    assert types["schemas"] == [LIST]
    assert [resource["endpoint"] for resource in types["Resources"]] == ["/Users", "/Groups"]
    for resource in types["Resources"]:
        assert tenant.get(f"/ResourceTypes/{resource['id']}") == resource
        named = [resource["schema"], *(e["schema"] for e in resource.get("schemaExtensions", []))]
        for urn in named:
            schema = tenant.get(f"/Schemas/{urn}")
            assert schema["id"] == urn
            assert schema in tenant.get("/Schemas")["Resources"]


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"])
def test_discovery_ignores_paging_and_refuses_changes(tenant: Tenant, path: str) -> None:
    whole = tenant.get(path)
    assert tenant.get(f"{path}?startIndex=5&count=1&sortBy=id") == whole
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        reply = tenant.scim.request(method, path, content=b"{}", headers=SCIM_JSON)
        assert reply.status_code == 405, method
        assert "GET" in reply.headers["Allow"]


@pytest.mark.parametrize("path", ["/ResourceTypes", "/Schemas"])
def test_discovery_refuses_a_filter_with_403(tenant: Tenant, path: str) -> None:
    reply = tenant.scim.get(path, params={"filter": 'id eq "User"'})
    assert reply.status_code == 403
    assert reply.json()["schemas"] == [ERROR]
