"""``Time.*``: times are texts (spec 6.6)."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from server.okta.expressions.context import Context
from server.okta.expressions.errors import failure
from server.okta.expressions.functions.specification import REFERENCE, FunctionSpec, Parameter
from server.okta.expressions.inferred import KEEPS_OFFSET
from server.okta.expressions.joda import formatted, iso_text
from server.okta.expressions.joda_parsing import parsed, parsed_iso
from server.okta.expressions.zones import zone_of

SOURCE: Final = REFERENCE + "#time-functions"

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
WINDOWS_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")


def now(context: Context, zone: str | None = "UTC", pattern: str | None = "") -> str:
    """Return the time now, in a zone and a pattern."""
    moment = time_now(context).astimezone(known_zone(zone))
    return iso_text(moment) if pattern == "" else formatted(moment, given(pattern, "format"))


def time_now(context: Context) -> datetime:
    """Return the context's time, or the real one."""
    return context.now or datetime.now(UTC)


def known_zone(name: str | None) -> tzinfo:
    """Return a zone, or raise for an unknown one."""
    zone = zone_of(name) if name else None
    if zone is None:
        raise failure(
            f"The datetime zone id '{name or 'null'}' is not recognised",
            "Write an id such as America/New_York or UTC.",
        )
    return zone


def given(text: str | None, what: str) -> str:
    """Return a text that must not be null or empty."""
    if not text:
        raise failure(f"The {what} is {'null' if text is None else 'empty'}.", "Guard it before.")
    return text


def whole(text: str | None) -> int:
    """Return the whole number of a text."""
    found = given(text, "time")
    if not _WHOLE.fullmatch(found):
        raise failure(f'For input string: "{found[:80]}"', "The time has to be a whole number.")
    return int(found)


def after(epoch: datetime, milliseconds: int) -> str:
    """Return the ISO text of a time that is counted from an epoch."""
    try:
        return iso_text(epoch + timedelta(milliseconds=milliseconds))
    except OverflowError:
        raise failure("The time is outside the years 1 to 9999.") from None


def from_windows(time: str | None) -> str:
    """Return the ISO text of 100-nanosecond ticks since 1601."""
    return after(WINDOWS_EPOCH, whole(time) // 10_000)


def from_unix(time: str | None) -> str:
    """Return the ISO text of milliseconds since 1970."""
    return after(EPOCH, whole(time))


def from_string(context: Context, time: str | None, pattern: str | None) -> str:
    """Return the ISO text of a time in a pattern."""
    return iso_text(zoned(parsed(given(time, "time"), given(pattern, "format"), time_now(context))))


def zoned(moment: datetime) -> datetime:
    """Return a time in the zone in which the functions show what they read."""
    return moment if KEEPS_OFFSET else moment.astimezone(UTC)


def to_windows(time: str | None) -> str:
    """Return 100-nanosecond ticks since 1601 as text."""
    return str((parsed_iso(given(time, "time")) - WINDOWS_EPOCH) // MILLISECOND * 10_000)


def to_unix(time: str | None) -> str:
    """Return milliseconds since 1970 as text."""
    return str((parsed_iso(given(time, "time")) - EPOCH) // MILLISECOND)


def to_string(time: str | None, pattern: str | None) -> str:
    """Return an ISO time in a pattern."""
    return formatted(zoned(parsed_iso(given(time, "time"))), given(pattern, "format"))


_TIME: Final = Parameter("time")
_FORMAT: Final = Parameter("format")

TIME_FUNCTIONS: Final = (
    FunctionSpec(
        "Time.now",
        (Parameter("timeZoneId", optional=True), Parameter("format", optional=True)),
        "String",
        "The time now: in UTC and ISO, or in a zone and a Joda pattern.",
        'Time.now("EST", "YYYY-MM-dd HH:mm:ss")',
        "2015-07-31 13:36:48",
        SOURCE,
        now,
        example_context={"now": "2015-07-31T17:36:48.000Z"},
        pure=False,
        slow=True,
        takes_context=True,
    ),
    FunctionSpec(
        "Time.fromWindowsToIso8601",
        (_TIME,),
        "String",
        "The ISO time of Windows ticks: 100 nanoseconds since 1601.",
        'Time.fromWindowsToIso8601("130828483140900000")',
        "2015-07-31T20:31:54.090Z",
        SOURCE,
        from_windows,
    ),
    FunctionSpec(
        "Time.fromUnixToIso8601",
        (_TIME,),
        "String",
        "The ISO time of milliseconds since 1970, 13 digits today.",
        'Time.fromUnixToIso8601("1438377580979")',
        "2015-07-31T21:19:40.979Z",
        SOURCE,
        from_unix,
    ),
    FunctionSpec(
        "Time.fromStringToIso8601",
        (_TIME, _FORMAT),
        "String",
        "The ISO time of a text in a Joda pattern; without a zone it is UTC.",
        'Time.fromStringToIso8601("31.07.2015 17:18", "dd.MM.yyyy HH:mm")',
        "2015-07-31T17:18:00.000Z",
        SOURCE,
        from_string,
        slow=True,
        takes_context=True,
    ),
    FunctionSpec(
        "Time.fromIso8601ToWindows",
        (_TIME,),
        "String",
        "The Windows ticks of an ISO time, as text.",
        'Time.fromIso8601ToWindows("2015-07-31T20:31:54.090Z")',
        "130828483140900000",
        SOURCE,
        to_windows,
    ),
    FunctionSpec(
        "Time.fromIso8601ToUnix",
        (_TIME,),
        "String",
        "The milliseconds since 1970 of an ISO time, as text.",
        'Time.fromIso8601ToUnix("2015-07-31T21:19:40.979Z")',
        "1438377580979",
        SOURCE,
        to_unix,
    ),
    FunctionSpec(
        "Time.fromIso8601ToString",
        (_TIME, _FORMAT),
        "String",
        "An ISO time in a Joda pattern.",
        'Time.fromIso8601ToString("2015-07-31T21:19:40.979Z", "EEE, d MMM yyyy")',
        "Fri, 31 Jul 2015",
        SOURCE,
        to_string,
        slow=True,
    ),
)
