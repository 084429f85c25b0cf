"""What each path answers to each method, however it is written; and what lists and answers show."""

from typing import Any

import pytest

from tests.desk import Desk
from tests.server.tenant import BLINK, ENTERPRISE, ERROR, PATCH, USER, Json, Tenant, rows

LIST = "OPTIONS, HEAD, GET, POST"
RESOURCE = "OPTIONS, HEAD, GET, PUT, PATCH, DELETE"
READ = "OPTIONS, HEAD, GET"
POSTED = "OPTIONS, POST"
ENDPOINTS = [
    ("", READ),
    ("/Users", LIST),
    ("/Users/x", RESOURCE),
    ("/Users/.search", POSTED),
    ("/Groups", LIST),
    ("/Groups/x", RESOURCE),
    ("/Groups/.search", POSTED),
    ("/.search", POSTED),
    ("/Bulk", POSTED),
    ("/ServiceProviderConfig", READ),
    ("/ResourceTypes", READ),
    ("/ResourceTypes/User", READ),
    ("/Schemas", READ),
    (f"/Schemas/{USER}", READ),
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"]


# methods


@pytest.mark.parametrize(("path", "allowed"), ENDPOINTS)
def test_options_tells_the_methods(tenant: Tenant, path: str, allowed: str) -> None:
    reply = tenant.scim.options(path)
    assert (reply.status_code, reply.content, reply.headers["Allow"]) == (204, b"", allowed)


@pytest.mark.parametrize(("path", "allowed"), ENDPOINTS)
def test_another_method_is_answered_with_405_and_the_right_ones(
    tenant: Tenant, path: str, allowed: str
) -> None:
    others = set(METHODS) - set(allowed.split(", "))
    assert others
    for method in others:
        reply = tenant.scim.request(method, path)
        assert (reply.status_code, reply.headers["Allow"]) == (405, allowed)
        assert reply.json()["schemas"] == [ERROR]
        assert allowed in reply.json()["detail"]


def test_head_has_the_headers_of_get_and_no_body(tenant: Tenant) -> None:
    user = tenant.user("ann")
    for path in ("", "/Users", f"/Users/{user['id']}", "/Schemas", "/Users/nobody", "/Groups"):
        head, get = tenant.scim.head(path), tenant.scim.get(path)
        assert head.content == b""
        assert head.status_code == get.status_code
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == get.headers.get(name)


def test_me_is_not_offered_whatever_the_method(tenant: Tenant) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        reply = tenant.scim.request(method, "/Me", json={} if method != "GET" else None)
        assert reply.status_code == 501
        assert "token stands for an organization" in reply.json()["detail"]


def test_the_method_is_the_one_that_is_sent(tenant: Tenant) -> None:
    user = tenant.user("ann")
    override = {"X-HTTP-Method-Override": "DELETE"}
    assert tenant.scim.post("/Users", json={"userName": "bob"}, headers=override).is_success
    assert tenant.scim.get(f"/Users/{user['id']}", headers=override).status_code == 200
    assert tenant.found("userName pr") == ["ann", "bob"]


def test_groups_that_are_switched_off_say_so_to_every_method(desk: Desk) -> None:
    client = desk.client()
    paths = ["/Groups", "/groups/x", "/Groups/.search"]
    for path, method in [(path, method) for path in paths for method in METHODS]:
        reply = client.request(method, path)
        assert reply.status_code == 403
        assert "does not support group push" in reply.json()["detail"]
        assert "Acme" in reply.json()["detail"]


# paths


@pytest.mark.parametrize(
    "path",
    [
        "/Users/{id}",
        "/Users/{id}/",
        "//Users//{id}//",
        "/users/{id}",
        "/USERS/{id}",
        "/Users/{id}.scim",
        "/Users/{id}.scim/",
        "/Users/{id}.scim?attributes=userName",
        "/%55sers/{id}",
    ],
)
def test_a_user_is_found_however_its_path_is_written(tenant: Tenant, path: str) -> None:
    user = tenant.user("ann")
    reply = tenant.scim.get(f"{tenant.desk.url}{path.format(id=user['id'])}")
    assert (reply.status_code, reply.json()["id"]) == (200, user["id"])


def test_the_suffix_changes_nothing(tenant: Tenant) -> None:
    created = tenant.scim.post("/Users.scim", json={"schemas": [USER], "userName": "ann"})
    assert created.status_code == 201
    user = created.json()
    assert created.headers["Location"] == f"{tenant.desk.url}/Users/{user['id']}"
    assert tenant.scim.get("/Users.scim").json() == tenant.scim.get("/Users").json()
    assert tenant.scim.get("/Schemas.scim").json() == tenant.scim.get("/Schemas").json()
    path = f"/Users/{user['id']}.scim"
    assert tenant.patch(path, {"op": "add", "path": "title", "value": "Dr"}).status_code == 200
    assert tenant.scim.delete(path).status_code == 204


@pytest.mark.parametrize("path", ["/users", "/USERS/", "//Users"])
def test_a_location_has_the_usual_form_whatever_was_asked(tenant: Tenant, path: str) -> None:
    created = tenant.scim.post(f"{tenant.desk.url}{path}", json={"userName": "ann"})
    assert created.headers["Location"] == created.json()["meta"]["location"]
    assert "/scim/v2/Users/" in created.headers["Location"]


@pytest.mark.parametrize("base", ["/scim/v2", "/scim"])
def test_both_base_paths_serve_and_name_themselves(tenant: Tenant, base: str) -> None:
    user = tenant.user("ann")
    origin = tenant.desk.url.removesuffix("/scim/v2")
    location = f"{origin}{base}/Users/{user['id']}"
    assert tenant.scim.get(location).json()["meta"]["location"] == location


@pytest.mark.parametrize(
    "path",
    ["/Users/a/b", "/Nothing", "/Users/.search/x", "/.scim", "/Bulk/x", "/Me/x", "/Schemas/x"],
)
def test_a_path_without_anything_behind_it_is_not_found(tenant: Tenant, path: str) -> None:
    reply = tenant.scim.get(path)
    assert (reply.status_code, reply.json()["schemas"]) == (404, [ERROR])


@pytest.mark.parametrize("path", ["", "/", "/scimX", "/v2/Users", "/scim2/v2", "/Users"])
def test_outside_of_the_base_path_the_right_one_is_named(desk: Desk, path: str) -> None:
    origin = desk.url.removesuffix("/scim/v2")
    reply = desk.client().get(f"{origin}{path}")
    assert (reply.status_code, reply.json()["schemas"]) == (404, [ERROR])
    assert "/scim/v2" in reply.json()["detail"]


# what is shown


FULL: Json = {
    "schemas": [USER, ENTERPRISE, BLINK],
    "userName": "ann",
    "name": {"givenName": "Ann", "familyName": "Lee"},
    "emails": [{"value": "ann@x.example", "type": "work"}],
    "title": "Dr",
    ENTERPRISE: {"department": "Sales", "employeeNumber": "7"},
    BLINK: {"company": "Acme"},
}


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({"attributes": "userName"}, {"userName": "ann"}),
        ({"attributes": "USERNAME, title"}, {"userName": "ann", "title": "Dr"}),
        ({"attributes": "name.givenName"}, {"name": {"givenName": "Ann"}}),
        ({"attributes": f"{USER}:name.givenName"}, {"name": {"givenName": "Ann"}}),
        ({"attributes": "emails.value"}, {"emails": [{"value": "ann@x.example"}]}),
        ({"attributes": f"{ENTERPRISE}:department"}, {ENTERPRISE: {"department": "Sales"}}),
        ({"attributes": BLINK}, {BLINK: {"company": "Acme"}}),
        ({"attributes": "nonsense"}, {}),
        (
            {"excludedAttributes": f"meta,emails,name.givenName,id,active,{ENTERPRISE}"},
            {
                "userName": "ann",
                "title": "Dr",
                "name": {"familyName": "Lee"},
                BLINK: {"company": "Acme"},
            },
        ),
    ],
)
def test_every_answer_shows_what_was_asked_for(
    tenant: Tenant, parameters: dict[str, str], shown: Json
) -> None:
    created = tenant.scim.post("/Users", params=parameters, json=FULL)
    assert created.status_code == 201
    path = f"/Users/{created.json()['id']}"
    nothing: Json = {"schemas": [PATCH], "Operations": []}
    listed = tenant.scim.get("/Users", params=parameters)
    searched = tenant.scim.post("/Users/.search", json=parameters)
    answers = [
        created.json(),
        tenant.scim.get(path, params=parameters).json(),
        tenant.scim.put(path, params=parameters, json=FULL).json(),
        tenant.scim.patch(path, params=parameters, json=nothing).json(),
        *rows(listed),
        *rows(searched),
    ]
    assert len(answers) == 6
    for answer in answers:
        visible = {k: v for k, v in answer.items() if k not in ("schemas", "id")}
        assert visible == shown
        assert {"schemas", "id"} <= set(answer)


def test_a_patched_group_is_shown_where_attributes_are_asked_for(tenant: Tenant) -> None:
    path = f"/Groups/{tenant.group('Staff')['id']}"
    rename = {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"displayName": "S"}}]}
    assert tenant.scim.patch(path, json=rename).status_code == 204
    reply = tenant.scim.patch(f"{path}?attributes=displayName", json=rename)
    assert (reply.status_code, reply.json()["displayName"]) == (200, "S")
    reply = tenant.scim.patch(f"{path}?excludedAttributes=members", json=rename)
    assert (reply.status_code, reply.json()["displayName"]) == (200, "S")


def test_attributes_and_excluded_attributes_exclude_each_other(tenant: Tenant) -> None:
    user = tenant.user("ann")
    parameters = {"attributes": "userName", "excludedAttributes": "title"}
    for path in ("/Users", f"/Users/{user['id']}"):
        reply = tenant.scim.get(path, params=parameters)
        assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidValue")


# lists


@pytest.mark.parametrize(
    ("sort", "order", "expected"),
    [
        ("userName", "ascending", "abc"),
        ("userName", "descending", "cba"),
        ("USERNAME", "Descending", "cba"),
        ("title", "ascending", "cab"),
        ("title", "descending", "bac"),
        ("name.familyName", "ascending", "bca"),
        ("emails", "ascending", "cba"),
        (f"{ENTERPRISE}:employeeNumber", "descending", "bca"),
        ("meta.created", "ascending", "abc"),
    ],
)
def test_lists_are_sorted(tenant: Tenant, sort: str, order: str, expected: str) -> None:
    details: dict[str, Json] = {
        "a": {"title": "m", "name": {"familyName": "Z"}, ENTERPRISE: {"employeeNumber": "1"}},
        "b": {"name": {"familyName": "k"}, ENTERPRISE: {"employeeNumber": "3"}},
        "c": {"title": "B", "name": {"familyName": "L"}, ENTERPRISE: {"employeeNumber": "2"}},
    }
    for number, (name, more) in enumerate(details.items()):
        tenant.user(name, emails=[{"value": f"{9 - number}@x.example"}], **more)
    reply = tenant.scim.get("/Users", params={"sortBy": sort, "sortOrder": order})
    assert "".join(user["userName"] for user in rows(reply)) == expected


@pytest.mark.parametrize(
    ("parameters", "start", "expected"),
    [
        ({"startIndex": 0}, 1, "abc"),
        ({"startIndex": -5}, 1, "abc"),
        ({"startIndex": 3}, 3, "c"),
        ({"startIndex": 4}, 4, ""),
        ({"startIndex": 10**15}, 10**12, ""),
        ({"startIndex": ""}, 1, "abc"),
        ({"count": 0}, 1, ""),
        ({"count": -1}, 1, ""),
        ({"count": 2}, 1, "ab"),
        ({"count": 10**15}, 1, "abc"),
        ({"startIndex": 2, "count": 1}, 2, "b"),
        ({"STARTINDEX": "+2", "Count": " 1 "}, 2, "b"),
    ],
)
def test_any_place_and_number_can_be_asked_for(
    tenant: Tenant, parameters: dict[str, Any], start: int, expected: str
) -> None:
    for name in "abc":
        tenant.user(name)
    reply = tenant.scim.get("/Users", params=parameters)
    assert "".join(user["userName"] for user in rows(reply)) == expected
    assert (reply.json()["totalResults"], reply.json()["startIndex"]) == (3, start)


@pytest.mark.parametrize("name", ["startIndex", "count"])
@pytest.mark.parametrize("value", ["one", "1.5", "1e3", "0x1", "9" * 30])
def test_what_is_no_number_is_refused(tenant: Tenant, name: str, value: str) -> None:
    reply = tenant.scim.get("/Users", params={name: value})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidValue")
    assert name in reply.json()["detail"]


def test_pages_stay_as_they_are_while_others_write(tenant: Tenant) -> None:
    users = [tenant.user(f"u{number}") for number in range(6)]
    first = rows(tenant.scim.get("/Users?count=3"))
    tenant.user("new")
    tenant.patch(f"/Users/{users[0]['id']}", {"op": "add", "path": "title", "value": "Dr"})
    again = rows(tenant.scim.get("/Users?count=3"))
    second = rows(tenant.scim.get("/Users?count=3&startIndex=4"))
    assert [user["id"] for user in first] == [user["id"] for user in again]
    assert [user["userName"] for user in second] == ["u3", "u4", "u5"]


# sizes


def test_a_patch_has_at_most_a_thousand_operations(tenant: Tenant) -> None:
    user = tenant.user("ann")
    title = {"op": "replace", "path": "title", "value": "Dr"}
    path = f"/Users/{user['id']}"
    assert tenant.patch(path, *([title] * 1000)).status_code == 200
    refused = tenant.patch(path, *([title] * 1001))
    assert refused.status_code == 413
    assert "1,001 operations" in refused.json()["detail"]


def test_a_user_has_at_most_a_thousand_values_of_an_attribute(tenant: Tenant) -> None:
    many = [{"value": f"{number}@x.example"} for number in range(1001)]
    user = tenant.user("ann", emails=many[:1000])
    for refused in (
        tenant.scim.post("/Users", json={"userName": "bob", "emails": many}),
        tenant.scim.put(f"/Users/{user['id']}", json={"userName": "ann", "emails": many}),
        tenant.patch(f"/Users/{user['id']}", {"op": "add", "path": "emails", "value": many[1000:]}),
    ):
        assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidValue")
        assert "emails would have 1,001 values" in refused.json()["detail"]
