"""The words of a filter: plain characters and texts in quotes, up to a blank or a bracket."""

from dataclasses import dataclass
from typing import NamedTuple

from server.calls.filters.tree import CallFilterError


class Piece(NamedTuple):
    """A stretch of a word; ``quoted`` when it stood in quotes, where ``*`` is just a star."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word from ``start`` to ``end`` (exclusive) of the text."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The word without its quotes."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def field(self) -> str | None:
        """What stands before a colon, if that may be the name of a field."""
        first = self.pieces[0] if self.pieces else Piece("", False)
        name, colon, _ = first.text.partition(":")
        return name if colon and not first.quoted and name.isascii() and name.isalpha() else None

    def value(self) -> "Word":
        """Return what stands behind the colon."""
        name = self.field or ""
        rest = self.pieces[0].text[len(name) + 1 :]
        pieces = (Piece(rest, False), *self.pieces[1:]) if rest else self.pieces[1:]
        return Word(self.start + len(name) + 1, self.end, pieces)


def read_word(text: str, start: int, *, tolerant: bool = False) -> Word:
    """Return the word that begins at ``start``.

    Raises ``CallFilterError`` for a quotation mark that is not closed, unless ``tolerant``.
    """
    pieces: list[Piece] = []
    position = start
    while position < len(text) and not _ends_word(text[position]):
        if text[position] == '"':
            piece, position = _quoted(text, position, tolerant)
        else:
            end = position
            while end < len(text) and text[end] != '"' and not _ends_word(text[end]):
                end += 1
            piece, position = Piece(text[position:end], False), end
        pieces.append(piece)
    return Word(start, position, tuple(pieces))


def _ends_word(character: str) -> bool:
    return character in "()" or character.isspace()


def _quoted(text: str, start: int, tolerant: bool) -> tuple[Piece, int]:
    found: list[str] = []
    position = start + 1
    while position < len(text):
        character = text[position]
        if character == '"':
            return Piece("".join(found), True), position + 1
        if character == "\\" and text[position + 1 : position + 2] in ('"', "\\"):
            position += 1
            character = text[position]
        found.append(character)
        position += 1
    if tolerant:
        return Piece("".join(found), True), position
    raise CallFilterError(
        "The quotation mark is not closed: put another one behind the text.",
        start,
        len(text) - start,
    )
