"""How many calls there were each minute: totals and the timeline without reading the calls."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

MINUTE: Final = 60_000_000
"""A minute in microseconds."""

Minutes = Mapping[tuple[int, int], tuple[int, int]]
"""Calls and failures by minute (since the epoch) and organization (0 is none)."""


def counted(calls: Iterable[tuple[int, int | None, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Count calls, each given by its time, its organization and its status."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for at, organization_id, status in calls:
        key = (at // MINUTE, organization_id or 0)
        count, failures = found.get(key, (0, 0))
        found[key] = (count + 1, failures + (status >= 400 or status == 0))
    return found


def add(connection: sqlite3.Connection, minutes: Minutes) -> None:
    """Add what was counted."""
    connection.executemany(_ADD, [(*key, *counts) for key, counts in minutes.items()])
    connection.executemany(_ADD_TOTAL, list(_by_organization(minutes).items()))


def subtract(connection: sqlite3.Connection, minutes: Minutes) -> None:
    """Take away what was counted."""
    connection.executemany(
        "UPDATE minute SET calls = calls - ?, failures = failures - ?"
        " WHERE minute = ? AND organization_id = ?",
        [(*counts, *key) for key, counts in minutes.items()],
    )
    connection.executemany(
        "DELETE FROM minute WHERE minute = ? AND organization_id = ? AND calls <= 0",
        list(minutes),
    )
    connection.executemany(
        "UPDATE total SET calls = calls - ? WHERE organization_id = ?",
        [(calls, organization_id) for organization_id, calls in _by_organization(minutes).items()],
    )


def totals(connection: sqlite3.Connection) -> dict[int, int]:
    """Return how many calls each organization has; 0 stands for those of none."""
    found = connection.execute("SELECT organization_id, calls FROM total WHERE calls > 0")
    return dict(found.fetchall())


def span(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Return the times, in microseconds, from the first minute with a call to past the last."""
    # Each by itself is read from an end of the index; together they would be read from all of it.
    first, last = connection.execute(
        "SELECT (SELECT min(minute) FROM minute), (SELECT max(minute) FROM minute)"
    ).fetchone()
    return None if first is None else (first * MINUTE, (last + 1) * MINUTE)


def _by_organization(minutes: Minutes) -> Mapping[int, int]:
    calls: Counter[int] = Counter()
    for (_, organization_id), (count, _) in minutes.items():
        calls[organization_id] += count
    return calls


_ADD: Final = """
INSERT INTO minute (minute, organization_id, calls, failures) VALUES (?, ?, ?, ?)
ON CONFLICT (minute, organization_id) DO UPDATE
SET calls = calls + excluded.calls, failures = failures + excluded.failures
"""
_ADD_TOTAL: Final = """
INSERT INTO total (organization_id, calls) VALUES (?, ?)
ON CONFLICT (organization_id) DO UPDATE SET calls = calls + excluded.calls
"""
