"""The tabs over the live log: itself, and the files that were imported."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar

from gui.theme import Theme
from gui.widgets.buttons import tool_button


class FileTabs(QTabBar):
    """Is there only while there is something to choose between; the first tab stays."""

    def __init__(self, theme: Theme, first: str, close_hint: str) -> None:
        super().__init__()
        self._theme = theme
        self._close_hint = close_hint
        self.setAccessibleName("Logs")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.addTab(first)
        self.hide()

    def add(self, name: str) -> None:
        """Add a tab that can be closed."""
        number = self.addTab(name)
        self.setTabToolTip(number, name)
        button = tool_button(self._theme, f"Close {name}", "close", self._close_hint)
        button.clicked.connect(partial(self._close, button))
        self.setTabButton(number, QTabBar.ButtonPosition.RightSide, button)

    def step(self, tabs: int) -> None:
        """Go so many tabs on, round and round."""
        self.setCurrentIndex((self.currentIndex() + tabs) % self.count())

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self.setVisible(self.count() > 1)

    def tabRemoved(self, index: int) -> None:
        super().tabRemoved(index)
        self.setVisible(self.count() > 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self.tabAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.MiddleButton and number > 0:
            self.tabCloseRequested.emit(number)
            return
        super().mouseReleaseEvent(event)

    def _close(self, button: object) -> None:
        side = QTabBar.ButtonPosition.RightSide
        number = next(n for n in range(self.count()) if self.tabButton(n, side) is button)
        self.tabCloseRequested.emit(number)
