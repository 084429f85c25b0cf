"""The representations of RFC 7643 8: what is sent comes back, and what is read-only is ours."""

from typing import Any

import pytest

from tests.server.tenant import ENTERPRISE, GROUP, USER, Json, Tenant

MINIMAL: Json = {"schemas": [USER], "userName": "bjensen@example.com"}
FULL: Json = {
    "schemas": [USER],
    "externalId": "701984",
    "userName": "bjensen@example.com",
    "name": {
        "formatted": "Ms. Barbara J Jensen, III",
        "familyName": "Jensen",
        "givenName": "Barbara",
        "middleName": "Jane",
        "honorificPrefix": "Ms.",
        "honorificSuffix": "III",
    },
    "displayName": "Babs Jensen",
    "nickName": "Babs",
    "profileUrl": "https://login.example.com/bjensen",
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home"},
    ],
    "addresses": [
        {
            "type": "work",
            "streetAddress": "100 Universal City Plaza",
            "locality": "Hollywood",
            "region": "CA",
            "postalCode": "91608",
            "country": "US",
            "formatted": "100 Universal City Plaza\nHollywood, CA 91608 US",
            "primary": True,
        },
        {
            "type": "home",
            "streetAddress": "456 Hollywood Blvd",
            "locality": "Hollywood",
            "region": "CA",
            "postalCode": "91608",
            "country": "US",
            "formatted": "456 Hollywood Blvd\nHollywood, CA 91608 US",
        },
    ],
    "phoneNumbers": [
        {"value": "555-555-5555", "type": "work"},
        {"value": "555-555-4444", "type": "mobile"},
    ],
    "ims": [{"value": "someaimhandle", "type": "aim"}],
    "photos": [
        {"value": "https://photos.example.com/profilephoto/72930000000Ccne/F", "type": "photo"},
        {
            "value": "https://photos.example.com/profilephoto/72930000000Ccne/T",
            "type": "thumbnail",
        },
    ],
    "userType": "Employee",
    "title": "Tour Guide",
    "preferredLanguage": "en-US",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
    "active": True,
    "x509Certificates": [
        {"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMx"}
    ],
}
SECRET = {"password": "t1meMa$heen"}
ENTERPRISE_PART: Json = {
    "employeeNumber": "701984",
    "costCenter": "4130",
    "organization": "Universal Studios",
    "division": "Theme Park",
    "department": "Tour Operations",
    "manager": {
        "value": "26118915-6090-4610-87e4-49d8ca9f808d",
        "$ref": "../Users/26118915-6090-4610-87e4-49d8ca9f808d",
    },
}


def without_common(resource: Json) -> Json:
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}


@pytest.mark.parametrize(
    "sent",
    [
        MINIMAL | {"active": False},
        FULL,
        FULL | {"schemas": [USER, ENTERPRISE], ENTERPRISE: ENTERPRISE_PART},
    ],
    ids=["8.1 minimal user", "8.2 full user", "8.3 enterprise user"],
)
def test_a_representation_comes_back_as_it_was_sent(tenant: Tenant, sent: Json) -> None:
    created = tenant.created("/Users", sent | SECRET)
    assert without_common(created) == sent
    assert tenant.get(f"/Users/{created['id']}") == created
    assert tenant.get("/Users")["Resources"] == [created]
    echo = tenant.scim.put(f"/Users/{created['id']}", json=created)
    assert echo.json() == created


def test_every_attribute_of_the_full_user_can_be_searched(tenant: Tenant) -> None:
    sent = FULL | {"schemas": [USER, ENTERPRISE], ENTERPRISE: ENTERPRISE_PART}
    tenant.created("/Users", sent)
    for name, value in sent.items():
        for path, text in searched(name, value):
            assert tenant.found(f"{path} eq {text}") == ["bjensen@example.com"], path
            assert tenant.found(f"{path} pr") == ["bjensen@example.com"], path


def searched(name: str, value: Any) -> list[tuple[str, str]]:
    """The comparisons that each text or boolean within an attribute makes possible."""
    if isinstance(value, list):
        return [found for item in value for found in searched(name, item)]
    if isinstance(value, dict):
        mark = ":" if ":" in name else "."
        if name.endswith("manager"):
            mark = "."
        return [
            found for part, item in value.items() for found in searched(f"{name}{mark}{part}", item)
        ]
    if isinstance(value, bool):
        return [(name, str(value).lower())]
    return [(name, '"' + value.replace("\n", "\\n") + '"')]


def test_the_groups_of_a_user_and_the_members_of_a_group_show_each_other(tenant: Tenant) -> None:
    """8.2 and 8.4."""
    babs = tenant.created("/Users", FULL)
    mandy = tenant.user("mandy", displayName="Mandy Pepperidge")
    group = tenant.group("Tour Guides", babs["id"], mandy["id"])
    base = tenant.desk.url
    assert without_common(group) == {
        "schemas": [GROUP],
        "displayName": "Tour Guides",
        "members": [
            {
                "value": user["id"],
                "$ref": f"{base}/Users/{user['id']}",
                "type": "User",
                "display": user["displayName"],
            }
            for user in (babs, mandy)
        ],
    }
    assert group["meta"]["resourceType"] == "Group"
    assert group["meta"]["location"] == f"{base}/Groups/{group['id']}"
    assert tenant.get(f"/Users/{babs['id']}")["groups"] == [
        {
            "value": group["id"],
            "$ref": f"{base}/Groups/{group['id']}",
            "type": "direct",
            "display": "Tour Guides",
        }
    ]


def test_the_resource_types_of_8_6(tenant: Tenant) -> None:
    user, group = tenant.get("/ResourceTypes")["Resources"]
    assert (user["id"], user["name"], user["endpoint"]) == ("User", "User", "/Users")
    assert user["schema"] == USER
    assert {"schema": ENTERPRISE, "required": False} in user["schemaExtensions"]
    assert (group["id"], group["endpoint"], group["schema"]) == ("Group", "/Groups", GROUP)
    assert user["meta"]["resourceType"] == group["meta"]["resourceType"] == "ResourceType"


@pytest.mark.parametrize(
    ("urn", "name", "expected"),
    [
        (
            USER,
            "userName",
            "string required caseExact:False readWrite uniqueness:server returned:default",
        ),
        (USER, "password", "string writeOnly returned:never"),
        (USER, "active", "boolean readWrite"),
        (USER, "emails", "complex multiValued readWrite"),
        (USER, "groups", "complex multiValued readOnly"),
        (USER, "profileUrl", "reference readWrite"),
        (USER, "x509Certificates", "complex multiValued"),
        (ENTERPRISE, "employeeNumber", "string readWrite"),
        (ENTERPRISE, "manager", "complex readWrite"),
        (GROUP, "displayName", "string required readWrite"),
        (GROUP, "members", "complex multiValued readWrite"),
    ],
)
def test_the_schemas_of_8_7_say_what_an_attribute_is(
    tenant: Tenant, urn: str, name: str, expected: str
) -> None:
    schema = tenant.get(f"/Schemas/{urn}")
    (attribute,) = (a for a in schema["attributes"] if a["name"] == name)
    for word in expected.split():
        key, _, value = word.partition(":")
        if value:
            assert str(attribute[key]) == value
        elif key in ("required", "multiValued"):
            assert attribute[key] is True
        else:
            assert key in (attribute["type"], attribute["mutability"])
    assert attribute["description"]
