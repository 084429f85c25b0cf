import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from server.blink.custom_attributes import MOST_ATTRIBUTES, CustomAttribute
from server.blink.directory import Organization
from server.blink.identity import BLINK_SCHEMA
from storage.custom_attributes import BATCH, CustomAttributeStore
from storage.database import Database
from storage.directory import UserDirectory
from storage.errors import InvalidAttribute, NoSuchAttribute, NoSuchOrganization
from storage.organizations import OrganizationStore
from tests.storage.factories import NOW, document, keys

BADGE = CustomAttribute("badgeName", "Name on the badge", "text", description="As printed")
START = CustomAttribute("startDate", "First day", "date")
CONTRACT = CustomAttribute("contract", "Contract", "choice", ("Permanent", "Fixed term"))


@pytest.fixture
def store(database: Database) -> CustomAttributeStore:
    return CustomAttributeStore(database)


def schema_version(database: Database, organization: Organization) -> int:
    found = OrganizationStore(database).get(organization.id)
    assert found is not None
    return found.schema_version


def insert(directory: UserDirectory, organization: Organization, name: str, **custom: str) -> None:
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User", BLINK_SCHEMA]
    body = document(name, schemas=schemas, **{BLINK_SCHEMA: custom})
    with directory.write():
        directory.insert_user(organization.id, name, body, keys(name), NOW)
    directory.commit()


def extension(directory: UserDirectory, organization: Organization, name: str) -> dict[str, str]:
    user = directory.user(organization.id, name)
    assert user is not None
    stored = orjson.loads(user.document)
    assert (BLINK_SCHEMA in stored) == (BLINK_SCHEMA in stored["schemas"])
    values: dict[str, str] = stored.get(BLINK_SCHEMA, {})
    return values


def test_attributes_are_listed_in_the_order_of_addition(
    store: CustomAttributeStore, acme: Organization
) -> None:
    for attribute in (START, BADGE, CONTRACT):
        assert store.add(acme.id, attribute) == attribute
    assert store.all(acme.id) == [START, BADGE, CONTRACT]


def test_an_attribute_is_kept_tidied(store: CustomAttributeStore, acme: Organization) -> None:
    added = store.add(acme.id, CustomAttribute(" shift ", " ", "choice", (" Day ", "Night")))
    assert added == CustomAttribute("shift", "shift", "choice", ("Day", "Night"))
    assert store.all(acme.id) == [added]


def test_every_change_raises_the_version_of_this_organization_alone(
    store: CustomAttributeStore, database: Database, acme: Organization
) -> None:
    other = OrganizationStore(database).create("Other")
    assert schema_version(database, acme) == 0
    store.add(acme.id, BADGE)
    first = schema_version(database, acme)
    store.update(acme.id, CustomAttribute("badgeName", "Badge", "text"))
    second = schema_version(database, acme)
    store.remove(acme.id, "badgeName")
    assert 0 < first < second < schema_version(database, acme)
    assert schema_version(database, other) == 0


def test_a_refused_attribute_changes_nothing(
    store: CustomAttributeStore, database: Database, acme: Organization
) -> None:
    store.add(acme.id, BADGE)
    before = schema_version(database, acme)
    for wrong in (
        CustomAttribute("BADGENAME", "Badge", "date"),
        CustomAttribute("Company", "Company", "text"),
        CustomAttribute("shift", "Shift", "choice"),
    ):
        with pytest.raises(InvalidAttribute):
            store.add(acme.id, wrong)
    assert store.all(acme.id) == [BADGE]
    assert schema_version(database, acme) == before


def test_an_organization_has_at_most_a_hundred_attributes(
    store: CustomAttributeStore, acme: Organization
) -> None:
    for number in range(MOST_ATTRIBUTES):
        store.add(acme.id, CustomAttribute(f"field{number}", "", "text"))
    with pytest.raises(InvalidAttribute, match="at most 100"):
        store.add(acme.id, BADGE)
    changed = CustomAttribute("field99", "Last", "text")
    assert store.update(acme.id, changed) == changed


def test_label_choices_and_description_can_be_changed_but_not_the_kind(
    store: CustomAttributeStore, acme: Organization
) -> None:
    store.add(acme.id, CONTRACT)
    changed = CustomAttribute("contract", "Type", "choice", ("Permanent", "Agency"), "New")
    assert store.update(acme.id, replace(changed, identifier="CONTRACT")) == changed
    assert store.all(acme.id) == [changed]
    with pytest.raises(InvalidAttribute, match="is a choice and stays one"):
        store.update(acme.id, CustomAttribute("contract", "Type", "text"))
    with pytest.raises(InvalidAttribute, match="choices"):
        store.update(acme.id, CustomAttribute("contract", "Type", "choice", ("A", "a")))
    assert store.all(acme.id) == [changed]


def test_what_is_not_there_cannot_be_changed_or_removed(
    store: CustomAttributeStore, database: Database, acme: Organization
) -> None:
    other = OrganizationStore(database).create("Other")
    store.add(other.id, BADGE)
    changes: tuple[Callable[[], object], ...] = (
        lambda: store.update(acme.id, BADGE),
        lambda: store.remove(acme.id, "badgeName"),
        lambda: store.users_with_value(acme.id, 'badge"Name'),
    )
    for change in changes:
        with pytest.raises(NoSuchAttribute, match="badge"):
            change()
    with pytest.raises(NoSuchOrganization):
        store.add(other.id + 1, BADGE)
    assert store.all(other.id) == [BADGE]


def test_removing_deletes_the_values_of_this_organizations_users_in_steps(
    store: CustomAttributeStore, database: Database, directory: UserDirectory, acme: Organization
) -> None:
    other = OrganizationStore(database).create("Other")
    for organization in (acme, other):
        store.add(organization.id, BADGE)
        store.add(organization.id, START)
    for number in range(BATCH + 3):
        insert(directory, acme, f"user{number}", badgeName="Annie")
    insert(directory, acme, "both", badgeName="Bobby", startDate="2026-11-23")
    insert(directory, acme, "neither", company="Acme")
    insert(directory, other, "stranger", badgeName="Zoe")
    steps: list[int] = []
    assert store.users_with_value(acme.id, "BadgeName") == BATCH + 4
    assert store.remove(acme.id, "BADGEname", steps.append) == BATCH + 4
    assert steps == [BATCH, BATCH + 4]
    assert store.all(acme.id) == [START]
    assert extension(directory, acme, "user0") == {}
    assert extension(directory, acme, "both") == {"startDate": "2026-11-23"}
    assert extension(directory, acme, "neither") == {"company": "Acme"}
    assert extension(directory, other, "stranger") == {"badgeName": "Zoe"}


def test_removing_gives_changed_users_alone_a_new_version(
    store: CustomAttributeStore, directory: UserDirectory, acme: Organization
) -> None:
    store.add(acme.id, BADGE)
    insert(directory, acme, "ann", badgeName="Annie")
    insert(directory, acme, "bob", company="Acme")
    store.remove(acme.id, "badgeName")
    ann, bob = directory.user(acme.id, "ann"), directory.user(acme.id, "bob")
    assert ann is not None
    assert bob is not None
    assert (ann.version, ann.last_modified > NOW) == (2, True)
    assert (bob.version, bob.last_modified) == (1, NOW)


def test_a_removal_that_was_cut_off_hides_the_attribute_and_is_finished_by_the_next_change(
    store: CustomAttributeStore, directory: UserDirectory, acme: Organization
) -> None:
    store.add(acme.id, BADGE)
    for number in range(BATCH + 1):
        insert(directory, acme, f"user{number}", badgeName="Annie")

    def power_cut(users: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.remove(acme.id, "badgeName", power_cut)
    assert store.all(acme.id) == []
    assert extension(directory, acme, f"user{BATCH}") == {"badgeName": "Annie"}
    again = CustomAttribute("badgename", "Badge", "date")
    assert store.add(acme.id, again) == again
    assert extension(directory, acme, f"user{BATCH}") == {}
    assert store.all(acme.id) == [again]


def test_a_server_can_write_between_the_steps_of_a_removal(
    store: CustomAttributeStore, directory: UserDirectory, acme: Organization, path: Path
) -> None:
    store.add(acme.id, BADGE)
    insert(directory, acme, "ann", badgeName="Annie")
    written: list[int] = []

    def write_elsewhere(users: int) -> None:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            written.append(other.execute("UPDATE organization SET name = 'Brand'").rowcount)

    store.remove(acme.id, "badgeName", write_elsewhere)
    assert written == [1]


def test_deleting_an_organization_deletes_its_attributes(
    store: CustomAttributeStore, database: Database, acme: Organization
) -> None:
    store.add(acme.id, BADGE)
    OrganizationStore(database).delete(acme.id)
    count = "SELECT count(*) FROM custom_attribute"
    assert database.connection().execute(count).fetchone() == (0,)
