"""Replaces passwords and tokens inside a JSON text and keeps the rest of it as it was written."""

import json
import re
from dataclasses import dataclass, field

import orjson

_SIMPLE_PASSWORD = re.compile(rb'("password"\s*:\s*")[^"]*(?=")', re.IGNORECASE)
_LEXEME = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_PLAIN_PATH = re.compile(r"[\w:.$ -]*")
_ASSIGNMENT = re.compile(r"""passw(?:or)?d\W{0,8}?[=:]""", re.IGNORECASE)
_FEATURE = re.compile(r'\{\s*"supported"\s*:\s*(?:true|false)\s*\}')
"""``changePassword`` in a ServiceProviderConfig (RFC 7643 5)."""
_HARMLESS = ("null", "true", "false")


@dataclass(slots=True)
class _Container:
    """An object or array under way; positions are those in the text."""

    start: int
    is_object: bool
    key: str = ""
    expects_key: bool = True
    secret: bool = False
    value_spans: list[tuple[int, int]] = field(default_factory=list)


def redacted_json(body: bytes, replacement: str, token_prefix: str) -> bytes | None:
    """Return a JSON text without its secrets, or None when it is not JSON.

    Replaced are: the value of every member whose name speaks of a password (any letter case,
    behind a schema URN, written with escapes), the value of a PATCH operation whose path does,
    filters that do, and strings that hold a token. null, true and false stay.
    """
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if b"\\" not in body and token_prefix.encode() not in body:
        # Okta's own form. Without escapes a match cannot lie inside of another string.
        redacted, count = _SIMPLE_PASSWORD.subn(rb"\g<1>" + replacement.encode(), body)
        if count == body.lower().count(b"passw"):
            return redacted
    text = body.decode("utf-8")
    spans = _Scanner(text, token_prefix).secret_spans()
    return _spliced(text, spans, json.dumps(replacement)).encode("utf-8")


def _spliced(text: str, spans: list[tuple[int, int]], replacement: str) -> str:
    pieces = []
    position = 0
    for start, end in sorted(spans):
        if end <= position:
            continue
        if start >= position:
            pieces += [text[position:start], replacement]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


class _Scanner:
    """Walks over the lexemes of a valid JSON text once, without recursion."""

    def __init__(self, text: str, token_prefix: str) -> None:
        self._text = text
        self._prefix = token_prefix
        self._spans: list[tuple[int, int]] = []
        self._open: list[_Container] = []

    def secret_spans(self) -> list[tuple[int, int]]:
        """Return where values stand that must be replaced."""
        for match in _LEXEME.finditer(self._text):
            lexeme = match[0]
            if lexeme in "{[":
                self._open.append(_Container(match.start(), lexeme == "{"))
            elif lexeme in "}]":
                closed = self._open.pop()
                self._end_object(closed)
                self._value(closed.start, match.end(), None)
            elif lexeme == ",":
                self._open[-1].expects_key = True
            elif lexeme == ":":
                self._open[-1].expects_key = False
            elif lexeme[0] == '"':
                self._string(match.start(), match.end(), lexeme)
            elif lexeme not in _HARMLESS:
                self._value(match.start(), match.end(), None)
        return self._spans

    def _string(self, start: int, end: int, lexeme: str) -> None:
        text: str = json.loads(lexeme) if "\\" in lexeme else lexeme[1:-1]
        container = self._open[-1] if self._open else None
        if self._prefix in text and self._prefix not in lexeme:
            self._spans.append((start, end))
        if container is not None and container.is_object and container.expects_key:
            container.key = text
            return
        self._value(start, end, text)

    def _value(self, start: int, end: int, text: str | None) -> None:
        """Judge a value by the member that holds it; ``text`` is that of a string."""
        container = self._open[-1] if self._open else None
        key = container.key.lower() if container is not None and container.is_object else ""
        if "passw" in key and not _FEATURE.fullmatch(self._text, start, end):
            self._spans.append((start, end))
            return
        if container is not None and key == "value":
            container.value_spans.append((start, end))
        if text is None or "passw" not in text.lower():
            return
        if container is not None and key == "path":
            container.secret = True
            if not _PLAIN_PATH.fullmatch(text):
                self._spans.append((start, end))
        elif key == "filter" or _ASSIGNMENT.search(text):
            self._spans.append((start, end))

    def _end_object(self, container: _Container) -> None:
        if container.secret:
            self._spans += container.value_spans
