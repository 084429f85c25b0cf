"""Buttons with an icon, a name for screen readers and a hint."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
)

from gui.icons import ICON_SIZE
from gui.theme import Theme

COPIED_MS = 1500
"""How long a copy button says that it copied."""


def push_button(
    theme: Theme,
    text: str,
    icon: str = "",
    kind: str = "",
    clicked: Callable[[], None] | None = None,
) -> QPushButton:
    """Return a button with words; ``kind`` is primary, danger, link, chip or ""."""
    # The blank keeps the icon off the first letter.
    made = QPushButton(f" {text}" if icon else text)
    made.setAccessibleName(text)
    made.setProperty("kind", kind)
    made.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    made.setAutoDefault(kind == "primary")
    if icon:
        colors = {"primary": "on_accent", "danger": "on_accent", "link": "accent"}
        theme.icons.put(made, icon, colors.get(kind, "text"))
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if clicked:
        made.clicked.connect(clicked)
    return made


def tool_button(
    theme: Theme, name: str, icon: str, hint: str = "", clicked: Callable[[], None] | None = None
) -> QToolButton:
    """Return a button with an icon only; ``name`` is what a screen reader says."""
    made = QToolButton()
    made.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    made.setAccessibleName(name)
    made.setToolTip(hint or name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    theme.icons.put(made, icon, "muted")
    if clicked:
        made.clicked.connect(clicked)
    return made


class ElidedLink(QPushButton):
    """A link that is cut with an ellipsis where the width ends; whole in the tool-tip."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setProperty("kind", "link")
        self.setToolTip(words)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def nextCheckState(self) -> None:
        """Keep the mark: it says what is open, which a click alone does not change."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = (
            self.style()
            .subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
            .width()
        )
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        option.text = shown
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


class CopyButton(QToolButton):
    """Copies a text, which is asked for at the click, and says so for a moment."""

    def __init__(self, theme: Theme, name: str, text: Callable[[], str], words: str = "") -> None:
        """``words`` stand beside the icon; without them ``name`` is the accessible name."""
        super().__init__()
        self._theme = theme
        self._text = text
        self._name = name
        self._words = words
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(COPIED_MS)
        self._back.timeout.connect(self._show_ready)
        self.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if words:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self.setProperty("kind", "framed")
        self._show_ready()
        self.clicked.connect(self.copy)

    @Slot()
    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self._text())
        self._theme.icons.put(self, "check", "success")
        self.setText(" Copied" if self._words else "")
        self.setAccessibleName("Copied")
        self._back.start()

    @Slot()
    def _show_ready(self) -> None:
        self._theme.icons.put(self, "copy", "muted")
        self.setText(f" {self._words}" if self._words else "")
        self.setAccessibleName(self._name)
        self.setToolTip(self._name)
