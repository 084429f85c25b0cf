"""What may be written at a place of a filter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from server.calls.filters.fields import FIELDS, Field
from server.calls.filters.printing import quoted
from server.calls.filters.words import Word, read_word

MOST = 50
"""How many completions are offered at a time."""


class Completion(NamedTuple):
    """A text to write, and what it means."""

    text: str
    help: str


class Completions(NamedTuple):
    """What to put in the place of the characters from ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    items: Sequence[Completion]


def complete(text: str, position: int, values: Mapping[str, Sequence[str]]) -> Completions:
    """Return what may stand where the cursor is; ``values`` are known values by field.

    Of a field whose name is being written the fields are offered, behind a colon its values.
    """
    word = _word_at(text, position)
    name = word.field
    field = FIELDS.get(name.lower()) if name is not None else None
    if field is not None and position > word.start + len(field.name):
        value = word.value()
        typed = read_word(text[: max(position, value.start)], value.start, tolerant=True).text
        items = _values(field, typed.casefold(), values.get(field.name, ()))
        return Completions(value.start, value.end, items)
    typed = text[word.start : position].casefold()
    if name is not None or typed.startswith('"'):
        return Completions(position, position, ())
    return Completions(word.start, word.end, _names(typed))


def _word_at(text: str, position: int) -> Word:
    """Return the word that the cursor is in or behind, without minuses before it."""
    start = 0
    while True:
        while start < position and (text[start].isspace() or text[start] in "()-"):
            start += 1
        word = read_word(text, start, tolerant=True)
        if word.end >= position or word.end >= len(text):
            return word
        start = word.end


def _names(typed: str) -> list[Completion]:
    named = [
        Completion(f"{field.name}:", f"{field.help} ({field.example})")
        for field in FIELDS.values()
        if field.name.startswith(typed)
    ]
    words = [
        Completion("or", "either of two terms"),
        Completion("not", "the opposite of the next term, as a minus before it"),
    ]
    return named + [word for word in words if typed and word.text.startswith(typed)]


def _values(field: Field, typed: str, known: Iterable[str]) -> list[Completion]:
    declared = field.values or {}
    all_values = {**declared, **{value: "" for value in known if value not in declared}}
    found = [
        (not value.casefold().startswith(typed), Completion(quoted(value), help))
        for value, help in all_values.items()
        if typed in value.casefold() or (typed and typed in help.casefold())
    ]
    return [completion for _, completion in sorted(found, key=lambda item: item[0])][:MOST]
