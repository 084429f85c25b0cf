"""``Arrays.*`` (spec 6.2). An array parameter also takes text with commas."""

from typing import Final

from server.okta.expressions.errors import failure
from server.okta.expressions.functions.specification import REFERENCE, FunctionSpec, Parameter
from server.okta.expressions.inferred import (
    FLATTENED_LEVELS,
    SPLIT_TEXT_AMONG_SEVERAL,
    changeable,
)
from server.okta.expressions.operators import equal
from server.okta.expressions.values import Int32, Value, sized, split, text_of

SOURCE: Final = REFERENCE + "#array-functions"

Array = list[Value] | None


def add(array: Array, value: Value) -> list[Value]:
    """Return the array with the value behind it."""
    return sized([*changeable(array), value])


def remove(array: Array, value: Value) -> list[Value]:
    """Return the array without the first element that equals the value."""
    items = changeable(array)
    for position, item in enumerate(items):
        if equal(item, value):
            del items[position]
            break
    return items


def clear(array: Array) -> list[Value]:
    """Return an empty array."""
    return []


def get(array: Array, position: int) -> Value:
    """Return the element at a position, counted from 0."""
    if array is None or not 0 <= position < len(array):
        size = 0 if array is None else len(array)
        raise failure(
            f"EL1025E: The collection has '{size}' elements, index '{position:d}' is invalid",
            "Compare the position with Arrays.size before.",
        )
    return array[position]


def flatten(*values: Value) -> list[Value]:
    """Return one flat array of values, arrays and texts with commas."""
    items: list[Value] = []
    for value in values:
        divided = isinstance(value, str) and (len(values) == 1 or SPLIT_TEXT_AMONG_SEVERAL)
        if divided and value:
            items += split(str(value))
        else:
            items += flat(value, FLATTENED_LEVELS)
        sized(items)
    if any(item is None or item == "" for item in items):
        raise failure(
            "Arrays.flatten fails on a null or empty element",
            "Guard each value: x != null AND x != '' ? x : {}.",
        )
    return items


def flat(value: Value, levels: int) -> list[Value]:
    """Return the elements of a list, down to so many levels, or the value alone."""
    if not isinstance(value, list) or not levels:
        return [value]
    return [element for item in value for element in flat(item, levels - 1)]


def contains(array: Array, value: Value) -> bool:
    """Say whether an element equals the value; numbers by value, texts with their case."""
    return any(equal(item, value) for item in array or ())


def size(array: Array) -> Int32:
    """Return the number of elements."""
    return Int32(len(array or ()))


def is_empty(array: Array) -> bool:
    """Say whether there is no element."""
    return not array


def to_csv_string(array: Array) -> str | None:
    """Return the elements with commas between them, without quotes or blanks."""
    return None if array is None else text_of(array)


_ARRAY: Final = Parameter("array", "array")
_VALUE: Final = Parameter("value", "any")
_NUMBERS: Final = {"arrayAttribute": [10, 20, 30]}

ARRAY_FUNCTIONS: Final = (
    FunctionSpec(
        "Arrays.add",
        (_ARRAY, _VALUE),
        "Array",
        "Puts a value behind the array's elements.",
        "Arrays.add(user.arrayAttribute, 40)",
        [10, 20, 30, 40],
        SOURCE,
        add,
        _NUMBERS,
        slow=True,
    ),
    FunctionSpec(
        "Arrays.remove",
        (_ARRAY, _VALUE),
        "Array",
        "Takes the value out of the array, at its first place.",
        "Arrays.remove(user.arrayAttribute, 20)",
        [10, 30],
        SOURCE,
        remove,
        _NUMBERS,
        slow=True,
    ),
    FunctionSpec(
        "Arrays.clear",
        (_ARRAY,),
        "Array",
        "An array without elements.",
        "Arrays.clear(user.arrayAttribute)",
        [],
        SOURCE,
        clear,
        _NUMBERS,
    ),
    FunctionSpec(
        "Arrays.get",
        (_ARRAY, Parameter("position", "int")),
        "value",
        "The element at a position, counted from 0. Outside the array it fails.",
        "Arrays.get({0, 1, 2}, 0)",
        0,
        SOURCE,
        get,
    ),
    FunctionSpec(
        "Arrays.flatten",
        (Parameter("values", "any", variadic=True),),
        "Array",
        "One flat array of values and arrays. A null or empty element makes it fail.",
        "Arrays.flatten(10, {20, 30}, 40)",
        [10, 20, 30, 40],
        SOURCE,
        flatten,
        slow=True,
    ),
    FunctionSpec(
        "Arrays.contains",
        (_ARRAY, _VALUE),
        "Boolean",
        "Whether an element equals the value as a whole; letter case matters.",
        "Arrays.contains(user.arrayAttribute, 10)",
        True,
        SOURCE,
        contains,
        _NUMBERS,
        slow=True,
    ),
    FunctionSpec(
        "Arrays.size",
        (_ARRAY,),
        "Integer",
        "The number of elements. Null has none.",
        "Arrays.size({10, 20, 30})",
        3,
        SOURCE,
        size,
    ),
    FunctionSpec(
        "Arrays.isEmpty",
        (_ARRAY,),
        "Boolean",
        "Whether there is no element; true for null.",
        "Arrays.isEmpty({10, 20})",
        False,
        SOURCE,
        is_empty,
    ),
    FunctionSpec(
        "Arrays.toCsvString",
        (_ARRAY,),
        "String",
        "The elements as one text with commas between them.",
        'Arrays.toCsvString({"This", "is", " a ", "test"})',
        "This,is, a ,test",
        SOURCE,
        to_csv_string,
        slow=True,
    ),
)
