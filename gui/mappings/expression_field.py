"""The field for an expression, with the help of all functions beside it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.mappings.expression_language import expression_language
from gui.mappings.functions_pane import FunctionsPane
from gui.mappings.history import History
from gui.theme import Theme
from gui.widgets.boxes import column, row
from gui.widgets.buttons import push_button
from gui.widgets.code_line import CodeLine
from gui.widgets.labels import label
from gui.widgets.language import Problem as Mark
from server.okta.expressions import signature_at
from server.okta.mapping.evaluation import Problem
from server.okta.people import ProfileSchema

LINES = 3


class ExpressionField(QWidget):
    """An expression; ``functions`` is the help that a dialog puts beside its fields.

    Signals:
        changed: the text is another one.
        grown: the help was opened or closed.
    """

    changed = Signal()
    grown = Signal()

    def __init__(self, theme: Theme, schema: ProfileSchema, history: History) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._history = history
        # The preview below says what is wrong; here it is underlined.
        self.line = CodeLine(
            theme,
            "Expression",
            expression_language(schema),
            lines=LINES,
            placeholder='String.substringBefore(user.email, "@")',
            show_problems=False,
        )
        self.line.set_history(history.entries())
        self.line.edited.connect(self.changed)
        self.functions = FunctionsPane(theme)
        self.functions.insert_asked.connect(self.line.insert)
        self.functions.hide()
        self.functions_button = push_button(theme, "Functions", kind="link")
        self.functions_button.setCheckable(True)
        self.functions_button.setToolTip("All functions with examples; F2")
        self.functions_button.setShortcut("F2")
        self.functions_button.toggled.connect(self._show_functions)
        hint = label("Okta Expression Language. Ctrl+Space proposes names.", "small")
        self.setLayout(column(self.line, row(hint, None, self.functions_button), spacing=1))
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """Return the expression."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Show another expression."""
        self.line.set_text(text)

    def remember(self) -> None:
        """Put the expression at the head of the history."""
        self._history.add(self.text())

    def show_all(self, shown: bool) -> None:
        """Show or hide the field together with its help."""
        self.setVisible(shown)
        self.functions.setVisible(shown and self.functions_button.isChecked())

    def mark(self, problem: Problem | None) -> None:
        """Underline what is wrong, where that is known."""
        told = f"{problem.text}. {problem.cure}".strip() if problem else ""
        self.line.set_problem(Mark(told, problem.position, problem.length) if problem else None)

    @Slot(bool)
    def _show_functions(self, shown: bool) -> None:
        at = self.line.editor.textCursor().position()
        if shown and (found := signature_at(self.text(), at)):
            self.functions.show_function(found[0].name)
        self.functions.setVisible(shown)
        self.grown.emit()
