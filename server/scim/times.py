"""Dates and times as SCIM writes them (RFC 7643 2.3.5) and as they are stored."""

import re
from datetime import UTC, datetime


def timestamp(moment: datetime | None = None) -> str:
    """Return a moment, or now, in the stored form: "2026-11-23T18:48:00.123Z".

    It is UTC with milliseconds, so that such texts compare as the moments do.
    """
    moment = datetime.now(UTC) if moment is None else moment.astimezone(UTC)
    # isoformat writes years below 1000 with their zeros, strftime does not on every system.
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def normalised(text: str) -> str | None:
    """Return an xsd:dateTime in the stored form, or None when it is none.

    A text without an offset is taken as UTC; what is finer than a millisecond is cut off.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    date_time, fraction, offset = match.groups()
    try:
        moment = datetime.fromisoformat(
            f"{date_time}.{(fraction or '0')[:6].ljust(6, '0')}{offset or '+00:00'}"
        )
        return timestamp(moment)
    except (ValueError, OverflowError):
        return None


_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", re.ASCII)
