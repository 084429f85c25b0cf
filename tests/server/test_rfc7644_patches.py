"""The PATCH examples of RFC 7644 3.5.2, over HTTP, with what is in the directory afterwards."""

from typing import Any

import pytest

from tests.server.tenant import ENTERPRISE, GROUP, Json, Tenant

WORK: Json = {
    "type": "work",
    "streetAddress": "100 Universal City Plaza",
    "locality": "Hollywood",
    "region": "CA",
    "postalCode": "91608",
    "country": "USA",
    "primary": True,
}
PLAZA: Json = {
    "type": "work",
    "streetAddress": "911 Universal City Plaza",
    "locality": "Hollywood",
    "region": "CA",
    "postalCode": "91608",
    "country": "US",
    "formatted": "911 Universal City Plaza\nHollywood, CA 91608 US",
    "primary": True,
}
HOME: Json = {"type": "home", "streetAddress": "456 Hollywood Blvd", "locality": "Hollywood"}
EMAILS: list[Json] = [
    {"value": "bjensen@example.com", "type": "work", "primary": True},
    {"value": "babs@jensen.org", "type": "home"},
]


@pytest.fixture
def babs(tenant: Tenant) -> Json:
    return tenant.user(
        "bjensen",
        displayName="Babs Jensen",
        name={"familyName": "Jensen", "givenName": "Barbara"},
        emails=EMAILS,
        addresses=[WORK, HOME],
        nickName="B",
    )


@pytest.fixture
def james(tenant: Tenant) -> Json:
    return tenant.user("jsmith", displayName="James Smith")


def member(tenant: Tenant, user: Json) -> Json:
    """A member as the RFC's examples write it."""
    location = f"{tenant.desk.url}/Users/{user['id']}"
    return {"display": user["displayName"], "$ref": location, "value": user["id"]}


def path_of(resource: Json) -> str:
    return f"/{resource['meta']['resourceType']}s/{resource['id']}"


# The operations on users, and what comes of the attribute


USER_EXAMPLES: tuple[tuple[str, Json, str, Any], ...] = (
    (
        "3.5.2.1, adding emails and a nickname without a path",
        {
            "op": "add",
            "value": {"emails": [{"value": "b@x.org", "type": "other"}], "nickname": "Babs"},
        },
        "emails",
        [*EMAILS, {"value": "b@x.org", "type": "other"}],
    ),
    (
        "3.5.2.1, adding what is there already changes nothing",
        {"op": "add", "path": "emails", "value": [EMAILS[1]]},
        "emails",
        EMAILS,
    ),
    (
        "3.5.2.1, adding a single value replaces the one before",
        {"op": "add", "path": "nickName", "value": "Babs"},
        "nickName",
        "Babs",
    ),
    (
        "3.5.2.1, adding a part of a complex value keeps the others",
        {"op": "add", "path": "name", "value": {"middleName": "Jane"}},
        "name",
        {"familyName": "Jensen", "givenName": "Barbara", "middleName": "Jane"},
    ),
    (
        "3.5.2, a new primary value takes it from the other",
        {"op": "add", "path": "emails", "value": [{"value": "n@x.org", "primary": True}]},
        "emails",
        [EMAILS[0] | {"primary": False}, EMAILS[1], {"value": "n@x.org", "primary": True}],
    ),
    (
        "3.5.2.2, removing by a complex filter",
        {"op": "remove", "path": 'emails[type eq "work" and value ew "example.com"]'},
        "emails",
        [EMAILS[1]],
    ),
    (
        "3.5.2.2, removing the last matching value unassigns the attribute",
        {"op": "remove", "path": "emails[value pr]"},
        "emails",
        None,
    ),
    ("3.5.2.2, removing a single value", {"op": "remove", "path": "nickName"}, "nickName", None),
    (
        "3.5.2.2, removing a part of a complex value",
        {"op": "remove", "path": "name.familyName"},
        "name",
        {"givenName": "Barbara"},
    ),
    (
        "3.5.2.2, removing a part of the values that match",
        {"op": "remove", "path": 'addresses[type eq "home"].locality'},
        "addresses",
        [WORK, {"type": "home", "streetAddress": "456 Hollywood Blvd"}],
    ),
    (
        "3.5.2.3, replacing the work address",
        {"op": "replace", "path": 'addresses[type eq "work"]', "value": PLAZA},
        "addresses",
        [PLAZA, HOME],
    ),
    (
        "3.5.2.3, replacing a part of the work address",
        {
            "op": "replace",
            "path": 'addresses[type eq "work"].streetAddress',
            "value": "1010 Broadway Ave",
        },
        "addresses",
        [WORK | {"streetAddress": "1010 Broadway Ave"}, HOME],
    ),
    (
        "3.5.2.3, replacing all values of emails, and the nickname, without a path",
        {
            "op": "replace",
            "value": {
                "emails": [
                    {"value": "bjensen@example.com", "type": "work", "primary": True},
                    {"value": "babs@jensen.org", "type": "home"},
                ],
                "nickname": "Babs",
            },
        },
        "emails",
        EMAILS,
    ),
    (
        "3.5.2.3, replacing what does not exist adds it",
        {"op": "replace", "path": "title", "value": "Tour Guide"},
        "title",
        "Tour Guide",
    ),
    (
        "3.5.2.3, replacing parts of a complex value keeps the others",
        {"op": "replace", "path": "name", "value": {"givenName": "Babs"}},
        "name",
        {"familyName": "Jensen", "givenName": "Babs"},
    ),
    (
        "3.5.2, the path of an extension's attribute",
        {"op": "add", "path": f"{ENTERPRISE}:employeeNumber", "value": "701984"},
        ENTERPRISE,
        {"employeeNumber": "701984"},
    ),
)


@pytest.mark.parametrize(
    ("operation", "attribute", "expected"),
    [example[1:] for example in USER_EXAMPLES],
    ids=[example[0] for example in USER_EXAMPLES],
)
def test_operation_on_a_user(
    tenant: Tenant, babs: Json, operation: Json, attribute: str, expected: Any
) -> None:
    reply = tenant.patch(path_of(babs), operation)
    assert reply.status_code == 200, reply.text
    stored = tenant.get(path_of(babs))
    assert stored == reply.json()
    assert stored.get(attribute) == expected
    if "value" in operation and "nickname" in operation["value"]:
        assert stored["nickName"] == "Babs"
    untouched = {"userName", "displayName", "id", "schemas"} - {attribute}
    assert {stored[name] == babs[name] for name in untouched - {"schemas"}} == {True}


def test_the_answer_shows_the_attributes_that_are_asked_for(tenant: Tenant, babs: Json) -> None:
    operation = {"op": "replace", "path": "title", "value": "Guide"}
    reply = tenant.patch(f"{path_of(babs)}?attributes=title", operation)
    assert reply.json() == {"schemas": babs["schemas"], "id": babs["id"], "title": "Guide"}


def test_a_patch_that_changes_nothing_keeps_the_version(tenant: Tenant, babs: Json) -> None:
    reply = tenant.patch(path_of(babs), {"op": "add", "path": "emails", "value": EMAILS})
    assert reply.status_code == 200
    assert reply.json()["meta"] == babs["meta"]


def test_operations_are_applied_in_order_and_all_or_none(tenant: Tenant, babs: Json) -> None:
    done = tenant.patch(
        path_of(babs),
        {"op": "add", "path": "title", "value": "first"},
        {"op": "replace", "path": "title", "value": "second"},
        {"op": "remove", "path": "nickName"},
    )
    assert done.json()["title"] == "second"
    assert "nickName" not in done.json()
    before = tenant.get(path_of(babs))
    refused = tenant.patch(
        path_of(babs),
        {"op": "replace", "path": "title", "value": "third"},
        {"op": "replace", "path": 'emails[type eq "fax"]', "value": {"value": "x"}},
    )
    assert (refused.status_code, refused.json()["scimType"]) == (400, "noTarget")
    assert tenant.get(path_of(babs)) == before


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "id"}, "mutability"),
        ({"op": "add", "path": "groups", "value": [{"value": "x"}]}, "mutability"),
        ({"op": "replace", "path": "meta.created", "value": "2001-01-01"}, "mutability"),
        ({"op": "remove", "path": "userName"}, "mutability invalidValue"),
        ({"op": "replace", "path": "nope", "value": 1}, "invalidPath"),
        ({"op": "replace", "path": "emails[type eq", "value": 1}, "invalidPath invalidFilter"),
        ({"op": "replace", "path": 'emails[value eq "no"].type', "value": "x"}, "noTarget"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
        ({"op": "swap", "path": "title", "value": "x"}, "invalidSyntax"),
    ],
)
def test_operation_that_is_refused(
    tenant: Tenant, babs: Json, operation: Json, scim_type: str
) -> None:
    reply = tenant.patch(path_of(babs), operation)
    assert reply.status_code == 400
    assert reply.json()["scimType"] in scim_type.split()
    assert tenant.get(path_of(babs)) == babs


# The operations on groups


def test_adding_a_member(tenant: Tenant, babs: Json) -> None:
    group = tenant.group("Tour Guides")
    value = [member(tenant, babs)]
    reply = tenant.patch(path_of(group), {"op": "add", "path": "members", "value": value})
    assert (reply.status_code, reply.content) == (204, b"")
    stored = tenant.get(path_of(group))
    assert stored["members"] == [member(tenant, babs) | {"type": "User"}]
    assert reply.headers["ETag"] == stored["meta"]["version"]
    assert stored["meta"]["version"] != group["meta"]["version"]
    (membership,) = tenant.get(path_of(babs))["groups"]
    assert (membership["value"], membership["display"]) == (group["id"], "Tour Guides")
    assert membership["$ref"] == group["meta"]["location"]


def test_adding_a_member_that_is_one_already_changes_nothing(tenant: Tenant, babs: Json) -> None:
    group = tenant.group("Tour Guides", babs["id"])
    value = [member(tenant, babs)]
    reply = tenant.patch(path_of(group), {"op": "add", "path": "members", "value": value})
    assert reply.headers["ETag"] == group["meta"]["version"]
    assert tenant.get(path_of(group)) == group


def test_removing_a_single_member(tenant: Tenant, babs: Json, james: Json) -> None:
    group = tenant.group("Tour Guides", babs["id"], james["id"])
    path = f'members[value eq "{babs["id"]}"]'
    reply = tenant.patch(path_of(group), {"op": "remove", "path": path})
    assert reply.status_code == 204
    assert tenant.members(group) == {james["id"]}
    assert "groups" not in tenant.get(path_of(babs))


def test_removing_all_members(tenant: Tenant, babs: Json, james: Json) -> None:
    group = tenant.group("Tour Guides", babs["id"], james["id"])
    reply = tenant.patch(path_of(group), {"op": "remove", "path": "members"})
    assert reply.status_code == 204
    assert "members" not in tenant.get(path_of(group))


def test_removing_and_adding_a_member_in_one_request(
    tenant: Tenant, babs: Json, james: Json
) -> None:
    group = tenant.group("Tour Guides", babs["id"])
    reply = tenant.patch(
        path_of(group),
        {"op": "remove", "path": f'members[value eq "{babs["id"]}"]'},
        {"op": "add", "path": "members", "value": [member(tenant, james)]},
    )
    assert reply.status_code == 204
    assert tenant.members(group) == {james["id"]}


def test_replacing_all_members(tenant: Tenant, babs: Json, james: Json) -> None:
    ann = tenant.user("ann")
    group = tenant.group("Tour Guides", ann["id"])
    value = [member(tenant, babs), member(tenant, james)]
    reply = tenant.patch(path_of(group), {"op": "replace", "path": "members", "value": value})
    assert reply.status_code == 204
    listed = tenant.get(path_of(group))["members"]
    assert [m["display"] for m in listed] == ["Babs Jensen", "James Smith"]
    assert tenant.members(group) == {babs["id"], james["id"]}


def test_a_refused_operation_undoes_the_members_before_it(tenant: Tenant, babs: Json) -> None:
    group = tenant.group("Tour Guides")
    reply = tenant.patch(
        path_of(group),
        {"op": "add", "path": "members", "value": [{"value": babs["id"]}]},
        {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    )
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidValue")
    assert "nobody" in reply.json()["detail"]
    assert tenant.get(path_of(group)) == group


def test_the_path_of_a_member_that_no_schema_knows_is_refused(tenant: Tenant, babs: Json) -> None:
    """3.5.2 lists members[...].displayName as a path; RFC 7643 calls it "display"."""
    group = tenant.group("Tour Guides", babs["id"])
    path = f'members[value eq "{babs["id"]}"].displayName'
    reply = tenant.patch(path_of(group), {"op": "replace", "path": path, "value": "Babs"})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidPath")
    assert tenant.get(path_of(group)) == group


def test_groups_may_be_members_and_give_their_users_a_membership(
    tenant: Tenant, babs: Json
) -> None:
    inner = tenant.group("Tour Guides", babs["id"])
    outer = tenant.group("Employees", inner["id"])
    assert outer["schemas"] == [GROUP]
    (only,) = outer["members"]
    assert (only["type"], only["display"]) == ("Group", "Tour Guides")
    assert only["$ref"] == inner["meta"]["location"]
    listed = {g["display"]: g["type"] for g in tenant.get(path_of(babs))["groups"]}
    assert listed == {"Tour Guides": "direct", "Employees": "indirect"}


def test_a_patch_of_a_group_answers_with_the_attributes_that_are_asked_for(
    tenant: Tenant, babs: Json
) -> None:
    group = tenant.group("Tour Guides")
    operation = {"op": "add", "path": "members", "value": [{"value": babs["id"]}]}
    reply = tenant.patch(f"{path_of(group)}?attributes=members.display", operation)
    assert reply.status_code == 200
    assert reply.json()["members"] == [{"display": "Babs Jensen"}]
    assert reply.json().keys() == {"schemas", "id", "members"}
