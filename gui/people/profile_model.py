"""The attributes of a person as rows: set, cleared, never set; read from what is typed."""

import json
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from gui.widgets.cells import Cell
from gui.widgets.table import Column
from server.okta.people import (
    Person,
    ProfileAttribute,
    ProfileSchema,
    ProfileValue,
    parsed,
)

COLUMNS = (
    Column("title", "Attribute", 130, priority=1),
    Column("variable", "Variable name", 125, hint="As expressions name it"),
    Column("value", "Value", 150, stretch=True),
)
VALUE = 2
"""The column that is edited."""


class State(Enum):
    """The three states of a value; an attribute that is not in the schema has none of them."""

    SET = "Set"
    CLEARED = "Cleared"
    NEVER_SET = "Never set"


class AttributeRow(NamedTuple):
    """An attribute of the schema, and its value; None is one that was never set."""

    attribute: ProfileAttribute
    value: ProfileValue | None

    @property
    def state(self) -> State:
        """Say whether it is set."""
        if self.value is None:
            return State.NEVER_SET
        return State.CLEARED if self.value in ("", []) else State.SET

    @property
    def edited(self) -> str:
        """Return the value as it is typed."""
        return value_text(self.value, for_edit=True)


def attribute_rows(person: Person, schema: ProfileSchema) -> list[AttributeRow]:
    """Return all attributes of the schema in its order."""
    return [AttributeRow(each, person.profile.get(each.name)) for each in schema.attributes]


def attribute_cells(row: AttributeRow) -> Sequence[Cell]:
    """Return an attribute as a row of the table."""
    title = f"{row.attribute.title} *" if row.attribute.required else row.attribute.title
    return Cell(title), Cell(row.attribute.name, color="muted", fixed=True), _value_cell(row)


def type_words(attribute: ProfileAttribute) -> str:
    """Return what an attribute takes: "string, 1 to 50 characters, required"."""
    words = [str(attribute.type)]
    if attribute.min_length and attribute.max_length:
        words.append(f"{attribute.min_length} to {attribute.max_length} characters")
    elif attribute.max_length:
        words.append(f"at most {attribute.max_length} characters")
    if attribute.is_list:
        words.append("with ; between the values")
    if attribute.required:
        words.append("required")
    return ", ".join(words)


def value_text(value: ProfileValue | None, *, for_edit: bool = False) -> str:
    """Return a value as text; ``parsed`` reads what is returned ``for_edit``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, list):
        return str(value)
    texts = [element if isinstance(element, str) else json.dumps(element) for element in value]
    if for_edit and any(set(text) & set(";|\n") or text != text.strip() for text in texts):
        return json.dumps(value, ensure_ascii=False)
    return "; ".join(texts)


def typed_value(text: str, attribute: ProfileAttribute) -> ProfileValue:
    """Return the value that a typed text stands for; nothing typed is a cleared one.

    Raises ``ValueRefused``.
    """
    return parsed(text, attribute) if text else cleared(attribute)


def cleared(attribute: ProfileAttribute) -> ProfileValue:
    """Return the value of an attribute that was cleared."""
    return [] if attribute.is_list else ""


def _value_cell(row: AttributeRow) -> Cell:
    if row.state is State.SET:
        return Cell(value_text(row.value))
    if row.state is State.CLEARED:
        words = "Empty list" if row.attribute.is_list else row.state.value
        return Cell(words, icon="circle", badge="neutral")
    return Cell(row.state.value, color="faint")
