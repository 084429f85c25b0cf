"""When a text matches a pattern, and what the fields that take patterns mean by it.

Letters A to Z match in either case. Any other letter matches as it is written, and in a pattern
that is written all in small letters or all in capitals.
"""

from collections.abc import Mapping

from server.calls.filters.fields import FIELDS, SHORTEST_IN_BODIES
from server.calls.filters.tree import Pattern
from server.calls.operations import OPERATIONS


def spellings(pattern: Pattern) -> list[tuple[str, ...]]:
    """Return the parts in the letter cases that match; A to Z is left to the comparison."""
    parts = pattern.parts
    if all(part.isascii() for part in parts):
        return [parts]
    small = tuple(part.lower() for part in parts)
    capital = tuple(part.upper() for part in parts)
    return list(dict.fromkeys((parts, small, capital)))


def matches(pattern: Pattern, text: str, *, exact_case: bool = False) -> bool:
    """Say whether a text matches."""
    if pattern.anything:
        return text != ""
    if exact_case:
        return _stand_in(pattern.parts, text, pattern.whole)
    folded = _folded(text)
    return any(
        _stand_in(tuple(map(_folded, parts)), folded, pattern.whole) for parts in spellings(pattern)
    )


def searches_bodies(pattern: Pattern) -> bool:
    """Say whether a pattern of the field ``text`` is looked for in bodies, too."""
    return any(len(part) >= SHORTEST_IN_BODIES for part in pattern.parts)


def operation_codes(pattern: Pattern) -> frozenset[str]:
    """Return the operations that are meant: by their codes or, if it is none, by their titles."""
    by_code = frozenset(code for code in OPERATIONS if matches(pattern, code))
    within = Pattern(pattern.parts)
    return by_code or frozenset(
        code for code, title in OPERATIONS.items() if matches(within, title)
    )


def organization_ids(
    pattern: Pattern, organizations: Mapping[int, str]
) -> tuple[bool, frozenset[int]]:
    """Return the organizations that are meant, 0 for none; with True all but these are.

    Whose name is not known has the name "".
    """
    names = {**organizations, 0: ""}
    if matches(pattern, ""):
        return True, frozenset(id for id, name in names.items() if not matches(pattern, name))
    return False, frozenset(id for id, name in names.items() if matches(pattern, name))


def is_known(field: str, pattern: Pattern) -> bool:
    """Say whether a field may have a value that matches."""
    declared = FIELDS[field]
    if not declared.closed or declared.values is None or pattern.anything or not any(pattern.parts):
        return True
    if field == "op":
        return bool(operation_codes(pattern))
    return any(matches(pattern, value) for value in declared.values)


def _folded(text: str) -> str:
    """Return text with A to Z as small letters and nothing else changed."""
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _stand_in(parts: tuple[str, ...], text: str, whole: bool) -> bool:
    if whole and len(parts) == 1:
        return text == parts[0]
    first, last = (parts[0], parts[-1]) if whole else ("", "")
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for part in parts[1:-1] if whole else parts:
        place = text.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True
