"""Calls as one HTML page that needs no other file, to send to somebody and to print."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from server.calls.advice import advice
from server.calls.call import Headers
from server.calls.clients import origin
from server.calls.diagnosis import RULES, diagnose
from server.calls.export.logged import Logged
from server.calls.export.messages import body_text, reason, target
from server.calls.operations import OPERATIONS
from server.calls.text import moment_text

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST_BODY = 20_000
_IN_MEMORY = 4 * 1024 * 1024
_PIECE = 256 * 1024
_SHOWN = 10
"""So many calls of a cause are listed beside it."""

_TITLES = {rule.id: rule.title for rule in RULES}
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, and those that turn round the direction of a line."""


@dataclass(slots=True)
class _Cause:
    """Calls that failed for one reason: what was wrong, the cure of the first, and which they are.

    ``shown`` are the first of them, with their ids and summaries.
    """

    title: str
    cure: str
    calls: int = 0
    shown: list[tuple[int, str]] = field(default_factory=list)

    def add(self, logged: Logged) -> None:
        self.calls += 1
        if len(self.shown) < _SHOWN:
            self.shown.append((logged.id, logged.summary))


@dataclass(slots=True)
class _Totals:
    """What the head of the report says of all calls."""

    calls: int = 0
    failures: int = 0
    first_at: int | None = None
    last_at: int | None = None
    operations: Counter[str] = field(default_factory=Counter)
    failed_operations: Counter[str] = field(default_factory=Counter)
    causes: dict[str, _Cause] = field(default_factory=dict)

    def add(self, logged: Logged) -> None:
        at = logged.call.at
        self.calls += 1
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        self.last_at = at if self.last_at is None else max(self.last_at, at)
        self.operations[logged.operation] += 1
        if _failed(logged):
            self.failures += 1
            self.failed_operations[logged.operation] += 1
            found = diagnose(logged.call)[0]
            cause = self.causes.setdefault(
                found.rule_id, _Cause(_TITLES[found.rule_id], found.cure)
            )
            cause.add(logged)

    @property
    def worst(self) -> list[_Cause]:
        """The causes, the most frequent first."""
        return sorted(self.causes.values(), key=lambda cause: -cause.calls)


def html_report(calls: Iterable[Logged], template: str, title: str, made: str) -> Iterator[bytes]:
    """Yield the report in pieces.

    ``template`` is the text of resources/templates/calls-report.html, ``title`` says whose calls
    they are, ``made`` when. What stands first counts all calls, so they wait in a temporary file;
    of a body the first 20,000 characters are shown.
    """
    parts = _environment().from_string(template).module
    totals = _Totals()
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting:
        for logged in calls:
            totals.add(logged)
            waiting.write(_encoded(parts.call(logged, _failed(logged))))  # type: ignore[attr-defined]
        yield _encoded(parts.head(title, made, totals, OPERATIONS))  # type: ignore[attr-defined]
        waiting.seek(0)
        yield from _pieces(waiting)
        yield _encoded(parts.foot())  # type: ignore[attr-defined]


def _environment() -> "Environment":
    # Not at the top: it takes 30 ms, and most people never make a report.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "moment": moment_text,
        "seen": _seen,
        "body": _body,
        "headers": _headers,
        "status": lambda status: f"{status} {reason(status)}".rstrip() if status else "No answer",
        "target": target,
        "origin": origin,
        "help": advice,
    }
    return environment


def _failed(logged: Logged) -> bool:
    return not 0 < logged.call.status < 400


def _seen(text: str) -> str:
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _headers(headers: Headers) -> str:
    return _seen("\n".join(f"{name}: {value}" for name, value in headers))


def _body(body: bytes) -> str:
    text = _seen(body_text(body))
    if len(text) <= _LONGEST_BODY:
        return text
    return f"{text[:_LONGEST_BODY]}\n… and {len(text) - _LONGEST_BODY:,} more characters"


def _encoded(text: Any) -> bytes:
    return str(text).encode("utf-8", "replace")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
