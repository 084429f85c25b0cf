"""The frame that all dialogs share: heading, sentence, content, buttons."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from gui.theme import SPACE, Theme
from gui.widgets.boxes import divider, row
from gui.widgets.buttons import push_button
from gui.widgets.labels import label

READ_SHARE = 0.85
"""How much of the window's width and height a dialog takes in which much is to be read."""


class Dialog(QDialog):
    """A modal window over its parent; opened with ``open()``, so that nothing waits for it."""

    def __init__(self, theme: Theme, parent: QWidget, heading: str, text: str = "") -> None:
        super().__init__(parent)
        self.theme = theme
        self._for_reading = False
        self.setWindowTitle(heading)
        self.setAccessibleName(heading)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE[5], SPACE[5], SPACE[5], SPACE[4])
        self._layout.setSpacing(SPACE[3])
        self._layout.addWidget(label(heading, "heading"))
        if text:
            self._layout.addWidget(label(text, "muted", wrap=True))

    def add(self, *widgets: QWidget) -> None:
        """Put widgets below what is there."""
        for widget in widgets:
            self._layout.addWidget(widget)

    def end_with(self, *buttons: QPushButton) -> None:
        """Put the buttons at the foot, the most important one last."""
        self._layout.addSpacing(SPACE[1])
        self._layout.addWidget(divider())
        self._layout.addLayout(row(None, *buttons))

    def read_wide(self) -> None:
        """Take most of the window, since there is much to read in here."""
        self._for_reading = True

    def open(self) -> None:
        """Show the dialog, as high as its text needs at this width."""
        if self._for_reading and (window := self.parentWidget()):
            size = window.window().size()
            self.resize(round(size.width() * READ_SHARE), round(size.height() * READ_SHARE))
        else:
            self.adjustSize()
            self.fit()
        super().open()

    def fit(self) -> None:
        """Take the height that the content needs at this width."""
        self.resize(self.width(), self._layout.totalHeightForWidth(self.width()))

    def cancel_button(self, words: str = "Cancel") -> QPushButton:
        """Return a button that closes the dialog and does nothing."""
        return push_button(self.theme, words, clicked=self.reject)


class ConfirmDialog(Dialog):
    """Asks before something that cannot be taken back; ``confirmed`` runs on yes."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        heading: str,
        text: str,
        yes: str,
        confirmed: Callable[[], None],
    ) -> None:
        super().__init__(theme, parent, heading, text)
        self._confirmed = confirmed
        self.yes_button = push_button(theme, yes, kind="danger", clicked=self.accept)
        self.yes_button.setAutoDefault(False)
        cancel = self.cancel_button()
        cancel.setDefault(True)
        self.end_with(cancel, self.yes_button)

    def accept(self) -> None:
        super().accept()
        self._confirmed()
