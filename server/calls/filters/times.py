"""Lengths of time and moments in filters: their written form, and what they mean now."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from server.calls.filters.tree import Context, Day, Moment, Span, Test, TimeOfDay

_MICROSECONDS: Final = {
    "us": 1,
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
_SPAN: Final = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,3}))?(us|ms|s|m|h|d|w)", re.IGNORECASE)
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.IGNORECASE,
)
_LONGEST: Final = 100 * 365 * _MICROSECONDS["d"]
_EARLIEST: Final = datetime(1970, 1, 3)
"""Before it a moment may have no number of seconds in some time zone."""

_LATEST: Final = datetime(9999, 12, 29)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_span(text: str) -> Span | None:
    """Return a length of time like "200ms", "1.5s" or "7d"; None when it is none."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    unit = _MICROSECONDS[match[3].lower()]
    thousandths = int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))
    microseconds = thousandths * unit // 1000
    return Span(microseconds) if microseconds <= _LONGEST else None


def read_moment(text: str) -> Span | Moment | Day | TimeOfDay | None:
    """Return a moment in any of the forms that ``since`` takes; None when it is none."""
    if span := read_span(text):
        return span
    try:
        if match := _TIME.fullmatch(text):
            return TimeOfDay(time(int(match[1]), int(match[2]), int(match[3] or 0)))
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            return Day(day) if _EARLIEST.date() <= day <= _LATEST.date() else None
        if _MOMENT.fullmatch(text):
            at = datetime.fromisoformat(_padded(text.upper()))
            return Moment(at) if _EARLIEST <= at.replace(tzinfo=None) <= _LATEST else None
    except ValueError:
        return None
    return None


def written(test: Test) -> str:
    """Return the form that is read as the same."""
    match test:
        case Span(microseconds):
            unit = next(
                name
                for name, size in reversed(_MICROSECONDS.items())
                if microseconds % size == 0 and (microseconds or name == "s")
            )
            return f"{microseconds // _MICROSECONDS[unit]}{unit}"
        case Moment(at):
            return at.isoformat().replace("+00:00", "Z")
        case Day(day):
            return day.isoformat()
        case TimeOfDay(clock):
            return clock.isoformat("seconds" if clock.second else "minutes")
    raise TypeError(test)


def bound(test: Test, context: Context, *, end: bool) -> int:
    """Return microseconds since the epoch; of a day its beginning, or with ``end`` its end."""
    now = context.now
    match test:
        case Span(microseconds):
            return _microseconds(now) - microseconds
        case Moment(at):
            return _microseconds(at if at.tzinfo else at.replace(tzinfo=now.tzinfo))
        case Day(day):
            day = day + timedelta(days=1) if end else day
            return _microseconds(datetime.combine(day, time(), now.tzinfo))
        case TimeOfDay(clock):
            at = datetime.combine(now.date(), clock, now.tzinfo)
            return _microseconds(at if at <= now else at - timedelta(days=1))
    raise TypeError(test)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _padded(text: str) -> str:
    """Return an ISO time with as many digits of a second as Python 3.11 reads: three or six."""
    head, dot, rest = text.partition(".")
    if not dot:
        return text
    digits = re.match(r"[0-9]+", rest)
    fraction = digits[0] if digits else ""
    return f"{head}.{fraction.ljust(6, '0')}{rest[len(fraction) :]}"
