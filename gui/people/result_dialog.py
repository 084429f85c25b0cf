"""What an import did, and the rows that it refused."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.boxes import plain, row
from gui.widgets.buttons import CopyButton, push_button
from gui.widgets.cells import Cell
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label, note
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table, in_card
from server.okta.people import RefusedRow
from storage.people_import import ImportOutcome

COLUMNS = (
    Column("number", "Row", 70, hint="The line of the file, or the place in the list"),
    Column("who", "Who", 190),
    Column("reason", "Why it was refused", 300, stretch=True),
)
SHOWN = 5_000
"""Refused rows that are listed; all of them are copied."""


class ResultDialog(Dialog):
    """Tells the counts, and lists what was refused."""

    def __init__(self, theme: Theme, parent: QWidget, name: str, outcome: ImportOutcome) -> None:
        refused = outcome.refused
        heading = f"{_counted(len(refused), 'row')} of {name} refused"
        super().__init__(theme, parent, heading)
        self._refused = refused
        self.setMinimumWidth(940)
        tone = "success" if outcome.people else "warning"
        self.add(note(theme, tone, label(outcome_words(outcome), wrap=True)))
        self.model: RowsModel[RefusedRow] = RowsModel(COLUMNS, _cells)
        self.model.set_rows(refused[:SHOWN])
        self.table = Table(theme, "Refused rows", COLUMNS)
        self.table.setModel(self.model)
        self.table.arrange()
        self.table.setFixedHeight(280)
        self.add(in_card(self.table))
        if len(refused) > SHOWN:
            self.add(label(f"The first {SHOWN:,} are listed; all of them are copied.", "small"))
        self.copy_button = CopyButton(theme, "Copy the refused rows", self.text, "Copy")
        self.add(plain(row(self.copy_button, None)))
        self.end_with(push_button(theme, "Close", kind="primary", clicked=self.accept))

    def text(self) -> str:
        """Return the refused rows as lines with tabs between number, who and reason."""
        return "\n".join(f"{row.number}\t{row.who}\t{row.reason}" for row in self._refused)


def outcome_words(outcome: ImportOutcome) -> str:
    """Return what an import did: "12 people imported: 10 new, 2 changed"."""
    if not outcome.people:
        return "Nobody was imported."
    parts: Sequence[tuple[int, str]] = (
        (outcome.new, "new"),
        (outcome.changed, "changed"),
        (outcome.unchanged, "unchanged"),
        (outcome.removed, "removed"),
    )
    told = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    who = "1 person" if outcome.people == 1 else f"{outcome.people:,} people"
    return f"{who} imported: {told}."


def _counted(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number:,} {word}s"


def _cells(row: RefusedRow) -> Sequence[Cell]:
    return (
        Cell(f"{row.number:,}", color="muted", fixed=True),
        Cell(row.who or "–"),
        Cell(row.reason),
    )
