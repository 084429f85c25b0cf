"""Whether a result fits the type of its target: Okta's rules, each with a name.

Source: spec page "How Okta's mapping UI and provisioning treat expression results", section 3. Okta
documents the error text, that arrays do not fit strings, and that enum values must be equal in case
and blanks. The rules marked "inferred" are not documented.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from server.okta.mapping.app_profile import AppAttribute
from server.okta.people.schema import AttributeType

Value: TypeAlias = Any
"""What an expression results in: None, str, bool, int, float, or a list of these."""

Rule: TypeAlias = Callable[[Value], Value]
"""Returns a value, that is not None, as its target takes it, or raises ``DoesNotFit``."""

_LONGEST_INTEGER: Final = 2**63


class DoesNotFit(Exception):
    """A value cannot go into its target; the text is the cure, in one sentence."""


def error_text(variable: str) -> str:
    """Return what Okta says when a value does not fit."""
    return f"Invalid value data type for property {variable}"


def rule_for(attribute: AppAttribute, *, numbers_as_text: bool = False) -> Rule:
    """Return the rule for the values of an attribute.

    ``numbers_as_text``: a number fits a string, as its text. What Okta does is undocumented; its
    own examples wrap such numbers in ``"" +``, so it is an error unless it is switched on.
    """
    rule = _RULES[attribute.type]
    if rule is fits_string and numbers_as_text:
        rule = fits_string_or_number
    if attribute.enum:
        return _one_of({value for value, _ in attribute.enum}, rule)
    return rule


def constant_value(attribute: AppAttribute, text: str) -> Value:
    """Return "Same value for all users" as a value of the attribute's type (inferred).

    The value is a literal and never evaluated. For an array its parts stand between commas.

    Raises:
        DoesNotFit: The text is no value of this type.
    """
    element = attribute.type.removesuffix(" array")
    if element != attribute.type:
        parts = [part.strip() for part in text.split(",")]
        return [_constant(element, part) for part in parts if part]
    return _constant(element, text)


def fits_string(value: Value) -> Value:
    """Texts fit as they are, untrimmed; arrays do not (documented), numbers neither (inferred)."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        raise DoesNotFit('Write the array as text: add + "" to it, or use Arrays.toCsvString().')
    raise DoesNotFit('The attribute is a string: make the value a text with "" + in front.')


def fits_string_or_number(value: Value) -> Value:
    """As ``fits_string``, but a number fits as its text: the other reading of Okta (inferred)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return fits_string(value)


def fits_boolean(value: Value) -> Value:
    """Only booleans fit, no texts such as "true" (inferred)."""
    if isinstance(value, bool):
        return value
    raise DoesNotFit("The attribute is a boolean: write ? true : false, without quotation marks.")


def fits_integer(value: Value) -> Value:
    """Whole numbers of 64 bits fit; a double does not, not even a whole one (inferred)."""
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and -_LONGEST_INTEGER <= value < _LONGEST_INTEGER
    ):
        return int(value)
    raise DoesNotFit("The attribute is an integer: convert the value with Convert.toInt().")


def fits_number(value: Value) -> Value:
    """Doubles fit, and integers, which are widened (inferred); infinity has no form in JSON."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise DoesNotFit("The attribute is a number: convert the value with Convert.toNum().")


def fits_array(element_rule: Rule) -> Rule:
    """Arrays fit when each element does; a text is not converted by itself (inferred)."""

    def fits(value: Value) -> Value:
        if isinstance(value, list):
            return [element_rule(element) for element in value if element is not None]
        raise DoesNotFit(
            "The attribute is an array: make one of the text with Arrays.flatten(), or with "
            "Arrays.add(Arrays.toCsvString({}), ...)."
        )

    return fits


def _one_of(values: set[Any], rule: Rule) -> Rule:
    """Enum: equal to one of the listed values, case and blanks included (documented)."""
    texts = {str(value) for value in values}

    def fits(value: Value) -> Value:
        fitting = rule(value)
        for element in fitting if isinstance(fitting, list) else (fitting,):
            if _listed_text(element) not in texts:
                raise DoesNotFit(
                    "Map to one of the attribute's listed values, exactly as it is written, "
                    "letter case and blanks included."
                )
        return fitting

    return fits


def _listed_text(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


_RULES: Final[Mapping[AttributeType, Rule]] = {
    "string": fits_string,
    "country code": fits_string,
    "language code": fits_string,
    "linked object": fits_string,
    "boolean": fits_boolean,
    "integer": fits_integer,
    "number": fits_number,
    "string array": fits_array(fits_string),
    "integer array": fits_array(fits_integer),
    "number array": fits_array(fits_number),
}


def _constant(type: str, text: str) -> Value:
    if type == "boolean":
        if text.strip().lower() not in ("true", "false"):
            raise DoesNotFit("The attribute is a boolean: enter true or false.")
        return text.strip().lower() == "true"
    try:
        if type == "integer":
            return fits_integer(int(text))
        if type == "number":
            return fits_number(float(text))
    except (ValueError, DoesNotFit):
        raise DoesNotFit(f"The attribute is of the type {type}: enter a number.") from None
    return text
