"""An input with colours, completion, an underlined error, signatures and a history."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QMenu, QToolButton

from gui.theme import Theme
from gui.widgets.boxes import column, frame, plain, restyle, row
from gui.widgets.buttons import tool_button
from gui.widgets.code_editor import CodeEditor
from gui.widgets.labels import icon_label, label
from gui.widgets.language import Language, Problem
from gui.widgets.search_field import TYPING_MS

MOST_REMEMBERED = 50
MENU_CHARACTERS = 80


class CodeLine(QFrame):
    """A line, or with ``lines`` greater than 1 a box, to write in a ``Language``.

    Up and Down go through the history of a line, Alt+Up and Alt+Down that of a box. With
    ``clearable`` there is a cross, and Esc empties the line. ``show_problems`` says below the line
    what is wrong; without it only the underline and its tooltip do.

    Signals:
        edited: the text is another one, with the text.
        settled: typing has paused or ended, with the text.
        submitted: Enter was pressed in a line, with the text.
        history_changed: the history is another one, to be kept by whoever wants to.
    """

    edited = Signal(str)
    settled = Signal(str)
    submitted = Signal(str)
    history_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        language: Language,
        *,
        lines: int = 1,
        placeholder: str = "",
        icon: str = "",
        clearable: bool = False,
        show_problems: bool = True,
    ) -> None:
        super().__init__()
        self._show_problems = show_problems
        self._clearable = clearable
        self._settled = ""
        self._place = -1
        self._draft = ""
        self.history: list[str] = []
        self.setProperty("kind", "plain")
        self.editor = CodeEditor(theme, name, language, lines)
        self.editor.setPlaceholderText(placeholder)
        self.editor.installEventFilter(self)
        self.clear_button = tool_button(theme, f"Clear {name}", "close", "Clear (Esc)", self.clear)
        self.history_button = self._history_menu(theme, name)
        parts = row(self.editor, self.clear_button, self.history_button, spacing=1)
        if icon:
            parts.insertWidget(0, icon_label(theme, icon, "faint", 16))
        parts.setContentsMargins(10, 4, 4, 4)
        parts.setStretchFactor(self.editor, 1)
        for button in (self.clear_button, self.history_button):
            parts.setAlignment(button, Qt.AlignmentFlag.AlignTop)
        self._box = frame("input", parts)
        self._box.setProperty("tone", "")
        mark = icon_label(theme, "x-circle", "danger", 16)
        self.problem_text = label("", tone="danger", wrap=True)
        problem = row(mark, self.problem_text, spacing=1)
        problem.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        self._problem_row = plain(problem)
        self._problem_row.hide()
        self.setLayout(column(self._box, self._problem_row, spacing=1))
        self.setFocusProxy(self.editor)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._settle)
        self.editor.edited.connect(self._take_edit)
        self.editor.submitted.connect(self._submit)
        self.editor.focus_changed.connect(self._show_state)
        self.clear_button.hide()
        self.set_history(())

    def text(self) -> str:
        """Return what is written."""
        return self.editor.toPlainText()

    def set_text(self, text: str) -> None:
        """Write another text; it can be undone. ``settled`` follows at once."""
        if text != self.text():
            self.editor.replace(text)
        self._settle()

    def insert(self, text: str) -> None:
        """Write a text where the cursor is and take the keyboard."""
        self.editor.textCursor().insertText(text)
        self.editor.setFocus()

    @Slot()
    def clear(self) -> None:
        """Empty the line."""
        self.set_text("")
        self.editor.setFocus()

    def set_problem(self, problem: Problem | None) -> None:
        """Underline and say what is wrong, or that nothing is."""
        self.editor.show_problem(problem)
        self.problem_text.setText(problem.text if problem else "")
        self._problem_row.setVisible(bool(problem) and self._show_problems)
        self._show_state()

    @property
    def problem(self) -> Problem | None:
        """Return what is wrong, as it was set."""
        return self.editor.problem

    def set_history(self, entries: Sequence[str]) -> None:
        """Offer these texts, the newest first."""
        self.history = list(entries[:MOST_REMEMBERED])
        self._place = -1
        self.history_button.setEnabled(bool(self.history))
        hint = "Earlier texts" if self.history else "There are no earlier texts yet"
        self.history_button.setToolTip(hint)

    def remember(self) -> None:
        """Put what is written at the head of the history."""
        text = self.text()
        if text.strip() and text not in self.history[:1]:
            self.set_history([text, *(entry for entry in self.history if entry != text)])
            self.history_changed.emit()

    def _history_menu(self, theme: Theme, name: str) -> QToolButton:
        button = tool_button(theme, f"History of {name}", "history")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(self._fill_history)
        button.setMenu(menu)
        return button

    @Slot()
    def _fill_history(self) -> None:
        menu = self.history_button.menu()
        menu.clear()
        for entry in self.history:
            shown = " ".join(entry.split())
            if len(shown) > MENU_CHARACTERS:
                shown = shown[: MENU_CHARACTERS - 1] + "…"
            menu.addAction(shown.replace("&", "&&"), partial(self.set_text, entry))

    def _step(self, by: int) -> None:
        """Go further back in the history, or towards what was written before."""
        place = self._place + by
        if -1 <= place < len(self.history):
            if self._place == -1:
                self._draft = self.text()
            self.editor.replace(self.history[place] if place >= 0 else self._draft)
            self._place = place

    @Slot(str)
    def _take_edit(self, text: str) -> None:
        self._place = -1
        self.clear_button.setVisible(self._clearable and bool(text))
        self.edited.emit(text)
        self._typing.start()

    @Slot()
    def _settle(self) -> None:
        self._typing.stop()
        if self.text() != self._settled:
            self._settled = self.text()
            self.settled.emit(self._settled)

    @Slot()
    def _submit(self) -> None:
        self._settle()
        self.submitted.emit(self.text())

    @Slot()
    def _show_state(self) -> None:
        focused = "accent" if self.editor.hasFocus() else ""
        tone = "danger" if self.editor.problem else focused
        if self._box.property("tone") != tone:
            restyle(self._box, tone=tone)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not self.editor.popup.isVisible()
        ):
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            steps = {int(Qt.Key.Key_Up): 1, int(Qt.Key.Key_Down): -1}
            if (step := steps.get(event.key())) and (alt or self.editor.single):
                self._step(step)
                return True
            if event.key() == Qt.Key.Key_Escape and self._clearable and self.text():
                self.clear()
                return True
        return super().eventFilter(watched, event)
