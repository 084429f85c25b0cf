"""A real server around a tiny application, on a real socket."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from server.calls.call import Call
from server.calls.redaction import Redactor
from server.http.bodies import read_body
from server.http.protocol import protocol_class
from server.http.recording import CallRecorder
from server.http.running import LocalServer


@dataclass
class Sink:
    """Keeps calls, and lets a test wait for them."""

    calls: list[Call] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def record(self, call: Call) -> None:
        with self._news:
            self.calls.append(call)
            self._news.notify_all()

    def wait_for(self, count: int) -> list[Call]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.calls) >= count, timeout=5), self.calls
            return list(self.calls)


@dataclass
class Running:
    """A running server and what it recorded."""

    server: LocalServer
    sink: Sink
    port: int

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        connection.settimeout(5)
        return connection

    def exchange(self, *chunks: bytes) -> bytes:
        """Send bytes, and return all that comes back until the server closes."""
        with self.connect() as connection:
            for chunk in chunks:
                connection.sendall(chunk)
            return read_to_end(connection)


def read_to_end(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the method, the path and the body."""
    body = await read_body(receive, scope["headers"])
    text = f"{scope['method']} {scope['path']} ".encode() + body
    await respond(send, text)


async def respond(send: Send, body: bytes, status: int = 200, **headers: str) -> None:
    raw: list[tuple[bytes, bytes]] = [(b"content-length", str(len(body)).encode())]
    raw += [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    started: list[LocalServer] = []

    def start(app: ASGIApp = echo, **settings: Any) -> Running:
        sink = Sink()
        redactor = Redactor("blinkscim_")
        server = LocalServer(
            lambda: CallRecorder(app, sink, redactor),
            lambda: protocol_class(sink, redactor, **settings),
        )
        started.append(server)
        url = server.start("127.0.0.1", 0)
        return Running(server, sink, int(url.split(":")[2].split("/")[0]))

    yield start
    for server in started:
        assert server.stop()
