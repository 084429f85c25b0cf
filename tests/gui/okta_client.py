"""A client that is Okta to the real application, in this process and at a time of its own."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import orjson

from main import make_application
from server.calls.call import Call
from server.calls.redaction import Redactor
from server.http.arrival import ARRIVAL, Arrival, Connection
from server.http.recording import CallRecorder
from server.http.tokens import TOKEN_PREFIX
from storage.database import Database
from storage.tokens import TokenStore

OKTA = "Okta SCIM Client 1.0.0"
PEER = "52.21.14.87"


class OktaClient:
    """Sends requests at ``at``; ``calls`` are what the recorder made of them.

    How long a call took is made up, so that pictures do not tell of the machine's mood.
    """

    def __init__(self, database: Database, tokens: TokenStore, at: datetime) -> None:
        self.at = at
        self.calls: list[Call] = []
        self._chance = random.Random(7)
        with self._at_that_time():
            application = make_application(database, tokens)
        self._recorder = CallRecorder(application, self, Redactor(TOKEN_PREFIX))

    def record(self, call: Call) -> None:
        """Take a call from the recorder."""
        slower = {"GET": 1.0, "POST": 3.2, "PUT": 2.6, "PATCH": 2.2, "DELETE": 2.0}[call.method]
        duration = round(self._chance.lognormvariate(7.0, 0.5) * slower)
        at = round(self.at.timestamp() * 1_000_000)
        self.calls.append(replace(call, at=at, duration=duration))

    def wait(self, **length: float) -> None:
        """Let time pass."""
        self.at += timedelta(**length)

    def request(
        self,
        token: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        host: str = "scim.northwind.example",
        agent: str = OKTA,
        peer: str = PEER,
        **query: object,
    ) -> Any:
        """Send a request and return the JSON of its answer, None for an empty one."""
        content = b"" if body is None else orjson.dumps(body)
        headers = [
            ("Accept", "application/scim+json"),
            ("Accept-Charset", "utf-8"),
            ("Accept-Encoding", "gzip,deflate"),
            ("User-Agent", agent),
            ("Authorization", f"Bearer {token}"),
            ("Host", host),
            ("Connection", "Keep-Alive"),
        ]
        if content:
            headers.append(("Content-Type", "application/scim+json; charset=utf-8"))
            headers.append(("Content-Length", str(len(content))))
        raw = [(name.encode(), value.encode()) for name, value in headers]
        target = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": f"/scim/v2/{path}",
            "raw_path": f"/scim/v2/{path}".encode(),
            "root_path": "",
            "query_string": target.encode(),
            "headers": [(name.lower(), value) for name, value in raw],
            "client": (peer, 443),
            "server": ("127.0.0.1", 8765),
            "extensions": {ARRIVAL: Arrival(raw, Connection())},
        }
        with self._at_that_time():
            answer = asyncio.run(self._exchange(scope, content))
        return orjson.loads(answer) if answer else None

    async def _exchange(self, scope: dict[str, Any], content: bytes) -> bytes:
        answer = b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal answer
            answer += message.get("body", b"")

        await self._recorder(scope, receive, send)
        return answer

    @contextmanager
    def _at_that_time(self) -> Iterator[None]:
        with (
            patch("time.time", lambda: self.at.timestamp()),
            patch("server.scim.times.datetime", _clock(lambda: self.at)),
            patch("uuid.uuid4", self._identifier),
        ):
            yield

    def _identifier(self) -> str:
        hexadecimal = f"{self._chance.getrandbits(128):032x}"
        parts = pairwise((0, 8, 12, 16, 20, 32))
        return "-".join(hexadecimal[first:last] for first, last in parts)


def _clock(moment: Callable[[], datetime]) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return moment().astimezone(tz)

    return Clock
