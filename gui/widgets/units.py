"""Offsets into a text: Python counts characters, Qt counts units of UTF-16."""

_LAST_OF_ONE_UNIT = "\uffff"


def to_units(text: str, offset: int) -> int:
    """Return where Qt has the character at an offset."""
    if text.isascii():
        return offset
    return offset + sum(letter > _LAST_OF_ONE_UNIT for letter in text[:offset])


def from_units(text: str, units: int) -> int:
    """Return the offset of the character at Qt's place; inside a character is at its start."""
    if text.isascii():
        return units
    passed = 0
    for offset, letter in enumerate(text):
        passed += 2 if letter > _LAST_OF_ONE_UNIT else 1
        if passed > units:
            return offset
    return len(text)
