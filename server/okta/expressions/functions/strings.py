"""``String.*`` and their deprecated names without a namespace (spec 6.1)."""

from dataclasses import replace as changed
from typing import Final

from server.okta.expressions.context import Context
from server.okta.expressions.functions.specification import REFERENCE, FunctionSpec, Parameter
from server.okta.expressions.inferred import (
    BLANKS,
    NULL_APPENDED,
    NULL_JOINED,
    starts_with,
    substring_range,
)
from server.okta.expressions.limits import MAX_TEXT
from server.okta.expressions.regexes import check_time
from server.okta.expressions.values import (
    Int32,
    bounded,
    too_long,
    utf16_length,
    utf16_slice,
)

SOURCE: Final = REFERENCE + "#string-functions"


def append(text: str | None, suffix: str | None) -> str:
    """Return one text behind the other."""
    return bounded(
        (NULL_APPENDED if text is None else text) + (NULL_APPENDED if suffix is None else suffix)
    )


def join(separator: str | None, *texts: str | None) -> str:
    """Return the texts with the separator between them."""
    between = separator or ""
    items = [NULL_JOINED if text is None else text for text in texts]
    if sum(map(len, items)) + len(between) * len(items) > 2 * MAX_TEXT:
        raise too_long()
    return bounded(between.join(items))


def length(text: str | None) -> Int32:
    """Return the number of UTF-16 units."""
    return Int32(0 if text is None else utf16_length(text))


def remove_spaces(text: str | None) -> str | None:
    """Return the text without blanks."""
    return None if text is None else text.translate(BLANKS)


def replace(text: str | None, match: str | None, replacement: str | None) -> str | None:
    """Return the text with every occurrence replaced; the match is no regular expression."""
    return replaced(text, match, replacement, -1)


def replace_first(text: str | None, match: str | None, replacement: str | None) -> str | None:
    """Return the text with the first occurrence replaced."""
    return replaced(text, match, replacement, 1)


def replaced(text: str | None, match: str | None, replacement: str | None, most: int) -> str | None:
    """Return the text with up to ``most`` occurrences replaced; -1: all."""
    if not text or not match or replacement is None:
        return text
    count = text.count(match)
    count = count if most < 0 else min(most, count)
    if len(text) + count * (len(replacement) - len(match)) > MAX_TEXT:
        raise too_long()
    return text.replace(match, replacement, most)


def string_contains(text: str | None, search: str | None) -> bool:
    """Say whether a text contains another."""
    return text is not None and search is not None and search in text


def string_switch(
    context: Context, text: str | None, default: str | None, *pairs: str | None
) -> str | None:
    """Return the value of the first pair whose key is part of the text."""
    if text is not None:
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            if key is not None and key in text:
                return value
            check_time(context.deadline)
    return default


def substring(text: str | None, start: int, end: int) -> str | None:
    """Return the part from start to before end, counted in UTF-16 units."""
    if text is None:
        return None
    first, last = substring_range(start, end, utf16_length(text))
    return utf16_slice(text, first, last)


def substring_after(text: str | None, search: str | None) -> str | None:
    """Return what stands behind the first occurrence; "" when there is none."""
    if not text:
        return text
    if search is None:
        return ""
    return text.partition(search)[2] if search else text


def substring_before(text: str | None, search: str | None) -> str | None:
    """Return what stands before the first occurrence; the whole text when there is none."""
    if not text or search is None:
        return text
    return text.partition(search)[0] if search else ""


def to_upper_case(text: str | None) -> str | None:
    """Return the text in capitals."""
    return None if text is None else bounded(text.upper())


def to_lower_case(text: str | None) -> str | None:
    """Return the text in small letters."""
    return None if text is None else bounded(text.lower())


_INPUT: Final = Parameter("input")
_SEARCH: Final = Parameter("searchString")

_NAMESPACED: Final = (
    FunctionSpec(
        "String.append",
        (Parameter("str"), Parameter("suffix")),
        "String",
        "Puts the suffix behind the text.",
        'String.append("This is", " a test")',
        "This is a test",
        SOURCE,
        append,
    ),
    FunctionSpec(
        "String.join",
        (Parameter("separator"), Parameter("strings", variadic=True)),
        "String",
        "Joins texts with the separator between them. A null counts as an empty text.",
        'String.join(",", "This", "is", "a", "test")',
        "This,is,a,test",
        SOURCE,
        join,
    ),
    FunctionSpec(
        "String.len",
        (_INPUT,),
        "Integer",
        "The number of characters (UTF-16 units). Null has none.",
        'String.len("This")',
        4,
        SOURCE,
        length,
    ),
    FunctionSpec(
        "String.removeSpaces",
        (_INPUT,),
        "String",
        "Removes all blanks.",
        'String.removeSpaces("This is a test")',
        "Thisisatest",
        SOURCE,
        remove_spaces,
    ),
    FunctionSpec(
        "String.replace",
        (_INPUT, Parameter("match"), Parameter("replacement")),
        "String",
        "Replaces every occurrence of a text. The match is plain text, no regular expression.",
        'String.replace("This list includes chores", "is", "at")',
        "That latt includes chores",
        SOURCE,
        replace,
        slow=True,
    ),
    FunctionSpec(
        "String.replaceFirst",
        (_INPUT, Parameter("match"), Parameter("replacement")),
        "String",
        "Replaces the first occurrence of a text.",
        'String.replaceFirst("This list includes chores", "is", "at")',
        "That list includes chores",
        SOURCE,
        replace_first,
        slow=True,
    ),
    FunctionSpec(
        "String.startsWith",
        (_INPUT, Parameter("start")),
        "Boolean",
        "Whether the text begins so; letter case matters.",
        'String.startsWith("This is a test", "This")',
        True,
        SOURCE,
        starts_with,
    ),
    FunctionSpec(
        "String.stringContains",
        (_INPUT, _SEARCH),
        "Boolean",
        "Whether the text contains another; letter case matters.",
        'String.stringContains("This is a test", "test")',
        True,
        SOURCE,
        string_contains,
    ),
    FunctionSpec(
        "String.stringSwitch",
        (_INPUT, Parameter("defaultString"), Parameter("key1, value1, ", variadic=True)),
        "String",
        "The value of the first pair whose key is part of the input, otherwise the default.",
        'String.stringSwitch("This is a test", "default", "key1", "value1", "test", "value2")',
        "value2",
        SOURCE,
        string_switch,
        slow=True,
        takes_context=True,
    ),
    FunctionSpec(
        "String.substring",
        (_INPUT, Parameter("startIndex", "int"), Parameter("endIndex", "int")),
        "String",
        "The characters from the start, counted from 0, to before the end.",
        'String.substring("This is a test", 2, 9)',
        "is is a",
        SOURCE,
        substring,
    ),
    FunctionSpec(
        "String.substringAfter",
        (_INPUT, _SEARCH),
        "String",
        "What stands behind the first occurrence; an empty text when there is none.",
        'String.substringAfter("abc@okta.com", "@")',
        "okta.com",
        SOURCE,
        substring_after,
    ),
    FunctionSpec(
        "String.substringBefore",
        (_INPUT, _SEARCH),
        "String",
        "What stands before the first occurrence; the whole text when there is none.",
        'String.substringBefore("abc@okta.com", "@")',
        "abc",
        SOURCE,
        substring_before,
    ),
    FunctionSpec(
        "String.toUpperCase",
        (_INPUT,),
        "String",
        "The text in capitals.",
        'String.toUpperCase("This")',
        "THIS",
        SOURCE,
        to_upper_case,
    ),
    FunctionSpec(
        "String.toLowerCase",
        (_INPUT,),
        "String",
        "The text in small letters.",
        'String.toLowerCase("ThiS")',
        "this",
        SOURCE,
        to_lower_case,
    ),
)

_ALIASES: Final = frozenset(
    {"toUpperCase", "toLowerCase", "substring", "substringBefore", "substringAfter"}
)

STRING_FUNCTIONS: Final = (
    *_NAMESPACED,
    *(
        changed(
            spec,
            name=spec.last_name,
            deprecated=spec.name,
            example=spec.example.removeprefix("String."),
        )
        for spec in _NAMESPACED
        if spec.last_name in _ALIASES
    ),
)
