"""Runs the window: QApplication, look, garbage collection in this thread, uncaught errors."""

import gc
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.instance import Channel, raise_other
from gui.program import OpenServices, Program
from gui.settings import THEME, Settings
from gui.theme import Theme, ThemeChoice

__all__ = ["raise_other", "run"]

YOUNG_MS = 500
OLD_EVERY = 20
"""A full collection comes with every twentieth young one: it costs more the more there is."""
MANY = 50_000
"""So many new objects in half a second are the rows of some job, which live long.

Looking through 100,000 people would hold the window up for 100 ms, again and again.
"""
SLOW_S = 0.02


def run(
    open_services: OpenServices,
    settings_path: Path,
    channel: str,
    served_at: Callable[[str], None] = lambda url: None,
    arguments: Sequence[str] = ("blink-scim-desk",),
    on_ready: Callable[[Program], None] | None = None,
) -> int:
    """Show the window until it is closed and return the exit code.

    ``open_services`` runs off the Qt thread, after the window is on the screen. ``channel`` names
    the socket under which ``raise_other`` of a second start finds this window. ``served_at`` is
    told the SCIM address whenever it changes, "" while nothing is served. ``on_ready`` is called
    with the program before the first paint, for measurements.
    """
    application = QApplication(list(arguments))
    application.setApplicationName("Blink SCIM Desk")
    application.setDesktopFileName("blink-scim-desk")
    application.setQuitOnLastWindowClosed(False)
    settings = Settings(settings_path)
    theme = Theme(application, theme_choice(settings))
    listener = Channel(channel)
    collector = GarbageCollector()
    program = Program(theme, settings, open_services, _now, served_at)
    hook = _ErrorHook(program)
    signals = _close_on_signals(program)
    listener.raise_requested.connect(program.window.raise_window)
    # Queued: to quit inside of the window's own close event would end its life too early.
    program.closed.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    if on_ready:
        on_ready(program)
    program.window.show()
    QTimer.singleShot(0, program.open)
    code = application.exec()
    listener.close()
    hook.remove()
    for number, handler in signals.items():
        signal.signal(number, handler)
    program.finish()
    collector.stop()
    return code


def theme_choice(settings: Settings) -> ThemeChoice:
    """Return the remembered look."""
    remembered = settings.get(THEME)
    return ThemeChoice(remembered) if remembered in set(ThemeChoice) else ThemeChoice.SYSTEM


class GarbageCollector(QObject):
    """Collects cycles in the Qt thread only: elsewhere it destroys widgets and crashes.

    What is many and lives long is not looked through: it goes when nothing refers to it any more,
    which takes no collector. Only a cycle that was alive in such a moment stays.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.setInterval(YOUNG_MS)
        self._timer.timeout.connect(self._collect)
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        self._rounds += 1
        if gc.get_count()[0] > MANY:
            gc.freeze()
            return
        begun = time.perf_counter()
        gc.collect(2 if self._rounds % OLD_EVERY == 0 else 1)
        if time.perf_counter() - begun > SLOW_S:
            gc.freeze()


def _close_on_signals(program: Program) -> dict[int, Any]:
    """Close in order on Ctrl-C and SIGTERM; return the handlers that were there before.

    Python looks at signals between its own instructions only; the timers of the bridge and the
    collector let it do so ten times a second.
    """

    def close(_number: int, _frame: object) -> None:
        program.window.close()

    return {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}


class _ErrorHook:
    """Tells the person of an error in a slot instead of losing it on a stderr nobody sees."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._before = sys.excepthook
        sys.excepthook = self._tell

    def remove(self) -> None:
        sys.excepthook = self._before

    def _tell(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if sys.stderr is not None:
            traceback.print_exception(kind, error, trace)
        text = f"Something went wrong in the window: {kind.__name__}. {error}"
        self._program.window.toasts.show(text, "danger")


def _now() -> datetime:
    return datetime.now(UTC)
