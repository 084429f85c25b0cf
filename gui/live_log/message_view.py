"""One half of a call: the request or the response, its body or its headers."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from gui.live_log.bodies import ReadableBody, readable_body
from gui.theme import Theme
from gui.times import size_words
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import CopyButton, push_button
from gui.widgets.labels import icon_label, label
from gui.widgets.text_view import TextView


class MessageView(QFrame):
    """Shows the body of a message, and its headers when asked."""

    def __init__(self, theme: Theme, title: str, icon: str) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._title = title
        self._bytes = b""
        self._body = ReadableBody("", "text", 0)
        self._headers = ""
        self.size_label = label("", "small")
        self.body_button = self._tab(theme, "Body")
        self.headers_button = self._tab(theme, "Headers")
        self.body_button.setChecked(True)
        self._tabs = QButtonGroup(self)
        for button in (self.body_button, self.headers_button):
            self._tabs.addButton(button)
        self._tabs.buttonClicked.connect(self._show)
        self.copy_button = CopyButton(theme, f"Copy {title.lower()} body", self.copied_text)
        self.view = TextView(theme, f"{title} text")
        self.all_button = push_button(theme, "", kind="link", clicked=self._show_all)
        heading = row(
            icon_label(theme, icon, "muted", 16),
            label(title, "strong"),
            self.size_label,
            None,
            self.body_button,
            self.headers_button,
            self.copy_button,
            spacing=2,
        )
        rest = row(self.all_button, None)
        self.setLayout(column(plain(heading), self.view, rest, spacing=1))
        self.setMinimumWidth(220)
        self.setMinimumHeight(110)

    def show_message(self, body: bytes, readable: ReadableBody, headers: str) -> None:
        """Show another message."""
        self._bytes = body
        self._body = readable
        self._headers = headers
        self._show()

    def copied_text(self) -> str:
        """Return what the copy button copies: what is on the screen, whole."""
        if self.headers_button.isChecked():
            return self._headers
        return readable_body(self._bytes, None).text

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines or not."""
        self.view.set_wrap(wrap)

    def set_scale(self, scale: float) -> None:
        """Show larger or smaller text."""
        self.view.set_scale(scale)

    @Slot()
    def _show(self) -> None:
        headers = self.headers_button.isChecked()
        cut = self._body.cut and not headers
        self.all_button.setVisible(cut)
        self.all_button.setText(f"Show all {size_words(self._body.size)}")
        self.size_label.setText(size_words(self._body.size) if self._body.size else "")
        self.copy_button.setEnabled(bool(self._headers if headers else self._bytes))
        if headers:
            self.view.show_text(self._headers, "headers")
        elif self._body.text:
            self.view.show_text(self._body.text, self._body.syntax)
        else:
            self.view.show_text("", "text")
        self.view.setPlaceholderText(f"The {self._title.lower()} has no body.")

    @Slot()
    def _show_all(self) -> None:
        self._body = readable_body(self._bytes, None)
        self._show()

    def _tab(self, theme: Theme, words: str) -> QPushButton:
        button = push_button(theme, words, kind="chip")
        button.setCheckable(True)
        button.setAccessibleName(f"{self._title}: {words.lower()}")
        return button
