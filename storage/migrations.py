"""The numbered steps that make each kind of file, and bring an older file up to date."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from storage.errors import NewerDatabase
from storage.files import create_private
from storage.times import file_time, utc_now

Migration: TypeAlias = tuple[str, ...] | Callable[[sqlite3.Connection], None]
"""SQL statements, or a function for what SQL alone cannot do."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of database file; ``migrations`` is keyed by the version that each leads to."""

    name: str
    application_id: int
    migrations: Mapping[int, Migration]

    @property
    def version(self) -> int:
        """The version that this program writes."""
        return max(self.migrations)


def migrate(connection: sqlite3.Connection, kind: FileKind, path: Path) -> list[Path]:
    """Bring an open file up to date; return the backups made on the way.

    Each step is a transaction of its own, and a file that holds something is copied before it,
    so that a step that fails leaves the file as it was.
    """
    backups = []
    is_new = user_version(connection) == 0
    while (version := user_version(connection)) < kind.version:
        number = version + 1
        if not is_new:
            backups.append(back_up(connection, path, number))
        _step(connection, kind, number)
    if version > kind.version:
        raise NewerDatabase(path, version, kind.version)
    return backups


def back_up(connection: sqlite3.Connection, path: Path, number: int) -> Path:
    """Copy an open file beside it, as it was before migration ``number``."""
    backup = path.with_name(f"{path.name}.before-{number}-{file_time(utc_now())}.bak")
    create_private(backup)
    copy = sqlite3.connect(backup)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    return backup


def newest_backup(path: Path) -> Path | None:
    """Return the newest backup beside a file."""
    found = path.parent.glob(f"{path.name}.before-*.bak")
    return max(found, key=lambda backup: backup.name.rpartition("-")[2], default=None)


def user_version(connection: sqlite3.Connection) -> int:
    """Return the number of the last migration of an open file; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _step(connection: sqlite3.Connection, kind: FileKind, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have taken this step while we waited for the lock.
        if user_version(connection) == number - 1:
            migration = kind.migrations[number]
            if isinstance(migration, tuple):
                for statement in migration:
                    connection.execute(statement)
            else:
                migration(connection)
            connection.execute(f"PRAGMA application_id = {kind.application_id}")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


DIRECTORY = FileKind(
    name="directory",
    application_id=0x426C5344,
    migrations={
        1: (
            # AUTOINCREMENT: an id is never used again, because the calls file refers to it.
            """
            CREATE TABLE organization (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL,
                folded_name TEXT NOT NULL UNIQUE,
                group_push INTEGER NOT NULL DEFAULT 0,
                active_by_default INTEGER NOT NULL DEFAULT 0,
                users INTEGER NOT NULL DEFAULT 0,
                active_users INTEGER NOT NULL DEFAULT 0,
                created TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE token (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                digest BLOB NOT NULL UNIQUE,
                last_four TEXT NOT NULL,
                label TEXT NOT NULL,
                lifetime INTEGER,
                created TEXT NOT NULL,
                expires TEXT,
                last_used TEXT,
                last_used_from TEXT,
                revoked TEXT
            )
            """,
            "CREATE INDEX token_organization ON token (organization_id)",
            """
            CREATE TABLE user (
                id INTEGER PRIMARY KEY,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                scim_id TEXT NOT NULL UNIQUE,
                provisioned INTEGER NOT NULL,
                active INTEGER NOT NULL,
                version INTEGER NOT NULL,
                created TEXT NOT NULL,
                last_modified TEXT NOT NULL,
                user_name TEXT,
                external_id TEXT,
                work_email TEXT,
                mobile TEXT,
                employee_number TEXT,
                document TEXT NOT NULL
            )
            """,
            # The organization comes second: a value is looked for in all organizations.
            "CREATE UNIQUE INDEX user_user_name ON user (user_name, organization_id)"
            " WHERE user_name IS NOT NULL",
            "CREATE UNIQUE INDEX user_work_email ON user (work_email, organization_id)"
            " WHERE work_email IS NOT NULL",
            "CREATE UNIQUE INDEX user_mobile ON user (mobile, organization_id)"
            " WHERE mobile IS NOT NULL",
            "CREATE INDEX user_external_id ON user (organization_id, provisioned, external_id)"
            " WHERE external_id IS NOT NULL",
            "CREATE INDEX user_employee_number"
            " ON user (organization_id, provisioned, employee_number)"
            " WHERE employee_number IS NOT NULL",
            # SQLite ends each index entry with the row's id: this one is in order of creation.
            "CREATE INDEX user_organization ON user (organization_id, provisioned)",
            """
            CREATE TABLE user_email (
                organization_id INTEGER NOT NULL,
                value TEXT NOT NULL,
                user_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE ON UPDATE CASCADE,
                PRIMARY KEY (organization_id, value, user_id)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX user_email_user ON user_email (user_id)",
            """
            CREATE TRIGGER user_counted AFTER INSERT ON user WHEN NEW.provisioned
            BEGIN
                UPDATE organization
                SET users = users + 1, active_users = active_users + NEW.active
                WHERE id = NEW.organization_id;
            END
            """,
            """
            CREATE TRIGGER user_recounted AFTER UPDATE OF provisioned, active ON user
            WHEN OLD.provisioned <> NEW.provisioned OR OLD.active <> NEW.active
            BEGIN
                UPDATE organization
                SET users = users + NEW.provisioned - OLD.provisioned,
                    active_users = active_users + NEW.provisioned * NEW.active
                                                - OLD.provisioned * OLD.active
                WHERE id = NEW.organization_id;
            END
            """,
            """
            CREATE TRIGGER user_uncounted AFTER DELETE ON user WHEN OLD.provisioned
            BEGIN
                UPDATE organization
                SET users = users - 1, active_users = active_users - OLD.active
                WHERE id = OLD.organization_id;
            END
            """,
            # What ANALYZE would find in a large directory, so that the plans are good from the
            # first user on and never change: how many rows there are, then how many share the
            # first column of an index, the first two, and so on.
            "ANALYZE sqlite_master",
            """
            INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
                ('organization', 'sqlite_autoindex_organization_1', '20 1'),
                ('user', 'sqlite_autoindex_user_1', '100000 1'),
                ('user', 'user_user_name', '100000 1 1'),
                ('user', 'user_work_email', '100000 1 1'),
                ('user', 'user_mobile', '100000 1 1'),
                ('user', 'user_external_id', '100000 10000 5000 1'),
                ('user', 'user_employee_number', '100000 10000 5000 1'),
                ('user', 'user_organization', '100000 10000 5000'),
                ('user_email', 'sqlite_autoindex_user_email_1', '100000 10000 1 1'),
                ('user_email', 'user_email_user', '100000 1')
            """,
        ),
        2: (
            # What the groups show of a user: its displayName, or else its userName.
            "ALTER TABLE user ADD COLUMN display TEXT NOT NULL DEFAULT ''",
            """
            UPDATE user SET display = coalesce(
                json_extract(document, '$.displayName'), json_extract(document, '$.userName'), ''
            )
            """,
            "ALTER TABLE organization ADD COLUMN groups INTEGER NOT NULL DEFAULT 0",
            # AUTOINCREMENT: members may outlive their group for a while, so no other gets its id.
            """
            CREATE TABLE scim_group (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                scim_id TEXT NOT NULL UNIQUE,
                version INTEGER NOT NULL,
                created TEXT NOT NULL,
                last_modified TEXT NOT NULL,
                display TEXT NOT NULL,
                display_name TEXT NOT NULL,
                external_id TEXT,
                document TEXT NOT NULL
            )
            """,
            "CREATE INDEX scim_group_organization ON scim_group (organization_id)",
            "CREATE INDEX scim_group_display_name ON scim_group (organization_id, display_name)",
            "CREATE INDEX scim_group_external_id ON scim_group (organization_id, external_id)"
            " WHERE external_id IS NOT NULL",
            # A member's id and name stand here once more, so that a large group is read from
            # neighbouring rows and not from everywhere in the table of users. The name is kept as
            # JSON, which is how it is read: quoting it each time would double the time.
            """
            CREATE TABLE group_member (
                group_id INTEGER NOT NULL,
                position INTEGER NOT NULL,
                value TEXT NOT NULL,
                type TEXT NOT NULL,
                display TEXT NOT NULL,
                PRIMARY KEY (group_id, position)
            ) WITHOUT ROWID
            """,
            "CREATE UNIQUE INDEX group_member_value ON group_member (value, group_id)",
            # The deleted groups whose members are still to be deleted, a few with each write.
            "CREATE TABLE deleted_group (id INTEGER PRIMARY KEY)",
            """
            CREATE TRIGGER scim_group_counted AFTER INSERT ON scim_group
            BEGIN
                UPDATE organization SET groups = groups + 1 WHERE id = NEW.organization_id;
            END
            """,
            """
            CREATE TRIGGER scim_group_deleted AFTER DELETE ON scim_group
            BEGIN
                UPDATE organization SET groups = groups - 1 WHERE id = OLD.organization_id;
                DELETE FROM group_member WHERE value = OLD.scim_id;
                INSERT INTO deleted_group (id) VALUES (OLD.id);
            END
            """,
            """
            CREATE TRIGGER scim_group_renamed AFTER UPDATE OF display ON scim_group
            WHEN NEW.display <> OLD.display
            BEGIN
                UPDATE group_member SET display = json_quote(NEW.display)
                WHERE value = NEW.scim_id;
            END
            """,
            """
            CREATE TRIGGER user_renamed AFTER UPDATE OF display ON user
            WHEN NEW.display <> OLD.display
            BEGIN
                UPDATE group_member SET display = json_quote(NEW.display)
                WHERE value = NEW.scim_id;
            END
            """,
            """
            CREATE TRIGGER user_deleted AFTER DELETE ON user
            BEGIN
                DELETE FROM group_member WHERE value = OLD.scim_id;
            END
            """,
            """
            INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
                ('scim_group', 'sqlite_autoindex_scim_group_1', '10000 1'),
                ('scim_group', 'scim_group_organization', '10000 1000'),
                ('scim_group', 'scim_group_display_name', '10000 1000 1'),
                ('scim_group', 'scim_group_external_id', '10000 1000 1'),
                ('group_member', 'sqlite_autoindex_group_member_1', '1000000 100 1'),
                ('group_member', 'group_member_value', '1000000 5 1')
            """,
        ),
        3: (
            # Counts the changes of the custom attributes, so that a server knows when to read them.
            "ALTER TABLE organization ADD COLUMN schema_version INTEGER NOT NULL DEFAULT 0",
            """
            CREATE TABLE custom_attribute (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                identifier TEXT NOT NULL,
                folded_identifier TEXT NOT NULL,
                label TEXT NOT NULL,
                kind TEXT NOT NULL,
                choices TEXT NOT NULL,
                description TEXT NOT NULL,
                removed INTEGER NOT NULL DEFAULT 0
            )
            """,
            "CREATE UNIQUE INDEX custom_attribute_identifier"
            " ON custom_attribute (organization_id, folded_identifier)",
        ),
        4: (
            # An import fills a population of its own, which becomes the current one at its end.
            """
            CREATE TABLE population (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                current INTEGER NOT NULL DEFAULT 0,
                attributes TEXT NOT NULL,
                people INTEGER NOT NULL DEFAULT 0,
                version INTEGER NOT NULL DEFAULT 0,
                created TEXT NOT NULL
            )
            """,
            "CREATE UNIQUE INDEX population_current ON population (organization_id) WHERE current",
            "CREATE INDEX population_organization ON population (organization_id)",
            """
            CREATE TABLE person (
                id INTEGER PRIMARY KEY,
                population_id INTEGER NOT NULL REFERENCES population ON DELETE CASCADE,
                okta_id TEXT NOT NULL,
                login TEXT NOT NULL,
                name TEXT NOT NULL,
                words TEXT NOT NULL,
                document TEXT NOT NULL
            )
            """,
            "CREATE UNIQUE INDEX person_okta_id ON person (population_id, okta_id)",
            "CREATE UNIQUE INDEX person_login ON person (population_id, login)",
            # Holds what a search reads, so that it does not read the documents.
            "CREATE INDEX person_words ON person (population_id, name, words)",
            """
            INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
                ('population', 'population_current', '20 1'),
                ('population', 'population_organization', '20 1'),
                ('person', 'person_okta_id', '1000000 100000 1'),
                ('person', 'person_login', '1000000 100000 1'),
                ('person', 'person_words', '1000000 100000 2 1')
            """,
        ),
        5: (
            # Each save is a version of its own; "at" is the one that counts, so that undo and redo
            # go back and forth across sessions.
            """
            CREATE TABLE mapping_set (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                name TEXT NOT NULL,
                folded_name TEXT NOT NULL,
                in_use INTEGER NOT NULL DEFAULT 0,
                at INTEGER NOT NULL DEFAULT 1
            )
            """,
            "CREATE UNIQUE INDEX mapping_set_name ON mapping_set (organization_id, folded_name)",
            "CREATE UNIQUE INDEX mapping_set_in_use ON mapping_set (organization_id) WHERE in_use",
            """
            CREATE TABLE mapping_version (
                mapping_set_id INTEGER NOT NULL REFERENCES mapping_set ON DELETE CASCADE,
                number INTEGER NOT NULL,
                saved TEXT NOT NULL,
                note TEXT NOT NULL,
                document TEXT NOT NULL,
                PRIMARY KEY (mapping_set_id, number)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE preflight (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id INTEGER NOT NULL REFERENCES organization ON DELETE CASCADE,
                ran TEXT NOT NULL,
                mappings TEXT NOT NULL,
                report BLOB NOT NULL
            )
            """,
            "CREATE INDEX preflight_organization ON preflight (organization_id)",
        ),
    },
)

CALLS = FileKind(
    name="calls",
    application_id=0x426C5343,
    migrations={
        1: (
            # What a list shows comes first, the bodies last: reading a row's first columns does
            # not touch the overflow pages that hold its bodies.
            """
            CREATE TABLE call (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                duration INTEGER NOT NULL,
                peer TEXT NOT NULL,
                organization_id INTEGER,
                token_id INTEGER,
                token_label TEXT NOT NULL,
                method TEXT NOT NULL,
                path TEXT NOT NULL,
                query TEXT NOT NULL,
                status INTEGER NOT NULL,
                operation TEXT NOT NULL,
                summary TEXT NOT NULL,
                subject TEXT NOT NULL,
                resource_id TEXT NOT NULL,
                remarks TEXT NOT NULL,
                request_headers TEXT NOT NULL,
                request_body TEXT NOT NULL,
                response_headers TEXT NOT NULL,
                response_body TEXT NOT NULL
            )
            """,
            "CREATE INDEX call_status ON call (status)",
            "CREATE INDEX call_organization ON call (organization_id)",
            "CREATE INDEX call_at ON call (organization_id, at)",
            "CREATE INDEX call_operation ON call (organization_id, operation, at)",
            "CREATE INDEX call_resource ON call (resource_id)",
            "CREATE INDEX call_failure ON call (organization_id, at)"
            " WHERE status >= 400 OR status = 0",
        ),
        # The calls are left as they are, since there may be a million: what is new stands behind
        # the bodies and is read from the index call_list, which also holds what a filter asks for.
        # A call from before has no origin and stands alone.
        2: (
            "ALTER TABLE call ADD COLUMN client TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE call ADD COLUMN head_id INTEGER",
            "ALTER TABLE call ADD COLUMN before TEXT NOT NULL DEFAULT ''",
            # Each was the beginning of another index, or is quicker by call_list.
            "DROP INDEX call_organization",
            "DROP INDEX call_status",
            "CREATE INDEX call_list ON call (id, at, duration, status, organization_id, method,"
            " operation, client, subject, token_label, head_id)",
            "CREATE INDEX call_head ON call (head_id) WHERE head_id IS NOT NULL",
            """
            CREATE TABLE operation (
                head_id INTEGER PRIMARY KEY,
                summary TEXT NOT NULL,
                status INTEGER NOT NULL
            )
            """,
            """
            CREATE TABLE annotation (
                call_id INTEGER PRIMARY KEY,
                mark TEXT NOT NULL,
                note TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE minute (
                minute INTEGER NOT NULL,
                organization_id INTEGER NOT NULL,
                calls INTEGER NOT NULL,
                failures INTEGER NOT NULL,
                PRIMARY KEY (minute, organization_id)
            ) WITHOUT ROWID
            """,
            "CREATE TABLE text_part (number INTEGER PRIMARY KEY, up_to INTEGER NOT NULL)",
            "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
            """
            INSERT INTO minute SELECT at / 60000000, ifnull(organization_id, 0), count(*),
                sum(status >= 400 OR status = 0)
            FROM call INDEXED BY call_list GROUP BY 1, 2
            """,
        ),
        # Of a month there are 40,000 minutes for each organization: too many to add up each time.
        3: (
            "CREATE TABLE total (organization_id INTEGER PRIMARY KEY, calls INTEGER NOT NULL)",
            "INSERT INTO total SELECT organization_id, sum(calls) FROM minute GROUP BY 1",
        ),
    },
)
