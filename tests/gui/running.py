"""Services for the window in tests: real files, a real server, an application of a few lines."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from gui.services import OktaServices, Services
from main import open_okta
from server.calls.call import Call
from server.calls.explanation import understand
from server.calls.redaction import Redactor
from server.http.protocol import protocol_class
from server.http.recording import CallRecorder
from server.http.running import LocalServer
from server.http.tokens import TOKEN_PREFIX
from storage.call_log import CallLog
from storage.calls import CallStore
from storage.custom_attributes import CustomAttributeStore
from storage.database import calls_path, open_calls, open_directory
from storage.imported_calls import ImportFolder
from storage.organizations import OrganizationStore
from storage.tokens import TokenStore


class Clock:
    """A moment that stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 15, 42, 10, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Backstage:
    """Everything behind a window; ``open`` fits ``gui.program.OpenServices``."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.closed: list[str] = []
        self._folder = folder
        self._clock = clock
        self.adapt: Callable[[OktaServices], OktaServices] = lambda okta: okta
        """Puts something of the test's own into the services of Okta's side."""

    def open(self, calls_stored: Callable[[int], None]) -> Services:
        path = self._folder / "desk.db"
        self.directory = open_directory(path)
        self.call_database = open_calls(calls_path(path))
        self.log = CallLog(self.call_database, calls_stored, understand=understand)
        self.log.start()
        redactor = Redactor(TOKEN_PREFIX)
        self.server = LocalServer(
            lambda: CallRecorder(application, self.log, redactor),
            lambda: protocol_class(self.log, redactor),
        )
        self.imports = ImportFolder(self._folder / "desk-imports")
        okta = cache(lambda: open_okta(self.directory))
        return Services(
            organizations=OrganizationStore(self.directory, self._clock),
            custom_attributes=CustomAttributeStore(self.directory, self._clock),
            tokens=TokenStore(self.directory, self._clock),
            calls=CallStore(self.call_database),
            imports=self.imports,
            server=self.server,
            okta=lambda: self.adapt(okta()),
            close=self.close,
        )

    def record(self, *calls: Call) -> None:
        """Put calls into the log and wait until they are stored."""
        for call in calls:
            self.log.record(call)
        assert self.log.flush(5.0)

    def close(self) -> None:
        self.closed.append("server runs" if self.server.running else "server stopped")
        self.imports.close()
        self.log.stop(5.0)
        self.call_database.close()
        self.directory.close()
        self.closed.append("closed")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer at once, or after a moment when the path says so."""
    if scope["path"].endswith("/slow"):
        await asyncio.sleep(0.5)
    headers = [(b"content-type", b"application/scim+json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})
