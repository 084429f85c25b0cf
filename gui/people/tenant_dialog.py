"""The dialog before people are read from an Okta tenant: domain, token, what to read."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.desk import Desk
from gui.jobs import Job, Progress
from gui.people.mode_buttons import ModeButtons
from gui.settings import TENANT_DOMAIN, TENANT_KEPT
from gui.widgets.boxes import field, plain, row
from gui.widgets.buttons import push_button, tool_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label, note
from gui.widgets.switch import Switch
from storage.errors import StorageError


@dataclass(frozen=True, slots=True)
class TenantOrder:
    """What is to be read. ``repr`` leaves the token out, so that no log ever has it."""

    domain: str
    token: str
    search: str
    with_deactivated: bool
    with_groups: bool
    replace_all: bool
    warning: str = ""
    """What the person should know of the token that could not be kept, or ""."""

    def __repr__(self) -> str:
        return f"TenantOrder({self.domain!r})"


class TenantDialog(Dialog):
    """``ordered`` is called once domain and token were tried and found to be right.

    The token lives in this dialog and in the order; it is written nowhere but into the system's
    keyring, if the person ticks that.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        ordered: Callable[[TenantOrder], None],
        *,
        has_own: bool,
    ) -> None:
        super().__init__(
            desk.theme,
            parent,
            "Read people from an Okta tenant",
            "Users, and the schema of their profiles, are read over Okta's API; nothing is ever "
            "written there. A token of a read-only administrator is enough.",
        )
        self._desk = desk
        self._ordered = ordered
        self._job: Job[TenantOrder] | None = None
        self.setMinimumWidth(600)
        self.domain = _line("Okta domain", "acme.okta.com", desk.settings.get(TENANT_DOMAIN))
        self.token = _line("API token", "From Security, API, Tokens")
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_button = tool_button(desk.theme, "Show the token", "eye")
        self.show_button.setCheckable(True)
        self.show_button.toggled.connect(self._show_token)
        self.keep = Switch(desk.theme, "Keep the token in this system's keyring")
        self.keep_note = label("", "small", wrap=True)
        self.search = _line("Search expression", 'profile.department eq "Nurses"')
        self.deactivated = Switch(desk.theme, "Deactivated people, too")
        self.groups = Switch(desk.theme, "Their groups (a request for each person: takes longer)")
        self.mode = ModeButtons(has_own=has_own)
        self.problem = note(desk.theme, "danger", problem := label("", wrap=True))
        self.problem_text = problem
        self.problem.hide()
        self.read_button = push_button(desk.theme, "Read people", kind="primary", clicked=self._try)
        token = row(self.token, self.show_button, spacing=1)
        token.setStretch(0, 1)
        self.add(
            field(label("Okta domain", "caption"), self.domain),
            field(label("API token", "caption"), plain(token), self.keep, self.keep_note),
            field(label("Search expression (optional)", "caption"), self.search),
            field(label("Read as well", "caption"), self.deactivated, self.groups),
            self.mode,
            self.problem,
        )
        self.end_with(self.cancel_button(), self.read_button)
        self._say_kept("The token is forgotten when the people are read.")
        for line in (self.domain, self.token):
            line.textChanged.connect(self._check)
        self.search.textChanged.connect(self._check_search)
        if desk.settings.get(TENANT_KEPT) and self.domain.text():
            self._recall()
        self.keep.toggled.connect(self._try_keyring)
        self._check()

    @Slot(bool)
    def _show_token(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.token.setEchoMode(mode)

    @Slot()
    def _check(self) -> None:
        filled = bool(self.domain.text().strip() and self.token.text().strip())
        self.read_button.setEnabled(filled and self._job is None)

    @Slot()
    def _check_search(self) -> None:
        # A search expression says itself whether deactivated people are wanted.
        self.deactivated.setEnabled(not self.search.text().strip())

    def _recall(self) -> None:
        """Look for a token that was kept."""
        domain, services = self.domain.text(), self._desk.services

        def recall(_progress: Progress) -> str | None:
            return services.okta().secrets().get(domain)

        self._desk.jobs.run("", recall, self._take_kept, self._refuse_keyring)

    def _take_kept(self, token: str | None) -> None:
        if token and not self.token.text():
            self.token.setText(token)
            self._set_keep(True)
            self._say_kept("The token is in this system's keyring.")

    @Slot(bool)
    def _try_keyring(self, keep: bool) -> None:
        """Say at once whether there is a keyring, not when people were read."""
        if not keep:
            self._say_kept("The token is forgotten when the people are read.")
            return
        domain, services = self.domain.text().strip(), self._desk.services

        def look(_progress: Progress) -> None:
            services.okta().secrets().get(domain)

        self._desk.jobs.run("", look, self._take_keyring, self._refuse_keyring)

    def _take_keyring(self, _nothing: None) -> None:
        if self.keep.isChecked():
            self._say_kept("The token will be kept in this system's keyring.")

    def _refuse_keyring(self, error: Exception) -> None:
        self._set_keep(False)
        self._say_kept(str(error))

    def _set_keep(self, keep: bool) -> None:
        self.keep.blockSignals(True)
        self.keep.setChecked(keep)
        self.keep.blockSignals(False)

    def _say_kept(self, text: str) -> None:
        self.keep_note.setText(text)
        self.fit()

    @Slot()
    def _try(self) -> None:
        """See that domain and token are right, and put the token where it is to be kept."""
        self.problem.hide()
        services = self._desk.services
        keep, was_kept = self.keep.isChecked(), self._desk.settings.get(TENANT_KEPT)
        domain, token = self.domain.text(), self.token.text().strip()
        search = self.search.text().strip()
        wanted = (
            search,
            self.deactivated.isChecked() and not search,
            self.groups.isChecked(),
            self.mode.replaces,
        )

        def tried(progress: Progress) -> TenantOrder:
            okta = services.okta()
            with okta.tenant(domain, token) as tenant:
                tenant.check(lambda text: progress.report(None, text))
                name, warning = tenant.domain, ""
            try:
                if keep:
                    okta.secrets().set(name, token)
                elif was_kept:
                    okta.secrets().delete(name)
            except StorageError as error:
                warning = str(error)
            return TenantOrder(name, token, *wanted, warning)

        self._job = self._desk.jobs.run("Connecting to Okta", tried, self._take, self._refuse)
        self.read_button.setText("Connecting…")
        self._check()

    def _take(self, order: TenantOrder) -> None:
        settings = self._desk.settings
        settings.set(TENANT_DOMAIN, order.domain)
        settings.set(TENANT_KEPT, self.keep.isChecked() and not order.warning)
        self.accept()
        self._ordered(order)

    def _refuse(self, error: Exception) -> None:
        self._job = None
        self.read_button.setText("Read people")
        self.problem_text.setText(str(error))
        self.problem.show()
        self._check()
        self.fit()

    def done(self, result: int) -> None:
        if self._job:
            self._job.cancel()
        self.token.clear()
        super().done(result)


def _line(name: str, hint: str, text: str = "") -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setMaxLength(1000)
    return made
