"""The server's thread: binding, starting, stopping."""

import asyncio
import contextlib
import errno
import ipaddress
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import Server

BACKLOG = 2048
KEEP_ALIVE = 75
GRACE = 2
START_TIMEOUT = 15.0
BASE_PATH = "/scim/v2"

_log = logging.getLogger(__name__)


class CannotBind(Exception):
    """The address cannot be listened on; the text is one sentence for a person."""


class PortTaken(CannotBind):
    """Another program listens on the port; ``next_free`` is one that can be had, or None."""

    def __init__(self, host: str, port: int, next_free: int | None) -> None:
        self.host = host
        self.port = port
        self.next_free = next_free
        cure = f"port {next_free} is free" if next_free else "choose another port"
        super().__init__(f"Port {port} on {host} is used by another program; {cure}.")


class CannotStart(Exception):
    """The server's thread ended before it served; the text says why."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any free one.

    Raises:
        PortTaken: Another program has the port.
        CannotBind: The host is not an address of this computer, or the port needs rights.
    """
    try:
        return _listening(host, port)
    except OverflowError:
        raise CannotBind(f"{port} is not a port; ports go from 1 to 65535.") from None
    except socket.gaierror:
        raise CannotBind(f"{host} is not a name or address that this computer knows.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port, _next_free(host, port)) from None
        raise CannotBind(_reason(error, host, port)) from None


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise OverflowError
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, address = min(
        ((entry[0], entry[4]) for entry in found), key=lambda entry: entry[0] != socket.AF_INET
    )
    # With IPPROTO_TCP named, asyncio switches Nagle's delay off; without, a request takes 44 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _next_free(host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + 101, 65536)):
        try:
            _listening(host, candidate).close()
        except OSError:
            continue
        return candidate
    return None


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EACCES:
        return f"Port {port} needs administrator rights; choose one above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this computer; use 127.0.0.1."
    text = os.strerror(error.errno) if error.errno else str(error)
    return f"The server cannot listen on {host}, port {port}: {text}."


class LocalServer:
    """Serves an ASGI application from a thread of its own; it can be started again after a stop.

    ``make_application`` is called in that thread, so that database connections that it opens
    belong there, and ``on_thread_end`` is the last thing that happens in it. ``failed`` is called
    there with one sentence when the thread dies while it serves.
    """

    def __init__(
        self,
        make_application: Callable[[], ASGIApp],
        make_protocol: Callable[[], type[asyncio.Protocol]],
        on_thread_end: Callable[[], None] = lambda: None,
        failed: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._make_application = make_application
        self._make_protocol = make_protocol
        self._on_thread_end = on_thread_end
        self._failed = failed
        self._run: _Run | None = None

    def start(self, host: str, port: int) -> str:
        """Serve, and return the base URL ("http://127.0.0.1:8765/scim/v2") once that is true.

        Raises:
            PortTaken, CannotBind: See ``bind``.
            CannotStart: The application could not be made.
            RuntimeError: It runs already.
        """
        if self.running:
            raise RuntimeError("The server runs already.")
        listener = bind(host, port)
        run = _Run(listener, self._serve)
        self._run = run
        run.thread.start()
        run.ready.wait(START_TIMEOUT)
        if run.server is None or not run.server.started:
            self.stop()
            raise CannotStart(run.problem or "The server did not start in time.")
        return run.url

    def stop(self, timeout: float = 5.0) -> bool:
        """Finish the calls under way, for two seconds at most, and end the thread.

        Return whether it ended within ``timeout`` seconds.
        """
        run = self._run
        if run is None:
            return True
        run.stopping = True
        if run.server is not None:
            run.server.leave()
        run.thread.join(timeout)
        if run.thread.is_alive() and run.server is not None:
            run.server.force_exit = True
            run.thread.join(1.0)
        if run.thread.is_alive():
            return False
        self._run = None
        return True

    @property
    def running(self) -> bool:
        """Whether it serves now."""
        run = self._run
        return run is not None and run.thread.is_alive() and run.ready.is_set()

    @property
    def url(self) -> str | None:
        """The base URL while it serves."""
        run = self._run
        return run.url if run is not None and self.running else None

    @property
    def active_calls(self) -> int:
        """How many calls are under way."""
        run = self._run
        return len(run.server.server_state.tasks) if run is not None and run.server else 0

    def _serve(self, run: "_Run") -> None:
        """Be the thread."""
        try:
            run.serve(self._make_application(), self._make_protocol())
            if not run.stopping:
                run.problem = "The server ended by itself."
        except BaseException as error:
            # uvicorn ends with SystemExit too; nothing may leave the thread without a word.
            _log.exception("The server's thread ended")
            run.problem = f"The server ended: {error or type(error).__name__}."
        finally:
            run.listener.close()
            self._end(run)

    def _end(self, run: "_Run") -> None:
        try:
            self._on_thread_end()
        finally:
            served = run.ready.is_set()
            run.ready.set()
            if served and run.problem and not run.stopping:
                self._failed(run.problem)


class _Run:
    """One life of the server: its socket, its thread, and uvicorn's server inside of it."""

    def __init__(self, listener: socket.socket, target: Callable[["_Run"], None]) -> None:
        self.listener = listener
        self.url = _url(listener)
        self.ready = threading.Event()
        self.server: _AnnouncingServer | None = None
        self.stopping = False
        self.problem = ""
        self.thread = threading.Thread(target=target, args=(self,), name="scim-server")

    def serve(self, app: ASGIApp, protocol: type[asyncio.Protocol]) -> None:
        """Run uvicorn until it is told to stop."""
        config = Config(
            app,
            http=protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=GRACE,
        )
        self.server = _AnnouncingServer(config, self.ready)
        if self.stopping:
            return
        self.server.run(sockets=[self.listener])


class _AnnouncingServer(Server):
    """uvicorn's server, which says when it serves, and leaves without the tenth of a second that
    uvicorn takes to notice."""

    def __init__(self, config: Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._leave: Callable[[], object] | None = None

    def leave(self) -> None:
        """End the server, from any thread."""
        self.should_exit = True
        if self._leave is not None:
            # The loop may be closed already.
            with contextlib.suppress(RuntimeError):
                self._leave()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        left = asyncio.Event()
        self._leave = partial(asyncio.get_running_loop().call_soon_threadsafe, left.set)
        if not self.should_exit:
            await left.wait()


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return (
        f"http://[{host}]:{port}{BASE_PATH}" if ":" in host else f"http://{host}:{port}{BASE_PATH}"
    )
