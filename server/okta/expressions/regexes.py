"""Java's regular expressions on the ``regex`` package, bounded in time (spec 2.4).

The text of a pattern is translated character by character: what both write differently is
rewritten, what only ``regex`` knows (fuzzy matching, recursion, other flags) is refused.
"""

import re
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NoReturn

import regex  # type: ignore[import-untyped]

from server.okta.expressions.errors import ExpressionError, failure, limit_error
from server.okta.expressions.limits import MAX_PATTERN, SECONDS

MAX_GROUPS_WITHIN: Final = 50
"""Groups and classes inside each other; ``regex`` compiles them recursively."""

ESCAPES: Final = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": "[a-zA-Z_0-9]",
    "W": "[^a-zA-Z_0-9]",
    "s": "[ \\t\\n\\x0b\\f\\r]",
    "S": "[^ \\t\\n\\x0b\\f\\r]",
    "h": "[ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]",
    "H": "[^ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]",
    "v": "[\\n\\x0b\\f\\r\\x85\\u2028\\u2029]",
    "V": "[^\\n\\x0b\\f\\r\\x85\\u2028\\u2029]",
    "t": "\\t",
    "n": "\\n",
    "r": "\\r",
    "f": "\\f",
    "a": "\\x07",
    "e": "\\x1b",
}
"""Escapes by what they stand for; the classes are ASCII, as in Java."""

OUTSIDE_CLASSES: Final = {
    "b": "\\b",
    "B": "\\B",
    "A": "\\A",
    "G": "\\G",
    "z": "\\Z",
    "Z": "(?=(?:\\r\\n|[\\n\\r\\x85\\u2028\\u2029])?\\Z)",
    "R": "(?:\\r\\n|[\\n\\x0b\\f\\r\\x85\\u2028\\u2029])",
    "X": "\\X",
}

POSIX: Final = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": "\\x00-\\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": "!-/:-@\\[-`{-\\~",
    "Graph": "!-\\~",
    "Print": " -\\~",
    "Blank": " \\t",
    "Cntrl": "\\x00-\\x1f\\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": " \\t\\n\\x0b\\f\\r",
    "javaLowerCase": "\\p{Ll}",
    "javaUpperCase": "\\p{Lu}",
    "javaWhitespace": "\\s",
}
"""Java's own names of classes, as what stands between brackets."""

NO_LINE_END: Final = "[^\\n\\r\\x85\\u2028\\u2029]"
_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9]*")
_COUNT: Final = re.compile(r"\{[0-9]{1,9}(?:,[0-9]{0,9})?\}")
_FLAGS: Final = re.compile(r"\(\?([idmsuxU]*)(?:-([idmsuxU]*))?([:)])")
_GROUP: Final = re.compile(r"\(\?(?:[:=!>]|<[=!])")
_NUMBER: Final = re.compile(
    r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|0([0-7]{1,3})"
)


def matches_whole(pattern: str, text: str, deadline: float) -> bool:
    """Say whether the whole text matches a Java pattern.

    Raises:
        ExpressionError: The pattern is wrong or too long, or matching takes too long.
    """
    compiled = compiled_pattern(pattern)
    left = min(deadline - time.monotonic(), SECONDS)
    if left <= 0:
        raise too_slow()
    try:
        return compiled.fullmatch(text, timeout=left) is not None
    except TimeoutError:
        raise too_slow() from None


def too_slow() -> ExpressionError:
    """Return the error for an expression that runs out of time."""
    return limit_error("The expression takes too long and was stopped.")


def check_time(deadline: float) -> None:
    """Stop an expression that has run out of time; ``deadline`` is of ``time.monotonic``."""
    if time.monotonic() > deadline:
        raise too_slow()


def compiled_pattern(pattern: str) -> Any:
    """Return the compiled pattern; the last ones are kept."""
    found = _compiled(pattern)
    if isinstance(found, str):
        raise failure(
            f"EL1077E: The regular expression cannot be compiled: {found}",
            f"Look at the pattern {pattern[:80]!r}.",
        )
    return found


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    """Return the compiled pattern, or what is wrong with it."""
    if len(pattern) > MAX_PATTERN:
        return f"it has more than {MAX_PATTERN:,} characters"
    try:
        return regex.compile(_Translator(pattern).translated(), regex.V1)
    except (_Wrong, regex.error) as error:
        return str(error)
    except (RecursionError, OverflowError, MemoryError, ValueError, IndexError, KeyError):
        return "it is too complicated"


class _Wrong(Exception):
    """The pattern is not one of Java's."""


@dataclass(slots=True)
class _Translator:
    """Walks over a Java pattern and collects the same in the words of ``regex``."""

    pattern: str
    position: int = 0
    parts: list[str] = field(default_factory=list)
    flags: frozenset[str] = frozenset()
    outer: list[frozenset[str]] = field(default_factory=list)

    def translated(self) -> str:
        """Return the whole pattern; full case folding, which Java lacks, is switched off."""
        while self.position < len(self.pattern):
            self.step()
        if self.outer:
            self.wrong("a group is not closed")
        return "(?-f)" + "".join(self.parts)

    def step(self) -> None:
        """Translate what stands at the position."""
        char = self.pattern[self.position]
        if char == "\\":
            self.parts.append(self.escape(inside=False))
        elif char == "[":
            self.parts.append(self.character_class(1))
        elif char == "(":
            self.open_group()
        elif char == ")":
            if not self.outer:
                self.wrong("a ) has no (")
            self.flags = self.outer.pop()
            self.take(")")
        elif char == ".":
            self.position += 1
            self.parts.append("(?s:.)" if "s" in self.flags else NO_LINE_END)
        elif char == "{":
            found = _COUNT.match(self.pattern, self.position)
            if not found:
                self.wrong("a { counts nothing")
            self.take(found[0])
        elif char == "#" and "x" in self.flags:
            end = self.pattern.find("\n", self.position)
            self.position = len(self.pattern) if end < 0 else end
        elif char in "*+?|^$" or (char.isspace() and "x" in self.flags):
            self.take(char)
        else:
            self.position += 1
            self.parts.append(self.literal(char))

    def take(self, text: str) -> None:
        """Copy what both write alike."""
        self.parts.append(text)
        self.position += len(text)

    def literal(self, char: str) -> str:
        """Return a character; (?i) without (?u) folds only ASCII letters in Java."""
        escaped: str = regex.escape(char, special_only=False, literal_spaces=False)
        if "i" in self.flags and "u" not in self.flags and ord(char) > 127:
            return f"(?-i:{escaped})"
        return escaped

    def open_group(self) -> None:
        """Translate ``(``, ``(?:``, ``(?<name>`` or flags."""
        if len(self.outer) >= MAX_GROUPS_WITHIN:
            self.wrong("too many groups are inside each other")
        flags = _FLAGS.match(self.pattern, self.position)
        if flags:
            self.position = flags.end()
            on, off, end = set(flags[1]), set(flags[2] or ""), flags[3]
            if end == ":":
                self.outer.append(self.flags)
            self.flags = frozenset((self.flags | on) - off)
            known_on, known_off = ("".join(sorted(each & set("imsx"))) for each in (on, off))
            minus = f"-{known_off}" if known_off else ""
            self.parts.append(
                f"(?{known_on}{minus}{end}" if known_on or minus or end == ":" else ""
            )
            return
        start = self.position
        self.outer.append(self.flags)
        if not self.pattern.startswith("(?", start):
            self.take("(")
        elif found := _GROUP.match(self.pattern, start):
            self.take(found[0])
        elif self.pattern.startswith("(?<", start):
            name = _NAME.match(self.pattern, start + 3)
            if not name or self.pattern[name.end() : name.end() + 1] != ">":
                self.wrong("a group's name is wrong")
            self.take(f"(?<{name[0]}>")
        else:
            self.wrong("(? is followed by something unknown")

    def escape(self, *, inside: bool) -> str:
        """Return what a backslash and the characters behind it mean."""
        text = self.pattern
        if self.position + 1 >= len(text):
            self.wrong("it ends in a backslash")
        char = text[self.position + 1]
        if found := _NUMBER.match(text, self.position + 1):
            self.position = found.end()
            code = int(found[4], 8) if found[4] else int(found[1] or found[2] or found[3], 16)
            return self.code(code, inside=inside)
        self.position += 2
        if char in "pP":
            return self.named_class(char)
        if char == "Q":
            end = text.find("\\E", self.position)
            quoted = text[self.position :] if end < 0 else text[self.position : end]
            self.position = len(text) if end < 0 else end + 2
            return "".join(map(self.literal, quoted))
        if char == "c" and self.position < len(text):
            self.position += 1
            return self.code(ord(text[self.position - 1]) ^ 64, inside=inside)
        if char in ESCAPES:
            return ESCAPES[char]
        if not inside:
            if char in OUTSIDE_CLASSES:
                return OUTSIDE_CLASSES[char]
            if char in "123456789":
                return f"(?:\\{char})"
            if char == "k":
                name = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)>").match(text, self.position)
                if name:
                    self.position = name.end()
                    return f"(?P={name[1]})"
        if char.isascii() and char.isalnum():
            self.wrong(f"\\{char} is unknown")
        return str(regex.escape(char, special_only=False))

    def code(self, code: int, *, inside: bool) -> str:
        """Return the character of a code point."""
        if code > 0x10FFFF:
            self.wrong("a character's number is too large")
        char = f"\\U{code:08x}"
        return char if inside else f"(?:{char})"

    def named_class(self, sign: str) -> str:
        """Return ``\\p{..}`` with Java's names."""
        if self.pattern.startswith("{", self.position):
            end = self.pattern.find("}", self.position)
            name = self.pattern[self.position + 1 : end] if end > 0 else ""
            self.position = end + 1
        else:
            name = self.pattern[self.position : self.position + 1]
            self.position += 1
        if not re.fullmatch(r"[A-Za-z0-9_=\- ]+", name):
            self.wrong("a \\p is followed by something unknown")
        if name in POSIX:
            return f"[{'^' if sign == 'P' else ''}{POSIX[name]}]"
        name = name if regex_knows(name) else re.sub(r"^(?:Is|In)", "", name)
        if not regex_knows(name):
            self.wrong(f"the class {name} is unknown")
        return f"\\{sign}{{{name}}}"

    def character_class(self, level: int) -> str:
        """Return ``[...]``, which may hold other classes and ``&&``."""
        if level > MAX_GROUPS_WITHIN:
            self.wrong("too many classes are inside each other")
        text = self.pattern
        self.position += 1
        parts = ["["]
        if text.startswith("^", self.position):
            parts.append("^")
            self.position += 1
        first = True
        while self.position < len(text):
            char = text[self.position]
            if char == "]" and not first:
                self.position += 1
                return "".join(parts) + "]"
            if text.startswith("&&", self.position):
                parts.append("&&")
                self.position += 2
            elif char == "[":
                parts.append(self.character_class(level + 1))
            elif char == "\\":
                parts.append(self.escape(inside=True))
            elif char == "-":
                self.position += 1
                ranged = (
                    len(parts) > 1 and not first and text[self.position : self.position + 1] != "]"
                )
                parts.append("-" if ranged and parts[-1] not in ("-", "^", "&&") else "\\-")
            else:
                self.position += 1
                parts.append(regex.escape(char, special_only=False))
            first = False
        return self.wrong("a [ is not closed")

    def wrong(self, what: str) -> NoReturn:
        """Refuse the pattern."""
        raise _Wrong(f"{what} (at {self.position + 1})")


@lru_cache(maxsize=256)
def regex_knows(name: str) -> bool:
    """Say whether ``regex`` knows a Unicode class."""
    try:
        regex.compile(f"\\p{{{name}}}")
    except regex.error:
        return False
    return bool(name)
