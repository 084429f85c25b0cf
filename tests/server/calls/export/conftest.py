"""Calls as a log keeps them, and exports of them."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from main import RESOURCES
from server.calls.call import Call, Remark
from server.calls.export import (
    Cleaner,
    ExportSetting,
    Logged,
    LoggedCall,
    Pseudonyms,
    exported,
)
from server.calls.redaction import Redactor

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
ID = "2819c223-7f76-453a-919d-413861904646"


@pytest.fixture
def conflict(call: Callable[..., Call]) -> LoggedCall:
    """A creation that was refused, with something in every field."""
    return LoggedCall(
        id=7,
        operation="create",
        summary="Create user ann.lee@acme.example refused: userName is already taken",
        call=call(
            "POST",
            "/scim/v2/Users?x=%C3%A9",
            {"schemas": [USER], "userName": "ann.lee@acme.example", "nickName": "<b>````` & Zoë"},
            409,
            {
                "schemas": [ERROR],
                "status": "409",
                "scimType": "uniqueness",
                "detail": 'userName "ann.lee@acme.example" is already taken by Ann Lee.',
            },
            headers=(
                ("Host", "desk.acme.example"),
                ("User-Agent", "Okta SCIM Client 1.0.0"),
                ("Content-Type", "application/scim+json; charset=utf-8"),
            ),
            subject="ann.lee@acme.example",
            resource_id=ID,
            remarks=(Remark("account-linked", "Linked to an account that Blink already had."),),
            before=b'{"userName":"ann"}',
            origin_mark="Replay",
        ),
        mark="red",
        note="ask Ann | again",
    )


@pytest.fixture(scope="session")
def setting() -> ExportSetting:
    template = (RESOURCES / "templates" / "calls-report.html").read_text(encoding="utf-8")
    return ExportSetting("http://127.0.0.1:8765", template, "Acme", "23 November 2026")


Export = Callable[..., bytes]


@pytest.fixture
def export(setting: ExportSetting) -> Export:
    """Return the bytes of a form of export."""

    def run(
        name: str, calls: Iterable[Logged] = (), pseudonyms: Pseudonyms | None = None, **_: Any
    ) -> bytes:
        cleaner = Cleaner(Redactor("blinkscim_"), pseudonyms)
        return b"".join(exported(name, calls, cleaner, setting))

    return run
