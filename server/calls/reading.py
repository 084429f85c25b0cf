"""Reads what stands in a call's query and bodies, whatever bytes these are."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson

from server.calls.call import Call


def parsed(body: bytes) -> Any:
    """Return a body's JSON value, or None when it has none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def parameters(call: Call) -> dict[str, str]:
    """Return the query's parameters by name in lower case; of repeated ones the first counts."""
    pairs = parse_qsl(call.query, keep_blank_values=True, errors="replace")
    return {name.lower(): value for name, value in reversed(pairs)}


def header(call: Call, name: str) -> str | None:
    """Return a header of the request (``name`` in lower case), or None."""
    return next((value for n, value in call.request_headers if n.lower() == name), None)


def member(value: Any, name: str) -> Any:
    """Return the member of an object with this name in any letter case, or None."""
    if not isinstance(value, dict):
        return None
    if name in value:
        return value[name]
    wanted = name.lower()
    return next((inner for key, inner in value.items() if key.lower() == wanted), None)


def is_false(value: Any) -> bool:
    """Say whether a value means false, in any of the forms that clients send."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = member(value, "value")
    return value is False or (isinstance(value, str) and value.lower() == "false")


def total_results(call: Call) -> int | None:
    """Return how many resources an answered list has in all, or None when it does not say."""
    match = _TOTAL.search(call.response_body)
    return int(match[1]) if match else None


def patch_operations(call: Call) -> Iterator[tuple[str, str, Any]]:
    """Yield verb (lower case), path ("" for none) and value of each well-formed operation."""
    operations = member(parsed(call.request_body), "Operations")
    if not isinstance(operations, list):
        return
    for operation in operations:
        verb, path = member(operation, "op"), member(operation, "path")
        if isinstance(verb, str):
            yield verb.lower(), path if isinstance(path, str) else "", member(operation, "value")


def members_of(members: Any) -> list[Any]:
    """Return members that are listed, or the single one, as a list."""
    if isinstance(members, list):
        return members
    return [members] if isinstance(members, dict) else []


def error_member(call: Call, name: str) -> str:
    """Return a text of the SCIM error that was answered, such as its "detail", or ""."""
    value = member(parsed(call.response_body), name)
    return value if isinstance(value, str) else ""


def short(text: str, limit: int = 80) -> str:
    """Return text for one line: printable, and cut when it is long."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    return f"{text[:limit]}…" if len(text) > limit else text


_TOTAL = re.compile(rb'"totalResults"\s*:\s*(\d{1,12})\b', re.IGNORECASE)
