"""A short word at the foot of the window that goes away by itself."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.theme import SPACE, Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import tool_button
from gui.widgets.labels import TONE_ICONS, label

SHOWN_MS = 5000


class Toasts(QObject):
    """Shows one toast at a time over a window; a new one takes the place of the old."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._frame = QFrame(window)
        self._frame.setProperty("kind", "toast")
        self._icon = QLabel()
        self._text = label("", wrap=True)
        self._text.setMinimumWidth(200)
        close = tool_button(theme, "Dismiss", "close", clicked=self.hide)
        self._layout = row(self._icon, self._text, close, spacing=3, margins=(3, 2, 2, 2))
        self._layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignVCenter)
        self._frame.setLayout(self._layout)
        self._frame.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)

    def show(self, text: str, tone: str = "success") -> None:
        """Say something; an error stays until it is dismissed."""
        color = "muted" if tone == "neutral" else tone
        self._theme.icons.put_on_label(self._icon, TONE_ICONS[tone], color)
        self._text.setText(text)
        self._place()
        self._frame.show()
        self._frame.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
        if tone == "danger":
            self._timer.stop()
        else:
            self._timer.start(SHOWN_MS)

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.show(str(error) or type(error).__name__, "danger")

    @property
    def text(self) -> str:
        """Return what is being said, or ""."""
        return self._text.text() if self._frame.isVisible() else ""

    @Slot()
    def hide(self) -> None:
        """Take the toast away."""
        self._timer.stop()
        self._frame.hide()

    def _place(self) -> None:
        # A sentence that fits on one line should stay on it.
        line = self._text.fontMetrics().horizontalAdvance(self._text.text())
        width = min(max(line + 130, 320), self._window.width() - 2 * SPACE[5], 560)
        self._frame.setFixedWidth(width)
        height = self._layout.totalHeightForWidth(width)
        self._frame.setFixedHeight(max(height, 44))
        left = self._window.width() - width - SPACE[5]
        top = self._window.height() - self._frame.height() - SPACE[6] - SPACE[5]
        self._frame.move(left, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._frame.isVisible():
            self._place()
        return super().eventFilter(watched, event)
