"""How fast the window shows, and how smooth it stays: ``python -m tests.benchmarks.window``.

First paint: the real program is started several times on a new database, and the time from the
start of its process to its first painted frame is taken. Load: so many calls a second go into the
real log while the live log is open and follows; a timer of 5 ms in the Qt thread measures how
long that thread was busy with something else.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TICK = 0.005
ROOT = Path(__file__).parents[2]

FIRST_PAINT = """
import os, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from gui.application import run
import main

def begun():
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return ticks / os.sysconf("SC_CLK_TCK")

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.painted:
            self.painted = True
            QTimer.singleShot(0, self.note)
        return False

    def note(self):
        print("painted", time.clock_gettime(time.CLOCK_BOOTTIME) - begun(), flush=True)

    def opened(self):
        print("opened", time.clock_gettime(time.CLOCK_BOOTTIME) - begun(), flush=True)
        QTimer.singleShot(0, self.program.window.close)

def ready(program):
    watch.program = program
    watch.painted = False
    program.window.centralWidget().installEventFilter(watch)
    program.opened.connect(watch.opened)

watch = Watch()
folder = Path(sys.argv[1])
run(lambda stored: main.open_services(folder / "desk.db", stored), folder / "desk.ini",
    f"bench-{os.getpid()}", on_ready=ready)
"""


def main() -> int:
    """Measure and print; with --json as one object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=1000, help="calls a second")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure_starts(options.starts) if options.starts else {}
    if options.seconds:
        figures |= measure_load(options.seconds, options.rate)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:42} {value:10.1f}")
    return 0


def measure_starts(number: int) -> dict[str, float]:
    """Return the median of the first paint and of the open pages, in milliseconds."""
    seen: dict[str, list[float]] = {"painted": [], "opened": []}
    for _ in range(number):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-c", FIRST_PAINT, folder],
                capture_output=True,
                text=True,
                cwd=ROOT,
                timeout=60,
                check=True,
            )
        for line in done.stdout.splitlines():
            name, seconds = line.split()
            seen[name].append(float(seconds) * 1000)
    return {
        "first paint, median, ms": statistics.median(seen["painted"]),
        "first paint, slowest, ms": max(seen["painted"]),
        "pages open, median, ms": statistics.median(seen["opened"]),
    }


def measure_load(seconds: float, rate: int) -> dict[str, float]:
    """Return stalls in milliseconds, CPU in percent of a core, memory in megabytes."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from gui.application import GarbageCollector
    from gui.live_log.page import LiveLogPage
    from gui.program import Program
    from gui.settings import PAGE, START_SERVER, Settings
    from gui.theme import Theme, ThemeChoice
    from storage.call_search import Selection
    from storage.calls import CallStore
    from tests.gui.running import Backstage, Clock

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        application = QApplication([])
        collector = GarbageCollector()
        settings = Settings(folder / "desk.ini")
        settings.set(START_SERVER, False)
        settings.set(PAGE, "live-log")
        clock = Clock()
        backstage = Backstage(folder, clock)
        program = Program(Theme(application, ThemeChoice.LIGHT), settings, backstage.open, clock)
        program.window.resize(1600, 1000)
        gaps: list[float] = []
        last = time.perf_counter()

        def tick() -> None:
            nonlocal last
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

        timer = QTimer()
        timer.setTimerType(timer.timerType().PreciseTimer)
        timer.setInterval(round(TICK * 1000))
        timer.timeout.connect(tick)
        figures: dict[str, float] = {}
        stop = threading.Event()
        sent: list[int] = []
        source = threading.Thread(target=_feed, args=(backstage, rate, stop, sent))

        def begin() -> None:
            nonlocal last
            source.start()
            last = time.perf_counter()
            timer.start()
            figures["begun"] = time.perf_counter()
            figures["cpu"], figures["thread"] = time.process_time(), time.thread_time()
            QTimer.singleShot(min(10_000, round(seconds * 500)), note_memory)
            QTimer.singleShot(round(seconds * 1000), end)

        def note_memory() -> None:
            figures["memory after 10 s, MB"] = _memory()

        def end() -> None:
            timer.stop()
            figures["memory at the end, MB"] = _memory()
            elapsed = time.perf_counter() - figures.pop("begun")
            cpu = time.process_time() - figures.pop("cpu")
            figures["CPU of the process, %"] = 100 * cpu / elapsed
            thread = time.thread_time() - figures.pop("thread")
            figures["CPU of the Qt thread, %"] = 100 * thread / elapsed
            stop.set()
            source.join()
            backstage.log.flush()
            QTimer.singleShot(1000, count)

        def count() -> None:
            page = program.window.page
            assert isinstance(page, LiveLogPage)
            stored = CallStore(backstage.call_database).count(Selection())
            figures["calls sent"] = sum(sent)
            figures["calls not stored"] = sum(sent) - stored
            figures["calls not in the list"] = sum(sent) - page.live.model.rowCount()
            figures["follows (1) or not (0)"] = page.live.following
            program.close()

        program.window.show()
        program.opened.connect(lambda: QTimer.singleShot(500, begin))
        program.closed.connect(application.quit)
        QTimer.singleShot(0, program.open)
        application.exec()
        collector.stop()
    stalls = sorted(max(0.0, gap - TICK) * 1000 for gap in gaps)
    figures["longest stall of the Qt thread, ms"] = stalls[-1]
    figures["stall p99.9, ms"] = stalls[int(len(stalls) * 0.999)]
    figures["stall p99, ms"] = stalls[int(len(stalls) * 0.99)]
    return figures


def _feed(backstage: object, rate: int, stop: threading.Event, counts: list[int]) -> None:
    """Record calls at an even rate, in slices of 10 ms, and note how many each had."""
    from tests.gui.factories import call
    from tests.gui.running import Backstage

    assert isinstance(backstage, Backstage)
    pattern = call(1)
    body = pattern.request_body + b" " * 800
    begun, sent = time.perf_counter(), 0
    while not stop.is_set():
        due = int((time.perf_counter() - begun) * rate)
        for number in range(sent, due):
            backstage.log.record(
                replace(
                    pattern,
                    at=time.time_ns() // 1000,
                    status=409 if number % 20 == 0 else 201,
                    request_body=body,
                )
            )
        counts.append(due - sent)
        sent = due
        time.sleep(0.01)


def _memory() -> float:
    """Return the resident memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    sys.exit(main())
