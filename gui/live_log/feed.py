"""Which calls the list holds: the filter over history, new calls, the pause."""

from array import array
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from gui.jobs import Job, Jobs, Progress
from gui.live_log.model import CallModel
from storage.calls import CallFilter, CallStore
from storage.errors import Interrupted, StorageError

BURST = 5000
"""So many new calls at once are read directly; more is a search like any other."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: the ids that match, how far it looked, how many calls there are."""

    ids: "array[int]"
    up_to: int
    total: int


class CallFeed(QObject):
    """Fills a ``CallModel``.

    Signals:
        searched: a search ended, and the model holds its result.
        appended: new calls came to the end of the model, with their number.
        changed: ``busy``, ``paused`` or ``waiting`` is another one.
        failed: a search could not be done, with the reason.
    """

    searched = Signal()
    appended = Signal(int)
    changed = Signal()
    failed = Signal(str)

    def __init__(self, calls: CallStore, jobs: Jobs, model: CallModel) -> None:
        super().__init__()
        self._calls = calls
        self._jobs = jobs
        self._model = model
        self._job: Job[Found] | None = None
        self._seen = 0
        self._waiting: array[int] = array("q")
        self.filter = CallFilter()
        self.paused = False
        self.total = 0

    @property
    def busy(self) -> bool:
        """Say whether a search is under way."""
        return self._job is not None

    @property
    def waiting(self) -> int:
        """Return how many calls the pause holds back."""
        return len(self._waiting)

    def search(self, condition: CallFilter) -> None:
        """Show the calls that match; a search under way is given up."""
        self.filter = condition
        if self._job:
            self._job.cancel()
            self._calls.interrupt()
        calls = self._calls
        everything = CallFilter(organization_id=condition.organization_id)

        def search(progress: Progress) -> Found:
            newest = calls.newest_id()
            ids = calls.ids(condition)
            progress.check()
            total = len(ids) if condition == everything else calls.count(everything)
            return Found(ids, max(newest, ids[-1] if ids else 0), total)

        title = "Searching calls" if condition != everything else "Reading calls"
        self._job = self._jobs.run(title, search, self._take, self._take_error)
        self.changed.emit()

    @Slot(int)
    def take_news(self, newest: int) -> None:
        """Look for calls that are newer than what the model holds."""
        if self._job or newest <= self._seen:
            return
        try:
            ids = self._calls.ids(self.filter, after=self._seen, limit=BURST)
        except StorageError:
            return  # the next news comes with another try
        if len(ids) == BURST:
            self.search(self.filter)
            return
        self._seen = max(newest, ids[-1] if ids else 0)
        if not ids:
            return
        if self.paused:
            self._waiting.extend(ids)
            self.changed.emit()
            return
        self._append(ids)

    def pause(self) -> None:
        """Hold the list still; recording goes on."""
        self.paused = True
        self.changed.emit()

    def resume(self) -> None:
        """Show what has waited, and go on."""
        self.paused = False
        waiting, self._waiting = self._waiting, array("q")
        self.changed.emit()
        if waiting:
            self._append(waiting)

    def _append(self, ids: "array[int]") -> None:
        self.total += len(ids)
        self._model.append(ids)
        self.appended.emit(len(ids))

    def _take(self, found: Found) -> None:
        self._job = None
        self._seen = found.up_to
        self._waiting = array("q")
        self.total = found.total
        self._model.set_ids(found.ids)
        self.changed.emit()
        self.searched.emit()

    def _take_error(self, error: Exception) -> None:
        self._job = None
        self.changed.emit()
        if not isinstance(error, Interrupted):
            self.failed.emit(str(error))
