"""Warnings about mappings that cannot work at Blink, whoever the people are."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.evaluation import CompiledMappings, CompiledRow
from server.okta.mapping.external_names import (
    BLINK_SCHEMA,
    CORE_SCHEMA,
    ENTERPRISE_SCHEMA,
    ExternalName,
)
from server.okta.mapping.rows import ApplyOn, MappingRow, ValueKind
from server.okta.mapping.rules import (
    CONSTANT_FOR_UNIQUE,
    CREATE_ONLY_PUSHED,
    EXPRESSION_WRONG,
    EXTERNAL_NAME_INVALID,
    EXTERNAL_NAME_TWICE,
    LOCALE_UNDERSCORE,
    MANAGER_NOT_AN_ID,
    MOBILE_WITHOUT_TYPE,
    NAMES_UNMAPPED,
    NAMESPACE_MISSING,
    NAMESPACE_UNKNOWN,
    NAMESPACE_WRONG,
    REQUIRED_UNMAPPED,
    ROW_WITHOUT_ATTRIBUTE,
    Rule,
    Severity,
)


@dataclass(frozen=True, slots=True)
class LintWarning:
    """A rule that a mapping breaks; ``variable`` is the row, "" for the set as a whole."""

    rule: Rule
    variable: str
    title: str
    value: str = ""
    advice: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.rule.severity

    @property
    def text(self) -> str:
        """What is wrong, in one sentence."""
        return self._filled(self.rule.sentence)

    @property
    def cure(self) -> str:
        """What to do."""
        return self._filled(self.rule.cure)

    def _filled(self, template: str) -> str:
        return template.format(
            variable=self.variable, title=self.title, value=self.value, advice=self.advice
        ).strip()


def lint(compiled: CompiledMappings) -> list[LintWarning]:
    """Return what is wrong with a mapping set, the worst first, otherwise in profile order."""
    found = [warning for check in _CHECKS for warning in check(compiled)]
    order = {attribute.variable: n for n, attribute in enumerate(compiled.mappings.attributes)}
    worst = list(Severity)
    return sorted(found, key=lambda w: (worst.index(w.severity), order.get(w.variable, -1)))


def _mapped(
    compiled: CompiledMappings,
) -> Iterator[tuple[AppAttribute, MappingRow, CompiledRow]]:
    """The rows below the username, with their attributes."""
    rows = compiled.mappings.by_variable
    for compiled_row in compiled.rows:
        row = rows.get(compiled_row.attribute.variable)
        if row is not None and compiled_row.attribute.variable != USER_NAME:
            yield compiled_row.attribute, row, compiled_row


def _warning(rule: Rule, attribute: AppAttribute, value: str = "") -> LintWarning:
    return LintWarning(rule, attribute.variable, attribute.title, value)


def _check_rows(compiled: CompiledMappings) -> Iterator[LintWarning]:
    for problem in compiled.problems:
        attribute = compiled.by_variable[problem.variable].attribute
        yield LintWarning(
            EXPRESSION_WRONG, problem.variable, attribute.title, problem.text, problem.cure
        )
    for row in compiled.mappings.rows:
        if compiled.mappings.attribute(row.variable) is None:
            yield LintWarning(ROW_WITHOUT_ATTRIBUTE, row.variable, row.variable)


def _check_required(compiled: CompiledMappings) -> Iterator[LintWarning]:
    for attribute in compiled.mappings.attributes:
        if attribute.required and attribute.variable not in compiled.by_variable:
            yield _warning(REQUIRED_UNMAPPED, attribute)
    places = [attribute.place for attribute, _, _ in _mapped(compiled)]
    if not any(place and place.leaf in _NAMES for place in places):
        yield LintWarning(NAMES_UNMAPPED, "", "")


def _check_places(compiled: CompiledMappings) -> Iterator[LintWarning]:
    taken: dict[tuple[str, ExternalName], str] = {}
    for attribute, _, _ in _mapped(compiled):
        place = attribute.place
        urn = attribute.external_namespace
        if place is None:
            yield _warning(EXTERNAL_NAME_INVALID, attribute, f'"{attribute.external_name}"')
            continue
        home = _HOMES.get(place.root, BLINK_SCHEMA)
        if not urn:
            yield _warning(NAMESPACE_MISSING, attribute, home)
        elif urn not in (CORE_SCHEMA, ENTERPRISE_SCHEMA, BLINK_SCHEMA):
            yield _warning(NAMESPACE_UNKNOWN, attribute, urn)
        elif urn != BLINK_SCHEMA and place.root in _HOMES and urn != home:
            yield _warning(NAMESPACE_WRONG, attribute, home)
        first = taken.setdefault((urn, place), attribute.variable)
        if first != attribute.variable:
            yield _warning(EXTERNAL_NAME_TWICE, attribute, first)


def _check_phones(compiled: CompiledMappings) -> Iterator[LintWarning]:
    """The template's pair, primary and secondary phone, has no type of its own (C4)."""
    types = {
        place.selector
        for attribute, _, _ in _mapped(compiled)
        if (place := attribute.place) and place.root == "phoneNumbers" and place.last == "type"
    }
    for attribute, row, compiled_row in _mapped(compiled):
        place = attribute.place
        if place is None or place.root != "phoneNumbers" or place.last != "value":
            continue
        meant = "mobile" in attribute.variable.lower() or "mobilePhone" in compiled_row.reads
        selector = place.selector
        typed = str(selector.value).lower() if selector and selector.name == "type" else ""
        if meant and typed != "mobile" and (typed or selector not in types):
            yield _warning(MOBILE_WITHOUT_TYPE, attribute, row.shown)


def _check_values(compiled: CompiledMappings) -> Iterator[LintWarning]:
    for attribute, row, compiled_row in _mapped(compiled):
        place = attribute.place
        if place is None:
            continue
        if place.leaf == ("locale",) and _gives_underscore(row):
            yield _warning(LOCALE_UNDERSCORE, attribute, row.shown)
        if place.leaf == ("manager", "value"):
            wrong = compiled_row.reads & _NOT_IDS
            if wrong or (row.kind is ValueKind.SAME and "@" in row.text):
                yield _warning(MANAGER_NOT_AN_ID, attribute, row.shown)
        if _is_constant(compiled_row, row.text) and _is_unique(place):
            yield _warning(CONSTANT_FOR_UNIQUE, attribute, row.text)
    username = compiled.by_variable.get(USER_NAME)
    if username and _is_constant(username, compiled.mappings.username.expression):
        yield _warning(CONSTANT_FOR_UNIQUE, username.attribute)


def _check_push(compiled: CompiledMappings) -> Iterator[LintWarning]:
    for attribute, row, _ in _mapped(compiled):
        if row.apply_on is ApplyOn.CREATE and attribute.is_sent:
            yield _warning(CREATE_ONLY_PUSHED, attribute)


_Check: TypeAlias = Callable[[CompiledMappings], Iterator[LintWarning]]
_CHECKS: Final[tuple[_Check, ...]] = (
    _check_rows,
    _check_required,
    _check_places,
    _check_phones,
    _check_values,
    _check_push,
)

_NAMES: Final = (("name", "givenName"), ("name", "familyName"), ("name", "formatted"))

_NOT_IDS: Final = frozenset({"manager", "email", "secondEmail", "login", "displayName"})
"""Okta attributes that name a person, but hold no id."""

_HOMES: Final = {
    **dict.fromkeys(("company", "location", "description"), BLINK_SCHEMA),
    **dict.fromkeys(
        ("employeeNumber", "costCenter", "organization", "division", "department", "manager"),
        ENTERPRISE_SCHEMA,
    ),
    **dict.fromkeys(
        ("userName", "name", "emails", "phoneNumbers", "title", "locale", "displayName"),
        CORE_SCHEMA,
    ),
}
"""The namespaces of the attributes that Blink lists, and of a few more."""


def _is_unique(place: ExternalName) -> bool:
    """Say whether Blink tells people apart by what stands there (spec A3)."""
    if place.root == "phoneNumbers":
        mobile = place.selector is not None and str(place.selector.value).lower() == "mobile"
        return mobile and place.last == "value"
    return (place.root == "emails" and place.last == "value") or place.leaf == ("employeeNumber",)


def _gives_underscore(row: MappingRow) -> bool:
    if row.kind is ValueKind.SAME:
        return bool(re.match(r"[A-Za-z]{2,3}_", row.text))
    return row.shown.strip() == "user.locale"


def _is_constant(row: CompiledRow, text: str) -> bool:
    """Say whether a row gives everybody one value; none at all is not one."""
    return row.constant and text.strip().lower() not in ("", "null", "''", '""')
