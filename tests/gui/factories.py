"""Calls for tests."""

from dataclasses import replace
from typing import Any

from server.calls.call import Call

AT = 1_795_448_530_000_000
"""2026-11-23 15:42:10 UTC."""


def call(number: int = 0, **changes: Any) -> Call:
    """Return Okta's creation of a person; ``number`` makes it another one, a second later."""
    name = f"user{number}@acme.example"
    made = Call(
        at=AT + number * 1_000_000,
        duration=4200,
        peer="127.0.0.1",
        organization_id=None,
        token_id=None,
        token_label="Okta production",
        method="POST",
        path="/scim/v2/Users",
        query="",
        status=201,
        request_headers=(("User-Agent", "Okta SCIM Client 1.0.0"),),
        request_body=b'{"userName":"%s","active":true}' % name.encode(),
        response_headers=(("Content-Type", "application/scim+json"),),
        response_body=b'{"id":"%d","userName":"%s"}' % (number, name.encode()),
        subject=name,
    )
    return replace(made, **changes)
