"""Making a body readable: pretty when it is JSON, cut when it is long. Pure functions."""

import re
from typing import NamedTuple

import orjson

SHOWN_CHARACTERS = 256 * 1024
"""More than this is shown on request only: a text view takes half a second for a megabyte."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_INDENT = "  "


class ReadableBody(NamedTuple):
    """A body as text.

    ``syntax`` is "json" or "text", ``size`` the bytes on the wire, ``cut`` says that the text goes
    on after what is here.
    """

    text: str
    syntax: str
    size: int
    cut: bool = False


def readable_body(body: bytes, limit: int | None = SHOWN_CHARACTERS) -> ReadableBody:
    """Return a body for a person; ``limit`` None is all of it.

    JSON is only indented anew: the order, repeated members, the spelling of numbers and escapes
    stay as they were sent.
    """
    text = body.decode("utf-8", "replace")
    syntax = "json" if _is_json(body) else "text"
    if syntax == "json":
        text = indented(text)
    text = text.replace("\0", "\N{SYMBOL FOR NULL}")
    cut = limit is not None and len(text) > limit
    return ReadableBody(text[:limit] if cut else text, syntax, len(body), cut)


def indented(text: str) -> str:
    """Return JSON with every member and element on a line of its own."""
    pieces: list[str] = []
    depth = 0
    opened = False  # the one before opened an object or array
    for piece in _TOKEN.findall(text):
        if piece in "}]":
            depth -= 1
            if not opened:
                pieces.append("\n" + _INDENT * depth)
            pieces.append(piece)
            opened = False
            continue
        if opened:
            pieces.append("\n" + _INDENT * depth)
        opened = piece in "{["
        if opened:
            depth += 1
        if piece == ",":
            pieces.append(",\n" + _INDENT * depth)
        elif piece == ":":
            pieces.append(": ")
        else:
            pieces.append(piece)
    return "".join(pieces)


def _is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True
