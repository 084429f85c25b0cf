"""The HTTP protocol of one connection: uvicorn's, with limits, and with refusals that are kept."""

import asyncio
import time
from asyncio.events import TimerHandle
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

import httptools
import orjson
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from server.calls.call import Call, CallSink, Remark
from server.calls.redaction import Redactor
from server.http.arrival import ARRIVAL, Arrival, Connection, RawHeaders, Refusal
from server.http.forwarding import client_address
from server.scim.errors import ScimError

REQUEST_TIMEOUT = 30.0
HEAD_LIMIT = 64 * 1024
LINGER_TIME = 2.0
LINGER_LIMIT = 8 * 1024 * 1024

_FIRST_BYTE_OF_TLS = 0x16


@dataclass(frozen=True, slots=True)
class _Settings:
    sink: CallSink
    redactor: Redactor
    request_timeout: float
    head_limit: int


def protocol_class(
    sink: CallSink,
    redactor: Redactor,
    request_timeout: float = REQUEST_TIMEOUT,
    head_limit: int = HEAD_LIMIT,
) -> type[asyncio.Protocol]:
    """Return a protocol class for uvicorn, which makes an instance a connection.

    A request must be complete ``request_timeout`` seconds after its first byte, and its head has
    at most ``head_limit`` bytes. What is refused here, before an application sees it, is
    answered by a SCIM error and given to ``sink``.
    """
    settings = _Settings(sink, redactor, request_timeout, head_limit)

    class BoundProtocol(_ScimProtocol):
        def __init__(
            self,
            config: Config,
            server_state: ServerState,
            app_state: dict[str, Any],
            _loop: asyncio.AbstractEventLoop | None = None,
        ) -> None:
            super().__init__(settings, config, server_state, app_state, _loop)

    return BoundProtocol


class _ScimProtocol(HttpToolsProtocol):
    """Adds to uvicorn's protocol: ``Arrival`` in the scope, limits, refusals, a lingering close.

    Nothing here costs a request anything that arrives in one piece: the clock is looked at only
    when a chunk leaves a request incomplete, and one timer serves a connection.
    """

    def __init__(
        self,
        settings: _Settings,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self._settings = settings
        self._connection = Connection()
        self._arrival = Arrival([], self._connection)
        self._closer: _CycleTransport | None = None
        self._in_head = False
        self._receiving = False
        self._head_size = 0
        self._upgrade_offered = False
        self._since: float | None = None
        self._watch: TimerHandle | None = None
        self._refusal: tuple[ScimError, tuple[Remark, ...]] | None = None
        self._lingering = False
        self._discarded = 0

        # uvicorn would wait for ever for the first byte.
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    # The connection

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.gone = True
        if self._in_head and self.url and self._refusal is None:
            self._settings.sink.record(self._call(0, [], b""))
        self._unset_keepalive_if_required()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._closer is not None:
            self._closer.protocol = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._lingering or self._refusal is not None:
            self._discard(data)
            return
        self._unset_keepalive_if_required()
        if self._in_head:
            self._head_size += len(data)
        else:
            self._head_size = len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            self._refuse(*_explained(error, data))
            return
        if self._in_head and self._head_size > self._settings.head_limit:
            self._refuse(_head_too_large(self._settings.head_limit))
        elif self._receiving or self._idle():
            self._watch_arrival()
        else:
            self._since = None

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
                if self._upgrade_offered:
                    self._read_head_again()
            else:
                return

    def _read_head_again(self) -> None:
        """Ignore an offered upgrade (h2c, websocket), as RFC 9110 7.8 allows.

        The parser would take the request's body for bytes of the other protocol, so a new one
        gets the head without the offer.
        """
        self._upgrade_offered = False
        headers = self._arrival.headers
        version = self.parser.get_http_version().encode()
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + version]
        lines += [name + b": " + value for name, value in headers if name.lower() != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(b"\r\n".join([*lines, b"", b""]))
        self._arrival.headers = headers

    def _idle(self) -> bool:
        """Say whether nothing is under way, so that the bytes just read began no request."""
        return self.cycle is None or self.cycle.response_complete

    # The parser's calls

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._receiving = True
        self._arrival = Arrival([], self._connection)
        extensions: Any = {ARRIVAL: self._arrival}
        self.scope["extensions"] = extensions

    def on_header(self, name: bytes, value: bytes) -> None:
        self._arrival.headers.append((name, value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._refusal is not None:
            return
        limit = self._settings.head_limit
        if self._head_size > limit and _size(self.url, self._arrival.headers) > limit:
            raise _RefusedHead(_head_too_large(limit))
        if self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT":
            self._upgrade_offered = True
            return
        super().on_headers_complete()
        self._in_head = False
        self._arrival.keep_alive = self.cycle.keep_alive
        if self._closer is None:
            self._closer = _CycleTransport(self)
        self.cycle.transport = self._closer

    def on_message_complete(self) -> None:
        if self._upgrade_offered:
            return
        self._receiving = False
        self._arrival.body_waits = bool(self.cycle.body)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if self._closer is not None:
            self._closer.flush()
        if self._lingering:
            self.server_state.total_requests += 1
            return
        no_more = not self.pipeline
        super().on_response_complete()
        if self._refusal is not None and no_more:
            # Later: the call that is just being answered comes before this one in the log.
            self.loop.call_soon(self._answer_refusal)

    # The time a request takes to arrive

    def _watch_arrival(self) -> None:
        if self._since is None:
            self._since = self.loop.time()
        if self._watch is None:
            self._watch = self.loop.call_later(self._settings.request_timeout, self._check_arrival)

    def _check_arrival(self) -> None:
        self._watch = None
        if self._since is None or self.transport.is_closing() or self._refusal is not None:
            return
        left = self._since + self._settings.request_timeout - self.loop.time()
        if left > 0:
            self._watch = self.loop.call_later(left, self._check_arrival)
            return
        self._refuse(
            ScimError(
                408,
                f"The request was not complete {self._settings.request_timeout:g} seconds after "
                "its first byte. Send it again; the network in between may be slow.",
            )
        )

    # Refusals

    def _refuse(self, error: ScimError, remarks: tuple[Remark, ...] = ()) -> None:
        """Answer in the application's place, after the answers that are still under way."""
        self._refusal = (error, remarks)
        self._unset_keepalive_if_required()
        in_body = self._receiving and not self._in_head
        if in_body and self.pipeline:
            self.pipeline.popleft()
        elif in_body and self.cycle.response_complete:
            self.transport.close()
        elif in_body:
            self._answer_in_body(error)
        elif self._idle():
            self._answer_refusal()

    def _answer_in_body(self, error: ScimError) -> None:
        """Answer a request that the application is already waiting for the rest of."""
        cycle = self.cycle
        if cycle.response_started:
            self.transport.close()
            return
        refusal = _refusal(error)
        self._arrival.refusal = refusal
        self._write(refusal)
        cycle.disconnected = True
        cycle.message_event.set()

    def _answer_refusal(self) -> None:
        if self._refusal is None or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        error, remarks = self._refusal
        refusal = _refusal(error)
        self._write(refusal)
        self._settings.sink.record(self._call(error.status, refusal.headers, refusal.body, remarks))

    def _write(self, refusal: Refusal) -> None:
        status = refusal.error.status
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
        lines += [name + b": " + value for name, value in refusal.headers]
        self.transport.write(b"\r\n".join([*lines, b"", refusal.body]))
        self.close_lingering()

    def _call(
        self, status: int, headers: RawHeaders, body: bytes, remarks: tuple[Remark, ...] = ()
    ) -> Call:
        """Return what is known of a request that no application has seen."""
        redactor = self._settings.redactor
        url = self.url.decode("latin-1") if self._receiving else ""
        path, _, query = url.partition("?")
        took = self.loop.time() - self._since if self._since is not None else 0.0
        return Call(
            at=time.time_ns() // 1000 - int(took * 1e6),
            duration=int(took * 1e6),
            peer=client_address({"client": self.client, "headers": self.headers or []}),
            organization_id=None,
            token_id=None,
            token_label="",
            method=self.parser.get_method().decode("latin-1") if url else "",
            path=redactor.text(path),
            query=redactor.query(query),
            status=status,
            request_headers=redactor.headers(self._arrival.headers if self._receiving else []),
            request_body=b"",
            response_headers=redactor.headers(headers),
            response_body=body,
            remarks=remarks,
        )

    # Closing

    def close_lingering(self) -> None:
        """Close so that the client can read the answer although it is still sending.

        Closing with unread bytes makes the system reset the connection, and the client would see
        "connection reset" instead of the reason.
        """
        if self._lingering or self.transport.is_closing():
            return
        if not self._receiving and self._refusal is None:
            self.transport.close()
            return
        self._lingering = True
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_TIME, self.transport.close)

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > LINGER_LIMIT:
            self.transport.close()


class _CycleTransport(asyncio.Transport):
    """The part of a transport that uvicorn's cycle uses: one write an answer, a lingering close.

    uvicorn writes the head of an answer, then its body; each would be a system call of its own.
    ``protocol`` is cut off when the connection is lost, because a circle of references would
    leave the connection's memory to the garbage collector.
    """

    def __init__(self, protocol: _ScimProtocol) -> None:
        super().__init__()
        self.protocol: _ScimProtocol | None = protocol
        self._transport = protocol.transport
        self._head = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._head:
            self._transport.write(self._head + data)
            self._head = b""
        elif data[:13] == _CONTINUE:
            self._transport.write(data)
        else:
            self._head = bytes(data)

    def flush(self) -> None:
        """Write the head of an answer that has no body."""
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self.flush()
        if self.protocol is not None:
            self.protocol.close_lingering()


_CONTINUE = b"HTTP/1.1 100 "


class _RefusedHead(Exception):
    """Carries a refusal out of a call of the parser."""

    def __init__(self, error: ScimError) -> None:
        super().__init__(error.detail)
        self.error = error


def _refusal(error: ScimError) -> Refusal:
    body = orjson.dumps(error.body())
    headers: RawHeaders = [
        (b"content-type", b"application/scim+json"),
        (b"content-length", str(len(body)).encode()),
        (b"date", formatdate(time.time(), usegmt=True).encode()),
        (b"connection", b"close"),
    ]
    return Refusal(error, headers, body)


def _head_too_large(limit: int) -> ScimError:
    return ScimError(
        431, f"The request line and headers are larger than {limit // 1024} KiB. Send fewer."
    )


def _size(url: bytes, headers: RawHeaders) -> int:
    return len(url) + sum(len(name) + len(value) + 4 for name, value in headers)


def _explained(
    error: httptools.HttpParserError, data: bytes
) -> tuple[ScimError, tuple[Remark, ...]]:
    if isinstance(error.__context__, _RefusedHead):
        return error.__context__.error, ()
    if data[0] == _FIRST_BYTE_OF_TLS:
        text = "https was spoken to an http port. Use a URL that begins with http://, or a tunnel."
        return ScimError(400, text), (Remark("tls-on-http-port", text),)
    # Another error from our side of the parser is the URL's; its text would quote the URL.
    reason = "the request's target is not a URL" if error.__context__ else str(error)
    return ScimError(400, f"The request is not HTTP as RFC 9112 has it: {reason}."), ()
