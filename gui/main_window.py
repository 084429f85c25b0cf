"""The window: rail, organization switcher, server pill, pages, status line."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QMainWindow, QMenu, QStackedWidget, QToolButton

from gui.actions import Actions, ActionSpec
from gui.bridge import Bridge
from gui.command_palette import CommandPalette, Entry
from gui.commands import COMMANDS, WINDOW_ACTIONS, Command
from gui.connection.control import Phase, ServerControl
from gui.connection.pill import ServerPill
from gui.connection.port_dialog import PortDialog
from gui.jobs import Jobs
from gui.live_log.diagnosis_help import DiagnosisHelp
from gui.organizations.custom_attributes import CustomAttributesSection
from gui.organizations.dialogs import DeleteOrganizationDialog, OrganizationDialog
from gui.organizations.switcher import OrganizationSwitcher
from gui.pages import PAGES, PageSpec
from gui.rail import Rail, rail_button
from gui.session import Session
from gui.settings import GEOMETRY, PAGE, THEME, Settings
from gui.shortcut_sheet import ShortcutSheet
from gui.status_line import StatusLine
from gui.theme import Theme, ThemeChoice
from gui.waiting import WaitingPage
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import tool_button
from gui.widgets.toast import Toasts
from storage.errors import StorageError

if TYPE_CHECKING:
    from gui.desk import Page
    from gui.services import Services

TITLE = "Blink SCIM Desk"
SMALLEST = QSize(1100, 700)
FIRST_SIZE = QSize(1280, 800)


class MainWindow(QMainWindow):
    """The window and its actions; ``show_services`` fills it once they are open.

    Signals:
        close_requested: the person wants to leave; whoever stops the parts calls ``leave``.
        retry_requested: opening failed and the person wants another try.
    """

    close_requested = Signal()
    retry_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        bridge: Bridge,
        now: Callable[[], datetime],
        pages: Sequence[PageSpec] = PAGES,
    ) -> None:
        super().__init__()
        self.theme = theme
        self._settings = settings
        self._bridge = bridge
        self._now = now
        self._specs = {page.key: page for page in pages}
        self._services: Services | None = None
        self._left = False
        self._pages: dict[str, Page] = {}
        self._page = ""
        self.setWindowTitle(TITLE)
        self.setMinimumSize(SMALLEST)
        self.setAccessibleName(TITLE)
        self.toasts = Toasts(theme, self)
        self.jobs = Jobs(self.toasts.show_error)
        self.session = Session(self.jobs, settings)
        self.server = ServerControl(self.jobs, settings)
        self.actions_registry = Actions(self, theme.icons)
        self._add_actions()
        self._build()
        self._restore()
        self.session.page_requested.connect(self.show_page)
        self.session.organizations_changed.connect(self._update_actions)
        self.session.organization_changed.connect(self._update_actions)
        self.server.state_changed.connect(self._update_actions)
        bridge.calls_recorded.connect(self._note_call)
        bridge.problem_reported.connect(self._tell_problem)
        self._update_actions()

    def show_services(self, services: "Services") -> None:
        """Show the pages, now that there is something to show."""
        self._services = services
        self.session.attach(services.organizations)
        self.server.attach(services.server)
        self._bridge.watch(services.problems)
        if services.notices:
            self.toasts.show(" ".join(services.notices), "neutral")
        remembered = self._settings.get(PAGE)
        self.show_page(remembered if remembered in self._specs else next(iter(self._specs)))
        self._update_actions()

    def show_opening_error(self, error: Exception) -> None:
        """Say why there is nothing to show, and what to do."""
        self.waiting.fail("This database cannot be opened", str(error))
        self._stack.setCurrentWidget(self.waiting)

    def show_opening(self) -> None:
        """Say that the database is being opened."""
        self.waiting.wait("Opening…", "")
        self._stack.setCurrentWidget(self.waiting)

    def show_finishing(self, active_calls: Callable[[], int]) -> None:
        """Say that the window closes as soon as the calls under way are answered."""
        self.waiting.finish(active_calls)
        self._stack.setCurrentWidget(self.waiting)
        for part in (self._top, self._rail):
            part.setEnabled(False)

    def leave(self) -> None:
        """Close for good; everything behind the window has stopped."""
        self._left = True
        self.close()

    def remember(self) -> None:
        """Write what should be the same next time."""
        self._settings.set(GEOMETRY, bytes(self.saveGeometry().data()))
        if self._page:
            self._settings.set(PAGE, self._page)
        for page in self._pages.values():
            page.remember()
        self._settings.save()

    @Slot(str, object)
    def show_page(self, key: str, target: object = None) -> None:
        """Bring a page to the front."""
        page = self._made(key)
        if page is None:
            return
        self._page = key
        self._rail.show_page(key)
        self._stack.setCurrentWidget(page)
        self.setWindowTitle(f"{self._specs[key].title} · {TITLE}")
        page.setAccessibleName(self._specs[key].title)
        page.setFocus()
        page.open(target)

    @property
    def page(self) -> "Page | None":
        """Return the page that is open."""
        return self._pages.get(self._page)

    @Slot()
    def raise_window(self) -> None:
        """Come to the front, because a second instance was started."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def _made(self, key: str) -> "Page | None":
        if self._services is None:
            return None
        if key not in self._pages:
            # Here and not above: it brings the stores, and the first paint does not wait for them.
            from gui.desk import Desk

            desk = Desk(
                services=self._services,
                session=self.session,
                jobs=self.jobs,
                bridge=self._bridge,
                server=self.server,
                settings=self._settings,
                theme=self.theme,
                actions=self.actions_registry,
                toasts=self.toasts,
                now=self._now,
            )
            self._pages[key] = self._specs[key].make(desk)
            self._stack.addWidget(self._pages[key])
        return self._pages[key]

    def _build(self) -> None:
        organization = [
            self.actions_registry[key]
            for key in ("organization.new", "organization.settings", "organization.delete")
        ]
        self.switcher = OrganizationSwitcher(self.theme, self.session, organization)
        self.pill = ServerPill(self.theme, self.server)
        self.menu_button = tool_button(self.theme, "Menu", "menu", "Menu (F10)")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(self._menu())
        self._top = QFrame()
        self._top.setProperty("kind", "top")
        self._top.setFixedHeight(56)
        bar = row(self.switcher, None, self.pill, self.menu_button, spacing=2, margins=(5, 0, 3, 0))
        self._top.setLayout(bar)
        palette = rail_button("Commands")
        palette.setToolTip(self.actions_registry["help.palette"].toolTip())
        palette.clicked.connect(self._open_palette)
        self.theme.icons.put(palette, "command", "muted")
        self._rail = Rail(self.theme, list(self._specs.values()), [palette])
        self._rail.page_chosen.connect(self.show_page)
        self._stack = QStackedWidget()
        self.waiting = WaitingPage(self.theme)
        self.waiting.retry_requested.connect(self.retry_requested)
        self.waiting.quit_requested.connect(self.close)
        self._stack.addWidget(self.waiting)
        self.status = StatusLine(self.theme, self.jobs)
        right = plain(column(self._top, self._stack, self.status, spacing=0))
        self.setCentralWidget(plain(row(self._rail, right, spacing=0)))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for heading, actions in self.actions_registry.menus().items():
            submenu = menu.addMenu(heading)
            submenu.addActions(actions)
        return menu

    def _restore(self) -> None:
        self.resize(FIRST_SIZE)
        geometry = self._settings.get(GEOMETRY)
        if geometry:
            self.restoreGeometry(geometry)

    def _add_actions(self) -> None:
        for number, page in enumerate(self._specs.values(), 1):
            spec = ActionSpec(
                f"page.{page.key}", page.title, "Go to", page.icon, page.hint, f"Ctrl+{number}"
            )
            self.actions_registry.add(spec, partial(self.session.go_to, page.key))
        slots: dict[str, Callable[[], None]] = {
            "organization.new": self._new_organization,
            "organization.settings": self._change_organization,
            "organization.delete": self._delete_organization,
            "server.toggle": self.server.toggle,
            "server.copy": self._copy_address,
            "server.port": self._change_port,
            "theme.toggle": self._toggle_theme,
            "theme.system": partial(self.choose_theme, ThemeChoice.SYSTEM),
            "help.palette": self._open_palette,
            "help.shortcuts": self._open_shortcuts,
            "help.diagnosis": self._open_diagnosis_help,
            "window.menu": self._open_menu,
            "window.quit": self._quit,
        }
        for spec in WINDOW_ACTIONS:
            self.actions_registry.add(spec, slots[spec.key])
        for command in COMMANDS:
            self.actions_registry.add(command.spec, partial(self._carry_out, command))

    def _carry_out(self, command: Command) -> None:
        self.session.go_to(command.page, command.target)

    @Slot()
    def _update_actions(self) -> None:
        running = self.server.state.phase is Phase.RUNNING
        chosen = self.session.organization is not None
        registry = self.actions_registry
        for spec in registry.specs():
            registry[spec.key].setEnabled(
                self._services is not None or spec.menu in ("Window", "Help")
            )
        for key in ("organization.settings", "organization.delete", "tokens.generate"):
            registry[key].setEnabled(chosen)
        registry["server.copy"].setEnabled(running)

    @Slot(int)
    def _note_call(self, call_id: int) -> None:
        if self._services is None:
            return
        try:
            rows = self._services.calls.rows([call_id])
        except StorageError:
            return  # whoever stores the calls tells of it
        if rows:
            at = datetime.fromtimestamp(rows[0].at / 1e6).astimezone()
            self.status.say(f"Last call {at:%H:%M:%S} · {rows[0].summary}")

    @Slot(str)
    def _tell_problem(self, text: str) -> None:
        self.toasts.show(text, "danger")

    @Slot()
    def _new_organization(self) -> None:
        if self._services:
            store = self._services.organizations
            OrganizationDialog(self.theme, self, self.jobs, store, self.session).open()

    @Slot()
    def _change_organization(self) -> None:
        chosen = self.session.organization
        if self._services and chosen:
            store, organization = self._services.organizations, chosen.organization
            attributes = CustomAttributesSection(
                self.theme, self.jobs, self._services.custom_attributes, organization.id
            )
            OrganizationDialog(
                self.theme, self, self.jobs, store, self.session, organization, attributes
            ).open()

    @Slot()
    def _delete_organization(self) -> None:
        chosen = self.session.organization
        if self._services and chosen:
            DeleteOrganizationDialog(
                self.theme, self, self.jobs, self._services, self.session, chosen
            ).open()

    @Slot()
    def _copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self.server.state.url)
        self.toasts.show("The SCIM address is on the clipboard.")

    @Slot()
    def _change_port(self) -> None:
        PortDialog(self.theme, self, self.server).open()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Change the look and remember it."""
        self.theme.choose(choice)
        self._settings.set(THEME, choice.value)

    @Slot()
    def _toggle_theme(self) -> None:
        self.choose_theme(ThemeChoice.LIGHT if self.theme.dark else ThemeChoice.DARK)

    @Slot()
    def _open_palette(self) -> None:
        registry = self.actions_registry
        entries = [
            Entry(
                spec.text,
                spec.menu,
                spec.icon,
                registry[spec.key].shortcut().toString(),
                registry[spec.key].trigger,
            )
            for spec in registry.specs()
            if registry[spec.key].isEnabled() and spec.key != "help.palette"
        ]
        entries += [
            Entry(
                f"Switch to {summary.organization.name}",
                "Organization",
                "organization",
                "",
                partial(self.session.choose, summary.organization.id),
            )
            for summary in self.session.organizations
            if summary != self.session.organization
        ]
        palette = CommandPalette(self.theme, entries, self)
        palette.move(self.mapToGlobal(self.rect().topLeft()))
        left = self.x() + (self.width() - palette.width()) // 2
        palette.move(left, self.y() + 96)
        palette.open()

    @Slot()
    def _open_shortcuts(self) -> None:
        ShortcutSheet(self.theme, self, self.actions_registry.specs()).open()

    @Slot()
    def _open_diagnosis_help(self) -> None:
        DiagnosisHelp(self.theme, self).open()

    @Slot()
    def _open_menu(self) -> None:
        QTimer.singleShot(0, self.menu_button.showMenu)

    @Slot()
    def _quit(self) -> None:
        # Not within the signal of a menu that is still open.
        QTimer.singleShot(0, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._left:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()
        if self._left:  # nothing was open, so nothing had to be waited for
            event.accept()
