"""Filters and sort orders as SQL over the tables of users and of groups.

A filter means the same as in ``server.scim.filters.evaluation``. What a column holds is looked up
there, through an index where there is one; the rest is looked up in the JSON document. Values are
bound; paths into the document are made of names that ``server.scim.schemas`` has checked.
"""

import sqlite3
from typing import Any, Final, NamedTuple, assert_never

from server.scim.errors import ScimError
from server.scim.filters.evaluation import comparison_key
from server.scim.filters.tree import (
    And,
    Comparison,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    ValuePath,
)
from server.scim.schemas import Attribute, BoundPath
from server.scim.times import normalised
from storage.columns import USER_COLUMNS, Columns, Rows


def compile_sql(condition: Filter, columns: Columns = USER_COLUMNS) -> tuple[str, list[Any]]:
    """Return a condition for WHERE, and its parameters in order.

    The query must select from the table of ``columns``, on a connection that ``register_functions``
    has seen.

    Raises:
        ScimError: 400 ``invalidFilter`` for a filter that nests deeper than SQLite can parse.
    """
    fragment = _compile(condition, False, _Resource(columns))
    if fragment.stack > _MAX_STACK:
        raise ScimError(
            400,
            'The filter nests "and" and "or" too deeply: write it with fewer brackets.',
            "invalidFilter",
        )
    return fragment.sql, fragment.parameters


def compile_order(path: BoundPath, descending: bool, columns: Columns = USER_COLUMNS) -> str:
    """Return terms for ORDER BY: what has no value comes last, descending first.

    ``path`` ends at the attribute whose values are compared. Of a multi-valued attribute the
    primary value counts, or else the first one (RFC 7644 3.4.2.3).
    """
    key = sort_key(path, columns)
    direction = "DESC" if descending else "ASC"
    return f"({key}) IS NULL {direction}, {key} {direction}"


def sort_key(path: BoundPath, columns: Columns = USER_COLUMNS) -> str:
    """Return the expression that a list is sorted by."""
    return columns.values.get(str(path)) or _ready(path.leaf, _sort_value(path, columns))


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the conditions call."""
    connection.create_function("scim_fold", 1, _fold, deterministic=True)
    connection.create_function("scim_time", 1, _time, deterministic=True)


def _fold(text: Any) -> Any:
    return text.casefold() if isinstance(text, str) else text


def _time(text: Any) -> Any:
    return normalised(text) or text if isinstance(text, str) else text


_MAX_STACK: Final = 76
"""SQLite before 3.46 parses with a stack of 100; 70 nested brackets around an EXISTS fit."""

_CHUNK: Final = 50
"""A chain of more terms is cut into groups: expressions may be 1000 levels deep, and each term of
a chain is one."""


class _Fragment(NamedTuple):
    """A condition; ``stack`` is how much of the parser's stack its nesting takes."""

    sql: str
    parameters: list[Any]
    stack: int = 0


class _Resource:
    """Where the values of a resource are found."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def column(self, path: BoundPath) -> str | None:
        return self.columns.values.get(str(path))

    def is_selective(self, path: BoundPath) -> bool:
        return str(path) in self.columns.selective

    def listed(self, path: str) -> str | None:
        return self.columns.lists.get(path)

    def value(self, path: BoundPath) -> str:
        names = [path.attribute.name]
        if path.urn:
            names.insert(0, path.urn)
        if path.sub_attribute and not path.attribute.multi_valued:
            names.append(path.sub_attribute.name)
        return f"json_extract({self.columns.document}, {_json_path(*names)})"

    def compared(self, path: BoundPath) -> str:
        return self.value(path)

    def elements(self, path: BoundPath) -> "_Elements":
        rows = None if path.urn else self.columns.rows.get(path.attribute.name)
        if rows is not None:
            return _Elements(path.attribute, rows)
        names = (path.urn, path.attribute.name) if path.urn else (path.attribute.name,)
        source = f"json_each({self.columns.document}, {_json_path(*names)}) AS element"
        return _Elements(path.attribute, Rows(source, "", "element.key", {}))


class _Elements(_Resource):
    """The elements of a multi-valued attribute, and where the values of one are found."""

    def __init__(self, parent: Attribute, rows: Rows) -> None:
        super().__init__(Columns(id="", document="element.value"))
        self.parent = parent
        self.rows = rows

    def value(self, path: BoundPath) -> str:
        if self.rows.parts:
            return self.rows.parts[path.attribute.name]
        if self.parent.type != "complex":
            return "element.value"
        return super().value(path)

    def compared(self, path: BoundPath) -> str:
        if self.rows.parts and path.attribute.type == "reference":
            name = f"{self.parent.name}.{path.attribute.name}"
            raise ScimError(
                400,
                f"{name} cannot be compared: it is made from the address of each request. "
                f"Filter by {self.parent.name}.value instead.",
                "invalidFilter",
            )
        return self.value(path)


def _compile(condition: Filter, negated: bool, scope: _Resource) -> _Fragment:
    """Compile a condition, or its opposite: NOT is pushed down to the leaves.

    There NULL counts as false, so that it needs no care anywhere else.
    """
    match condition:
        case Comparison():
            return _comparison(condition, negated, scope)
        case Present(path):
            return _Fragment(_presence(path, not negated, scope), [])
        case And(terms):
            return _joined(terms, "OR" if negated else "AND", negated, scope)
        case Or(terms):
            return _joined(terms, "AND" if negated else "OR", negated, scope)
        case Not(term):
            return _compile(term, not negated, scope)
        case ValuePath():
            return _value_path(condition, negated, scope)
        case _:
            assert_never(condition)


def _joined(terms: tuple[Filter, ...], word: str, negated: bool, scope: _Resource) -> _Fragment:
    return _chain([_compile(term, negated, scope) for term in terms], word)


def _chain(fragments: list[_Fragment], word: str) -> _Fragment:
    if len(fragments) > _CHUNK:
        groups = range(0, len(fragments), _CHUNK)
        return _chain([_chain(fragments[i : i + _CHUNK], word) for i in groups], word)
    # What nests deepest comes first, where it takes one place of the parser's stack, not three.
    ordered = sorted(fragments, key=lambda fragment: -fragment.stack)
    first, *others = ordered
    return _Fragment(
        "(" + f" {word} ".join(fragment.sql for fragment in ordered) + ")",
        [parameter for fragment in ordered for parameter in fragment.parameters],
        max([first.stack + 1, *(fragment.stack + 3 for fragment in others)]),
    )


def _comparison(condition: Comparison, negated: bool, scope: _Resource) -> _Fragment:
    path, operator, value = condition.path, condition.operator, condition.value
    if operator == "ne":
        return _comparison(Comparison(path, "eq", value), not negated, scope)
    if value is None or (value == "" and operator == "eq"):
        return _Fragment(_presence(path, negated, scope), [])
    if value == "" and operator in ("co", "sw", "ew"):
        return _Fragment(_presence(path, not negated, scope), [])
    column = scope.column(path)
    if column is not None:
        return _single(column, condition, negated, selective=scope.is_selective(path))
    listed = scope.listed(str(path))
    if listed is not None:
        return _in_list(listed, condition, negated, scope)
    if not path.attribute.multi_valued:
        return _single(_key(condition, scope.compared(path)), condition, negated)
    elements = scope.elements(path)
    value_sql = elements.compared(BoundPath(None, path.sub_attribute or path.attribute))
    inner = _predicate(_key(condition, value_sql), condition)
    return _exists(elements, inner, negated)


def _single(
    expression: str, condition: Comparison, negated: bool, *, selective: bool = False
) -> _Fragment:
    sql, parameters, _ = _predicate(expression, condition, selective=selective)
    return _Fragment(f"NOT ifnull({sql}, 0)" if negated else sql, parameters)


def _exists(elements: _Elements, inner: _Fragment, negated: bool) -> _Fragment:
    word = "NOT EXISTS" if negated else "EXISTS"
    rows = elements.rows
    link = f" AND {rows.link}" if rows.link else ""
    sql = " ".join((word, "(SELECT 1 FROM", rows.source, "WHERE", f"{inner.sql}{link})"))
    return _Fragment(sql, inner.parameters, inner.stack + 12)


def _in_list(query: str, condition: Comparison, negated: bool, scope: _Resource) -> _Fragment:
    sql, parameters, _ = _predicate("value", condition, selective=True)
    word = "NOT IN" if negated else "IN"
    return _Fragment(f"{scope.columns.id} {word} ({query}{sql})", parameters)


def _value_path(condition: ValuePath, negated: bool, scope: _Resource) -> _Fragment:
    path = condition.path
    elements = scope.elements(path)
    inner = _compile(condition.filter, False, elements)
    exists = _exists(elements, inner, negated)
    listed = scope.listed(f"{path}.value")
    wanted = _wanted_value(condition.filter)
    if listed is None or wanted is None or negated:
        return exists
    # An element with this value has to be there at all: that much an index can tell.
    return _chain([_in_list(listed, wanted, False, scope), exists], "AND")


def _wanted_value(condition: Filter) -> Comparison | None:
    """Return the ``value eq "x"`` that every selected element satisfies, if there is one."""
    terms = condition.terms if isinstance(condition, And) else (condition,)
    comparisons = (term for term in terms if isinstance(term, Comparison))
    return next((term for term in comparisons if _is_wanted_value(term)), None)


def _is_wanted_value(term: Comparison) -> bool:
    return term.operator == "eq" and bool(term.value) and term.path.attribute.name == "value"


def _presence(path: BoundPath, present: bool, scope: _Resource) -> str:
    column = scope.column(path)
    if column is None and path.attribute.multi_valued:
        elements = scope.elements(path)
        if path.sub_attribute or elements.rows.parts:
            part = path.sub_attribute or path.attribute.sub_attributes["value"]
            inner = _Fragment(f"{elements.value(BoundPath(None, part))} IS NOT NULL", [])
            return _exists(elements, inner, not present).sql
    expression = column or scope.value(path)
    return f"({expression}) IS {'NOT ' if present else ''}NULL"


def _predicate(expression: str, condition: Comparison, *, selective: bool = False) -> _Fragment:
    """Return ``expression operator ?``; it is NULL when the expression is."""
    operator, leaf = condition.operator, condition.path.leaf
    operand = condition.value
    if isinstance(operand, str) and not _as_text(operator, leaf):
        operand = comparison_key(leaf)(operand)
    symbol = _SYMBOLS.get(operator)
    if symbol is not None:
        compared = f"{expression} {symbol} ?"
        return _Fragment(_few(compared) if selective and operator == "eq" else compared, [operand])
    text = str(operand)
    if operator == "co":
        return _Fragment(f"(instr({expression}, ?) > 0)", [text])
    if operator == "ew":
        return _Fragment(f"(substr({expression}, ?) = ?)", [-len(text), text])
    end = _after_prefix(text)
    if selective and end is not None:
        from_, to = _few(f"{expression} >= ?"), _few(f"{expression} < ?")
        return _Fragment(f"({from_} AND {to})", [text, end])
    return _Fragment(f"(substr({expression}, 1, ?) = ?)", [len(text), text])


def _few(compared: str) -> str:
    """Tell SQLite that this is true of few rows.

    Without that it takes the index by organization, which yields the order of the list for nothing
    and reads all users.
    """
    return f"likelihood({compared}, 0.0001)"


_SYMBOLS: Final[dict[Operator, str]] = {"eq": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def _after_prefix(prefix: str) -> str | None:
    """Return the smallest text behind all that begin with a prefix, None when there is none."""
    head = prefix.rstrip("\U0010ffff")
    if not head:
        return None
    following = ord(head[-1]) + 1
    # Surrogates are no characters of a text.
    return head[:-1] + chr(0xE000 if following == 0xD800 else following)


def _key(condition: Comparison, expression: str) -> str:
    leaf = condition.path.leaf
    return expression if _as_text(condition.operator, leaf) else _ready(leaf, expression)


def _as_text(operator: Operator, leaf: Attribute) -> bool:
    """Dates are compared as texts by the operators that look for parts."""
    return leaf.type == "dateTime" and operator in ("co", "sw", "ew")


def _ready(leaf: Attribute, expression: str) -> str:
    """Return the comparison key of a value out of the document."""
    if leaf.type == "dateTime":
        return f"scim_time({expression})"
    if leaf.type == "string" and not leaf.case_exact:
        return f"scim_fold({expression})"
    return expression


def _sort_value(path: BoundPath, columns: Columns) -> str:
    scope = _Resource(columns)
    if not path.attribute.multi_valued:
        return scope.value(path)
    elements = scope.elements(path)
    value = elements.value(BoundPath(None, path.sub_attribute or path.attribute))
    primary = (
        f"json_extract(element.value, {_json_path('primary')}) IS 1 DESC, "
        if "primary" in path.attribute.sub_attributes
        else ""
    )
    rows = elements.rows
    where = f"WHERE {rows.link}" if rows.link else ""
    by = f"ORDER BY {primary}{rows.order} LIMIT 1)"
    return " ".join(("(SELECT", value, "FROM", rows.source, where, by))


def _json_path(*names: str) -> str:
    """Return a path into a document as an SQL literal; the names hold neither quote."""
    return "'$" + "".join(f'."{name}"' for name in names) + "'"
