"""The grammar of filters: text to tree.

    filter  = all ("or" all)*
    all     = term (["and"] term)*
    term    = ("-" | "not ") term | "(" filter ")" | field ":" value | word
    value   = word | number | span | moment

``not`` binds stronger than ``and``, ``and`` stronger than ``or``. A word without a field is looked
for anywhere. In a word ``*`` stands for anything, quotes keep blanks, brackets and stars.
"""

import re
from difflib import get_close_matches
from typing import Final, NoReturn

from server.calls.filters.fields import FIELDS, Field
from server.calls.filters.patterns import is_known
from server.calls.filters.printing import KEYWORDS, quoted
from server.calls.filters.times import read_moment, read_span
from server.calls.filters.tree import (
    And,
    CallFilterError,
    Filter,
    Not,
    Numbers,
    Or,
    Outcome,
    Pattern,
    Term,
    Test,
)
from server.calls.filters.words import Piece, Word, read_word

MAX_LENGTH: Final = 2_000
MAX_NESTING: Final = 12
MAX_TERMS: Final = 100


def parse(text: str) -> Filter | None:
    """Parse a filter; None for an empty one, which all calls match.

    Raises ``CallFilterError``.
    """
    if len(text) > MAX_LENGTH:
        raise CallFilterError(
            f"The filter is longer than {MAX_LENGTH:,} characters: shorten it.", 0, len(text)
        )
    for position, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise CallFilterError("Remove this character: no text has it.", position, 1)
    parser = _Parser(text)
    if parser.at_end:
        return None
    parsed = parser.any_of()
    if not parser.at_end:
        raise CallFilterError(
            "This bracket closes nothing: remove it, or open one before.", parser.position, 1
        )
    return parsed


_STATUS: Final = re.compile(r"([1-5])xx", re.IGNORECASE)
_RANGE: Final = re.compile(r"([0-9]{1,3})\.\.([0-9]{1,3})")
_COMPARED: Final = re.compile(r"(>=|<=|>|<|=|)([0-9]{1,3}|1000)")


class _Parser:
    """A recursive descent; ``position`` is at a character that is not blank, or at the end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._nesting = 0
        self._terms = 0
        self.position = 0
        self._skip_blanks()

    @property
    def at_end(self) -> bool:
        return self.position >= len(self._text)

    def any_of(self) -> Filter:
        terms = [self._all_of()]
        while self._keyword() == "or":
            self._skip_keyword("or")
            terms.append(self._all_of())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _all_of(self) -> Filter:
        terms = [self._term()]
        while not self.at_end and self._text[self.position] != ")":
            keyword = self._keyword()
            if keyword == "or":
                break
            if keyword == "and":
                self._skip_keyword("and")
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _term(self) -> Filter:
        start = self.position
        if self.at_end:
            raise CallFilterError("A term is missing here: write one, as status:404.", start, 0)
        character = self._text[start]
        if character == ")":
            raise CallFilterError(
                "Something is missing before this bracket: write a term, as status:404.", start, 1
            )
        if character == "(":
            return self._group()
        keyword = self._keyword()
        if keyword == "not":
            self._skip_keyword("not")
            return self._negated(start)
        if keyword:
            self._refuse_keyword(keyword)
        if character == "-":
            self.position += 1
            if self.at_end or self._text[self.position].isspace():
                raise CallFilterError(
                    'A term is missing behind the minus: write -status:404, or "-" in quotes.',
                    start,
                    1,
                )
            return self._negated(start)
        word = read_word(self._text, start)
        self._count_term(word)
        self.position = word.end
        self._skip_blanks()
        return _read_term(word)

    def _group(self) -> Filter:
        start = self.position
        self._open(start)
        self.position += 1
        self._skip_blanks()
        inner = self.any_of()
        if self.at_end:
            raise CallFilterError("The bracket is not closed: add one at the end.", start, 1)
        self.position += 1
        self._skip_blanks()
        self._nesting -= 1
        return inner

    def _negated(self, start: int) -> Filter:
        self._open(start)
        negated = Not(self._term())
        self._nesting -= 1
        return negated

    def _open(self, start: int) -> None:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise CallFilterError(
                f"The filter nests more than {MAX_NESTING} brackets: write it with fewer.", start, 1
            )

    def _count_term(self, word: Word) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise CallFilterError(
                f"The filter has more than {MAX_TERMS} terms: remove some.",
                word.start,
                word.end - word.start,
            )

    def _keyword(self) -> str | None:
        """Return the keyword that stands here."""
        if self.at_end or self._text[self.position] == '"':
            return None
        match = _KEYWORD.match(self._text, self.position)
        return match[0].lower() if match else None

    def _skip_keyword(self, keyword: str) -> None:
        self.position += len(keyword)
        self._skip_blanks()
        if self.at_end or self._text[self.position] == ")":
            raise CallFilterError(
                f'A term is missing behind "{keyword}": write one, as status:404.',
                self.position - len(keyword) if self.at_end else self.position,
                len(keyword) if self.at_end else 1,
            )

    def _refuse_keyword(self, keyword: str) -> NoReturn:
        raise CallFilterError(
            f'A term is missing before "{keyword}": write one, or put the word in quotes.',
            self.position,
            len(keyword),
        )

    def _skip_blanks(self) -> None:
        while not self.at_end and self._text[self.position].isspace():
            self.position += 1


_KEYWORD: Final = re.compile(rf"(?:{'|'.join(KEYWORDS)})(?=[\s()]|\Z)", re.IGNORECASE)


def _read_term(word: Word) -> Filter:
    name = word.field
    if name is None:
        return Term("text", _anywhere(word))
    field = FIELDS.get(name.lower())
    if field is None:
        near = get_close_matches(name.lower(), FIELDS, n=1)
        whole = quoted(word.text)
        whole = whole if whole.startswith('"') else f'"{whole}"'
        cure = f"did you mean {near[0]}:?" if near else f"for the text write {whole}."
        raise CallFilterError(f'There is no field "{name}": {cure}', word.start, len(name) + 1)
    value = word.value()
    if not value.pieces:
        raise CallFilterError(
            f"A value is missing behind {field.name}: write {field.example}.",
            word.start,
            word.end - word.start,
        )
    return Term(field.name, _read_value(field, value))


def _read_value(field: Field, value: Word) -> Test:
    match field.kind:
        case "number":
            return _number(field, value)
        case "longer" | "shorter":
            return read_span(value.text) or _refuse(field, value, "no length of time")
        case "from" | "to":
            return read_moment(value.text) or _refuse(field, value, "no time that can be")
        case "anywhere":
            return _anywhere(value)
        case "word":
            pattern = Pattern(_parts(value.pieces), whole=True)
            if not is_known(field.name, pattern):
                known = ", ".join(list(field.values or ())[:6])
                raise CallFilterError(
                    f'There is no {field.name} "{value.text}": write one as {known}.',
                    value.start,
                    value.end - value.start,
                )
            return pattern
        case "text":
            return _text(value)


def _number(field: Field, value: Word) -> Numbers | Outcome:
    text = value.text
    match text.lower():
        case "failed":
            return Outcome("failed")
        case "ok":
            return Outcome("ok")
    if found := _STATUS.fullmatch(text):
        hundreds = int(found[1]) * 100
        return Numbers(hundreds, hundreds + 99)
    if found := _RANGE.fullmatch(text):
        low, high = int(found[1]), int(found[2])
        if low <= high:
            return Numbers(low, high)
        raise CallFilterError(
            f"The range is empty: write {field.name}:{high}..{low}.",
            value.start,
            value.end - value.start,
        )
    found = _COMPARED.fullmatch(text)
    if found is None:
        _refuse(field, value, f"no {field.name}")
    sign, number = found[1], int(found[2])
    number += {">": 1, "<": -1}.get(sign, 0)
    if not 0 <= number <= 1000:
        _refuse(field, value, f"no {field.name} that can be")
    return Numbers(None if sign in ("<", "<=") else number, None if sign in (">", ">=") else number)


def _refuse(field: Field, value: Word, what: str) -> NoReturn:
    raise CallFilterError(
        f'"{value.text}" is {what}: write {field.example} ({field.help}).',
        value.start,
        value.end - value.start,
    )


def _text(value: Word) -> Pattern:
    pieces = value.pieces
    equals = not pieces[0].quoted and pieces[0].text.startswith("=")
    if equals:
        pieces = (Piece(pieces[0].text[1:], False), *pieces[1:])
    parts = _parts(pieces)
    return Pattern(parts, whole=equals or len(parts) > 1 or parts == ("",))


def _anywhere(word: Word) -> Pattern:
    parts = tuple(filter(None, _parts(word.pieces)))
    if not parts:
        raise CallFilterError(
            "There is nothing to look for: write a word.", word.start, word.end - word.start
        )
    return Pattern(parts)


def _parts(pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    """Cut the pieces at their stars; stars beside each other are one."""
    parts = [""]
    for piece in pieces:
        first, *others = [piece.text] if piece.quoted else piece.text.split("*")
        parts[-1] += first
        parts.extend(others)
    inner = [part for part in parts[1:-1] if part]
    return tuple(parts[:1] + inner + parts[-1:]) if len(parts) > 1 else tuple(parts)
