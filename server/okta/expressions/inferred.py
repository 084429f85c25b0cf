"""Every rule that Okta has not published, each in one place with the reason for it.

Okta documents a subset of SpEL. Where it is silent the model is SpEL 4.3 with Spring's type
conversion, Apache Commons Lang and Joda-Time (spec, "How sure is this as a whole?"). When a preview
in a real org shows otherwise, the line to change is here.
"""

import math
import re
from typing import Any, Final

# ------------------------------------------------------------------------------ null and text

NULL_BESIDE_TEXT: Final = "null"
"""``"a" + null``. SpEL prints it; every Okta example guards a null first (spec 2.2)."""

NULL_IN_LIST_TEXT: Final = ""
"""A null element in the text of a list: Spring's CollectionToStringConverter."""

NULL_APPENDED: Final = "null"
"""``String.append("a", null)``: as ``+`` does; a null result is the alternative (6.1)."""

NULL_JOINED: Final = ""
"""``String.join("-", "a", null)``: StringUtils.join; java.lang.String.join would print ``null``."""

TRUE_TEXTS: Final = frozenset({"true", "on", "yes", "1"})
FALSE_TEXTS: Final = frozenset({"false", "off", "no", "0"})
"""Texts that are conditions: Spring's StringToBooleanConverter, any letter case, trimmed."""

MISSING_PERSON_HAS_NULLS: Final = True
"""``getManagerUser(..).x`` and its like with nobody there: the UI shows an empty value (spec 4)."""

BARE_NAMES_ARE_OF_THE_SOURCE: Final = True
"""``firstName`` alone: the reference page calls it valid in its samples (spec 4)."""


def absent(value: Any) -> bool:
    """Say whether ``?:`` takes its right side: null or an empty text; blanks, 0 and {} stay."""
    return value is None or value == ""


# ------------------------------------------------------------------------------------ strings

BLANKS: Final = {
    ord(char): None
    for char in "\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2028\u2029\u205f\u3000"
    + "".join(map(chr, range(0x2000, 0x200B)))
    if char != "\u2007"
}
"""What ``String.removeSpaces`` takes out: all of Character.isWhitespace, as StringUtils does."""


def substring_range(start: int, end: int, length: int) -> tuple[int, int]:
    """Return the bounds that ``String.substring`` takes, as StringUtils: clamped, negative from
    the end, empty when they cross. java.lang.String would raise; Okta's tables truncate unguarded.
    """
    end = min(end + length if end < 0 else end, length)
    start = start + length if start < 0 else start
    return (0, 0) if start > end else (max(start, 0), max(end, 0))


def starts_with(text: str | None, beginning: str | None) -> bool:
    """Return StringUtils.startsWith: one null is false, two are true."""
    if text is None or beginning is None:
        return text is beginning
    return text.startswith(beginning)


# ------------------------------------------------------------------------------------- arrays

SPLIT_TEXT_AMONG_SEVERAL: Final = False
"""``Arrays.flatten("a,b", "c")``: SpEL splits only a lone text for Object..., so neither here."""

FLATTENED_LEVELS: Final = 1
"""Lists inside lists keep their own lists: Okta says "one flat level"."""


def changeable(array: list[Any] | None) -> list[Any]:
    """Return the list that ``Arrays.add`` and ``remove`` change: null counts as empty.

    A literal ``{1}`` is taken too: SpEL's are immutable, but Okta's older page prints [1, 2].
    """
    return list(array or ())


# --------------------------------------------------------------------------------- conversion

WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}")
"""What ``Convert.toInt`` reads: Integer.parseInt, so "12.5" fails."""

DECIMAL_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?")
"""What ``Convert.toNum`` reads: Double.parseDouble without NaN, Infinity and hexadecimals."""

COUNTRY_CODE: Final = re.compile(r"[A-Z]{2}|[A-Z]{3}|[0-9]{1,3}")
"""What ``Iso3166Convert`` takes; lower case and names are refused (names: documented)."""


def rounded(number: float) -> int:
    """Return Java's ``(int) Math.round(number)``: halves go up, and what is too large wraps.

    The Identity Engine page shows 2147483647.7 as -2147483648, which this gives.
    """
    if math.isnan(number):
        return 0
    if abs(number) >= 2**63:
        nearest = 2**63 - 1 if number > 0 else -(2**63)
    else:
        below = math.floor(number)
        nearest = below + (number - below >= 0.5)
    return (nearest + 2**31) % 2**32 - 2**31


# -------------------------------------------------------------------------------- groups, time

ANY_OKTA_TYPE: Final = frozenset({"OKTA_GROUP", "BUILT_IN"})
"""Group types that the app "OKTA" means in ``Groups.*``: those that Okta itself masters."""

INTERNAL_PROPERTIES: Final = ("id", "status")
"""What ``user.getInternalProperty`` knows; any other name is an error."""

KEEPS_OFFSET: Final = True
"""``Time.fromIso8601ToString`` and ``fromStringToIso8601`` keep the zone of their text."""

TWO_DIGIT_YEAR_PIVOT: Final = 30
"""Joda reads two digits as the year nearest to this many years ago."""
