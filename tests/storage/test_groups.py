"""Groups and their members: rows that follow the users, and cost the same in any group."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.blink.directory import DirectoryUnavailable, Organization
from server.blink.group_directory import (
    Addition,
    GroupDirectory,
    GroupKeys,
    GroupPage,
    Member,
    StoredGroup,
)
from server.scim.errors import ScimError
from server.scim.filters.evaluation import matches
from server.scim.filters.parser import parse_filter
from server.scim.filters.tree import Filter
from server.scim.lists import parse_query
from server.scim.schemas import ResourceType
from storage import checkpoints
from storage.columns import GROUP_COLUMNS
from storage.database import Database, open_directory
from storage.directory import UserDirectory
from storage.filters import compile_sql
from storage.groups import SWEPT, GroupStore
from storage.organizations import OrganizationStore
from storage.transactions import SharedTransaction
from tests.server.scim.samples import GROUP, USER
from tests.storage.factories import LATER, NOW, document, keys

BASE = "https://desk.example/scim/v2"


@pytest.fixture
def transaction(database: Database) -> SharedTransaction:
    return SharedTransaction(database)


@pytest.fixture
def directory(database: Database, transaction: SharedTransaction) -> UserDirectory:
    return UserDirectory(database, transaction=transaction)


@pytest.fixture
def groups(database: Database, transaction: SharedTransaction) -> GroupStore:
    return GroupStore(database, transaction)


@pytest.fixture
def brand(database: Database) -> Organization:
    return OrganizationStore(database).create("Brand")


def add_users(directory: UserDirectory, organization: Organization, *names: str) -> None:
    """Add users whose SCIM id is their name and whose display is the name in capitals."""
    with directory.write():
        for name in names:
            named = keys(name, display=name.upper())
            directory.insert_user(organization.id, name, document(name), named, NOW)
    directory.commit()


def add_group(
    groups: GroupStore, organization: Organization, name: str, *members: str
) -> StoredGroup:
    """Add a group whose SCIM id is its name in lower case."""
    content = json.dumps({"displayName": name}).encode()
    with groups.write():
        made = groups.insert_group(
            organization.id, name.lower(), content, GroupKeys(name, f"x-{name}"), NOW
        )
        added = groups.add_members(organization.id, made.id, members)
    assert added == Addition(len(members), [])
    return made


def values(groups: GroupStore, group_id: str) -> list[str]:
    return [member.value for member in groups.members(group_id)]


def found(groups: GroupStore, organization: Organization, text: str) -> list[str]:
    page = groups.groups(organization.id, parse_filter(text, GROUP), 1, 1000)
    assert page.total == len(page.groups)
    return [group.id for group in page.groups]


def shown(listed: dict[str, bytes]) -> dict[str, Any]:
    return {key: json.loads(text) for key, text in listed.items()}


def test_it_fits_what_the_rules_need(groups: GroupStore) -> None:
    fits: GroupDirectory = groups
    assert fits.members("nobody") == []


def test_an_added_group_is_read_back_in_its_organization_alone(
    groups: GroupStore, acme: Organization, brand: Organization
) -> None:
    made = add_group(groups, acme, "Sales")
    assert made == StoredGroup("sales", b'{"displayName": "Sales"}', NOW, NOW, 1)
    assert groups.group(acme.id, "sales") == made
    assert groups.group(brand.id, "sales") is None
    assert groups.group(acme.id, "other") is None


def test_an_update_counts_the_version_and_writes_only_what_is_new(
    groups: GroupStore, acme: Organization
) -> None:
    made = add_group(groups, acme, "Sales")
    with groups.write():
        touched = groups.update_group(acme.id, made, made.document, GroupKeys("Sales", None), LATER)
        renamed = groups.update_group(acme.id, touched, b"{}", GroupKeys("Staff", None), LATER)
    assert (touched.document, touched.version) == (made.document, 2)
    assert renamed == StoredGroup("sales", b"{}", NOW, LATER, 3)
    assert groups.group(acme.id, "sales") == renamed
    assert found(groups, acme, 'displayName eq "STAFF"') == ["sales"]
    assert found(groups, acme, "externalId pr") == []


def test_a_group_that_was_deleted_meanwhile_cannot_be_changed(
    groups: GroupStore, acme: Organization
) -> None:
    made = add_group(groups, acme, "Sales")
    with groups.write():
        assert groups.delete_group(acme.id, "sales", NOW) is True
        assert groups.delete_group(acme.id, "sales", NOW) is False
    with pytest.raises(DirectoryUnavailable, match="deleted in the meantime"):
        groups.update_group(acme.id, made, b"{}", GroupKeys("Sales", None), NOW)
    with pytest.raises(DirectoryUnavailable, match="deleted in the meantime"):
        groups.add_members(acme.id, "sales", ["ann"])


def test_members_stay_in_the_order_of_addition(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann", "bob", "cid", "dan")
    add_group(groups, acme, "Sub")
    add_group(groups, acme, "Sales", "cid", "sub", "ann")
    with groups.write():
        assert groups.add_members(acme.id, "sales", ["bob", "ann", "cid"]) == Addition(1, [])
        assert groups.remove_members("sales", ["cid", "nobody"]) == 1
        assert groups.add_members(acme.id, "sales", ["cid"]) == Addition(1, [])
    assert groups.members("sales") == [
        Member("sub", "Group", "Sub"),
        Member("ann", "User", "ANN"),
        Member("bob", "User", "BOB"),
        Member("cid", "User", "CID"),
    ]


def test_only_users_and_groups_of_the_organization_become_members(
    groups: GroupStore, directory: UserDirectory, acme: Organization, brand: Organization
) -> None:
    add_users(directory, acme, "ann")
    add_users(directory, brand, "eve")
    add_group(groups, brand, "Theirs")
    add_group(groups, acme, "Sales")
    with directory.write():
        account = directory.add_account(acme.id, document("old"), keys("old"))
    with groups.write():
        added = groups.add_members(acme.id, "sales", ["eve", "ann", "theirs", account.id, "x"])
    # Four are enough to say that there are more than three.
    assert added == Addition(1, ["eve", "theirs", account.id, "x"])
    assert values(groups, "sales") == ["ann"]


def test_members_of_a_type_alone_are_removed(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann")
    add_group(groups, acme, "Sub")
    add_group(groups, acme, "Sales", "ann", "sub")
    with groups.write():
        assert groups.remove_members("sales", ["ann", "sub"], "Group") == 1
    assert values(groups, "sales") == ["ann"]


def test_the_members_are_set_and_those_that_stay_keep_their_place(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann", "bob", "cid")
    add_group(groups, acme, "Sales", "ann", "bob")
    add_group(groups, acme, "Staff", "ann", "bob")
    with groups.write():
        wanted = ["cid", "bob", "nobody", "sales"]
        assert groups.set_members(acme.id, "staff", wanted) == Addition(3, ["nobody"])
        assert groups.set_members(acme.id, "sales", ["bob", "ann"]) == Addition(0, [])
    assert values(groups, "staff") == ["bob", "cid", "sales"]
    with groups.write():
        assert groups.set_members(acme.id, "sales", []) == Addition(2, [])
    assert values(groups, "sales") == []


def test_members_are_shown_as_json_with_address_type_and_name(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    odd = 'Zoë "Z" \\ \N{PILE OF POO}\t'
    add_users(directory, acme, "bob")
    with directory.write():
        named = keys("zoe", display=odd)
        directory.insert_user(acme.id, "zoe", document("zoe"), named, NOW)
    add_group(groups, acme, "Sub", "bob")
    add_group(groups, acme, "Sales", "zoe", "sub")
    add_group(groups, acme, "Empty")
    assert shown(groups.members_json(["sales", "empty", "sub"], BASE)) == {
        "sales": [
            {"value": "zoe", "$ref": f"{BASE}/Users/zoe", "type": "User", "display": odd},
            {"value": "sub", "$ref": f"{BASE}/Groups/sub", "type": "Group", "display": "Sub"},
        ],
        "sub": [{"value": "bob", "$ref": f"{BASE}/Users/bob", "type": "User", "display": "BOB"}],
    }


def test_a_new_name_of_a_user_or_a_group_shows_where_it_is_a_member(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann")
    sub = add_group(groups, acme, "Sub")
    add_group(groups, acme, "Sales", "ann", "sub")
    with directory.write():
        directory.replace_user(acme.id, "ann", b"{}", keys("ann", display='An"n'), LATER)
        groups.update_group(acme.id, sub, b"{}", GroupKeys("Süb", None), LATER)
    names = [member["display"] for member in shown(groups.members_json(["sales"], BASE))["sales"]]
    assert names == ['An"n', "Süb"]


def test_a_deleted_user_leaves_its_groups_which_have_changed_then(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann", "bob")
    add_group(groups, acme, "Sales", "ann", "bob")
    other = add_group(groups, acme, "Other", "bob")
    with directory.write():
        directory.delete_user(acme.id, "ann")
    left = groups.group(acme.id, "sales")
    assert left is not None
    assert (left.version, left.last_modified > NOW) == (2, True)
    assert values(groups, "sales") == ["bob"]
    assert groups.group(acme.id, "other") == other


def test_a_deactivated_user_stays_a_member(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann")
    add_group(groups, acme, "Sales", "ann")
    with directory.write():
        directory.replace_user(acme.id, "ann", b"{}", keys("ann", active=False), LATER)
    assert values(groups, "sales") == ["ann"]


def test_a_deleted_group_leaves_the_groups_that_it_was_in(
    groups: GroupStore, acme: Organization
) -> None:
    add_group(groups, acme, "Sub")
    add_group(groups, acme, "Sales", "sub")
    with groups.write():
        groups.delete_group(acme.id, "sub", LATER)
    left = groups.group(acme.id, "sales")
    assert left is not None
    assert (left.version, left.last_modified) == (2, LATER)
    assert values(groups, "sales") == []


def test_the_members_of_a_large_deleted_group_go_little_by_little(
    database: Database, groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    names = [f"user{i}" for i in range(SWEPT + 3)]
    add_users(directory, acme, *names)
    add_group(groups, acme, "Sales", *names)

    def rows() -> tuple[int, int]:
        query = "SELECT (SELECT count(*) FROM group_member), (SELECT count(*) FROM deleted_group)"
        counts: tuple[int, int] = database.connection().execute(query).fetchone()
        return counts

    with groups.write():
        groups.delete_group(acme.id, "sales", LATER)
    assert rows() == (SWEPT + 3, 1)
    assert groups.has_leftovers
    groups.sweep()
    assert rows() == (3, 1)
    assert groups.groups_json(names, BASE) == {}
    assert directory.users(acme.id, parse_filter("groups pr", USER), 1, 10).total == 0
    groups.sweep()
    assert rows() == (0, 0)
    groups.sweep()
    assert not groups.has_leftovers


def test_groups_of_users_are_direct_ones_first_and_end_in_a_circle(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann", "bob", "cid")
    add_group(groups, acme, "Top")
    add_group(groups, acme, "Middle", "ann")
    add_group(groups, acme, "Low", "ann", "bob")
    with groups.write():
        groups.add_members(acme.id, "top", ["middle"])
        groups.add_members(acme.id, "middle", ["low"])
        groups.add_members(acme.id, "low", ["top"])

    def group(name: str, kind: str) -> dict[str, str]:
        where = f"{BASE}/Groups/{name.lower()}"
        return {"value": name.lower(), "$ref": where, "display": name, "type": kind}

    assert shown(groups.groups_json(["ann", "bob", "cid"], BASE)) == {
        "ann": [group("Middle", "direct"), group("Low", "direct"), group("Top", "indirect")],
        "bob": [group("Low", "direct"), group("Top", "indirect"), group("Middle", "indirect")],
    }


def test_changes_of_users_and_groups_are_taken_back_together(
    groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann")
    add_group(groups, acme, "Sales")
    groups_before = groups.groups(acme.id, None, 1, 10)

    def fail() -> None:
        with directory.write():
            groups.add_members(acme.id, "sales", ["ann"])
            directory.delete_user(acme.id, "ann")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert directory.uncommitted is True
    directory.commit()
    assert directory.user(acme.id, "ann") is not None
    assert groups.groups(acme.id, None, 1, 10) == groups_before


def test_pages_are_in_order_of_creation_with_a_total_that_is_kept(
    groups: GroupStore,
    acme: Organization,
    brand: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkpoints, "STRIDE", 4)
    names = [f"g{i}" for i in range(30)]
    for name in names:
        add_group(groups, acme, name)
    add_group(groups, brand, "other")

    def page(start: int, count: int) -> tuple[int, list[str]]:
        total, listed = groups.groups(acme.id, None, start, count)
        return total, [group.id for group in listed]

    assert page(1, 5) == (30, names[:5])
    assert page(19, 5) == (30, names[18:23])
    assert page(31, 5) == (30, [])
    assert page(1, 0) == (30, [])
    with groups.write():
        groups.delete_group(acme.id, "g2", NOW)
    del names[2]
    assert page(19, 5) == (29, names[18:23])
    assert groups.groups(brand.id, None, 1, 5).total == 1


def test_an_organization_takes_its_groups_and_members_along(
    database: Database, groups: GroupStore, directory: UserDirectory, acme: Organization
) -> None:
    add_users(directory, acme, "ann")
    add_group(groups, acme, "Sales", "ann")
    directory.commit()
    OrganizationStore(database).delete(acme.id)
    for table in ("scim_group", "group_member", "deleted_group"):
        rows = database.connection().execute(f"SELECT count(*) FROM {table}").fetchone()
        assert (table, *rows) == (table, 0)


def test_the_number_of_groups_is_carried_by_the_organization(
    database: Database, groups: GroupStore, acme: Organization
) -> None:
    store = OrganizationStore(database)
    add_group(groups, acme, "Sales")
    add_group(groups, acme, "Staff")
    with groups.write():
        groups.delete_group(acme.id, "staff", NOW)
    carried = store.get(acme.id)
    assert carried is not None
    assert carried.groups == 1


@pytest.mark.parametrize("change", ["add", "remove"])
def test_changing_a_member_takes_the_same_work_in_a_large_group(
    database: Database,
    groups: GroupStore,
    directory: UserDirectory,
    acme: Organization,
    change: str,
) -> None:
    names = [f"user{i}" for i in range(3000)]
    add_users(directory, acme, *names, "new")
    small = add_group(groups, acme, "Small", *names[:10])
    large = add_group(groups, acme, "Large", *names)

    def work(group: StoredGroup) -> int:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        with groups.write():
            if change == "remove":
                groups.add_members(acme.id, group.id, ["new"])
            database.connection().set_progress_handler(count, 1)
            if change == "add":
                groups.add_members(acme.id, group.id, ["new"])
            else:
                groups.remove_members(group.id, ["new"])
            database.connection().set_progress_handler(None, 1)
        return steps

    few, many = work(small), work(large)
    assert 0 < many < 1.2 * few


# ------------------------------------------------------------------------------------- filters

USERS = ("ann", "bob", "cid")
NAMES = ("Sales", "STAFF", "Sub")

memberships = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from((*USERS, *NAMES)), unique=True, max_size=4) for name in NAMES}
)

GROUP_FILTERS = (
    'displayName eq "sales"',
    'displayName ne "sales"',
    'displayName sw "s"',
    'displayName co "A"',
    'not (displayName ew "ff")',
    'externalId eq "x-Sub"',
    'id eq "sub"',
    'meta.resourceType eq "Group" and members pr',
    "members pr",
    "not (members pr)",
    "members eq null",
    "members.display pr",
    "members.$ref pr",
    'members eq "ann"',
    'members.value eq "ANN"',
    'members.value ne "ann"',
    'members.value co "n"',
    'members[value eq "ann"]',
    'not (members[value eq "ann"])',
    'members[value eq "sub" and type eq "Group"]',
    'members[value eq "sub" and type eq "user"]',
    'members[type eq "group"]',
    'members.type eq "User" and members.display sw "B"',
    'members[display eq "Bob" or not (type eq "User")]',
)

USER_FILTERS = (
    "groups pr",
    "not (groups pr)",
    'groups eq "sales"',
    'groups.value eq "SALES"',
    'groups.value ne "sales"',
    'groups[value eq "sub"]',
    'groups[value eq "sub" and type eq "direct"]',
    'groups[type eq "indirect"]',
    'groups.display co "STA"',
    'groups.display eq "sales" and not (groups.value eq "sub")',
    "groups.$ref pr",
)


class World:
    """Users, and groups that have each other and the users as members."""

    def __init__(self, database: Database, organization: Organization) -> None:
        transaction = SharedTransaction(database)
        self.organization = organization
        self.users = UserDirectory(database, transaction=transaction)
        self.groups = GroupStore(database, transaction)
        add_users(self.users, organization, *USERS)
        for name in NAMES:
            add_group(self.groups, organization, name)

    def set_members(self, members: dict[str, list[str]]) -> None:
        with self.groups.write():
            for name in NAMES:
                ids = [member.lower() for member in members[name] if member != name]
                self.groups.set_members(self.organization.id, name.lower(), [])
                self.groups.set_members(self.organization.id, name.lower(), ids)

    def group_resources(self) -> list[dict[str, Any]]:
        listed = shown(self.groups.members_json([name.lower() for name in NAMES], BASE))
        resources: list[dict[str, Any]] = [
            {
                "id": name.lower(),
                "displayName": name,
                "externalId": f"x-{name}",
                "meta": {"resourceType": "Group"},
            }
            for name in NAMES
        ]
        return [
            resource | ({"members": listed[resource["id"]]} if resource["id"] in listed else {})
            for resource in resources
        ]

    def user_resources(self) -> list[dict[str, Any]]:
        """The users with their direct groups, which are those that a filter sees."""
        listed = shown(self.groups.groups_json(USERS, BASE))
        resources = []
        for name in USERS:
            direct = [group for group in listed.get(name, ()) if group["type"] == "direct"]
            resources.append({"id": name, **({"groups": direct} if direct else {})})
        return resources


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = open_directory(tmp_path_factory.mktemp("world") / "desk.db")
    yield World(database, OrganizationStore(database).create("Acme"))
    database.close()


def agree(
    text: str,
    resource_type: ResourceType,
    resources: list[dict[str, Any]],
    page: Callable[[Filter], list[str]],
) -> None:
    parsed = parse_filter(text, resource_type)
    expected = [resource["id"] for resource in resources if matches(parsed, resource)]
    assert page(parsed) == expected, text


@settings(max_examples=60, deadline=None)
@given(members=memberships)
def test_filters_of_members_and_groups_find_in_sql_what_they_match_in_memory(
    world: World, members: dict[str, list[str]]
) -> None:
    world.set_members(members)
    organization = world.organization.id
    group_resources, user_resources = world.group_resources(), world.user_resources()
    for text in GROUP_FILTERS:
        agree(
            text,
            GROUP,
            group_resources,
            lambda parsed: [g.id for g in world.groups.groups(organization, parsed, 1, 9).groups],
        )
    for text in USER_FILTERS:
        agree(
            text,
            USER,
            user_resources,
            lambda parsed: [u.id for u in world.users.users(organization, parsed, 1, 9).users],
        )


@pytest.mark.parametrize(
    ("name", "descending", "expected"),
    [
        ("displayName", False, ["sales", "staff", "sub"]),
        ("displayName", True, ["sub", "staff", "sales"]),
        ("members", False, ["staff", "sales", "sub"]),
        ("members.display", True, ["sub", "sales", "staff"]),
    ],
)
def test_groups_are_sorted_by_names_and_first_members(
    world: World, name: str, descending: bool, expected: list[str]
) -> None:
    world.set_members({"Sales": ["bob", "ann"], "STAFF": ["ann", "cid"], "Sub": []})
    path = parse_query(GROUP, {"sortBy": name}).sort
    _, listed = world.groups.groups(world.organization.id, None, 1, 9, path, descending)
    assert [group.id for group in listed] == expected


def test_a_part_of_the_matching_groups_has_the_whole_total(world: World) -> None:
    condition = parse_filter('displayName sw "s"', GROUP)
    page = world.groups.groups(world.organization.id, condition, 2, 1)
    assert (page.total, [group.id for group in page.groups]) == (3, ["staff"])
    assert world.groups.groups(world.organization.id, condition, 4, 5) == GroupPage(3, [])


@pytest.mark.parametrize(
    "text", ['members.$ref eq "https://x.example/Users/ann"', 'members[$ref sw "https"]']
)
def test_a_comparison_of_addresses_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(ScimError, match=r"Filter by members\.value instead") as refusal:
        compile_sql(parse_filter(text, GROUP), GROUP_COLUMNS)
    assert (refusal.value.status, refusal.value.scim_type) == (400, "invalidFilter")


@pytest.mark.parametrize(
    "text", ['members[type eq "Group"]', 'members.value eq "ann"', 'members[value eq "ann"]']
)
@pytest.mark.parametrize("opening", ["({} or id pr)", "(id pr or {})", "not ({})"])
def test_a_filter_of_64_levels_around_members_is_answered(
    world: World, text: str, opening: str
) -> None:
    for level in range(63):
        text = opening.format(text)
        if level % 2:
            text = text.replace(" or ", " and ", 1)
    organization = world.organization.id
    agree(
        text,
        GROUP,
        world.group_resources(),
        lambda parsed: [g.id for g in world.groups.groups(organization, parsed, 1, 9).groups],
    )


def test_a_filter_of_64_levels_around_groups_is_answered(world: World) -> None:
    text = 'groups.value eq "sales"'
    for _ in range(63):
        text = f"({text} or id pr)"
    organization = world.organization.id
    parsed = parse_filter(text, USER)
    assert world.users.users(organization, parsed, 1, 9).total == len(USERS)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ('displayName eq "sales"', "INDEX scim_group_display_name ("),
        ('displayName sw "sal"', "display_name>? AND display_name<?"),
        ('externalId eq "x"', "INDEX scim_group_external_id ("),
        ('id eq "sales"', "(scim_id=?"),
        ('members.value eq "ann"', "INDEX group_member_value (value=?"),
        ('members[value eq "ann"]', "INDEX group_member_value (value=?"),
        ("members pr", "USING PRIMARY KEY (group_id=?"),
    ],
)
def test_look_ups_of_groups_use_an_index(database: Database, text: str, index: str) -> None:
    where, parameters = compile_sql(parse_filter(text, GROUP), GROUP_COLUMNS)
    rows = database.connection().execute(
        "EXPLAIN QUERY PLAN SELECT document FROM scim_group WHERE organization_id = 1"
        f" AND {where} ORDER BY id LIMIT 100",
        parameters,
    )
    assert index in "\n".join(row[3] for row in rows)
