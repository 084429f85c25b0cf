"""Times as they are kept: UTC with milliseconds, a text that compares as the times do."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the present moment, with its time zone."""


def utc_now() -> datetime:
    """Return the present moment with its time zone."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """Return "2026-11-23T18:48:00.123Z"."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def file_time(at: datetime) -> str:
    """Return a UTC time as it stands in the name of a file: "20261123T184800Z"."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
