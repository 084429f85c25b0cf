"""The dialogs of a replay: with which token, and what is sent."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gui.theme import Theme
from gui.widgets.boxes import field, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label, note
from server.calls.call import Headers
from server.calls.replay import ReplayRequest


class TokenDialog(Dialog):
    """Asks for the token of a replay; it stays in memory until the window closes."""

    def __init__(self, theme: Theme, parent: QWidget, take: Callable[[str], None]) -> None:
        super().__init__(
            theme,
            parent,
            "Which token?",
            "The log keeps no tokens, so paste one to replay with, or generate one on the Tokens "
            "page. It is kept in memory until the window closes, and written nowhere.",
        )
        self._take = take
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setAccessibleName("Token")
        self.use_button = push_button(theme, "Replay", kind="primary", clicked=self.accept)
        self.use_button.setEnabled(False)
        self.token.textChanged.connect(self._allow)
        self.add(field(label("Token", "caption"), self.token))
        self.end_with(self.cancel_button(), self.use_button)
        self.token.setFocus()

    @Slot(str)
    def _allow(self, text: str) -> None:
        self.use_button.setEnabled(bool(_token(text)))

    def accept(self) -> None:
        token = _token(self.token.text())
        super().accept()
        self._take(token)


class EditDialog(Dialog):
    """Lets a request be changed before it is sent."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        request: ReplayRequest,
        send: Callable[[ReplayRequest], None],
    ) -> None:
        super().__init__(
            theme, parent, "Edit and replay", "It goes to this program's own server, marked Replay."
        )
        self.setMinimumWidth(720)
        self._send = send
        self.method = QLineEdit(request.method)
        self.method.setAccessibleName("Method")
        self.method.setFixedWidth(110)
        self.target = QLineEdit(request.target)
        self.target.setAccessibleName("Path and query")
        self.headers = self._box(theme, "Headers", _lines(request.headers), 90)
        self.body = self._box(theme, "Body", request.body.decode("utf-8", "replace"), 240)
        if request.has_placeholders:
            warning = "“[redacted]” stands where the log took a secret out: write it anew."
            self.add(note(theme, "warning", label(warning, wrap=True)))
        first = row(
            field(label("Method", "caption"), self.method),
            field(label("Path and query", "caption"), self.target),
        )
        self.add(
            plain(first),
            field(label("Headers", "caption"), self.headers),
            field(label("Body", "caption"), self.body),
        )
        self.problem = label("", tone="danger", wrap=True)
        self.problem.hide()
        self.add(self.problem)
        self.send_button = push_button(
            theme, "Replay", "rotate", kind="primary", clicked=self.accept
        )
        self.end_with(self.cancel_button(), self.send_button)
        self.body.setFocus()

    def accept(self) -> None:
        headers = _headers(self.headers.toPlainText())
        if headers is None:
            self.problem.setText("Each line of the headers is a name, a colon and a value.")
            self.problem.show()
            self.headers.setFocus()
            return
        request = ReplayRequest(
            method=self.method.text().strip(),
            target=self.target.text().strip(),
            headers=headers,
            body=self.body.toPlainText().encode(),
        )
        super().accept()
        self._send(request)

    def _box(self, theme: Theme, name: str, text: str, height: int) -> QPlainTextEdit:
        box = QPlainTextEdit(text)
        box.setAccessibleName(name)
        box.setFont(theme.fixed_font(0.95))
        box.setTabChangesFocus(True)
        box.setMinimumHeight(height)
        return box


def _token(text: str) -> str:
    """Return the token in what was pasted, which may have the word Bearer before it."""
    return text.strip().removeprefix("Bearer ").strip()


def _lines(headers: Headers) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers)


def _headers(text: str) -> Headers | None:
    """Return headers from their lines; None when a line is no header."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            return None
        found.append((name.strip(), value.strip()))
    return tuple(found)
