"""All people through all mappings, and what Blink would do with each of them."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from server.okta.mapping.app_profile import USER_NAME
from server.okta.mapping.evaluation import CompiledMappings
from server.okta.mapping.findings import Case, Findings, Report
from server.okta.mapping.payload import BodyLayout
from server.okta.mapping.person_checks import PersonChecks
from server.okta.mapping.receiver import Receiver, assign
from server.okta.mapping.rows import mapping_text
from server.okta.mapping.rules import (
    EMAIL_SHARED,
    EMPLOYEE_NUMBER_SHARED,
    MOBILE_SHARED,
    NOT_ACTIVE,
    USERNAME_SHARED,
    Rule,
)
from server.okta.people import Population

STEP: Final = 250
"""People between two reports of progress, about 25 ms."""


def run(
    population: Population,
    compiled: CompiledMappings,
    receiver: Receiver,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Check everybody, nothing being written; ``progress`` is told (done, total).

    When ``cancelled`` says so, the report covers those who were checked until then. What
    ``progress`` or ``receiver`` raise goes through.
    """
    checks = PersonChecks(compiled)
    layout = BodyLayout(compiled.mappings.attributes)
    titles = {row.attribute.variable: row.attribute.title for row in compiled.rows}
    findings = Findings(titles, lambda variable: mapping_text(compiled.mappings, variable))
    shared = _Shared(findings, checks)
    outcomes: Counter[str] = Counter()
    total = len(population.people)
    done = 0
    for done, person in enumerate(population.people, 1):
        if done % STEP == 1:
            if cancelled():
                done -= 1
                break
            progress(done - 1, total)
        if person.status == _DEACTIVATED:
            findings.add(person.id, Case(NOT_ACTIVE))
            outcomes["not sent"] += 1
            continue
        app_user = compiled.app_user(population.context(person))
        for case in checks.of_problems(app_user.problems):
            findings.add(person.id, case)
        if USER_NAME in app_user.problems:
            outcomes["not sent"] += 1
            continue
        # Without the values that failed: what Blink thinks of the others is worth knowing.
        verdict = assign(receiver, layout, app_user, person.id).verdict
        outcomes["not sent" if app_user.problems else verdict.outcome] += 1
        for case in checks.of_verdict(verdict):
            findings.add(person.id, case)
        shared.add(person.id, verdict.keys)
    progress(done, total)
    return Report(total, done, dict(outcomes), findings.sorted(), len(findings.failing))


_DEACTIVATED: Final = "DEPROVISIONED"


class _Shared:
    """Finds the people who share what Blink keeps people apart by, as it compares it."""

    def __init__(self, findings: Findings, checks: PersonChecks) -> None:
        self._findings = findings
        self._kinds: list[tuple[str, Rule, str, dict[str, str]]] = [
            (name, rule, checks.variable_of(path), {}) for name, rule, path in _KEYS
        ]

    def add(self, person_id: str, keys: Mapping[str, str]) -> None:
        """Take a person's keys; the first who had one of them is found with the second."""
        for name, rule, variable, first in self._kinds:
            value = keys.get(name)
            if value is None:
                continue
            known = first.setdefault(value, person_id)
            if known is person_id:
                continue
            if known:
                self._findings.add(known, Case(rule, variable, example=value))
                first[value] = ""
            self._findings.add(person_id, Case(rule, variable, example=value))


_KEYS: Final[tuple[tuple[str, Rule, str], ...]] = (
    ("userName", USERNAME_SHARED, USER_NAME),
    ("email", EMAIL_SHARED, 'emails[type eq "work"].value'),
    ("mobile", MOBILE_SHARED, 'phoneNumbers[type eq "mobile"].value'),
    ("employeeNumber", EMPLOYEE_NUMBER_SHARED, "employeeNumber"),
)
