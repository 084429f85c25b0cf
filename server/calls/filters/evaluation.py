"""What a filter means, evaluated on one call in memory; the store compiles the same tree to SQL.

- A call that has no organization has one with the name "", a call without a mark the mark "".
- ``status:failed`` is 400 or more, or 0, which is no answer; ``status:ok`` is the rest.
- ``slower`` takes calls that lasted as long or longer, ``faster`` the rest; ``since`` is with its
  moment, ``until`` without.
- ``remark`` looks into each remark's code and text, ``header`` at each line "Name: value" of the
  request and the answer.
- ``text`` looks into each place by itself. Bodies count from three characters on, and only those
  that are UTF-8.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias

from server.calls.call import Call
from server.calls.clients import origin
from server.calls.filters.fields import FIELDS, Field
from server.calls.filters.patterns import (
    matches,
    operation_codes,
    organization_ids,
    searches_bodies,
)
from server.calls.filters.times import bound
from server.calls.filters.tree import (
    And,
    Context,
    Filter,
    Not,
    Numbers,
    Or,
    Outcome,
    Pattern,
    Span,
    Term,
)


class Facts(Protocol):
    """What a filter can ask about a call."""

    @property
    def call(self) -> Call: ...
    @property
    def operation(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def mark(self) -> str: ...
    @property
    def note(self) -> str: ...


def evaluate(condition: Filter | None, facts: Facts, context: Context) -> bool:
    """Say whether a call matches a filter."""
    match condition:
        case None:
            return True
        case And(terms):
            return all(evaluate(term, facts, context) for term in terms)
        case Or(terms):
            return any(evaluate(term, facts, context) for term in terms)
        case Not(term):
            return not evaluate(term, facts, context)
        case Term():
            return _holds(condition, facts, context)


def is_failure(status: int) -> bool:
    """Say whether a status means that a call was refused or never answered."""
    return status >= 400 or status == 0


def _holds(term: Term, facts: Facts, context: Context) -> bool:
    field, call = FIELDS[term.field], facts.call
    match term.test:
        case Pattern() as pattern:
            return _matches(field, pattern, facts, context)
        case Numbers(low, high):
            return (low is None or call.status >= low) and (high is None or call.status <= high)
        case Outcome(name):
            return is_failure(call.status) is (name == "failed")
        case Span(microseconds) if field.kind == "longer":
            return call.duration >= microseconds
        case Span(microseconds) if field.kind == "shorter":
            return call.duration < microseconds
        case test if field.kind == "from":
            return call.at >= bound(test, context, end=False)
        case test:
            return call.at < bound(test, context, end=True)


def _matches(field: Field, pattern: Pattern, facts: Facts, context: Context) -> bool:
    match field.name:
        case "op":
            return facts.operation in operation_codes(pattern)
        case "org":
            inverted, ids = organization_ids(pattern, context.organizations)
            return ((facts.call.organization_id or 0) in ids) is not inverted
    columns = field.columns
    if field.kind == "anywhere" and not searches_bodies(pattern):
        columns = tuple(column for column in columns if not column.endswith("_body"))
    texts = (text for column in columns for text in _texts(column, facts))
    return any(matches(pattern, text, exact_case=field.exact_case) for text in texts)


def _texts(column: str, facts: Facts) -> Iterator[str]:
    """Yield the texts that a column stands for; of a whole pattern, any may be it."""
    read = _READERS.get(column)
    if read is not None:
        yield from read(facts)
        return
    value: Any = getattr(facts.call, column)
    if isinstance(value, bytes):
        try:
            yield value.decode()
        except UnicodeDecodeError:
            return
    else:
        yield str(value)


def _remarks(facts: Facts) -> Iterator[str]:
    for remark in facts.call.remarks:
        yield from remark


_Reader: TypeAlias = Callable[[Facts], Iterator[str]]
_READERS: Final[Mapping[str, _Reader]] = {
    "operation": lambda facts: iter((facts.operation,)),
    "summary": lambda facts: iter((facts.summary,)),
    "client": lambda facts: iter((origin(facts.call),)),
    "mark": lambda facts: iter((facts.mark,)),
    "note": lambda facts: iter((facts.note,)),
    "remarks": _remarks,
    "request_headers": lambda facts: (f"{n}: {v}" for n, v in facts.call.request_headers),
    "response_headers": lambda facts: (f"{n}: {v}" for n, v in facts.call.response_headers),
}
