"""The values of the language and how Java and Spring turn one kind into another (spec 2.2, 2.3, 5).

A whole number of 64 bits is a plain ``int``, as profiles hold it. Literals and the functions that
give Java's 32-bit ``Integer`` give an ``Int32``, so that arithmetic knows where to wrap.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from server.okta.expressions.errors import ExpressionError, failure, limit_error
from server.okta.expressions.inferred import (
    FALSE_TEXTS,
    NULL_BESIDE_TEXT,
    NULL_IN_LIST_TEXT,
    TRUE_TEXTS,
)
from server.okta.expressions.limits import MAX_ELEMENTS, MAX_TEXT

Value: TypeAlias = str | bool | int | float | list["Value"] | Mapping[str, "Value"] | None
"""What an expression gives. A mapping is a group, a user or an app user that is named whole."""

TRIMMED: Final = "".join(map(chr, range(33)))
"""What Java's ``trim`` removes."""

_INTEGER: Final = re.compile(r"[+-]?(?:0[xX]|#)?[0-9A-Fa-f]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Int32(int):
    """A whole number of 32 bits, signed: Java's ``Integer``."""

    __slots__ = ()


# --------------------------------------------------------------------------------- into text


def text_of(value: Value) -> str:
    """Return a value's text as ``+`` makes it; null is ``null`` (spec 2.2).

    Raises:
        ExpressionError: The value is an object, or its text is too long.
    """
    if value.__class__ is str:
        return value
    if value is None:
        return NULL_BESIDE_TEXT
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return text_of_double(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return bounded(
            ",".join(NULL_IN_LIST_TEXT if item is None else text_of(item) for item in value)
        )
    raise cannot_convert(value, "java.lang.String")


def argument_text(value: Value) -> str | None:
    """Return what a String parameter receives: the text, but null stays null."""
    return None if value is None else text_of(value)


def text_of_double(number: float) -> str:
    """Return ``Double.toString``: plain from 1e-3 to 1e7, otherwise with an exponent."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "-0.0" if math.copysign(1, number) < 0 else "0.0"
    mantissa, _, exponent = repr(number).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)
    digits = whole + fraction
    leading = len(digits) - len(digits.lstrip("0"))
    digits, point = digits[leading:].rstrip("0") or "0", point - leading
    if 1e-3 <= abs(number) < 1e7:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        padded = digits.ljust(point, "0")
        return f"{sign}{padded[:point]}.{padded[point:] or '0'}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{point - 1}"


def bounded(text: str) -> str:
    """Return the text, or refuse one that is too long."""
    if len(text) > MAX_TEXT:
        raise too_long()
    return text


def too_long() -> ExpressionError:
    """Return the error for a text that outgrows the bound."""
    return limit_error(f"The expression makes a text of more than {MAX_TEXT:,} characters.")


# ---------------------------------------------------------------------- into other kinds


def boolean_of(value: Value) -> bool:
    """Return what a condition makes of a value (spec 2.3)."""
    if value is True or value is False:
        return value
    if isinstance(value, str):
        word = value.strip(TRIMMED).lower()
        if word in TRUE_TEXTS:
            return True
        if word in FALSE_TEXTS:
            return False
    raise cannot_convert(value, "boolean")


def argument_int(value: Value) -> Int32:
    """Return what an int parameter receives: text is parsed, a double is cut off."""
    number: int | None = None
    if isinstance(value, str):
        number = decoded(value)
    elif not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    ):
        number = int(value)
    if number is None or not -(2**31) <= number < 2**31:
        raise cannot_convert(value, "int")
    return Int32(number)


def decoded(text: str) -> int | None:
    """Return the number of a text as ``Integer.decode`` reads it, or None; ``0x`` is base 16."""
    text = text.strip(TRIMMED)
    if len(text) > 40 or not _INTEGER.fullmatch(text):
        return None
    digits = text.replace("#", "0x", 1)
    try:
        return int(digits, 16) if "x" in digits.lower() else int(digits)
    except ValueError:
        return None


def argument_list(value: Value) -> list[Value] | None:
    """Return what an array parameter receives: text is split at commas, null stays null."""
    if value is None:
        return None
    if isinstance(value, str):
        return split(value)
    if isinstance(value, list):
        return value
    return [value]


def split(text: str) -> list[Value]:
    """Return the pieces between the commas, each trimmed; none for an empty text."""
    return sized([piece.strip(TRIMMED) for piece in text.split(",")]) if text else []


def sized(items: list[Any]) -> list[Any]:
    """Return the list, or refuse one that is too long."""
    if len(items) > MAX_ELEMENTS:
        raise limit_error(f"The expression makes a list of more than {MAX_ELEMENTS:,} elements.")
    return items


def plain(value: Any) -> Value:
    """Return a value as it leaves an expression: ``int`` for numbers, well-formed text.

    Half a surrogate pair, which cutting a text in Java's units can leave, becomes ``?`` as when
    Java sends it.
    """
    kind = value.__class__
    if kind is str:
        return value if value.isascii() else well_formed(value)
    if kind is Int32:
        return int(value)
    if kind is list:
        return [plain(item) for item in value]
    return value  # type: ignore[no-any-return]


def well_formed(text: str) -> str:
    """Return the text with surrogate pairs joined and halves replaced."""
    if not _SURROGATE.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _SURROGATE.sub("?", joined)


# ------------------------------------------------------------------ counting in UTF-16 units


def utf16_length(text: str) -> int:
    """Return Java's length of a text: a character outside the BMP counts twice."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def utf16_slice(text: str, start: int, end: int) -> str:
    """Return the units from ``start`` to ``end``, both within the length."""
    if text.isascii() or max(text) <= "\uffff":
        return text[start:end]
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


# --------------------------------------------------------------------------------- errors


def java_type(value: Value) -> str:
    """Return the name that Java's messages use for a value's kind."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, Int32):
        return "java.lang.Integer"
    if isinstance(value, int):
        return "java.lang.Long"
    if isinstance(value, float):
        return "java.lang.Double"
    if isinstance(value, str):
        return "java.lang.String"
    return "java.util.ArrayList" if isinstance(value, list) else "java.util.Map"


def cannot_convert(value: Value, target: str) -> ExpressionError:
    """Return SpEL's error for a conversion that does not exist."""
    return failure(
        f"EL1001E: Type conversion problem, cannot convert from {java_type(value)} to {target}",
        "A value is null here: test it with != null before." if value is None else "",
    )
