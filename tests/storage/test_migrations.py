import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from server.calls.filters import parse
from storage.call_search import Selection
from storage.calls import CallStore
from storage.database import open_calls, open_directory, prepare
from storage.errors import NewerDatabase
from storage.migrations import CALLS, DIRECTORY, FileKind
from storage.organizations import OrganizationStore
from storage.tables import CALLS_TABLES, DIRECTORY_TABLES


def fill_in_colour(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE organization SET colour = 'blue'")


LATER = replace(
    DIRECTORY,
    migrations={
        **DIRECTORY.migrations,
        DIRECTORY.version + 1: ("ALTER TABLE organization ADD COLUMN colour TEXT",),
        DIRECTORY.version + 2: fill_in_colour,
    },
)
"""The directory as a later version of the program may have it."""


@pytest.fixture
def older(path: Path) -> Path:
    database = open_directory(path)
    OrganizationStore(database).create("Acme")
    database.close()
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_an_older_file_is_copied_before_each_step_and_brought_up_to_date(older: Path) -> None:
    first, second = prepare(older, LATER, check=True)
    assert rows(older, "SELECT name, colour FROM organization") == [("Acme", "blue")]
    assert rows(older, "PRAGMA user_version") == [(LATER.version,)]
    assert rows(first, "SELECT name FROM organization") == [("Acme",)]
    assert rows(first, "PRAGMA user_version") == [(DIRECTORY.version,)]
    assert rows(second, "SELECT colour FROM organization") == [(None,)]
    assert first.name.startswith(f"desk.db.before-{DIRECTORY.version + 1}-20")
    assert first.name.endswith("Z.bak")
    assert {stat.S_IMODE(backup.stat().st_mode) for backup in (first, second)} == {0o600}


def test_a_file_that_is_up_to_date_is_not_copied(older: Path) -> None:
    assert prepare(older, DIRECTORY, check=True) == []
    assert list(older.parent.glob("*.bak")) == []


def test_a_new_file_is_not_copied(tmp_path: Path) -> None:
    assert prepare(tmp_path / "desk.db", LATER, check=True) == []
    assert list(tmp_path.glob("*.bak")) == []


def test_a_step_that_fails_leaves_the_file_as_it_was(older: Path) -> None:
    failing = replace(
        LATER,
        migrations={
            **DIRECTORY.migrations,
            DIRECTORY.version + 1: (
                "ALTER TABLE organization ADD COLUMN colour TEXT",
                "UPDATE nowhere SET colour = 'red'",
            ),
        },
    )
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        prepare(older, failing, check=True)
    assert rows(older, "PRAGMA user_version") == [(DIRECTORY.version,)]
    assert "colour" not in [row[1] for row in rows(older, "PRAGMA table_info(organization)")]
    database = open_directory(older)
    assert len(OrganizationStore(database).all()) == 1
    database.close()


def test_the_program_from_before_refuses_the_file(older: Path) -> None:
    prepare(older, LATER, check=True)
    with pytest.raises(NewerDatabase):
        open_directory(older)


def test_what_was_written_last_is_in_the_copy_although_it_is_in_the_log_only(older: Path) -> None:
    with closing(sqlite3.connect(older, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("UPDATE organization SET name = 'Brand'")
        (first, _) = prepare(older, LATER, check=True)
    assert rows(first, "SELECT name FROM organization") == [("Brand",)]


def test_a_file_from_before_groups_is_copied_and_its_users_get_the_name_that_groups_show(
    path: Path,
) -> None:
    prepare(path, replace(DIRECTORY, migrations={1: DIRECTORY.migrations[1]}), check=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("INSERT INTO organization (name, folded_name, created) VALUES ('A', 'a', '')")
        for number, document in enumerate(_OLD_DOCUMENTS):
            old.execute(
                "INSERT INTO user (organization_id, scim_id, provisioned, active, version, created,"
                " last_modified, document) VALUES (1, ?, 1, 1, 1, '', '', ?)",
                (str(number), document),
            )
    database = open_directory(path)
    assert "a copy from before is desk.db.before-2-" in database.notice
    found = database.connection().execute("SELECT display FROM user ORDER BY id").fetchall()
    assert found == [("Ann Lee",), ("bob",), ("",)]
    (organization,) = OrganizationStore(database).all()
    assert (organization.users, organization.organization.groups) == (3, 0)
    database.close()
    before = next(path.parent.glob("*.before-2-*.bak"))
    assert rows(before, "PRAGMA user_version") == [(1,)]
    assert rows(before, "SELECT count(*) FROM user") == [(3,)]
    assert "display" not in [row[1] for row in rows(before, "PRAGMA table_info(user)")]


_OLD_DOCUMENTS = ('{"displayName":"Ann Lee","userName":"ann"}', '{"userName":"bob"}', "{}")


@pytest.mark.parametrize(("kind", "models"), [(DIRECTORY, DIRECTORY_TABLES), (CALLS, CALLS_TABLES)])
def test_the_models_describe_the_tables_that_the_migrations_make(
    tmp_path: Path, kind: FileKind, models: tuple[type, ...]
) -> None:
    path = tmp_path / "desk.db"
    prepare(path, kind, check=True)
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    assert {name for (name,) in rows(path, tables)} == {model._meta.table_name for model in models}
    for model in models:
        table = rows(path, f"PRAGMA table_info({model._meta.table_name})")
        made = {str(row[1]): (bool(row[3]), bool(row[5])) for row in table}
        fields = model._meta.sorted_fields
        key = set(model._meta.get_primary_keys())
        described = {
            field.column_name: (not field.null and field not in key, field in key)
            for field in fields
        }
        for name, (required, in_key) in described.items():
            assert made[name][1] == in_key
            assert in_key or made[name][0] == required, name
        assert list(made) == [field.column_name for field in fields]


def test_calls_from_before_are_found_counted_and_grouped_like_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "desk-calls.db"
    prepare(path, replace(CALLS, migrations={1: CALLS.migrations[1]}), check=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for number, organization_id in enumerate((1, 1, None)):
            old.execute(_OLD_CALL, (number * 60_000_000, organization_id, 409 if number else 201))
    database = open_calls(path)
    assert "a copy from before is desk-calls.db.before-2-" in database.notice
    store = CallStore(database)
    assert store.count(Selection()) == 3
    assert list(store.ids(Selection(parse("needle status:failed")))) == [2, 3]
    assert list(store.ids(Selection(organization_id=1, heads_only=True))) == [1, 2]
    line = store.timeline(Selection(), intervals=3)
    assert (line.calls, line.failures) == ([1, 1, 1], [0, 1, 1])
    stored = store.get(1)
    assert stored is not None
    assert (stored.client, stored.head_id, stored.call.before) == ("", None, b"")
    database.close()


_OLD_CALL = """
INSERT INTO call (at, duration, peer, organization_id, token_label, method, path, query, status,
    operation, summary, subject, resource_id, remarks, request_headers, request_body,
    response_headers, response_body)
VALUES (?, 1, '', ?, '', 'GET', '', '', ?, '', '', '', '', '[]', '[]', 'needle', '[]', '')
"""
