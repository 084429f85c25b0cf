"""One half of a call: the request or the response, its body or its headers."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from gui.jobs import Jobs
from gui.theme import Theme
from gui.times import size_words
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import CopyButton, push_button
from gui.widgets.json_view import JsonView
from gui.widgets.labels import icon_label, label


class MessageView(QFrame):
    """Shows the body of a message, and its headers when asked.

    Signals:
        wrap_changed: long lines are broken from now on, or are not.
        other_wanted: the other half is to stand in this one's place.
    """

    wrap_changed = Signal(bool)
    other_wanted = Signal()

    def __init__(self, theme: Theme, jobs: Jobs, title: str, other: str, wrap: bool) -> None:
        """``title`` is "Request" or "Response", ``other`` the other one."""
        super().__init__()
        self.setProperty("kind", "plain")
        self._title = title
        self._body = b""
        self._headers = ""
        self._highlights: Sequence[str] = ()
        self.size_label = label("", "small")
        self.body_button = self._tab(theme, "Body")
        self.headers_button = self._tab(theme, "Headers")
        self.body_button.setChecked(True)
        self._tabs = QButtonGroup(self)
        for button in (self.body_button, self.headers_button):
            self._tabs.addButton(button)
        self._tabs.buttonClicked.connect(self._show)
        self.copy_button = CopyButton(theme, f"Copy {title.lower()} body", self.copied_text)
        self.view = JsonView(theme, jobs, f"{title} text", wrap=wrap)
        self.view.set_placeholder(f"The {title.lower()} has no body.")
        self.view.wrap_changed.connect(self.wrap_changed)
        self._heading = plain(
            row(icon_label(theme, title.lower(), "muted", 16), label(title, "strong"))
        )
        self.other_button = push_button(theme, other, kind="chip")
        self.other_button.setAccessibleName(f"Show the {other.lower()}")
        self.other_button.clicked.connect(self.other_wanted)
        own = push_button(theme, title, kind="chip")
        own.setCheckable(True)
        own.setChecked(True)
        own.clicked.connect(lambda: own.setChecked(True))
        chips = (own, self.other_button) if title < other else (self.other_button, own)
        self._switch = plain(row(*chips, spacing=1))
        self._switch.hide()
        heading = row(
            self._heading,
            self._switch,
            self.size_label,
            None,
            self.body_button,
            self.headers_button,
            self.copy_button,
            spacing=2,
        )
        layout = column(plain(heading), spacing=1)
        layout.addWidget(self.view, 1)
        self.setLayout(layout)
        self.setMinimumWidth(220)
        self.setMinimumHeight(110)

    def show_message(self, body: bytes, headers: str, highlights: Sequence[str] = ()) -> None:
        """Show another message; ``highlights`` are texts to mark in it."""
        self._body = body
        self._headers = headers
        self._highlights = highlights
        self._show()

    def copied_text(self) -> str:
        """Return what the copy button copies: what is on the screen, whole."""
        return self.view.whole_text()

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines or not."""
        self.view.set_wrap(wrap)

    def set_alone(self, alone: bool) -> None:
        """Say that the other half is not beside this one, and offer it."""
        self._heading.setVisible(not alone)
        self._switch.setVisible(alone)

    def set_compact(self, compact: bool) -> None:
        """Leave out the line of tools below the text; its menu and keys have them all."""
        tools = self.view.path.parentWidget()
        if tools:
            tools.setVisible(not compact)

    def set_scale(self, scale: float) -> None:
        """Show larger or smaller text."""
        self.view.text.set_scale(scale)

    @Slot()
    def _show(self) -> None:
        headers = self.headers_button.isChecked()
        self.size_label.setText(size_words(len(self._body)) if self._body else "")
        self.copy_button.setEnabled(bool(self._headers if headers else self._body))
        if headers:
            self.view.set_text(self._headers, syntax="headers", highlights=self._highlights)
        elif self._body:
            self.view.set_json(self._body, self._highlights)
        else:
            self.view.set_text("")

    def _tab(self, theme: Theme, words: str) -> QPushButton:
        button = push_button(theme, words, kind="chip")
        button.setCheckable(True)
        button.setAccessibleName(f"{self._title}: {words.lower()}")
        return button
