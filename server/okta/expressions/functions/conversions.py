"""``Convert.*`` and ``Iso3166Convert.*`` (spec 6.3)."""

from collections.abc import Callable
from typing import Any, Final

import pycountry

from server.okta.expressions.errors import ExpressionError, failure
from server.okta.expressions.functions.specification import REFERENCE, FunctionSpec, Parameter
from server.okta.expressions.inferred import (
    COUNTRY_CODE,
    DECIMAL_NUMBER,
    WHOLE_NUMBER,
    rounded,
)
from server.okta.expressions.values import Int32, Value, cannot_convert

DATA_SOURCE: Final = REFERENCE + "#data-conversion-functions"
COUNTRY_SOURCE: Final = REFERENCE + "#country-code-conversion-functions"


def to_int(value: Value) -> Int32:
    """Return a text's whole number of 32 bits, or a number rounded."""
    if isinstance(value, str):
        if not WHOLE_NUMBER.fullmatch(value) or not -(2**31) <= int(value) < 2**31:
            raise not_a_number(value, "a whole number from -2147483648 to 2147483647")
        return Int32(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise cannot_convert(value, "int")
    return Int32(rounded(float(value)))


def to_num(value: Value) -> float:
    """Return a text's number."""
    if isinstance(value, str):
        if not DECIMAL_NUMBER.fullmatch(value.strip()) or len(value) > 400:
            raise not_a_number(value, "a number")
        return float(value.strip().rstrip("fFdD"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise cannot_convert(value, "double")
    return float(value)


def not_a_number(text: str, wanted: str) -> ExpressionError:
    """Return Java's error for a text that is no number."""
    return failure(f'For input string: "{text[:80]}"', f"The text has to be {wanted}.")


def country(code: str | None) -> Any:
    """Return pycountry's country of an alpha-2, alpha-3 or numeric code."""
    found = None
    if code and COUNTRY_CODE.fullmatch(code):
        countries = pycountry.countries
        if code.isdigit():
            found = countries.get(numeric=code.zfill(3))
        else:
            found = countries.get(alpha_2=code) or countries.get(alpha_3=code)
    if found is None:
        raise failure(
            f"{'null' if code is None else repr(code[:80])} is no ISO 3166 country code",
            'Write a code in capitals such as "US", "USA" or "840"; names are not taken.',
        )
    return found


def to_alpha2(code: str | None) -> str:
    """Return the code of two letters."""
    return str(country(code).alpha_2)


def to_alpha3(code: str | None) -> str:
    """Return the code of three letters."""
    return str(country(code).alpha_3)


def to_numeric(code: str | None) -> str:
    """Return the code of three digits."""
    return str(country(code).numeric)


def to_name(code: str | None) -> str:
    """Return the country's English name."""
    return str(country(code).name)


def country_function(
    name: str, what: str, example: str, result: str, function: Callable[[str | None], str]
) -> FunctionSpec:
    """Return the declaration of one of the four."""
    return FunctionSpec(
        f"Iso3166Convert.{name}",
        (Parameter("code"),),
        "String",
        f"The country's {what}, from a code of two or three letters or a numeric one.",
        f"Iso3166Convert.{name}({example})",
        result,
        COUNTRY_SOURCE,
        function,
    )


CONVERSION_FUNCTIONS: Final = (
    FunctionSpec(
        "Convert.toInt",
        (Parameter("value", "any"),),
        "Integer",
        "The whole number that a text holds, or a number rounded to the nearest one.",
        "Convert.toInt(user.val)",
        124,
        DATA_SOURCE,
        to_int,
        {"val": 123.6},
    ),
    FunctionSpec(
        "Convert.toNum",
        (Parameter("value", "any"),),
        "Double",
        "The number that a text holds.",
        "Convert.toNum(user.val)",
        3.141,
        DATA_SOURCE,
        to_num,
        {"val": "3.141"},
    ),
    country_function("toAlpha2", "code of two letters", '"IND"', "IN", to_alpha2),
    country_function("toAlpha3", "code of three letters", '"840"', "USA", to_alpha3),
    country_function("toNumeric", "numeric code, three digits as text", '"USA"', "840", to_numeric),
    country_function("toName", "English name", '"IN"', "India", to_name),
)
