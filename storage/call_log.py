"""The writer of the calls: one queue, one thread, one commit for many rows."""

import contextlib
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

import orjson

from server.calls.call import Call
from storage.database import Database
from storage.faults import sentence

Describe: TypeAlias = Callable[[Call], tuple[str, str]]
"""What a call was: (operation, summary)."""

BATCH_SECONDS = 0.03
"""How long calls gather: with the commit, well under the 100 ms that they may take to be stored."""

BATCH_ROWS = 1000
RETRY_SECONDS = 1.0


class CallLog:
    """Fits ``server.calls.call.CallSink``: takes calls at once, stores them on its own thread.

    ``on_stored`` is told the id of the newest call after each commit, ``on_error`` a sentence when
    storing fails (once until it works again) or calls were lost; both on the writer's thread, and
    what they raise is ignored. A batch that cannot be written is kept and tried again.
    """

    def __init__(
        self,
        database: Database,
        on_stored: Callable[[int], None],
        describe: Describe,
        on_error: Callable[[str], None] = lambda text: None,
        capacity: int = 100_000,
    ) -> None:
        self._database = database
        self._on_stored = on_stored
        self._describe = describe
        self._on_error = on_error
        self._capacity = capacity
        self._queue: queue.SimpleQueue[Call | _Request] = queue.SimpleQueue()
        self._hurry = threading.Event()
        self._lost = 0
        self._failing = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="call log", daemon=True)

    def record(self, call: Call) -> None:
        """Take a call; return at once and never raise."""
        if self._queue.qsize() < self._capacity:
            self._queue.put(call)
        else:
            self._lost += 1

    def start(self) -> None:
        """Start the writer's thread."""
        self._thread.start()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until what was recorded so far is stored; say whether it is."""
        request = _Request()
        self._queue.put(request)
        self._hurry.set()
        return request.stored.wait(timeout)

    def stop(self, timeout: float = 5.0) -> bool:
        """Store what is left and end the thread; say whether all of it is stored."""
        if not self._thread.is_alive():
            return self._queue.empty()
        done = self.flush(timeout)
        self._stopping = True
        self._queue.put(_Request())
        self._hurry.set()
        # It may be waiting for another process's write, which takes the busy timeout at most.
        self._thread.join(timeout if done else 0.1)
        return done

    def _run(self) -> None:
        while not self._stopping:
            first = self._queue.get()
            if isinstance(first, Call) and self._queue.qsize() < BATCH_ROWS:
                self._hurry.wait(BATCH_SECONDS)
            self._hurry.clear()
            calls, requests = self._gather(first)
            if calls and not self._store_all(calls):
                left = len(calls) + self._queue.qsize()
                self._tell(self._on_error, f"{left} calls could not be stored before the end.")
                return
            for request in requests:
                request.stored.set()

    def _gather(self, first: "Call | _Request") -> tuple[list[Call], list["_Request"]]:
        items = [first]
        with contextlib.suppress(queue.Empty):
            while len(items) < BATCH_ROWS:
                items.append(self._queue.get_nowait())
        calls = [item for item in items if isinstance(item, Call)]
        return calls, [item for item in items if isinstance(item, _Request)]

    def _store_all(self, calls: list[Call]) -> bool:
        """Store a batch, however often that takes; False when the log is stopped before."""
        rows = [_row(call, *self._described(call)) for call in calls]
        while True:
            try:
                self._succeed(_insert(self._database.connection(), rows))
                return True
            except Exception as error:
                told = sentence(error)
                if told is None:
                    # One call that SQLite cannot take must not hold up the others.
                    self._store_singly(rows)
                    return True
                self._fail(told)
            if self._stopping:
                return False
            self._hurry.wait(RETRY_SECONDS)
            self._hurry.clear()

    def _store_singly(self, rows: list[tuple[Any, ...]]) -> None:
        for row in rows:
            try:
                newest = _insert(self._database.connection(), [_storable(row)])
            except Exception:
                self._lost += 1
            else:
                self._succeed(newest)

    def _described(self, call: Call) -> tuple[str, str]:
        try:
            return self._describe(call)
        except Exception:
            # A call that nobody can explain is stored all the same.
            return "", ""

    def _fail(self, told: str) -> None:
        if not self._failing:
            self._failing = True
            self._tell(self._on_error, f"Calls are not being stored: {told}")

    def _succeed(self, newest: int) -> None:
        self._failing = False
        if self._lost:
            lost, self._lost = self._lost, 0
            self._tell(self._on_error, f"{lost} calls are missing in the log.")
        self._tell(self._on_stored, newest)

    @staticmethod
    def _tell(listener: Callable[[Any], None], news: Any) -> None:
        with contextlib.suppress(Exception):
            listener(news)


class _Request:
    """Stands in the queue behind the calls that ``flush`` waits for."""

    def __init__(self) -> None:
        self.stored = threading.Event()


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> int:
    """Store rows in one transaction and return the id of the last.

    Many rows a statement: between two statements Python changes threads, which with a statement
    for each row took a sixth of the server's speed.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for portion in _portions(rows):
            values = tuple(value for row in portion for value in row)
            connection.execute(_insertion(len(portion)), values)
        (newest,) = connection.execute("SELECT last_insert_rowid()").fetchone()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return int(newest)


def _portions(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows in portions of a few sizes, so that few statements are ever prepared."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def _row(call: Call, operation: str, summary: str) -> tuple[Any, ...]:
    return (
        call.at,
        call.duration,
        call.peer,
        call.organization_id,
        call.token_id,
        call.token_label,
        call.method,
        call.path,
        call.query,
        call.status,
        operation,
        summary,
        call.subject,
        call.resource_id,
        _json(call.remarks),
        _json(call.request_headers),
        _body(call.request_body),
        _json(call.response_headers),
        _body(call.response_body),
    )


def _json(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        # A lone surrogate; escaped by the slower encoder, it survives.
        return json.dumps(value)


def _body(body: bytes) -> str | bytes:
    """Text where the body is UTF-8, so that it can be searched."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _storable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for value in row
    )


@cache
def _insertion(rows: int) -> str:
    return " ".join((_INSERT, ", ".join([_PLACES] * rows)))


_SIZES = tuple(2**power for power in range(8, -1, -1))
_COLUMNS = (
    *("at", "duration", "peer", "organization_id", "token_id", "token_label"),
    *("method", "path", "query", "status", "operation", "summary", "subject", "resource_id"),
    *("remarks", "request_headers", "request_body", "response_headers", "response_body"),
)
_INSERT = f"INSERT INTO call ({', '.join(_COLUMNS)}) VALUES"
_PLACES = f"({', '.join('?' * len(_COLUMNS))})"
