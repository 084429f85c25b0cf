"""People tried out on mappings: values, bodies, and what Blink would do; run by jobs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from server.okta.mapping.evaluation import CompiledMappings, Problem
from server.okta.mapping.preview import Preview, outcome_text
from server.okta.mapping.receiver import Change, Receiver
from server.okta.people import Person, Population

if TYPE_CHECKING:
    from storage.people import PeopleStore

IDLE_STATUSES = {
    "SUSPENDED": "is suspended in Okta, which sends nothing for such a person",
    "DEPROVISIONED": "is deactivated in Okta, which assigns no app to such a person",
}
"""Statuses with which Okta would not provision somebody, and the words for it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would come of a person: a tone, two words, a few, a sentence, and further remarks."""

    tone: str
    short: str
    heading: str
    text: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One person through all mappings.

    ``values`` and ``problems`` are by variable. ``create`` and ``update`` are the bodies of the
    POST and of the next PUT; ``changes`` say what would differ from what Blink ``held`` (False: it
    holds nothing of the person).
    """

    person: Person
    values: Mapping[str, Any]
    problems: Mapping[str, Problem]
    create: str
    update: str
    outcome: Outcome
    held: bool
    changes: tuple[Change, ...]


def tried(
    compiled: CompiledMappings, population: Population, person: Person, receiver: Receiver
) -> Trial:
    """Try one person of a population out."""
    preview = Preview(compiled, population, person, receiver)
    assignment = preview.assignment
    verdict = assignment.verdict if assignment else None
    return Trial(
        person,
        preview.app_user.values,
        preview.app_user.problems,
        _json(preview.create_body),
        _json(preview.update_body),
        outcome_of(preview),
        bool(verdict and verdict.account_id),
        tuple(verdict.changes) if verdict and verdict.outcome != "refused" else (),
    )


def outcome_of(preview: Preview) -> Outcome:
    """Return what would come of a person, in words."""
    person, assignment = preview.person, preview.assignment
    if preview.app_user.problems:
        variable, problem = next(iter(preview.app_user.problems.items()))
        more = len(preview.app_user.problems) - 1
        others = f" (and {more} more)" if more else ""
        text = f"{variable}{others}: {problem.text}. {problem.cure}".strip()
        return Outcome("danger", "Not sent", "Okta would send nothing", text)
    if assignment is None:
        return Outcome(
            "danger", "Not sent", "Okta would send nothing", "There is no username to send."
        )
    verdict = assignment.verdict
    remarks = tuple(r.text for r in verdict.remarks if r.code != "account-linked")
    if verdict.outcome == "refused":
        kind = verdict.error.get("scimType")
        named = f"{verdict.status} {kind}" if kind else str(verdict.status)
        return Outcome(
            "danger", f"Refused: {named}", f"Blink would refuse: {named}", verdict.detail
        )
    if person.status in IDLE_STATUSES:
        text = (
            f"{person.name} {IDLE_STATUSES[person.status]}. Otherwise: {outcome_text(assignment)}"
        )
        return Outcome("neutral", "Not sent", "Okta would send nothing", text, remarks)
    tone, short, heading = _HEADINGS[verdict.outcome]
    text = outcome_text(assignment)
    return Outcome(tone, short, heading, "" if text == f"{heading}." else text, remarks)


_HEADINGS = {
    "created": ("success", "Created", "Blink would create the user"),
    "linked": ("accent", "Linked", "Blink would link an account"),
    "updated": ("accent", "Updated", "Already at Blink: would update"),
    "unchanged": ("success", "Unchanged", "Already at Blink: no change"),
}
"""Tone, short and longer words of what is accepted."""


def around(people: "PeopleStore", organization_id: int, persons: Sequence[Person]) -> Population:
    """Return persons together with those whom their expressions can reach.

    These are found one by one: loading 100,000 people for the sake of one takes seconds.
    """
    found = {person.id: person for person in persons}
    for person in persons:
        named = (person.manager_id, person.assistant_id, *person.linked.values())
        for each in named:
            if each and each not in found and (other := people.get(organization_id, each)):
                found[other.id] = other
        if person.manager_id is None:
            for other in _called(people, organization_id, person.profile.get("managerId")):
                found.setdefault(other.id, other)
    return Population(people.schema(organization_id), list(found.values()))


def _called(people: "PeopleStore", organization_id: int, named: object) -> list[Person]:
    """Return who may be meant by a manager's id, employee number, login or email address."""
    text = str(named or "").strip()
    if not text:
        return []
    if by_id := people.get(organization_id, text):
        return [by_id]
    listed = people.page(organization_id, text, limit=20).people
    names = ("employeeNumber", "login", "email")
    return [
        person
        for person in listed
        if any(
            str(person.profile.get(name, "")).strip().casefold() == text.casefold()
            for name in names
        )
    ]


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)
