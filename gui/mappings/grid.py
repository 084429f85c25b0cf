"""The values of several people side by side: attributes down, people across."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu

from gui.desk import Desk
from gui.jobs import Progress
from gui.mappings.person_field import PersonField
from gui.mappings.table import MappingDelegate, TwoLines, preview_cell
from gui.mappings.trial import Outcome, Trial, around
from gui.mappings.trials import Trials
from gui.mappings.work import MappingWork
from gui.theme import Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.cells import CELL_ROLE, Cell
from gui.widgets.labels import ElidedLabel
from gui.widgets.table import Table, in_card
from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.people import Person, Population

FIRST_PEOPLE = 5
MOST_PEOPLE = 20
NAME_WIDTH, VALUE_WIDTH = 170, 172

_ROOT = QModelIndex()


class GridModel(QAbstractTableModel):
    """The mapped attributes, and above them what Blink would do."""

    def __init__(self) -> None:
        super().__init__()
        self._attributes: Sequence[AppAttribute] = ()
        self._trials: Sequence[Trial] = ()

    def show(self, attributes: Sequence[AppAttribute], trials: Sequence[Trial]) -> bool:
        """Show other attributes or trials; say whether there are other rows or columns now."""
        same = len(attributes) == len(self._attributes) and [t.person for t in trials] == [
            t.person for t in self._trials
        ]
        if not same:
            self.beginResetModel()
        self._attributes, self._trials = attributes, trials
        if same:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.endResetModel()
        return not same

    def variable(self, number: int) -> str:
        """Return the variable of a row; "" for the first one."""
        return self._attributes[number - 1].variable if number else ""

    def cell(self, line: int, place: int) -> Cell:
        """Return a cell."""
        if line == 0:
            if place == 0:
                return Cell("At Blink", strong=True)
            outcome = self._trials[place - 1].outcome
            color = "muted" if outcome.tone == "neutral" else outcome.tone
            icon = {"success": "check-circle", "danger": "x-circle"}.get(outcome.tone, "info")
            return Cell(outcome.short, icon=icon, icon_color=color, color=color)
        attribute = self._attributes[line - 1]
        if place == 0:
            return TwoLines(attribute.title, strong=True, below=attribute.variable)
        return preview_cell(attribute, self._trials[place - 1], mapped=True)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        if parent.isValid() or not self._trials:
            return 0
        return len(self._attributes) + 1

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._trials) + 1

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole and index.row() == 0 and index.column():
            return _told(self._trials[index.column() - 1].outcome)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            head = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{head}: {cell.text}"
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section > len(self._trials):
            return None
        if section == 0:
            return "Attribute" if role == Qt.ItemDataRole.DisplayRole else None
        person = self._trials[section - 1].person
        if role == Qt.ItemDataRole.DisplayRole:
            return person.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{person.login}\n{person.note}".strip()
        return None


def _told(outcome: Outcome) -> str:
    return f"{outcome.heading}\n{outcome.text}".strip()


class Grid(QFrame):
    """The grid, and a ``bar`` for the page to add people; the menu of a column takes them out.

    Signals:
        edit_asked: the row of this variable is to be edited.
        person_asked: this person is to be looked at alone.
    """

    edit_asked = Signal(str)
    person_asked = Signal(object)

    def __init__(self, desk: Desk, work: MappingWork) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._desk = desk
        self._work = work
        self._people: list[Person] = []
        self._loaded_for: int | None = None
        self.trials = Trials(desk, work, self)
        self.trials.changed.connect(self._show)
        self.model = GridModel()
        self.table = _GridTable(desk.theme, self.model)
        self.table.row_opened.connect(self._ask_edit)
        head = self.table.horizontalHeader()
        head.customContextMenuRequested.disconnect()
        head.customContextMenuRequested.connect(self._offer_at_head)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._offer_at_cell)
        self.add_field = PersonField(desk, "Add a person to compare", "Add a person to compare")
        self.add_field.setMinimumWidth(230)
        self.add_field.setMaximumWidth(260)
        self.add_field.person_chosen.connect(self._add)
        self.words = ElidedLabel("", "small")
        bar = row(self.add_field, spacing=3)
        bar.addWidget(self.words, 1)
        self.bar = plain(bar)
        self.setLayout(column(in_card(self.table), spacing=2))

    def set_organization(self, organization_id: int | None) -> None:
        """Compare people of another organization."""
        self.add_field.set_organization(organization_id)
        self._people = []
        self._loaded_for = None
        self.trials.clear()

    def open(self) -> None:
        """Show who was compared last, or else the first people there are."""
        organization_id, services = self._work.organization_id, self._desk.services
        if organization_id is None:
            return
        known = [person.id for person in self._people]
        first = self._loaded_for != organization_id
        self._loaded_for = organization_id

        def read(_progress: Progress) -> tuple[list[Person], Population]:
            people = services.okta().people
            if first:
                found = people.page(organization_id, limit=FIRST_PEOPLE).people
            else:
                read_ = (people.get(organization_id, each) for each in known)
                found = [person for person in read_ if person]
            return found, around(people, organization_id, found)

        self._desk.jobs.run("", read, self._take)

    def remove(self, person_id: str) -> None:
        """Compare a person no more."""
        self._people = [each for each in self._people if each.id != person_id]
        self.open()

    def _add(self, person: Person, _population: Population) -> None:
        if person.id not in {each.id for each in self._people}:
            self._people = [*self._people, person][-MOST_PEOPLE:]
        self.add_field.clear()
        self.open()

    def _take(self, answer: tuple[list[Person], Population]) -> None:
        self._people, population = answer
        self.trials.set_people(self._people, population)

    @Slot()
    def _show(self) -> None:
        mappings = self._work.mappings
        listed = [
            attribute
            for attribute, row_ in mappings.in_okta_order()
            if row_ or attribute.variable == USER_NAME
        ]
        if self.model.show(listed, self.trials.trials):
            self.table.widen()
        troubled = sum(trial.outcome.tone == "danger" for trial in self.trials.trials)
        count = len(self.trials.trials)
        if not count:
            self.words.setText("Add people to see their values side by side.")
        elif troubled:
            self.words.setText(f"{troubled} of {count} would not arrive at Blink.")
        else:
            self.words.setText(f"All {count} would arrive at Blink.")

    @Slot(int)
    def _ask_edit(self, number: int) -> None:
        if variable := self.model.variable(number):
            self.edit_asked.emit(variable)

    @Slot(QPoint)
    def _offer_at_head(self, place: QPoint) -> None:
        head = self.table.horizontalHeader()
        self._offer(head.logicalIndexAt(place), head.mapToGlobal(place))

    @Slot(QPoint)
    def _offer_at_cell(self, place: QPoint) -> None:
        at = self.table.viewport().mapToGlobal(place)
        self._offer(self.table.indexAt(place).column(), at)

    def _offer(self, section: int, at: QPoint) -> None:
        """Offer what can be done with the person of a column."""
        if not 1 <= section <= len(self._people):
            return
        person = self._people[section - 1]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Look at {person.name} alone", partial(self.person_asked.emit, person))
        menu.addAction("Remove from the comparison", partial(self.remove, person.id))
        menu.popup(at)


class _GridTable(Table):
    def __init__(self, theme: Theme, model: GridModel) -> None:
        super().__init__(theme, "Values of several people", ())
        self.setModel(model)
        self.setItemDelegate(MappingDelegate(theme, self))
        self.verticalHeader().setDefaultSectionSize(44)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.horizontalHeader().setSectionsMovable(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def widen(self) -> None:
        """Share the width among the people, but leave each enough to be read."""
        count = self.model().columnCount() - 1
        if count < 1:
            return
        free = self.viewport().width() - NAME_WIDTH
        head = self.horizontalHeader()
        head.resizeSection(0, NAME_WIDTH)
        for number in range(1, count + 1):
            head.resizeSection(number, max(VALUE_WIDTH, free // count))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.widen()
