"""The functions that compiled expressions are made of, one for each common shape."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from server.okta.expressions.context import Context
from server.okta.expressions.errors import ExpressionError, failure
from server.okta.expressions.limits import MAX_TEXT
from server.okta.expressions.operators import OPERATORS, add
from server.okta.expressions.regexes import check_time
from server.okta.expressions.tree import Place
from server.okta.expressions.values import (
    argument_int,
    argument_list,
    argument_text,
    boolean_of,
    too_long,
)

Run: TypeAlias = Callable[[Context], Any]

CONVERSIONS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "string": argument_text,
    "int": argument_int,
    "array": argument_list,
}


def constant(value: Any) -> Run:
    """Return what always gives the same value."""
    return lambda context: value


def display_name(context: Context) -> Any:
    """Return the display name; one never edited reads as both names (KB-DISP, spec section 4)."""
    profile = context.profile
    found = profile.get("displayName")
    if found is None:
        first, last = profile.get("firstName"), profile.get("lastName")
        if isinstance(first, str) and isinstance(last, str):
            return f"{first} {last}"
    return found


def truth(run: Run, place: Place) -> Run:
    """Return a condition: what is no boolean is converted, or an error."""

    def condition(context: Context) -> bool:
        value = run(context)
        if value is True or value is False:
            return value
        try:
            return boolean_of(value)
        except ExpressionError as error:
            raise error.within(place) from None

    return condition


def binary(operator: str, left: Run, right: Run, place: Place) -> Run:
    """Return one operator between two operands; ``+`` of two texts takes no detour."""
    apply = OPERATORS[operator]

    def run(context: Context) -> Any:
        first, second = left(context), right(context)
        try:
            return apply(first, second)
        except ExpressionError as error:
            raise error.within(place) from None

    if operator != "+":
        return run

    def concatenation(context: Context) -> Any:
        first, second = left(context), right(context)
        if first.__class__ is str and second.__class__ is str:
            text = first + second
            if len(text) <= MAX_TEXT:
                return text
            raise too_long().within(place)
        try:
            return add(first, second)
        except ExpressionError as error:
            raise error.within(place) from None

    return concatenation


def sum_of_three(operands: list[Run], places: tuple[Place, ...]) -> Run:
    """Return ``a + b + c``: the shape of most mappings."""
    one, two, three = operands

    def run(context: Context) -> Any:
        first, second, third = one(context), two(context), three(context)
        if first.__class__ is str and second.__class__ is str and third.__class__ is str:
            text = first + second + third
            if len(text) <= MAX_TEXT:
                return text
            raise too_long().within(places[1])
        place = places[0]
        try:
            first = add(first, second)
            place = places[1]
            return add(first, third)
        except ExpressionError as error:
            raise error.within(place) from None

    return run


def called(function: Callable[..., Any], arguments: list[Run], *, takes_context: bool) -> Run:
    """Return the call of a function with its arguments."""
    if takes_context:
        return with_context(function, arguments)
    match arguments:
        case [one]:
            return lambda context: function(one(context))
        case [one, two]:
            return lambda context: function(one(context), two(context))
        case [one, two, three]:
            return lambda context: function(one(context), two(context), three(context))
    return lambda context: function(*[argument(context) for argument in arguments])


def with_context(function: Callable[..., Any], arguments: list[Run]) -> Run:
    """Return the call of a function that takes the context first."""
    return lambda context: function(context, *[argument(context) for argument in arguments])


def lone(run: Run, kind: str) -> Run:
    """Return the only argument of a variadic parameter as a list: SpEL spreads a list."""
    convert = CONVERSIONS.get(kind)

    def items(context: Context) -> list[Any]:
        value = run(context)
        found = value if isinstance(value, list) else [value]
        return [convert(item) for item in found] if convert else list(found)

    return items


def spread(function: Callable[..., Any], arguments: list[Run], *, takes_context: bool) -> Run:
    """Return a call whose last argument is a list of arguments."""
    *first, last = arguments
    if takes_context:
        return lambda context: function(
            context, *[argument(context) for argument in first], *last(context)
        )
    return lambda context: function(*[argument(context) for argument in first], *last(context))


def placed(run: Run, place: Place, *, timed: bool = False) -> Run:
    """Return the same with the place added to its errors, and with a look at the time."""

    def located(context: Context) -> Any:
        try:
            return run(context)
        except ExpressionError as error:
            raise error.within(place) from None

    if not timed:
        return located

    def within_time(context: Context) -> Any:
        try:
            check_time(context.deadline)
        except ExpressionError as error:
            raise error.within(place) from None
        return located(context)

    return within_time


def element(found: Any, wanted: Any) -> Any:
    """Return ``found[wanted]``: an element, a property by its text, or a character."""
    if isinstance(found, Mapping):
        return found.get(wanted) if isinstance(wanted, str) else None
    if not isinstance(found, list | str):
        raise failure(
            "EL1012E: Cannot index into a null value"
            if found is None
            else "EL1027E: Indexing into this type of value is not supported",
            "Test it with != null before." if found is None else "",
        )
    position = argument_int(wanted)
    if not 0 <= position < len(found):
        raise failure(
            f"EL1025E: The collection has '{len(found)}' elements, index '{position:d}' is invalid"
        )
    return found[position]
