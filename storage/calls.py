"""The calls: read on any thread, only as much as is shown; written by ``CallLog``."""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from server.calls.filters import FIELDS, MARKS
from storage import call_overview, call_text
from storage.call_filters import LISTED
from storage.call_log import CallLog as CallLog
from storage.call_overview import CallOverview as CallOverview
from storage.call_rows import CallRow as CallRow
from storage.call_rows import StoredCall as StoredCall
from storage.call_rows import read_calls, read_rows
from storage.call_search import CallSearch, Selection, Timeline
from storage.checkpointing import empty_log
from storage.database import Database
from storage.errors import StorageError
from storage.faults import guarded
from storage.retention import Retention, read_retention, write_retention
from storage.transactions import one_view

_stored = guarded(StorageError)

READ_AT_A_TIME = 50
DELETED_AT_A_TIME = 2_000
"""Calls that ``clear`` deletes in one transaction, so that the writer has its turn in between."""


class Size(NamedTuple):
    """How much the log holds: ``calls``, the ``bytes`` on disk, and of these what is ``free``."""

    calls: int
    bytes: int
    free: int


class CallStore:
    """Reads, marks and clears the calls' file.

    Where a ``Selection`` is asked for, its filter is applied in SQL. ``ids``, ``count`` and
    ``timeline`` raise ``Interrupted`` after ``interrupt``.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._searches = CallSearch(database)

    # ------------------------------------------------------------------------------- searching

    @_stored
    def newest_id(self) -> int:
        """Return the id of the newest call; 0 when there is none."""
        (newest,) = self._one("SELECT coalesce(max(id), 0) FROM call")
        return int(newest)

    @_stored
    def ids(
        self,
        selection: Selection,
        after: int = 0,
        before: int | None = None,
        limit: int | None = None,
    ) -> "array[int]":
        """Return the ids of the calls that match, ascending; with ``limit``, the newest so many.

        ``after`` and ``before`` are ids that the result does not include.
        """
        return self._searches.ids(selection, after, before, limit)

    @_stored
    def count(self, selection: Selection) -> int:
        """Return how many calls match; at once where there is no filter."""
        return self._searches.count(selection)

    @_stored
    def matches(self, call_id: int, selection: Selection) -> bool:
        """Say whether a call exists and matches."""
        return self._searches.matches(call_id, selection)

    @_stored
    def timeline(
        self,
        selection: Selection,
        start: int | None = None,
        end: int | None = None,
        intervals: int = 120,
    ) -> Timeline:
        """Return when the calls that match came, in ``intervals`` intervals or a few less.

        ``start`` and ``end`` are microseconds since the epoch; None is that of the log. The
        intervals are of a pleasant width, the first begins at a multiple of it.
        """
        return self._searches.timeline(selection, start, end, intervals)

    def interrupt(self) -> None:
        """Make the searches that run now, on whatever threads, end with ``Interrupted``."""
        self._searches.interrupt()

    @_stored
    def values(self, field: str, limit: int = 50) -> list[str]:
        """Return the values of a field in the newest calls, the frequent first, for completion.

        There are some for the fields that a list shows; names of organizations are elsewhere.
        """
        column = FIELDS[field].columns[0]
        if column not in LISTED or column == "organization_id":
            return []
        query = _NEWEST_VALUES.format(column=column)
        counted = Counter(row[0] for row in self._connection().execute(query) if row[0])
        return [str(value) for value, _ in counted.most_common(limit)]

    @_stored
    def indexed(self) -> tuple[int, int]:
        """Return how many ids the index of texts covers, and how many there are.

        A search finds the others, too, but reads them.
        """
        connection = self._connection()
        bounds = call_text.id_bounds(connection)
        if bounds is None:
            return 0, 0
        known = call_text.parts(connection)
        covered = sum(
            stretch.last - stretch.first + 1
            for stretch in call_text.stretches(*bounds, known)
            if stretch.texts
        )
        return covered, bounds[1] - bounds[0] + 1

    # --------------------------------------------------------------------------------- reading

    @_stored
    def rows(self, ids: Sequence[int]) -> list[CallRow]:
        """Return the calls of these ids, in this order; those that are gone are left out."""
        return read_rows(self._connection(), ids)

    @_stored
    def get(self, call_id: int) -> StoredCall | None:
        """Return a whole call."""
        found = read_calls(self._connection(), [call_id])
        return found[0] if found else None

    @_stored
    def get_all(self, ids: Sequence[int]) -> list[StoredCall]:
        """Return whole calls, in this order; those that are gone are left out."""
        return read_calls(self._connection(), ids)

    def whole(self, ids: Sequence[int]) -> Iterator[StoredCall]:
        """Yield whole calls like ``get_all``, few of them in memory at a time."""
        for start in range(0, len(ids), READ_AT_A_TIME):
            yield from self.get_all(ids[start : start + READ_AT_A_TIME])

    @_stored
    def operation(self, call_id: int) -> list[int]:
        """Return the ids of all calls of the operation that a call belongs to, ascending."""
        return [row[0] for row in self._connection().execute(_OPERATION, (call_id,))]

    @_stored
    def story(self, call: StoredCall, limit: int = 1000) -> list[int]:
        """Return the ids of the newest calls about the same user or group, ascending."""
        recorded = call.call
        rows = self._connection().execute(
            _STORY,
            (
                recorded.resource_id,
                recorded.organization_id,
                recorded.subject,
                recorded.organization_id,
                limit,
            ),
        )
        return sorted(row[0] for row in rows)

    @_stored
    def neighbours(self, call: StoredCall, seconds: int = 300, limit: int = 50) -> list[StoredCall]:
        """Return the calls of the same organization and token around a call, itself not.

        At most ``limit`` before it and ``limit`` after it, in their order.
        """
        recorded, connection = call.call, self._connection()
        span = seconds * 1_000_000
        whose = (recorded.organization_id, recorded.token_id)
        bound = (*whose, recorded.at - span, recorded.at + span, call.id, limit)
        ids = sorted(row[0] for row in connection.execute(_BEFORE, bound))
        after = connection.execute(_AFTER, bound)
        return read_calls(connection, [*ids, *(row[0] for row in after)])

    @_stored
    def count_since(self, at: int, organization_id: int | None = None) -> int:
        """Return how many calls began at ``at`` (microseconds since the epoch) or later."""
        return call_overview.count_since(self._connection(), at, organization_id)

    @_stored
    def failures_since(self, at: int, organization_id: int | None = None) -> int:
        """Return how many of those were refused or never answered."""
        return call_overview.failures_since(self._connection(), at, organization_id)

    @_stored
    def overview(self, organization_id: int | None, since: int) -> CallOverview:
        """Return what there is to say of an organization's calls, or of all, at one moment."""
        connection = self._connection()
        with one_view(connection):
            return call_overview.read_overview(connection, organization_id, since)

    # --------------------------------------------------------------------------------- keeping

    @_stored
    def mark(self, ids: Sequence[int], colour: str) -> None:
        """Mark calls with one of ``filters.MARKS``; "" takes the mark away."""
        if colour and colour not in MARKS:
            raise StorageError(f'"{colour}" is no mark: choose one of {", ".join(MARKS)}.')
        self._annotate("mark", ids, colour)

    @_stored
    def set_note(self, call_id: int, note: str) -> None:
        """Write a note on a call; "" takes it away."""
        self._annotate("note", [call_id], note.replace("\0", ""))

    @_stored
    def retention(self) -> Retention:
        """Return how long calls are kept."""
        return read_retention(self._connection())

    @_stored
    def set_retention(self, retention: Retention) -> None:
        """Change how long calls are kept; what is too old goes within some minutes."""
        write_retention(self._connection(), retention)

    @_stored
    def size(self) -> Size:
        """Return how much the log holds; what is free is used again before the file grows."""
        free, page_size = (
            self._one(f"PRAGMA {name}")[0] for name in ("freelist_count", "page_size")
        )
        path = self._database.path
        files = (path, path.with_name(f"{path.name}-wal"))
        on_disk = sum(file.stat().st_size for file in files if file.exists())
        return Size(self.count(Selection()), on_disk, free * page_size)

    @_stored
    def clear(self, organization_id: int | None = None) -> None:
        """Delete the calls of an organization, or all, marked ones too; ids are not used again."""
        connection = self._connection()
        if organization_id is None:
            with self._database.changing():
                call_text.drop_parts(connection, list(call_text.parts(connection)))
                for table in ("call", "operation", "annotation", "minute", "total"):
                    connection.execute(" ".join(("DELETE FROM", table)))
            # Gives the space back, and with it what was in it; quick, since nothing is left.
            connection.execute("VACUUM")
        else:
            connection.execute("PRAGMA secure_delete = ON")
            try:
                self._clear_organization(organization_id)
            finally:
                connection.execute("PRAGMA secure_delete = FAST")
        empty_log(connection)

    def _clear_organization(self, organization_id: int) -> None:
        connection = self._connection()
        ids = self.ids(Selection(organization_id=organization_id))
        touched = sorted({call_text.part_of(call_id) for call_id in ids})
        with self._database.changing():
            # Left are the others' calls, which are indexed anew.
            call_text.drop_parts(connection, touched)
            for table in ("minute", "total"):
                query = " ".join(("DELETE FROM", table, "WHERE organization_id = ?"))
                connection.execute(query, (organization_id,))
        for start in range(0, len(ids), DELETED_AT_A_TIME):
            these = orjson.dumps(list(ids[start : start + DELETED_AT_A_TIME])).decode()
            with self._database.changing():
                for table in (
                    "call WHERE id",
                    "operation WHERE head_id",
                    "annotation WHERE call_id",
                ):
                    connection.execute(" ".join(("DELETE FROM", table, _IN_THESE)), (these,))

    def _annotate(self, column: str, ids: Sequence[int], value: str) -> None:
        these = orjson.dumps(list(ids)).decode()
        with self._database.changing() as connection:
            connection.execute(_ANNOTATE, (these,))
            update = " ".join(("UPDATE annotation SET", column, "= ? WHERE call_id", _IN_THESE))
            connection.execute(update, (value, these))
            connection.execute("DELETE FROM annotation WHERE mark = '' AND note = ''")

    def _connection(self) -> sqlite3.Connection:
        return self._database.connection()

    def _one(self, query: str, parameters: Sequence[Any] = ()) -> Any:
        return self._connection().execute(query, parameters).fetchone()


_IN_THESE = "IN (SELECT value FROM json_each(?))"
_NEWEST_VALUES = """
SELECT listed.{column} FROM call AS listed INDEXED BY call_list ORDER BY listed.id DESC LIMIT 5000
"""
_OPERATION = """
WITH head (id) AS (SELECT ifnull(head_id, id) FROM call WHERE id = ?)
SELECT call.id FROM head CROSS JOIN call ON call.id = head.id
UNION
SELECT call.id FROM head CROSS JOIN call ON call.head_id = head.id
ORDER BY 1
"""
_STORY = """
SELECT id FROM call WHERE resource_id = ? AND resource_id <> '' AND organization_id IS ?
UNION
SELECT listed.id FROM call AS listed INDEXED BY call_list
WHERE listed.subject = ? COLLATE NOCASE AND listed.subject <> '' AND listed.organization_id IS ?
ORDER BY 1 DESC LIMIT ?
"""
_AROUND = """
SELECT id FROM call WHERE organization_id IS ? AND token_id IS ? AND at BETWEEN ? AND ?
"""
_BEFORE = f"{_AROUND} AND id < ? ORDER BY at DESC LIMIT ?"
_AFTER = f"{_AROUND} AND id > ? ORDER BY at LIMIT ?"
_ANNOTATE = """
INSERT OR IGNORE INTO annotation (call_id, mark, note)
SELECT id, '', '' FROM call WHERE id IN (SELECT value FROM json_each(?))
"""
