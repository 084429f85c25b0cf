"""One finding beside the list: what is wrong, the cure, the mapping, and whom it concerns."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from gui.desk import Desk
from gui.preflight.rows import FindingRow
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button, tool_button
from gui.widgets.cells import Cell
from gui.widgets.labels import badge, label, selectable, set_badge
from gui.widgets.paged_model import PagedModel, Part
from gui.widgets.table import Column, Table, in_card

COLUMNS = (
    Column("name", "Name", 150, stretch=True),
    Column("login", "Username", 190, priority=1),
    Column("new", "Since the last run", 140, priority=2),
)


class Concerned(NamedTuple):
    """Somebody whom a finding concerns; ``name`` is "" when they are not there any more."""

    id: str
    name: str
    login: str
    new: bool


class FindingPane(QFrame):
    """Shows a ``FindingRow``; its people are read by the page, however many they are.

    Signals:
        closed: the pane is to go.
        person_asked: a person is to be shown, with the id.
        mapping_asked: the mapping of a variable is to be shown.
    """

    closed = Signal()
    person_asked = Signal(str)
    mapping_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._row: FindingRow | None = None
        theme = desk.theme
        self.setProperty("kind", "card")
        self.setMinimumWidth(380)
        self.severity = badge("")
        close = tool_button(theme, "Close the finding", "close", "Close (Esc)", self.closed.emit)
        self.text = selectable(label("", "heading", wrap=True))
        self.cure = selectable(label("", wrap=True))
        self.example = selectable(label("", "muted", wrap=True))
        self.mapping = selectable(label("", "muted", wrap=True))
        self.mapping_button = push_button(
            theme, "Open the mapping", "mappings", clicked=self._ask_mapping
        )
        self.count = label("", "caption")
        self.model: PagedModel[Concerned] = PagedModel(
            desk.jobs, COLUMNS, _cells, self._show_state, desk.toasts.show_error
        )
        self.people = Table(theme, "People concerned", COLUMNS)
        self.people.setModel(self.model)
        self.people.arrange()
        self.open_button = push_button(theme, "Open person", "user", clicked=self._ask_person)
        self.open_button.setToolTip("Show the person on the People page (Enter)")
        buttons = row(self.mapping_button, None, self.open_button, spacing=1)
        head = plain(row(self.severity, None, close))
        layout = column(head, self.text, self.cure, spacing=2, margins=(4, 3, 3, 4))
        for part in (self.example, self.mapping, plain(buttons)):
            layout.addWidget(part)
        layout.addWidget(self.count)
        layout.addWidget(in_card(self.people), 1)
        self.setLayout(layout)
        self.setFocusProxy(self.people)
        self.people.activated.connect(self._ask_person)
        self.people.selectionModel().selectionChanged.connect(self._show_state)

    @property
    def row(self) -> FindingRow | None:
        """Return what is shown."""
        return self._row

    def show_finding(self, shown: FindingRow, organization_id: int) -> None:
        """Show a finding."""
        finding = shown.difference.finding
        same = self._row is not None and self._row.difference.finding == finding
        self._row = shown
        set_badge(self.severity, shown.look.word, shown.look.tone)
        self.text.setText(finding.text)
        for part, text in (
            (self.cure, finding.cure),
            (self.example, f"For example: {finding.example}" if finding.example else ""),
            (self.mapping, _mapping_words(shown)),
        ):
            part.setText(text)
            part.setVisible(bool(text))
        self.mapping_button.setVisible(bool(finding.variable))
        people = len(finding.people)
        who = "1 person" if people == 1 else f"{people:,} people"
        gone = not shown.difference.people
        self.count.setText(f"{who}, fixed since the last run" if gone else who)
        if not same:
            self._read(finding.people, shown.new, organization_id)
        self._show_state()

    def _read(self, ids: Sequence[str], new: frozenset[str], organization_id: int) -> None:
        services = self._desk.services

        def read(first: int, number: int) -> Part[Concerned]:
            people = services.okta().people
            found = []
            for person_id in ids[first : first + number]:
                person = people.get(organization_id, person_id)
                name = (person.name or person.login) if person else ""
                login = person.login if person else ""
                found.append(Concerned(person_id, name, login, person_id in new))
            return Part(len(ids), found)

        self.model.show_list(read)

    @property
    def _chosen(self) -> Concerned | None:
        rows = self.people.selectionModel().selectedRows()
        return self.model.row(rows[0].row()) if rows else None

    @Slot()
    def _show_state(self) -> None:
        chosen = self._chosen
        self.open_button.setEnabled(bool(chosen and chosen.name))

    @Slot()
    def _ask_person(self) -> None:
        chosen = self._chosen
        if chosen and chosen.name:
            self.person_asked.emit(chosen.id)

    @Slot()
    def _ask_mapping(self) -> None:
        if self._row:
            self.mapping_asked.emit(self._row.difference.finding.variable)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


def _mapping_words(shown: FindingRow) -> str:
    finding = shown.difference.finding
    if not finding.variable:
        return ""
    named = f"{shown.title} ({finding.variable})" if shown.title else finding.variable
    return f"{named} is mapped from {finding.mapping}" if finding.mapping else named


def _cells(person: Concerned) -> Sequence[Cell]:
    if not person.name:
        return Cell("Not there any more", color="faint"), Cell(person.id, color="faint"), Cell("")
    change = Cell("New", icon="plus", icon_color="warning", badge="warning")
    return (
        Cell(person.name, strong=True),
        Cell(person.login, color="muted"),
        change if person.new else Cell(""),
    )
