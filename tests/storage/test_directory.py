import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from server.blink.directory import (
    Directory,
    DirectoryUnavailable,
    KeyOwner,
    Organization,
    StoredUser,
)
from server.scim.documents import load_resource_types
from server.scim.filters.parser import parse_filter
from server.scim.filters.tree import Filter, Present
from storage.database import Database, check_integrity, open_directory
from storage.directory import UserDirectory
from storage.organizations import OrganizationStore
from tests.storage.factories import LATER, NOW, document, keys

SCHEMAS = Path(__file__).parents[2] / "resources" / "schemas"


@pytest.fixture(scope="module")
def parse() -> Callable[[str], Filter]:
    users = next(kind for kind in load_resource_types(SCHEMAS) if kind.name == "User")
    return lambda text: parse_filter(text, users)


@pytest.fixture
def brand(database: Database) -> Organization:
    return OrganizationStore(database).create("Brand")


def add(directory: UserDirectory, organization: Organization, *names: str) -> None:
    """Add users whose SCIM id is their name."""
    with directory.write():
        for name in names:
            directory.insert_user(organization.id, name, document(name), keys(name), NOW)
    directory.commit()


def listed(directory: UserDirectory, organization: Organization, **query: int) -> list[str]:
    page = {"start": 1, "count": 1000, **query}
    users = directory.users(organization.id, None, page["start"], page["count"]).users
    return [user.id for user in users]


def test_it_fits_what_the_rules_need(directory: UserDirectory) -> None:
    fits: Directory = directory
    assert fits.uncommitted is False


def test_an_added_user_is_read_back_byte_for_byte(
    directory: UserDirectory, acme: Organization
) -> None:
    text = '{"userName":"Zoë","a":"\\u0000 \N{PILE OF POO}"}'.encode()
    with directory.write():
        made = directory.insert_user(acme.id, "u-1", text, keys("zoe"), NOW)
    directory.commit()
    assert made == StoredUser("u-1", text, NOW, NOW, 1, True)
    assert directory.user(acme.id, "u-1") == made
    assert directory.user(acme.id, "u-2") is None


def test_a_user_is_not_seen_from_another_organization(
    directory: UserDirectory, acme: Organization, brand: Organization
) -> None:
    add(directory, acme, "ann")
    assert directory.user(brand.id, "ann") is None
    assert listed(directory, brand) == []
    with directory.write():
        assert directory.delete_user(brand.id, "ann") is False
    directory.commit()
    assert listed(directory, acme) == ["ann"]


def test_a_replaced_user_keeps_its_creation_and_counts_its_versions(
    directory: UserDirectory, acme: Organization
) -> None:
    add(directory, acme, "ann")
    with directory.write():
        changed = directory.replace_user(acme.id, "ann", b'{"a": 1}', keys("ann"), LATER)
        directory.replace_user(acme.id, "ann", b'{"a": 2}', keys("ann"), LATER)
    directory.commit()
    assert changed == StoredUser("ann", b'{"a": 1}', NOW, LATER, 2, True)
    assert directory.user(acme.id, "ann") == StoredUser("ann", b'{"a": 2}', NOW, LATER, 3, True)


def test_a_user_that_was_deleted_meanwhile_cannot_be_replaced(
    directory: UserDirectory, acme: Organization
) -> None:
    with pytest.raises(DirectoryUnavailable, match="deleted in the meantime"), directory.write():
        directory.replace_user(acme.id, "ann", b"{}", keys("ann"), NOW)
    assert directory.uncommitted is False


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('userName eq "Ann.New@Acme.example"', True),
        ('userName eq "ann@acme.example"', False),
        ('emails.value eq "NEW@acme.example"', True),
        ('emails.value eq "second@acme.example"', True),
        ('emails.value eq "ann@acme.example"', False),
        ('emails[type eq "work" and value eq "new@acme.example"]', True),
        ('externalId eq "00u-new"', True),
        ("active eq false", True),
        ('meta.lastModified gt "2026-11-23T18:48:30Z"', True),
    ],
)
def test_the_keys_of_a_replaced_user_are_found_and_the_old_ones_not(
    directory: UserDirectory,
    acme: Organization,
    parse: Callable[[str], Filter],
    query: str,
    found: bool,
) -> None:
    add(directory, acme, "ann")
    new = keys(
        "ann",
        user_name="ann.new@acme.example",
        external_id="00u-new",
        work_email="new@acme.example",
        active=False,
        emails=("new@acme.example", "second@acme.example", "second@acme.example"),
    )
    text = document(
        "ann.new",
        emails=[{"type": "work", "value": "new@acme.example"}, {"value": "second@acme.example"}],
    )
    with directory.write():
        directory.replace_user(acme.id, "ann", text, new, LATER)
    directory.commit()
    page = directory.users(acme.id, parse(query), 1, 10)
    assert [user.id for user in page.users] == (["ann"] if found else [])
    assert page.total == int(found)


def test_a_deleted_user_leaves_nothing(
    directory: UserDirectory, acme: Organization, database: Database
) -> None:
    add(directory, acme, "ann", "bob")
    with directory.write():
        assert directory.delete_user(acme.id, "ann") is True
        assert directory.delete_user(acme.id, "ann") is False
    directory.commit()
    assert directory.owner("user_name", "ann@acme.example", acme.id) is None
    assert database.connection().execute("SELECT value FROM user_email").fetchall() == [
        ("bob@acme.example",)
    ]
    add(directory, acme, "ann")
    assert listed(directory, acme) == ["bob", "ann"]


def test_the_owner_is_looked_for_in_the_given_organization_first(
    directory: UserDirectory, acme: Organization, brand: Organization
) -> None:
    with directory.write():
        for organization, user_id in ((acme, "1"), (brand, "2")):
            directory.insert_user(
                organization.id,
                user_id,
                b"{}",
                keys("ann", mobile="+447700900123", external_id=None),
                NOW,
            )
    directory.commit()
    for key, value in (
        ("user_name", "ann@acme.example"),
        ("work_email", "ann@acme.example"),
        ("mobile", "+447700900123"),
    ):
        assert directory.owner(key, value, acme.id) == KeyOwner(acme.id, "1", True)
        assert directory.owner(key, value, brand.id) == KeyOwner(brand.id, "2", True)
        assert directory.owner(key, "none", acme.id) is None


def test_an_account_is_an_owner_but_not_a_user(
    directory: UserDirectory, acme: Organization, parse: Callable[[str], Filter]
) -> None:
    account = directory.add_account(acme.id, document("ann"), keys("ann"))
    assert directory.owner("work_email", "ann@acme.example", acme.id) == KeyOwner(
        acme.id, account.id, False
    )
    assert directory.user(acme.id, account.id) is None
    assert directory.users(acme.id, None, 1, 10).total == 0
    assert directory.users(acme.id, parse('userName eq "ann@acme.example"'), 1, 10).total == 0


def test_an_account_is_linked_by_email_before_number(
    directory: UserDirectory, acme: Organization, brand: Organization
) -> None:
    ann = directory.add_account(acme.id, b'{"n": 1}', keys("ann"))
    bob = directory.add_account(acme.id, b'{"n": 2}', keys("bob"))
    assert directory.account_to_link(acme.id, "ann@acme.example", "e-bob") == ann
    assert directory.account_to_link(acme.id, "nobody@acme.example", "e-bob") == bob
    assert directory.account_to_link(acme.id, None, "e-bob") == bob
    assert directory.account_to_link(acme.id, None, None) is None
    assert directory.account_to_link(brand.id, "ann@acme.example", "e-ann") is None


def test_a_linked_account_becomes_the_newest_user_and_no_candidate_any_more(
    directory: UserDirectory, acme: Organization, parse: Callable[[str], Filter]
) -> None:
    account = directory.add_account(acme.id, document("ann"), keys("ann"))
    add(directory, acme, "bob")
    with directory.write():
        linked = directory.replace_user(acme.id, account.id, b"{}", keys("ann"), LATER)
    directory.commit()
    assert linked.provisioned
    assert linked.version == 2
    assert listed(directory, acme) == ["bob", account.id]
    assert directory.account_to_link(acme.id, "ann@acme.example", "e-ann") is None
    found = directory.users(acme.id, parse('emails.value eq "ann@acme.example"'), 1, 10)
    assert [user.id for user in found.users] == [account.id]


def test_pages_count_from_one_and_end_with_the_list(
    directory: UserDirectory, acme: Organization
) -> None:
    add(directory, acme, "a", "b", "c", "d", "e")
    assert listed(directory, acme, start=2, count=2) == ["b", "c"]
    assert listed(directory, acme, start=5, count=2) == ["e"]
    assert listed(directory, acme, start=6) == []
    assert listed(directory, acme, start=10**30) == []
    assert directory.users(acme.id, None, 10**30, 10).total == 5
    assert directory.users(acme.id, None, 1, 0) == (5, [])


@pytest.mark.parametrize(
    ("start", "count", "found"),
    [(1, 10, "abc"), (1, 3, "abc"), (1, 2, "ab"), (2, 1, "b"), (3, 5, "c"), (4, 5, ""), (1, 0, "")],
)
def test_the_total_of_a_filter_is_that_of_all_pages(
    directory: UserDirectory,
    acme: Organization,
    parse: Callable[[str], Filter],
    start: int,
    count: int,
    found: str,
) -> None:
    add(directory, acme, "a", "b", "x", "c")
    page = directory.users(acme.id, parse('not (userName sw "x")'), start, count)
    assert page.total == 3
    assert [user.id for user in page.users] == list(found)


def test_a_filter_takes_a_start_beyond_all_integers_of_sqlite(
    directory: UserDirectory, acme: Organization, parse: Callable[[str], Filter]
) -> None:
    add(directory, acme, "ann")
    assert directory.users(acme.id, parse("userName pr"), 10**30, 10) == (1, [])


def test_sorting_is_by_value_and_then_by_creation(
    directory: UserDirectory, acme: Organization, parse: Callable[[str], Filter]
) -> None:
    with directory.write():
        for name, title in (("a", "Zoo"), ("b", "art"), ("c", None), ("d", "Art")):
            attributes = {"title": title} if title else {}
            directory.insert_user(acme.id, name, document(name, **attributes), keys(name), NOW)
    directory.commit()
    has_title = parse("title pr")
    assert isinstance(has_title, Present)
    title = has_title.path

    def order(condition: Filter | None, descending: bool) -> str:
        page = directory.users(acme.id, condition, 1, 10, title, descending)
        return "".join(user.id for user in page.users)

    assert order(None, False) == "bdac"
    assert order(None, True) == "cabd"
    assert order(has_title, False) == "bda"
    assert [u.id for u in directory.users(acme.id, None, 2, 2, title).users] == ["d", "a"]


def test_a_write_that_fails_takes_itself_back_and_not_those_before_it(
    directory: UserDirectory, acme: Organization
) -> None:
    with directory.write():
        directory.insert_user(acme.id, "ann", document("ann"), keys("ann"), NOW)
    with pytest.raises(KeyError):
        fail_after_insert(directory, acme)
    assert directory.uncommitted is True
    directory.commit()
    assert listed(directory, acme) == ["ann"]


def fail_after_insert(directory: UserDirectory, organization: Organization) -> None:
    with directory.write():
        directory.insert_user(organization.id, "bob", document("bob"), keys("bob"), NOW)
        raise KeyError


def test_a_first_write_that_fails_leaves_no_transaction(
    directory: UserDirectory, acme: Organization
) -> None:
    with pytest.raises(KeyError):
        fail_after_insert(directory, acme)
    assert directory.uncommitted is False
    directory.commit()
    assert listed(directory, acme) == []


def test_others_see_writes_after_the_commit_only(
    directory: UserDirectory, acme: Organization, path: Path
) -> None:
    other = open_directory(path, check=False)
    beside = UserDirectory(other)
    with directory.write():
        directory.insert_user(acme.id, "ann", document("ann"), keys("ann"), NOW)
    assert directory.uncommitted is True
    assert listed(directory, acme) == ["ann"]
    assert listed(beside, acme) == []
    directory.commit()
    assert directory.uncommitted is False
    assert listed(beside, acme) == ["ann"]
    other.close()


def test_a_key_that_is_taken_after_all_is_refused_in_words(
    directory: UserDirectory, acme: Organization
) -> None:
    add(directory, acme, "ann")
    with pytest.raises(DirectoryUnavailable, match="at the same moment"), directory.write():
        directory.insert_user(acme.id, "2", document("ann"), keys("ann"), NOW)
    assert listed(directory, acme) == ["ann"]


def test_a_user_of_an_organization_that_is_gone_is_refused_in_words(
    directory: UserDirectory, acme: Organization, database: Database
) -> None:
    OrganizationStore(database).delete(acme.id)
    with pytest.raises(DirectoryUnavailable), directory.write():
        directory.insert_user(acme.id, "1", document("ann"), keys("ann"), NOW)


def test_a_directory_that_others_write_to_is_unavailable_for_the_moment(
    directory: UserDirectory, acme: Organization, database: Database, path: Path
) -> None:
    database.connection().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        pytest.raises(DirectoryUnavailable, match="in use by another program"),
        directory.write(),
    ):
        directory.insert_user(acme.id, "ann", document("ann"), keys("ann"), NOW)
    assert directory.uncommitted is False
    assert listed(directory, acme) == [], "reading goes on"
    other.close()
    add(directory, acme, "ann")
    assert listed(directory, acme) == ["ann"]


def test_a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest(
    directory: UserDirectory, acme: Organization, database: Database
) -> None:
    add(directory, acme, "ann")
    connection = database.connection()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = document("bob", title="x" * 100_000)
    with pytest.raises(DirectoryUnavailable, match="The disk is full"), directory.write():
        directory.insert_user(acme.id, "bob", big, keys("bob"), NOW)
    directory.commit()
    assert listed(directory, acme) == ["ann"]
    connection.execute("PRAGMA max_page_count = 100000")
    add(directory, acme, "bob")
    assert listed(directory, acme) == ["ann", "bob"]


def test_writes_that_a_failure_took_with_it_are_told_at_the_commit(
    directory: UserDirectory, acme: Organization, database: Database
) -> None:
    with directory.write():
        directory.insert_user(acme.id, "ann", document("ann"), keys("ann"), NOW)
    # SQLite rolls back by itself on some errors of the disk.
    database.connection().execute("ROLLBACK")
    with pytest.raises(DirectoryUnavailable, match="send it again"), directory.write():
        directory.insert_user(acme.id, "bob", document("bob"), keys("bob"), NOW)
    assert directory.uncommitted is True
    with pytest.raises(DirectoryUnavailable, match="send it again"):
        directory.commit()
    assert directory.uncommitted is False
    add(directory, acme, "cy")
    assert listed(directory, acme) == ["cy"]


def test_a_read_only_directory_answers_and_refuses_writes(
    directory: UserDirectory, acme: Organization, database: Database
) -> None:
    add(directory, acme, "ann")
    database.connection().execute("PRAGMA query_only = ON")
    assert listed(directory, acme) == ["ann"]
    with pytest.raises(DirectoryUnavailable, match="read-only"), directory.write():
        directory.insert_user(acme.id, "bob", document("bob"), keys("bob"), NOW)


WRITER = """
import sys
from pathlib import Path
from storage.database import open_directory
from storage.directory import UserDirectory
from tests.storage.factories import NOW, document, keys
directory = UserDirectory(open_directory(Path(sys.argv[1])))
for number in range(100_000):
    name = f"user{number}"
    with directory.write():
        directory.insert_user(1, name, document(name), keys(name), NOW)
    directory.commit()
    print(name, flush=True)
"""


def test_what_was_committed_survives_a_kill(path: Path, tmp_path: Path) -> None:
    database = open_directory(path)
    acme = OrganizationStore(database).create("Acme")
    database.close()
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    answered = [process.stdout.readline().strip() for _ in range(200)]
    process.kill()
    answered += process.communicate()[0].split("\n")[:-1]
    database = open_directory(path)
    directory = UserDirectory(database)
    kept = listed(directory, acme, count=100_000)
    assert kept[: len(answered)] == answered
    assert directory.users(acme.id, None, 1, 0).total == len(kept)
    assert check_integrity(database) == []
    database.close()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ('userName eq "a"', "user_user_name (user_name=? AND organization_id=?)"),
        ('externalId eq "a"', "user_external_id (organization_id=? AND provisioned=? AND ext"),
        ('emails.value eq "a"', "PRIMARY KEY (organization_id=? AND value=?)"),
        ('emails[type eq "work" and value eq "a"]', "(organization_id=? AND value=?)"),
        ('userName eq "a" and active eq true', "user_user_name"),
        ('id eq "a"', "(scim_id=?)"),
        ("active eq true", "user_organization (organization_id=? AND provisioned=?)"),
    ],
)
def test_look_ups_use_an_index_and_sort_nothing(
    database: Database, acme: Organization, parse: Callable[[str], Filter], query: str, index: str
) -> None:
    statements: list[str] = []
    connection = database.connection()
    connection.set_trace_callback(statements.append)
    UserDirectory(database).users(acme.id, parse(query), 1, 100)
    connection.set_trace_callback(None)
    (statement,) = statements
    plan = "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))
    assert index in plan
    assert "ORDER BY" not in plan
