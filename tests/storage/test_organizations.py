import sqlite3
from pathlib import Path

import pytest

from server.blink.directory import Organization
from storage.database import Database, open_directory
from storage.directory import UserDirectory
from storage.errors import InvalidName, NameTaken, NoSuchOrganization, StorageError
from storage.organizations import OrganizationStore
from storage.tokens import TokenStore
from tests.storage.factories import LATER, NOW, document, keys


@pytest.fixture
def store(database: Database) -> OrganizationStore:
    return OrganizationStore(database)


def test_a_new_organization_is_found_by_id_and_by_name_in_any_letter_case(
    store: OrganizationStore,
) -> None:
    made = store.create("  Größe & Söhne ", group_push=True)
    assert made == Organization(made.id, "Größe & Söhne", True, False)
    assert store.get(made.id) == made
    assert store.by_name("GRÖSSE & SÖHNE") == made
    assert store.by_name("Acme") is None
    assert store.get(made.id + 1) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "two\nlines"])
def test_a_name_that_is_none_is_refused(store: OrganizationStore, name: str) -> None:
    with pytest.raises(InvalidName, match="1 to 100 characters"):
        store.create(name)
    assert store.all() == []


def test_a_name_is_taken_in_any_letter_case(store: OrganizationStore) -> None:
    store.create("Acme")
    other = store.create("Brand")
    with pytest.raises(NameTaken, match='named "ACME" already'):
        store.create("ACME")
    with pytest.raises(NameTaken):
        store.rename(other.id, "acme")
    assert [row.organization.name for row in store.all()] == ["Acme", "Brand"]


def test_an_organization_can_be_renamed_to_another_letter_case_of_its_name(
    store: OrganizationStore,
) -> None:
    made = store.create("acme")
    assert store.rename(made.id, "Acme").name == "Acme"
    assert store.by_name("ACME") == Organization(made.id, "Acme")


def test_switches_that_are_not_given_stay(store: OrganizationStore) -> None:
    made = store.create("Acme", active_by_default=True)
    assert store.set_switches(made.id, group_push=True) == Organization(made.id, "Acme", True, True)
    assert store.set_switches(made.id, active_by_default=False) == store.get(made.id)
    assert store.get(made.id) == Organization(made.id, "Acme", True, False)
    assert store.set_switches(made.id) == store.get(made.id)


def test_changes_of_an_organization_that_is_gone_are_refused(store: OrganizationStore) -> None:
    with pytest.raises(NoSuchOrganization):
        store.rename(7, "Acme")
    with pytest.raises(NoSuchOrganization):
        store.set_switches(7, group_push=True)
    assert store.delete(7) is False


def test_the_summary_counts_provisioned_and_active_users(
    store: OrganizationStore, database: Database
) -> None:
    acme, brand = store.create("Acme"), store.create("Brand")
    TokenStore(database).create(acme.id, "Okta", None)
    directory = UserDirectory(database)

    def counts() -> list[tuple[int, int, int]]:
        return [(row.users, row.active_users, row.tokens) for row in store.all()]

    with directory.write():
        directory.insert_user(acme.id, "1", document("ann"), keys("ann"), NOW)
        directory.insert_user(acme.id, "2", document("bob"), keys("bob", active=False), NOW)
        directory.insert_user(brand.id, "3", document("cy"), keys("cy"), NOW)
        account = directory.add_account(acme.id, document("dan"), keys("dan"))
    directory.commit()
    assert counts() == [(2, 1, 1), (1, 1, 0)]
    with directory.write():
        directory.replace_user(acme.id, "1", document("ann"), keys("ann", active=False), LATER)
        directory.replace_user(acme.id, account.id, document("dan"), keys("dan"), LATER)
        directory.delete_user(brand.id, "3")
    directory.commit()
    assert counts() == [(3, 1, 1), (0, 0, 0)]


def test_a_deleted_organization_takes_its_tokens_and_users_and_no_others(
    store: OrganizationStore, database: Database
) -> None:
    acme, brand = store.create("Acme"), store.create("Brand")
    tokens, directory = TokenStore(database), UserDirectory(database)
    for organization in (acme, brand):
        tokens.create(organization.id, "Okta", None)
        with directory.write():
            name = organization.name
            directory.insert_user(organization.id, name, document(name), keys(name), NOW)
        directory.commit()
    assert store.delete(acme.id) is True
    assert [row.organization for row in store.all()] == [brand]
    assert [token.organization_id for token in tokens.all()] == [brand.id]
    assert directory.users(acme.id, None, 1, 10).total == 0
    assert directory.users(brand.id, None, 1, 10).total == 1
    emails = database.connection().execute("SELECT value FROM user_email").fetchall()
    assert emails == [("Brand@acme.example",)]


def test_nothing_of_a_deleted_organization_is_left_in_the_files(path: Path) -> None:
    database = open_directory(path)
    store, directory = OrganizationStore(database), UserDirectory(database)
    acme = store.create("Acme")
    secret = "Xanthippe"
    with directory.write():
        for number in range(50):
            directory.insert_user(
                acme.id, str(number), document(f"{secret}{number}"), keys(f"{secret}{number}"), NOW
            )
    directory.commit()
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert secret.encode() in written
    store.delete(acme.id)
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert secret.encode() not in left
    database.close()


def test_the_id_of_a_deleted_organization_is_not_used_again(store: OrganizationStore) -> None:
    first = store.create("Acme")
    store.delete(first.id)
    assert store.create("Acme").id > first.id


def test_another_process_sees_a_new_organization_at_once(
    store: OrganizationStore, path: Path
) -> None:
    other = open_directory(path, check=False)
    assert OrganizationStore(other).all() == []
    made = store.create("Acme")
    assert OrganizationStore(other).by_name("acme") == made
    other.close()


def test_a_file_that_others_write_to_is_told_in_a_sentence(
    store: OrganizationStore, database: Database, path: Path
) -> None:
    database.connection().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="in use by another program; try again"):
        store.create("Acme")
    other.close()
    assert store.create("Acme").name == "Acme"
