"""Makes calls from the little that a test says."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from server.calls.call import Call

OKTA = ("User-Agent", "Okta SCIM Client 1.0.0")


@pytest.fixture
def call() -> Callable[..., Call]:
    def make(
        method: str = "GET",
        target: str = "/scim/v2/Users",
        request: Any = b"",
        status: int = 200,
        response: Any = b"",
        headers: tuple[tuple[str, str], ...] = (OKTA,),
        token_id: int | None = 1,
        **fields: Any,
    ) -> Call:
        path, _, query = target.partition("?")
        return Call(
            at=1_795_461_874_486_319,
            duration=1500,
            peer="203.0.113.7",
            organization_id=token_id,
            token_id=token_id,
            token_label="Okta",
            method=method,
            path=path,
            query=query,
            status=status,
            request_headers=headers,
            request_body=request if isinstance(request, bytes) else orjson.dumps(request),
            response_headers=(),
            response_body=response if isinstance(response, bytes) else orjson.dumps(response),
            **fields,
        )

    return make
