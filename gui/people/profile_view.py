"""The profile of a person: every attribute of the schema, to read and to change."""

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from gui.people.profile_editor import ProfileModel, ValueDelegate
from gui.people.profile_model import (
    COLUMNS,
    VALUE,
    AttributeRow,
    attribute_rows,
    cleared,
    type_words,
    value_text,
)
from gui.theme import Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.table import Table
from server.okta.people import Person, ProfileSchema


class ProfileView(QWidget):
    """Lists all attributes; a value is edited in its cell, cleared, or set to never set.

    Signals:
        value_changed: an attribute is to have another value, with its name and the value; None
            is one that was never set.
    """

    value_changed = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._theme = theme
        self.model = ProfileModel()
        self.table = _ProfileTable(theme)
        self.table.setModel(self.model)
        self.delegate = ValueDelegate(theme, self.table, self.model)
        self.table.setItemDelegate(self.delegate)
        self.table.arrange()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.edit_button = push_button(theme, "Edit", "pencil", clicked=self.edit)
        self.clear_button = push_button(theme, "Clear", "circle", clicked=self.clear_value)
        self.unset_button = push_button(theme, "Never set", "ban", clicked=self.unset_value)
        self.edit_button.setToolTip("Change the value (Enter)")
        self.clear_button.setToolTip("Empty the value, as somebody in Okta would (Del)")
        self.unset_button.setToolTip("As if it had never had a value (Shift+Del)")
        self.facts = ElidedLabel("", "small")
        self.problem = label("", tone="danger", wrap=True)
        self.problem.hide()
        buttons = row(self.edit_button, self.clear_button, self.unset_button, None, spacing=1)
        layout = column(spacing=2)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.facts)
        layout.addWidget(self.problem)
        layout.addWidget(plain(buttons))
        self.setLayout(layout)
        self.setFocusProxy(self.table)
        # Not ``row_opened``: a double click would ask for two editors.
        self.table.activated.connect(self.edit)
        self.table.clear_asked.connect(self.clear_value)
        self.table.unset_asked.connect(self.unset_value)
        self.table.customContextMenuRequested.connect(self._offer)
        self.table.selectionModel().currentRowChanged.connect(self._show_row)
        self.delegate.value_typed.connect(self._take_value)
        self.delegate.problem_changed.connect(self.say)
        self._show_row()

    def show_person(self, person: Person, schema: ProfileSchema) -> None:
        """Show the profile of a person; of the same attributes the chosen one stays chosen."""
        rows = attribute_rows(person, schema)
        known = [each.attribute for each in self.model.rows]
        if known == [each.attribute for each in rows]:
            self.model.update_rows(rows)
        else:
            self.model.set_rows(rows)
        self.say("")
        self._show_row()

    def choose(self, name: str) -> None:
        """Choose the row of an attribute."""
        for number, each in enumerate(self.model.rows):
            if each.attribute.name == name:
                self.table.setCurrentIndex(self.model.index(number, VALUE))

    @property
    def chosen(self) -> AttributeRow | None:
        """Return the attribute of the chosen row."""
        index = self.table.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    @Slot()
    def edit(self) -> None:
        """Put an editor over the value of the chosen row."""
        index = self.table.currentIndex()
        if index.isValid() and not self.table.editing:
            self.table.setFocus()
            self.table.edit(self.model.index(index.row(), VALUE))

    @Slot()
    def clear_value(self) -> None:
        """Empty the value of the chosen row."""
        if chosen := self.chosen:
            self.value_changed.emit(chosen.attribute.name, cleared(chosen.attribute))

    @Slot()
    def unset_value(self) -> None:
        """Take the value of the chosen row away, as if there had never been one."""
        if chosen := self.chosen:
            self.value_changed.emit(chosen.attribute.name, None)

    @Slot(str)
    def say(self, problem: str) -> None:
        """Say what is wrong with a value, or nothing."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    @Slot(int, object)
    def _take_value(self, number: int, value: object) -> None:
        self.value_changed.emit(self.model.row(number).attribute.name, value)

    @Slot()
    def _show_row(self, *_indexes: QModelIndex) -> None:
        chosen = self.chosen
        for button in (self.edit_button, self.clear_button, self.unset_button):
            button.setEnabled(chosen is not None)
        self.facts.setText(
            f"{chosen.attribute.name}: {type_words(chosen.attribute)}"
            if chosen
            else "Choose an attribute to change it"
        )

    @Slot(QPoint)
    def _offer(self, place: QPoint) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = QGuiApplication.clipboard().setText
        for words, icon, slot in (
            ("Edit", "pencil", self.edit),
            ("Clear", "circle", self.clear_value),
            ("Never set", "ban", self.unset_value),
            ("Copy the value", "copy", partial(copy, value_text(chosen.value))),
            ("Copy as user." + chosen.attribute.name, "copy", partial(copy, _read_by(chosen))),
        ):
            self._theme.icons.put(menu.addAction(words, slot), icon, "muted")
        menu.popup(self.table.viewport().mapToGlobal(place))


class _ProfileTable(Table):
    clear_asked = Signal()
    unset_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Profile", COLUMNS)

    @property
    def editing(self) -> bool:
        """Say whether an editor is open."""
        return self.state() is self.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        editing = self.editing
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not editing:
            (self.unset_asked if shift else self.clear_asked).emit()
        elif key == Qt.Key.Key_F2 and not editing:
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


def _read_by(chosen: AttributeRow) -> str:
    return f"user.{chosen.attribute.name}"
