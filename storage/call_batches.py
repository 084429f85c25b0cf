"""Storing many calls at once, and what is kept beside them: operations and counts."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from server.calls.call import Call
from server.calls.clients import origin
from server.calls.explanation import Understanding
from server.calls.grouping import Placement
from storage import call_minutes

Place: TypeAlias = Callable[[int, Call, Understanding], Placement]
"""Says which operation a call belongs to, given its id; called in the order of ids."""

Row: TypeAlias = tuple[Any, ...]
"""The values of a call, its id first."""


class Batch(NamedTuple):
    """Calls as rows, and what to note of the operations that they belong to."""

    rows: Sequence[Row]
    operations: Mapping[int, tuple[str, int]]
    minutes: call_minutes.Minutes


def make_batch(understood: Sequence[tuple[Call, Understanding]], first: int, place: Place) -> Batch:
    """Return calls as rows with the ids from ``first`` on."""
    rows = []
    operations = {}
    for number, (call, understanding) in enumerate(understood, first):
        head_id, summary, status = place(number, call, understanding)
        if summary is not None and status is not None:
            operations[head_id] = (summary, status)
        rows.append(_row(number, call, understanding, None if head_id == number else head_id))
    minutes = call_minutes.counted(
        (call.at, call.organization_id, call.status) for call, _ in understood
    )
    return Batch(rows, operations, minutes)


def single(batch: Batch, number: int) -> Batch:
    """Return one call of a batch by itself, with text that SQLite can take."""
    row: Row = tuple(
        value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for value in batch.rows[number]
    )
    values = dict(zip(_COLUMNS, row, strict=True))
    facts = (values["at"], values["organization_id"], values["status"])
    return Batch([row], {}, call_minutes.counted([facts]))


def store(connection: sqlite3.Connection, make: Callable[[int], Batch]) -> int:
    """Store a batch in one transaction and return the id of its last call.

    ``make`` is given the id of the first. Many rows a statement: between two statements Python
    changes threads, which with a statement for each row took a sixth of the server's speed.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'call'").fetchone()
        batch = make((found[0] if found else 0) + 1)
        for portion in _portions(batch.rows):
            values = tuple(value for row in portion for value in row)
            connection.execute(_insertion(len(portion)), values)
        if batch.operations:
            shown = [(head_id, *shown) for head_id, shown in batch.operations.items()]
            connection.execute(_SHOW, (orjson.dumps(shown).decode(),))
        call_minutes.add(connection, batch.minutes)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return int(batch.rows[-1][0])


def _portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in portions of a few sizes, so that few statements are ever prepared."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def _row(number: int, call: Call, understanding: Understanding, head_id: int | None) -> Row:
    return (
        number,
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
        understanding.operation,
        understanding.summary,
        call.subject or understanding.subject,
        call.resource_id,
        _json(call.remarks),
        _json(call.request_headers),
        _body(call.request_body),
        _json(call.response_headers),
        _body(call.response_body),
        origin(call),
        head_id,
        _body(call.before),
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


@cache
def _insertion(rows: int) -> str:
    return " ".join((_INSERT, ", ".join([_PLACES] * rows)))


_SIZES: Final = tuple(2**power for power in range(8, -1, -1))
_COLUMNS: Final = (
    *("id", "at", "duration", "peer", "organization_id", "token_id", "token_label"),
    *("method", "path", "query", "status", "operation", "summary", "subject", "resource_id"),
    *("remarks", "request_headers", "request_body", "response_headers", "response_body"),
    *("client", "head_id", "before"),
)
_INSERT: Final = f"INSERT INTO call ({', '.join(_COLUMNS)}) VALUES"
_PLACES: Final = f"({', '.join('?' * len(_COLUMNS))})"
_SHOW: Final = """
REPLACE INTO operation (head_id, summary, status)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?)
"""
