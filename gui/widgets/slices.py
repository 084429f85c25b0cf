"""Work of the Qt thread that is too long for one go, done in slices between its events."""

import time
from collections import deque
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

SLICE_SECONDS = 0.008
"""So long the window may not answer; a frame at 60 Hz has twice that."""


class Slices(QObject):
    """Runs iterators one after the other; each step of one should take a millisecond or less.

    Signals:
        ended: nothing is left to do.
    """

    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Iterator[None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._run)

    @property
    def busy(self) -> bool:
        """Say whether something is left to do."""
        return bool(self._waiting)

    def add(self, steps: Iterator[None]) -> None:
        """Do these steps behind what waits already; if nothing waits, a first slice at once."""
        self._waiting.append(steps)
        if len(self._waiting) == 1:
            self._timer.start()
            self._run()

    def clear(self) -> None:
        """Drop everything."""
        self._waiting.clear()
        self._timer.stop()

    @Slot()
    def _run(self) -> None:
        end = time.perf_counter() + SLICE_SECONDS
        while self._waiting and time.perf_counter() < end:
            steps = self._waiting[0]
            for _step in steps:
                if time.perf_counter() >= end:
                    return
            # A step may have cleared the queue.
            if self._waiting and self._waiting[0] is steps:
                self._waiting.popleft()
        if not self._waiting and self._timer.isActive():
            self._timer.stop()
            self.ended.emit()
