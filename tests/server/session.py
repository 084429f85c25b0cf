"""A client whose calls a test gets to see as the log gets them."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import orjson

from server.calls.call import Call
from server.calls.diagnosis import Finding, diagnose
from tests.server.tenant import Tenant

OKTA = "Okta SCIM Client 1.0.0"
MINUTE = 60_000_000


class Session:
    """Sends requests to a tenant; ``calls`` are all that were recorded, in order.

    ``pass_time`` makes what comes later look that much later.
    """

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.calls: list[Call] = []
        self._ahead = 0
        self._client = httpx.Client(base_url=tenant.desk.url, trust_env=False, verify=False)
        self._news = threading.Condition()
        self._log = tenant.desk.parts.log
        self._record = self._log.record
        self._log.record = self._take  # type: ignore[method-assign]

    def close(self) -> None:
        del self._log.record
        self._client.close()

    def send(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """Send what Okta would, and wait until it is recorded; "" is no token at all."""
        wanted = len(self.calls) + 1
        given = {"User-Agent": OKTA, "Content-Type": "application/scim+json"}
        given["Authorization"] = f"Bearer {token or self.tenant.token}"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        reply = self._client.request(
            method, path, content=content, headers={n: v for n, v in given.items() if v}
        )
        self.wait_for(wanted)
        return reply

    def raw(self, *chunks: bytes, pause: float = 0) -> None:
        """Send bytes over a connection of its own, with pauses (seconds), and close it."""
        wanted = len(self.calls) + 1
        host, port = self.tenant.desk.netloc.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(chunks[0])
            for chunk in chunks[1:]:
                time.sleep(pause)
                connection.sendall(chunk)
                connection.recv(65536)
        self.wait_for(wanted)

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.calls) >= count, timeout=5)

    def pass_time(self, minutes: float) -> None:
        self._ahead += int(minutes * MINUTE)

    def findings(self, index: int = -1) -> dict[str, Finding]:
        """Diagnose a call among all others."""
        return {found.rule_id: found for found in diagnose(self.calls[index], self.calls)}

    def diagnosed(self, calls: Sequence[Call]) -> list[str]:
        return [found.rule_id for call in calls for found in diagnose(call, self.calls)]

    def _take(self, call: Call) -> None:
        with self._news:
            self.calls.append(replace(call, at=call.at + self._ahead))
            self._news.notify_all()
        self._record(call)
