"""The whole life of the window in a process of its own."""

import gc
import signal
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.application import MANY, GarbageCollector

ROOT = Path(__file__).parents[2]

PROGRAM = """
import os, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gui.application import run
from gui.settings import PORT, START_SERVER, Settings
from tests.gui.running import Backstage, Clock

def ready(program):
    if "screen-goes" in sys.argv:  # then Qt leaves its loop with 1, and no window is closed
        state = program.window.server.state_changed
        state.connect(lambda: program.window.server.state.url and QApplication.exit(1))

folder = Path(sys.argv[1])
backstage = Backstage(folder, Clock())
settings = Settings(folder / "desk.ini")
settings.set(PORT, 0)
settings.save()
code = run(
    backstage.open,
    folder / "desk.ini",
    f"blink-test-{os.getpid()}",
    served_at=lambda url: print("at", url or "nowhere", flush=True),
    on_ready=ready,
)
print(*backstage.closed, sep=", ", flush=True)
sys.exit(code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_closes_the_program_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("at http://127.0.0.1:")
        process.send_signal(number)
        rest, errors = process.communicate(timeout=15)
    assert rest.splitlines() == ["at nowhere", "server stopped, closed"]
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_nothing_goes_on_serving_when_the_screen_is_gone(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "screen-goes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    first, *rest = ended.stdout.splitlines()
    assert first.startswith("at http://127.0.0.1:")
    assert rest == ["at nowhere", "server stopped, closed"]
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr


class Cycle:
    def __init__(self) -> None:
        self.itself = self


def test_cycles_go_and_the_rows_of_a_job_are_not_looked_through(qtbot: QtBot) -> None:
    collector = GarbageCollector()
    try:
        gone = weakref.ref(Cycle())
        qtbot.waitUntil(lambda: gone() is None, timeout=3000)
        frozen = gc.get_freeze_count()
        rows = [[number] for number in range(2 * MANY)]
        qtbot.waitUntil(lambda: gc.get_freeze_count() >= frozen + len(rows), timeout=3000)
        later = weakref.ref(Cycle())
        qtbot.waitUntil(lambda: later() is None, timeout=3000)
    finally:
        collector.stop()
        gc.unfreeze()
