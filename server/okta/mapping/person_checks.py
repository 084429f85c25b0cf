"""What there is to say about one person whose app user was made and judged."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.evaluation import CompiledMappings, Problem, ProblemKind
from server.okta.mapping.external_names import ENTERPRISE_SCHEMA
from server.okta.mapping.findings import Case
from server.okta.mapping.receiver import Verdict
from server.okta.mapping.rules import (
    ALREADY_THERE,
    CONTACT_MISSING,
    COVERED_REMARKS,
    EXPRESSION_FAILS,
    EXPRESSION_WRONG,
    MANAGER_IS_AN_EMAIL,
    NAME_MISSING,
    NO_VALUE,
    REFUSED,
    REMARK,
    REMARK_RULES,
    VALUE_MISFIT,
    WOULD_LINK,
    Rule,
)


class PersonChecks:
    """Says what is to be found about a person; made once for a mapping set."""

    def __init__(self, compiled: CompiledMappings) -> None:
        attributes = [row.attribute for row in compiled.rows]
        self._by_place = dict(_by_place(attributes))
        self._manager = self._by_place.get("manager.value", "")

    def of_problems(self, problems: Mapping[str, Problem]) -> Iterator[Case]:
        """Say what keeps Okta from sending."""
        for variable, problem in problems.items():
            told = f"{problem.text}. {problem.cure}".strip()
            rule = _PROBLEM_RULES[problem.kind]
            # What differs between people stands in the example alone.
            value = problem.text if rule is EXPRESSION_WRONG else ""
            advice = "" if rule is EXPRESSION_FAILS else problem.cure
            yield Case(rule, variable, problem.kind, value, advice, told)

    def of_verdict(self, verdict: Verdict) -> Iterator[Case]:
        """Say what Blink's answer tells."""
        if verdict.outcome == "refused":
            variable = self.variable_of(verdict.attribute)
            what, stop, advice = verdict.cause.partition(". ")
            value = what + stop.strip()
            yield Case(REFUSED, variable, verdict.cause, value, advice, verdict.detail)
            return
        if verdict.outcome == "linked":
            example = next((r.text for r in verdict.remarks if r.code in COVERED_REMARKS), "")
            yield Case(WOULD_LINK, example=example)
        elif verdict.outcome != "created":
            yield Case(ALREADY_THERE)
        for remark in verdict.remarks:
            if remark.code in COVERED_REMARKS:
                continue
            rule = REMARK_RULES.get(remark.code, REMARK)
            variable = self.variable_of(_REMARK_PLACES.get(remark.code, ""))
            yield Case(rule, variable, remark.code, remark.text, example=remark.text)
        yield from self._of_user(verdict.after, verdict.keys)

    def variable_of(self, path: str) -> str:
        """Return the variable that is sent to a SCIM path, such as ``locale``, or ""."""
        plain = path.partition("[")[0]
        if "[" in path:
            kind = "mobile" if '"mobile"' in path else "work"
            last = path.rpartition(".")[2]
            for condition in (kind, "primary", ""):
                found = self._by_place.get(f"{plain}[{condition}].{last}")
                if found:
                    return found
        return self._by_place.get(plain, "")

    def _of_user(self, user: Mapping[str, Any], keys: Mapping[str, str]) -> Iterator[Case]:
        name = user.get("name") or {}
        if not (name.get("givenName") or name.get("familyName")):
            yield Case(NAME_MISSING)
        if "email" not in keys and "mobile" not in keys:
            yield Case(CONTACT_MISSING)
        manager = (user.get(ENTERPRISE_SCHEMA) or {}).get("manager") or {}
        if "@" in str(manager.get("value", "")):
            yield Case(MANAGER_IS_AN_EMAIL, self._manager, example=str(manager["value"]))


_PROBLEM_RULES: Final[Mapping[ProblemKind, Rule]] = {
    "syntax": EXPRESSION_WRONG,
    "property": EXPRESSION_WRONG,
    "function": EXPRESSION_WRONG,
    "evaluation": EXPRESSION_FAILS,
    "limit": EXPRESSION_FAILS,
    "type": VALUE_MISFIT,
    "required": NO_VALUE,
}

_REMARK_PLACES: Final = {
    "mobile-not-international": 'phoneNumbers[type eq "mobile"].value',
    "locale-converted": "locale",
}


def _by_place(attributes: Iterable[AppAttribute]) -> Iterator[tuple[str, str]]:
    """Yield the places of attributes, such as "emails[primary].value", with their variables."""
    for attribute in attributes:
        place = attribute.place
        if place is None:
            continue
        selector = place.selector
        if selector is None:
            yield ".".join(place.leaf), attribute.variable
        elif selector.value is not False:
            condition = str(selector.value).lower() if selector.name == "type" else selector.name
            yield f"{place.root}[{condition}].{place.last}", attribute.variable
    yield USER_NAME, USER_NAME
