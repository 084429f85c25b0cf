"""Replaces values and names inside a JSON text and keeps the rest of it as it was written."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import orjson

Rename: TypeAlias = Callable[[str], str]
"""Takes a member's name and returns the one to write."""

Replace: TypeAlias = Callable[[str, str], str]
"""Takes the name of the member that a value is in ("" for none) and the value, returns the new one.

The values of an array are in the member that the array is in.
"""

_LEXEME = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_WORDS = ("null", "true", "false")


def rewritten_json(body: bytes, name: Rename, text: Replace, number: Replace) -> bytes | None:
    """Return a JSON text with other names, texts and numbers, or None when it is not JSON.

    ``number`` takes and returns a number as it is written. null, true and false stay. The text is
    walked over without recursion, however deep it is.
    """
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    source = body.decode("utf-8")
    return "".join(_pieces(source, name, text, number)).encode("utf-8", "replace")


def _pieces(source: str, name: Rename, text: Replace, number: Replace) -> Iterator[str]:
    position = 0
    open_members: list[str] = []
    open_objects: list[bool] = []
    member = ""
    expects_name = False
    for match in _LEXEME.finditer(source):
        lexeme = match[0]
        if lexeme in "{[":
            open_members.append(member)
            open_objects.append(lexeme == "{")
            expects_name = lexeme == "{"
        elif lexeme in "}]":
            member = open_members.pop()
            open_objects.pop()
            expects_name = False
        elif lexeme == ",":
            expects_name = open_objects[-1]
            member = open_members[-1] if expects_name else member
        elif lexeme == ":":
            expects_name = False
        elif lexeme not in _WORDS:
            if lexeme[0] != '"':
                new = number(member, lexeme)
            else:
                old: str = json.loads(lexeme, strict=False) if "\\" in lexeme else lexeme[1:-1]
                if expects_name:
                    member = old
                changed = name(old) if expects_name else text(member, old)
                new = lexeme if changed == old else json.dumps(changed, ensure_ascii=False)
            yield source[position : match.start()]
            yield new
            position = match.end()
    yield source[position:]
