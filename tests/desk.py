"""A running desk for tests: real SQLite files, a real server on a real port."""

import http.client
import json
import socket
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from main import Parts, open_parts


class Reply:
    """An answer as it came over the socket."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)


class Desk:
    """The program without its window, with one organization ("Acme") and one token for it."""

    def __init__(self, folder: Path, **switches: bool) -> None:
        self.folder = folder
        self.parts: Parts = open_parts(folder / "desk.db", lambda last_id: None)
        self.organization = self.parts.organizations.create("Acme", **switches)
        self.token = self.new_token()
        self.url = self.parts.server.start("127.0.0.1", 0)
        self.netloc = self.url.split("/")[2]
        self._clients: list[httpx.Client] = []

    def new_token(self, organization_id: int | None = None, label: str = "Okta") -> str:
        issued = self.parts.tokens.create(
            organization_id or self.organization.id, label, timedelta(days=90)
        )
        return issued.text

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        """Return a SCIM client of the organization, or of another token's."""
        client = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token or self.token}"} | headers,
            timeout=10,
            trust_env=False,
            verify=False,  # there is no TLS here, and its certificates take 30 ms to read
        )
        self._clients.append(client)
        return client

    def raw(self, request: bytes) -> Reply:
        """Send bytes over a new connection and return the first answer."""
        host, port = self.netloc.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection)
            response.begin()
            body = response.read()
            reply = Reply(response.status, dict(response.getheaders()), body)
            response.close()
            return reply

    def flush(self) -> None:
        """Wait until every call so far is in the log.

        A call is handed to the log right after its answer was sent.
        """
        until = time.monotonic() + 0.5
        while self.parts.server.active_calls and time.monotonic() < until:
            time.sleep(0.001)
        assert self.parts.log.flush(5.0)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.parts.close()
