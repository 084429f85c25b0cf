"""The groups of all organizations and their members, in plain SQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import orjson

from server.blink.directory import DirectoryUnavailable
from server.blink.group_directory import Addition, GroupKeys, GroupPage, Member, StoredGroup
from server.scim.cursors import Place, Stretch
from server.scim.filters.tree import Filter
from server.scim.schemas import BoundPath
from storage.checkpoints import Checkpoints
from storage.columns import GROUP_COLUMNS
from storage.database import Database
from storage.faults import guarded
from storage.filters import compile_order, compile_sql
from storage.keyset import Listing, Sorting
from storage.transactions import SharedTransaction, one_view

_available = guarded(DirectoryUnavailable)

SWEPT = 500
"""Members of deleted groups that one sweep deletes: about a millisecond."""


class GroupStore:
    """Fits ``server.blink.group_directory.GroupDirectory``.

    One object is for one thread, and the only one there that changes groups. Changing a member
    costs a row, however many the group has. A group is deleted without its members' rows, which
    nothing shows any more; while ``has_leftovers``, ``sweep`` may find some.
    """

    def __init__(self, database: Database, transaction: SharedTransaction) -> None:
        self.has_leftovers = True
        self._database = database
        self._transaction = transaction
        self._checkpoints = Checkpoints("scim_group WHERE organization_id = ?")
        transaction.on_undone(self._checkpoints.clear)

    @_available
    def group(self, organization_id: int, group_id: str) -> StoredGroup | None:
        """Return a group, or None."""
        row = self._database.connection().execute(_ONE, (group_id, organization_id)).fetchone()
        return StoredGroup._make(row) if row else None

    @_available
    def groups(
        self,
        organization_id: int,
        condition: Filter | None,
        start: int,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> GroupPage:
        """Return a page of the groups, and how many there are in all."""
        order = compile_order(sort, descending, GROUP_COLUMNS) if sort else ""
        if condition is None:
            return self._all_groups(organization_id, start, count, order)
        return self._matching_groups(organization_id, condition, start, count, order)

    @_available
    def groups_beside(
        self,
        organization_id: int,
        condition: Filter | None,
        place: Place | None,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Stretch[StoredGroup]:
        """Return the groups beside a place, or the first ones."""
        connection = self._database.connection()
        sorting = Sorting(sort, descending)
        return _GROUPS.stretch(connection, organization_id, condition, sorting, place, count)

    @_available
    def members(self, group_id: str) -> list[Member]:
        """Return all members in the order of addition."""
        rows = self._database.connection().execute(_MEMBERS, (group_id,))
        return [Member(value, type_, orjson.loads(display)) for value, type_, display in rows]

    @_available
    def members_json(self, group_ids: Sequence[str], base: str) -> dict[str, bytes]:
        """Return ``members`` as JSON by group, without the groups that have none."""
        address = orjson.dumps(base)[1:-1].decode()
        joints = [
            joint
            for kind in ("User", "Group")
            for joint in (f'","$ref":"{address}/{kind}s/', f'","type":"{kind}","display":')
        ]
        listed = orjson.dumps(group_ids).decode()
        rows = self._database.connection().execute(_MEMBERS_JSON, (*joints, listed))
        return {group_id: members for group_id, members in rows if members is not None}

    @_available
    def groups_json(self, user_ids: Sequence[str], base: str) -> dict[str, bytes]:
        """Return ``groups`` as JSON by user, without the users that are in none."""
        prefix = orjson.dumps(f"{base}/Groups/")[1:-1].decode()
        listed = orjson.dumps(user_ids).decode()
        groups: dict[str, list[str]] = {}
        for user_id, group in self._database.connection().execute(_GROUPS_JSON, (prefix, listed)):
            groups.setdefault(user_id, []).append(group)
        return {user_id: f"[{','.join(found)}]".encode() for user_id, found in groups.items()}

    def write(self) -> AbstractContextManager[None]:
        """A group of changes that takes effect whole or, when it is left by an error, not at all.

        It joins the transaction under way or begins one.
        """
        return self._transaction.write()

    @_available
    def insert_group(
        self, organization_id: int, group_id: str, document: bytes, keys: GroupKeys, now: str
    ) -> StoredGroup:
        """Add a group without members."""
        connection = self._database.connection()
        connection.execute(
            _INSERT, (organization_id, group_id, now, now, *_columns(keys), document)
        )
        return StoredGroup(group_id, document, now, now, 1)

    @_available
    def update_group(
        self, organization_id: int, group: StoredGroup, document: bytes, keys: GroupKeys, now: str
    ) -> StoredGroup:
        """Write a group's new document, if it is another one, and raise its version."""
        connection = self._database.connection()
        place = (group.id, organization_id)
        if document == group.document:
            changed = connection.execute(_TOUCH, (now, *place))
        else:
            changed = connection.execute(_UPDATE, (now, *_columns(keys), document, *place))
        if changed.rowcount == 0:
            raise DirectoryUnavailable(_GONE)
        return StoredGroup(group.id, document, group.created, now, group.version + 1)

    @_available
    def delete_group(self, organization_id: int, group_id: str, now: str) -> bool:
        """Delete a group, which leaves the groups that it is in; say whether there was one."""
        connection = self._database.connection()
        row = connection.execute(_ROW_ID, (group_id, organization_id)).fetchone()
        if row is None:
            return False
        connection.execute(TOUCH_GROUPS_OF, (now, group_id))
        connection.execute("DELETE FROM scim_group WHERE id = ?", row)
        self._checkpoints.deleted(organization_id, row[0])
        self.has_leftovers = True
        return True

    @_available
    def add_members(self, organization_id: int, group_id: str, ids: Sequence[str]) -> Addition:
        """Add those that are not members yet; ``ids`` are all different."""
        connection = self._database.connection()
        row = connection.execute(_END, (group_id, organization_id)).fetchone()
        if row is None:
            raise DirectoryUnavailable(_GONE)
        row_id, end = row
        listed = orjson.dumps(ids).decode()
        place = (row_id, end, listed, organization_id)
        added = connection.execute(_ADD_USERS, place).rowcount
        if added < len(ids):
            added += connection.execute(_ADD_GROUPS, place).rowcount
        if added == len(ids):
            return Addition(added, [])
        rows = connection.execute(_UNKNOWN, (listed, row_id))
        return Addition(added, [member for (member,) in rows])

    @_available
    def remove_members(self, group_id: str, ids: Sequence[str], type: str | None = None) -> int:
        """Remove members, only those of a type if one is given; return how many there were."""
        listed = orjson.dumps(ids).decode()
        removed = self._database.connection().execute(_REMOVE, (listed, group_id, type, type))
        return removed.rowcount

    @_available
    def set_members(self, organization_id: int, group_id: str, ids: Sequence[str]) -> Addition:
        """Remove all members but these, then add those of them that are not members yet."""
        row = self._database.connection().execute(_VALUES, (group_id,)).fetchone()
        present = set(orjson.loads(row[0]))
        gone = present.difference(ids)
        removed = self.remove_members(group_id, list(gone)) if gone else 0
        new = [member_id for member_id in ids if member_id not in present]
        if not new:
            return Addition(removed, [])
        added, unknown = self.add_members(organization_id, group_id, new)
        return Addition(removed + added, unknown)

    @_available
    def sweep(self) -> None:
        """Delete some of the members whose group is gone."""
        with self._transaction.write():
            connection = self._database.connection()
            row = connection.execute("SELECT id FROM deleted_group LIMIT 1").fetchone()
            if row is None:
                self.has_leftovers = False
            elif connection.execute(_SWEEP, (*row, *row, SWEPT)).rowcount < SWEPT:
                connection.execute("DELETE FROM deleted_group WHERE id = ?", row)

    def _all_groups(self, organization_id: int, start: int, count: int, order: str) -> GroupPage:
        connection = self._database.connection()
        with one_view(connection):
            row = connection.execute(_TOTAL, (organization_id,)).fetchone()
            total = row[0] if row else 0
            if count < 1 or start > total:
                return GroupPage(total, [])
            first, skip = 0, start - 1
            if not order:
                first, skip = self._checkpoints.before(connection, organization_id, start)
            rows = connection.execute(
                _page_query("id >= ?", order), (organization_id, first, count, skip)
            )
            return GroupPage(total, [StoredGroup._make(row) for row in rows])

    def _matching_groups(
        self, organization_id: int, condition: Filter, start: int, count: int, order: str
    ) -> GroupPage:
        connection = self._database.connection()
        where, parameters = compile_sql(condition, GROUP_COLUMNS)
        skip = min(start - 1, _FURTHEST)
        groups = []
        if count > 0:
            # One more than is asked for tells whether the total has to be counted at all.
            rows = connection.execute(
                _page_query(where, order), (organization_id, *parameters, count + 1, skip)
            )
            groups = [StoredGroup._make(row) for row in rows]
            if len(groups) <= count and (groups or skip == 0):
                return GroupPage(skip + len(groups), groups)
        (total,) = connection.execute(
            _query("SELECT count(*) FROM scim_group", where), (organization_id, *parameters)
        ).fetchone()
        return GroupPage(total, groups[:count])


def _columns(keys: GroupKeys) -> tuple[str, str, str | None]:
    return keys.display, keys.display.casefold(), keys.external_id


def _query(select: str, where: str, rest: str = "") -> str:
    return " ".join((select, "WHERE organization_id = ? AND", where, rest))


def _page_query(where: str, order: str) -> str:
    by = f"{order}, id" if order else "id"
    return _query(_SELECT, where, f"ORDER BY {by} LIMIT ? OFFSET ?")


_GONE = "The group was deleted in the meantime; send it again."

_FURTHEST = 2**62
"""SQLite's integers end at 2**63."""

TOUCH_GROUPS_OF = """
UPDATE scim_group SET version = version + 1, last_modified = ?
WHERE id IN (SELECT group_id FROM group_member WHERE value = ?)
"""
"""For a member that is about to be deleted or renamed; a trigger follows in the group."""

_COLUMNS = "scim_id, CAST(document AS BLOB), created, last_modified, version"
_SELECT = " ".join(("SELECT", _COLUMNS, "FROM scim_group"))
_TOTAL = "SELECT groups FROM organization WHERE id = ?"
_GROUPS = Listing(
    rows="scim_group WHERE organization_id = ?",
    selected=_COLUMNS,
    total=_TOTAL,
    columns=GROUP_COLUMNS,
    make=StoredGroup._make,
)
_ONE = f"{_SELECT} WHERE scim_id = ? AND organization_id = ?"
_ROW_ID = "SELECT id FROM scim_group WHERE scim_id = ? AND organization_id = ?"

_INSERT = """
INSERT INTO scim_group (
    organization_id, scim_id, version, created, last_modified,
    display, display_name, external_id, document
) VALUES (?, ?, 1, ?, ?, ?, ?, ?, CAST(? AS TEXT))
"""
_TOUCH = """
UPDATE scim_group SET version = version + 1, last_modified = ?
WHERE scim_id = ? AND organization_id = ?
"""
_UPDATE = """
UPDATE scim_group SET version = version + 1, last_modified = ?,
    display = ?, display_name = ?, external_id = ?, document = CAST(? AS TEXT)
WHERE scim_id = ? AND organization_id = ?
"""

_END = """
SELECT id, (SELECT ifnull(max(position), 0) + 1 FROM group_member WHERE group_id = scim_group.id)
FROM scim_group WHERE scim_id = ? AND organization_id = ?
"""
# CROSS JOIN keeps the order of the tables: the ids that came are looked up, one by one.
_ADD_USERS = """
INSERT OR IGNORE INTO group_member (group_id, position, value, type, display)
SELECT ?, ? + wanted.key, scim_id, 'User', json_quote(display)
FROM json_each(?) AS wanted CROSS JOIN user ON scim_id = wanted.value
WHERE organization_id = ? AND provisioned = 1
"""
_ADD_GROUPS = """
INSERT OR IGNORE INTO group_member (group_id, position, value, type, display)
SELECT ?, ? + wanted.key, scim_id, 'Group', json_quote(display)
FROM json_each(?) AS wanted CROSS JOIN scim_group ON scim_id = wanted.value
WHERE organization_id = ?
"""
_UNKNOWN = """
SELECT value FROM json_each(?) AS wanted
WHERE NOT EXISTS (
    SELECT 1 FROM group_member WHERE group_member.value = wanted.value AND group_id = ?
)
LIMIT 4
"""
# Without the hint SQLite reads the whole group and looks at each member.
_REMOVE = """
DELETE FROM group_member INDEXED BY group_member_value
WHERE value IN (SELECT value FROM json_each(?))
    AND group_id = (SELECT id FROM scim_group WHERE scim_id = ?)
    AND (? IS NULL OR type = ?)
"""
_SWEEP = """
DELETE FROM group_member WHERE group_id = ? AND position IN (
    SELECT position FROM group_member WHERE group_id = ? ORDER BY position LIMIT ?
)
"""

# One long text is three times as quick as a row for each.
_VALUES = """
SELECT json_group_array(value) FROM group_member
WHERE group_id = (SELECT id FROM scim_group WHERE scim_id = ?)
"""
_MEMBERS = """
SELECT value, type, display FROM group_member
WHERE group_id = (SELECT id FROM scim_group WHERE scim_id = ?) ORDER BY position
"""
# A group's members stand in the order of addition already. The parameters are what stands
# between the values of a user, then of a group.
_MEMBERS_JSON = """
SELECT scim_id, (
    SELECT CAST(
        '[{"value":"' || group_concat(
            value || CASE type WHEN 'User' THEN ?1 ELSE ?3 END
            || value || CASE type WHEN 'User' THEN ?2 ELSE ?4 END || display,
            '},{"value":"'
        ) || '}]' AS BLOB
    )
    FROM group_member WHERE group_id = scim_group.id
)
FROM json_each(?5) AS wanted CROSS JOIN scim_group ON scim_id = wanted.value
"""
# UNION drops what was found before, which ends the search in a circle of groups.
_GROUPS_JSON = """
WITH RECURSIVE reached (person, group_id, direct) AS (
    SELECT wanted.value, group_id, 1
    FROM json_each(?2) AS wanted CROSS JOIN group_member ON group_member.value = wanted.value
    UNION
    SELECT person, group_member.group_id, 0
    FROM reached CROSS JOIN scim_group ON scim_group.id = reached.group_id
    CROSS JOIN group_member ON group_member.value = scim_group.scim_id
)
SELECT person, '{"value":"' || scim_id || '","$ref":"' || ?1 || scim_id
    || '","display":' || json_quote(display)
    || CASE max(direct) WHEN 1 THEN ',"type":"direct"}' ELSE ',"type":"indirect"}' END
FROM reached CROSS JOIN scim_group ON scim_group.id = reached.group_id
GROUP BY person, group_id ORDER BY person, max(direct) DESC, group_id
"""
