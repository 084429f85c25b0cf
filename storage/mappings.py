"""The mapping sets of organizations, each with its history: versions and the one that counts."""

import sqlite3
from typing import NamedTuple

import orjson

from server.okta.mapping.forms import from_json, to_json
from server.okta.mapping.rows import MappingSet
from server.scim.times import timestamp
from storage.database import Database
from storage.errors import NameTaken, NoSuchMappings, StorageError
from storage.faults import guarded
from storage.organizations import checked_name, no_such_organization
from storage.times import Clock, utc_now

MOST_VERSIONS = 500
"""Versions that are kept of a set, of 10 kB each; the oldest go first."""

_guarded = guarded(StorageError)


class StoredMappings(NamedTuple):
    """A mapping set as it is now, and whether there is something to undo or redo.

    ``undoes`` and ``redoes`` are the notes of the changes that would be taken back or made again,
    None when there is nothing to do.
    """

    id: int
    name: str
    in_use: bool
    mappings: MappingSet
    version: int
    saved: str
    undoes: str | None
    redoes: str | None


class Version(NamedTuple):
    """A saved state; ``current`` is the one that counts."""

    number: int
    saved: str
    note: str
    current: bool


class MappingStore:
    """Keeps named mapping sets; of an organization's sets one is in use. For any thread.

    Methods that are given the id of a set raise ``NoSuchMappings`` when it is gone. Names are
    compared without letter case; ``InvalidName`` and ``NameTaken`` are raised for them.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @_guarded
    def all(self, organization_id: int) -> list[StoredMappings]:
        """Return an organization's sets, by name."""
        rows = self._database.connection().execute(
            f"{_CURRENT} WHERE organization_id = ? ORDER BY folded_name", (organization_id,)
        )
        return [_stored(row) for row in rows]

    @_guarded
    def in_use(self, organization_id: int) -> StoredMappings | None:
        """Return the set that an organization uses, or None when nothing was saved yet."""
        row = (
            self._database.connection()
            .execute(f"{_CURRENT} WHERE organization_id = ? AND in_use", (organization_id,))
            .fetchone()
        )
        return _stored(row) if row else None

    @_guarded
    def get(self, set_id: int) -> StoredMappings:
        """Return a set as it is now."""
        return self._get(set_id)

    @_guarded
    def create(
        self, organization_id: int, name: str, mappings: MappingSet, note: str = "Created"
    ) -> StoredMappings:
        """Add a set; an organization's first one is in use."""
        name = checked_name(name)
        with self._database.changing() as connection:
            if not connection.execute(_ORGANIZATION, (organization_id,)).fetchone():
                raise no_such_organization()
            self._refuse_taken(connection, organization_id, name)
            ((set_id,),) = connection.execute(
                _INSERT, (organization_id, name, name.casefold(), organization_id)
            ).fetchall()
            self._insert_version(connection, set_id, 1, mappings, note)
        return self._get(set_id)

    @_guarded
    def duplicate(self, set_id: int, name: str) -> StoredMappings:
        """Add a copy of a set as it is now, under another name."""
        source = self._get(set_id)
        (organization_id,) = self._database.connection().execute(_OWNER, (set_id,)).fetchone()
        return self.create(organization_id, name, source.mappings, f"Copied from {source.name}")

    @_guarded
    def save(self, set_id: int, mappings: MappingSet, note: str = "Changed") -> StoredMappings:
        """Save a new state; what was undone before cannot be redone any more.

        The same state again is no version of its own.
        """
        with self._database.changing() as connection:
            known = self._get(set_id)
            if known.mappings == mappings:
                return known
            number = known.version + 1
            connection.execute(_DELETE_LATER, (set_id, known.version))
            self._insert_version(connection, set_id, number, mappings, note)
            connection.execute(_POINT, (number, set_id))
            connection.execute(_DELETE_OLD, (set_id, number - MOST_VERSIONS))
        return self._get(set_id)

    @_guarded
    def undo(self, set_id: int) -> StoredMappings:
        """Go back to the state before; nothing happens when there is none."""
        return self._move(set_id, -1)

    @_guarded
    def redo(self, set_id: int) -> StoredMappings:
        """Go forward to the state that was undone last; nothing happens when there is none."""
        return self._move(set_id, 1)

    @_guarded
    def versions(self, set_id: int) -> list[Version]:
        """Return the states of a set, the newest first."""
        at = self._get(set_id).version
        rows = self._database.connection().execute(_VERSIONS, (set_id,))
        return [Version(number, saved, note, number == at) for number, saved, note in rows]

    @_guarded
    def rename(self, set_id: int, name: str) -> StoredMappings:
        """Give a set another name."""
        name = checked_name(name)
        with self._database.changing() as connection:
            owner = connection.execute(_OWNER, (set_id,)).fetchone()
            if owner is None:
                raise _gone()
            self._refuse_taken(connection, owner[0], name, set_id)
            connection.execute(_RENAME, (name, name.casefold(), set_id))
        return self._get(set_id)

    @_guarded
    def use(self, set_id: int) -> StoredMappings:
        """Make a set the one that its organization uses."""
        with self._database.changing() as connection:
            owner = connection.execute(_OWNER, (set_id,)).fetchone()
            if owner is None:
                raise _gone()
            connection.execute(_USE_NONE, owner)
            connection.execute(_USE, (set_id,))
        return self._get(set_id)

    @_guarded
    def delete(self, set_id: int) -> bool:
        """Delete a set with its history; the first of the others is in use then, if it was."""
        with self._database.changing() as connection:
            row = connection.execute(
                "DELETE FROM mapping_set WHERE id = ? RETURNING organization_id, in_use", (set_id,)
            ).fetchall()
            if row and row[0][1]:
                connection.execute(_USE_FIRST, (row[0][0],))
        return bool(row)

    def _get(self, set_id: int) -> StoredMappings:
        query = f"{_CURRENT} WHERE mapping_set.id = ?"
        row = self._database.connection().execute(query, (set_id,)).fetchone()
        if row is None:
            raise _gone()
        return _stored(row)

    def _move(self, set_id: int, step: int) -> StoredMappings:
        with self._database.changing() as connection:
            connection.execute(_MOVE, (step, set_id, step))
        return self._get(set_id)

    def _insert_version(
        self,
        connection: sqlite3.Connection,
        set_id: int,
        number: int,
        mappings: MappingSet,
        note: str,
    ) -> None:
        document = orjson.dumps(to_json(mappings)).decode()
        saved = timestamp(self._clock())
        connection.execute(_INSERT_VERSION, (set_id, number, saved, note, document))

    def _refuse_taken(
        self, connection: sqlite3.Connection, organization_id: int, name: str, but: int = 0
    ) -> None:
        if connection.execute(_NAMED, (organization_id, name.casefold(), but)).fetchone():
            raise NameTaken(f'There are mappings named "{name}" already: choose another name.')


def _stored(row: tuple[int, str, int, str, int, str, str | None, str | None]) -> StoredMappings:
    set_id, name, in_use, document, number, saved, undoes, redoes = row
    mappings = from_json(orjson.loads(document))
    return StoredMappings(set_id, name, bool(in_use), mappings, number, saved, undoes, redoes)


def _gone() -> NoSuchMappings:
    return NoSuchMappings("There are no such mappings (any more): choose others of the list.")


_CURRENT = """
SELECT mapping_set.id, name, in_use, now.document, now.number, now.saved,
    CASE WHEN EXISTS (
        SELECT 1 FROM mapping_version AS before
        WHERE before.mapping_set_id = mapping_set.id AND before.number = at - 1
    ) THEN now.note END,
    (
        SELECT note FROM mapping_version AS later
        WHERE later.mapping_set_id = mapping_set.id AND later.number = at + 1
    )
FROM mapping_set
JOIN mapping_version AS now ON now.mapping_set_id = mapping_set.id AND now.number = at
"""
_ORGANIZATION = "SELECT 1 FROM organization WHERE id = ?"
_OWNER = "SELECT organization_id FROM mapping_set WHERE id = ?"
_NAMED = "SELECT 1 FROM mapping_set WHERE organization_id = ? AND folded_name = ? AND id <> ?"
_INSERT = """
INSERT INTO mapping_set (organization_id, name, folded_name, in_use)
VALUES (?, ?, ?, NOT EXISTS (SELECT 1 FROM mapping_set WHERE organization_id = ? AND in_use))
RETURNING id
"""
_INSERT_VERSION = """
INSERT INTO mapping_version (mapping_set_id, number, saved, note, document) VALUES (?, ?, ?, ?, ?)
"""
_VERSIONS = """
SELECT number, saved, note FROM mapping_version WHERE mapping_set_id = ? ORDER BY number DESC
"""
_DELETE_LATER = "DELETE FROM mapping_version WHERE mapping_set_id = ? AND number > ?"
_DELETE_OLD = "DELETE FROM mapping_version WHERE mapping_set_id = ? AND number <= ?"
_POINT = "UPDATE mapping_set SET at = ? WHERE id = ?"
_MOVE = """
UPDATE mapping_set SET at = at + ? WHERE id = ? AND EXISTS (
    SELECT 1 FROM mapping_version WHERE mapping_set_id = mapping_set.id AND number = at + ?
)
"""
_RENAME = "UPDATE mapping_set SET name = ?, folded_name = ? WHERE id = ?"
_USE_NONE = "UPDATE mapping_set SET in_use = 0 WHERE organization_id = ?"
_USE = "UPDATE mapping_set SET in_use = 1 WHERE id = ?"
_USE_FIRST = """
UPDATE mapping_set SET in_use = 1 WHERE id = (
    SELECT id FROM mapping_set WHERE organization_id = ? ORDER BY folded_name LIMIT 1
)
"""
