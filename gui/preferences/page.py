"""The settings of the window, the server and the chosen organization."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from gui.connection.control import ServerControl
from gui.connection.port_dialog import PortField
from gui.desk import Desk, Page
from gui.jobs import Progress
from gui.organizations.dialogs import ACTIVE_BY_DEFAULT, GROUP_PUSH, counted, switch
from gui.settings import START_SERVER, THEME
from gui.theme import ThemeChoice
from gui.widgets.boxes import card, column, divider, plain, row, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.header import PageHeader
from gui.widgets.labels import label
from gui.widgets.switch import Switch
from server.blink.directory import Organization
from storage.call_search import Selection
from storage.errors import Interrupted

_LOOKS = (
    (ThemeChoice.SYSTEM, "Follow the system", "monitor"),
    (ThemeChoice.LIGHT, "Light", "sun"),
    (ThemeChoice.DARK, "Dark", "moon"),
)

WIDEST = 760
"""Lines of settings longer than this are hard to follow."""


class SettingsPage(Page):
    """One card a matter; everything takes effect at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        cards = column(
            self._appearance(),
            self._server(desk.server),
            self._organization(),
            self._recorded_calls(),
            None,
            spacing=4,
            margins=(0, 0, 2, 0),
        )
        content = plain(cards)
        content.setMaximumWidth(WIDEST)
        sides = row()
        sides.addWidget(content, 100)
        sides.addStretch(1)
        area = scrolled(plain(sides))
        self.setLayout(
            column(
                PageHeader("Settings", "Changes take effect at once"),
                area,
                spacing=4,
                margins=(5, 5, 5, 5),
            )
        )
        desk.session.organization_changed.connect(self._show_organization)
        desk.server.state_changed.connect(self._show_port)
        desk.theme.changed.connect(self._show_look)
        self._show_organization()

    def open(self, target: object) -> None:
        calls = self.desk.services.calls

        def count(_progress: Progress) -> int:
            return calls.count(Selection())

        self.desk.jobs.run("", count, self._show_count, self._leave_count)

    def _appearance(self) -> QFrame:
        self.looks: dict[ThemeChoice, QPushButton] = {}
        group = QButtonGroup(self)
        buttons = row(spacing=2)
        for choice, words, icon in _LOOKS:
            button = push_button(self.desk.theme, words, icon, "chip")
            button.setCheckable(True)
            button.clicked.connect(partial(self._choose_look, choice))
            group.addButton(button)
            buttons.addWidget(button)
            self.looks[choice] = button
        buttons.addStretch(1)
        self._show_look()
        return card(label("Appearance", "heading"), plain(buttons))

    def _server(self, server: ServerControl) -> QFrame:
        self.start_box = Switch(self.desk.theme, "Start the server with the window")
        self.start_box.setChecked(self.desk.settings.get(START_SERVER))
        self.start_box.toggled.connect(self._set_start)
        self.port = PortField(server.state.port)
        self.port.textChanged.connect(self._show_apply)
        self.apply_button = push_button(
            self.desk.theme, "Serve on this port", kind="primary", clicked=self._apply_port
        )
        self.apply_button.setEnabled(False)
        port = row(label("Port"), self.port, self.apply_button, None)
        hint = "It listens on this computer only; a tunnel or proxy brings Okta's calls here."
        return card(
            label("Server", "heading"), label(hint, "muted", wrap=True), plain(port), self.start_box
        )

    def _organization(self) -> QFrame:
        actions, theme = self.desk.actions, self.desk.theme
        self.organization_name = label("", "heading")
        rename = push_button(
            theme, "Rename…", "pencil", clicked=actions["organization.settings"].trigger
        )
        delete = push_button(
            theme, "Delete…", "trash", clicked=actions["organization.delete"].trigger
        )
        self.group_push, push = switch(theme, GROUP_PUSH)
        self.active_by_default, active = switch(theme, ACTIVE_BY_DEFAULT)
        for each in (self.group_push, self.active_by_default):
            each.clicked.connect(self._save_switches)
        self.organization_card = card(
            plain(row(self.organization_name, None, rename, delete)), push, divider(), active
        )
        return self.organization_card

    def _recorded_calls(self) -> QFrame:
        self.call_count = label("", "muted")
        clear = push_button(
            self.desk.theme,
            "Clear the log…",
            "trash",
            clicked=self.desk.actions["log.clear"].trigger,
        )
        words = column(label("Recorded calls", "heading"), self.call_count, spacing=1)
        line = row(spacing=2)
        line.addLayout(words, 1)
        line.addWidget(clear)
        return card(plain(line))

    def _choose_look(self, choice: ThemeChoice) -> None:
        self.desk.settings.set(THEME, choice.value)
        self.desk.theme.choose(choice)

    @Slot()
    def _show_look(self) -> None:
        self.looks[self.desk.theme.choice].setChecked(True)

    @Slot(bool)
    def _set_start(self, start: bool) -> None:
        self.desk.settings.set(START_SERVER, start)

    @Slot()
    def _show_apply(self) -> None:
        self.apply_button.setEnabled(self.port.port not in (None, self.desk.server.state.port))

    @Slot()
    def _apply_port(self) -> None:
        if self.port.port is not None:
            self.apply_button.setEnabled(False)
            self.desk.server.move_to(self.port.port)

    @Slot()
    def _show_port(self) -> None:
        self.port.show_port(self.desk.server.state.port)
        self._show_apply()

    @Slot()
    def _show_organization(self) -> None:
        summary = self.desk.session.organization
        self.organization_card.setVisible(summary is not None)
        if summary:
            organization = summary.organization
            self.organization_name.setText(organization.name)
            self.group_push.setChecked(organization.group_push)
            self.active_by_default.setChecked(organization.active_by_default)

    @Slot()
    def _save_switches(self) -> None:
        summary = self.desk.session.organization
        if summary is None:
            return
        store, organization_id = self.desk.services.organizations, summary.organization.id
        push, active = self.group_push.isChecked(), self.active_by_default.isChecked()

        def save(_progress: Progress) -> Organization:
            return store.set_switches(organization_id, group_push=push, active_by_default=active)

        self.desk.jobs.run("", save, self._saved, self._refused)

    def _saved(self, _organization: Organization) -> None:
        self.desk.session.reload()

    def _refused(self, error: Exception) -> None:
        self._show_organization()
        self.desk.toasts.show_error(error)

    def _leave_count(self, error: Exception) -> None:
        # A new search in the live log interrupts the counting; the figure before still stands.
        if not isinstance(error, Interrupted):
            self.desk.toasts.show_error(error)

    def _show_count(self, number: int) -> None:
        self.call_count.setText(f"{counted(number, 'call')} kept on this computer")
