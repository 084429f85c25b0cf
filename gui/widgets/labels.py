"""Text in the kinds that the stylesheet knows, badges and notes."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.boxes import column, frame, restyle, row

TONE_ICONS = {
    "success": "check-circle",
    "warning": "alert",
    "danger": "x-circle",
    "accent": "info",
    "neutral": "info",
}
"""The icon that goes with a tone, so that no state is told by colour alone."""


def label(text: str, kind: str = "", *, wrap: bool = False, tone: str = "") -> QLabel:
    """Return plain text; ``kind`` is title, heading, strong, muted, small, caption or figure."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made


def selectable(made: QLabel) -> QLabel:
    """Let the mouse select and copy a label's text."""
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def badge(text: str, tone: str = "") -> QLabel:
    """Return a short word on a tinted ground."""
    made = label(text, "badge", tone=tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def set_badge(made: QLabel, text: str, tone: str) -> None:
    """Change a badge."""
    made.setText(text)
    restyle(made, tone=tone)


def icon_label(theme: Theme, name: str, color: str, size: int = 18) -> QLabel:
    """Return an icon as a picture; the words beside it carry the meaning."""
    made = QLabel()
    made.setFixedSize(QSize(size, size))
    theme.icons.put_on_label(made, name, color, size)
    return made


def note(theme: Theme, tone: str, *lines: QWidget) -> QFrame:
    """Return lines on a tinted ground behind the icon of the tone."""
    color = "muted" if tone == "neutral" else tone
    icon = icon_label(theme, TONE_ICONS[tone], color)
    text = column(*lines, spacing=1)
    inner = row(icon, text, spacing=2, margins=(3, 2, 3, 2))
    inner.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
    return frame("note", inner, tone)


class Paragraph(QLabel):
    """Muted text in the middle of a page, as wide as is good to read and as high as it needs."""

    def __init__(self, text: str, width: int) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", "muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(width)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        # A layout that centres a label does not ask how high it is at its width.
        self.setFixedHeight(max(0, self.heightForWidth(self.width())))


class ElidedLabel(QLabel):
    """One line of text that is cut with an ellipsis where the width ends; whole in the tooltip."""

    def __init__(
        self, text: str = "", kind: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        # Room for the accents of capitals, which stand above the font's ascent.
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), shown)
        painter.end()
