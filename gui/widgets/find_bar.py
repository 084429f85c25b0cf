"""The line that searches in a text."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import tool_button
from gui.widgets.labels import label
from gui.widgets.search_field import SearchField


class FindBar(QWidget):
    """A field, "3 of 12" and the ways on and back; Enter goes on, Shift+Enter back, Esc closes.

    Signals:
        wanted_changed: search for this text; "" for nothing.
        next_wanted, previous_wanted: go to another match.
        closed: the person is done.
    """

    wanted_changed = Signal(str)
    next_wanted = Signal()
    previous_wanted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.field = SearchField(theme, name, "Find in this text")
        self.field.installEventFilter(self)
        self.count = label("", "small")
        self.count.setMinimumWidth(self.count.fontMetrics().horizontalAdvance("no match 12"))
        self.previous_button = tool_button(
            theme, "Previous match", "chevron-up", "Previous match (N)", self.previous_wanted.emit
        )
        self.next_button = tool_button(
            theme, "Next match", "chevron-down", "Next match (n)", self.next_wanted.emit
        )
        close = tool_button(theme, "Close the search", "close", "Close (Esc)", self.closed.emit)
        line = row(self.field, self.count, self.previous_button, self.next_button, close, spacing=1)
        line.setStretchFactor(self.field, 1)
        self.setLayout(line)
        self.field.textChanged.connect(self.wanted_changed)

    def start(self) -> None:
        """Take the keyboard and select what was searched for last."""
        self.field.setFocus()
        self.field.selectAll()
        self.wanted_changed.emit(self.field.text())

    def show_count(self, words: str, found: bool) -> None:
        """Say how many places match."""
        self.count.setText(words if self.field.text() else "")
        for button in (self.previous_button, self.next_button):
            button.setEnabled(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.previous_wanted if back else self.next_wanted).emit()
                return True
        return super().eventFilter(watched, event)
