"""Mapping sets as files: our own JSON, and that of Okta's Mappings API.

Ours holds everything: app profile, username format and rows. Okta's holds the rows alone, as
``{"properties": {target: {"expression": ..., "pushStatus": "PUSH"}}}``, null for "not mapped"
(spec page "How Okta's mapping UI ...", section 1).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any, Final, TypeVar, get_args

import orjson

from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.external_names import Json
from server.okta.mapping.rows import (
    ApplyOn,
    MappingRow,
    MappingSet,
    UsernameFormat,
    UsernameKind,
    ValueKind,
)
from server.okta.mapping.target_types import DoesNotFit, constant_value
from server.okta.mapping.username import format_of
from server.okta.people.schema import AttributeType

FORMAT: Final = "blink-scim-desk-mappings"
VERSION: Final = 1

MOST_ATTRIBUTES: Final = 1000
LONGEST_TEXT: Final = 100_000
"""Limits of a file, in attributes or rows, and in characters of one value; ours."""

_E = TypeVar("_E", bound=Enum)

_PUSH_STATUS: Final = {ApplyOn.CREATE: "DONT_PUSH", ApplyOn.CREATE_AND_UPDATE: "PUSH"}


class InvalidMappings(ValueError):
    """A file cannot be read as mappings; the text is one sentence saying what to do."""


def read_file(data: bytes, base: MappingSet) -> MappingSet:
    """Read a file of either form; Okta's is applied to ``base``.

    Raises:
        InvalidMappings: It is neither, or something in it cannot be.
    """
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise InvalidMappings(
            f"The file is not JSON (line {error.lineno}): choose a file that was exported here, or "
            "an answer of Okta's Mappings API."
        ) from None
    if isinstance(document, dict) and document.get("format") == FORMAT:
        return from_json(document)
    if isinstance(document, dict) and isinstance(document.get("properties"), dict):
        return from_api(document, base)
    raise InvalidMappings(
        'The file holds no mappings: it has neither "format": '
        f'"{FORMAT}" nor the "properties" of Okta\'s Mappings API.'
    )


def to_json(mappings: MappingSet) -> Json:
    """Return a set in our form."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "attributes": [_attribute_json(attribute) for attribute in mappings.attributes],
        "username": {
            "format": mappings.username.kind.value,
            "expression": mappings.username.expression,
            "applyOn": mappings.username.apply_on.value,
        },
        "mappings": [
            {
                "variable": row.variable,
                "kind": row.kind.value,
                "text": row.text,
                "applyOn": row.apply_on.value,
            }
            for row in mappings.rows
        ],
        "numbersAsText": mappings.numbers_as_text,
    }


def from_json(document: Mapping[str, Any]) -> MappingSet:
    """Read our form; raises ``InvalidMappings``."""
    if document.get("version") != VERSION:
        raise InvalidMappings(
            f"The file is of version {document.get('version')!r} and this program reads version "
            f"{VERSION}: export it again with this program's version."
        )
    attributes = tuple(_attribute(each) for each in _items(document, "attributes"))
    _refuse_twice([attribute.variable for attribute in attributes], "attributes")
    username = _member(document, "username", dict, {}, "the file")
    rows = tuple(_row(each) for each in _items(document, "mappings"))
    _refuse_twice([row.variable for row in rows], "mappings")
    mappings = MappingSet(
        attributes,
        UsernameFormat(
            _choice(UsernameKind, username, "format", UsernameKind.OKTA, "username"),
            _text(username, "expression", "username"),
            _choice(ApplyOn, username, "applyOn", ApplyOn.CREATE_AND_UPDATE, "username"),
        ),
        rows,
        _member(document, "numbersAsText", bool, False, "the file"),
    )
    for row in rows:
        _known(mappings, row.variable)
    return mappings


def to_api(mappings: MappingSet) -> Json:
    """Return the rows in the form of Okta's Mappings API; those that are not mapped are null.

    The username is not among them: Okta sets it on the tab "Sign On".
    """
    rows = mappings.by_variable
    properties: dict[str, Any] = {}
    for attribute in mappings.attributes:
        row = rows.get(attribute.variable)
        if attribute.variable != USER_NAME:
            properties[attribute.variable] = row and {
                "expression": api_expression(attribute, row),
                "pushStatus": _PUSH_STATUS[row.apply_on],
            }
    return {"properties": properties}


def from_api(document: Mapping[str, Any], base: MappingSet) -> MappingSet:
    """Apply the form of Okta's Mappings API to a set, as the API does: what is not named stays.

    Raises:
        InvalidMappings: A property is not in the app profile, or is not of that form.
    """
    mappings = base
    for variable, value in document["properties"].items():
        attribute = _known(base, variable)
        if value is None:
            mappings = mappings.unmapped(variable)
            continue
        where = f'property "{variable}"'
        if not isinstance(value, dict):
            raise InvalidMappings(f'The {where} must be null or an object with an "expression".')
        expression = _text(value, "expression", where)
        status = _text(value, "pushStatus", where) or "PUSH"
        apply_on = next((key for key, text in _PUSH_STATUS.items() if text == status), None)
        if apply_on is None:
            raise InvalidMappings(
                f'The pushStatus of the {where} is "{status[:50]}": write PUSH or DONT_PUSH.'
            )
        if variable == USER_NAME:
            username = replace(format_of(expression), apply_on=apply_on)
            mappings = replace(mappings, username=username)
        else:
            kind, text = recognised(attribute, expression)
            mappings = mappings.mapped(MappingRow(variable, kind, text, apply_on))
    return mappings


def api_expression(attribute: AppAttribute, row: MappingRow) -> str:
    """Return a row as the one expression that Okta stores (constants quoted: inferred)."""
    if row.kind is ValueKind.PROFILE:
        return f"user.{row.text}"
    if row.kind is ValueKind.EXPRESSION:
        return row.text
    try:
        return _literal(constant_value(attribute, row.text))
    except DoesNotFit:
        return _literal(row.text)


def recognised(attribute: AppAttribute, expression: str) -> tuple[ValueKind, str]:
    """Return the kind of value that an expression came from, and what its dialog holds."""
    text = expression.strip()
    if found := _PROFILE.fullmatch(text):
        return ValueKind.PROFILE, found[1]
    if found := _QUOTED.fullmatch(text):
        quote = text[0]
        return ValueKind.SAME, text[1:-1].replace(quote * 2, quote)
    if attribute.type in _BARE and _BARE[attribute.type].fullmatch(text):
        return ValueKind.SAME, text
    return ValueKind.EXPRESSION, expression


_PROFILE: Final = re.compile(r"user\.([A-Za-z_$][A-Za-z0-9_$]*)", re.ASCII)
_QUOTED: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")
_BARE: Final[Mapping[str, re.Pattern[str]]] = {
    "boolean": re.compile("true|false", re.IGNORECASE),
    "integer": re.compile(r"-?[0-9]{1,19}"),
    "number": re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,19})?"),
}


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "{" + ", ".join(_literal(element) for element in value) + "}"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(value)


def _attribute_json(attribute: AppAttribute) -> Json:
    return {
        "variable": attribute.variable,
        "title": attribute.title,
        "type": attribute.type,
        "required": attribute.required,
        "externalName": attribute.external_name,
        "externalNamespace": attribute.external_namespace,
        "enum": [{"value": value, "title": title} for value, title in attribute.enum],
        "attributeType": attribute.attribute_type,
        "description": attribute.description,
        "custom": attribute.custom,
    }


def _attribute(value: Mapping[str, Any]) -> AppAttribute:
    variable = _text(value, "variable", "an attribute")
    where = f'attribute "{variable[:50]}"'
    if not _VARIABLE.fullmatch(variable):
        raise InvalidMappings(
            f"The {where} has no usable variable: write letters, digits and underscores."
        )
    type_ = _text(value, "type", where) or "string"
    if type_ not in get_args(AttributeType):
        raise InvalidMappings(
            f'The {where} has the type "{type_[:50]}": write one of '
            f"{', '.join(get_args(AttributeType))}."
        )
    level = _text(value, "attributeType", where)
    return AppAttribute(
        variable=variable,
        title=_text(value, "title", where) or variable,
        external_name=_text(value, "externalName", where),
        external_namespace=_text(value, "externalNamespace", where),
        type=type_,  # type: ignore[arg-type]
        required=_member(value, "required", bool, False, where),
        enum=tuple(
            (_text(each, "value", where), _text(each, "title", where))
            for each in _items(value, "enum")
        ),
        attribute_type="Group" if level == "Group" else "Personal",
        description=_text(value, "description", where),
        custom=_member(value, "custom", bool, False, where),
    )


_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)


def _row(value: Mapping[str, Any]) -> MappingRow:
    variable = _text(value, "variable", "a mapping")
    where = f'mapping of "{variable[:50]}"'
    return MappingRow(
        variable,
        _choice(ValueKind, value, "kind", ValueKind.EXPRESSION, where),
        _text(value, "text", where),
        _choice(ApplyOn, value, "applyOn", ApplyOn.CREATE_AND_UPDATE, where),
    )


def _known(mappings: MappingSet, variable: str) -> AppAttribute:
    attribute = mappings.attribute(variable)
    if attribute is None:
        raise InvalidMappings(
            f'The app profile has no attribute "{variable[:100]}": add it to the profile first, or '
            "take its mapping out of the file."
        )
    return attribute


def _refuse_twice(variables: Iterable[str], name: str) -> None:
    seen = set()
    for variable in variables:
        if variable in seen:
            raise InvalidMappings(f'The {name} have "{variable}" twice: leave one of them out.')
        seen.add(variable)


def _items(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items: list[Mapping[str, Any]] = _member(value, name, list, [], "the file")
    if len(items) > MOST_ATTRIBUTES or not all(isinstance(item, dict) for item in items):
        raise InvalidMappings(
            f'"{name}" must be a list of at most {MOST_ATTRIBUTES:,} objects: correct the file.'
        )
    return items


def _text(value: Mapping[str, Any], name: str, where: str) -> str:
    text: str = _member(value, name, str, "", where)
    if len(text) > LONGEST_TEXT:
        raise InvalidMappings(
            f'"{name}" of {where} is longer than {LONGEST_TEXT:,} characters: shorten it.'
        )
    return text


def _member(value: Mapping[str, Any], name: str, kind: type, default: Any, where: str) -> Any:
    member = value.get(name, default)
    if not isinstance(member, kind):
        kinds = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
        raise InvalidMappings(f'"{name}" of {where} must be {kinds[kind]}: correct the file.')
    return member


def _choice(kind: type[_E], value: Mapping[str, Any], name: str, default: _E, where: str) -> _E:
    text = _text(value, name, where)
    if not text:
        return default
    for choice in kind:
        if choice.value == text:
            return choice
    choices = ", ".join(f'"{choice.value}"' for choice in kind)
    raise InvalidMappings(f'"{name}" of {where} is "{text[:50]}": write one of {choices}.')
