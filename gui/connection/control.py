"""Starting and stopping the server from the window, and what is true about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.jobs import Jobs, Progress
from gui.settings import PORT, Settings

if TYPE_CHECKING:
    from server.http.running import LocalServer

HOST = "127.0.0.1"
STOP_SECONDS = 10.0
"""How long calls under way may take to finish when the server stops."""


class Phase(StrEnum):
    """What the server does."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    PORT_TAKEN = "port taken"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is true now.

    ``url`` is the SCIM address while it runs, ``next_free`` the port that can be taken instead of
    a taken ``port``, ``text`` says why it failed.
    """

    phase: Phase
    port: int
    url: str = ""
    next_free: int | None = None
    text: str = ""


class ServerControl(QObject):
    """Drives the server; every wait for it is a job.

    Signals:
        state_changed: ``state`` is another one.
    """

    state_changed = Signal()

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings
        self._server: LocalServer | None = None
        self._state = ServerState(Phase.STOPPED, settings.get(PORT))
        # A server that dies by itself must not leave a pill that says "Serving".
        self._watch = QTimer(self)
        self._watch.setInterval(1000)
        self._watch.timeout.connect(self._look)

    @property
    def state(self) -> ServerState:
        """Return what is true now."""
        return self._state

    @property
    def ready(self) -> bool:
        """Say whether there is a server to start."""
        return self._server is not None

    def attach(self, server: "LocalServer") -> None:
        """Take the server that was opened."""
        self._server = server
        self._watch.start()

    def start(self, port: int | None = None) -> None:
        """Start on a port, or on the remembered one."""
        server = self._server
        if server is None or self._state.phase in (Phase.STARTING, Phase.RUNNING, Phase.STOPPING):
            return
        wanted = self._settings.get(PORT) if port is None else port
        self._set(ServerState(Phase.STARTING, wanted))

        def start(_progress: Progress) -> ServerState:
            return _started(server, wanted)

        self._jobs.run("Starting the server", start, self._take_start, self._take_error)

    def move_to(self, port: int) -> None:
        """Serve on another port from now on."""
        self._settings.set(PORT, port)
        if self._state.phase is Phase.RUNNING:
            self._stop(self._start_again)
        else:
            self.start(port)

    @Slot()
    def stop(self) -> None:
        """Stop, letting the calls under way finish."""
        if self._state.phase is Phase.RUNNING:
            self._stop(self._take_stop)

    @Slot()
    def toggle(self) -> None:
        """Start what is stopped, stop what runs."""
        if self._state.phase is Phase.RUNNING:
            self.stop()
        else:
            self.start()

    def detach(self) -> None:
        """Leave the server to the shutdown."""
        self._watch.stop()
        self._set(ServerState(Phase.STOPPING, self._state.port))
        self._server = None

    def _stop(self, done: Callable[[None], None]) -> None:
        server = self._server
        if server is None:
            return
        self._set(ServerState(Phase.STOPPING, self._state.port))

        def stop(_progress: Progress) -> None:
            server.stop(STOP_SECONDS)

        self._jobs.run("Stopping the server", stop, done, self._take_error)

    def _start_again(self, _nothing: None) -> None:
        self._take_stop(None)
        self.start()

    def _take_start(self, state: ServerState) -> None:
        if state.phase is Phase.RUNNING:
            self._settings.set(PORT, state.port)
        self._set(state)

    def _take_stop(self, _nothing: None) -> None:
        self._set(ServerState(Phase.STOPPED, self._settings.get(PORT)))

    def _take_error(self, error: Exception) -> None:
        self._set(ServerState(Phase.FAILED, self._state.port, text=str(error)))

    @Slot()
    def _look(self) -> None:
        server = self._server
        if server and self._state.phase is Phase.RUNNING and not server.running:
            text = "The server stopped by itself. Start it again."
            self._set(ServerState(Phase.FAILED, self._state.port, text=text))

    def _set(self, state: ServerState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit()


def _started(server: "LocalServer", port: int) -> ServerState:
    # Here and not above: it brings uvicorn and Starlette, which the first paint does not wait for.
    from server.http.running import PortTaken

    try:
        url = server.start(HOST, port)
    except PortTaken as taken:
        return ServerState(Phase.PORT_TAKEN, taken.port, next_free=taken.next_free)
    return ServerState(Phase.RUNNING, port, url=url)
