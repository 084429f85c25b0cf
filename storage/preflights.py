"""The preflights that ran, so that the next one can say what was fixed and what is new."""

import zlib
from typing import NamedTuple

import orjson

from server.okta.mapping.findings import Report, report_from_json, report_json
from server.scim.times import timestamp
from storage.database import Database
from storage.errors import StorageError
from storage.faults import guarded
from storage.times import Clock, utc_now

MOST_RUNS = 20
"""Runs that are kept of an organization; one with 100,000 findings takes about 2 MB."""

_guarded = guarded(StorageError)


class Run(NamedTuple):
    """A preflight that ran: when, and with which mappings."""

    id: int
    ran: str
    mappings: str


class PreflightStore:
    """Keeps the newest reports of each organization; for any thread."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @_guarded
    def add(self, organization_id: int, mappings: str, report: Report) -> Run:
        """Keep a report; ``mappings`` names the mappings that were checked."""
        document = zlib.compress(orjson.dumps(report_json(report)), 1)
        ran = timestamp(self._clock())
        with self._database.changing() as connection:
            ((number,),) = connection.execute(
                _INSERT, (organization_id, ran, mappings, document)
            ).fetchall()
            connection.execute(_DELETE_OLD, (organization_id, organization_id, MOST_RUNS))
        return Run(number, ran, mappings)

    @_guarded
    def runs(self, organization_id: int) -> list[Run]:
        """Return the runs, the newest first."""
        rows = self._database.connection().execute(_RUNS, (organization_id,))
        return [Run(*row) for row in rows]

    @_guarded
    def report(self, run_id: int) -> Report | None:
        """Return the report of a run, or None when it is not kept any more."""
        row = self._database.connection().execute(_REPORT, (run_id,)).fetchone()
        return report_from_json(orjson.loads(zlib.decompress(row[0]))) if row else None


_INSERT = """
INSERT INTO preflight (organization_id, ran, mappings, report) VALUES (?, ?, ?, ?) RETURNING id
"""
_DELETE_OLD = """
DELETE FROM preflight WHERE organization_id = ? AND id NOT IN (
    SELECT id FROM preflight WHERE organization_id = ? ORDER BY id DESC LIMIT ?
)
"""
_RUNS = "SELECT id, ran, mappings FROM preflight WHERE organization_id = ? ORDER BY id DESC"
_REPORT = "SELECT report FROM preflight WHERE id = ?"
