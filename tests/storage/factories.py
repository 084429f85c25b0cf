"""Values that the tests of the storage are about."""

import json
from dataclasses import replace
from typing import Any

from server.blink.directory import UserKeys
from server.calls.call import Call, Remark

NOW = "2026-11-23T18:48:00.123Z"
LATER = "2026-11-23T18:49:00.456Z"


def keys(name: str, **changes: Any) -> UserKeys:
    """Keys of a user who has all of them."""
    known = UserKeys(
        user_name=f"{name}@acme.example",
        external_id=f"00u{name}",
        work_email=f"{name}@acme.example",
        mobile=None,
        employee_number=f"e-{name}",
        active=True,
        emails=(f"{name}@acme.example",),
    )
    return known._replace(**changes)


def document(name: str, **attributes: Any) -> bytes:
    """A document as it is stored."""
    return json.dumps({"userName": f"{name}@acme.example", **attributes}).encode()


def call(**changes: Any) -> Call:
    """A creation that succeeded."""
    usual = Call(
        at=1_795_459_680_000_000,
        duration=1500,
        peer="127.0.0.1",
        organization_id=1,
        token_id=1,
        token_label="Okta production",
        method="POST",
        path="/scim/v2/Users",
        query="",
        status=201,
        request_headers=(("Host", "desk.example"), ("Content-Type", "application/scim+json")),
        request_body=b'{"userName": "ann@acme.example"}',
        response_headers=(("Content-Type", "application/scim+json"),),
        response_body=b'{"id": "2819c223"}',
        subject="ann@acme.example",
        resource_id="2819c223",
        remarks=(Remark("attribute-ignored", "displayName is ignored by Blink."),),
    )
    return replace(usual, **changes)
