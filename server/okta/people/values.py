"""Whether a value fits an attribute, and the value that a text stands for."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, Final

from server.okta.people.person import STATUSES, ProfileValue
from server.okta.people.schema import AttributeType, ProfileAttribute, ProfileSchema

LONGEST_CUSTOM: Final = 10_000
"""Characters of a custom text without a length of its own; longer ones are mistakes of a file."""


class ValueRefused(Exception):
    """A value is not one of its attribute; the text is a sentence that begins with its name."""


def checked(value: Any, attribute: ProfileAttribute) -> ProfileValue:
    """Return a JSON value if it fits; raise ``ValueRefused``.

    "" fits every attribute that is not a list: it says that the value was cleared.
    """
    if attribute.is_list:
        if not isinstance(value, list):
            raise ValueRefused(f"{attribute.name} takes a list, but {_shown(value)} is none.")
        kind = attribute.type.removesuffix(" array")
        return [_scalar(element, kind, attribute) for element in value]
    if value == "":
        return ""
    scalar: ProfileValue = _scalar(value, attribute.type, attribute)
    return scalar


def parsed(text: str, attribute: ProfileAttribute) -> ProfileValue:
    """Return the value that a cell of a table stands for; raise ``ValueRefused``.

    A list is JSON (["a", "b"]) or its elements with ";" or "|" between them.
    """
    if attribute.type in _TEXTS:
        return _text(text, attribute)
    if not attribute.is_list:
        value: ProfileValue = _from_text(text.strip(), attribute.type, attribute)
        return value
    kind = attribute.type.removesuffix(" array")
    if text.lstrip().startswith("["):
        try:
            return checked(json.loads(text), attribute)
        except ValueError as error:
            raise ValueRefused(f"{attribute.name} begins like a JSON list, but is none.") from error
    parts = (part.strip() for part in re.split(r"[;|\n]", text))
    return [_from_text(part, kind, attribute) for part in parts if part]


def problem(profile: dict[str, ProfileValue], schema: ProfileSchema) -> str:
    """Return what keeps a profile from being one of Okta, or ""; of all that is required a login.

    Okta can be told to do without the names, and people without an email address are worth trying.
    """
    if not str(profile.get("login", "")).strip():
        return "The login is missing, which is the username in Okta."
    for name, value in profile.items():
        if name not in schema.names:
            return f"{name} is not an attribute of the Okta profile: add it first."
        try:
            checked(value, schema.names[name])
        except ValueRefused as error:
            return str(error)
    return ""


def status_of(text: str) -> str | None:
    """Return the status that a text means in any spelling ("Locked out"), or None."""
    name = re.sub(r"[\s_-]+", "_", text.strip().upper())
    return name if name in STATUSES else _STATUS_WORDS.get(name)


def flag_of(text: str) -> bool | None:
    """Return what a cell says that answers yes or no, or None."""
    return _FLAGS.get(text.strip().lower())


def inferred_type(values: Iterable[Any]) -> AttributeType:
    """Return the narrowest type that holds all values of an unknown attribute."""
    listed = [value for value in values if value != ""]
    if any(isinstance(value, list) for value in listed):
        kind = inferred_type(e for value in listed if isinstance(value, list) for e in value)
        return _ARRAYS.get(kind, "string array")
    kinds = {type(value) for value in listed}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, float}:
        return "number"
    return "string"


def _scalar(value: Any, kind: str, attribute: ProfileAttribute) -> Any:
    if kind in _TEXTS:
        if isinstance(value, str):
            return _text(value, attribute)
    elif kind == "boolean":
        if isinstance(value, bool):
            return value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if kind == "number" and math.isfinite(value):
            return value
        if isinstance(value, int) and abs(value) < 1 << 63:
            return value
    raise ValueRefused(_misfit(value, attribute))


def _from_text(text: str, kind: str, attribute: ProfileAttribute) -> Any:
    value: Any = text
    if kind == "boolean":
        value = flag_of(text)
    elif kind in ("integer", "number"):
        value = _number(text)
    if value is None:
        raise ValueRefused(_misfit(text, attribute))
    return _scalar(value, kind, attribute)


def _number(text: str) -> int | float | None:
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else None


def _text(text: str, attribute: ProfileAttribute) -> str:
    longest = attribute.max_length
    if longest is None and not attribute.base:
        longest = LONGEST_CUSTOM
    if longest is not None and len(text) > longest:
        raise ValueRefused(
            f"{attribute.name} has {len(text)} characters, but Okta takes at most {longest}."
        )
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueRefused(f"{attribute.name} holds half a character: type it again.")
    if len(text) < attribute.min_length:
        raise ValueRefused(
            f"{attribute.name} is {_shown(text)}, but Okta takes at least "
            f"{attribute.min_length} characters."
        )
    return text


def _misfit(value: Any, attribute: ProfileAttribute) -> str:
    return f"{attribute.name} is {_shown(value)}, which is not of the type {attribute.type}."


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


_TEXTS: Final = ("string", "country code", "language code", "linked object")
_ARRAYS: Final[dict[AttributeType, AttributeType]] = {
    "integer": "integer array",
    "number": "number array",
}
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_FLAGS: Final = {
    **dict.fromkeys(("true", "yes", "y", "1", "x", "on"), True),
    **dict.fromkeys(("false", "no", "n", "0", "off", "-"), False),
}
_STATUS_WORDS: Final = {
    "DEACTIVATED": "DEPROVISIONED",
    "DISABLED": "DEPROVISIONED",
    "INACTIVE": "DEPROVISIONED",
    "ENABLED": "ACTIVE",
    "LOCKED": "LOCKED_OUT",
    "PENDING": "PROVISIONED",
    "PENDING_USER_ACTION": "PROVISIONED",
    "PASSWORD_RESET": "RECOVERY",
}
"""What Okta's pages and other exports say for a status."""
