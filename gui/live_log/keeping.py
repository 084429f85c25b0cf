"""How long the log keeps its calls, and clearing it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.live_log.retention_dialog import RetentionDialog
from gui.widgets.dialog import ConfirmDialog
from storage.calls import Size
from storage.organizations import OrganizationSummary
from storage.retention import Retention


class LogKeeping(QObject):
    """Asks about both; the work is done off the Qt thread.

    Signals:
        cleared: the log, or the part of it that was meant, is empty.
    """

    cleared = Signal()

    def __init__(self, desk: Desk, page: QWidget, clear_wanted: Callable[[], None]) -> None:
        """``clear_wanted`` is what "Clear the log" does beside the figures of the retention."""
        super().__init__(page)
        self._clear_wanted = clear_wanted
        self._desk = desk
        self._page = page

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

    def _show_retention(self, read: tuple[Retention, Size]) -> None:
        calls = self._desk.services.calls

        def keep(retention: Retention) -> None:
            self._desk.jobs.run("", lambda _: calls.set_retention(retention), self._tell_kept)

        RetentionDialog(
            self._desk.theme, self._page.window(), *read, keep, self._clear_wanted
        ).open()

    def _tell_kept(self, _nothing: None) -> None:
        self._desk.toasts.show("The log is kept as you said; what is too old goes within minutes.")

    def _ask_to_clear_all(self) -> None:
        self.ask_to_clear(None)
