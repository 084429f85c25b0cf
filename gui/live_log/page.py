"""The live log, and beside it the calls of files that were imported, a tab each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget

from gui.desk import Desk, Page
from gui.jobs import Job, Progress
from gui.live_log.clock_face import ClockFace
from gui.live_log.diagnosis_help import DiagnosisHelp
from gui.live_log.file_tabs import FileTabs
from gui.live_log.file_view import FileView
from gui.live_log.importing import ENDINGS, OpenFile, ask_to_import, import_file
from gui.live_log.keeping import LogKeeping
from gui.live_log.log_view import LogView
from gui.live_log.saved_filters import SHIPPED
from gui.live_log.source import LogSource
from gui.mappings.page import ShowMapping
from gui.widgets.boxes import column, row
from storage.imported_calls import ImportedCalls

LIVE = 0
"""The place of the live log among the tabs."""


@dataclass(frozen=True, slots=True)
class ShowCall:
    """A target of this page: open this call."""

    call_id: int


@dataclass(frozen=True, slots=True)
class ShowFailures:
    """A target of this page: the failures of the chosen organization."""


class LiveLogPage(Page):
    """Shows the live log, and tabs as soon as a file was imported."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self._leaving: list[tuple[ImportedCalls, Sequence[Job[object]]]] = []
        clock_face = ClockFace(desk.settings, desk.now)
        clock_face.setParent(self)
        self._clock_face = clock_face
        self.live = LogView(desk, LogSource(desk.services.calls), clock_face)
        self.live.link_followed.connect(self._follow_link)
        self.files: list[FileView] = []
        self.tabs = FileTabs(desk.theme, "Live log", desk.actions["log.close_file"].toolTip())
        self.home = self.live.table
        self.stack = QStackedWidget()
        self.stack.addWidget(self.live)
        layout = column(row(self.tabs, None, margins=(5, 0, 5, 0)), spacing=0)
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)
        self.keeping = LogKeeping(desk, self, self._ask_to_clear)
        self.keeping.cleared.connect(self.live.start_over)
        self.tabs.currentChanged.connect(self._show_tab)
        self.tabs.tabCloseRequested.connect(self.close_file)
        desk.jobs.changed.connect(self._let_go)

    @property
    def view(self) -> LogView:
        """Return the view of the tab that is shown."""
        number = self.stack.currentIndex()
        return self.live if number == LIVE else self.files[number - 1].view

    def open(self, target: object) -> None:
        self.live.open()
        if isinstance(target, ShowCall):
            self.tabs.setCurrentIndex(LIVE)
            self.live.show_call(target.call_id)
        elif isinstance(target, ShowFailures):
            self.tabs.setCurrentIndex(LIVE)
            self.live.bar.set_filter(SHIPPED[0].text)
        elif isinstance(target, str):
            self._carry_out(target)

    def remember(self) -> None:
        self.live.remember()

    def import_path(self, path: Path) -> None:
        """Show the calls of a file in a tab of their own."""
        import_file(self.desk, path, self._show_file)

    def close_file(self, number: int) -> None:
        """Close a tab, and delete the calls that it shows."""
        if number == LIVE:
            return
        view = self.files.pop(number - 1)
        self.tabs.removeTab(number)
        self.stack.removeWidget(view)
        view.source.calls.interrupt()
        # What still reads them ends first; the view itself starts nothing any more.
        self._leaving.append((view.file.imported, self.desk.jobs.running))
        view.deleteLater()
        self._let_go()

    def _carry_out(self, word: str) -> None:
        match word:
            case "import":
                ask_to_import(self.desk, self.window(), self._show_file)
            case "retention":
                self.keeping.retention()
            case "clear":
                self._ask_to_clear()
            case "close-file":
                self.close_file(self.stack.currentIndex())
            case "next-tab":
                self.tabs.step(1)
            case _ if word in (commands := self.view.commands()):
                commands[word]()
            case _:
                self.desk.toasts.show("Only the live log does this: choose its tab.", "neutral")

    def _show_file(self, file: OpenFile) -> None:
        view = FileView(self.desk, file, self._clock_face)
        view.view.link_followed.connect(self._follow_link)
        self.files.append(view)
        self.stack.addWidget(view)
        self.tabs.add(file.name)
        self.tabs.setCurrentIndex(len(self.files))

    @Slot(int)
    def _show_tab(self, number: int) -> None:
        if 0 <= number < self.stack.count():
            self.stack.setCurrentIndex(number)
            self.view.open()
            self.home = self.view.table
            self.home.setFocus()

    @Slot()
    def _let_go(self) -> None:
        """Delete the calls of tabs that are closed, once no job reads them any more."""
        running = self.desk.jobs.running
        free = [calls for calls, jobs in self._leaving if not any(job in running for job in jobs)]
        if not free:
            return
        self._leaving = [left for left in self._leaving if left[0] not in free]
        for calls in free:
            self.desk.jobs.run("", partial(_close, calls), _forget)

    @Slot()
    def _ask_to_clear(self) -> None:
        self.keeping.ask_to_clear(self.live.scope)

    @Slot(str)
    def _follow_link(self, link: str) -> None:
        """Go where a finding is cured."""
        place, _, rest = link.partition(":")
        if place == "log":
            self.view.bar.set_filter(rest)
        elif place == "help":
            DiagnosisHelp(self.desk.theme, self.window(), rest).open()
        elif place == "organization":
            self.desk.actions["organization.settings"].trigger()
        elif place == "mappings" and rest:
            self.desk.session.go_to("mappings", ShowMapping(rest))
        else:
            self.desk.session.go_to(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for path in _dropped(event):
            self.import_path(path)
        event.acceptProposedAction()


def _dropped(event: QDropEvent) -> list[Path]:
    """Return the files of calls among what is dragged here."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return [path for path in paths if path.suffix.lower() in ENDINGS]


def _close(calls: ImportedCalls, _progress: Progress) -> None:
    calls.close()


def _forget(_nothing: None) -> None:
    """Nobody waits for it."""
