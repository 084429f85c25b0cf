"""How the live log behaves with a million calls: ``python -m tests.benchmarks.long_log FOLDER``.

The folder keeps the made-up calls of ``tests.benchmarks.calls`` for the next time. The real window
opens on another page; then the log is opened, scrolled and filtered. A frame is a turn of the wheel
or of the scroll bar with the painting that follows; a stall is how long a timer of 2 ms in the Qt
thread was kept waiting.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.application import GarbageCollector
from gui.live_log.log_view import LogView
from gui.live_log.page import LiveLogPage
from gui.program import Program
from gui.settings import PAGE, START_SERVER, Settings
from gui.theme import Theme, ThemeChoice
from storage.calls import CallStore
from storage.database import calls_path, open_calls
from storage.retention import Retention
from tests.benchmarks.calls import NOW, fill, index
from tests.gui.running import Backstage, Clock

TICK = 0.002
FRAMES = 600
"""Ten seconds of scrolling at 60 frames a second."""

FILTERS = (
    "status:failed",
    "op:deactivate origin:okta",
    "user:person200@",
    "slower:150ms",
    "text:person12345@acme.example",
    "text:employeeNumber",
    'text:"Department 39" method:post status:409',
    "text:nowhere-to-be-found",
    "zz",
)


def main() -> int:
    """Measure and print; with --json as one object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--cold", action="store_true", help="forget the file before each step")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    prepare(options.folder, options.calls)
    figures = Visit(options.folder, cold=options.cold).figures
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:72} {value:10.1f}")
    return 0


def prepare(folder: Path, calls: int) -> None:
    """Make the calls that are not there yet."""
    database = open_calls(calls_path(folder / "desk.db"), check=False)
    log = CallStore(database)
    if log.newest_id() < calls:
        fill(database, calls)
        # They keep their age; otherwise the writer would begin to delete them some day.
        log.set_retention(Retention(None, None))
    index(database)
    database.close()


class Visit:
    """A person's visit to the log, in the order of the methods; ``figures`` are what was found."""

    def __init__(self, folder: Path, *, cold: bool) -> None:
        self.figures: dict[str, float] = {}
        self._file = calls_path(folder / "desk.db")
        self._cold = cold
        self._gaps: list[float] = []
        self._last = 0.0
        self._application = QApplication([])
        collector = GarbageCollector()
        settings = Settings(folder / "desk.ini")
        settings.set(START_SERVER, False)
        settings.set(PAGE, "tokens")
        clock = Clock(datetime.fromtimestamp(NOW / 1e6).astimezone())
        backstage = Backstage(folder, clock)
        theme = Theme(self._application, ThemeChoice.LIGHT)
        self._program = Program(theme, settings, backstage.open, clock)
        self._program.window.resize(1600, 1000)
        self._program.window.show()
        self._program.closed.connect(self._application.quit)
        self._program.opened.connect(lambda: QTimer.singleShot(1000, self._measure))
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)
        QTimer.singleShot(0, self._program.open)
        self._application.exec()
        collector.stop()

    def _measure(self) -> None:
        self._timer.start()
        self._rest(1)
        before = memory()
        self._note("memory before the page, MB", before)
        self._open()
        self._scroll()
        for text in FILTERS:
            self._filter(text)
        self._note("memory at the end, MB", memory())
        self._note("memory grown, MB", memory() - before)
        self._timer.stop()
        self._program.close()

    def _open(self) -> None:
        self._forget_file()
        begun = self._begin()
        self._program.window.show_page("live-log")
        page = self._program.window.page
        assert isinstance(page, LiveLogPage)
        self._view: LogView = page.live
        self._until(lambda: self._view.model.rowCount() > 0)
        self._application.processEvents()
        self._note("page open: first rows, ms", since(begun))
        self._until(lambda: not self._view.busy)
        self._end("page open", begun)
        self._note("rows", self._view.model.rowCount())
        self._rest(1)
        self._note("memory with the page, MB", memory())

    def _scroll(self) -> None:
        bar = self._view.table.verticalScrollBar()
        for name, rows in (("slowly", 1), ("fast", 10)):
            bar.setValue(bar.maximum() * 2 // 3)
            self._rest(0.2)
            self._frames(f"wheel, {name}", [partial(self._turn, rows)] * FRAMES)
        bar.setSliderDown(True)
        places = [bar.maximum() * (FRAMES - 1 - n) // FRAMES for n in range(FRAMES)]
        self._frames("drag over all", [partial(bar.setValue, place) for place in places])
        bar.setSliderDown(False)
        self._view.follow()
        self._rest(1)
        self._note("memory after scrolling, MB", memory())

    def _turn(self, notches: int) -> None:
        viewport = self._view.table.viewport()
        place = QPointF(viewport.rect().center())
        event = QWheelEvent(
            place,
            viewport.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        self._application.sendEvent(viewport, event)

    def _frames(self, name: str, moves: Iterable[Callable[[], object]]) -> None:
        """Do each move and what follows from it; the frame's time is that of both."""
        self._forget_file()
        took = []
        for move in moves:
            begun = time.perf_counter()
            move()
            self._application.processEvents()
            took.append(since(begun))
            time.sleep(max(0.0, 1 / 60 - took[-1] / 1000))
        took.sort()
        self._note(f"{name}: a frame, median, ms", took[len(took) // 2])
        self._note(f"{name}: a frame, p99, ms", took[int(len(took) * 0.99)])
        self._note(f"{name}: a frame, longest, ms", took[-1])

    def _filter(self, text: str) -> None:
        self._forget_file()
        arrived: list[float] = []
        connection = self._view.feed.searched.connect(lambda: arrived.append(time.perf_counter()))
        begun = self._begin()
        self._view.bar.set_filter(text)
        self._until(lambda: bool(arrived))
        self._application.processEvents()
        self._note(f"{text}: rows, ms", since(begun))
        self._until(lambda: not self._view.busy)
        self._end(text, begun)
        self._note(f"{text}: matches", self._view.model.rowCount())
        self._view.feed.searched.disconnect(connection)
        self._view.bar.clear()
        self._until(lambda: not self._view.busy)
        self._rest(0.3)

    def _begin(self) -> float:
        self._gaps.clear()
        self._last = time.perf_counter()
        return self._last

    def _end(self, name: str, begun: float) -> None:
        self._note(f"{name}: all, ms", since(begun))
        self._rest(0.05)
        self._note(f"{name}: longest stall, ms", max(self._gaps) * 1000)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append(max(0.0, now - self._last - TICK))
        self._last = now

    def _until(self, done: Callable[[], bool]) -> None:
        loop, timer = QEventLoop(), QTimer()
        timer.timeout.connect(lambda: loop.quit() if done() else None)
        timer.start(1)
        loop.exec()

    def _rest(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def _forget_file(self) -> None:
        """Have the file read from the disk again, as after the start of the machine."""
        if self._cold:
            with self._file.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def _note(self, name: str, value: float) -> None:
        self.figures[name] = value


def since(begun: float) -> float:
    """Return the milliseconds since a moment of ``time.perf_counter``."""
    return (time.perf_counter() - begun) * 1000


def memory() -> float:
    """Return the resident memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    sys.exit(main())
