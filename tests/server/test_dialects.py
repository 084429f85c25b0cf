"""What Okta and Entra send beside the RFC about users: what is stored, and what the log says.

Bodies are written as the captures and issue threads have them; only ids are filled in.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from tests.server.tenant import BLINK, ENTERPRISE, ERROR, PATCH, USER, Json, Tenant, rows

DEACTIVATE = (
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
    '"Operations":[{"op":"replace","value":{"active":false}}]}'
)


class Form(NamedTuple):
    """Operations of a PATCH, the attributes afterwards (None: gone), and the log's remarks."""

    name: str
    operations: str
    expected: Mapping[str, Any]
    remarks: str = ""


WORK_EMAIL: Json = {"type": "work", "value": "ann@acme.example", "primary": True}

# Each is applied to the user that ``ann`` makes: active, with a title, a name and a work email.
PATCHES: tuple[Form, ...] = (
    Form(
        "okta deactivates without a path",
        '[{"op":"replace","value":{"active":false}}]',
        {"active": False},
        "user-deactivated",
    ),
    Form(
        "okta pushes a profile without a path",
        '[{"op":"replace","value":{"name":{"givenName":"Anna","familyName":"Bell"},'
        '"title":"Lead","active":true}}]',
        {"name": {"givenName": "Anna", "familyName": "Bell"}, "title": "Lead", "active": True},
    ),
    Form(
        "okta syncs a password",
        '[{"op":"replace","value":{"password":"N3w-S3cret-Pass!"}}]',
        {"title": "Clerk", "password": None},
    ),
    Form(
        "entra capitalises the operation and quotes the boolean",
        '[{"op":"Replace","path":"active","value":"False"}]',
        {"active": False},
        "operation-case boolean-as-text user-deactivated",
    ),
    Form(
        "entra replaces a single value",
        '[{"op":"Replace","path":"displayName","value":"Ann B."}]',
        {"displayName": "Ann B."},
        "operation-case",
    ),
    Form(
        "entra adds a value that is there not yet",
        '[{"op":"Add","path":"nickName","value":"Annie"}]',
        {"nickName": "Annie"},
        "operation-case",
    ),
    Form(
        "entra removes a value",
        '[{"op":"Remove","path":"title"}]',
        {"title": None},
        "operation-case",
    ),
    Form(
        "entra changes the work email",
        '[{"op":"Replace","path":"emails[type eq \\"work\\"].value","value":"a@b.example"}]',
        {"emails": [WORK_EMAIL | {"value": "a@b.example"}]},
        "operation-case",
    ),
    Form(
        "entra adds a phone number of a type that there is none of",
        '[{"op":"Add","path":"phoneNumbers[type eq \\"mobile\\"].value","value":"+447700900123"}]',
        {"phoneNumbers": [{"type": "mobile", "value": "+447700900123"}]},
        "operation-case element-created",
    ),
    Form(
        "entra replaces an address part of a type that there is none of",
        '[{"op":"Replace","path":"addresses[type eq \\"work\\"].locality","value":"Leeds"}]',
        {"addresses": [{"type": "work", "locality": "Leeds"}]},
        "operation-case element-created",
    ),
    Form(
        "entra writes paths as keys",
        '[{"op":"replace","value":{"name.givenName":"Anna","emails[type eq \\"work\\"].value":'
        '"a@b.example","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":'
        '"Sales"}}]',
        {
            "name": {"givenName": "Anna", "familyName": "Bell"},
            "emails": [WORK_EMAIL | {"value": "a@b.example"}],
            ENTERPRISE: {"department": "Sales"},
        },
    ),
    Form(
        "entra names an extension's attribute behind the URN",
        '[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:'
        'department","value":"Sales"}]',
        {ENTERPRISE: {"department": "Sales"}},
        "operation-case",
    ),
    Form(
        "a core attribute behind its URN",
        '[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:name.familyName",'
        '"value":"Ball"}]',
        {"name": {"givenName": "Ann", "familyName": "Ball"}},
    ),
    Form(
        "entra writes the manager as a plain text",
        '[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:'
        'manager","value":"26118915"}]',
        {ENTERPRISE: {"manager": {"value": "26118915"}}},
        "operation-case plain-value",
    ),
    Form(
        "entra writes the manager as an object in a list of operations",
        '[{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:'
        'manager","value":{"value":"26118915"}},{"op":"Replace","path":"urn:ietf:params:scim:'
        'schemas:extension:blink:2.0:User:company","value":"Acme"}]',
        {ENTERPRISE: {"manager": {"value": "26118915"}}, BLINK: {"company": "Acme"}},
        "operation-case",
    ),
    Form(
        "entra clears the manager with an empty text",
        '[{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:'
        'manager","value":""}]',
        {ENTERPRISE: None},
        "operation-case",
    ),
    Form(
        "entra's validator sends no operations",
        "[]",
        {"title": "Clerk", "active": True},
        "operations-empty",
    ),
    Form(
        "paths and members in any letter case",
        '[{"OP":"REPLACE","PATH":"NAME.GIVENNAME","VALUE":"Anna"}]',
        {"name": {"givenName": "Anna", "familyName": "Bell"}},
        "operation-case",
    ),
    Form(
        "externalId is changed and not skipped in silence",
        '[{"op":"replace","path":"externalId","value":"00u9"}]',
        {"externalId": "00u9"},
    ),
    Form(
        "a boolean sub-attribute in quotes",
        '[{"op":"Replace","path":"emails[type eq \\"work\\"].primary","value":"False"}]',
        {"emails": [WORK_EMAIL | {"primary": False}]},
        "operation-case boolean-as-text",
    ),
    Form(
        "a filter with a boolean in quotes",
        '[{"op":"Replace","path":"emails[primary eq \\"True\\"].value","value":"a@b.example"}]',
        {"emails": [WORK_EMAIL | {"value": "a@b.example"}]},
        "operation-case",
    ),
    Form(
        "a role as one object with the display",
        '[{"op":"Add","path":"roles","value":[{"primary":"True","value":"admin",'
        '"display":"Admin"}]}]',
        {"roles": [{"primary": True, "value": "admin", "display": "Admin"}]},
        "operation-case boolean-as-text",
    ),
    Form(
        "null unassigns",
        '[{"op":"replace","value":{"title":null,"nickName":null}}]',
        {"title": None, "nickName": None},
    ),
    Form(
        "a key of no schema is dropped from an object, and the log says so",
        '[{"op":"replace","value":{"mobilePhone":"555","title":"Lead"}}]',
        {"title": "Lead", "mobilePhone": None},
        "attribute-unknown",
    ),
    Form(
        "read-only attributes come back in an object",
        '[{"op":"replace","value":{"id":"other","groups":[],"title":"Lead"}}]',
        {"title": "Lead", "groups": None},
        "read-only-ignored",
    ),
)


@pytest.fixture
def ann(tenant: Tenant) -> Json:
    return tenant.user(
        "ann@acme.example",
        active=True,
        title="Clerk",
        name={"givenName": "Ann", "familyName": "Bell"},
        emails=[WORK_EMAIL],
    )


@pytest.mark.parametrize("form", PATCHES, ids=[form.name for form in PATCHES])
def test_patch_of_a_user(tenant: Tenant, ann: Json, form: Form) -> None:
    body = f'{{"schemas":["{PATCH}"],"Operations":{form.operations}}}'
    reply = tenant.scim.patch(f"/Users/{ann['id']}", content=body)
    assert reply.status_code == 200, reply.text
    remarks = tenant.remarks()
    stored = tenant.get(f"/Users/{ann['id']}")
    assert reply.json() == stored
    assert stored["id"] == ann["id"]
    assert {name: stored.get(name) for name in form.expected} == form.expected
    assert set(form.remarks.split()) <= remarks.keys()
    assert all(text.endswith(".") for text in remarks.values())


@pytest.mark.parametrize(
    "path",
    [
        "nope",
        "name.nope",
        "emails.nope",
        'emails[type eq "work"].nope',
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:nope",
        "urn:example:unknown:2.0:User:title",
        "title.value",
        "name[givenName pr]",
        "userName ",
        "members",
    ],
)
@pytest.mark.parametrize("op", ["Add", "replace", "remove"])
def test_a_path_that_no_schema_knows_is_never_a_silent_success(
    tenant: Tenant, ann: Json, op: str, path: str
) -> None:
    reply = tenant.patch(f"/Users/{ann['id']}", {"op": op, "path": path, "value": "x"})
    if path == "userName ":  # only blanks around a name are forgiven
        assert reply.status_code == (400 if op == "remove" else 200)
        return
    assert reply.status_code == 400
    assert reply.json()["scimType"] == "invalidPath"
    assert path.split(":")[-1][:10] in reply.json()["detail"]
    assert tenant.get(f"/Users/{ann['id']}") == ann


def test_deactivation_is_found_by_entra_in_the_same_breath(tenant: Tenant, ann: Json) -> None:
    """Entra reads the user back, and looks for it by filter."""
    tenant.scim.patch(f"/Users/{ann['id']}", content=DEACTIVATE)
    assert tenant.get(f"/Users/{ann['id']}")["active"] is False
    assert tenant.found("active eq false") == ["ann@acme.example"]
    assert tenant.found('active eq "False"') == ["ann@acme.example"]


@pytest.mark.parametrize(
    "filter",
    [
        'emails[type eq "work"].value eq "ann@acme.example"',
        'emails[type eq "work" and value eq "ANN@acme.example"]',
        'emails.value eq "ann@acme.example"',
        'userName eq "ANN@ACME.EXAMPLE"',
        'UserName EQ "ann@acme.example"',
        'externalId eq "00u1"',
        'urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value sw "ann@"',
        'active eq "True"',
        'id eq "ID" and userName pr',
    ],
)
def test_look_ups_of_entra_and_okta(tenant: Tenant, ann: Json, filter: str) -> None:
    tenant.patch(f"/Users/{ann['id']}", {"op": "add", "path": "externalId", "value": "00u1"})
    tenant.user("bob@acme.example", emails=[{"type": "home", "value": "ann@other.example"}])
    text = filter.replace("ID", ann["id"])
    assert tenant.found(text) == ["ann@acme.example"]


@pytest.mark.parametrize("query", ["userName%20eq%20%22ann%40x.y%22", "userName+eq+%22ann@x.y%22"])
def test_both_encodings_of_a_filter_are_read(tenant: Tenant, query: str) -> None:
    tenant.user("ann@x.y")
    reply = tenant.scim.get(f"/Users?filter={query}&startIndex=1&count=100")
    assert [user["userName"] for user in rows(reply)] == ["ann@x.y"]


def test_entras_creation_with_quoted_booleans_and_a_plain_manager(tenant: Tenant) -> None:
    body = (
        '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",'
        '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"58342554",'
        '"userName":"Test_User_ab6490ee@acme.example","active":"True","addresses":null,'
        '"displayName":"BobIsAmazing","emails":[{"type":"work","primary":"true",'
        '"value":"testing@bobisamazing.example"}],"meta":{"resourceType":"User"},"roles":[],'
        '"name":{"formatted":"Ryan Leenay","familyName":"Leenay","givenName":"Ryan"},'
        '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"bob",'
        '"manager":"26118915"}}'
    )
    reply = tenant.scim.post("/Users", content=body)
    assert reply.status_code == 201, reply.text
    remarks = tenant.remarks()
    stored = tenant.get(f"/Users/{reply.json()['id']}")
    assert stored["active"] is True
    assert stored["emails"][0]["primary"] is True
    assert stored[ENTERPRISE] == {"department": "bob", "manager": {"value": "26118915"}}
    assert remarks.keys() >= {"boolean-as-text", "plain-value"}
    assert "roles" not in stored
    assert "addresses" not in stored


def test_dotted_and_urn_keys_of_a_creation_become_parts(tenant: Tenant) -> None:
    created = tenant.created(
        "/Users",
        {
            "schemas": [USER],
            "userName": "ann",
            "name.givenName": "Ann",
            "name": {"familyName": "Bell"},
            f"{ENTERPRISE}:department": "Sales",
            f"{USER}:title": "Clerk",
        },
    )
    remarks = tenant.remarks()
    stored = tenant.get(f"/Users/{created['id']}")
    assert stored["name"] == {"givenName": "Ann", "familyName": "Bell"}
    assert stored[ENTERPRISE] == {"department": "Sales"}
    assert stored["title"] == "Clerk"
    assert "dotted-name" in remarks


def test_oktas_random_password_and_empty_groups_are_taken_and_not_kept(tenant: Tenant) -> None:
    body = {"schemas": [USER], "userName": "ann", "groups": [], "password": "gl^m&qWZ"}
    created = tenant.created("/Users", body)
    stored = tenant.get(f"/Users/{created['id']}")
    assert stored.keys().isdisjoint({"groups", "password"})
    echo = tenant.scim.put(f"/Users/{created['id']}", json=stored | body)
    assert echo.status_code == 200
    assert "password" not in echo.json()
    tenant.desk.flush()
    for file in tenant.desk.folder.iterdir():
        assert b"gl^m&qWZ" not in file.read_bytes(), file.name


def test_groups_in_an_echo_change_no_membership(tenant: Tenant) -> None:
    """Okta puts back what it read, with groups emptied: memberships stay (RFC 7643 4.1.2)."""
    user = tenant.user("ann")
    group = tenant.group("Sales", user["id"])
    stored = tenant.get(f"/Users/{user['id']}")
    assert [entry["value"] for entry in stored["groups"]] == [group["id"]]
    for groups in ([], stored["groups"], [{"value": "nobody"}]):
        reply = tenant.scim.put(f"/Users/{user['id']}", json=stored | {"groups": groups})
        assert reply.status_code == 200
        assert [entry["value"] for entry in reply.json()["groups"]] == [group["id"]]
    assert tenant.members(group) == {user["id"]}


def test_entras_connection_test_looks_for_nobody(tenant: Tenant) -> None:
    reply = tenant.scim.get(
        "/Users", params={"filter": 'userName eq "2b1a9c33-8a5e-4b5e-8f6c-non-existent"'}
    )
    assert reply.status_code == 200
    assert reply.json()["totalResults"] == 0
    assert rows(reply) == []


def test_a_null_value_in_quotes_is_a_text_and_not_null(tenant: Tenant, ann: Json) -> None:
    reply = tenant.patch(f"/Users/{ann['id']}", {"op": "replace", "path": "title", "value": "null"})
    assert reply.json()["title"] == "null"


@pytest.mark.parametrize("value", ["yes", "0", 1, "None", [True]])
def test_what_is_no_boolean_is_refused_and_not_guessed(
    tenant: Tenant, ann: Json, value: Any
) -> None:
    operation = {"op": "Replace", "path": "active", "value": value}
    reply = tenant.patch(f"/Users/{ann['id']}", operation)
    assert (reply.status_code, reply.json()["schemas"]) == (400, [ERROR])
    assert reply.json()["scimType"] == "invalidValue"
    assert tenant.get(f"/Users/{ann['id']}") == ann
