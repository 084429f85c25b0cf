"""Choosing somebody's manager among the people."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.people.search import people_model, people_with
from gui.widgets.buttons import push_button
from gui.widgets.cells import Cell
from gui.widgets.dialog import Dialog
from gui.widgets.search_field import SearchField
from gui.widgets.table import Column, Table, in_card
from server.okta.people import Person

COLUMNS = (
    Column("name", "Name", 180, stretch=True),
    Column("login", "Username", 240),
)


class ManagerDialog(Dialog):
    """``chosen`` is called with the person who is to be the manager."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        organization_id: int,
        person: Person,
        chosen: Callable[[Person], None],
    ) -> None:
        super().__init__(
            desk.theme,
            parent,
            f"Manager of {person.name}",
            "Expressions reach the manager as getManagerUser. The attributes managerId and manager "
            "get the id and the name.",
        )
        self.setMinimumWidth(560)
        self._desk = desk
        self._organization_id = organization_id
        self._take = chosen
        self.search = SearchField(desk.theme, "Find the manager", "Name, username or email")
        self.model = people_model(desk, COLUMNS, _cells, self._show_state)
        self.table = Table(desk.theme, "People", COLUMNS)
        self.table.setModel(self.model)
        self.table.arrange()
        self.table.setFixedHeight(280)
        self.choose_button = push_button(desk.theme, "Choose", kind="primary", clicked=self._choose)
        self.add(self.search, in_card(self.table))
        self.end_with(self.cancel_button(), self.choose_button)
        self.search.search_changed.connect(self._find)
        self.table.activated.connect(self._choose)
        self.table.selectionModel().selectionChanged.connect(self._show_state)
        self._find("")

    @property
    def chosen(self) -> Person | None:
        """Return the person of the selected row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.row(rows[0].row()) if rows else None

    @Slot(str)
    def _find(self, text: str) -> None:
        self.search.set_busy(True)
        self.model.show_list(people_with(self._desk, self._organization_id, text))

    @Slot()
    def _show_state(self) -> None:
        self.search.set_busy(self.model.busy)
        self.choose_button.setEnabled(self.chosen is not None)

    @Slot()
    def _choose(self) -> None:
        if person := self.chosen:
            self.accept()
            self._take(person)


def _cells(person: Person) -> Sequence[Cell]:
    return Cell(person.name, strong=True), Cell(person.login, color="muted")
