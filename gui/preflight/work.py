"""Running a preflight, and telling whether the newest one still holds; called in jobs."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.jobs import Progress
from server.blink.directory import Organization
from server.okta.mapping import preflight
from server.okta.mapping.basis import Basis, fingerprint
from server.okta.mapping.evaluation import compile_mappings
from server.okta.mapping.findings import Report
from server.okta.mapping.rows import MappingSet

if TYPE_CHECKING:
    from gui.services import OktaServices
    from storage.preflights import Result, Run

DEFAULT_NAME = "Okta's default"
"""What the mappings of an organization are called that saved none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest run, what came of it, and what was changed since."""

    run: "Run"
    result: "Result"
    mappings_changed: bool
    people_changed: bool

    @property
    def report(self) -> Report:
        """What it found."""
        return self.result.report

    @property
    def holds(self) -> bool:
        """Whether another run would look at the same mappings and people."""
        return not (self.mappings_changed or self.people_changed)


def run_preflight(okta: "OktaServices", organization: Organization, progress: Progress) -> None:
    """Check everybody and keep the report; raises when the job is given up, and keeps nothing."""
    begun = time.monotonic()
    name, mappings = mappings_now(okta, organization.id)
    # Before the people are read: who changes in between makes the result an old one.
    basis = Basis(fingerprint(mappings), okta.people.revision(organization.id))
    progress.report(None, "Reading the people")
    population = okta.people.population(organization.id)
    compiled = compile_mappings(mappings, population.schema.names)

    def tell(done: int, total: int) -> None:
        progress.report(done / total if total else None, f"{done:,} of {total:,} people")

    report = preflight.run(population, compiled, okta.judge(organization), tell)
    seconds = time.monotonic() - begun
    okta.preflights.add(organization.id, name, report, seconds=seconds, basis=basis)


def mappings_now(okta: "OktaServices", organization_id: int) -> tuple[str, MappingSet]:
    """Return the mappings that an organization uses, as their page shows them, and their name."""
    stored = okta.mappings.in_use(organization_id)
    default = okta.default_mappings(organization_id)
    if stored is None:
        return DEFAULT_NAME, default
    return stored.name, stored.mappings.with_profile(default.attributes)


def read_standing(
    okta: "OktaServices", organization_id: int, known: Standing | None = None
) -> Standing | None:
    """Return how the newest run stands; ``known`` is what was returned last, None for no run.

    A report of 100,000 findings takes 50 ms to read, so a known one is not read again.
    """
    run = okta.preflights.newest(organization_id)
    if run is None:
        return None
    result = known.result if known and known.run == run else okta.preflights.result(run.id)
    if result is None:
        return None
    _name, mappings = mappings_now(okta, organization_id)
    return Standing(
        run,
        result,
        result.basis.mappings != fingerprint(mappings),
        result.basis.people != okta.people.revision(organization_id),
    )
