"""What a preflight found, and what changed since the last one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from server.okta.mapping.external_names import Json
from server.okta.mapping.rules import Rule, Severity

MOST_CAUSES: Final = 500
"""More causes than a person reads; the rest of a rule's cases is put into one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, and whom it concerns.

    ``rule`` is the id of the rule, ``cause`` tells apart what one rule finds; ``variable`` is the
    mapping's row, "" where there is none, ``mapping`` what is mapped to it. ``example`` is a whole
    sentence about one person, or "". ``people`` are ids.
    """

    rule: str
    severity: Severity
    variable: str
    cause: str
    text: str
    cure: str
    mapping: str
    example: str
    people: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes a finding of another run the same one."""
        return self.rule, self.variable, self.cause


@dataclass(frozen=True, slots=True)
class Report:
    """What a preflight found, the worst first, then by number of people.

    ``outcomes`` counts the people by what Blink would do: "created", "linked", "updated",
    "unchanged", "refused"; "not sent" are those whom Okta would not get as far as sending.
    ``checked`` of the ``people`` were looked at; it is fewer when the run was cancelled.
    """

    people: int
    checked: int
    outcomes: Mapping[str, int]
    findings: tuple[Finding, ...]
    failing: int = 0

    @property
    def cancelled(self) -> bool:
        """Whether the run ended before all people were checked."""
        return self.checked < self.people

    @property
    def passed(self) -> bool:
        """Whether nobody would be refused, nor overwrite somebody else."""
        return not self.failing


class Difference(NamedTuple):
    """A finding, and how it differs from the last run; ``people`` is how many it has now."""

    finding: Finding
    people: int
    fixed: int
    new: int


def compare(before: Report, after: Report) -> list[Difference]:
    """Return the findings of both runs with how many people were fixed, and how many are new.

    Those that are gone altogether come last, with what they were.
    """
    earlier = {finding.key: set(finding.people) for finding in before.findings}
    differences = []
    for finding in after.findings:
        now = set(finding.people)
        then = earlier.pop(finding.key, set())
        differences.append(Difference(finding, len(now), len(then - now), len(now - then)))
    gone = [finding for finding in before.findings if finding.key in earlier]
    return differences + [Difference(finding, 0, len(finding.people), 0) for finding in gone]


class Case(NamedTuple):
    """A rule that one person breaks.

    ``cause`` tells apart what the rule finds; ``value`` and ``advice`` fill the rule's texts and
    are the same for all of a cause; ``example`` may tell of the person.
    """

    rule: Rule
    variable: str = ""
    cause: str = ""
    value: str = ""
    advice: str = ""
    example: str = ""


@dataclass(slots=True)
class _Group:
    case: Case
    people: list[str] = field(default_factory=list)


class Findings:
    """Collects cases and groups them by their causes."""

    def __init__(self, titles: Mapping[str, str], mapping_of: Callable[[str], str]) -> None:
        """``titles`` are by variable; ``mapping_of`` says what is mapped to a variable."""
        self._groups: dict[tuple[str, str, str], _Group] = {}
        self._titles = titles
        self._mapping_of = mapping_of

    def add(self, person_id: str, case: Case) -> None:
        """Add a person to the others of the same cause."""
        key = (case.rule.id, case.variable, case.cause)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST_CAUSES:
                case = case._replace(variable="", cause="other")
                key = (case.rule.id, "", "other")
            group = self._groups.setdefault(key, _Group(case))
        group.people.append(person_id)

    @property
    def failing(self) -> set[str]:
        """The ids of the people who have an error."""
        return {
            person
            for group in self._groups.values()
            if group.case.rule.severity is Severity.ERROR
            for person in group.people
        }

    def sorted(self) -> tuple[Finding, ...]:
        """Return the findings, the worst first, then by number of people."""
        worst = list(Severity)
        findings = [self._finding(group) for group in self._groups.values()]
        findings.sort(key=lambda f: (worst.index(f.severity), -len(f.people), f.key))
        return tuple(findings)

    def _finding(self, group: _Group) -> Finding:
        case = group.case
        title = self._titles.get(case.variable, "")

        def filled(template: str) -> str:
            return template.format(
                variable=case.variable, title=title, value=case.value, advice=case.advice
            ).strip()

        return Finding(
            rule=case.rule.id,
            severity=case.rule.severity,
            variable=case.variable,
            cause=case.cause,
            text=filled(case.rule.sentence),
            cure=filled(case.rule.cure),
            mapping=self._mapping_of(case.variable) if case.variable else "",
            example=case.example,
            people=tuple(group.people),
        )


def report_json(report: Report) -> Json:
    """Return a report as JSON."""
    return {
        "people": report.people,
        "checked": report.checked,
        "failing": report.failing,
        "outcomes": dict(report.outcomes),
        "findings": [finding_json(finding) for finding in report.findings],
    }


def finding_json(finding: Finding) -> Json:
    """Return a finding as JSON."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "attribute": finding.variable,
        "cause": finding.cause,
        "text": finding.text,
        "cure": finding.cure,
        "mapping": finding.mapping,
        "example": finding.example,
        "count": len(finding.people),
        "people": list(finding.people),
    }


def report_from_json(document: Mapping[str, Any]) -> Report:
    """Return a report from what ``report_json`` made of it."""
    findings: Sequence[Mapping[str, Any]] = document["findings"]
    return Report(
        people=document["people"],
        checked=document["checked"],
        failing=document["failing"],
        outcomes=document["outcomes"],
        findings=tuple(
            Finding(
                rule=each["rule"],
                severity=Severity(each["severity"]),
                variable=each["attribute"],
                cause=each["cause"],
                text=each["text"],
                cure=each["cure"],
                mapping=each["mapping"],
                example=each["example"],
                people=tuple(each["people"]),
            )
            for each in findings
        ),
    )
