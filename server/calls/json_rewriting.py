"""Replaces values and names inside a JSON text and keeps the rest of it as it was written."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import orjson

Rename: TypeAlias = Callable[[str], str]
"""Takes a member's name and returns the one to write."""

Replace: TypeAlias = Callable[[Sequence[str], str], str]
"""Takes the names of the members that a value is in and the value, returns the new one.

The outermost is the first; a list has the name of the member that it is in, and "" stands for
none. The sequence changes when the call is over.
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
    members = [""]
    objects = [False]
    expects_name = False
    for match in _LEXEME.finditer(source):
        lexeme = match[0]
        if lexeme in "{[":
            objects.append(lexeme == "{")
            members.append("" if objects[-1] else members[-1])
            expects_name = objects[-1]
        elif lexeme in "}]":
            objects.pop()
            members.pop()
        elif lexeme in ",:":
            expects_name = lexeme == "," and objects[-1]
        elif lexeme not in _WORDS:
            if lexeme[0] != '"':
                new = number(members, lexeme)
            else:
                old: str = json.loads(lexeme) if "\\" in lexeme else lexeme[1:-1]
                if expects_name:
                    members[-1] = old
                changed = name(old) if expects_name else text(members, old)
                new = lexeme if changed == old else json.dumps(changed, ensure_ascii=False)
            yield source[position : match.start()]
            yield new
            position = match.end()
    yield source[position:]
