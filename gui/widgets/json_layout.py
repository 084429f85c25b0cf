"""How a body is shown: JSON on lines that fold and know their path, all else as it came. Pure."""

import json
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import orjson

PART = 256 * 1024
"""So many characters are shown at first; the rest on request."""

Syntax = Literal["json", "headers", "text"]
Numbers: TypeAlias = "array[int]"
Step: TypeAlias = str | int | None
"""A member's name, an element's index, or None for the whole and for closing brackets."""

_INDENT = "  "
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_PIECE = re.compile(rf'({_STRING})(\s*:)?|([{{}}\[\],])|([^\s{{}}\[\],:"]+)', re.DOTALL)
_PLAIN_NAME = re.compile(r"[A-Za-z_$][\w$-]*")
# Qt ends a paragraph at these, or cannot take them at all.
_NOT_IN_A_LINE = re.compile("[\u2028\u2029\ufdd0\ufdd1\ud800-\udfff]")
_CONTROLS = str.maketrans({"\0": "\N{SYMBOL FOR NULL}", "\u2028": "\n", "\u2029": "\n"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as lines.

    ``starts`` has the offset of each line. For JSON, each line has in ``ends`` the line that closes
    what it opens (or -1), in ``parents`` the line that opened what it is in (or -1), and in
    ``steps`` its name or index there. ``reason`` says why this is not JSON, ``error_at`` is the
    offset of the syntax error. ``size`` is in bytes; ``cut`` says that the text goes on.
    """

    text: str
    syntax: Syntax
    starts: Numbers
    ends: Numbers = field(default_factory=lambda: array("q"))
    parents: Numbers = field(default_factory=lambda: array("q"))
    steps: list[Step] = field(default_factory=list)
    reason: str = ""
    error_at: int | None = None
    size: int = 0
    cut: bool = False

    @property
    def line_count(self) -> int:
        """Return the number of lines."""
        return len(self.starts)

    def line(self, number: int) -> str:
        """Return a line without its end."""
        last = number + 1 == len(self.starts)
        return self.text[self.starts[number] : None if last else self.starts[number + 1] - 1]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 0, of an offset."""
        number = bisect_right(self.starts, offset) - 1
        return number, offset - self.starts[number]

    def opens(self, number: int) -> bool:
        """Say whether a line opens something that can be folded."""
        return number < len(self.ends) and self.ends[number] > number

    def enclosing(self, number: int) -> list[int]:
        """Return the lines that opened what a line is in, the innermost first."""
        found = []
        while number < len(self.parents) and (number := self.parents[number]) >= 0:
            found.append(number)
        return found

    def path(self, number: int) -> str:
        """Return the path of the value on a line ("emails[0].value"), "" for the whole.

        A name that is a URN is followed by a colon as in SCIM's paths (RFC 7644 3.10).
        """
        if number >= len(self.steps):
            return ""
        steps = [self.steps[line] for line in (number, *self.enclosing(number))]
        path, joint = "", ""
        for step in reversed(steps):
            if isinstance(step, int):
                path += f"[{step}]"
            elif isinstance(step, str):
                urn = step[:4].lower() == "urn:"
                plain = urn or _PLAIN_NAME.fullmatch(step)
                path += f"{joint}{step}" if plain else f"[{json.dumps(step, ensure_ascii=False)}]"
                joint = ":" if urn else "."
                continue
            joint = "." if path else ""
        return path


def json_bytes(value: object) -> bytes:
    """Return a value as JSON; raises ``TypeError`` for what JSON has no form for."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode() if text.isascii() else _NOT_IN_A_LINE.sub(_escape, text).encode()


def shown_json(body: bytes, limit: int | None = PART) -> Shown:
    """Lay a body out; ``limit`` None is all of it.

    JSON is only indented anew: the order, repeated members, the spelling of numbers and escapes
    stay as they were sent. Anything else is shown as text, with the reason.
    """
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        text = body.decode("utf-8", "replace")
        return shown_text(text, _reason(text, error), limit=limit, error_at=_place(text, error))
    return _laid_out(body.decode(), len(body), limit)


def shown_text(
    text: str,
    reason: str = "",
    syntax: Syntax = "text",
    limit: int | None = PART,
    error_at: int | None = None,
) -> Shown:
    """Show a text as it is; ``error_at`` is the offset of what is wrong in it."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if error_at is not None:
        error_at -= text.count("\r\n", 0, error_at)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    text = _NOT_IN_A_LINE.sub("\N{REPLACEMENT CHARACTER}", text)
    cut = limit is not None and len(text) > limit
    text = text[:limit] if cut else text
    if error_at is not None and error_at > len(text):
        error_at = None
    starts = array("q", [0])
    starts.extend(match.end() for match in re.finditer("\n", text))
    return Shown(text, syntax, starts, reason=reason, error_at=error_at, size=size, cut=cut)


def _laid_out(text: str, size: int, limit: int | None) -> Shown:
    """Put every member and element of valid JSON on a line of its own."""
    if not text.isascii():
        text = _NOT_IN_A_LINE.sub(_escape, text)
    lines: list[str] = []
    ends, parents = array("q"), array("q")
    steps: list[Step] = []
    # Per open object or array: its line, and the index of its next element (-1 in an object).
    stack: list[list[int]] = []
    indent, head, name = "", "", None
    left = len(text) * 8 if limit is None else limit
    written = 0
    for match in _PIECE.finditer(text):
        string, colon, mark, word = match.groups()
        if colon:
            head = f"{string}: "
            name = json.loads(string) if "\\" in string else string[1:-1]
            continue
        if mark == ",":
            lines[-1] += ","
            if written > left:
                break
            continue
        number = len(lines)
        if mark == "}" or mark == "]":
            opened = stack.pop()[0]
            indent = _INDENT * len(stack)
            if opened == number - 1:
                lines[-1] += mark
                continue
            ends[opened] = number
            parents.append(opened)
            steps.append(None)
            line = f"{indent}{mark}"
        else:
            line = f"{indent}{head}{string or mark or word}"
            parents.append(stack[-1][0] if stack else -1)
            if stack and stack[-1][1] >= 0:
                steps.append(stack[-1][1])
                stack[-1][1] += 1
            else:
                steps.append(name)
            head, name = "", None
            if mark:
                stack.append([number, 0 if mark == "[" else -1])
                indent += _INDENT
        ends.append(-1)
        lines.append(line)
        written += len(line) + 1
    for opened, _index in stack:
        ends[opened] = len(lines) - 1
    shown = "\n".join(lines)
    return Shown(shown, "json", _starts(lines), ends, parents, steps, size=size, cut=bool(stack))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _starts(lines: list[str]) -> Numbers:
    starts, offset = array("q"), 0
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    return starts


def _reason(text: str, error: orjson.JSONDecodeError) -> str:
    if not text.strip():
        return ""
    if text.lstrip()[:1] not in ("{", "["):
        return "This is not JSON; it is shown as text."
    words = error.msg.removesuffix(": surrogates not allowed")
    return f"This is not valid JSON: {words} (line {error.lineno}, column {error.colno})."


def _place(text: str, error: orjson.JSONDecodeError) -> int | None:
    return min(error.pos, len(text)) if text.lstrip()[:1] in ("{", "[") else None
