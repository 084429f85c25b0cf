"""One person through all mappings: the values, the bodies, and what Blink would do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.evaluation import AppUser, CompiledMappings, Problem
from server.okta.mapping.external_names import Json
from server.okta.mapping.findings import Case
from server.okta.mapping.payload import BodyLayout, create_body, update_body
from server.okta.mapping.person_checks import PersonChecks
from server.okta.mapping.receiver import Assignment, Receiver, assign
from server.okta.mapping.rows import ApplyOn, mapping_text
from server.okta.people import Person, Population


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """An attribute as the preview shows it; ``apply_on`` is None for "Not mapped"."""

    attribute: AppAttribute
    mapping: str
    apply_on: ApplyOn | None
    value: Any
    problem: Problem | None

    @property
    def text(self) -> str:
        """The value as Okta's preview shows it, "" for "Not mapped" and where there is none."""
        return "" if self.apply_on is None or self.problem else value_text(self.value)


class Preview:
    """What the mappings make of a person; the parts are made when they are asked for."""

    def __init__(
        self, compiled: CompiledMappings, population: Population, person: Person, receiver: Receiver
    ) -> None:
        self.person = person
        self.app_user: AppUser = compiled.app_user(population.context(person))
        self._compiled = compiled
        self._receiver = receiver
        self._layout = BodyLayout(compiled.mappings.attributes)

    @property
    def lines(self) -> list[PreviewLine]:
        """The attributes in Okta's order."""
        return [self._line(attribute) for attribute, _ in self._compiled.mappings.in_okta_order()]

    @property
    def create_body(self) -> Json:
        """The body of the POST that would create the user."""
        return create_body(self._layout, self.app_user.values, self.person.id)

    @cached_property
    def assignment(self) -> Assignment | None:
        """What assigning the app would send and do; None when there is no username to send."""
        if USER_NAME in self.app_user.problems:
            return None
        return assign(self._receiver, self._layout, self.app_user, self.person.id)

    @property
    def update_body(self) -> Json:
        """The body of the next PUT, over what Blink would hold after the assignment."""
        assignment = self.assignment
        held = {} if assignment is None else assignment.found or dict(assignment.verdict.after)
        return update_body(self._layout, self.app_user.values, held, self.person.id)

    @property
    def cases(self) -> Iterator[Case]:
        """What is to be found about the person, as the preflight would."""
        checks = PersonChecks(self._compiled)
        yield from checks.of_problems(self.app_user.problems)
        if self.assignment is not None:
            yield from checks.of_verdict(self.assignment.verdict)

    @property
    def passed(self) -> bool:
        """Whether Okta would send it and Blink accept it."""
        assignment = self.assignment
        return (
            not self.app_user.problems
            and assignment is not None
            and assignment.verdict.outcome != "refused"
        )

    def _line(self, attribute: AppAttribute) -> PreviewLine:
        variable = attribute.variable
        row = self._compiled.by_variable.get(variable)
        return PreviewLine(
            attribute,
            mapping_text(self._compiled.mappings, variable),
            row.apply_on if row else None,
            self.app_user.values.get(variable),
            self.app_user.problems.get(variable),
        )


def value_text(value: Any) -> str:
    """Return a value as Okta's preview shows it: texts in double quotes, and null."""
    if isinstance(value, str):
        return f'"{value}"'
    return json.dumps(value, ensure_ascii=False)


def outcome_text(assignment: Assignment) -> str:
    """Return what Blink would do, in one or two sentences."""
    verdict = assignment.verdict
    if verdict.outcome == "refused":
        kind = verdict.error.get("scimType")
        named = f"{verdict.status} {kind}" if kind else str(verdict.status)
        return f"Blink would refuse it ({named}): {verdict.detail}"
    if verdict.outcome == "linked":
        how = " ".join(r.text for r in verdict.remarks if r.code == "account-linked")
        return f"Blink would link it to the account {verdict.account_id}. {how}".strip()
    if verdict.outcome == "updated":
        return (
            f"Okta would find the user {verdict.account_id} by its userName and update it: "
            f"{_counted(len(verdict.changes), 'attribute')} would change."
        )
    if verdict.outcome == "unchanged":
        return (
            f"Okta would find the user {verdict.account_id} by its userName; nothing would change."
        )
    return "Blink would create the user."


def preview_text(preview: Preview) -> str:
    """Return the body that Okta would send and what Blink would do, for a terminal."""
    assignment = preview.assignment
    if assignment is None:
        problem = preview.app_user.problems[USER_NAME]
        return f"Okta would send nothing: {problem.text}. {problem.cure}".strip()
    body = json.dumps(assignment.body, indent=2, ensure_ascii=False)
    lines = [f"{assignment.method} {body}", "", outcome_text(assignment)]
    if preview.app_user.problems:
        names = ", ".join(preview.app_user.problems)
        lines.insert(2, f"Okta would not send it, because of {names}; if it did:")
    if assignment.verdict.outcome in ("linked", "updated"):
        lines += [
            f"  {change.path}: {value_text(change.before)} -> {value_text(change.after)}"
            for change in assignment.verdict.changes
        ]
    lines += [f"Note: {remark.text}" for remark in assignment.verdict.remarks]
    return "\n".join(lines)


def preview_json(preview: Preview) -> Json:
    """Return a preview as JSON."""
    assignment = preview.assignment
    return {
        "person": {
            "id": preview.person.id,
            "name": preview.person.name,
            "login": preview.person.login,
        },
        "attributes": [_line_json(line) for line in preview.lines],
        "method": assignment.method if assignment else None,
        "body": assignment.body if assignment else preview.create_body,
        "blink": _assignment_json(assignment) if assignment else None,
        "passed": preview.passed,
    }


def _line_json(line: PreviewLine) -> Json:
    problem = line.problem
    return {
        "variable": line.attribute.variable,
        "title": line.attribute.title,
        "mapping": line.mapping,
        "applyOn": line.apply_on.value if line.apply_on else None,
        "value": line.value,
        "error": problem.text if problem else None,
        "cure": (problem.cure or None) if problem else None,
    }


def _assignment_json(assignment: Assignment) -> Json:
    verdict = assignment.verdict
    return {
        "outcome": verdict.outcome,
        "text": outcome_text(assignment),
        "status": verdict.status,
        "scimType": verdict.error.get("scimType"),
        "detail": verdict.detail or None,
        "account": verdict.account_id or None,
        "remarks": [{"code": remark.code, "text": remark.text} for remark in verdict.remarks],
        "changes": [
            {"attribute": change.path, "before": change.before, "after": change.after}
            for change in verdict.changes
        ],
    }


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
