"""Calls as CSV, for a spreadsheet."""

import csv as python_csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping

from server.calls.clients import origin
from server.calls.export.logged import Logged
from server.calls.export.messages import target
from server.calls.reading import error_member
from server.calls.text import moment_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_000
"""Excel takes 32,767 characters and spills the rest into other cells."""


def csv(calls: Iterable[Logged]) -> Iterator[bytes]:
    """Yield a line of ``CSV_COLUMNS``, then a line for each call.

    UTF-8 with a byte order mark, by which Excel knows it, and CR LF (RFC 4180). A cell that a
    spreadsheet would take for a formula begins with an apostrophe; one of more than 32,000
    characters is cut and ends with "…".
    """
    yield b"\xef\xbb\xbf" + _line(CSV_COLUMNS)
    for logged in calls:
        yield _line(cell(logged) for cell in _CELLS.values())


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    python_csv.writer(text, lineterminator="\r\n").writerow(map(_cell, cells))
    return text.getvalue().encode("utf-8", "replace")


def _cell(text: str) -> str:
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return f"{text[:_LONGEST_CELL]}…" if len(text) > _LONGEST_CELL else text


def _detail(logged: Logged) -> str:
    """Return the ``detail`` of a SCIM error, or ""."""
    return "" if 0 < logged.call.status < 400 else error_member(logged.call, "detail")


def _body(body: bytes) -> str:
    return body.decode(errors="replace")


_CELLS: Mapping[str, Callable[[Logged], str]] = {
    "id": lambda logged: str(logged.id),
    "time": lambda logged: moment_text(logged.call.at),
    "duration_ms": lambda logged: f"{logged.call.duration / 1000:.3f}",
    "summary": lambda logged: logged.summary,
    "operation": lambda logged: logged.operation,
    "client": lambda logged: origin(logged.call),
    "peer": lambda logged: logged.call.peer,
    "token": lambda logged: logged.call.token_label,
    "method": lambda logged: logged.call.method,
    "target": lambda logged: target(logged.call),
    "status": lambda logged: str(logged.call.status),
    "error": _detail,
    "user_or_group": lambda logged: logged.call.subject,
    "resource_id": lambda logged: logged.call.resource_id,
    "remarks": lambda logged: " ".join(remark.text for remark in logged.call.remarks),
    "mark": lambda logged: logged.mark,
    "note": lambda logged: logged.note,
    "request_body": lambda logged: _body(logged.call.request_body),
    "response_body": lambda logged: _body(logged.call.response_body),
}

CSV_COLUMNS = tuple(_CELLS)
"""The columns. ``time`` is in UTC, ``status`` 0 when there was no answer, ``error`` the detail."""
