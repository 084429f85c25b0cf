"""A line to search with: a magnifier, a cross, and a mark while the search runs."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui.theme import Theme

TYPING_MS = 200
"""A search begins when typing has paused for so long."""

_MARKS = ("search", "clock")


class SearchField(QLineEdit):
    """A line edit for a filter; Esc empties it.

    Signals:
        search_changed: the text settled, with the text.
    """

    search_changed = Signal(str)

    def __init__(self, theme: Theme, name: str, placeholder: str) -> None:
        super().__init__()
        self._theme = theme
        self._told = ""
        self.setAccessibleName(name)
        self.setProperty("kind", "search")
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(False)
        self._mark = QAction(self)
        theme.icons.put(self._mark, "search", "faint")
        self.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction("Clear", self)
        self._clear.setToolTip("Clear (Esc)")
        theme.icons.put(self._clear, "close", "muted")
        self._clear.triggered.connect(self.clear)
        self._clear.setVisible(False)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._tell)
        self.textChanged.connect(self._wait)
        self.returnPressed.connect(self._tell)

    def reset(self, text: str = "") -> None:
        """Empty the line, or write something there, without a word about it."""
        self.blockSignals(True)
        self.setText(text)
        self.blockSignals(False)
        self._typing.stop()
        self._told = text
        self._clear.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """Show whether a search is under way."""
        self._theme.icons.put(self._mark, _MARKS[busy], "accent" if busy else "faint")
        self._mark.setToolTip("Searching…" if busy else "")

    @Slot(str)
    def _wait(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._typing.start()
        else:
            self._tell()

    @Slot()
    def _tell(self) -> None:
        self._typing.stop()
        if self.text() != self._told:
            self._told = self.text()
            self.search_changed.emit(self._told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
