"""Joda-Time's patterns read the other way: text to time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, NoReturn

from server.okta.expressions.errors import failure
from server.okta.expressions.inferred import TWO_DIGIT_YEAR_PIVOT
from server.okta.expressions.joda import DAYS, MONTHS, Piece, pieces_of
from server.okta.expressions.zones import fixed, zone_of

MOST_DIGITS: Final = {
    "w": 2, "e": 1, "D": 3, "M": 2, "d": 2, "K": 2, "h": 2, "H": 2, "k": 2, "m": 2, "s": 2,
}  # fmt: skip
"""How many digits are read at most, however often the letter is written."""

ZONE_NAMES: Final = {
    "UTC": "UTC", "UT": "UTC", "GMT": "UTC", "EST": "EST", "EDT": "EST", "CST": "CST",
    "CDT": "CST", "MST": "MST", "MDT": "MST", "PST": "PST", "PDT": "PST",
}  # fmt: skip
"""Names of zones that Joda reads for ``z``, as ids."""

ISO: Final = re.compile(
    r"(?P<y>[0-9]{4})(?:-(?P<M>[0-9]{1,2})(?:-(?P<d>[0-9]{1,2}))?)?"
    r"(?:T(?:(?P<H>[0-9]{1,2})(?::(?P<m>[0-9]{1,2})(?::(?P<s>[0-9]{1,2})"
    r"(?:[.,](?P<S>[0-9]{1,9}))?)?)?)?"
    r"(?P<Z>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)

_OFFSET: Final = re.compile(r"([+-])([01][0-9]|2[0-3]):?([0-5][0-9])?")
_ZONE_ID: Final = re.compile(r"[A-Za-z0-9_+\-/]+")


def parsed_iso(text: str) -> datetime:
    """Return the time of an ISO text; without a zone it is UTC.

    Raises:
        ExpressionError: The text is no ISO time.
    """
    found = ISO.fullmatch(text.strip())
    if not found:
        refuse(text, 0)
    zone: tzinfo = UTC
    if found["Z"] and found["Z"] != "Z":
        zone = zone_of(found["Z"]) or refuse(text, found.start("Z"))
    values = {letter: int(found[letter]) for letter in "yMdHms" if found[letter]}
    return assembled(text, values, (found["S"] or "").ljust(6, "0")[:6], zone)


def parsed(text: str, pattern: str, now: datetime) -> datetime:
    """Return the time that a text in a pattern means; without a zone it is UTC.

    ``now`` decides which century two digits of a year belong to.

    Raises:
        ExpressionError: The text does not fit, or the pattern is wrong.
    """
    pieces = pieces_of(pattern)
    reader = _Reader(text, now)
    for number, piece in enumerate(pieces):
        following = pieces[number + 1] if number + 1 < len(pieces) else Piece("", 0)
        reader.read(piece, following)
    if reader.position != len(text):
        refuse(text, reader.position)
    return assembled(text, reader.values, reader.fraction, reader.zone)


def refuse(text: str, position: int) -> NoReturn:
    """Raise Joda's error for a text that does not fit."""
    shown = text[:80]
    at = f' is malformed at "{text[position:][:80]}"' if 0 < position < len(text) else ""
    raise failure(f'Invalid format: "{shown}"{at}', "The text has to fit the pattern.")


@dataclass(slots=True)
class _Reader:
    """Reads a text piece by piece; ``values`` holds what was read by pattern letter."""

    text: str
    now: datetime
    position: int = 0
    values: dict[str, int] = field(default_factory=dict)
    fraction: str = "000000"
    zone: tzinfo = UTC

    def read(self, piece: Piece, following: Piece) -> None:
        """Read what belongs to one piece."""
        match piece.letter:
            case "":
                if not self.text.lower().startswith(piece.text.lower(), self.position):
                    refuse(self.text, self.position)
                self.position += len(piece.text)
            case "y" | "Y" | "x":
                letter = "x" if piece.letter == "x" else "y"
                self.values[letter] = self.year(piece, following)
            case "S":
                digits = self.digits(piece.repeated)
                self.fraction = digits.ljust(6, "0")[:6]
            case "E":
                self.values["e"] = self.named(DAYS)
            case "M" if piece.repeated > 2:
                self.values["M"] = self.named(MONTHS)
            case "a":
                self.values["a"] = self.one_of({"am": 0, "pm": 1})
            case "G":
                if not self.one_of({"ad": 1, "ce": 1, "bc": 0}):
                    refuse(self.text, self.position)
            case "Z" | "z":
                self.zone = self.read_zone(piece)
            case "C":
                self.values["C"] = int(self.digits(piece.repeated))
            case letter:
                self.values[letter] = int(self.digits(MOST_DIGITS[letter]))

    def digits(self, most: int) -> str:
        """Read up to so many digits, at least one."""
        found = re.compile(f"[0-9]{{1,{most}}}").match(self.text, self.position)
        if not found:
            refuse(self.text, self.position)
        self.position = found.end()
        return found[0]

    def year(self, piece: Piece, following: Piece) -> int:
        """Read a year; exactly two digits for two letters mean the one near to now."""
        start = self.position
        if piece.repeated == 2:
            year = int(self.digits(2 if following.numeric else 9))
            if self.position - start != 2:
                return year
            pivot = self.now.isocalendar().year - TWO_DIGIT_YEAR_PIVOT
            low = pivot - 50
            return low + (year - low) % 100
        return int(self.digits(piece.repeated if following.numeric else 9))

    def named(self, names: tuple[str, ...]) -> int:
        """Read a name, whole or its first three characters, and return its number from 1."""
        known = {name[:3].lower(): number for number, name in enumerate(names, 1)}
        known |= {name.lower(): number for number, name in enumerate(names, 1)}
        return self.one_of(known)

    def one_of(self, known: Mapping[str, int]) -> int:
        """Read the longest of the known texts, in any letter case."""
        rest = self.text[self.position : self.position + 12].lower()
        fitting = [name for name in known if rest.startswith(name)]
        if not fitting:
            refuse(self.text, self.position)
        longest = max(fitting, key=len)
        self.position += len(longest)
        return known[longest]

    def read_zone(self, piece: Piece) -> tzinfo:
        """Read an offset, the id of a zone, or for ``z`` one of the names that Joda knows."""
        if piece.letter == "Z" and piece.repeated <= 2:
            if self.text[self.position : self.position + 1] == "Z":
                self.position += 1
                return UTC
            found = _OFFSET.match(self.text, self.position)
            if found:
                self.position = found.end()
                return fixed(found[1], int(found[2]), int(found[3] or 0))
            refuse(self.text, self.position)
        word = _ZONE_ID.match(self.text, self.position)
        name = word[0] if word else ""
        zone = zone_of(ZONE_NAMES.get(name, "") if piece.letter == "z" else name)
        if zone is None:
            refuse(self.text, self.position)
        self.position += len(name)
        return zone


def assembled(text: str, values: Mapping[str, int], fraction: str, zone: tzinfo) -> datetime:
    """Return the time of what was read; what is missing is that of 1970-01-01 (Joda)."""
    try:
        day = day_of(values)
        hour = hour_of(values)
        return datetime(
            day.year,
            day.month,
            day.day,
            hour,
            values.get("m", 0),
            values.get("s", 0),
            int(fraction) // 1000 * 1000,
            zone,
        )
    except (ValueError, OverflowError):
        refuse(text, 0)


def day_of(values: Mapping[str, int]) -> date:
    """Return the day; a month or day without a year is in 2000, as in Joda."""
    if "w" in values or "x" in values:
        year = values.get("x", values.get("y", 2000))
        return date.fromisocalendar(year, values.get("w", 1), values.get("e", 1))
    default = 2000 if values.keys() & {"M", "d", "D"} else 1970
    year = values.get("y", values["C"] * 100 if "C" in values else default)
    if "D" in values:
        if values["D"] < 1:
            raise ValueError
        found = date(year, 1, 1) + timedelta(days=values["D"] - 1)
        if found.year != year:
            raise ValueError
        return found
    found = date(year, values.get("M", 1), values.get("d", 1))
    return found + timedelta(days=values["e"] - found.isoweekday()) if "e" in values else found


def hour_of(values: Mapping[str, int]) -> int:
    """Return the hour from 0 to 23."""
    if "H" in values:
        return values["H"]
    if "k" in values:
        if not 1 <= values["k"] <= 24:
            raise ValueError
        return values["k"] % 24
    half = values.get("a", 0) * 12
    if "h" in values:
        if not 1 <= values["h"] <= 12:
            raise ValueError
        return values["h"] % 12 + half
    if values.get("K", 0) > 11:
        raise ValueError
    return values.get("K", 0) + half
