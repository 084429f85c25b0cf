"""Turns every HTTP exchange into a ``Call`` (ASGI middleware)."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.calls.call import Call, CallSink, Remark
from server.calls.clients import ORIGIN_HEADER, ORIGIN_MARKS
from server.calls.redaction import Redactor
from server.http.arrival import ARRIVAL, Arrival, Connection, RawHeaders
from server.http.bodies import BODY_LIMIT, ClientGone
from server.http.forwarding import client_address, is_loopback
from server.scim.errors import ScimError

MEDIA_TYPE = b"application/scim+json"

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class CallNotes:
    """What the application knows of the call that it answers; it finds it in ``scope["notes"]``.

    The members mean what those of ``Call`` mean. Remarks are pairs of a code and a sentence.
    """

    organization_id: int | None = None
    token_id: int | None = None
    token_label: str = ""
    subject: str = ""
    resource_id: str = ""
    remarks: list[tuple[str, str]] = field(default_factory=list)
    before: bytes = b""


class CallRecorder:
    """Gives every finished exchange to a sink, redacted, and answers what the application cannot.

    An exception that leaves the application becomes a SCIM error with a reference, which the
    traceback in the Python log carries too. Of each body the first MiB is kept.
    """

    def __init__(self, app: ASGIApp, sink: CallSink, redactor: Redactor) -> None:
        self._app = app
        self._sink = sink
        self._redactor = redactor
        self._date = _date_header()
        self.active = 0
        """How many calls are under way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._date)
        scope["notes"] = exchange.notes
        self.active += 1
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientGone:
            pass
        except ScimError as error:
            await exchange.answer(error)
        except asyncio.CancelledError:
            await exchange.answer(
                ScimError(503, "The server is stopping. Try again when it runs again.")
            )
            raise
        except Exception:
            reference = secrets.token_hex(4)
            _log.exception("Reference %s: a call could not be answered", reference)
            await exchange.answer(
                ScimError(
                    500,
                    "Blink SCIM Desk made a mistake and could not answer. Give support the "
                    f"reference {reference}.",
                )
            )
        finally:
            self.active -= 1
            self._sink.record(exchange.call(self._redactor))


class _Exchange:
    """One request and its answer, as they pass by."""

    __slots__ = (
        "_arrival",
        "_at",
        "_began",
        "_complete",
        "_date",
        "_receive",
        "_received",
        "_request_body",
        "_response_body",
        "_response_headers",
        "_scope",
        "_send",
        "_status",
        "notes",
    )

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, date: Callable[[], tuple[bytes, bytes]]
    ) -> None:
        self._at = time.time_ns()
        self._began = time.perf_counter_ns()
        self._scope = scope
        self._receive = receive
        self._send = send
        self._date = date
        arrival = scope.get("extensions", {}).get(ARRIVAL)
        self._arrival: Arrival = arrival or Arrival(scope["headers"], Connection())
        self._request_body = b""
        self._received = False
        self._status = 0
        self._response_headers: RawHeaders = []
        self._response_body = b""
        self._complete = False
        self.notes = CallNotes()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            body: bytes = message.get("body", b"")
            if body:
                self._request_body = _kept(self._request_body, body)
            self._received = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            headers.append(self._date())
            if not self._arrival.keep_alive and not any(n == b"connection" for n, _ in headers):
                headers.append((b"connection", b"close"))
            self._status = message["status"]
            self._response_headers = headers
            message = {"type": "http.response.start", "status": self._status, "headers": headers}
            if self._arrival.body_waits and not self._received:
                # The application refused without reading: what the client sent is worth seeing.
                await self.receive()
        else:
            body: bytes = message.get("body", b"")
            if body and self._scope["method"] != "HEAD":
                self._response_body = _kept(self._response_body, body)
            self._complete = not message.get("more_body", False)
        await self._send(message)

    async def answer(self, error: ScimError) -> None:
        """Send an error unless an answer has begun already."""
        if self._status:
            return
        body = orjson.dumps(error.body())
        headers = [
            (b"content-type", MEDIA_TYPE),
            (b"content-length", str(len(body)).encode()),
            *((n.lower().encode(), v.encode("latin-1")) for n, v in error.headers.items()),
        ]
        await self.send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def call(self, redactor: Redactor) -> Call:
        """Return the exchange as a call without secrets."""
        arrival, scope, notes = self._arrival, self._scope, self.notes
        status = self._status
        headers, body = self._response_headers, self._response_body
        if arrival.refusal is not None:
            status = arrival.refusal.error.status
            headers, body = arrival.refusal.headers, arrival.refusal.body
        elif arrival.connection.gone or not self._complete:
            status = 0
        peer = client_address(scope)
        received, mark = arrival.headers, _origin_mark(scope, peer)
        if mark:
            received = [header for header in received if header[0].lower() != _ORIGIN]
        return Call(
            at=self._at // 1000,
            duration=(time.perf_counter_ns() - self._began) // 1000,
            peer=peer,
            organization_id=notes.organization_id,
            token_id=notes.token_id,
            token_label=notes.token_label,
            method=scope["method"],
            path=redactor.text(_path(scope)),
            query=redactor.query(scope["query_string"].decode("latin-1")),
            status=status,
            request_headers=redactor.headers(received),
            request_body=_redacted_body(redactor, self._request_body, scope["headers"]),
            response_headers=redactor.headers(headers),
            response_body=redactor.body(body),
            subject=redactor.text(notes.subject),
            resource_id=redactor.text(notes.resource_id),
            remarks=tuple([Remark(code, redactor.text(text)) for code, text in notes.remarks]),
            before=redactor.body(notes.before),
            origin_mark=mark,
        )


_ORIGIN = ORIGIN_HEADER.lower().encode()
_MARKS = {mark.encode(): mark for mark in ORIGIN_MARKS}


def _origin_mark(scope: Scope, peer: str) -> str:
    """Return which part of this program sent a request, "" for none and for other computers."""
    for name, value in scope["headers"]:
        if name == _ORIGIN:
            return _MARKS.get(value, "") if is_loopback(peer) else ""
    return ""


def _path(scope: Scope) -> str:
    raw = scope.get("raw_path")
    path: str = raw.decode("latin-1") if raw else scope["path"]
    return path


def _redacted_body(redactor: Redactor, body: bytes, headers: RawHeaders) -> bytes:
    if not body:
        return body
    named = dict(headers)
    return redactor.body(
        body,
        named.get(b"content-type", b"").decode("latin-1"),
        named.get(b"content-encoding", b"").decode("latin-1"),
    )


def _kept(so_far: bytes, more: bytes) -> bytes:
    if not so_far:
        return more[:BODY_LIMIT]
    return so_far + more[: BODY_LIMIT - len(so_far)] if len(so_far) < BODY_LIMIT else so_far


def _date_header() -> Callable[[], tuple[bytes, bytes]]:
    """Return a function that makes the ``Date`` header, anew at most once a second."""
    made_at = 0
    header = (b"date", b"")

    def date() -> tuple[bytes, bytes]:
        nonlocal made_at, header
        now = int(time.time())
        if now != made_at:
            made_at, header = now, (b"date", formatdate(now, usegmt=True).encode())
        return header

    return date
