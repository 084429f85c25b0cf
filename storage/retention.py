"""How long calls are kept: the settings, and deleting what is older in small steps."""

import json
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from storage import call_minutes, call_text

STEP_SECONDS: Final = 0.012
"""How long a step may take."""


class Retention(NamedTuple):
    """How many days calls are kept, and how many calls of an organization; None is no limit.

    Calls that a person marked or wrote a note on are kept beyond both, until that is removed, the
    log is cleared, or the organization is deleted.
    """

    days: int | None = 30
    calls: int | None = 1_000_000


def read_retention(connection: sqlite3.Connection) -> Retention:
    """Return how long calls are kept."""
    row = connection.execute("SELECT value FROM setting WHERE name = 'retention'").fetchone()
    return Retention(**json.loads(row[0])) if row else Retention()


def write_retention(connection: sqlite3.Connection, retention: Retention) -> None:
    """Change how long calls are kept; a running writer follows within a minute."""
    connection.execute(
        "REPLACE INTO setting (name, value) VALUES ('retention', ?)",
        (json.dumps(retention._asdict()),),
    )


class Pruner:
    """Deletes the calls that are not kept any longer, the oldest first."""

    def __init__(self) -> None:
        self._plan: list[_Surplus] = []
        self._calls_a_step = 50

    @property
    def working(self) -> bool:
        """Say whether there is more to delete."""
        return bool(self._plan)

    def plan(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Find out what is to be deleted."""
        retention = read_retention(connection)
        before = -1
        if retention.days is not None:
            age = now - timedelta(days=retention.days) - datetime(1970, 1, 1, tzinfo=UTC)
            before = age // timedelta(microseconds=1)
        self._plan = []
        for organization_id, calls in call_minutes.totals(connection).items():
            too_many = 0
            if retention.calls is not None and calls > retention.calls:
                kept = connection.execute(_KEPT, (organization_id or None,)).fetchone()[0]
                too_many = max(calls - kept - retention.calls, 0)
            self._plan.append(_Surplus(organization_id or None, before, too_many))

    def step(self, connection: sqlite3.Connection) -> None:
        """Delete some calls."""
        if not self._plan:
            return
        surplus = self._plan[-1]
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        try:
            old, more = self._oldest(connection, surplus)
            _delete(connection, old)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if more:
            self._plan[-1] = surplus._replace(too_many=max(surplus.too_many - len(old), 0))
        else:
            self._plan.pop()
        if old:
            share = STEP_SECONDS / max(time.perf_counter() - begun, 1e-6)
            self._calls_a_step = min(max(int(self._calls_a_step * min(share, 2.0)), 5), 1000)

    def _oldest(
        self, connection: sqlite3.Connection, surplus: "_Surplus"
    ) -> tuple[list["_Old"], bool]:
        """Return calls to delete, and whether there may be more."""
        limit = self._calls_a_step
        old = _select(connection, _TOO_OLD, (surplus.organization_id, surplus.before, limit))
        if len(old) == limit:
            return old, True
        left = surplus.too_many - len(old)
        if left > 0:
            old = _select(
                connection, _TOO_MANY, (surplus.organization_id, min(limit, len(old) + left))
            )
            return old, len(old) == limit and left > limit
        return old, False


class _Surplus(NamedTuple):
    """What an organization has too much of: calls before a time, and a number of the oldest."""

    organization_id: int | None
    before: int
    too_many: int


class _Old(NamedTuple):
    id: int
    at: int
    organization_id: int | None
    status: int


def _select(
    connection: sqlite3.Connection, query: str, parameters: tuple[object, ...]
) -> list[_Old]:
    return [_Old._make(row) for row in connection.execute(query, parameters)]


def _delete(connection: sqlite3.Connection, old: list[_Old]) -> None:
    if not old:
        return
    ids = json.dumps([call.id for call in old])
    # What is left of an operation stands alone.
    for change in (
        "DELETE FROM call WHERE id",
        "DELETE FROM operation WHERE head_id",
        "UPDATE call SET head_id = NULL WHERE head_id",
    ):
        connection.execute(" ".join((change, "IN (SELECT value FROM json_each(?))")), (ids,))
    call_minutes.subtract(
        connection,
        call_minutes.counted((call.at, call.organization_id, call.status) for call in old),
    )
    (first,) = connection.execute("SELECT min(id) FROM call").fetchone()
    known = call_text.parts(connection)
    gone = [number for number in known if first is None or number < call_text.part_of(first)]
    call_text.drop_parts(connection, gone[:1])


_KEPT: Final = """
SELECT count(*) FROM annotation CROSS JOIN call ON call.id = call_id WHERE organization_id IS ?
"""
_OLD: Final = """
SELECT id, at, organization_id, status FROM call
WHERE organization_id IS ? AND id NOT IN (SELECT call_id FROM annotation)
"""
_TOO_OLD: Final = f"{_OLD} AND at < ? ORDER BY at LIMIT ?"
_TOO_MANY: Final = f"{_OLD} ORDER BY at LIMIT ?"
