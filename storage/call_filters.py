"""Filters of the log as SQL over the calls; they mean what ``server.calls.filters`` says.

A condition is for a query ``FROM call AS listed INDEXED BY call_list``. That index holds the short
columns of every call, so that it is read in the order of ids at ten million calls a second; what
it does not hold is looked up in ``call`` for the calls that the rest of the condition leaves, and
what is looked for in bodies first in the index of texts (``storage.call_text``).
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, assert_never

from server.calls.filters import FIELDS, Context, Field, Filter
from server.calls.filters.patterns import (
    matches,
    operation_codes,
    organization_ids,
    searches_bodies,
    spellings,
)
from server.calls.filters.times import bound
from server.calls.filters.tree import And, Not, Numbers, Or, Outcome, Pattern, Span, Term

FAILED: Final = "(status >= 400 OR status = 0)"
"""In the words of the partial index call_failure: SQLite uses it for this very condition."""

LISTED: Final = frozenset(
    (
        *("id", "at", "duration", "status", "organization_id", "method", "operation", "client"),
        *("subject", "token_label", "head_id"),
    )
)
"""The columns of the index call_list."""


class Condition(NamedTuple):
    """A condition for WHERE, and its parameters in order."""

    sql: str
    parameters: Sequence[Any] = ()


class Texts(NamedTuple):
    """The index of texts: its ``table`` with all calls asked about, and what it is asked for.

    With ``few`` only the newest calls that match are wanted: then it is asked for what call_list
    has, too. It is quicker for what is rare, but slower for counting what is frequent.
    ``beginning_with`` is ``call_text.beginning_with`` of this table.
    """

    table: str
    few: bool
    beginning_with: Callable[[str], Sequence[str] | None]


def compile_filter(condition: Filter, context: Context, texts: Texts | None = None) -> Condition:
    """Return a filter as SQL."""
    match condition:
        case And(terms):
            return _all_of(terms, context, texts)
        case Or(terms):
            return _joined([compile_filter(term, context, texts) for term in terms], "OR")
        case Not(term):
            inner = compile_filter(term, context, texts)
            return Condition(f"NOT {inner.sql}", inner.parameters)
        case Term():
            return _all_of((condition,), context, texts)
        case _:
            assert_never(condition)


def uses_texts(condition: Filter | None, *, few: bool) -> bool:
    """Say whether the index of texts is of use to a filter; ``few`` is that of ``Texts``."""
    match condition:
        case None:
            return False
        case And(terms) | Or(terms):
            return any(uses_texts(term, few=few) for term in terms)
        case Not(term):
            return uses_texts(term, few=few)
        case Term(field, Pattern() as pattern):
            return _in_texts(field, few) and all(_pieces(field, pattern))
        case _:
            return False


def _in_texts(field: str, few: bool) -> bool:
    if field in ("path", "query", "peer", "text", "remark"):
        return True
    return few and field in ("user", "token")


_ESCAPED_IN_JSON: Final = re.compile(r'[\x00-\x1f"\\\x7f]+')
_MOST_TRIGRAMS: Final = 16
NOTHING: Final = ""
"""The query that no call matches."""


def _all_of(terms: Sequence[Filter], context: Context, texts: Texts | None) -> Condition:
    """Return terms joined by AND; the index of texts is asked once for all of them."""
    found = []
    queries = []
    for term in terms:
        if not isinstance(term, Term):
            found.append(compile_filter(term, context, texts))
            continue
        found.append(_term(term, context))
        if texts and _in_texts(term.field, texts.few) and isinstance(term.test, Pattern):
            queries.append(_text_query(term.field, term.test, texts))
    if NOTHING in queries:
        return Condition("0")
    query = " AND ".join(f"({query})" for query in queries if query)
    if texts and query:
        table = texts.table
        candidates = _spaced("listed.id IN (SELECT rowid FROM", table, "WHERE", table, "MATCH ?)")
        found.insert(0, Condition(candidates, [query]))
    return _joined(found, "AND")


def _joined(conditions: Sequence[Condition], word: str) -> Condition:
    return Condition(
        f"({f' {word} '.join(condition.sql for condition in conditions)})",
        [parameter for condition in conditions for parameter in condition.parameters],
    )


def _term(term: Term, context: Context) -> Condition:
    field = FIELDS[term.field]
    match term.test:
        case Pattern() as pattern:
            return _pattern(field, pattern, context)
        case Numbers(low, high):
            limits = ((">=", low), ("<=", high))
            return _joined(
                [
                    Condition(f"listed.status {sign} ?", [limit])
                    for sign, limit in limits
                    if limit is not None
                ],
                "AND",
            )
        case Outcome(name):
            failed = FAILED.replace("status", "listed.status")
            return Condition(failed if name == "failed" else f"NOT {failed}")
        case Span(microseconds) if field.kind == "longer":
            return Condition("listed.duration >= ?", [microseconds])
        case Span(microseconds) if field.kind == "shorter":
            return Condition("listed.duration < ?", [microseconds])
        case test if field.kind == "from":
            return Condition("listed.at >= ?", [bound(test, context, end=False)])
        case test:
            return Condition("listed.at < ?", [bound(test, context, end=True)])


def _pattern(field: Field, pattern: Pattern, context: Context) -> Condition:
    match field.name:
        case "op":
            return _within("listed.operation", sorted(operation_codes(pattern)))
        case "org":
            inverted, ids = organization_ids(pattern, context.organizations)
            found = _within("ifnull(listed.organization_id, 0)", sorted(ids))
            return Condition(f"NOT {found.sql}", found.parameters) if inverted else found
        case "id":
            inner = _glob("resource_id", pattern)
            sql = _spaced("listed.id IN (SELECT id FROM call WHERE", inner.sql, ")")
            return Condition(sql, inner.parameters)
        case "marked" | "note":
            return _annotated(field.columns[0], pattern)
    if set(field.columns) <= LISTED:
        return _like(f"listed.{field.columns[0]}", pattern)
    return _in_row(field, pattern)


def _within(expression: str, values: Sequence[Any]) -> Condition:
    if len(values) == 1:
        return Condition(f"{expression} = ?", values)
    listed = json.dumps(values)
    return Condition(_spaced(expression, "IN (SELECT value FROM json_each(?))"), [listed])


def _annotated(column: str, pattern: Pattern) -> Condition:
    """Return the condition on a mark or note; that of a call without either is empty."""
    found = _like(column, pattern)
    if matches(pattern, ""):
        parts = ("NOT IN (SELECT call_id FROM annotation WHERE NOT", found.sql)
    else:
        parts = ("IN (SELECT call_id FROM annotation WHERE", found.sql)
    return Condition(_spaced("listed.id", *parts, ")"), found.parameters)


def _in_row(field: Field, pattern: Pattern) -> Condition:
    """Return the condition on columns that only the row itself has."""
    match field.name:
        case "remark":
            return _joined(
                [
                    _in_json("remarks", "json_extract(item.value, '$[0]')", pattern),
                    _in_json("remarks", "json_extract(item.value, '$[1]')", pattern),
                ],
                "OR",
            )
        case "header":
            line = "json_extract(item.value, '$[0]') || ': ' || json_extract(item.value, '$[1]')"
            return _joined([_in_json(column, line, pattern) for column in field.columns], "OR")
    found = []
    for column in field.columns:
        if not column.endswith("_body"):
            found.append(_like(f"call.{column}", pattern))
        elif searches_bodies(pattern):
            inner = _like(f"call.{column}", pattern)
            # Some builds of SQLite would look into those that are no UTF-8, too.
            typed = f"(typeof(call.{column}) = 'text' AND {inner.sql})"
            found.append(Condition(typed, inner.parameters))
    inner = _joined(found, "OR")
    sql = _spaced("EXISTS (SELECT 1 FROM call WHERE call.id = listed.id AND", inner.sql, ")")
    return Condition(sql, inner.parameters)


def _in_json(column: str, text: str, pattern: Pattern) -> Condition:
    inner = _like(f"({text})", pattern)
    source = f"FROM call, json_each(call.{column}) AS item WHERE call.id = listed.id"
    return Condition(_spaced("EXISTS (SELECT 1", source, f"AND {inner.sql})"), inner.parameters)


def _like(expression: str, pattern: Pattern) -> Condition:
    if pattern.anything:
        return Condition(f"({expression} <> '')")
    likes = []
    for parts in spellings(pattern):
        text = "%".join(map(_escaped, parts))
        likes.append(
            Condition(f"{expression} LIKE ? ESCAPE '\\'", [text if pattern.whole else f"%{text}%"])
        )
    return _joined(likes, "OR")


def _trigrams(text: str) -> list[str]:
    """Return every other three characters of a text: all would find little less, and take twice."""
    last = len(text) - 3
    return [text[at : at + 3] for at in (*range(0, last, 2), last)] if last >= 0 else []


def _spaced(*parts: str) -> str:
    """Return SQL of fixed parts; whatever a person writes is bound."""
    return " ".join(parts)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _glob(expression: str, pattern: Pattern) -> Condition:
    """Return the condition that a text matches in its letter case."""
    if pattern.anything:
        return Condition(f"{expression} <> ''")
    if len(pattern.parts) == 1:
        return Condition(f"{expression} = ?", list(pattern.parts))
    parts = (re.sub(r"[*?\[]", r"[\g<0>]", part) for part in pattern.parts)
    return Condition(f"{expression} GLOB ?", ["*".join(parts)])


def _text_query(field: str, pattern: Pattern, texts: Texts) -> str | None:
    """Return what the index of texts is asked for; None when it has no answer.

    It holds no places, only which three characters a text has: its answer holds all calls that
    match, and some that do not.
    """
    alternatives = []
    for pieces in _pieces(field, pattern):
        trigrams = [trigram for piece in pieces for trigram in _trigrams(piece)]
        if trigrams:
            unique = list(dict.fromkeys(trigrams))[:_MOST_TRIGRAMS]
            alternatives.append(" AND ".join(map(_quoted, unique)))
            continue
        query = _short_query(pieces, texts)
        if query is None:
            return None
        if query != NOTHING:
            alternatives.append(query)
    return " OR ".join(f"({alternative})" for alternative in alternatives) or NOTHING


def _short_query(pieces: Sequence[str], texts: Texts) -> str | None:
    """Return the query for pieces of one or two characters: what begins with each of them."""
    required = []
    for piece in pieces:
        small = piece.lower()
        if not piece.isascii() and small != piece.upper():
            continue  # SQLite may know other small letters than Python
        found = texts.beginning_with(small)
        if found is not None:
            required.append(" OR ".join(map(_quoted, found)))
    if NOTHING in required:
        return NOTHING
    return " AND ".join(f"({query})" for query in required) or None


def _pieces(field: str, pattern: Pattern) -> list[list[str]]:
    """Return for each spelling what stands in the texts of all calls that match."""
    return [
        [
            piece
            for part in parts
            for piece in (_ESCAPED_IN_JSON.split(part) if field == "remark" else (part,))
            if piece
        ]
        for parts in spellings(pattern)
    ]


def _quoted(trigram: str) -> str:
    return '"{}"'.format(trigram.replace('"', '""'))
