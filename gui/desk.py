"""What a page is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.bridge import Bridge
from gui.connection.control import ServerControl
from gui.jobs import Jobs
from gui.services import Services
from gui.session import Session
from gui.settings import Settings
from gui.theme import Theme
from gui.widgets.toast import Toasts


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a page may use; ``now`` tells the time with its time zone."""

    services: Services
    session: Session
    jobs: Jobs
    bridge: Bridge
    server: ServerControl
    settings: Settings
    theme: Theme
    actions: Actions
    toasts: Toasts
    now: Callable[[], datetime]


class Page(QWidget):
    """A page of the window."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        # Tab begins at the first control of the page, whatever had the focus before.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.desk = desk
        self.home: QWidget | None = None
        """What takes the focus when the page comes to the front.

        It is no focus proxy: that would take Tab there, too, past what stands before it.
        """

    def open(self, target: object) -> None:
        """Come to the front; ``target`` says what to show or do there, None is nothing special."""

    def remember(self) -> None:
        """Put what should be the same next time into the settings."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.home:
            self.home.setFocus()
