"""The users of all organizations: the hot path, in plain SQL."""

import sqlite3
import uuid
from contextlib import AbstractContextManager

from server.blink.directory import (
    DirectoryUnavailable,
    KeyOwner,
    Page,
    StoredUser,
    UserKeys,
)
from server.scim.cursors import Place, Stretch
from server.scim.filters.tree import Filter
from server.scim.schemas import BoundPath
from server.scim.times import timestamp
from storage.checkpoints import Checkpoints
from storage.columns import USER_COLUMNS
from storage.database import Database
from storage.faults import guarded
from storage.filters import compile_order, compile_sql
from storage.groups import TOUCH_GROUPS_OF
from storage.keyset import Listing, Sorting
from storage.times import Clock, utc_now
from storage.transactions import SharedTransaction, one_view

_available = guarded(DirectoryUnavailable)


class UserDirectory:
    """Fits ``server.blink.directory.Directory``.

    One object is for one thread, and the only one there that changes users: it remembers where
    pages begin. Other threads and processes may read and write beside it. The store of groups on
    the same thread shares its ``transaction``.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock = utc_now,
        transaction: SharedTransaction | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._transaction = transaction or SharedTransaction(database)
        self._checkpoints = Checkpoints("user WHERE organization_id = ? AND provisioned = 1")
        self._transaction.on_undone(self._checkpoints.clear)

    @_available
    def user(self, organization_id: int, user_id: str) -> StoredUser | None:
        """Return a provisioned user, or None."""
        row = self._database.connection().execute(_ONE, (user_id, organization_id)).fetchone()
        return StoredUser._make((*row, True)) if row else None

    @_available
    def users(
        self,
        organization_id: int,
        condition: Filter | None,
        start: int,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Page:
        """Return a page of the provisioned users, and how many there are in all."""
        order = compile_order(sort, descending) if sort else ""
        if condition is None:
            return self._all_users(organization_id, start, count, order)
        return self._matching_users(organization_id, condition, start, count, order)

    @_available
    def users_beside(
        self,
        organization_id: int,
        condition: Filter | None,
        place: Place | None,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Stretch[StoredUser]:
        """Return the provisioned users beside a place, or the first ones."""
        connection = self._database.connection()
        sorting = Sorting(sort, descending)
        return _USERS.stretch(connection, organization_id, condition, sorting, place, count)

    @_available
    def owner(self, key: str, value: str, organization_id: int) -> KeyOwner | None:
        """Return who holds a "user_name", "work_email" or "mobile", this organization first."""
        row = self._database.connection().execute(_OWNER[key], (value, organization_id)).fetchone()
        return KeyOwner(row[0], row[1], row[2] == 1) if row else None

    @_available
    def account_to_link(
        self, organization_id: int, work_email: str | None, employee_number: str | None
    ) -> StoredUser | None:
        """Return the not yet provisioned account with this email, else with this number."""
        connection = self._database.connection()
        for value, query in ((work_email, _BY_WORK_EMAIL), (employee_number, _BY_NUMBER)):
            if value is not None:
                row = connection.execute(query, (value, organization_id)).fetchone()
                if row:
                    return StoredUser._make((*row, False))
        return None

    def write(self) -> AbstractContextManager[None]:
        """A group of changes that takes effect whole or, when it is left by an error, not at all.

        It joins the transaction under way or begins one, which ``commit`` ends.
        """
        return self._transaction.write()

    @_available
    def insert_user(
        self, organization_id: int, user_id: str, document: bytes, keys: UserKeys, now: str
    ) -> StoredUser:
        """Add a provisioned user."""
        return self._insert(organization_id, user_id, document, keys, now, provisioned=True)

    @_available
    def add_account(self, organization_id: int, document: bytes, keys: UserKeys) -> StoredUser:
        """Add an account that Blink has and that no identity provider manages yet."""
        now = timestamp(self._clock())
        return self._insert(
            organization_id, str(uuid.uuid4()), document, keys, now, provisioned=False
        )

    @_available
    def replace_user(
        self, organization_id: int, user_id: str, document: bytes, keys: UserKeys, now: str
    ) -> StoredUser:
        """Write a user's new document, raise its version, and mark it as provisioned."""
        connection = self._database.connection()
        row = connection.execute(_KEYS, (user_id, organization_id)).fetchone()
        if row is None:
            raise DirectoryUnavailable("The user was deleted in the meantime; send it again.")
        row_id, created, version, provisioned, display, *old = row
        if not provisioned:
            # To the end of the list: a page that a client has read already stays as it was.
            (new_id,) = connection.execute(_NEXT_ID).fetchone()
            connection.execute(_PROVISION, (new_id, row_id))
            row_id = new_id
        if old != list(keys[:5]):
            connection.execute(_REWRITE, (document, keys.active, now, *keys[:5], row_id))
        else:
            # Leaves the indexes alone: one page to write in place of seven.
            connection.execute(_UPDATE, (document, keys.active, now, row_id))
        if display != keys.display:
            # Groups show the name of each member: a trigger writes it there.
            connection.execute(TOUCH_GROUPS_OF, (now, user_id))
            connection.execute(_RENAME, (keys.display, row_id))
        emails = {email for (email,) in connection.execute(_EMAILS, (row_id,))}
        if emails != set(keys.emails):
            connection.execute(_DELETE_EMAILS, (row_id,))
            _insert_emails(connection, organization_id, row_id, keys.emails)
        return StoredUser(user_id, document, created, now, version + 1, True)

    @_available
    def delete_user(self, organization_id: int, user_id: str) -> bool:
        """Delete a provisioned user; say whether there was one."""
        connection = self._database.connection()
        row = connection.execute(_ROW_ID, (user_id, organization_id)).fetchone()
        if row is None:
            return False
        connection.execute(TOUCH_GROUPS_OF, (timestamp(self._clock()), user_id))
        connection.execute(_DELETE, row)
        self._checkpoints.deleted(organization_id, row[0])
        return True

    @property
    def uncommitted(self) -> bool:
        """Whether a transaction is under way."""
        return self._transaction.uncommitted

    def commit(self) -> None:
        """Put the transaction under way on disk; on an error it is rolled back."""
        self._transaction.commit()

    def _insert(
        self,
        organization_id: int,
        user_id: str,
        document: bytes,
        keys: UserKeys,
        now: str,
        *,
        provisioned: bool,
    ) -> StoredUser:
        connection = self._database.connection()
        row_id = connection.execute(
            _INSERT,
            (
                organization_id,
                user_id,
                provisioned,
                document,
                keys.active,
                now,
                now,
                *keys[:5],
                keys.display,
            ),
        ).lastrowid
        _insert_emails(connection, organization_id, row_id, keys.emails)
        return StoredUser(user_id, document, now, now, 1, provisioned)

    def _all_users(self, organization_id: int, start: int, count: int, order: str) -> Page:
        connection = self._database.connection()
        with one_view(connection):
            row = connection.execute(_TOTAL, (organization_id,)).fetchone()
            total = row[0] if row else 0
            if count < 1 or start > total:
                return Page(total, [])
            first, skip = 0, start - 1
            if not order:
                first, skip = self._checkpoints.before(connection, organization_id, start)
            rows = connection.execute(
                _page_query("id >= ?", order), (organization_id, first, count, skip)
            )
            return Page(total, [StoredUser._make((*row, True)) for row in rows])

    def _matching_users(
        self, organization_id: int, condition: Filter, start: int, count: int, order: str
    ) -> Page:
        connection = self._database.connection()
        where, parameters = compile_sql(condition)
        skip = min(start - 1, _FURTHEST)
        users = []
        if count > 0:
            # One more than is asked for tells whether the total has to be counted at all.
            rows = connection.execute(
                _page_query(where, order), (organization_id, *parameters, count + 1, skip)
            )
            users = [StoredUser._make((*row, True)) for row in rows]
            if len(users) <= count and (users or skip == 0):
                return Page(skip + len(users), users)
        (total,) = connection.execute(
            _query(_COUNT, where), (organization_id, *parameters)
        ).fetchone()
        return Page(total, users[:count])


def _insert_emails(
    connection: sqlite3.Connection,
    organization_id: int,
    row_id: int | None,
    emails: tuple[str, ...],
) -> None:
    for email in emails:
        connection.execute(_INSERT_EMAIL, (organization_id, email, row_id))


def _query(select: str, where: str, rest: str = "") -> str:
    return " ".join((select, "WHERE organization_id = ? AND provisioned = 1 AND", where, rest))


def _page_query(where: str, order: str) -> str:
    by = f"{order}, id" if order else "id"
    return _query(_SELECT, where, f"ORDER BY {by} LIMIT ? OFFSET ?")


_FURTHEST = 2**62
"""SQLite's integers end at 2**63."""

# The document is bound and read as a blob: SQLite's JSON functions want text, and the cast spares
# decoding it to a str and encoding it again.
_COLUMNS = "scim_id, CAST(document AS BLOB), created, last_modified, version"
_SELECT = " ".join(("SELECT", _COLUMNS, "FROM user"))
_COUNT = "SELECT count(*) FROM user"
_TOTAL = "SELECT users FROM organization WHERE id = ?"
_USERS = Listing(
    rows="user WHERE organization_id = ? AND provisioned = 1",
    selected=_COLUMNS,
    total=_TOTAL,
    columns=USER_COLUMNS,
    make=lambda row: StoredUser._make((*row, True)),
)

_ONE = f"{_SELECT} WHERE scim_id = ? AND organization_id = ? AND provisioned = 1"
_OWNERS = "SELECT organization_id, scim_id, provisioned FROM user WHERE"
_BY_WORK_EMAIL = f"{_SELECT} WHERE work_email = ? AND organization_id = ? AND provisioned = 0"
_BY_NUMBER = (
    f"{_SELECT} WHERE employee_number = ? AND organization_id = ? AND provisioned = 0 ORDER BY id"
)
_OWNER = {
    key: " ".join((_OWNERS, key, "= ? ORDER BY organization_id <> ? LIMIT 1"))
    for key in ("user_name", "work_email", "mobile")
}

_INSERT = """
INSERT INTO user (
    organization_id, scim_id, provisioned, document, active, created, last_modified, version,
    user_name, external_id, work_email, mobile, employee_number, display
) VALUES (?, ?, ?, CAST(? AS TEXT), ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
"""
_KEYS = """
SELECT id, created, version, provisioned, display,
       user_name, external_id, work_email, mobile, employee_number
FROM user WHERE scim_id = ? AND organization_id = ?
"""
_NEXT_ID = "SELECT max(id) + 1 FROM user"
_PROVISION = "UPDATE user SET id = ?, provisioned = 1 WHERE id = ?"
_UPDATE = """
UPDATE user SET document = CAST(? AS TEXT), active = ?, last_modified = ?, version = version + 1
WHERE id = ?
"""
_REWRITE = """
UPDATE user SET document = CAST(? AS TEXT), active = ?, last_modified = ?, version = version + 1,
    user_name = ?, external_id = ?, work_email = ?, mobile = ?, employee_number = ?
WHERE id = ?
"""
_RENAME = "UPDATE user SET display = ? WHERE id = ?"
_ROW_ID = "SELECT id FROM user WHERE scim_id = ? AND organization_id = ? AND provisioned = 1"
_DELETE = "DELETE FROM user WHERE id = ?"

_EMAILS = "SELECT value FROM user_email WHERE user_id = ?"
_DELETE_EMAILS = "DELETE FROM user_email WHERE user_id = ?"
_INSERT_EMAIL = (
    "INSERT OR IGNORE INTO user_email (organization_id, value, user_id) VALUES (?, ?, ?)"
)
