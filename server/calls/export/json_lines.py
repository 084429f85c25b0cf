"""Calls as JSON Lines: one JSON object for each call, on a line of its own."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from server.calls.export.logged import Logged
from server.calls.text import call_value

BODIES = ("request_body", "response_body", "before")
ENCODED = "_base64"
"""Ends the name of the member that holds a body which is not UTF-8."""


def json_lines(calls: Iterable[Logged]) -> Iterator[bytes]:
    """Yield a line for each call.

    The members are those of ``call_value``, ``at_microseconds`` (since the epoch), and ``id``,
    ``operation``, ``summary``, ``mark`` and ``note``. A body that is not UTF-8 is in
    ``request_body_base64``, and ``request_body`` then shows what can be shown of it.
    """
    for logged in calls:
        yield orjson.dumps(_value(logged), option=orjson.OPT_APPEND_NEWLINE)


def _value(logged: Logged) -> dict[str, Any]:
    call = logged.call
    value = {
        "id": logged.id,
        "at": "",
        "at_microseconds": call.at,
        "summary": logged.summary,
        "operation": logged.operation,
        **call_value(call),
        "remarks": [remark._asdict() for remark in call.remarks],
        "mark": logged.mark,
        "note": logged.note,
    }
    for name in BODIES:
        body: bytes = getattr(call, name)
        text = body.decode(errors="replace")
        value[name] = text
        if text.encode() != body:
            value[name + ENCODED] = base64.b64encode(body).decode()
    return value
