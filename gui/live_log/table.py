"""The table of calls: several rows may be chosen, and single keys do things."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from gui.live_log.rows import COLUMNS
from gui.theme import Theme
from gui.widgets.cells import PAD
from gui.widgets.table import Table

FOLDED_COLUMN, FOLD_WIDTH = 1, 22
"""Where the mark stands that folds and unfolds an operation, and how wide it is."""

SELECTED_AT_MOST = 5_000
"""Ctrl+A over more rows than this takes Qt seconds; the export takes all that match anyway."""


class CallTable(Table):
    """A table in which ``keys`` may be bound to what they do; letters stand for themselves.

    Signals:
        fold_toggled: the mark before an operation was clicked; the row.
        fold_wanted: a row is to be folded (True, the key Left) or unfolded (False, Right).
    """

    fold_toggled = Signal(int)
    fold_wanted = Signal(int, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Calls", COLUMNS)
        self.keys: Mapping[str, Callable[[], None]] = {}
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def chosen_rows(self) -> list[int]:
        """Return the numbers of the rows that are selected, ascending."""
        rows: set[int] = set()
        selection = self.selectionModel().selection()
        for number in range(selection.count()):
            part = selection.at(number)
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def step(self, rows: int) -> None:
        """Choose the row so many below, or above."""
        last = self.model().rowCount() - 1
        if last >= 0:
            current = self.currentIndex()
            number = current.row() + rows if current.isValid() else last
            self.selectRow(max(0, min(last, number)))

    def set_scale(self, scale: float) -> None:
        """Show larger or smaller text, in rows as high as it needs."""
        font = self.font()
        font.setPointSizeF(self.window().font().pointSizeF() * scale)
        self.setFont(font)
        self.fit_rows()

    def selectAll(self) -> None:
        if self.model().rowCount() <= SELECTED_AT_MOST:
            super().selectAll()

    def event(self, event: QEvent) -> bool:
        # A letter that is bound here is not a shortcut of something else.
        if event.type() == QEvent.Type.ShortcutOverride and self._bound(event):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.isValid() and index.column() == FOLDED_COLUMN:
            left = self.visualRect(index).left()
            if left <= place.x() <= left + PAD + FOLD_WIDTH:
                self.fold_toggled.emit(index.row())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.currentIndex().isValid():
            self.fold_wanted.emit(self.currentIndex().row(), event.key() == Qt.Key.Key_Left)
            return
        if bound := self._bound(event):
            bound()
            return
        super().keyPressEvent(event)

    def _bound(self, event: QEvent) -> Callable[[], None] | None:
        if not isinstance(event, QKeyEvent):
            return None
        plain = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() not in plain:
            return None
        return self.keys.get(event.text())
