"""Takes the pictures of ``tests.screenshots``."""

import random
import string
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gui.application import GarbageCollector
from gui.connection.control import Phase, ServerState
from gui.live_log.page import LiveLogPage, ShowCall
from gui.organizations.attribute_dialog import AttributeDialog
from gui.organizations.custom_attributes import CustomAttributesSection
from gui.program import Program
from gui.settings import PORT, START_SERVER, Settings
from gui.theme import Theme, ThemeChoice
from gui.tokens.page import TokensPage
from gui.widgets.dialog import Dialog
from server.calls.export import Cleaner, ExportSetting, export_calls
from server.calls.redaction import Redactor
from server.http.tokens import TOKEN_PREFIX
from storage.call_search import Selection
from storage.errors import NotOurDatabase
from tests.gui.believable import fill
from tests.gui.gallery import Gallery
from tests.gui.mapping_scenes import MappingScenes
from tests.gui.people_scenes import PeopleScenes
from tests.gui.preflight_scenes import PreflightScenes
from tests.gui.running import Backstage, Clock

Scene = tuple[str, Callable[[], None]]


class Photographer:
    """Runs the window on believable data and goes through its scenes."""

    def __init__(self, folder: Path, temporary: Path, word: str) -> None:
        self._folder = folder
        self._temporary = temporary
        self._word = word
        self._application = QApplication([])
        self._application.setCursorFlashTime(0)  # a cursor in each picture, or the same in none
        self._collector = GarbageCollector()
        self._clock = Clock()
        self._backstage = Backstage(temporary, self._clock)
        settings = Settings(temporary / "settings.ini")
        settings.set(START_SERVER, False)
        settings.set(PORT, 8765)
        self._theme = Theme(self._application, ThemeChoice.LIGHT)
        self._program = Program(self._theme, settings, self._backstage.open, self._clock)
        self.window = self._program.window
        self._mapping_scenes = MappingScenes(self.window, self._settle)
        self._people_scenes = PeopleScenes(self.window, self._settle)
        self._preflight_scenes = PreflightScenes(self.window, self._settle)

    def run(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Take all pictures, with the same tokens each time."""
        chance = random.Random(3)
        letters = string.ascii_letters + string.digits

        def token() -> str:
            return TOKEN_PREFIX + "".join(chance.choices(letters, k=43))

        with patch("storage.tokens.new_token", token):
            self._run(sizes)

    def _run(self, sizes: Sequence[tuple[int, int]]) -> None:
        self.window.show()
        self._program.open()
        self._wait_for(lambda: bool(self.window.page))
        page = self.window.page
        assert page is not None
        self._serve()
        self._shoot_all(sizes, self._empty_scenes())
        services = page.desk.services
        self._day = fill(self._backstage, services, self._clock)
        self.window.session.reload()
        self._wait_for(lambda: bool(self.window.session.organizations))
        self._choose("Northwind Health")
        self._serve()
        self._shoot_all(sizes, self._scenes())
        self._shoot_all(sizes, self._last_scenes())
        closed: list[bool] = []
        self._program.closed.connect(lambda: closed.append(True))
        self._program.close()
        self._wait_for(lambda: bool(closed))
        self._collector.stop()

    def _choose(self, name: str) -> None:
        for summary in self.window.session.organizations:
            if summary.organization.name == name:
                self.window.session.choose(summary.organization.id)

    def _empty_scenes(self) -> list[Scene]:
        return [
            ("overview-empty", lambda: self.window.show_page("overview")),
            ("tokens-empty", lambda: self.window.show_page("tokens")),
            ("mappings-empty", lambda: self.window.show_page("mappings")),
            ("live-log-empty", lambda: self.window.show_page("live-log")),
        ]

    def _scenes(self) -> list[Scene]:
        window, actions = self.window, self.window.actions_registry
        return [
            ("overview", lambda: window.show_page("overview")),
            ("tokens", lambda: window.show_page("tokens")),
            ("tokens-generate", lambda: window.show_page("tokens", "generate")),
            ("tokens-issued", self._issue_token),
            ("tokens-rotate", self._rotate_token),
            ("tokens-revoke", self._revoke_token),
            *self._mapping_scenes.all(),
            *self._people_scenes.all(),
            *self._preflight_scenes.all(),
            ("live-log", self._show_log),
            ("live-log-call", lambda: self._show_call("create", 200)),
            ("live-log-failure", lambda: self._show_call("create", 400)),
            ("live-log-deactivation", lambda: self._show_call("deactivate", 200)),
            ("live-log-bad-filter", lambda: self._filter_log("staus:404 user:ann")),
            ("live-log-operation", self._unfold_operation),
            ("live-log-story", lambda: self._open_view("story")),
            ("live-log-compare", lambda: self._open_view("compare")),
            ("live-log-help", lambda: self._log_page().live.bar.show_help()),
            ("live-log-file", self._open_file),
            ("live-log-file-call", self._open_call_of_file),
            ("live-log-diagnosis-help", actions["help.diagnosis"].trigger),
            ("live-log-export", lambda: self._log_page().open("export-listed")),
            ("live-log-no-match", lambda: self._filter_log("nobody@nowhere.example")),
            ("settings", lambda: window.show_page("settings")),
            ("organization-new", actions["organization.new"].trigger),
            ("organization-settings", actions["organization.settings"].trigger),
            ("organization-no-attributes", self._show_bare_settings),
            ("attribute-add", self._add_attribute),
            ("attribute-change", self._change_attribute),
            ("attribute-remove", self._remove_attribute),
            ("organization-delete", actions["organization.delete"].trigger),
            ("organization-menu", self._open_switcher),
            ("port", actions["server.port"].trigger),
            ("commands", actions["help.palette"].trigger),
            ("shortcuts", actions["help.shortcuts"].trigger),
            ("port-taken", self._take_port),
            ("live-log-paused", self._pause_log),
            ("live-log-behind", self._fall_behind),
            ("overview-start", self._show_new_customer),
            ("toast", lambda: window.toasts.show("The SCIM address is on the clipboard.")),
            *Gallery(self._theme, window.jobs, window).scenes(),
        ]

    def _last_scenes(self) -> list[Scene]:
        error = NotOurDatabase(Path("/home/ann/Documents/report.db"))
        return [
            ("opening-failed", lambda: self.window.show_opening_error(error)),
            ("finishing", lambda: self.window.show_finishing(lambda: 3)),
        ]

    def _shoot_all(self, sizes: Sequence[tuple[int, int]], scenes: Sequence[Scene]) -> None:
        for name, prepare in scenes:
            if self._word and self._word not in name:
                continue
            for width, height in sizes:
                self.window.resize(width, height)
                self._settle()
                prepare()
                self._settle()
                for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
                    self._theme.choose(choice)
                    self._settle(0.05)
                    self._shoot(f"{name}-{choice}-{width}x{height}")
                self._leave_scene()

    def _shoot(self, name: str) -> None:
        picture = self.window.grab()
        painter = QPainter(picture)
        for shown in self._overlays():
            painter.fillRect(picture.rect(), "#60000000") if isinstance(shown, Dialog) else None
            place = self._place(shown)
            painter.drawPixmap(place, shown.grab())
        painter.end()
        QPixmap(picture).save(str(self._folder / f"{name}.png"))

    def _overlays(self) -> list[QWidget]:
        widgets = [w for w in self._application.topLevelWidgets() if w.isVisible()]
        shown = [w for w in widgets if w is not self.window]
        # A dialog that another one opened lies above it.
        return sorted(shown, key=lambda w: isinstance(w.parent(), Dialog))

    def _place(self, shown: QWidget) -> QPoint:
        if isinstance(shown, Dialog):
            center = self.window.rect().center() - shown.rect().center()
            return QPoint(center.x(), max(center.y(), 0))
        owner = shown.parentWidget()
        if owner is not None and isinstance(owner.window(), Dialog):
            return self._place(owner.window()) + shown.pos() - owner.window().pos()
        return shown.pos() - self.window.pos()

    def _leave_scene(self) -> None:
        for shown in self._overlays():
            if isinstance(shown, QDialog):
                shown.reject()
            else:
                shown.close()
        self.window.toasts.hide()
        self._choose("Northwind Health")
        if isinstance(page := self.window.page, LiveLogPage):
            while page.files:
                page.close_file(1)
            page.live.bar.pause_button.setChecked(False)
            page.live.close_call()
            page.live.bar.clear()
        self._mapping_scenes.leave()
        self._people_scenes.leave()
        self._preflight_scenes.leave()
        self._serve()
        self._settle()

    def _serve(self) -> None:
        """Say that the server runs, so that the port in the pictures is always the same."""
        self.window.server._watch.stop()
        state = ServerState(Phase.RUNNING, 8765, url="http://127.0.0.1:8765/scim/v2")
        self.window.server._set(state)

    def _take_port(self) -> None:
        self.window.show_page("overview")
        self.window.server._set(ServerState(Phase.PORT_TAKEN, 8765, next_free=8766))

    def _tokens_page(self, row: int) -> TokensPage:
        self.window.show_page("tokens")
        self._settle()
        page = self.window.page
        assert isinstance(page, TokensPage)
        page.table.selectRow(row)
        return page

    def _issue_token(self) -> None:
        page = self._tokens_page(1)
        organization = self.window.session.organization
        assert organization is not None
        tokens = page.desk.services.tokens
        issued = tokens.create(organization.organization.id, "Okta production", None)
        page._show_issued(issued)
        self._settle()
        tokens_database = self._backstage.directory.connection()
        tokens_database.execute("DELETE FROM token WHERE id = ?", (issued.record.id,))
        page.reload()
        self.window.session.reload()

    def _rotate_token(self) -> None:
        self._tokens_page(1).rotate_button.click()

    def _revoke_token(self) -> None:
        self._tokens_page(1).revoke_button.click()

    def _log_page(self) -> LiveLogPage:
        self.window.show_page("live-log")
        self._settle()
        page = self.window.page
        assert isinstance(page, LiveLogPage)
        return page

    def _show_log(self) -> None:
        timeline = self._log_page().live.timeline.bars
        self._wait_for(lambda: sum(timeline.series.calls) > 0)

    def _show_call(self, operation: str, least: int) -> None:
        page = self._log_page().live
        calls = page.desk.services.calls
        rows = calls.rows(calls.ids(Selection()))
        chosen = [r for r in rows if r.operation == operation and least <= r.status < least + 100]
        self.window.show_page("live-log", ShowCall(chosen[-1].id))
        self._settle(0.2)

    def _unfold_operation(self) -> None:
        page = self._log_page().live
        last = page.model.rowCount() - 1
        heads = (n for n in range(last, -1, -1) if (row := page.model.row_at(n)) and row.calls > 1)
        page.table.selectRow(next(heads))
        page.table.fold_toggled.emit(page.table.currentIndex().row())
        self._settle(0.2)

    def _open_view(self, name: str) -> None:
        self._show_call("deactivate", 200)
        self._log_page().open(name)
        self._settle(0.3)

    def _pause_log(self) -> None:
        self._log_page().live.bar.pause_button.setChecked(True)
        self._let_calls_arrive(12)

    def _fall_behind(self) -> None:
        page = self._log_page().live
        page.table.selectRow(page.model.rowCount() - 2)
        self._settle(0.2)
        self._let_calls_arrive(17)

    def _let_calls_arrive(self, number: int) -> None:
        known = len(self._day.calls)
        for _ in range(number):
            self._day.test_again()
        self._backstage.record(*self._day.calls[known:])
        self._settle(0.3)

    def _open_file(self) -> None:
        page = self._log_page()
        calls = page.desk.services.calls
        file = self._temporary / "northwind-2026-11-22.har"
        ids = calls.ids(Selection())[-60:]
        template = ExportSetting("https://scim.northwind.example", "", "Northwind", "")
        cleaner = Cleaner(Redactor(TOKEN_PREFIX))
        export_calls(
            file, "har", calls.whole(ids), len(ids), cleaner, template, lambda done, total: None
        )
        page.import_path(file)
        self._settle(0.6)

    def _open_call_of_file(self) -> None:
        self._open_file()
        view = self._log_page().view
        view.bar.set_filter("status:failed")
        self._settle(0.4)
        view.table.selectRow(view.model.rowCount() - 1)
        self._settle(0.4)

    def _show_new_customer(self) -> None:
        self._choose("Öresund Logistics")
        self.window.show_page("overview")

    def _filter_log(self, text: str) -> None:
        self._log_page().live.bar.set_filter(text)
        self._settle(0.4)

    def _show_bare_settings(self) -> None:
        self._choose("Öresund Logistics")
        self._settings_of_organization()

    def _settings_of_organization(self) -> CustomAttributesSection:
        self.window.actions_registry["organization.settings"].trigger()
        self._settle()
        found = self.window.findChildren(CustomAttributesSection)
        return next(section for section in found if section.isVisible())

    def _add_attribute(self) -> None:
        self._settings_of_organization().add_button.click()
        self._settle()
        dialog = next(w for w in self._overlays() if isinstance(w, AttributeDialog))
        dialog.identifier.setText("Company")
        dialog.label.setText("Employer")

    def _change_attribute(self) -> None:
        section = self._settings_of_organization()
        section.table.selectRow(1)
        section.change_button.click()

    def _remove_attribute(self) -> None:
        section = self._settings_of_organization()
        section.table.selectRow(2)
        section.remove_button.click()

    def _open_switcher(self) -> None:
        self.window.show_page("overview")
        switcher = self.window.switcher
        menu = switcher.menu()
        menu.popup(switcher.mapToGlobal(QPoint(0, switcher.height() + 4)))

    def _settle(self, seconds: float = 0.15) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end or self.window.jobs.running:
            self._application.processEvents()
            time.sleep(0.005)

    def _wait_for(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, "nothing happened for ten seconds"
            self._application.processEvents()
            time.sleep(0.005)
