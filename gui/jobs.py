"""Long work off the Qt thread: progress, cancel, and a result or an error back in it."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")

THREADS = 4


class CancelledError(Exception):
    """The person gave the job up; neither a result nor an error follows."""


class Progress:
    """What the work of a job tells while it runs; every method may be called from its thread."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._cancelled = threading.Event()
        self.fraction: float | None = None
        self.text = ""

    def report(self, fraction: float | None, text: str = "") -> None:
        """Tell how far the work is, from 0 to 1 or None for unknown; raise if it was cancelled."""
        self.check()
        self.fraction, self.text = fraction, text
        self._changed()

    def check(self) -> None:
        """Raise ``CancelledError`` if the job was given up."""
        if self._cancelled.is_set():
            raise CancelledError

    def cancel(self) -> None:
        """Ask the work to end at its next look."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Say whether the job was given up."""
        return self._cancelled.is_set()


@dataclass(eq=False, slots=True)
class Job(Generic[T]):
    """One piece of work under way.

    ``title`` is what the status line says ("Filtering calls"); without one the job is not shown.
    """

    title: str
    work: Callable[[Progress], T]
    done: Callable[[T], None]
    failed: Callable[[Exception], None]
    progress: Progress
    begun: float = field(default_factory=time.monotonic)

    def cancel(self) -> None:
        """Give the job up; its result, if there still is one, is dropped."""
        self.progress.cancel()


class Jobs(QObject):
    """The only way to do slow work.

    ``done`` and ``failed`` are called in the Qt thread. They should be bound methods of a QObject:
    when it is gone by then, nothing is called.

    Signals:
        changed: a job began, ended or progressed.
        idle: the last job ended.
    """

    changed = Signal()
    idle = Signal()
    _arrived = Signal()

    def __init__(self, report_error: Callable[[Exception], None]) -> None:
        """``report_error`` tells the person of an error that a job has no ``failed`` for."""
        super().__init__()
        self._report_error = report_error
        # Not Qt's pool: what a thread keeps for itself, such as its connection to a database,
        # is gone there at the end of each job, and the connection stays open all the same.
        self._pool = ThreadPoolExecutor(THREADS, "job")
        self._ended = False
        self._last: Job[Any] | None = None
        self._running: list[Job[Any]] = []
        self._outcomes: deque[Callable[[], None]] = deque()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> Job[T]:
        """Start work in the pool and return the job, which may be cancelled.

        After ``end_with`` or ``close`` a job is cancelled from its beginning.
        """
        job = Job(title, work, done, failed or self._report_error, Progress(self._tell_of_progress))
        if self._ended:
            job.cancel()
        else:
            self._begin(job)
        return job

    @property
    def running(self) -> list[Job[Any]]:
        """Return the jobs under way, oldest first."""
        return list(self._running)

    def cancel_all(self) -> None:
        """Give everything up; ``idle`` follows when all threads are free."""
        for job in self._running:
            job.cancel()

    def end_with(self, work: Callable[[], None], done: Callable[[object], None]) -> None:
        """Give everything up and do one last thing, in the pool, once all its threads are free.

        ``done`` gets None or the error. No other job begins from now on: what a timer still asks
        for would meet what the last one has closed.
        """
        self._ended = True
        self.cancel_all()
        self._last = Job("", lambda _: work(), done, done, Progress(self._tell_of_progress))
        if not self._running:
            self._begin_last()

    def close(self) -> None:
        """Give everything up, wait for the threads, and do what ``end_with`` still has."""
        self._ended = True
        self.cancel_all()
        last, self._last = self._last, None
        self._pool.shutdown()
        if last:
            self._running.append(last)
            _carry_out(last, self._take_outcome)
        self._deliver()

    def _begin(self, job: Job[T]) -> None:
        self._running.append(job)
        self._pool.submit(_carry_out, job, self._take_outcome)
        self.changed.emit()

    def _begin_last(self) -> bool:
        last, self._last = self._last, None
        if last:
            self._begin(last)
        return last is not None

    def _take_outcome(self, job: Job[T], call: Callable[[], None] | None) -> None:
        """Called in a pool thread: leave word and wake the Qt thread."""

        def end() -> None:
            self._running.remove(job)
            if call and not job.progress.cancelled:
                call()

        self._outcomes.append(end)
        self._wake()

    def _tell_of_progress(self) -> None:
        self._outcomes.append(_nothing)
        self._wake()

    def _wake(self) -> None:
        if shiboken6.isValid(self):
            self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        arrived = False
        while self._outcomes:
            arrived = True
            self._outcomes.popleft()()
        if arrived:
            self.changed.emit()
            if not self._running and not self._begin_last():
                self.idle.emit()


def _carry_out(job: Job[T], outcome: Callable[[Job[T], Callable[[], None] | None], None]) -> None:
    """Do the work of a job, in a thread of the pool."""
    try:
        job.progress.check()
        result = job.work(job.progress)
    except CancelledError:
        outcome(job, None)
    except Exception as error:  # every error of the work belongs to whoever asked for it
        # A name for it that outlives the except clause.
        caught = error
        outcome(job, lambda: _call_if_alive(job.failed, caught))
    else:
        outcome(job, lambda: _call_if_alive(job.done, result))


def _call_if_alive(target: Callable[[T], None], value: T) -> None:
    owner = getattr(target, "__self__", None)
    if isinstance(owner, QObject) and not shiboken6.isValid(owner):
        return
    target(value)


def _nothing() -> None:
    """Progress carries no news but itself."""
