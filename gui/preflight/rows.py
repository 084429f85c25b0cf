"""How findings look: severities with icon, colour and word; what is new and what was fixed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gui.widgets.cells import Cell
from gui.widgets.table import Column
from server.okta.mapping.findings import Difference
from server.okta.mapping.rules import Severity

COLUMNS = (
    Column("severity", "Severity", 120),
    Column("text", "What was found", 260, stretch=True),
    Column("attribute", "Attribute", 150, priority=2, hint="The attribute of Blink's app in Okta"),
    Column("people", "People", 84),
    Column("change", "Since the last run", 150, priority=1),
)


class SeverityLook(NamedTuple):
    """A severity in words, one of it and several, with tone and icon."""

    word: str
    words: str
    tone: str
    icon: str


SEVERITY_LOOKS: Mapping[Severity, SeverityLook] = {
    Severity.ERROR: SeverityLook("Error", "Errors", "danger", "x-circle"),
    Severity.WARNING: SeverityLook("Warning", "Warnings", "warning", "alert"),
    Severity.NOTE: SeverityLook("Note", "Notes", "accent", "info"),
}
FIXED_LOOK = SeverityLook("Fixed", "Fixed", "success", "check-circle")
"""What the last run found, and this one does not."""


class FindingRow(NamedTuple):
    """A finding, and what became of it since the run before.

    ``title`` is the display name of its attribute. ``new`` are the ids of the people who are new
    to it; ``compared`` says whether there was a run before.
    """

    difference: Difference
    title: str
    new: frozenset[str]
    compared: bool

    @property
    def look(self) -> SeverityLook:
        """How bad it is."""
        gone = not self.difference.people
        return FIXED_LOOK if gone else SEVERITY_LOOKS[self.difference.finding.severity]

    @property
    def change(self) -> str:
        """What is new and what was fixed, in words."""
        _finding, people, fixed, new = self.difference
        if not self.compared:
            return "–"
        if not people:
            return f"{fixed:,} fixed"
        parts = [f"{new:,} new"] if new else []
        if fixed:
            parts.append(f"{fixed:,} fixed")
        return ", ".join(parts) or "Same"


def finding_cells(row: FindingRow) -> Sequence[Cell]:
    """Return a finding as a row of the table."""
    difference, look = row.difference, row.look
    variable = difference.finding.variable
    worse = bool(difference.new) and row.compared
    return (
        Cell(look.word, icon=look.icon, icon_color=look.tone, badge=look.tone),
        Cell(difference.finding.text, color="text" if difference.people else "muted"),
        Cell(row.title or variable or "–", color="muted"),
        Cell(f"{difference.people:,}", strong=True),
        Cell(row.change, color="warning" if worse else "muted"),
    )
