"""Two texts beside each other: which lines belong together and which words differ. Pure."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, TypeAlias

MOST_LINES = 20_000
"""So many lines of each text are compared: a second's work."""

MOST_WORDS = 400
"""In longer lines only the beginning and the end that are alike are left unmarked."""

MOST_PAIRS = 40_000
"""Where more lines than this times that were replaced, they are paired in their order."""

Kind: TypeAlias = Literal["same", "changed", "added", "removed"]
Part: TypeAlias = tuple[int, int]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Half:
    """A line of one text: its number from 0, or None for a gap, and the parts that differ."""

    number: int | None
    text: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stand beside each other."""

    kind: Kind
    left: Half
    right: Half


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows, and for each difference its first row and the one behind its last."""

    rows: tuple[Row, ...] = ()
    differences: tuple[tuple[int, int], ...] = ()
    cut: bool = False


def compare(
    left: Sequence[str], right: Sequence[str], key: Callable[[str], str] = str
) -> Comparison:
    """Lay two texts beside each other; lines with the same ``key`` are the same."""
    cut = max(len(left), len(right)) > MOST_LINES
    left, right = left[:MOST_LINES], right[:MOST_LINES]
    keys, other_keys = [key(line) for line in left], [key(line) for line in right]
    rows = tuple(_Texts(left, right, keys, other_keys).rows())
    differences = []
    first: int | None = None
    for number, row in enumerate(rows):
        if row.kind != "same" and first is None:
            first = number
        elif row.kind == "same" and first is not None:
            differences.append((first, number))
            first = None
    if first is not None:
        differences.append((first, len(rows)))
    return Comparison(rows, tuple(differences), cut)


def without_comma(line: str) -> str:
    """Return a line of JSON as it compares: the comma behind it says only that more follows."""
    return line.removesuffix(",")


@dataclass(frozen=True, slots=True)
class _Texts:
    """Lines and what they are compared by."""

    left: Sequence[str]
    right: Sequence[str]
    keys: Sequence[str]
    other_keys: Sequence[str]

    def rows(self) -> Iterator[Row]:
        for one, other in _gaps(self.keys, self.other_keys):
            keys = self.keys[one.start : one.stop]
            other_keys = self.other_keys[other.start : other.stop]
            for tag, i1, i2, j1, j2 in SequenceMatcher(None, keys, other_keys).get_opcodes():
                if tag == "equal":
                    for i, j in zip(one[i1:i2], other[j1:j2], strict=True):
                        yield self.pair(i, j)
                else:
                    yield from self.replaced(one[i1:i2], other[j1:j2])

    def replaced(self, one: range, other: range) -> Iterator[Row]:
        """Pair lines that begin alike (the same member), then what is left in its order."""
        if len(one) * len(other) > MOST_PAIRS:
            yield from (self.pair(i, j) for i, j in zip_longest(one, other))
            return
        heads = [_head(self.left[i]) for i in one]
        other_heads = [_head(self.right[j]) for j in other]
        matcher = SequenceMatcher(None, heads, other_heads, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            unlike = heads[i1:i2] + other_heads[j1:j2] if tag == "replace" else []
            if any(":" in head for head in unlike):
                # Other members: none of them became one of the others.
                yield from (self.pair(i, None) for i in one[i1:i2])
                yield from (self.pair(None, j) for j in other[j1:j2])
            else:
                for i, j in zip_longest(one[i1:i2], other[j1:j2]):
                    yield self.pair(i, j)

    def pair(self, i: int | None, j: int | None) -> Row:
        left = Half(None) if i is None else Half(i, self.left[i])
        right = Half(None) if j is None else Half(j, self.right[j])
        if i is None:
            return Row("added", left, right)
        if j is None:
            return Row("removed", left, right)
        if self.keys[i] == self.other_keys[j]:
            return Row("same", left, right)
        parts, other_parts = changed_parts(left.text, right.text)
        return Row("changed", replace(left, parts=parts), replace(right, parts=other_parts))


def _gaps(keys: Sequence[str], other_keys: Sequence[str]) -> Iterator[tuple[range, range]]:
    """Cut both texts at the lines that are in each of them once, as patience diff does.

    ``SequenceMatcher`` alone takes 107 s for 16,000 lines of alike users, in these pieces 0.1 s.
    """
    counts, other_counts = Counter(keys), Counter(other_keys)
    places = {key: j for j, key in enumerate(other_keys) if other_counts[key] == 1}
    anchors = [(i, places[key]) for i, key in enumerate(keys) if counts[key] == 1 and key in places]
    i = j = 0
    for next_i, next_j in _rising(anchors):
        yield range(i, next_i), range(j, next_j)
        i, j = next_i, next_j
    yield range(i, len(keys)), range(j, len(other_keys))


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of the pairs, in their order, whose second numbers rise."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_i, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        piles[pile : pile + 1] = [number]
    found = []
    number = piles[-1] if piles else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _head(line: str) -> str:
    name, colon, _value = line.partition(":")
    return name + colon


def changed_parts(left: str, right: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the parts of both lines that the other one does not have."""
    words = [match[0] for match in _WORD.finditer(left)]
    others = [match[0] for match in _WORD.finditer(right)]
    if max(len(words), len(others)) > MOST_WORDS:
        return _middles(left, right)
    starts, other_starts = _starts(words), _starts(others)
    found: list[Part] = []
    other_found: list[Part] = []
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            if i1 < i2:
                found.append((starts[i1], starts[i2]))
            if j1 < j2:
                other_found.append((other_starts[j1], other_starts[j2]))
    return tuple(found), tuple(other_found)


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _middles(left: str, right: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    shorter = min(len(left), len(right))
    start = 0
    while start < shorter and left[start] == right[start]:
        start += 1
    back = 0
    while back < shorter - start and left[-1 - back] == right[-1 - back]:
        back += 1
    ends = (len(left) - back, len(right) - back)
    one, other = (((start, end),) if start < end else () for end in ends)
    return one, other
