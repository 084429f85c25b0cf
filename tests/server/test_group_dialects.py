"""What Okta and Entra send beside the RFC about groups: what is stored, and what the log says.

Bodies are written as the captures and issue threads have them; only ids are filled in.
"""

from typing import NamedTuple

import pytest

from tests.server.tenant import GROUP, PATCH, Json, Tenant


class Form(NamedTuple):
    """A change of the group "Sales" with the members ANN and BOB.

    ``members`` are the names of those who are in it afterwards. "ANN", "BOB" and "CAT" in the
    operations stand for the users' ids, "GROUP" for the group's.
    """

    name: str
    operations: str
    members: str
    remarks: str = ""
    display: str = "Sales"


PATCHES: tuple[Form, ...] = (
    Form(
        "okta adds a member with its userName as display",
        '[{"op":"add","path":"members","value":[{"value":"CAT","display":"bb-8@iamciam.dev"}]}]',
        "ann bob cat",
    ),
    Form(
        "okta removes a member by a value path",
        '[{"op":"remove","path":"members[value eq \\"ANN\\"]"}]',
        "bob",
    ),
    Form(
        "okta removes one and adds another",
        '[{"op":"remove","path":"members[value eq \\"ANN\\"]"},'
        '{"op":"add","path":"members","value":[{"value":"CAT","display":null}]}]',
        "bob cat",
    ),
    Form(
        "okta sends the name with the id of the group",
        '[{"op":"replace","value":{"id":"GROUP","displayName":"Sales"}}]',
        "ann bob",
        "read-only-ignored",
    ),
    Form(
        "okta renames the group by the same operation",
        '[{"op":"replace","value":{"id":"GROUP","displayName":"Jeff.Scim.Test"}}]',
        "ann bob",
        "read-only-ignored",
        "Jeff.Scim.Test",
    ),
    Form(
        "okta sends the name with a membership update",
        '[{"op":"replace","value":{"id":"GROUP","displayName":"Sales"}},'
        '{"op":"add","path":"members","value":[{"value":"CAT","display":"cat"}]}]',
        "ann bob cat",
        "read-only-ignored",
    ),
    Form(
        "okta's push now replaces all members",
        '[{"op":"replace","path":"members","value":[{"value":"CAT","display":"cat"}]}]',
        "cat",
    ),
    Form(
        "okta replaces all members by none",
        '[{"op":"replace","path":"members","value":[]}]',
        "",
    ),
    Form(
        "a whole group without a path",
        '[{"op":"replace","value":{"displayName":"Crew","members":[{"value":"CAT"}]}}]',
        "cat",
        "",
        "Crew",
    ),
    Form(
        "entra adds a member",
        '[{"op":"Add","path":"members","value":[{"value":"CAT"}]}]',
        "ann bob cat",
        "operation-case",
    ),
    Form(
        "entra removes a member by its value",
        '[{"op":"Remove","path":"members","value":[{"value":"ANN"}]}]',
        "bob",
        "operation-case remove-by-value",
    ),
    Form(
        "entra removes two members by their values",
        '[{"op":"Remove","path":"members","value":[{"value":"ANN"},{"value":"BOB"}]}]',
        "",
        "operation-case remove-by-value",
    ),
    Form(
        "entra removes by value somebody who is no member",
        '[{"op":"Remove","path":"members","value":[{"value":"CAT"}]}]',
        "ann bob",
        "operation-case remove-by-value member-absent",
    ),
    Form(
        "entra removes an empty list and empties nothing",
        '[{"op":"Remove","path":"members","value":[]}]',
        "ann bob",
        "remove-by-value",
    ),
    Form(
        "a member to remove is a plain text",
        '[{"op":"remove","path":"members","value":["ANN"]}]',
        "bob",
        "remove-by-value plain-value",
    ),
    Form(
        "entra renames a group",
        '[{"op":"Replace","path":"displayName","value":"Crew"}]',
        "ann bob",
        "operation-case",
        "Crew",
    ),
    Form(
        "entra changes the externalId of a group",
        '[{"op":"Replace","path":"externalId","value":"8aa1a0c0"}]',
        "ann bob",
        "operation-case",
    ),
    Form("entra's validator sends no operations", "[]", "ann bob", "operations-empty"),
    Form(
        "a removal of several members by one value path",
        '[{"op":"remove","path":"members[value eq \\"ANN\\" or value eq \\"BOB\\"]"}]',
        "",
    ),
    Form(
        "a removal by a value path with the type",
        '[{"op":"remove","path":"members[value eq \\"ANN\\" and type eq \\"User\\"]"}]',
        "bob",
    ),
    Form(
        "a removal of somebody who is no member is done, and remarked",
        '[{"op":"remove","path":"members[value eq \\"CAT\\"]"}]',
        "ann bob",
        "member-absent",
    ),
    Form(
        "members behind the URN",
        '[{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:Group:members",'
        '"value":[{"value":"CAT"}]}]',
        "ann bob cat",
    ),
    Form(
        "a single member without a list",
        '[{"op":"add","path":"members","value":{"value":"CAT"}}]',
        "ann bob cat",
        "single-value",
    ),
    Form(
        "the same member twice",
        '[{"op":"add","path":"members","value":[{"value":"CAT"},{"value":"CAT"}]}]',
        "ann bob cat",
        "duplicate-value",
    ),
    Form(
        "add and remove of the same member end in the order that was sent",
        '[{"op":"add","path":"members","value":[{"value":"CAT"}]},'
        '{"op":"remove","path":"members[value eq \\"CAT\\"]"}]',
        "ann bob",
    ),
    Form(
        "members as a key in any letter case",
        '[{"op":"ADD","value":{"Members":[{"Value":"CAT"}]}}]',
        "ann bob cat",
        "operation-case",
    ),
)


class Sales:
    """The group "Sales" with ann and bob in it, while cat waits outside."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.ids = {name: tenant.user(name)["id"] for name in ("ann", "bob", "cat")}
        self.group = tenant.group("Sales", self.ids["ann"], self.ids["bob"])
        self.path = f"/Groups/{self.group['id']}"

    def filled_in(self, text: str) -> str:
        for name, user_id in self.ids.items():
            text = text.replace(name.upper(), user_id)
        return text.replace("GROUP", self.group["id"])

    def names(self) -> str:
        """The names of the members, each of which must have all of its parts."""
        found = []
        by_id = {user_id: name for name, user_id in self.ids.items()}
        for member in self.tenant.get(self.path).get("members", []):
            name = by_id[member["value"]]
            location = f"{self.tenant.desk.url}/Users/{member['value']}"
            assert member == {
                "value": member["value"],
                "$ref": location,
                "type": "User",
                "display": name,
            }
            found.append(name)
        return " ".join(sorted(found))


@pytest.fixture
def sales(tenant: Tenant) -> Sales:
    return Sales(tenant)


@pytest.mark.parametrize("form", PATCHES, ids=[form.name for form in PATCHES])
def test_patch_of_a_group(tenant: Tenant, sales: Sales, form: Form) -> None:
    body = f'{{"schemas":["{PATCH}"],"Operations":{sales.filled_in(form.operations)}}}'
    reply = tenant.scim.patch(sales.path, content=body)
    assert (reply.status_code, reply.content) == (204, b""), reply.text
    remarks = tenant.remarks()
    stored = tenant.get(sales.path)
    assert reply.headers["ETag"] == stored["meta"]["version"]
    assert (stored["id"], stored["displayName"]) == (sales.group["id"], form.display)
    assert sales.names() == form.members
    assert set(form.remarks.split()) <= remarks.keys()
    for name, user_id in sales.ids.items():
        groups = [g["value"] for g in tenant.get(f"/Users/{user_id}").get("groups", [])]
        assert groups == [sales.group["id"]] * (name in form.members.split())


def test_okta_creates_a_group_with_members_without_a_type(tenant: Tenant) -> None:
    user = tenant.user("bb-8@iamciam.dev")
    body = (
        f'{{"schemas":["{GROUP}"],"displayName":"APP-Rostr-Users",'
        f'"members":[{{"value":"{user["id"]}","display":"bb-8@iamciam.dev"}}]}}'
    )
    reply = tenant.scim.post("/Groups", content=body)
    assert reply.status_code == 201, reply.text
    stored = tenant.get(f"/Groups/{reply.json()['id']}")
    assert reply.json() == stored
    assert stored["members"] == [
        {
            "value": user["id"],
            "$ref": user["meta"]["location"],
            "type": "User",
            "display": "bb-8@iamciam.dev",
        }
    ]
    assert tenant.found('displayName eq "app-rostr-users"', "/Groups") == ["APP-Rostr-Users"]


@pytest.mark.parametrize("members", ['"members":[],', '"members":null,', ""])
def test_okta_creates_an_empty_group(tenant: Tenant, members: str) -> None:
    body = f'{{"schemas":["{GROUP}"],{members}"displayName":"Empty"}}'
    reply = tenant.scim.post("/Groups", content=body)
    assert reply.status_code == 201, reply.text
    assert tenant.members(reply.json()) == set()


def test_oktas_look_up_of_a_group_that_is_not_there(tenant: Tenant) -> None:
    reply = tenant.scim.get(
        "/Groups?filter=displayName%20eq%20%22APP-Rostr-Users%22&startIndex=1&count=100"
    )
    assert (reply.status_code, reply.json()["totalResults"]) == (200, 0)


def test_a_whole_group_put_by_okta_is_the_echo_of_what_it_read(
    tenant: Tenant, sales: Sales
) -> None:
    echo = tenant.get(sales.path)
    for member in echo["members"]:
        member["display"] = None
    echo["members"].append({"value": sales.ids["cat"], "display": None})
    reply = tenant.scim.put(sales.path, json=echo | {"displayName": "Crew"})
    assert reply.status_code == 200, reply.text
    assert reply.json()["displayName"] == "Crew"
    assert sales.names() == "ann bob cat"


@pytest.mark.parametrize("members", [[], None])
def test_a_put_without_members_empties_the_group(
    tenant: Tenant, sales: Sales, members: list[Json] | None
) -> None:
    body = {"schemas": [GROUP], "displayName": "Sales", "members": members}
    reply = tenant.scim.put(sales.path, json=body)
    assert reply.status_code == 200
    assert sales.names() == ""


def test_a_put_that_leaves_members_out_says_so_in_the_log(tenant: Tenant, sales: Sales) -> None:
    reply = tenant.scim.put(sales.path, json={"schemas": [GROUP], "displayName": "Sales"})
    assert reply.status_code == 200
    assert "members-missing" in tenant.remarks()
    assert sales.names() == ""


@pytest.mark.parametrize("excluded", ["excludedAttributes=members", "attributes=id,displayName"])
def test_entra_reads_a_group_without_its_members(
    tenant: Tenant, sales: Sales, excluded: str
) -> None:
    read = tenant.get(f"{sales.path}?{excluded}")
    assert read["displayName"] == "Sales"
    assert "members" not in read
    query = f'/Groups?{excluded}&filter=displayName eq "Sales"'
    (found,) = tenant.get(query)["Resources"]
    assert found == read


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ('displayName eq "SALES"', ["Sales"]),
        ('members[value eq "ANN"]', ["Sales"]),
        ('members.value eq "ANN" and displayName sw "s"', ["Sales"]),
        ('id eq "GROUP" and members eq "ANN"', ["Sales"]),
        ('id eq "GROUP" and members eq "CAT"', []),
        ('urn:ietf:params:scim:schemas:core:2.0:Group:displayName co "ale"', ["Sales"]),
    ],
)
def test_look_ups_of_groups(tenant: Tenant, sales: Sales, filter: str, expected: list[str]) -> None:
    assert tenant.found(sales.filled_in(filter), "/Groups") == expected


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "nope", "value": "x"},
        {"op": "Add", "path": "members.nope", "value": "x"},
        {"op": "remove", "path": 'members[value eq "ANN"].nope'},
        {"op": "add", "path": "userName", "value": "x"},
        {"op": "add", "path": "urn:example:Group:members", "value": []},
    ],
)
def test_a_path_that_no_schema_knows_is_never_a_silent_success(
    tenant: Tenant, sales: Sales, operation: Json
) -> None:
    reply = tenant.patch(sales.path, operation)
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidPath")
    assert tenant.get(sales.path) == sales.group


@pytest.mark.parametrize("op", ["add", "replace"])
def test_a_member_that_is_nobody_is_refused_by_name(tenant: Tenant, sales: Sales, op: str) -> None:
    value = [{"value": sales.ids["cat"]}, {"value": "902c246b-6245"}]
    reply = tenant.patch(sales.path, {"op": op, "path": "members", "value": value})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidValue")
    assert "902c246b-6245" in reply.json()["detail"]
    assert sales.names() == "ann bob"


def test_unlinking_deletes_the_group_and_keeps_its_users(tenant: Tenant, sales: Sales) -> None:
    reply = tenant.scim.delete(sales.path)
    assert (reply.status_code, reply.content) == (204, b"")
    assert tenant.scim.get(sales.path).status_code == 404
    ann = tenant.get(f"/Users/{sales.ids['ann']}")
    assert "groups" not in ann


def test_a_user_of_another_organization_is_no_member(tenant: Tenant, sales: Sales) -> None:
    stranger = tenant.desk.client().post("/Users", json={"userName": "stranger"}).json()
    value = [{"value": stranger["id"]}]
    reply = tenant.patch(sales.path, {"op": "add", "path": "members", "value": value})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidValue")
    assert sales.names() == "ann bob"
