"""What the Preflight page shows: the newest run beside the one before; read in a job."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.preflight.rows import FindingRow
from gui.preflight.work import Standing, mappings_now, read_standing
from server.okta.mapping.findings import Difference, Report, compare

if TYPE_CHECKING:
    from gui.services import OktaServices
    from storage.preflights import Run


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest run of an organization with its findings; ``before`` is the one that ran before.

    Without a run, ``standing`` is None. ``people`` is how many would be checked now.
    """

    organization_id: int
    people: int
    standing: Standing | None
    before: "Run | None" = None
    rows: tuple[FindingRow, ...] = ()


def read_shown(okta: "OktaServices", organization_id: int, known: Shown | None) -> Shown:
    """Return what there is to show; ``known`` is what was shown last."""
    people = okta.people.count(organization_id)
    same = known if known and known.organization_id == organization_id else None
    standing = read_standing(okta, organization_id, same.standing if same else None)
    if standing is None:
        return Shown(organization_id, people, None)
    if same and same.standing and same.standing.run == standing.run:
        return Shown(organization_id, people, standing, same.before, same.rows)
    runs = okta.preflights.runs(organization_id)
    earlier = next((run for run in runs if run.id < standing.run.id), None)
    result = okta.preflights.result(earlier.id) if earlier else None
    rows = finding_rows(
        standing.report, result.report if result else None, _titles(okta, organization_id)
    )
    return Shown(organization_id, people, standing, earlier if result else None, rows)


def finding_rows(
    report: Report, before: Report | None, titles: dict[str, str]
) -> tuple[FindingRow, ...]:
    """Return the findings with what became of them; ``titles`` are by variable."""
    if before is None:
        return tuple(
            FindingRow(
                Difference(finding, len(finding.people), 0, 0),
                titles.get(finding.variable, ""),
                frozenset(),
                False,
            )
            for finding in report.findings
        )
    earlier = {finding.key: finding.people for finding in before.findings}
    return tuple(
        FindingRow(
            difference,
            titles.get(difference.finding.variable, ""),
            frozenset(difference.finding.people).difference(
                earlier.get(difference.finding.key, ())
            ),
            True,
        )
        for difference in compare(before, report)
    )


def _titles(okta: "OktaServices", organization_id: int) -> dict[str, str]:
    _name, mappings = mappings_now(okta, organization_id)
    return {attribute.variable: attribute.title for attribute in mappings.attributes}
