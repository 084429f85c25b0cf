"""A window under test and the ways to work it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from gui.live_log.log_view import LogView
from gui.live_log.page import LiveLogPage
from gui.mappings.page import MappingsPage
from gui.people.page import PeoplePage
from gui.preflight.page import PreflightPage
from gui.program import OpenServices, Program
from gui.services import OktaServices, Services
from gui.settings import PORT, START_SERVER, Settings
from gui.theme import Theme, ThemeChoice
from gui.tokens.page import TokensPage
from server.calls.call import Call
from tests.gui.running import Backstage, Clock

W = TypeVar("W", bound=QWidget)


class Stage:
    """A program on files in a folder; nothing is opened until ``open``."""

    def __init__(
        self,
        folder: Path,
        application: QApplication,
        qtbot: QtBot,
        open_services: OpenServices | None = None,
    ) -> None:
        """``open_services`` opens something else than what ``tests.gui.running`` has."""
        QApplication.clipboard().clear()  # of what another test has copied
        self.folder = folder
        self.qtbot = qtbot
        self.clock = Clock()
        self.backstage = Backstage(folder, self.clock)
        self.settings = Settings(folder / "settings.ini")
        self.settings.set(START_SERVER, False)
        self.settings.set(PORT, 0)
        self.theme = Theme(application, ThemeChoice.LIGHT)
        self.served: list[str] = []
        self.program = Program(
            self.theme,
            self.settings,
            open_services or self.backstage.open,
            self.clock,
            self.served.append,
        )
        self.window = self.program.window
        self.window.setMinimumSize(0, 0)
        self.window.resize(1280, 800)
        self.closed = False
        self.program.closed.connect(self._note_closed)

    def open(self) -> None:
        self.window.show()
        with self.qtbot.waitSignal(self.program.opened, timeout=5000):
            self.program.open()
        self.qtbot.waitUntil(lambda: self.window.session.loaded)

    def close(self) -> None:
        if not self.closed:
            self.program.close()
            self.qtbot.waitUntil(lambda: self.closed, timeout=8000)
        for widget in QApplication.topLevelWidgets():
            widget.close()
            widget.deleteLater()
        self.window.jobs.close()
        self.theme.deleteLater()
        # Outside of an event loop Qt puts this off, and the next test's stylesheet is then worked
        # out for all of these widgets, too.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()

    def add_organization(self, name: str) -> int:
        organization = self.services.organizations.create(name)
        self.window.session.reload(choose=organization.id)
        self.until(lambda: self.organization_name == name)
        return organization.id

    @property
    def services(self) -> Services:
        page = self.window.page
        assert page is not None
        return page.desk.services

    @property
    def okta(self) -> OktaServices:
        return self.services.okta()

    @property
    def organization_name(self) -> str:
        chosen = self.window.session.organization
        return chosen.organization.name if chosen else ""

    @property
    def organization_id(self) -> int:
        chosen = self.window.session.organization
        assert chosen is not None
        return chosen.organization.id

    def tokens_page(self) -> TokensPage:
        self.window.show_page("tokens")
        page = self.window.page
        assert isinstance(page, TokensPage)
        self.settle()
        return page

    def log_page(self) -> LiveLogPage:
        self.window.show_page("live-log")
        page = self.window.page
        assert isinstance(page, LiveLogPage)
        self.until(lambda: not page.live.feed.busy)
        return page

    def log(self) -> LogView:
        """Show the live log's page, and return the view of the log in it."""
        return self.log_page().live

    def people_page(self) -> PeoplePage:
        self.window.show_page("people")
        page = self.window.page
        assert isinstance(page, PeoplePage)
        self.settle()
        return page

    def preflight_page(self) -> PreflightPage:
        self.window.show_page("preflight")
        page = self.window.page
        assert isinstance(page, PreflightPage)
        self.settle()
        return page

    def mappings_page(self) -> MappingsPage:
        self.window.show_page("mappings")
        page = self.window.page
        assert isinstance(page, MappingsPage)
        self.until(lambda: page.trial is not None)
        self.settle()
        return page

    def record(self, *calls: Call) -> None:
        """Record calls and let the window see them."""
        self.backstage.record(*calls)

    def dialog(self, kind: type[W]) -> W:
        """Return the dialog of a kind that is open."""
        self.until(lambda: bool(self._open(kind)))
        return self._open(kind)[-1]

    def dialogs(self) -> Sequence[QDialog]:
        return self._open(QDialog)

    def settle(self) -> None:
        """Let every job end."""
        self.until(lambda: not self.window.jobs.running)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=5000)

    def _open(self, kind: type[W]) -> list[W]:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind)]
        return [widget for widget in found if widget.isVisible()]

    def _note_closed(self) -> None:
        self.closed = True
