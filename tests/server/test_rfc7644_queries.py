"""The queries of RFC 7644 3.4.2 and 3.4.3: filters, sorting, paging, and POST to .search."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk
from tests.server.tenant import ENTERPRISE, GROUP, LIST, SEARCH, USER, Json, Tenant, rows

PEOPLE: tuple[Json, ...] = (
    {
        "userName": "bjensen",
        "name": {"familyName": "Jensen", "givenName": "Barbara"},
        "title": "Tour Guide",
        "userType": "Employee",
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": True},
            {"value": "babs@jensen.org", "type": "home"},
        ],
        "ims": [{"value": "babs@foo.com", "type": "xmpp"}],
        ENTERPRISE: {"employeeNumber": "701984"},
    },
    {
        "userName": "jsmith",
        "name": {"familyName": "O'Malley", "givenName": "James"},
        "userType": "Intern",
        "emails": [
            {"value": "james@example.org", "type": "work"},
            {"value": "js@example.com", "type": "home"},
        ],
    },
    {"userName": "jack", "title": "Driver", "userType": "Contractor"},
    {
        "userName": "zoe",
        "userType": "Employee",
        "displayName": "Smith-Jones",
        "emails": [{"value": "zoe@elsewhere.net", "type": "home"}],
        "ims": [{"value": "zoe@foo.com", "type": "skype"}],
    },
)
ALL = tuple(person["userName"] for person in PEOPLE)


@pytest.fixture(scope="module")
def people(shared_desk: Desk) -> Iterator[Tenant]:
    """An organization with the four people, and two groups that no user's name is like."""
    tenant = Tenant(shared_desk)
    ids = [tenant.created("/Users", {"schemas": [USER]} | person)["id"] for person in PEOPLE]
    tenant.group("Tour Guides", *ids[:2])
    tenant.group("smiths")
    yield tenant
    tenant.close()


# 3.4.2.2 Filtering: every example of the section, and who matches


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ('userName eq "bjensen"', "bjensen"),
        ('userName Eq "BJensen"', "bjensen"),
        ('name.familyName co "O\'Malley"', "jsmith"),
        ('userName sw "J"', "jsmith jack"),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', "jsmith jack"),
        ("title pr", "bjensen jack"),
        ('meta.lastModified gt "2011-05-13T04:42:34Z"', " ".join(ALL)),
        ('meta.lastModified ge "2011-05-13T04:42:34Z"', " ".join(ALL)),
        ('meta.lastModified lt "2011-05-13T04:42:34Z"', ""),
        ('meta.lastModified le "2011-05-13T04:42:34Z"', ""),
        ('title pr and userType eq "Employee"', "bjensen"),
        ('title pr or userType eq "Intern"', "bjensen jsmith jack"),
        (f'schemas eq "{ENTERPRISE}"', "bjensen"),
        (
            'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
            "bjensen",
        ),
        (
            'userType ne "Employee" and not (emails co "example.com" or '
            'emails.value co "example.org")',
            "jack",
        ),
        ('userType eq "Employee" and (emails.type eq "work")', "bjensen"),
        (
            'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
            "bjensen",
        ),
        (
            'emails[type eq "work" and value co "@example.com"] or '
            'ims[type eq "xmpp" and value co "@foo.com"]',
            "bjensen",
        ),
        # The table of operators, those that the examples leave out.
        ('userName ne "bjensen"', "jsmith jack zoe"),
        ('userName ew "N"', "bjensen"),
        ('userName gt "jack"', "jsmith zoe"),
        ('userName ge "jack"', "jsmith jack zoe"),
        ('userName lt "jack"', "bjensen"),
        ('userName le "jack"', "bjensen jack"),
        ("not (title pr)", "jsmith zoe"),
        # "and" binds stronger than "or", parentheses stronger than both.
        ('userName eq "zoe" or title pr and userType eq "Employee"', "bjensen zoe"),
        ('(userName eq "zoe" or title pr) and userType eq "Contractor"', "jack"),
        (f'{ENTERPRISE}:employeeNumber eq "701984"', "bjensen"),
        ("active eq false", " ".join(ALL)),
        ("title eq null", "jsmith zoe"),
        ("nickName pr", ""),
        ('groups.display eq "Tour Guides"', "bjensen jsmith"),
    ],
)
def test_filter_finds_exactly_those_that_match(people: Tenant, filter: str, expected: str) -> None:
    assert people.found(filter) == expected.split()


@pytest.mark.parametrize("path", ["/Users/.search", "/.search"])
@pytest.mark.parametrize(
    ("filter", "expected"),
    [('userName sw "J"', "jsmith jack"), ('emails[type eq "home"] and title pr', "bjensen")],
)
def test_a_search_by_post_finds_what_a_get_finds(
    people: Tenant, path: str, filter: str, expected: str
) -> None:
    body = {"schemas": [SEARCH], "filter": filter}
    reply = people.scim.post(path, json=body)
    assert reply.status_code == 200
    assert [user["userName"] for user in rows(reply)] == expected.split()


# 3.4.2.1 Query endpoints


def test_a_query_of_the_root_finds_every_type(people: Tenant) -> None:
    text = '(meta.resourceType eq "User") or (meta.resourceType eq "Group")'
    reply = people.scim.get("/", params={"filter": text})
    assert reply.status_code == 200
    found = [resource["meta"]["resourceType"] for resource in rows(reply)]
    assert sorted(found) == ["Group"] * 2 + ["User"] * 4


def test_the_example_without_quotes_is_refused_and_told_to_quote(people: Tenant) -> None:
    """3.4.2.1 writes "eq User", which its own grammar (3.4.2.2, compValue) does not allow."""
    text = "(meta.resourceType eq User) or (meta.resourceType eq Group)"
    reply = people.scim.get("/", params={"filter": text})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidFilter")
    assert '"User"' in reply.json()["detail"]
    assert "double quotes" in reply.json()["detail"]


def test_a_query_of_the_root_for_one_type_finds_that_type(people: Tenant) -> None:
    reply = people.scim.get("/", params={"filter": 'meta.resourceType eq "Group"'})
    assert [group["displayName"] for group in rows(reply)] == ["Tour Guides", "smiths"]


def test_a_query_for_certain_attributes_returns_them_alone(people: Tenant) -> None:
    reply = people.scim.get("/Users?attributes=userName&startIndex=1")
    assert reply.json()["totalResults"] == 4
    assert [(user.keys(), user["userName"]) for user in rows(reply)] == [
        ({"schemas", "id", "userName"}, name) for name in ALL
    ]


# 3.4.2.3 Sorting


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sortBy=userName", "bjensen jack jsmith zoe"),
        ("sortBy=userName&sortOrder=ascending", "bjensen jack jsmith zoe"),
        ("sortBy=userName&sortOrder=descending", "zoe jsmith jack bjensen"),
        # Those without a value come last when ascending, first when descending (3.4.2.3).
        ("sortBy=name.familyName&sortOrder=ascending", "bjensen jsmith jack zoe"),
        ("sortBy=name.familyName&sortOrder=descending", "jack zoe jsmith bjensen"),
        ("sortBy=title", "jack bjensen jsmith zoe"),
        # Of several values the primary one counts, else the first.
        ("sortBy=emails", "bjensen jsmith zoe jack"),
        (f"sortBy={ENTERPRISE}:employeeNumber", "bjensen jsmith jack zoe"),
    ],
)
def test_sorting(people: Tenant, query: str, expected: str) -> None:
    reply = people.scim.get(f"/Users?{query}")
    assert reply.status_code == 200
    assert [user["userName"] for user in rows(reply)] == expected.split()


# 3.4.2.4 Pagination


@pytest.mark.parametrize(
    ("query", "start", "expected"),
    [
        ("startIndex=1&count=3", 1, ALL[:3]),
        ("startIndex=4&count=3", 4, ALL[3:]),
        ("startIndex=5&count=3", 5, ()),
        ("startIndex=0&count=1", 1, ALL[:1]),
        ("startIndex=-7&count=1", 1, ALL[:1]),
        ("count=0", 1, ()),
        ("count=-1", 1, ()),
        ("startIndex=2", 2, ALL[1:]),
    ],
)
def test_paging_by_index(people: Tenant, query: str, start: int, expected: tuple[str, ...]) -> None:
    reply = people.scim.get(f"/Users?{query}")
    assert reply.status_code == 200
    assert (reply.json()["totalResults"], reply.json()["startIndex"]) == (4, start)
    assert tuple(user["userName"] for user in rows(reply)) == expected


# RFC 9865: pages by cursor


@pytest.mark.parametrize(
    "sort", [{}, {"sortBy": "userName"}, {"sortBy": "title", "sortOrder": "descending"}]
)
def test_paging_by_cursor_sees_everybody_once(people: Tenant, sort: dict[str, str]) -> None:
    whole = rows(people.scim.get("/Users", params=sort))
    seen: list[Json] = []
    sizes = []
    query = sort | {"count": "3", "cursor": ""}
    while len(sizes) < 9:
        reply = people.scim.get("/Users", params=query)
        assert reply.status_code == 200, reply.text
        page = reply.json()
        assert "startIndex" not in page
        seen += rows(reply)
        sizes.append(page["itemsPerPage"])
        if "nextCursor" not in page:
            break
        query["cursor"] = page["nextCursor"]
    assert seen == whole
    assert sizes == [3, 1]


def test_a_previous_cursor_leads_back(people: Tenant) -> None:
    first = people.get("/Users?cursor&count=2")
    assert "previousCursor" not in first
    second = people.get(f"/Users?count=2&cursor={first['nextCursor']}")
    back = people.get(f"/Users?count=2&cursor={second['previousCursor']}")
    assert back["Resources"] == first["Resources"]


def test_a_cursor_in_a_search_by_post(people: Tenant) -> None:
    body = {"schemas": [SEARCH], "attributes": ["userName"], "cursor": "", "count": 3}
    first = people.scim.post("/Users/.search", json=body)
    again = body | {"cursor": first.json()["nextCursor"]}
    second = people.scim.post("/Users/.search", json=again)
    assert tuple(user["userName"] for user in [*rows(first), *rows(second)]) == ALL


# 3.4.2.5 Attributes


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("attributes=displayName,emails.value", "displayName emails", "userName name meta ims"),
        ("excludedAttributes=emails,meta,name", "userName displayName ims", "emails meta name"),
        ("excludedAttributes=id,schemas", "id schemas userName", ""),
        (f"attributes={USER}:displayName", "displayName id", "userName emails meta"),
        ("attributes=groups", "id schemas", "userName"),
    ],
)
def test_attributes_choose_what_is_shown(
    people: Tenant, query: str, shown: str, hidden: str
) -> None:
    users = people.get(f"/Users?{query}")["Resources"]
    zoe, first = users[3], users[0]
    assert set(hidden.split()).isdisjoint(zoe)
    assert zoe.keys() >= set(shown.split())
    assert first.keys() >= set(shown.split()) - {"displayName"}


def test_a_sub_attribute_alone_is_shown_of_each_value(people: Tenant) -> None:
    users = people.get("/Users?attributes=emails.value")["Resources"]
    assert users[0]["emails"] == [{"value": "bjensen@example.com"}, {"value": "babs@jensen.org"}]


# 3.4.3 Querying with POST


def test_the_search_example_across_users_and_groups(people: Tenant) -> None:
    body = {
        "schemas": [SEARCH],
        "attributes": ["displayName", "userName"],
        "filter": 'displayName sw "smith"',
        "startIndex": 1,
        "count": 10,
    }
    reply = people.scim.post("/.search", json=body)
    assert reply.status_code == 200
    assert reply.json()["schemas"] == [LIST]
    assert reply.json()["totalResults"] == 2
    user, group = sorted(rows(reply), key=lambda resource: resource["schemas"] == [GROUP])
    assert user == {
        "schemas": [USER],
        "id": user["id"],
        "userName": "zoe",
        "displayName": "Smith-Jones",
    }
    assert group == {"schemas": [GROUP], "id": group["id"], "displayName": "smiths"}


@pytest.mark.parametrize("path", ["/.search", "/Users/.search"])
def test_a_search_sorts_and_pages(people: Tenant, path: str) -> None:
    body = {
        "schemas": [SEARCH],
        "filter": "userName pr",
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 2,
        "count": 2,
    }
    reply = people.scim.post(path, json=body)
    assert (reply.json()["totalResults"], reply.json()["startIndex"]) == (4, 2)
    assert [user["userName"] for user in rows(reply)] == ["jsmith", "jack"]


def test_a_search_of_groups_excludes_members(people: Tenant) -> None:
    body = {"schemas": [SEARCH], "excludedAttributes": ["members"], "filter": "members pr"}
    (found,) = rows(people.scim.post("/Groups/.search", json=body))
    assert found["displayName"] == "Tour Guides"
    assert "members" not in found
