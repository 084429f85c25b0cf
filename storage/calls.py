"""The calls: read on any thread, only as much as is shown; written by ``CallLog``."""

import json
import sqlite3
import threading
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import orjson

from server.calls.call import Call, Remark
from storage.call_log import CallLog as CallLog
from storage.database import Database
from storage.errors import Interrupted, StorageError
from storage.faults import guarded

_stored = guarded(StorageError)


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls to show.

    ``text`` is words, all of which stand somewhere in a call: its method, path, query, status,
    summary, subject, peer, token label or bodies, in any letter case of A to Z.
    ``organization_id`` None is all organizations, and the calls with no known token.
    """

    text: str = ""
    organization_id: int | None = None
    failures_only: bool = False


class CallRow(NamedTuple):
    """What a list shows of a call; ``remarks`` is how many there are."""

    id: int
    at: int
    duration: int
    peer: str
    organization_id: int | None
    token_label: str
    method: str
    path: str
    query: str
    status: int
    operation: str
    summary: str
    subject: str
    resource_id: str
    remarks: int


class StoredCall(NamedTuple):
    """A whole call, and what it was: ``operation`` is a stable word, ``summary`` a sentence."""

    id: int
    operation: str
    summary: str
    call: Call


class CallOverview(NamedTuple):
    """What the overview tells of an organization's calls.

    ``calls``, ``failures`` and ``newest_failures`` (three at most, the newest first) are since the
    moment that was asked for; ``last_at`` and ``operations`` (by operation, when it was last seen)
    since ever. Times in microseconds since the epoch.
    """

    calls: int
    failures: int
    newest_failures: list[CallRow]
    last_at: int | None
    operations: dict[str, int]


class CallStore:
    """Reads and clears the calls' file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._searching: set[sqlite3.Connection] = set()
        self._lock = threading.Lock()

    @_stored
    def newest_id(self) -> int:
        """Return the id of the newest call; 0 when there is none."""
        (newest,) = self._one("SELECT coalesce(max(id), 0) FROM call")
        return int(newest)

    @_stored
    def ids(
        self,
        condition: CallFilter,
        after: int = 0,
        before: int | None = None,
        limit: int | None = None,
    ) -> "array[int]":
        """Return the ids of the calls that match, ascending; with ``limit``, the newest so many.

        ``after`` and ``before`` are ids that the result does not include. Raises ``Interrupted``.
        """
        where, parameters = _conditions(condition)
        for term, bound in (("id > ?", after or None), ("id < ?", before)):
            if bound is not None:
                where.append(term)
                parameters.append(bound)
        rest = ""
        if limit is not None:
            rest = "DESC LIMIT ?"
            parameters.append(limit)
        # Over all calls it is quicker to read a small index and sort than to read the big rows
        # in order, and failures may be too few to come upon; +id keeps SQLite from the latter.
        over_all = not after and before is None and (limit is None or condition.failures_only)
        by = "ORDER BY +id" if over_all else "ORDER BY id"
        # One long text is three times as quick as a row for each id.
        query = " ".join(
            ("SELECT json_group_array(id) FROM (", _IDS, " AND ".join(where) or "1", by, rest, ")")
        )
        with self._search() as connection:
            (listed,) = connection.execute(query, parameters).fetchone()
        found = array("q", orjson.loads(listed))
        if limit is not None:
            found.reverse()
        return found

    @_stored
    def rows(self, ids: Sequence[int]) -> list[CallRow]:
        """Return the calls of these ids, in this order; those that are gone are left out."""
        listed = orjson.dumps(list(ids)).decode()
        found = {
            row[0]: CallRow._make(row)
            for row in self._database.connection().execute(_ROWS, (listed,))
        }
        return [found[number] for number in ids if number in found]

    @_stored
    def get(self, call_id: int) -> StoredCall | None:
        """Return a whole call."""
        row = self._one(_WHOLE, (call_id,))
        return _stored_call(row) if row else None

    @_stored
    def count(self, condition: CallFilter) -> int:
        """Return how many calls match; raises ``Interrupted``."""
        where, parameters = _conditions(condition)
        query = " ".join((_COUNT, " AND ".join(where) or "1"))
        with self._search() as connection:
            return int(connection.execute(query, parameters).fetchone()[0])

    @_stored
    def matches(self, call_id: int, condition: CallFilter) -> bool:
        """Say whether a call exists and matches."""
        where, parameters = _conditions(condition)
        query = " ".join((_IDS, " AND ".join([*where, "id = ?"])))
        return self._one(query, (*parameters, call_id)) is not None

    @_stored
    def clear(self, organization_id: int | None = None) -> None:
        """Delete the calls of an organization, or all; ids are not used again."""
        connection = self._database.connection()
        if organization_id is None:
            connection.execute("DELETE FROM call")
            # Gives the space back, and with it what was in it; quick, since nothing is left.
            connection.execute("VACUUM")
        else:
            connection.execute("PRAGMA secure_delete = ON")
            try:
                connection.execute("DELETE FROM call WHERE organization_id = ?", (organization_id,))
            finally:
                connection.execute("PRAGMA secure_delete = FAST")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @_stored
    def count_since(self, at: int, organization_id: int | None = None) -> int:
        """Return how many calls began at ``at`` (microseconds since the epoch) or later."""
        return self._sum(_SINCE, at, organization_id)

    @_stored
    def failures_since(self, at: int, organization_id: int | None = None) -> int:
        """Return how many of those were refused or never answered."""
        return self._sum(_FAILED_SINCE, at, organization_id)

    @_stored
    def overview(self, organization_id: int | None, since: int) -> CallOverview:
        """Return what there is to say of an organization's calls, or of all, at one moment."""
        connection = self._database.connection()
        connection.execute("BEGIN")
        try:
            return self._overview(organization_id, since)
        finally:
            connection.execute("ROLLBACK")

    def interrupt(self) -> None:
        """Make the searches that run now, on whatever threads, end with ``Interrupted``."""
        with self._lock:
            for connection in self._searching:
                connection.interrupt()

    def _overview(self, organization_id: int | None, since: int) -> CallOverview:
        failed = self.ids(CallFilter(organization_id=organization_id, failures_only=True), limit=3)
        return CallOverview(
            calls=self.count_since(since, organization_id),
            failures=self.failures_since(since, organization_id),
            newest_failures=[row for row in reversed(self.rows(failed)) if row.at >= since],
            last_at=max(
                (
                    at
                    for organization in self._organizations(organization_id)
                    if (at := self._one(_LAST, (organization,))[0]) is not None
                ),
                default=None,
            ),
            operations=self._operations(organization_id),
        )

    def _one(self, query: str, parameters: Sequence[Any] = ()) -> Any:
        return self._database.connection().execute(query, parameters).fetchone()

    def _sum(self, query: str, at: int, organization_id: int | None) -> int:
        return sum(
            self._one(query, (organization, at))[0]
            for organization in self._organizations(organization_id)
        )

    def _organizations(self, organization_id: int | None) -> list[int | None]:
        """Return the organization or, for None, all that have calls, and None itself.

        From one to the next by the index: SELECT DISTINCT would read every row.
        """
        if organization_id is not None:
            return [organization_id]
        found: list[int | None] = [None]
        last = 0
        while (row := self._one(_NEXT_ORGANIZATION, (last,))) and row[0] is not None:
            last = row[0]
            found.append(last)
        return found

    def _operations(self, organization_id: int | None) -> dict[str, int]:
        operations: dict[str, int] = {}
        for organization in self._organizations(organization_id):
            last = ""
            while (row := self._one(_NEXT_OPERATION, (organization, last))) and row[0] is not None:
                last = row[0]
                (at,) = self._one(_LAST_OF_OPERATION, (organization, last))
                operations[last] = max(at, operations.get(last, at))
        return operations

    @contextmanager
    def _search(self) -> Iterator[sqlite3.Connection]:
        connection = self._database.connection()
        with self._lock:
            self._searching.add(connection)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Interrupted from error
            raise
        finally:
            with self._lock:
                self._searching.discard(connection)


def _conditions(condition: CallFilter) -> tuple[list[str], list[Any]]:
    """Return the SQL terms, to be joined by AND, and what is bound in them."""
    terms: list[str] = []
    bound: list[Any] = []
    if condition.organization_id is not None:
        terms.append("organization_id = ?")
        bound.append(condition.organization_id)
    if condition.failures_only:
        terms.append(_FAILED)
    for word in condition.text.split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        terms.append(_HAS_WORD)
        bound += [f"%{escaped}%"] * 3
    return terms, bound


def _stored_call(row: tuple[Any, ...]) -> StoredCall:
    number, operation, summary, *fields = row
    values = dict(zip(_CALL_FIELDS, fields, strict=True))
    for name in ("request_body", "response_body"):
        body = values[name]
        values[name] = body.encode() if isinstance(body, str) else body
    for name in ("request_headers", "response_headers"):
        values[name] = tuple((header, value) for header, value in json.loads(values[name]))
    values["remarks"] = tuple(Remark(code, text) for code, text in json.loads(values["remarks"]))
    return StoredCall(number, operation, summary, Call(**values))


_CALL_FIELDS = tuple(
    field.name for field in fields(Call) if field.name not in ("before", "origin_mark")
)

_IDS = "SELECT id FROM call WHERE"
_COUNT = "SELECT count(*) FROM call WHERE"
# In the words of the partial index call_failure: SQLite uses it for this very condition.
_FAILED = "(status >= 400 OR status = 0)"
# Words hold no blank, so none can match across two of the joined columns.
_HAS_WORD = " ".join(
    (
        "(method || ' ' || path || ' ' || query || ' ' || status || ' ' || summary || ' '"
        " || subject || ' ' || peer || ' ' || token_label LIKE ? ESCAPE '\\'",
        "OR request_body LIKE ? ESCAPE '\\'",
        "OR response_body LIKE ? ESCAPE '\\')",
    )
)
_ROWS = """
SELECT id, at, duration, peer, organization_id, token_label, method, path, query, status,
       operation, summary, subject, resource_id, json_array_length(remarks)
FROM call WHERE id IN (SELECT value FROM json_each(?))
"""
_WHOLE = " ".join(
    ("SELECT id, operation, summary,", ", ".join(_CALL_FIELDS), "FROM call WHERE id = ?")
)
_SINCE = "SELECT count(*) FROM call WHERE organization_id IS ? AND at >= ?"
_FAILED_SINCE = f"{_SINCE} AND {_FAILED}"
_LAST = "SELECT max(at) FROM call WHERE organization_id IS ?"
_NEXT_ORGANIZATION = "SELECT min(organization_id) FROM call WHERE organization_id > ?"
_NEXT_OPERATION = "SELECT min(operation) FROM call WHERE organization_id IS ? AND operation > ?"
_LAST_OF_OPERATION = "SELECT max(at) FROM call WHERE organization_id IS ? AND operation = ?"
