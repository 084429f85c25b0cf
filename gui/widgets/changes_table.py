"""What changed, attribute by attribute, with the value before and the value after."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from gui.theme import Theme
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Cell, Column, Table

SHOWN_CHARACTERS = 400

COLUMNS = (
    Column("change", "Change", 110),
    Column("path", "Attribute", 210),
    Column("before", "Before", 180),
    Column("after", "After", 180, stretch=True),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute; JSON values, None where it had, or has, none."""

    path: str
    before: object
    after: object


class ChangesTable(Table):
    """Shows changes; as high as they need up to ``most_rows``, then it scrolls.

    Signals:
        path_opened: a change was chosen with Enter or a double click, with its path.
    """

    path_opened = Signal(str)

    def __init__(self, theme: Theme, name: str = "Changes", most_rows: int = 8) -> None:
        super().__init__(theme, name, COLUMNS)
        self._most_rows = most_rows
        self.changes = RowsModel(COLUMNS, change_cells)
        self.setModel(self.changes)
        self.arrange()
        self.row_opened.connect(self._open)
        self.set_changes(())

    def set_changes(self, changes: Sequence[Change]) -> None:
        """Show other changes."""
        self.changes.set_rows(changes)
        rows = min(max(len(changes), 1), self._most_rows)
        row = self.verticalHeader().defaultSectionSize()
        self.setMinimumHeight(self.horizontalHeader().height() + rows * row + 4)

    @Slot(int)
    def _open(self, number: int) -> None:
        self.path_opened.emit(self.changes.row(number).path)


def change_cells(change: Change) -> tuple[Cell, ...]:
    """Return a change as cells; the kind is told by icon, word and colour."""
    if change.before is None:
        word, icon, color = "Added", "plus", "success"
    elif change.after is None:
        word, icon, color = "Removed", "minus", "danger"
    else:
        word, icon, color = "Changed", "pencil", "warning"
    return (
        Cell(word, icon, color, color),
        Cell(change.path, fixed=True),
        _value(change.before, "muted"),
        _value(change.after, "text"),
    )


def _value(value: object, color: str) -> Cell:
    if value is None:
        return Cell("–", color="faint")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > SHOWN_CHARACTERS:
        text = f"{text[:SHOWN_CHARACTERS]}…"
    return Cell(text or "“”", color=color, fixed=True)
