"""From a person's Okta profile to the app user: mappings, compiled and applied."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from server.okta.expressions import Context, ExpressionError, compile_expression
from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.clearing import after_update, is_left_out_of_create
from server.okta.mapping.rows import ApplyOn, MappingRow, MappingSet, ValueKind
from server.okta.mapping.target_types import (
    DoesNotFit,
    Rule,
    Value,
    constant_value,
    error_text,
    rule_for,
)
from server.okta.mapping.username import username_expression

ProblemKind: TypeAlias = Literal[
    "syntax", "property", "function", "evaluation", "limit", "type", "required"
]

_Evaluate: TypeAlias = Callable[[Context], Value]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an attribute has no value that Okta could send.

    ``text`` is what Okta shows, ``cure`` our advice or "". ``position`` and ``length`` say where
    in the expression, where that is known.
    """

    variable: str
    kind: ProblemKind
    text: str
    cure: str = ""
    position: int | None = None
    length: int = 0


class Failed(Exception):
    """A row gave no value; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class AppUser:
    """What the app profile of one person holds.

    ``values`` are by variable; None stands for a value that was never set. ``problems`` are by
    variable, too: with one of them Okta does not provision the person.
    """

    values: Mapping[str, Value]
    problems: Mapping[str, Problem]

    @property
    def user_name(self) -> str:
        """The app username, "" when there is none."""
        return str(self.values.get(USER_NAME) or "")


@dataclass(frozen=True, slots=True)
class CompiledRow:
    """A row that is ready to be evaluated for people; usable in every thread.

    ``problem`` is what is wrong with the row whoever the person is, ``reads`` are the Okta
    attributes that it reads; a ``constant`` one gives everybody the same value.
    """

    attribute: AppAttribute
    apply_on: ApplyOn
    evaluate: _Evaluate
    problem: Problem | None = None
    reads: frozenset[str] = frozenset()
    constant: bool = False

    def value(self, context: Context) -> Value:
        """Return the value for a person, which fits its attribute; raises ``Failed``."""
        variable = self.attribute.variable
        try:
            value = self.evaluate(context)
        except ExpressionError as error:
            raise Failed(_expression_problem(variable, error)) from None
        except DoesNotFit as error:
            raise Failed(Problem(variable, "type", error_text(variable), str(error))) from None
        if self.attribute.required and is_left_out_of_create(value):
            raise Failed(missing(self.attribute))
        return value


class CompiledMappings:
    """A mapping set that is ready to be applied to people; usable in every thread."""

    def __init__(self, mappings: MappingSet, rows: tuple[CompiledRow, ...]) -> None:
        self.mappings = mappings
        self.rows = rows
        self.by_variable: Mapping[str, CompiledRow] = {row.attribute.variable: row for row in rows}
        self._missing = {
            attribute.variable: missing(attribute)
            for attribute in mappings.attributes
            if attribute.required and attribute.variable not in self.by_variable
        }

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the rows whoever the person is."""
        return [row.problem for row in self.rows if row.problem]

    def app_user(self, context: Context) -> AppUser:
        """Return the app profile that an assignment of the app makes for a person."""
        values: dict[str, Value] = {}
        problems = dict(self._missing)
        for row in self.rows:
            try:
                values[row.attribute.variable] = row.value(context)
            except Failed as failed:
                problems[row.attribute.variable] = failed.problem
        return AppUser(values, problems)

    def refreshed(self, held: AppUser, context: Context) -> AppUser:
        """Return the app profile after a change of the person's Okta profile.

        Rows to apply on create alone, and attributes that are not mapped, keep what the profile
        holds, which Okta pushes all the same; so does a row whose expression fails.
        """
        values = dict(held.values)
        problems: dict[str, Problem] = {}
        for row in self.rows:
            if row.apply_on is ApplyOn.CREATE:
                continue
            variable = row.attribute.variable
            try:
                values[variable] = after_update(values.get(variable), row.value(context))
            except Failed as failed:
                problems[variable] = failed.problem
        return AppUser(values, problems)


def compile_mappings(mappings: MappingSet, names: Container[str] | None) -> CompiledMappings:
    """Compile a mapping set; ``names`` are those of the Okta profile's attributes.

    Raises nothing: what is wrong with a row is its ``problem``, and that of each app user.
    """
    rows = mappings.by_variable
    compiled = []
    for attribute in mappings.attributes:
        row = rows.get(attribute.variable)
        if attribute.variable == USER_NAME:
            row = username_row(mappings)
        if row is not None:
            compiled.append(
                compile_row(attribute, row, names, numbers_as_text=mappings.numbers_as_text)
            )
    return CompiledMappings(mappings, tuple(compiled))


def username_row(mappings: MappingSet) -> MappingRow | None:
    """Return the first row of Okta's page, which is made by the username format."""
    expression = username_expression(mappings.username)
    if expression is None:
        return None
    return MappingRow(USER_NAME, ValueKind.EXPRESSION, expression, mappings.username.apply_on)


def compile_row(
    attribute: AppAttribute,
    row: MappingRow,
    names: Container[str] | None,
    *,
    numbers_as_text: bool = False,
) -> CompiledRow:
    """Compile one row for its attribute (``rule_for``)."""
    rule = rule_for(attribute, numbers_as_text=numbers_as_text)
    try:
        if row.kind is ValueKind.SAME:
            constant = rule(constant_value(attribute, row.text))
            return CompiledRow(attribute, row.apply_on, lambda context: constant, constant=True)
        text = f"user.{row.text}" if row.kind is ValueKind.PROFILE else row.text
        expression = compile_expression(text, names)
    except DoesNotFit as error:
        text = error_text(attribute.variable)
        return _broken(attribute, row, Problem(attribute.variable, "type", text, str(error)))
    except ExpressionError as error:
        return _broken(attribute, row, _expression_problem(attribute.variable, error))
    name = _PLAIN.get(text) or (row.text if row.kind is ValueKind.PROFILE else "")
    evaluate = (
        _reads(name, rule) if name and names is not None else _runs(expression.evaluate, rule)
    )
    return CompiledRow(
        attribute, row.apply_on, evaluate, None, expression.references, expression.constant
    )


def missing(attribute: AppAttribute) -> Problem:
    """Return the problem of a required attribute without a value; the wording is ours."""
    return Problem(
        attribute.variable,
        "required",
        f"Required attribute {attribute.variable} has no value",
        _MISSING_CURE,
    )


_MISSING_CURE = "Map the attribute to something that each person has, or give the person a value."

_PLAIN: Mapping[str, str] = {"user.login": "login", "user.email": "email"}
"""Username formats that only read an attribute."""


def _broken(attribute: AppAttribute, row: MappingRow, problem: Problem) -> CompiledRow:
    def fail(context: Context) -> Value:
        raise Failed(problem)

    return CompiledRow(attribute, row.apply_on, fail, problem)


def _reads(name: str, rule: Rule) -> _Evaluate:
    """Read an attribute without the detour through an expression: three rows of four are such."""

    def evaluate(context: Context) -> Value:
        value = context.profile.get(name)
        return None if value is None else rule(value)

    return evaluate


def _runs(result: _Evaluate, rule: Rule) -> _Evaluate:
    def evaluate(context: Context) -> Value:
        value = result(context)
        return None if value is None else rule(value)

    return evaluate


def _expression_problem(variable: str, error: ExpressionError) -> Problem:
    return Problem(variable, error.kind, error.text, error.suggestion, error.position, error.length)
