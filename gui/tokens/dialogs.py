"""Generating, showing once, rotating: the dialogs of tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.theme import SPACE, Theme
from gui.times import date_words
from gui.widgets.boxes import field, plain
from gui.widgets.buttons import CopyButton, push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label, note
from gui.widgets.secret_field import SecretField
from storage.tokens import IssuedToken, TokenRecord

LIFETIMES: tuple[tuple[str, timedelta | None], ...] = (
    ("30 days", timedelta(days=30)),
    ("90 days", timedelta(days=90)),
    ("1 year", timedelta(days=365)),
    ("Never", None),
)
_DEFAULT_LIFETIME = 1

OVERLAPS = (
    ("Stop at once", timedelta(0)),
    ("1 hour", timedelta(hours=1)),
    ("1 day", timedelta(days=1)),
    ("7 days", timedelta(days=7)),
)
_DEFAULT_OVERLAP = 2


@dataclass(frozen=True, slots=True)
class OktaApp:
    """A kind of application in Okta, the field that takes the token, and in which form."""

    name: str
    field: str
    with_bearer: bool
    hint: str


OKTA_APPS = (
    OktaApp(
        "SCIM 2.0 Test App (Header Auth)",
        "API Token",
        True,
        "Okta sends exactly what is typed, so the word Bearer is typed as well.",
    ),
    OktaApp(
        "SCIM 2.0 Test App (OAuth Bearer Token)",
        "OAuth Bearer Token",
        False,
        "Okta puts Bearer in front by itself.",
    ),
    OktaApp(
        "Your own app with SCIM provisioning",
        "HTTP Header, Authorization",
        False,
        "The field shows a fixed Bearer; paste the token alone.",
    ),
    OktaApp(
        "Blink from the catalogue",
        "API Token",
        False,
        "Its address is fixed to Blink's own service; both forms are understood here.",
    ),
)


class GenerateDialog(Dialog):
    """Asks for label and expiry; ``issued`` is called with the new token."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        organization_id: int,
        issued: Callable[[IssuedToken], None],
    ) -> None:
        super().__init__(
            desk.theme,
            parent,
            "Generate token",
            "Okta shows this token to Blink with every call. It is shown once and kept only as a "
            "fingerprint.",
        )
        self._desk = desk
        self._organization_id = organization_id
        self._issued = issued
        self.label = QLineEdit()
        self.label.setAccessibleName("Label")
        self.label.setPlaceholderText("Okta production")
        self.label.setMaxLength(100)
        self.lifetime = _choice(desk.theme, "Expires after", LIFETIMES, _DEFAULT_LIFETIME)
        self.error = label("", tone="danger", wrap=True)
        self.error.hide()
        self.add(field(label("Label", "caption"), self.label))
        self.add(field(label("Expires after", "caption"), self.lifetime), self.error)
        self.generate_button = push_button(
            desk.theme, "Generate token", kind="primary", clicked=self._generate
        )
        self.end_with(self.cancel_button(), self.generate_button)

    @Slot()
    def _generate(self) -> None:
        self.generate_button.setEnabled(False)
        tokens, organization_id = self._desk.services.tokens, self._organization_id
        name = self.label.text().strip() or "Okta"
        lifetime: timedelta | None = self.lifetime.currentData()

        def create(_progress: Progress) -> IssuedToken:
            return tokens.create(organization_id, name, lifetime)

        self._desk.jobs.run("", create, self._take, self._refused)

    def _take(self, issued: IssuedToken) -> None:
        self.accept()
        self._issued(issued)

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))
        self.error.show()
        self.generate_button.setEnabled(True)

    def reject(self) -> None:
        # A token that is being made must be shown: nobody could read it later.
        if self.generate_button.isEnabled():
            super().reject()


class RotateDialog(Dialog):
    """Asks how long the old token lives on; ``issued`` is called with the new one."""

    def __init__(
        self, desk: Desk, parent: QWidget, token: TokenRecord, issued: Callable[[IssuedToken], None]
    ) -> None:
        super().__init__(
            desk.theme,
            parent,
            f"Rotate “{token.label}”?",
            "A new token with the same label and lifetime takes its place. The old one goes on "
            "working for a while, so that Okta can be changed without a failed call.",
        )
        self._desk = desk
        self._token = token
        self._issued = issued
        self.overlap = _choice(desk.theme, "The old token works for", OVERLAPS, _DEFAULT_OVERLAP)
        self.error = label("", tone="danger", wrap=True)
        self.error.hide()
        self.add(field(label("The old token works for", "caption"), self.overlap), self.error)
        self.rotate_button = push_button(
            desk.theme, "Rotate token", kind="primary", clicked=self._rotate
        )
        self.end_with(self.cancel_button(), self.rotate_button)

    @Slot()
    def _rotate(self) -> None:
        self.rotate_button.setEnabled(False)
        tokens, token_id = self._desk.services.tokens, self._token.id
        overlap: timedelta = self.overlap.currentData()

        def rotate(_progress: Progress) -> IssuedToken:
            return tokens.rotate(token_id, overlap)

        self._desk.jobs.run("", rotate, self._take, self._refused)

    def _take(self, issued: IssuedToken) -> None:
        self.accept()
        self._issued(issued)

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))
        self.error.show()
        self.rotate_button.setEnabled(True)

    def reject(self) -> None:
        # A token that is being made must be shown: nobody could read it later.
        if self.rotate_button.isEnabled():
            super().reject()


class IssuedDialog(Dialog):
    """Shows a new token once, with what to paste into which Okta application.

    The token's text lives in one line of this dialog and nowhere else, and is dropped with it.
    """

    def __init__(self, desk: Desk, parent: QWidget, issued: IssuedToken) -> None:
        record = issued.record
        super().__init__(desk.theme, parent, f"Token “{record.label}”")
        self.setMinimumWidth(680)
        theme = desk.theme
        once = label("Copy it now: it is not shown again.", "strong")
        until = f"It works until {date_words(record.expires)}." if record.expires else ""
        ends = label(until or "It works until it is revoked.")
        self.secret = SecretField(theme, "Token", issued.text, "Copy the token")
        self.add(note(theme, "warning", once, ends), self.secret)
        self.add(label("What to paste into Okta", "caption"), self._forms(desk))
        if desk.server.state.url:
            address = SecretField(theme, "SCIM address", desk.server.state.url, "Copy the address")
            hint = "Okta reaches this computer through a tunnel or your own proxy only."
            caption = label("SCIM base URL (on this computer)", "caption")
            self.add(field(caption, address, label(hint, "small", wrap=True)))
        done = push_button(theme, "I have copied it", kind="primary", clicked=self.accept)
        self.end_with(done)

    def done(self, result: int) -> None:
        self.secret.forget()
        super().done(result)

    def _forms(self, desk: Desk) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE[4])
        grid.setVerticalSpacing(SPACE[3])
        grid.setColumnStretch(0, 1)
        for number, app in enumerate(OKTA_APPS):
            text = QWidget()
            text.setProperty("kind", "plain")
            lines = QGridLayout(text)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setVerticalSpacing(0)
            lines.addWidget(label(app.name, "strong"), 0, 0)
            lines.addWidget(label(f"{app.field}. {app.hint}", "small", wrap=True), 1, 0)
            words = "Copy with Bearer" if app.with_bearer else "Copy token"
            name = f"{words} for {app.name}"
            copy = CopyButton(desk.theme, name, partial(self._pasted, app.with_bearer), words)
            copy.setMinimumWidth(168)
            grid.addWidget(text, number, 0)
            grid.addWidget(copy, number, 1)
        return plain(grid)

    def _pasted(self, with_bearer: bool) -> str:
        text = self.secret.line.text()
        return f"Bearer {text}" if with_bearer else text


def _choice(
    theme: Theme, name: str, choices: Sequence[tuple[str, timedelta | None]], chosen: int
) -> ChoiceBox:
    box = ChoiceBox(theme, name)
    for words, value in choices:
        box.addItem(words, value)
    box.setCurrentIndex(chosen)
    return box
