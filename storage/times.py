"""The clock of the stores, and times in the names of files."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the present moment, with its time zone."""


def utc_now() -> datetime:
    """Return the present moment with its time zone."""
    return datetime.now(UTC)


def file_time(at: datetime) -> str:
    """Return a UTC time as it stands in the name of a file: "20261123T184800Z"."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
