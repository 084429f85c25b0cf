"""What is read of calls: the rows of a list, and whole calls."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final, NamedTuple

import orjson

from server.calls.call import Call, Remark
from server.calls.clients import ORIGIN_MARKS


class CallRow(NamedTuple):
    """What a list shows of a call; ``remarks`` is how many there are.

    ``client`` is who sent it ("Okta"), ``mark`` and ``note`` are a person's. Of an operation the
    first call is the head: its ``head_id`` is None, ``others`` are the other calls in short, and
    ``operation_summary`` and ``operation_status`` say what became of the operation, or are None
    where the head's own do. ``head_id`` of any other call of it is the head's id.
    """

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
    client: str = ""
    head_id: int | None = None
    mark: str = ""
    note: str = ""
    operation_summary: str | None = None
    operation_status: int | None = None
    others: "Others | None" = None

    @property
    def calls(self) -> int:
        """How many calls the operation has that the call is the head of."""
        return 1 + self.others.calls if self.others else 1

    @property
    def last_id(self) -> int:
        """The id of the last call of that operation: the one that says what came of it."""
        return self.others.last_id if self.others else self.id

    @property
    def folded(self) -> "CallRow":
        """The operation that the call is the head of, as one row; any other call itself.

        It took as long as its calls together, and is otherwise what its last call is.
        """
        others = self.others
        if others is None:
            return self
        return self._replace(
            duration=self.duration + others.duration,
            method=others.method,
            path=others.path,
            query=others.query,
            status=self.status if self.operation_status is None else self.operation_status,
            summary=self.operation_summary or self.summary,
            mark=self.mark or others.mark,
            note=self.note or others.note,
        )


class Others(NamedTuple):
    """The calls of an operation behind its head.

    ``duration`` is theirs together in microseconds, ``method``, ``path`` and ``query`` are the
    last one's, ``mark`` and ``note`` those of any of them.
    """

    calls: int
    last_id: int
    duration: int
    method: str
    path: str
    query: str
    mark: str
    note: str


class StoredCall(NamedTuple):
    """A whole call, and what it was: ``operation`` is a stable word, ``summary`` a sentence.

    ``head_id`` is that of a ``CallRow``. ``call.subject`` is the user or group that the request
    meant where the server knew none.
    """

    id: int
    operation: str
    summary: str
    call: Call
    client: str = ""
    head_id: int | None = None
    mark: str = ""
    note: str = ""


def read_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[CallRow]:
    """Return the calls of these ids, in this order; those that are gone are left out."""
    listed = orjson.dumps(list(ids)).decode()
    found = {row[0]: _row(row) for row in connection.execute(_ROWS, (listed,))}
    return [found[number] for number in ids if number in found]


def read_calls(connection: sqlite3.Connection, ids: Sequence[int]) -> list[StoredCall]:
    """Return whole calls, in this order; those that are gone are left out."""
    listed = orjson.dumps(list(ids)).decode()
    found = {row[0]: _stored_call(row) for row in connection.execute(_WHOLE, (listed,))}
    return [found[number] for number in ids if number in found]


def _row(values: tuple[Any, ...]) -> CallRow:
    *own, calls, last_id, duration, last, mark, note = values
    others = None
    if calls:
        method, path, query = orjson.loads(last)
        others = Others(calls, last_id, duration, method, path, query, mark or "", note or "")
    return CallRow._make((*own, others))


def _stored_call(row: tuple[Any, ...]) -> StoredCall:
    number, operation, summary, client, head_id, mark, note, *parts = row
    values = dict(zip(_CALL_FIELDS, parts, strict=True))
    for name in ("request_body", "response_body", "before"):
        body = values[name]
        values[name] = body.encode() if isinstance(body, str) else body
    for name in ("request_headers", "response_headers"):
        values[name] = tuple((header, value) for header, value in json.loads(values[name]))
    values["remarks"] = tuple(Remark(code, text) for code, text in json.loads(values["remarks"]))
    values["origin_mark"] = client if client in ORIGIN_MARKS else ""
    return StoredCall(number, operation, summary, Call(**values), client, head_id, mark, note)


_CALL_FIELDS: Final = tuple(each.name for each in fields(Call) if each.name != "origin_mark")

# What was added to a row later stands behind its bodies: it is read from the index, which has it.
_FROM: Final = """
FROM json_each(?) AS wanted
CROSS JOIN call ON call.id = wanted.value
CROSS JOIN call AS listed INDEXED BY call_list ON listed.id = call.id
LEFT JOIN annotation ON annotation.call_id = call.id
"""
_ROWS: Final = " ".join(
    (
        """
SELECT call.id, call.at, call.duration, call.peer, call.organization_id, call.token_label,
       call.method, call.path, call.query, call.status, call.operation, call.summary, call.subject,
       call.resource_id, json_array_length(call.remarks), listed.client, listed.head_id,
       ifnull(annotation.mark, ''), ifnull(annotation.note, ''),
       operation.summary, operation.status,
       count(member.id), max(member.id), sum(member.duration),
       (SELECT json_array(last.method, last.path, last.query)
        FROM call AS last INDEXED BY call_head
        WHERE last.head_id = call.id ORDER BY last.id DESC LIMIT 1),
       max(theirs.mark), max(theirs.note)
""",
        _FROM,
        """
LEFT JOIN operation ON operation.head_id = call.id
LEFT JOIN call AS member INDEXED BY call_head ON member.head_id = call.id
LEFT JOIN annotation AS theirs ON theirs.call_id = member.id
GROUP BY call.id
""",
    )
)
_WHOLE: Final = " ".join(
    (
        "SELECT call.id, call.operation, call.summary, listed.client, listed.head_id,",
        "ifnull(annotation.mark, ''), ifnull(annotation.note, ''),",
        ", ".join(f"call.{name}" for name in _CALL_FIELDS),
        _FROM,
    )
)
