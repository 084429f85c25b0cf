"""What opens over a list of calls: comparison, story and export."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.live_log.acting import base_url
from gui.live_log.clock_face import ClockFace
from gui.live_log.compare_dialog import CompareDialog
from gui.live_log.export_dialog import ExportDialog
from gui.live_log.source import LogSource
from gui.live_log.story_dialog import MOST, Story, StoryDialog
from gui.organizations.dialogs import counted
from gui.widgets.files import ask_for_place, file_name, tell_saved
from server.calls.export import (
    EXPORTS,
    Cleaner,
    ExportSetting,
    Pseudonyms,
    export_calls,
)
from server.calls.redaction import Redactor
from server.calls.story import story
from server.http.tokens import TOKEN_PREFIX
from storage.call_search import Selection
from storage.calls import StoredCall


class LogViews(QObject):
    """Opens them; everything is read off the Qt thread."""

    def __init__(
        self,
        desk: Desk,
        view: QWidget,
        source: LogSource,
        clock_face: ClockFace,
        show_call: Callable[[int], None],
    ) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._source = source
        self._clock_face = clock_face
        self._show_call = show_call

    def compare(self, ids: Sequence[int]) -> None:
        """Compare two calls, or one with the one before it about the same user."""
        calls = self._source.calls

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
        """Tell what became of the user or group of a call."""
        calls = self._source.calls

        def read(progress: Progress) -> Story:
            stored = calls.get(call_id)
            ids = calls.story(stored, MOST) if stored else []
            whole = []
            for number, each in enumerate(calls.whole(ids)):
                progress.report(number / len(ids))
                whole.append((each.id, each.call))
            subject = stored.call.subject if stored else ""
            return Story(subject, story(whole), calls.rows(ids))

        self._desk.jobs.run("Reading the story", read, self._show_story)

    def export_matching(self, selection: Selection) -> None:
        """Export all calls that match, also those of operations that are folded."""
        calls, whole = self._source.calls, replace(selection, heads_only=False)
        self._desk.jobs.run("", lambda _: calls.ids(whole), self.export)

    def export(self, ids: Sequence[int]) -> None:
        """Ask for a form and a place, then write calls to a file."""

        def choose(form: str, disguised: bool) -> None:
            ending = EXPORTS[form].ending
            name = file_name(self._title(), "calls") + ending
            ask_for_place(
                self._view.window(),
                self._desk.settings,
                "Export calls",
                name,
                f"{EXPORTS[form].title} (*{ending})",
                lambda path: self._write(path, form, ids, disguised),
            )

        ExportDialog(self._desk.theme, self._view.window(), len(ids), choose).open()

    def _write(self, path: Path, form: str, ids: Sequence[int], disguised: bool) -> None:
        desk, calls, title = self._desk, self._source.calls, self._title()
        template = files("resources").joinpath("templates", "calls-report.html")
        setting = ExportSetting(
            base_url=base_url(desk),
            template=template.read_text(encoding="utf-8"),
            title=title if title and not disguised else "Calls",
            made=f"{desk.now():%Y-%m-%d %H:%M %Z}",
        )
        cleaner = Cleaner(Redactor(TOKEN_PREFIX), Pseudonyms() if disguised else None)

        def write(progress: Progress) -> Path:
            def tell(done: int, total: int) -> None:
                progress.report(done / max(total, 1), f"{done:,} of {total:,}")

            export_calls(path, form, calls.whole(ids), len(ids), cleaner, setting, tell)
            return path

        desk.jobs.run(f"Exporting {counted(len(ids), 'call')}", write, self._tell_saved)

    def _title(self) -> str:
        """Return whose calls they are."""
        if not self._source.live:
            return Path(self._source.file).stem
        summary = self._desk.session.organization
        return summary.organization.name if summary else ""

    def _tell_saved(self, path: Path) -> None:
        tell_saved(self._desk.toasts, path)

    def _show_comparison(self, found: list[StoredCall]) -> None:
        if len(found) < 2:
            self._desk.toasts.show("There is no earlier call about this user.", "neutral")
            return
        desk = self._desk
        CompareDialog(desk.theme, desk.jobs, self._view.window(), found[0], found[1]).open()

    def _show_story(self, told: Story) -> None:
        if not told.subject or not told.calls:
            self._desk.toasts.show("This call is about no user or group.", "neutral")
            return
        window = self._view.window()
        StoryDialog(self._desk.theme, window, told, self._clock_face, self._show_call).open()
