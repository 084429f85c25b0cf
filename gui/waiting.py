"""The page before the pages are there, and after: opening, failed to open, finishing calls."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.widgets.boxes import column, row
from gui.widgets.buttons import push_button
from gui.widgets.labels import Paragraph, icon_label, label, selectable


class WaitingPage(QWidget):
    """A heading, a sentence, and either a moving bar or two buttons.

    Signals:
        retry_requested: the person wants to try again.
        quit_requested: the person gives up.
    """

    retry_requested = Signal()
    quit_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._active_calls: Callable[[], int] | None = None
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = icon_label(theme, "shield", "accent", 40)
        self.heading = label("", "heading")
        self.heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text = Paragraph("", 520)
        selectable(self.text)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(220)
        self._bar.setAccessibleName("Working")
        self.retry_button = push_button(
            theme, "Try again", kind="primary", clicked=self.retry_requested.emit
        )
        self.quit_button = push_button(theme, "Quit", clicked=self.quit_requested.emit)
        buttons = row(None, self.quit_button, self.retry_button, None)
        box = column(None, self._icon, self.heading, self.text, self._bar, buttons, None, spacing=3)
        for widget in (self._icon, self.heading, self.text, self._bar):
            box.setAlignment(widget, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(box)
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._count)
        self.wait("Opening…", "")

    def wait(self, heading: str, text: str) -> None:
        """Say what is under way."""
        self._say(heading, text, "shield", "accent", failed=False)

    def fail(self, heading: str, text: str) -> None:
        """Say what failed, and offer another try."""
        self._say(heading, text, "alert", "warning", failed=True)
        self.retry_button.setFocus()

    def finish(self, active_calls: Callable[[], int]) -> None:
        """Say how many calls are still answered before the window closes."""
        self._active_calls = active_calls
        self._count()
        self._timer.start()

    @Slot()
    def _count(self) -> None:
        active = self._active_calls() if self._active_calls else 0
        heading = f"Finishing {counted(active, 'call')}…" if active else "Closing…"
        self.wait(heading, "Nothing that Okta sent is lost." if active else "")

    def _say(self, heading: str, text: str, icon: str, color: str, *, failed: bool) -> None:
        self._theme.icons.put_on_label(self._icon, icon, color, 40)
        self.heading.setText(heading)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._bar.setVisible(not failed)
        self.retry_button.setVisible(failed)
        self.quit_button.setVisible(failed)
