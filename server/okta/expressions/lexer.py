"""Text to tokens (spec section 1)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<string>'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*")
    |(?P<real>[0-9]+(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?[fFdD]?|[eE][+-]?[0-9]+[fFdD]?|[fFdD]))
    |(?P<integer>0[xX][0-9A-Fa-f]+[lL]?|[0-9]+[lL]?)
    |(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)
    |(?P<operator>&&|\|\||==|!=|<=|>=|\?:|\?\.|\+\+|--|[-+*/%^!<>?:.,()\[\]{}])""",
    re.VERBOSE,
)

WORDS: Final = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "matches": "matches",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}
"""Words, in any letter case, that are operators."""

CONSTANTS: Final = {"true": True, "false": False, "null": None}
"""Words, in any letter case, that are values."""

NEVER_NAMES: Final = frozenset({"not", "eq", "ne", "lt", "le", "gt", "ge", "div", "mod"})
"""Words that SpEL's tokenizer takes for operators even behind a dot."""


class Token(NamedTuple):
    """A piece of the text.

    ``kind`` is "string", "real", "integer", "name", "constant", "error", "end", or, for an
    operator or a bracket, its symbol: ``AND`` and ``&&`` both have the kind ``&&``.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind the token."""
        return self.start + len(self.text)


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens, without blanks, then the end.

    What belongs to nothing is a token of the kind "error": one character, or for a quote that is
    never closed the whole rest.
    """
    position, length = 0, len(text)
    match = TOKEN.match
    while position < length:
        found = match(text, position)
        if found is None:
            piece = text[position:] if text[position] in "'\"" else text[position]
            yield Token("error", piece, position)
            position += len(piece)
            continue
        kind, piece = found.lastgroup or "", found[0]
        if kind == "operator":
            yield Token(piece, piece, position)
        elif kind == "name":
            word = piece.lower()
            named = "constant" if word in CONSTANTS else WORDS.get(word, "name")
            yield Token(named, piece, position)
        elif kind != "space":
            yield Token(kind, piece, position)
        position = found.end()
    yield Token("end", "", length)


def unquoted(literal: str) -> str:
    """Return what a text in quotes means: only its own quote is doubled (newer Spring's rule)."""
    quote = literal[0]
    return literal[1:-1].replace(quote * 2, quote)
