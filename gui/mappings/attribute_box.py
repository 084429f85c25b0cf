"""The searchable menu of Okta's profile attributes: "firstName | string"."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from gui.theme import Theme
from gui.widgets.choice_box import ChoiceBox
from server.okta.people import ProfileSchema


class AttributeBox(ChoiceBox):
    """A menu to choose from with the mouse, or by typing a part of a name.

    ``chosen()`` is the name of an attribute; what is typed and is none counts as typed, so that
    the preview can say what is wrong with it.
    """

    def __init__(self, theme: Theme, schema: ProfileSchema, changed: Callable[[], None]) -> None:
        super().__init__(theme, "Okta Profile attribute")
        self._names: list[str] = []
        self._line = QLineEdit()
        self._line.setPlaceholderText("Select an attribute, or type a part of its name")
        self._line.setAccessibleName("Okta Profile attribute")
        self._line.setProperty("kind", "inner")
        self.setLineEdit(self._line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for attribute in schema.attributes:
            self.addItem(f"{attribute.name} | {attribute.type}", attribute.name)
            place = self.count() - 1
            self.setItemData(place, attribute.title, Qt.ItemDataRole.ToolTipRole)
            self._names.append(attribute.name)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(9)
        self.setCompleter(completer)
        self.setMaxVisibleItems(12)
        self.setCurrentIndex(-1)
        self.editTextChanged.connect(self._tell)
        self._changed = changed

    def chosen(self) -> str:
        """Return the name of the attribute, or what was typed in its place."""
        return self.currentText().partition("|")[0].strip()

    def choose(self, name: str) -> None:
        """Show an attribute; one that is not in the schema stays as it was saved."""
        place = self._names.index(name) if name in self._names else -1
        self.setCurrentIndex(place)
        if place < 0:
            self.setEditText(name)

    @Slot(str)
    def _tell(self, _text: str) -> None:
        self._changed()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._line.selectAll()
