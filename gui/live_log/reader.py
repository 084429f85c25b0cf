"""Reading the call that is looked at, off the Qt thread and only when the choice has rested."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.jobs import Job, Jobs, Progress
from storage.call_details import CallDetails, read_details
from storage.calls import CallStore

READ_AFTER_MS = 40
"""A call is read when the selection has rested so long; arrow keys run through many."""


class CallReader(QObject):
    """Reads one call at a time; a newer wish takes the place of an older one.

    Signals:
        read: the call that is wanted is here, as ``CallDetails``.
        missed: the call that is wanted is not in the log any more.
    """

    read = Signal(object)
    missed = Signal()

    def __init__(self, calls: CallStore, jobs: Jobs) -> None:
        super().__init__()
        self._calls = calls
        self._jobs = jobs
        self._job: Job[CallDetails | None] | None = None
        self.wanted: int | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(READ_AFTER_MS)
        self._rest.timeout.connect(self.read_now)

    def want(self, call_id: int) -> None:
        """Read a call soon."""
        self.wanted = call_id
        self._rest.start()

    def forget(self) -> None:
        """Want no call any more."""
        self.wanted = None
        self._rest.stop()

    @Slot()
    def read_now(self) -> None:
        """Read the wanted call; also again, when something about it changed."""
        call_id, calls = self.wanted, self._calls
        if call_id is None:
            return
        if self._job:
            self._job.cancel()

        def read(_progress: Progress) -> CallDetails | None:
            return read_details(calls, call_id)

        self._job = self._jobs.run("", read, self._take)

    def _take(self, details: CallDetails | None) -> None:
        self._job = None
        if details is None:
            self.missed.emit()
        elif details.stored.id == self.wanted:
            self.read.emit(details)
