"""What the overview tells of an organization's calls, read from small indexes."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from storage.call_filters import FAILED
from storage.call_rows import CallRow, read_rows


class CallOverview(NamedTuple):
    """What the overview tells of an organization's calls.

    ``calls``, ``failures`` and ``newest_failures`` (three at most, the newest first) are since the
    moment that was asked for; ``last_at`` and ``operations`` (by operation, when it was last seen)
    since ever. Times in microseconds since the epoch.
    """

    calls: int
    failures: int
    newest_failures: list[CallRow]
    last_at: int | None
    operations: dict[str, int]


def read_overview(
    connection: sqlite3.Connection, organization_id: int | None, since: int
) -> CallOverview:
    """Return what there is to say of an organization's calls, or of all."""
    organizations = _organizations(connection, organization_id)
    failed = [
        found
        for organization in organizations
        for found in connection.execute(_NEWEST_FAILED, (organization, since))
    ]
    return CallOverview(
        calls=count_since(connection, since, organization_id),
        failures=failures_since(connection, since, organization_id),
        newest_failures=read_rows(
            connection, [number for _, number in sorted(failed, reverse=True)[:3]]
        ),
        last_at=max(
            (
                at
                for organization in organizations
                if (at := _one(connection, _LAST, (organization,))[0]) is not None
            ),
            default=None,
        ),
        operations=_operations(connection, organizations),
    )


def count_since(connection: sqlite3.Connection, at: int, organization_id: int | None) -> int:
    """Return how many calls began at ``at`` (microseconds since the epoch) or later."""
    return _sum(connection, _SINCE, at, organization_id)


def failures_since(connection: sqlite3.Connection, at: int, organization_id: int | None) -> int:
    """Return how many of those were refused or never answered."""
    return _sum(connection, _FAILED_SINCE, at, organization_id)


def _sum(connection: sqlite3.Connection, query: str, at: int, organization_id: int | None) -> int:
    return sum(
        _one(connection, query, (organization, at))[0]
        for organization in _organizations(connection, organization_id)
    )


def _organizations(connection: sqlite3.Connection, organization_id: int | None) -> list[int | None]:
    """Return the organization or, for None, all that have calls, and None itself.

    From one to the next by the index: SELECT DISTINCT would read every row.
    """
    if organization_id is not None:
        return [organization_id]
    found: list[int | None] = [None]
    last = 0
    while (row := _one(connection, _NEXT_ORGANIZATION, (last,))) and row[0] is not None:
        last = row[0]
        found.append(last)
    return found


def _operations(
    connection: sqlite3.Connection, organizations: Sequence[int | None]
) -> dict[str, int]:
    operations: dict[str, int] = {}
    for organization in organizations:
        last = ""
        while (row := _one(connection, _NEXT_OPERATION, (organization, last))) and row[
            0
        ] is not None:
            last = row[0]
            (at,) = _one(connection, _LAST_OF_OPERATION, (organization, last))
            operations[last] = max(at, operations.get(last, at))
    return operations


def _one(connection: sqlite3.Connection, query: str, parameters: Sequence[Any]) -> Any:
    return connection.execute(query, parameters).fetchone()


_SINCE: Final = "SELECT count(*) FROM call WHERE organization_id IS ? AND at >= ?"
_FAILED_SINCE: Final = f"{_SINCE} AND {FAILED}"
_NEWEST_FAILED: Final = " ".join(
    (
        "SELECT at, id FROM call WHERE organization_id IS ? AND at >= ? AND",
        f"{FAILED} ORDER BY at DESC LIMIT 3",
    )
)
_LAST: Final = "SELECT max(at) FROM call WHERE organization_id IS ?"
_NEXT_ORGANIZATION: Final = "SELECT min(organization_id) FROM call WHERE organization_id > ?"
_NEXT_OPERATION: Final = (
    "SELECT min(operation) FROM call WHERE organization_id IS ? AND operation > ?"
)
_LAST_OF_OPERATION: Final = "SELECT max(at) FROM call WHERE organization_id IS ? AND operation = ?"
