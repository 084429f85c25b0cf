"""The custom attributes of an organization, in its settings."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.jobs import Jobs, Progress
from gui.organizations.attribute_dialog import KINDS, AttributeDialog
from gui.theme import Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.cells import Cell
from gui.widgets.dialog import ConfirmDialog
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import label
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table, in_card
from server.blink.custom_attributes import CustomAttribute

if TYPE_CHECKING:
    from storage.custom_attributes import CustomAttributeStore

COLUMNS = (
    Column("identifier", "Identifier", 150, hint="The name in SCIM, and in Okta's mapping"),
    Column("label", "Name", 150, stretch=True),
    Column("kind", "Type", 110),
    Column("choices", "Choices", 170, priority=1),
)

SHOWN_ROWS = 4
"""How many attributes are seen without scrolling."""


def attribute_cells(attribute: CustomAttribute) -> Sequence[Cell]:
    """Return an attribute as a row of the table."""
    return (
        Cell(attribute.identifier, fixed=True),
        Cell(attribute.label, strong=True),
        Cell(KINDS[attribute.kind], color="muted"),
        Cell(", ".join(attribute.choices) or "–", color="muted"),
    )


class CustomAttributesSection(QWidget):
    """Lists, adds, changes and removes the custom attributes; each change takes effect at once."""

    def __init__(
        self, theme: Theme, jobs: Jobs, store: "CustomAttributeStore", organization_id: int
    ) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._theme = theme
        self._jobs = jobs
        self._store = store
        self._organization_id = organization_id
        self.change_button = push_button(theme, "Change…", "pencil", clicked=self.change)
        self.remove_button = push_button(theme, "Remove…", "trash", clicked=self._ask_removal)
        self.add_button = push_button(theme, "Add…", "plus", clicked=self._add)
        self.model: RowsModel[CustomAttribute] = RowsModel(COLUMNS, attribute_cells)
        self.table = Table(theme, "Custom attributes", COLUMNS)
        self.table.setModel(self.model)
        self.table.arrange()
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
        # Not ``row_opened``: the second click of a double click would open two dialogs.
        self.table.activated.connect(self.change)
        self.empty = EmptyState(
            theme,
            "pencil",
            "No custom attribute",
            "Add the custom fields of this customer's Blink profile, so that Okta can send them.",
            push_button(theme, "Add attribute…", "plus", clicked=self._add),
        )
        self.stack = QStackedWidget()
        for part in (in_card(self.table), self.empty):
            self.stack.addWidget(part)
        row_height = self.table.verticalHeader().defaultSectionSize()
        head_height = self.table.horizontalHeader().height()
        self.stack.setFixedHeight(
            max(head_height + SHOWN_ROWS * row_height + 2, self.empty.sizeHint().height())
        )
        self.error = label("", tone="danger", wrap=True)
        self.error.hide()
        # The line keeps its height when its buttons appear.
        policy = self.add_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.add_button.setSizePolicy(policy)
        caption = label("Custom attributes of the Blink extension", "caption")
        head = plain(row(caption, None, self.change_button, self.remove_button, self.add_button))
        self.setLayout(column(head, self.stack, self.error))
        self._show([])
        self._read()

    @property
    def chosen(self) -> CustomAttribute | None:
        """Return the attribute of the selected row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.row(rows[0].row()) if rows else None

    @Slot()
    def change(self) -> None:
        """Open the dialog that changes the selected attribute."""
        if chosen := self.chosen:
            self._ask(chosen)

    @Slot()
    def _add(self) -> None:
        self._ask(None)

    def _ask(self, attribute: CustomAttribute | None) -> None:
        others = [other for other in self.model.rows if other != attribute]
        AttributeDialog(
            self._theme,
            self.window(),
            self._jobs,
            self._store,
            self._organization_id,
            others,
            self._saved,
            attribute,
        ).open()

    def _saved(self, attribute: CustomAttribute) -> None:
        self._read(attribute.identifier)

    def _read(self, choose: str = "") -> None:
        store, organization_id = self._store, self._organization_id

        def read(_progress: Progress) -> tuple[list[CustomAttribute], str]:
            return store.all(organization_id), choose

        self._jobs.run("", read, self._take, self._refused)

    def _take(self, read: tuple[list[CustomAttribute], str]) -> None:
        attributes, choose = read
        self._show(attributes)
        for number, attribute in enumerate(attributes):
            if attribute.identifier == choose:
                self.table.selectRow(number)

    def _show(self, attributes: list[CustomAttribute]) -> None:
        self.error.hide()
        self.model.set_rows(attributes)
        self.stack.setCurrentWidget(self.table if attributes else self.empty)
        self._update_buttons()

    @Slot()
    def _update_buttons(self) -> None:
        chosen = self.chosen is not None
        for button in (self.change_button, self.remove_button):
            button.setVisible(bool(self.model.rows))
            button.setEnabled(chosen)
            button.setToolTip("" if chosen else "Choose an attribute first")
        self.add_button.setVisible(bool(self.model.rows))

    @Slot()
    def _ask_removal(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        self.remove_button.setEnabled(False)
        store, organization_id, identifier = self._store, self._organization_id, chosen.identifier

        def count(_progress: Progress) -> tuple[str, int]:
            return identifier, store.users_with_value(organization_id, identifier)

        self._jobs.run("", count, self._confirm_removal, self._refused)

    def _confirm_removal(self, counted: tuple[str, int]) -> None:
        self._update_buttons()
        identifier, users = counted
        who = "1 user has a value, which is" if users == 1 else f"{users:,} users have a value, all"
        lost = f"{who} deleted for good. " if users else "No user has a value. "
        ConfirmDialog(
            self._theme,
            self.window(),
            f"Remove “{identifier}”?",
            f"{lost}From then on what Okta sends for it is ignored.",
            "Remove attribute",
            partial(self._remove, identifier),
        ).open()

    def _remove(self, identifier: str) -> None:
        store, organization_id = self._store, self._organization_id

        def remove(progress: Progress) -> None:
            store.remove(
                organization_id,
                identifier,
                lambda users: progress.report(None, f"{users:,} users"),
            )

        self._jobs.run(f"Removing {identifier}", remove, self._removed, self._refused)

    def _removed(self, _nothing: None) -> None:
        self._read()

    def _refused(self, error: Exception) -> None:
        self._update_buttons()
        self.error.setText(str(error))
        self.error.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The table lets Enter through, and the dialog around would take it for its Save button.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)
