"""The life of the window: open, serve, finish, close, in this order."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.bridge import Bridge
from gui.connection.control import STOP_SECONDS, Phase
from gui.jobs import Progress
from gui.main_window import MainWindow
from gui.settings import START_SERVER, Settings
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.services import Services

OpenServices = Callable[[Callable[[int], None]], "Services"]
"""Opens the stores; its argument takes the news "calls up to N are stored" on any thread."""


class Program(QObject):
    """Opens the services behind a window that is there at once, and closes them in order.

    Signals:
        opened: the pages are there.
        closed: the server, the log's writer and the databases have stopped; the window is gone.
    """

    opened = Signal()
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        open_services: OpenServices,
        now: Callable[[], datetime],
        served_at: Callable[[str], None] = lambda url: None,
    ) -> None:
        """``served_at`` is told the SCIM address whenever it changes, "" for none."""
        super().__init__()
        self._served_at = served_at
        self._url = ""
        self._settings = settings
        self._open_services = open_services
        self._services: Services | None = None
        self._opening = False
        self._closing = False
        self.bridge = Bridge()
        self.window = MainWindow(theme, settings, self.bridge, now)
        self.window.close_requested.connect(self.close)
        self.window.retry_requested.connect(self.open)
        self.window.server.state_changed.connect(self._tell_address)

    @Slot()
    def open(self) -> None:
        """Open the services in a job."""
        self._opening = True
        self.window.show_opening()

        def work(_progress: Progress) -> "Services":
            return self._open_services(self.bridge.calls_stored)

        self.window.jobs.run("", work, self._take_services, self._take_error)

    @Slot()
    def close(self) -> None:
        """Finish calls, stop everything, then let the window go."""
        if self._closing:
            return
        self._closing = True
        self.window.remember()
        if not self._opening:
            self._stop_server()

    def finish(self) -> None:
        """Close what is still open, after the event loop: it may end before the window.

        Qt leaves it when the screen is gone, and what still runs here would serve for ever.
        """
        self._closing = True
        self.bridge.stop()
        self.window.jobs.close()
        services, self._services = self._services, None
        if services is None:
            return
        services.server.stop(STOP_SECONDS)
        if self._url:
            self._url = ""
            self._served_at("")
        services.close()

    @Slot()
    def _tell_address(self) -> None:
        url = self.window.server.state.url
        if url != self._url:
            self._url = url
            self._served_at(url)

    def _take_services(self, services: "Services") -> None:
        self._opening = False
        self._services = services
        if self._closing:
            self._stop_server()
            return
        self.window.show_services(services)
        if self._settings.get(START_SERVER):
            self.window.server.start()
        self.opened.emit()

    def _take_error(self, error: Exception) -> None:
        self._opening = False
        if self._closing:
            self._leave(None)
        else:
            self.window.show_opening_error(error)

    def _stop_server(self) -> None:
        services = self._services
        if services is None:
            self._leave(None)
            return
        self.window.show_finishing(lambda: services.server.active_calls)
        starting = self.window.server.state.phase is Phase.STARTING
        self.window.server.detach()

        def stop(_progress: Progress) -> None:
            if starting or services.server.running:
                services.server.stop(STOP_SECONDS)

        self.window.jobs.run("", stop, self._close_stores, self._close_stores)

    def _close_stores(self, _outcome: object) -> None:
        services = self._services
        if services is None:
            return
        self._services = None
        self.bridge.stop()
        self.window.jobs.end_with(services.close, self._leave)

    def _leave(self, _outcome: object) -> None:
        self.bridge.stop()
        self._settings.save()
        self.window.leave()
        self.closed.emit()
