"""The three kinds of value that Okta's dialog offers, each with its own field."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.mappings.attribute_box import AttributeBox
from gui.mappings.expression_field import ExpressionField
from gui.mappings.history import History
from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.choice_box import ChoiceBox
from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.forms import LONGEST_TEXT
from server.okta.mapping.rows import ValueKind
from server.okta.people import ProfileSchema


class ValueFields(QWidget):
    """A text or a menu, the menu of Okta's attributes, or an expression.

    What was typed for one kind stays while another one is looked at.

    Signals:
        changed: what the field holds is another thing now.
    """

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        attribute: AppAttribute,
        schema: ProfileSchema,
        history: History,
    ) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.same: QLineEdit | ChoiceBox
        if attribute.enum:
            self.same = ChoiceBox(theme, "Value")
            for value, title in attribute.enum:
                self.same.addItem(title or value, value)
            self.same.setCurrentIndex(-1)
            self.same.setPlaceholderText("Select a value")
            self.same.currentIndexChanged.connect(self.changed)
        else:
            self.same = QLineEdit()
            self.same.setAccessibleName("Value")
            self.same.setMaxLength(LONGEST_TEXT)
            self.same.setPlaceholderText("The value for all users, exactly as it is to be sent")
            self.same.textChanged.connect(self.changed)
        self.profile = AttributeBox(theme, schema, self._tell)
        self.expression = ExpressionField(theme, schema, history)
        self.expression.changed.connect(self.changed)
        self._fields: dict[ValueKind, QWidget] = {
            ValueKind.SAME: self.same,
            ValueKind.PROFILE: self.profile,
            ValueKind.EXPRESSION: self.expression,
        }
        self.setLayout(column(*self._fields.values(), spacing=0))

    def fill(self, kind: ValueKind, text: str) -> None:
        """Put a text into the field of a kind."""
        if kind is ValueKind.EXPRESSION:
            self.expression.set_text(text)
        elif kind is ValueKind.PROFILE:
            self.profile.choose(text)
        elif isinstance(self.same, ChoiceBox):
            self.same.setCurrentIndex(self.same.findData(text))
        else:
            self.same.setText(text)

    def text(self, kind: ValueKind) -> str:
        """Return what the field of a kind holds."""
        if kind is ValueKind.EXPRESSION:
            return self.expression.text()
        if kind is ValueKind.PROFILE:
            return self.profile.chosen()
        if isinstance(self.same, ChoiceBox):
            return str(self.same.currentData() or "")
        return self.same.text()

    def show_kind(self, kind: ValueKind) -> None:
        """Show the field of a kind and hide the others."""
        self.same.setVisible(kind is ValueKind.SAME)
        self.profile.setVisible(kind is ValueKind.PROFILE)
        self.expression.show_all(kind is ValueKind.EXPRESSION)

    def focus(self, kind: ValueKind) -> None:
        """Put the cursor into the field of a kind."""
        self._fields[kind].setFocus()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()
