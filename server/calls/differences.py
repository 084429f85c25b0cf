"""Compares two SCIM resources attribute by attribute."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """What became of one attribute.

    ``path`` is written as in a SCIM PATCH ('emails[type eq "work"].value'). ``before`` and
    ``after`` are JSON values, None where the attribute had, or has, no value. ``note`` says in
    words what the values cannot.
    """

    path: str
    before: Any
    after: Any
    note: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[AttributeChange]:
    """Yield what differs, in the order of ``after``, then what is gone.

    Elements of a list are paired by their type, else by their value, else as the only ones left.
    """
    for name in dict.fromkeys([*after, *before]):
        yield from difference(name, before.get(name), after.get(name))


def difference(path: str, before: Any, after: Any) -> Iterator[AttributeChange]:
    """Yield what differs at a path and below it; None stands for no value."""
    if before == after:
        return
    if _is(dict, before, after):
        separator = ":" if path.lower().startswith("urn:") else "."
        for change in differences(before or {}, after or {}):
            yield AttributeChange(f"{path}{separator}{change.path}", change.before, change.after)
    elif _is(list, before, after) and all(
        isinstance(element, dict) for element in [*(before or ()), *(after or ())]
    ):
        yield from _in_lists(path, before or [], after or [])
    else:
        yield AttributeChange(path, before, after)


_Element: TypeAlias = dict[str, Any]
_Pair: TypeAlias = tuple[_Element, _Element]
"""Before and after; {} stands for none."""


def _is(kind: type, before: Any, after: Any) -> bool:
    """Say whether one is of a kind, and the other too or nothing."""
    return all(value is None or isinstance(value, kind) for value in (before, after))


def _in_lists(
    path: str, before: Sequence[_Element], after: Sequence[_Element]
) -> Iterator[AttributeChange]:
    alone = max(len(before), len(after)) == 1
    types = {key for key, count in _counted(before, after, "type").items() if count == 1}
    for old, new in _paired(before, after):
        selector, chosen_by = _selector(new or old, types, alone)
        for change in differences(_without(old, chosen_by), _without(new, chosen_by)):
            yield AttributeChange(f"{path}{selector}.{change.path}", change.before, change.after)


def _counted(before: Sequence[_Element], after: Sequence[_Element], name: str) -> Counter[str]:
    """Return how often each value of a sub-attribute stands in a list, in the fuller one."""
    return Counter(_key(e[name]) for e in before if name in e) | Counter(
        _key(e[name]) for e in after if name in e
    )


def _paired(before: Sequence[_Element], after: Sequence[_Element]) -> list[_Pair]:
    """Return the elements in pairs, in the order of ``after``, then those that are gone."""
    left = dict(enumerate(before))
    partner: dict[int, _Element] = {}
    for name in ("type", "value", "primary"):
        unique = {key for key, n in _counted(before, after, name).items() if n == 1}
        _pair_up(left, after, partner, partial(_known, name, unique))
    unpaired = [index for index in range(len(after)) if index not in partner]
    if len(left) == 1 and len(unpaired) == 1:
        partner[unpaired[0]] = left.popitem()[1]
    pairs = [(partner.get(index, {}), element) for index, element in enumerate(after)]
    return pairs + [(element, {}) for element in left.values()]


def _pair_up(
    left: dict[int, _Element],
    after: Sequence[_Element],
    partner: dict[int, _Element],
    key_of: Callable[[_Element], str | None],
) -> None:
    by_key = {key: index for index, e in left.items() if (key := key_of(e)) is not None}
    for index, element in enumerate(after):
        key = key_of(element) if index not in partner else None
        if key is not None and key in by_key:
            partner[index] = left.pop(by_key.pop(key))


def _known(name: str, unique: set[str], element: _Element) -> str | None:
    key = _key(element[name]) if element.get(name) else None
    return key if key in unique else None


def _selector(element: _Element, types: set[str], alone: bool) -> tuple[str, str]:
    """Return what picks an element in a path, and the sub-attribute that it is picked by."""
    kind = element.get("type")
    if isinstance(kind, str) and _key(kind) in types:
        return f"[type eq {json.dumps(kind, ensure_ascii=False)}]", "type"
    if alone:
        return "", ""
    if element.get("primary") is True:
        return "[primary eq true]", "primary"
    value = element.get("value")
    return f"[value eq {json.dumps(value, ensure_ascii=False, default=str)}]", ""


def _without(element: _Element, name: str) -> _Element:
    return {key: value for key, value in element.items() if key != name}


def _key(value: Any) -> str:
    return value.casefold() if isinstance(value, str) else repr(value)
