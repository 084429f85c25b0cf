"""Looking for calls: which match, how many, and when they came.

Short columns are looked through in the index call_list. What is looked for in longer texts is
looked for stretch by stretch, the newest calls first, so that the newest matches of something
frequent are found at once.
"""

import sqlite3
import threading
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

import orjson

from server.calls.filters import Context, Filter
from storage import call_minutes, call_text
from storage.call_filters import Condition, Texts, compile_filter, uses_texts
from storage.call_text import Stretch
from storage.database import Database
from storage.errors import Interrupted
from storage.transactions import one_view


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls are meant.

    ``organization_id`` None is all organizations, and the calls with no known token. With
    ``heads_only`` an operation is meant by its first call alone. ``organizations`` are the names
    that ``org:`` is about, ``now`` is what ``since:10m`` is relative to: the present if it is None.
    """

    filter: Filter | None = None
    organization_id: int | None = None
    heads_only: bool = False
    organizations: Mapping[int, str] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def context(self) -> Context:
        """What the filter is bound to."""
        return Context(self.now or datetime.now().astimezone(), self.organizations)


class Timeline(NamedTuple):
    """Calls and failures in intervals of ``width`` microseconds from ``start`` on."""

    start: int
    width: int
    calls: list[int]
    failures: list[int]


class CallSearch:
    """Runs searches, which another thread may interrupt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: set[_Running] = set()
        self._lock = threading.Lock()

    def interrupt(self) -> None:
        """Make the searches that run now, on whatever threads, end with ``Interrupted``."""
        with self._lock:
            for running in self._running:
                running.interrupt()

    def ids(
        self, selection: Selection, after: int, before: int | None, limit: int | None
    ) -> "array[int]":
        """Return the ids of the calls that match, ascending; with ``limit``, the newest so many."""
        found = array("q")
        with self._run() as running:
            few = limit is not None
            for condition in self._conditions(
                running.connection, selection, after, before, few=few
            ):
                left = -1 if limit is None else limit - len(found)
                if left == 0:
                    break
                # One long text is three times as quick as a row for each id.
                query = " ".join((_IDS, condition.sql, _NEWEST))
                (listed,) = running.one(query, (*condition.parameters, left))
                found.extend(orjson.loads(listed))
        found.reverse()
        return found

    def count(self, selection: Selection) -> int:
        """Return how many calls match."""
        connection = self._database.connection()
        if selection.filter is None and not selection.heads_only:
            totals = call_minutes.totals(connection)
            if selection.organization_id is None:
                return sum(totals.values())
            return totals.get(selection.organization_id, 0)
        found = 0
        with self._run() as running:
            for condition in self._conditions(running.connection, selection):
                query = " ".join((_COUNT, condition.sql))
                found += running.one(query, condition.parameters)[0]
        return found

    def matches(self, call_id: int, selection: Selection) -> bool:
        """Say whether a call exists and matches."""
        condition = _condition(selection, selection.context, Stretch(call_id, call_id, None))
        query = " ".join((_COUNT, condition.sql))
        row = self._database.connection().execute(query, condition.parameters).fetchone()
        return bool(row[0])

    def timeline(
        self, selection: Selection, start: int | None, end: int | None, intervals: int
    ) -> Timeline:
        """Return when the calls that match came; None is the beginning or the end of the log."""
        connection = self._database.connection()
        begun, ended = call_minutes.span(connection) or (0, call_minutes.MINUTE)
        start, end = (begun if start is None else start), (ended if end is None else end)
        width = _width(max(end - start, 1), intervals)
        start -= start % width
        length = max(-(-(end - start) // width), 1)
        line = Timeline(start, width, [0] * length, [0] * length)
        by_minutes = selection.filter is None and not selection.heads_only
        with self._run() as running:
            if by_minutes and width % call_minutes.MINUTE == 0:
                self._add_minutes(running, line, selection.organization_id)
            else:
                self._add_calls(running, line, selection)
        return line

    def _add_minutes(
        self, running: "_Running", line: Timeline, organization_id: int | None
    ) -> None:
        first, minutes = line.start // call_minutes.MINUTE, line.width // call_minutes.MINUTE
        bound = (first, minutes, first, first + minutes * len(line.calls))
        where = ""
        organization: tuple[int, ...] = ()
        if organization_id is not None:
            where, organization = "AND organization_id = ?", (organization_id,)
        query = " ".join((_BY_MINUTES, where, "GROUP BY 1"))
        _take(line, running.all(query, (*bound, *organization)))

    def _add_calls(self, running: "_Running", line: Timeline, selection: Selection) -> None:
        end = line.start + line.width * len(line.calls)
        for condition in self._conditions(running.connection, selection):
            query = " ".join((_BY_CALLS, condition.sql, "GROUP BY 1"))
            bound = (line.start, line.width, line.start, end)
            _take(line, running.all(query, (*bound, *condition.parameters)))

    def _conditions(
        self,
        connection: sqlite3.Connection,
        selection: Selection,
        after: int = 0,
        before: int | None = None,
        *,
        few: bool = False,
    ) -> Iterator[Condition]:
        """Yield the conditions for stretches of the log that have all calls between them."""
        bounds = call_text.id_bounds(connection)
        if bounds is None:
            return
        first, last = max(bounds[0], after + 1), bounds[1]
        if before is not None:
            last = min(last, before - 1)
        if first > last:
            return
        context = selection.context
        if not uses_texts(selection.filter, few=few):
            yield _condition(selection, context, Stretch(first, last, None))
            return
        for stretch in call_text.stretches(first, last, call_text.parts(connection)):
            texts = None
            if table := stretch.texts:
                texts = Texts(table, few, partial(call_text.beginning_with, connection, table))
            yield _condition(selection, context, stretch, texts)

    @contextmanager
    def _run(self) -> Iterator["_Running"]:
        running = _Running(self._database.connection())
        with self._lock:
            self._running.add(running)
        try:
            # What is pruned or indexed meanwhile must not be missed between two stretches.
            with one_view(running.connection):
                yield running
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Interrupted from error
            raise
        finally:
            with self._lock:
                self._running.discard(running)


class _Running:
    """A search under way: queries of which each looks first whether it was interrupted."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._interrupted = False

    def interrupt(self) -> None:
        self._interrupted = True
        self.connection.interrupt()

    def one(self, query: str, parameters: Sequence[Any]) -> Any:
        return self._execute(query, parameters).fetchone()

    def all(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        return self._execute(query, parameters).fetchall()

    def _execute(self, query: str, parameters: Sequence[Any]) -> sqlite3.Cursor:
        if self._interrupted:
            raise Interrupted
        return self.connection.execute(query, parameters)


def _condition(
    selection: Selection, context: Context, stretch: Stretch, texts: Texts | None = None
) -> Condition:
    terms = ["listed.id BETWEEN ? AND ?"]
    parameters: list[Any] = [stretch.first, stretch.last]
    if selection.organization_id is not None:
        terms.append("listed.organization_id = ?")
        parameters.append(selection.organization_id)
    if selection.heads_only:
        terms.append("listed.head_id IS NULL")
    if selection.filter is not None:
        compiled = compile_filter(selection.filter, context, texts)
        terms.append(compiled.sql)
        parameters += compiled.parameters
    return Condition(" AND ".join(terms), parameters)


def _width(length: int, intervals: int) -> int:
    """Return the least pleasant width with which at most ``intervals`` cover a length."""
    least = -(-length // max(intervals, 1))
    seconds = next((width for width in _WIDTHS if width * 1_000_000 >= least), None)
    if seconds is None:
        seconds = -(-least // (_WIDTHS[-1] * 1_000_000)) * _WIDTHS[-1]
    return seconds * 1_000_000


def _take(line: Timeline, rows: list[tuple[int, int, int]]) -> None:
    for number, calls, failures in rows:
        line.calls[number] += calls
        line.failures[number] += failures


_WIDTHS: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200),
    *(86_400, 172_800, 604_800),
)
"""Widths of intervals in seconds."""

_IDS: Final = """
SELECT json_group_array(id) FROM (
    SELECT listed.id AS id FROM call AS listed INDEXED BY call_list WHERE
"""
_NEWEST: Final = "ORDER BY listed.id DESC LIMIT ?)"
_COUNT: Final = "SELECT count(*) FROM call AS listed INDEXED BY call_list WHERE"
_BY_MINUTES: Final = """
SELECT (minute - ?) / ?, sum(calls), sum(failures) FROM minute WHERE minute >= ? AND minute < ?
"""
_BY_CALLS: Final = """
SELECT (listed.at - ?) / ?, count(*), sum(listed.status >= 400 OR listed.status = 0)
FROM call AS listed INDEXED BY call_list WHERE listed.at >= ? AND listed.at < ? AND
"""
