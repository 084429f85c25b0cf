"""A short word at the foot of the window that goes away by itself."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.theme import SPACE, Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import push_button, tool_button
from gui.widgets.labels import TONE_ICONS, label

SHOWN_MS = 5000
SHOWN_WITH_ACTION_MS = 10_000
"""A toast that offers something to do stays as long as it takes to reach it."""


class ToastAction(NamedTuple):
    """What a toast offers: the words of its button, and what it does."""

    words: str
    carry_out: Callable[[], None]


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
        self._action: ToastAction | None = None
        self.button = push_button(theme, "", kind="link", clicked=self._carry_out)
        close = tool_button(theme, "Dismiss", "close", clicked=self.hide)
        self._layout = row(
            self._icon, self._text, self.button, close, spacing=3, margins=(3, 2, 2, 2)
        )
        self._layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignVCenter)
        self._frame.setLayout(self._layout)
        self._frame.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)

    def show(self, text: str, tone: str = "success", action: ToastAction | None = None) -> None:
        """Say something, with a button for ``action``; an error stays until it is dismissed."""
        color = "muted" if tone == "neutral" else tone
        self._theme.icons.put_on_label(self._icon, TONE_ICONS[tone], color)
        self._text.setText(text)
        self._action = action
        self.button.setText(action.words if action else "")
        self.button.setAccessibleName(action.words if action else "Nothing to do")
        self.button.setVisible(action is not None)
        self._place()
        self._frame.show()
        self._frame.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
        if tone == "danger":
            self._timer.stop()
        else:
            self._timer.start(SHOWN_WITH_ACTION_MS if action else SHOWN_MS)

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

    @Slot()
    def _carry_out(self) -> None:
        action = self._action
        self.hide()
        if action:
            action.carry_out()

    def _place(self) -> None:
        # A sentence that fits on one line should stay on it.
        line = self._text.fontMetrics().horizontalAdvance(self._text.text())
        button = self.button.sizeHint().width() + SPACE[3] if self._action else 0
        width = min(max(line + 130 + button, 320), self._window.width() - 2 * SPACE[5], 640)
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
