"""Finding a text in another one. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST = 10_000
"""So many places are found at most; one letter in a megabyte has more."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Where a text was found: offsets in rising order, each of ``length`` characters."""

    places: Sequence[int] = ()
    length: int = 0
    more: bool = False

    def at_or_after(self, offset: int) -> int:
        """Return the number of the first match from an offset on; behind the last, the first."""
        number = bisect_left(self.places, offset)
        return number if number < len(self.places) else 0

    def within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield number and offset of the matches that touch a part of the text."""
        number = bisect_left(self.places, start - self.length + 1)
        while number < len(self.places) and self.places[number] < end:
            yield number, self.places[number]
            number += 1

    def words(self, current: int) -> str:
        """Return "3 of 12" for a match by its number."""
        if not self.places:
            return "no match"
        return f"{current + 1:,} of {len(self.places):,}{'+' if self.more else ''}"


def find(text: str, wanted: str) -> Matches:
    """Return where a text is in another one, large and small letters alike."""
    if not wanted:
        return Matches()
    places: list[int] = []
    for match in re.finditer(re.escape(wanted), text, re.IGNORECASE):
        if len(places) == MOST:
            return Matches(places, len(wanted), more=True)
        places.append(match.start())
    return Matches(places, len(wanted))
