"""What the operators do with two values (spec section 2)."""

import math
from collections.abc import Callable
from typing import Any, Final

from server.okta.expressions.errors import ExpressionError, failure
from server.okta.expressions.limits import MAX_REPEATED_TEXT
from server.okta.expressions.regexes import matches_whole
from server.okta.expressions.values import (
    Int32,
    Value,
    bounded,
    java_type,
    text_of,
)


def wrapped(number: int, left: int, right: int) -> int:
    """Return the number in 32 bits if both operands have 32, otherwise in 64."""
    if left.__class__ is Int32 and right.__class__ is Int32:
        return Int32((number + 2**31) % 2**32 - 2**31)
    return (number + 2**63) % 2**64 - 2**63


def is_number(value: Any) -> bool:
    """Say whether a value is a number; booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def unsupported(operator: str, left: Value, right: Value) -> ExpressionError:
    """Return SpEL's error for operands that an operator does not take."""
    hint = ""
    if left is None or right is None:
        hint = "A value is null here: test it with != null before."
    return failure(
        f"EL1030E: The operator '{operator}' is not supported between objects of type "
        f"'{java_type(left)}' and '{java_type(right)}'",
        hint,
    )


# ------------------------------------------------------------------------------ arithmetic


def add(left: Any, right: Any) -> Value:
    """Return ``left + right``: a sum, or the texts of both if either is a text."""
    if isinstance(left, str) or isinstance(right, str):
        return bounded(text_of(left) + text_of(right))
    if not (is_number(left) and is_number(right)):
        raise unsupported("ADD", left, right)
    if isinstance(left, float) or isinstance(right, float):
        return double(left) + double(right)
    return wrapped(left + right, left, right)


def subtract(left: Any, right: Any) -> Value:
    """Return ``left - right``; SpEL also moves a single character back."""
    if is_number(left) and is_number(right):
        if isinstance(left, float) or isinstance(right, float):
            return double(left) - double(right)
        return wrapped(left - right, left, right)
    if isinstance(left, str) and len(left) == 1 and right.__class__ is Int32:
        return chr((ord(left) - right) & 0xFFFF)
    raise unsupported("SUBTRACT", left, right)


def multiply(left: Any, right: Any) -> Value:
    """Return ``left * right``; SpEL also repeats a text, up to 256 characters."""
    if is_number(left) and is_number(right):
        if isinstance(left, float) or isinstance(right, float):
            return double(left) * double(right)
        return wrapped(left * right, left, right)
    if isinstance(left, str) and right.__class__ is Int32:
        if len(left) * right > MAX_REPEATED_TEXT:
            raise failure(
                f"EL1076E: Repeated text is too long, exceeding the threshold of "
                f"'{MAX_REPEATED_TEXT}' characters"
            )
        return left * right
    raise unsupported("MULTIPLY", left, right)


def divide(left: Any, right: Any) -> Value:
    """Return ``left / right``: cut off toward zero between whole numbers."""
    if not (is_number(left) and is_number(right)):
        raise unsupported("DIVIDE", left, right)
    if isinstance(left, float) or isinstance(right, float):
        return double_quotient(double(left), double(right))
    return wrapped(quotient(left, right), left, right)


def modulus(left: Any, right: Any) -> Value:
    """Return ``left % right``, which has the sign of the left side."""
    if not (is_number(left) and is_number(right)):
        raise unsupported("MODULUS", left, right)
    if isinstance(left, float) or isinstance(right, float):
        dividend, divisor = double(left), double(right)
        if math.isinf(dividend) or divisor == 0:
            return math.nan
        return math.fmod(dividend, divisor)
    return wrapped(left - right * quotient(left, right), left, right)


def power(left: Any, right: Any) -> Value:
    """Return ``left ^ right``; whole numbers give the shortest whole kind that holds it."""
    if not (is_number(left) and is_number(right)):
        raise unsupported("POWER", left, right)
    result = double_power(double(left), double(right))
    if isinstance(left, float) or isinstance(right, float):
        return result
    whole = 0 if math.isnan(result) else int(min(max(result, -(2.0**63)), 2.0**63))
    whole = min(whole, 2**63 - 1)
    both_short = left.__class__ is Int32 and right.__class__ is Int32
    return Int32(max(whole, -(2**31))) if both_short and whole < 2**31 else whole


def negated(operand: Any) -> Value:
    """Return ``-operand``."""
    if not is_number(operand):
        raise unsupported("SUBTRACT", operand, None)
    return -operand if isinstance(operand, float) else wrapped(-operand, operand, operand)


def affirmed(operand: Any) -> Value:
    """Return ``+operand``, which has to be a number."""
    if not is_number(operand):
        raise unsupported("ADD", operand, None)
    return operand  # type: ignore[no-any-return]


def double(number: int | float) -> float:
    """Return the double nearest to a number."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def quotient(left: int, right: int) -> int:
    """Return the whole quotient, cut off toward zero."""
    if right == 0:
        raise failure("/ by zero", "The divisor is 0 here.")
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def double_quotient(left: float, right: float) -> float:
    """Return Java's quotient of doubles, which is infinite or NaN for a divisor of 0."""
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def double_power(base: float, exponent: float) -> float:
    """Return ``Math.pow``."""
    if math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    odd = math.isfinite(exponent) and exponent % 2 == 1
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        if base == 0:
            return math.copysign(math.inf, base) if odd else math.inf
        return math.nan


# ------------------------------------------------------------------------------ comparison


def equal(left: Any, right: Any) -> bool:
    """Return ``left == right``: numbers by value, otherwise nothing is converted."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, float) and isinstance(right, int):
        return left == double(right)
    if isinstance(left, int) and isinstance(right, float):
        return double(left) == right
    return bool(left == right)


def unequal(left: Any, right: Any) -> bool:
    """Return ``left != right``."""
    return not equal(left, right)


def order(left: Any, right: Any) -> int:
    """Return -1, 0 or 1; null sorts below everything.

    Raises:
        ExpressionError: The values are of kinds that do not compare.
    """
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, str) and isinstance(right, str):
        first, second = left, right
        if not (left.isascii() and right.isascii()):
            # The order of UTF-16 units, not of code points.
            first = left.encode("utf-16-be", "surrogatepass")  # type: ignore[assignment]
            second = right.encode("utf-16-be", "surrogatepass")  # type: ignore[assignment]
        return (first > second) - (first < second)
    if isinstance(left, bool) and isinstance(right, bool):
        return int(left) - int(right)
    if is_number(left) and is_number(right):
        return int(left > right) - int(left < right)
    raise failure(
        f"EL1013E: Cannot compare instances of class {java_type(left)} and class "
        f"{java_type(right)}",
        "Only two numbers or two texts compare.",
    )


def less(left: Any, right: Any) -> bool:
    """Return ``left < right``."""
    return order(left, right) < 0 and not has_nan(left, right)


def at_most(left: Any, right: Any) -> bool:
    """Return ``left <= right``."""
    return order(left, right) <= 0 and not has_nan(left, right)


def greater(left: Any, right: Any) -> bool:
    """Return ``left > right``."""
    return order(left, right) > 0


def at_least(left: Any, right: Any) -> bool:
    """Return ``left >= right``."""
    return order(left, right) >= 0 and not has_nan(left, right)


def has_nan(left: Any, right: Any) -> bool:
    """Say whether a side is not a number, which is in no order with anything."""
    return left is not None and right is not None and (left != left or right != right)


OPERATORS: Final[dict[str, Callable[[Any, Any], Value]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulus,
    "^": power,
    "==": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": greater,
    ">=": at_least,
}
"""The operators of two values, except those that do not evaluate both and ``matches``."""


def matches(left: Any, right: Any, deadline: float) -> bool:
    """Return whether the whole text on the left matches the regular expression."""
    if left is None or not isinstance(right, str):
        raise unsupported("MATCHES", left, right)
    return matches_whole(right, text_of(left), deadline)
