"""A box to choose one of a few things."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from gui.theme import Theme

ARROW = 16


class ChoiceBox(QComboBox):
    """A combo box with the theme's own arrow: a stylesheet cannot tint one."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        arrow = self._theme.icons.pixmap("chevron-down", "muted", ARROW, self.devicePixelRatioF())
        place = QPoint(self.width() - ARROW - 10, (self.height() - ARROW) // 2)
        painter.drawPixmap(place, arrow)
        painter.end()
