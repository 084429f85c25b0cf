"""Filters that are made by clicking, and what is worth saying about one."""

from server.calls.filters.fields import FIELDS, SHORTEST_IN_BODIES
from server.calls.filters.patterns import searches_bodies
from server.calls.filters.printing import print_filter
from server.calls.filters.tree import And, Filter, Not, Numbers, Or, Pattern, Term


def only(field: str, value: str | int) -> Filter:
    """Return the filter for calls with just this value; ``value`` is an id for no field.

    A field of numbers takes an int, any other a text (of ``org`` the organization's name).
    """
    if isinstance(value, int):
        return Term(field, Numbers(value, value))
    return Term(field, Pattern((value,), whole=FIELDS[field].kind != "anywhere"))


def exclude(field: str, value: str | int) -> Filter:
    """Return the filter for calls with any other value."""
    return Not(only(field, value))


def narrowed(condition: Filter | None, by: Filter) -> Filter:
    """Return the filter for calls that match both."""
    if condition is None:
        return by
    terms = condition.terms if isinstance(condition, And) else (condition,)
    return condition if by in terms else And((*terms, by))


def fields_of(condition: Filter | None) -> set[str]:
    """Return the names of the fields that a filter is about."""
    return {term.field for term in _terms(condition)}


def remarks(condition: Filter | None) -> list[str]:
    """Return sentences about what a filter does not do that one may expect."""
    found = []
    for term in _terms(condition):
        if isinstance(term.test, Pattern) and term.field == "text":
            if not searches_bodies(term.test):
                found.append(
                    f"{print_filter(term)} is shorter than {SHORTEST_IN_BODIES} characters: "
                    "it was looked for in the lines of the list, not in the bodies."
                )
        elif term.field == "header":
            found.append("header: reads every call, which takes a while in a long log.")
    return list(dict.fromkeys(found))


def _terms(condition: Filter | None) -> list[Term]:
    match condition:
        case None:
            return []
        case Term():
            return [condition]
        case Not(term):
            return _terms(term)
        case And(terms) | Or(terms):
            return [inner for term in terms for inner in _terms(term)]
