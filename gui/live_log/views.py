"""What opens over the live log: comparison, story, export, import, and how long calls are kept."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.live_log.acting import base_url
from gui.live_log.clock_face import ClockFace
from gui.live_log.compare_dialog import CompareDialog
from gui.live_log.export_dialog import ExportDialog
from gui.live_log.import_dialog import ImportedDialog
from gui.live_log.retention_dialog import RetentionDialog
from gui.live_log.story_dialog import StoryDialog
from gui.organizations.dialogs import counted
from gui.widgets.dialog import ConfirmDialog
from gui.widgets.files import ask_for_file, ask_for_place, file_name, tell_saved
from server.calls.export import (
    EXPORTS,
    Cleaner,
    ExportSetting,
    LoggedCall,
    Pseudonyms,
    export_calls,
)
from server.calls.imports import import_calls
from server.calls.redaction import Redactor
from server.http.tokens import TOKEN_PREFIX
from storage.calls import CallRow, Size, StoredCall
from storage.organizations import OrganizationSummary
from storage.retention import Retention


class Story(NamedTuple):
    """The calls about a user or group."""

    subject: str
    calls: Sequence[CallRow]


class LogViews(QObject):
    """Opens them; everything is read off the Qt thread.

    Signals:
        cleared: the log, or the part of it that was meant, is empty.
    """

    cleared = Signal()

    def __init__(
        self,
        desk: Desk,
        page: QWidget,
        clock_face: ClockFace,
        show_call: Callable[[int], None],
        ask_to_clear: Callable[[], None],
    ) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._clock_face = clock_face
        self._show_call = show_call
        self._ask_to_clear = ask_to_clear

    def compare(self, ids: Sequence[int]) -> None:
        """Compare two calls, or one with the one before it about the same user."""
        calls = self._desk.services.calls

        def read(_progress: Progress) -> list[StoredCall]:
            if len(ids) > 1:
                return list(calls.whole(sorted(ids)[:2]))
            stored = calls.get(ids[0])
            if stored is None:
                return []
            earlier = [each for each in calls.story(stored) if each < stored.id]
            alike = [row.id for row in calls.rows(earlier) if row.operation == stored.operation]
            before = (alike or earlier)[-1:]
            return [*calls.whole(before), stored]

        self._desk.jobs.run("", read, self._show_comparison)

    def story(self, call_id: int) -> None:
        """Show all calls about the user of a call."""
        calls = self._desk.services.calls

        def read(_progress: Progress) -> Story:
            stored = calls.get(call_id)
            ids = calls.story(stored) if stored else []
            return Story(stored.call.subject if stored else "", calls.rows(ids))

        self._desk.jobs.run("", read, self._show_story)

    def export(self, ids: Sequence[int]) -> None:
        """Ask for a form and a place, then write calls to a file."""

        def choose(form: str, disguised: bool) -> None:
            ending = EXPORTS[form].ending
            summary = self._desk.session.organization
            name = file_name(summary.organization.name if summary else "", "calls") + ending
            ask_for_place(
                self._page.window(),
                self._desk.settings,
                "Export calls",
                name,
                f"{EXPORTS[form].title} (*{ending})",
                lambda path: self._write(path, form, ids, disguised),
            )

        ExportDialog(self._desk.theme, self._page.window(), len(ids), choose).open()

    def import_file(self) -> None:
        """Ask for a file of calls and show what is in it."""
        ask_for_file(
            self._page.window(),
            self._desk.settings,
            "Import calls",
            ["Calls (*.har *.jsonl *.json)"],
            self.show_file,
        )

    def show_file(self, path: Path) -> None:
        """Show the calls in a file, read-only."""

        def show(calls: list[LoggedCall]) -> None:
            window = self._page.window()
            ImportedDialog(self._desk, window, path.name, calls, self._clock_face).open()

        self._desk.jobs.run(
            f"Reading {path.name}", lambda _: import_calls(path, Redactor(TOKEN_PREFIX)), show
        )

    def retention(self) -> None:
        """Show how long calls are kept, and let that be changed."""
        calls = self._desk.services.calls

        def read(_progress: Progress) -> tuple[Retention, Size]:
            return calls.retention(), calls.size()

        self._desk.jobs.run("", read, self._show_retention)

    def ask_to_clear(self, summary: OrganizationSummary | None) -> None:
        """Ask whether to delete the calls of an organization, or of all."""
        calls, jobs = self._desk.services.calls, self._desk.jobs
        organization_id = summary.organization.id if summary else None
        whose = summary.organization.name if summary else "all organizations"

        def clear() -> None:
            jobs.run("Clearing the log", lambda _: calls.clear(organization_id), self._tell_cleared)

        ConfirmDialog(
            self._desk.theme,
            self._page.window(),
            "Clear the log?",
            f"The recorded calls of {whose} are deleted for good, marked ones too. Users and "
            "tokens stay.",
            "Clear the log",
            clear,
        ).open()

    def _tell_cleared(self, _nothing: None) -> None:
        self.cleared.emit()

    def _write(self, path: Path, form: str, ids: Sequence[int], disguised: bool) -> None:
        desk, calls = self._desk, self._desk.services.calls
        template = files("resources").joinpath("templates", "calls-report.html")
        summary = desk.session.organization
        setting = ExportSetting(
            base_url=base_url(desk),
            template=template.read_text(encoding="utf-8"),
            title=summary.organization.name if summary and not disguised else "Calls",
            made=f"{desk.now():%Y-%m-%d %H:%M %Z}",
        )
        cleaner = Cleaner(Redactor(TOKEN_PREFIX), Pseudonyms() if disguised else None)

        def write(progress: Progress) -> Path:
            def tell(done: int, total: int) -> None:
                progress.report(done / max(total, 1), f"{done:,} of {total:,}")

            export_calls(path, form, calls.whole(ids), len(ids), cleaner, setting, tell)
            return path

        desk.jobs.run(f"Exporting {counted(len(ids), 'call')}", write, self._tell_saved)

    def _tell_saved(self, path: Path) -> None:
        tell_saved(self._desk.toasts, path)

    def _show_comparison(self, found: list[StoredCall]) -> None:
        if len(found) < 2:
            self._desk.toasts.show("There is no earlier call about this user.", "neutral")
            return
        desk = self._desk
        CompareDialog(desk.theme, desk.jobs, self._page.window(), found[0], found[1]).open()

    def _show_story(self, story: Story) -> None:
        if not story.subject or not story.calls:
            self._desk.toasts.show("This call is about no user or group.", "neutral")
            return
        window = self._page.window()
        StoryDialog(
            self._desk.theme, window, story.subject, story.calls, self._clock_face, self._show_call
        ).open()

    def _show_retention(self, read: tuple[Retention, Size]) -> None:
        calls = self._desk.services.calls

        def keep(retention: Retention) -> None:
            self._desk.jobs.run("", lambda _: calls.set_retention(retention), self._tell_kept)

        RetentionDialog(
            self._desk.theme, self._page.window(), *read, keep, self._ask_to_clear
        ).open()

    def _tell_kept(self, _nothing: None) -> None:
        self._desk.toasts.show("The log is kept as you said; what is too old goes within minutes.")
