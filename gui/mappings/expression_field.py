"""The field for an expression, with the help of all functions beside it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui.mappings.functions_pane import FunctionsPane
from gui.theme import Theme
from gui.widgets.boxes import column, row
from gui.widgets.buttons import push_button
from gui.widgets.labels import label
from server.okta.mapping.evaluation import Problem
from server.okta.people import ProfileSchema


class ExpressionField(QWidget):
    """An expression; ``functions`` is the help that a dialog puts beside its fields.

    Signals:
        changed: the text is another one.
        grown: the help was opened or closed.
    """

    changed = Signal()
    grown = Signal()

    def __init__(
        self, theme: Theme, schema: ProfileSchema, history: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName("Expression")
        self.editor.setFont(theme.fixed_font())
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(84)
        self.editor.textChanged.connect(self.changed)
        self.functions = FunctionsPane(theme)
        self.functions.insert_asked.connect(self._insert)
        self.functions.hide()
        self.functions_button = push_button(theme, "Functions", kind="link")
        self.functions_button.setCheckable(True)
        self.functions_button.toggled.connect(self._show_functions)
        below = row(label("Okta Expression Language", "small"), None, self.functions_button)
        self.setLayout(column(self.editor, below, spacing=1))
        self.setFocusProxy(self.editor)

    def text(self) -> str:
        """Return the expression."""
        return self.editor.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another expression."""
        self.editor.setPlainText(text)

    def show_all(self, shown: bool) -> None:
        """Show or hide the field together with its help."""
        self.setVisible(shown)
        self.functions.setVisible(shown and self.functions_button.isChecked())

    def mark(self, problem: Problem | None) -> None:
        """Underline what is wrong, where that is known."""

    @Slot(bool)
    def _show_functions(self, shown: bool) -> None:
        self.functions.setVisible(shown)
        self.grown.emit()

    @Slot(str)
    def _insert(self, text: str) -> None:
        self.editor.insertPlainText(text)
        self.editor.setFocus()
