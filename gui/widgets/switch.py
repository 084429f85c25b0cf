"""A switch: on or off, at once."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from gui.theme import SPACE, Theme

TRACK = QSize(34, 20)


class Switch(QCheckBox):
    """A check box that is drawn as a switch; the words stand at its right."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(words)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(TRACK.width() + SPACE[3] + text + 4, max(28, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - TRACK.height()) / 2
        track = QRectF(1, top, TRACK.width(), TRACK.height())
        on = self.isChecked()
        ground = colors.accent if on else colors.border_strong
        if not self.isEnabled():
            ground = colors.border
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(track, TRACK.height() / 2, TRACK.height() / 2)
        side = TRACK.height() - 6
        left = track.right() - side - 3 if on else track.left() + 3
        painter.setBrush(QColor(colors.on_accent if on else colors.surface))
        painter.drawEllipse(QRectF(left, top + 3, side, side))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.text), 1))
            painter.drawRoundedRect(track, TRACK.height() / 2, TRACK.height() / 2)
        painter.setPen(QColor(colors.text if self.isEnabled() else colors.faint))
        words = self.rect().adjusted(TRACK.width() + SPACE[3], 0, 0, 0)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, align, self.text())
        painter.end()
