"""Which calls the list holds: the filter over history, new calls, the pause."""

from array import array
from dataclasses import dataclass, replace
from itertools import groupby

from PySide6.QtCore import QObject, Signal, Slot

from gui.jobs import Job, Jobs, Progress
from gui.live_log.model import CallModel
from server.calls.clients import ORIGIN_MARKS
from storage.call_search import Selection
from storage.calls import CallStore
from storage.errors import Interrupted, StorageError

BURST = 5000
"""So many new calls at once are read directly; more is a search like any other."""

FIRST = 500
"""So many of the newest calls are shown before the older ones are looked for."""

PORTION = 25_000
"""Ids that are taken at a time: making Python's numbers of more holds the Qt thread up."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought first: the newest ids that match, how far it looked, all calls."""

    ids: "array[int]"
    up_to: int
    total: int


class CallFeed(QObject):
    """Fills a ``CallModel``.

    Signals:
        searched: the newest calls that match are in the model; the older ones follow.
        completed: the older ones came to the beginning of the model, with their number.
        appended: new calls came to the end of the model, with their number.
        grown: operations in the model may have got further calls.
        changed: ``busy``, ``paused``, ``waiting`` or the number of rows is another one.
        failed: a search could not be done, with the reason.
    """

    searched = Signal()
    completed = Signal(int)
    appended = Signal(int)
    grown = Signal()
    changed = Signal()
    failed = Signal(str)

    def __init__(self, calls: CallStore, jobs: Jobs, model: CallModel) -> None:
        super().__init__()
        self._calls = calls
        self._jobs = jobs
        self._model = model
        self._job: Job[Found] | Job[array[int]] | None = None
        self._seen = 0
        self._newest = 0
        self._waiting: array[int] = array("q")
        self._ahead = False  # own calls were listed before older ones that wait
        self.selection = Selection()
        self.stopped = False
        """The person stopped the search: older calls may match, too."""
        self.paused = False
        self.total = 0
        jobs.changed.connect(self._note_end)

    @property
    def busy(self) -> bool:
        """Say whether a search is under way."""
        return self._job is not None

    @property
    def waiting(self) -> int:
        """Return how many calls the pause holds back."""
        return len(self._waiting)

    def search(self, selection: Selection) -> None:
        """Show the calls that match; a search under way is given up."""
        self.selection = selection
        self.stopped = False
        if self._job:
            self._job.cancel()
            self._calls.interrupt()
        calls = self._calls

        def search(progress: Progress) -> Found:
            newest = calls.newest_id()
            ids = calls.ids(selection, limit=FIRST)
            progress.check()
            total = calls.count(Selection(organization_id=selection.organization_id))
            return Found(ids, max(newest, ids[-1] if ids else 0), total)

        self._job = self._jobs.run(self._title(), search, self._take, self._take_error)
        self.changed.emit()

    @Slot(int)
    def take_news(self, newest: int) -> None:
        """Look for calls that are newer than what the model holds."""
        self._newest = max(newest, self._newest)
        if self._job or newest <= self._seen:
            return
        try:
            ids = self._calls.ids(self.selection, after=self._seen, limit=BURST)
        except StorageError:
            return  # the next news comes with another try
        if len(ids) == BURST:
            self.search(self.selection)
            return
        before, newest = self._seen, max(newest, ids[-1] if ids else 0)
        scoped = self.selection.organization_id is not None
        self.total += len(ids) if scoped else newest - self._seen
        self._seen = newest
        if self.selection.heads_only:
            self._grow(before)
            self.grown.emit()
        if not ids:
            return
        if self.paused:
            ids = self._hold_back(ids)
            self.changed.emit()
        if ids:
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
        if self._ahead:
            self.search(self.selection)
        elif waiting:
            self._append(waiting)

    def _grow(self, seen: int) -> None:
        """The newest operations may have got further calls, and other words with them."""
        self._model.refresh()
        if not self._model.unfolded or self.paused:
            return
        try:
            ids = self._calls.ids(replace(self.selection, heads_only=False), after=seen)
            rows = [row for row in self._calls.rows(ids) if row.head_id in self._model.unfolded]
        except StorageError:
            return
        for head_id, members in groupby(rows, key=lambda row: row.head_id or row.id):
            self._model.grow(head_id, [row.id for row in members])

    def _hold_back(self, ids: "array[int]") -> "array[int]":
        """Let calls wait; return those that this program sent, which are listed all the same."""
        try:
            own = [row.id for row in self._calls.rows(ids) if row.client in ORIGIN_MARKS]
        except StorageError:
            own = []
        self._waiting.extend(each for each in ids if each not in own)
        self._ahead = self._ahead or bool(own and self._waiting)
        return array("q", own)

    def _append(self, ids: "array[int]") -> None:
        self._model.append(ids)
        self.appended.emit(len(ids))

    def _take(self, found: Found) -> None:
        self._job = None
        self._seen = found.up_to
        self._waiting = array("q")
        self._ahead = False
        self.total = found.total
        self._model.set_ids(found.ids)
        if len(found.ids) == FIRST:
            self._find_older(found.ids[0])
        self.changed.emit()
        self.searched.emit()
        self._catch_up()

    def _find_older(self, before: int) -> None:
        calls, selection = self._calls, self.selection

        def search(progress: Progress) -> "array[int]":
            older = array("q")  # newest first, so that it grows at its end and is never copied
            last = before
            while True:
                progress.report(None, f"{FIRST + len(older):,} so far")
                ids = calls.ids(selection, before=last, limit=PORTION)
                ids.reverse()
                older.extend(ids)
                if len(ids) < PORTION:
                    break
                last = ids[-1]
            older.reverse()
            return older

        self._job = self._jobs.run(self._title(), search, self._take_older, self._take_error)

    def _take_older(self, ids: "array[int]") -> None:
        self._job = None
        number = len(ids)
        self._model.prepend(ids)
        self.completed.emit(number)
        self.changed.emit()
        self._catch_up()

    @Slot()
    def _note_end(self) -> None:
        """Go on after a search that the person stopped, which ends without a word."""
        if self._job and self._job not in self._jobs.running:
            self._job = None
            self.stopped = True
            self.changed.emit()
            self._catch_up()

    def _take_error(self, error: Exception) -> None:
        self._job = None
        self.changed.emit()
        if not isinstance(error, Interrupted):
            self.failed.emit(str(error))

    def _catch_up(self) -> None:
        """Look for what was recorded while a search kept the news waiting."""
        if self._newest > self._seen:
            self.take_news(self._newest)

    def _title(self) -> str:
        everything = replace(self.selection, filter=None) == self.selection
        return "Reading calls" if everything else "Searching calls"
