"""Joda-Time's patterns: what a time looks like in one, in English (spec 6.6)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from server.okta.expressions.errors import failure
from server.okta.expressions.zones import zone_id

MONTHS: Final = tuple(
    "January February March April May June July August September October November December".split()
)
DAYS: Final = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())

LETTERS: Final = frozenset("GCYxweEyDMdaKhHkmsSzZ")
LONGEST_PATTERN: Final = 200


class Piece(NamedTuple):
    """A pattern letter, ``repeated`` so many times, or a literal text (then ``letter`` is "")."""

    letter: str
    repeated: int
    text: str = ""

    @property
    def numeric(self) -> bool:
        """Whether digits stand here."""
        if self.letter == "M":
            return self.repeated <= 2
        return self.letter != "" and self.letter in "cCYxweyDdhHmsSkK"


_PIECE: Final = re.compile(r"([A-Za-z])\1*|'((?:[^']|'')*)'|([^A-Za-z']+)")


def pieces_of(pattern: str) -> list[Piece]:
    """Return the pieces of a pattern.

    Raises:
        ExpressionError: It is empty, or has a letter without a meaning.
    """
    if not pattern or len(pattern) > LONGEST_PATTERN:
        raise failure("Invalid pattern specification", "A pattern looks like yyyy-MM-dd.")
    found: list[Piece] = []
    position = 0
    while position < len(pattern):
        match = _PIECE.match(pattern, position)
        if match is None:
            raise failure(
                f"Illegal pattern component: {pattern[position:]}", "A quote is never closed."
            )
        position = match.end()
        if match[1]:
            if match[1] not in LETTERS:
                raise failure(
                    f"Illegal pattern component: {match[0]}", "Put plain text between quotes: 'T'."
                )
            found.append(Piece(match[1], len(match[0])))
        elif match[2] is not None:
            found.append(Piece("", 0, match[2].replace("''", "'") or "'"))
        else:
            found.append(Piece("", 0, match[3]))
    return found


def formatted(moment: datetime, pattern: str) -> str:
    """Return a time, which has a zone, in a pattern."""
    return "".join(
        FORMATS[piece.letter](moment, piece.repeated) if piece.letter else piece.text
        for piece in pieces_of(pattern)
    )


def iso_text(moment: datetime) -> str:
    """Return the ISO form with three digits of a second and Z for UTC."""
    local = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return local + ("Z" if not moment.utcoffset() else offset_text(moment, ":"))


def offset_text(moment: datetime, between: str) -> str:
    """Return ``-0800`` or ``-08:00``."""
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{between}{rest // 60:02}"


def year_text(year: int, count: int) -> str:
    """Return a year: two letters mean its last two digits."""
    return f"{year % 100:02}" if count == 2 else f"{year:0{count}}"


def zone_text(moment: datetime, count: int) -> str:
    """Return the offset, with two letters a colon in it, with three the zone's id."""
    if count > 2:
        return zone_id(moment.tzinfo)
    return offset_text(moment, ":" if count == 2 else "")


def name_text(name: str, count: int) -> str:
    """Return a name whole from four letters on, otherwise its first three characters."""
    return name if count >= 4 else name[:3]


def month_text(moment: datetime, count: int) -> str:
    """Return the month as a number, or from three letters on as a name."""
    if count <= 2:
        return f"{moment.month:0{count}}"
    return name_text(MONTHS[moment.month - 1], count)


def fraction_text(moment: datetime, count: int) -> str:
    """Return so many digits of the second's fraction; there are three."""
    return f"{moment.microsecond // 1000:03}".ljust(count, "0")[:count]


def number(value: Callable[[datetime], int]) -> Callable[[datetime, int], str]:
    """Return the format of a number, filled up with zeros."""
    return lambda moment, count: f"{value(moment):0{count}}"


FORMATS: Final[dict[str, Callable[[datetime, int], str]]] = {
    "G": lambda moment, count: "AD",
    "C": number(lambda moment: moment.year // 100),
    "Y": lambda moment, count: year_text(moment.year, count),
    "y": lambda moment, count: year_text(moment.year, count),
    "x": lambda moment, count: year_text(moment.isocalendar().year, count),
    "w": number(lambda moment: moment.isocalendar().week),
    "e": number(datetime.isoweekday),
    "E": lambda moment, count: name_text(DAYS[moment.weekday()], count),
    "D": number(lambda moment: moment.timetuple().tm_yday),
    "M": month_text,
    "d": number(lambda moment: moment.day),
    "a": lambda moment, count: "AM" if moment.hour < 12 else "PM",
    "K": number(lambda moment: moment.hour % 12),
    "h": number(lambda moment: moment.hour % 12 or 12),
    "H": number(lambda moment: moment.hour),
    "k": number(lambda moment: moment.hour or 24),
    "m": number(lambda moment: moment.minute),
    "s": number(lambda moment: moment.second),
    "S": fraction_text,
    "z": lambda moment, count: moment.tzname() or zone_id(moment.tzinfo),
    "Z": zone_text,
}
