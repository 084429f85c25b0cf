"""The preflights that ran, so that the next one can say what was fixed and what is new."""

import zlib
from typing import NamedTuple

import orjson

from server.okta.mapping.basis import UNKNOWN_BASIS, Basis
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


class Result(NamedTuple):
    """What came of a run, how many seconds it took, and what it looked at."""

    report: Report
    seconds: float
    basis: Basis


class PreflightStore:
    """Keeps the newest reports of each organization; for any thread."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @_guarded
    def add(
        self,
        organization_id: int,
        mappings: str,
        report: Report,
        *,
        seconds: float = 0.0,
        basis: Basis = UNKNOWN_BASIS,
    ) -> Run:
        """Keep a report; ``mappings`` names the mappings that were checked."""
        kept = report_json(report) | {
            "seconds": seconds,
            "basis": [basis.mappings, *basis.people],
        }
        document = zlib.compress(orjson.dumps(kept), 1)
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
    def newest(self, organization_id: int) -> Run | None:
        """Return the newest run."""
        row = self._database.connection().execute(f"{_RUNS} LIMIT 1", (organization_id,)).fetchone()
        return Run(*row) if row else None

    @_guarded
    def result(self, run_id: int) -> Result | None:
        """Return what came of a run, or None when it is not kept any more."""
        row = self._database.connection().execute(_REPORT, (run_id,)).fetchone()
        if row is None:
            return None
        kept = orjson.loads(zlib.decompress(row[0]))
        mappings, *people = kept["basis"]
        return Result(report_from_json(kept), kept["seconds"], Basis(mappings, tuple(people)))


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
