"""Reading the values that clients send: types, canonical forms, and what is tolerated.

A value that is read is canonical: names as the schema spells them, no null, no empty text, list or
object. Every tolerance leaves a remark.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from server.scim.errors import ScimError, shortened
from server.scim.remarks import Remark
from server.scim.schemas import Attribute, AttributeType
from server.scim.times import normalised

MAX_REMARKS: Final = 100
"""A body may hold a thousand equal oddities; a person reads the first ones."""


def read_value(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> Any:
    """Return the canonical value of an attribute, or None when ``value`` unassigns it.

    ``prefix`` is what stands before the attribute's name in a message: "", "name." or the like.
    Read-only sub-attributes are left out, as clients echo them (RFC 7644 3.3, 3.5.1).

    Raises:
        ScimError: 400 ``invalidValue``, naming the attribute, the value and what is expected.
    """
    if attribute.multi_valued:
        return _read_list(attribute, value, prefix, remarks)
    return read_element(attribute, value, prefix, remarks)


def read_element(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> Any:
    """Return one canonical value of an attribute, also of a multi-valued one, or None."""
    if attribute.type == "complex":
        return _read_complex(attribute, value, prefix, remarks)
    if is_unassigned(value):
        return None
    return _READERS[attribute.type](attribute, value, prefix, remarks)


def read_members(
    attributes: Mapping[str, Attribute],
    value: Mapping[str, Any],
    prefix: str,
    remarks: list[Remark],
) -> dict[str, Any]:
    """Return the canonical parts of a complex value or of an extension."""
    members = {}
    for key, item in value.items():
        attribute = attributes.get(key.lower())
        if attribute is None:
            note_unknown(f"{prefix}{key}", remarks)
        elif attribute.mutability == "writeOnly":
            check_secret(attribute, item, prefix)
        elif item is not None and attribute.mutability != "readOnly":
            read = read_value(attribute, item, prefix, remarks)
            if read is not None:
                members[attribute.name] = read
    return members


def settled(
    attribute: Attribute, elements: list[Any], prefix: str, remarks: list[Remark]
) -> list[Any]:
    """Return the values of a multi-valued attribute without those that repeat another one.

    Raises:
        ScimError: 400 ``invalidValue`` when several values are primary (RFC 7643 2.4).
    """
    if len(elements) < 2:
        return elements
    kept: dict[Any, Any] = {}
    for element in elements:
        key = identity(attribute, element)
        if key not in kept:
            kept[key] = element
            continue
        note(
            remarks,
            "duplicate-value",
            f"A value of {prefix}{attribute.name} that repeats another one was dropped.",
        )
        if attribute.type == "complex" and element.get("primary") is True:
            kept[key] = {**kept[key], "primary": True}
    if "primary" in attribute.sub_attributes:
        primaries = sum(element.get("primary") is True for element in kept.values())
        if primaries > 1:
            refuse_primaries(attribute, prefix, primaries)
    return list(kept.values())


def identity(attribute: Attribute, element: Any) -> Any:
    """Return what makes an element the same as another one: its value and type, else all of it."""
    if attribute.type != "complex":
        return _folded(attribute, element)
    if "value" in element:
        value = _folded(attribute.sub_attributes["value"], element["value"])
        return value, element.get("type", "").casefold()
    return json.dumps(element, sort_keys=True)


def check_secret(attribute: Attribute, value: Any, prefix: str) -> None:
    """Refuse a value of a write-only attribute that is no text, without ever showing it."""
    if value is not None and not isinstance(value, str):
        raise ScimError(400, f"{prefix}{attribute.name} must be a text.", "invalidValue")


def is_unassigned(value: Any) -> bool:
    """Say whether a value unassigns its attribute: null, or an empty text, list or object."""
    return not value and not isinstance(value, int | float)


def note(remarks: list[Remark], code: str, text: str) -> None:
    """Add a remark that is not there yet."""
    remark = Remark(code, text)
    if len(remarks) < MAX_REMARKS and remark not in remarks:
        remarks.append(remark)


def note_unknown(name: str, remarks: list[Remark]) -> None:
    """Remark that an attribute of no schema was dropped."""
    note(remarks, "attribute-unknown", f"No schema knows {shortened(name)}: it was ignored.")


def described(value: Any) -> str:
    """Return a JSON value as it may stand in a detail, short whatever its size."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return shortened(value) if isinstance(value, str) else json.dumps(value)


def refuse(attribute: Attribute, value: Any, prefix: str) -> NoReturn:
    """Refuse a value of the wrong type or form."""
    raise ScimError(
        400,
        f"{prefix}{attribute.name} must be {_EXPECTED[attribute.type]}, not {described(value)}.",
        "invalidValue",
    )


def refuse_primaries(attribute: Attribute, prefix: str, count: int) -> NoReturn:
    """Refuse that several values of an attribute are primary."""
    raise ScimError(
        400,
        f"{prefix}{attribute.name} has {count} values marked as primary: only one can be.",
        "invalidValue",
    )


_EXPECTED: Final[dict[AttributeType, str]] = {
    "string": "a text",
    "boolean": "true or false",
    "decimal": "a number",
    "integer": "a whole number",
    "dateTime": 'a date with a time such as "2026-11-23T18:48:00Z"',
    "reference": "a text that holds an address or an id",
    "binary": "a text in base64",
    "complex": "an object",
}


def _read_list(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> Any:
    if type(value) is not list:
        if is_unassigned(value):
            return None
        note(
            remarks,
            "single-value",
            f"{prefix}{attribute.name} takes a list: the single value was understood as one.",
        )
        value = [value]
    elements = []
    for item in value:
        element = read_element(attribute, item, prefix, remarks)
        if element is not None:
            elements.append(element)
    return settled(attribute, elements, prefix, remarks) or None


def _read_complex(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> Any:
    if type(value) is not dict:
        if is_unassigned(value):
            return None
        if "value" not in attribute.sub_attributes or isinstance(value, list | bool):
            refuse(attribute, value, prefix)
        note(
            remarks,
            "plain-value",
            f"{prefix}{attribute.name} takes an object: the plain value was understood as "
            "its value.",
        )
        value = {"value": value}
    inner = f"{prefix}{attribute.name}."
    members = read_members(attribute.sub_attributes, value, inner, remarks)
    if members:
        check_required(attribute.sub_attributes, members, inner)
    return members or None


def check_required(
    attributes: Mapping[str, Attribute], members: Mapping[str, Any], prefix: str
) -> None:
    """Refuse that a required attribute has no value, or one of blanks alone.

    Raises:
        ScimError: 400 ``invalidValue``.
    """
    for attribute in attributes.values():
        if not attribute.required:
            continue
        value = members.get(attribute.name)
        if value is None or (isinstance(value, str) and value.isspace()):
            raise ScimError(
                400,
                f"{prefix}{attribute.name} is required: "
                f"send {_EXPECTED[attribute.type]} that is not empty.",
                "invalidValue",
            )


def _read_string(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> str:
    if type(value) is not str:
        value = _number_as_text(attribute, value, prefix, remarks)
    if "\0" in value:
        raise ScimError(
            400,
            f"{prefix}{attribute.name} holds the character U+0000, which no text may contain.",
            "invalidValue",
        )
    if attribute.canonical_values and value not in attribute.canonical_values:
        return _recased(attribute, value)
    text: str = value
    return text


def _number_as_text(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(attribute, value, prefix)
    note(
        remarks,
        "number-as-text",
        f"{prefix}{attribute.name} is a text: the number {value} was stored as one.",
    )
    return json.dumps(value)


def _recased(attribute: Attribute, value: str) -> str:
    """Return the canonical spelling; other values are allowed (RFC 7643 7)."""
    wanted = value.lower()
    known = (spelling for spelling in attribute.canonical_values if spelling.lower() == wanted)
    return next(known, value)


def _read_boolean(attribute: Attribute, value: Any, prefix: str, remarks: list[Remark]) -> bool:
    if isinstance(value, bool):
        return value
    # Entra sends "True" and "False" unless its aadOptscim062020 flag is set.
    meant = _BOOLEANS.get(value.lower()) if isinstance(value, str) else None
    if meant is None:
        refuse(attribute, value, prefix)
    note(
        remarks,
        "boolean-as-text",
        f"{prefix}{attribute.name} takes true or false without quotes: "
        f"the text {shortened(value)} was understood.",
    )
    return meant


def _read_decimal(attribute: Attribute, value: Any, prefix: str, _: list[Remark]) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= 2**63:
        refuse(attribute, value, prefix)
    return value


def _read_integer(attribute: Attribute, value: Any, prefix: str, _: list[Remark]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        refuse(attribute, value, prefix)
    return value


def _read_date_time(attribute: Attribute, value: Any, prefix: str, _: list[Remark]) -> str:
    if not isinstance(value, str) or normalised(value) is None:
        refuse(attribute, value, prefix)
    return value


def _read_binary(attribute: Attribute, value: Any, prefix: str, _: list[Remark]) -> str:
    if not isinstance(value, str) or not _BASE64.fullmatch(value):
        refuse(attribute, value, prefix)
    # Padding may be left out, but a single character left over encodes nothing (RFC 4648 4).
    if len("".join(value.split()).rstrip("=")) % 4 == 1:
        refuse(attribute, value, prefix)
    return value


def _read_reference(attribute: Attribute, value: Any, prefix: str, _: list[Remark]) -> str:
    if not isinstance(value, str) or "\0" in value:
        refuse(attribute, value, prefix)
    return value


def _folded(attribute: Attribute, value: Any) -> Any:
    if isinstance(value, str) and not attribute.case_exact:
        return value.casefold()
    return value


_BOOLEANS: Final = {"true": True, "false": False}
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\s-]+={0,2}\s*", re.ASCII)
_READERS: Final[
    dict[AttributeType, Callable[[Attribute, Any, str, list[Remark]], str | bool | int | float]]
] = {
    "string": _read_string,
    "boolean": _read_boolean,
    "decimal": _read_decimal,
    "integer": _read_integer,
    "dateTime": _read_date_time,
    "reference": _read_reference,
    "binary": _read_binary,
}
