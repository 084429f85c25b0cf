"""Takes values out of JSON that anybody may have written."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from server.calls.call import Call, Headers, Remark
from server.calls.explanation import understand
from server.calls.export.logged import LoggedCall
from server.calls.filters import MARKS
from server.calls.imports.foreign_secrets import without_secrets
from server.calls.redaction import Redactor

_LONGEST_NOTE = 10_000
_LONGEST_DURATION = 10**12
_LATEST = 253_402_300_799_000_000
"""The end of the year 9999, in microseconds since the epoch."""


Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many of how many calls are read; may raise to give the import up."""

TOLD_EVERY = 200


class ImportFailed(Exception):
    """The file cannot be read; the text says what is wrong and what to do."""


def text(value: Any) -> str:
    """Return a text, "" for anything else."""
    return value if isinstance(value, str) else ""


def members(value: Any) -> Mapping[str, Any]:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def moment(number: Any, words: Any) -> int | None:
    """Return when something was, in microseconds since the epoch, or None if neither says it.

    ``number`` is in such microseconds, ``words`` in ISO 8601, in UTC when it names no zone.
    """
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _LATEST:
        return number
    try:
        began = datetime.fromisoformat(text(words))
        began = began if began.tzinfo else began.replace(tzinfo=UTC)
        return max(round(began.timestamp() * 1_000_000), 0)
    except (ValueError, OverflowError):
        return None


def microseconds(value: Any, factor: int) -> int:
    """Return a duration that is given in ``factor`` microseconds; 0 for what is none."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    return round(min(value, _LONGEST_DURATION) * factor) if known else 0


def status(value: Any) -> int:
    """Return a status of HTTP, 0 for what is none."""
    return value if isinstance(value, int) and 100 <= value <= 999 else 0


def remarks(value: Any) -> tuple[Remark, ...]:
    """Return remarks from a list of objects."""
    listed = ((text(members(r).get("code")), text(members(r).get("text"))) for r in items(value))
    return tuple(Remark(code, sentence) for code, sentence in listed if sentence)


def encoded(value: str) -> bytes:
    """Return a text in UTF-8; half characters become question marks."""
    return value.encode("utf-8", "replace")


def decoded(value: Any, encoding: Any) -> bytes:
    """Return the bytes of a body that may be in base64; a note stands for what is no text."""
    if text(encoding).lower() != "base64":
        return encoded(text(value))
    try:
        body = base64.b64decode(text(value))
        body.decode()
    except (binascii.Error, ValueError):
        return b"[%d bytes that are not text were withheld]" % (len(text(value)) * 3 // 4)
    return body


def headers(pairs: Any) -> Headers:
    """Return headers from pairs of anything; HTTP/2's own (":path") are left out."""
    return tuple(
        (_latin(name), _latin(value))
        for name, value in pairs
        if isinstance(name, str) and isinstance(value, str) and name and name[0] != ":"
    )


def imported(
    calls: list[tuple[Call, str, str]], redactor: Redactor, tell: Tell
) -> list[LoggedCall]:
    """Return calls with their marks and notes as a log has them: in order of time, from 1 on.

    Summaries are made anew; secrets are taken out.
    """
    calls.sort(key=lambda item: item[0].at)
    found = []
    for number, (call, mark, note) in enumerate(calls, 1):
        if number % TOLD_EVERY == 0:
            tell(number, len(calls))
        clean = without_secrets(call, redactor)
        operation, summary, subject = understand(clean)
        clean = replace(clean, subject=clean.subject or subject)
        found.append(
            LoggedCall(
                id=number,
                operation=operation,
                summary=summary,
                call=clean,
                mark=mark if mark in MARKS else "",
                note=redactor.text(note[:_LONGEST_NOTE]),
            )
        )
    return found


def _latin(value: str) -> str:
    """Return a header's text in the characters that a header can have."""
    return value.encode("latin-1", "replace").decode("latin-1")
