"""Which texts a filter looked for, to mark them in the calls that it found."""

from collections.abc import Iterator

from server.calls.filters import Filter
from server.calls.filters.tree import And, Or, Pattern, Term

SHORTEST = 2
"""Shorter texts would mark half of a body."""


def looked_for(condition: Filter | None) -> list[str]:
    """Return the texts that a call was to have; what it was not to have is left out."""
    return list(dict.fromkeys(text for text in _texts(condition) if len(text) >= SHORTEST))


def _texts(condition: Filter | None) -> Iterator[str]:
    match condition:
        case And(terms) | Or(terms):
            for term in terms:
                yield from _texts(term)
        case Term(_, Pattern(parts)):
            yield from parts
        case _:
            return
