"""The only place where another thread's news enters Qt."""

from contextlib import suppress
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal, Slot

FLUSH_MS = 100
"""How often the window looks for new calls: at 16 ms repainting alone took a whole core."""


class Bridge(QObject):
    """Collects what other threads say and tells it in the Qt thread, ten times a second at most.

    Signals:
        calls_recorded: calls up to this id are stored.
        problem_reported: something behind the window went wrong, with a sentence.
    """

    calls_recorded = Signal(int)
    problem_reported = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._stored = 0
        self._told = 0
        self._problems: SimpleQueue[str] = SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(FLUSH_MS)
        self._timer.timeout.connect(self._flush)
        self._timer.start()

    def calls_stored(self, last_id: int) -> None:
        """Take the news; any thread may call this, and it touches nothing of Qt."""
        self._stored = last_id

    def watch(self, problems: SimpleQueue[str]) -> None:
        """Tell the sentences that arrive in this queue from now on."""
        self._problems = problems

    def stop(self) -> None:
        """Tell nothing more."""
        self._timer.stop()

    @Slot()
    def _flush(self) -> None:
        stored = self._stored
        if stored != self._told:
            self._told = stored
            self.calls_recorded.emit(stored)
        with suppress(Empty):
            while True:
                self.problem_reported.emit(self._problems.get_nowait())
