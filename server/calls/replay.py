"""Sends the request of a call again, as it was or edited, to our own server."""

from dataclasses import dataclass

import httpx
import orjson

from server.calls.call import Call, Headers
from server.calls.clients import ORIGIN_HEADER
from server.calls.redaction import REDACTED

_MARK = "Replay"
_TIMEOUT = 60.0
"""Seconds; Okta waits as long."""

_MADE_ANEW = frozenset(
    (
        "host",
        "content-length",
        "authorization",
        "cookie",
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
        ORIGIN_HEADER.lower(),
    )
)
"""Headers of one connection (RFC 9110 7.6.1), of the client's secrets, and those that follow."""


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """A request to send: what a person edits.

    ``target`` is the path with the query. ``has_placeholders`` says that the log replaced secrets
    in it, so that the server sees "[redacted]" in their place.
    """

    method: str
    target: str
    headers: Headers
    body: bytes

    @property
    def has_placeholders(self) -> bool:
        """Say whether something in the request was taken out by the log."""
        placeholder = REDACTED.encode()
        return (
            REDACTED in self.target
            or any(REDACTED in value for _, value in self.headers)
            or placeholder in self.body
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came back: a status and a sentence, or status 0 and what went wrong."""

    status: int
    sentence: str


def replay_request(call: Call) -> ReplayRequest:
    """Return the request of a call, without the headers that are made anew for every connection."""
    return ReplayRequest(
        method=call.method,
        target=f"{call.path}?{call.query}" if call.query else call.path,
        headers=tuple((n, v) for n, v in call.request_headers if n.lower() not in _MADE_ANEW),
        body=call.request_body,
    )


def replay(request: ReplayRequest, base_url: str, token: str) -> Replayed:
    """Send a request to the server at ``base_url`` ("http://127.0.0.1:8765") and wait for it.

    It bears the token and is marked as a replay, so that the log shows which calls are. Not for
    Qt's thread: it takes as long as the answer does, a minute at most. Raises nothing.
    """
    if not request.method.isascii():
        return Replayed(0, _UNFIT)
    headers = [(n, v) for n, v in request.headers if n.lower() not in _MADE_ANEW]
    headers += [("Authorization", f"Bearer {token}"), (ORIGIN_HEADER, _MARK)]
    try:
        made = httpx.Request(
            request.method,
            base_url,
            headers=[(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers],
            content=request.body or None,
            extensions={"target": request.target.encode("latin-1")},
        )
    except (ValueError, httpx.InvalidURL):
        return Replayed(0, _UNFIT)
    made.extensions["timeout"] = httpx.Timeout(_TIMEOUT).as_dict()
    try:
        with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
            response = client.send(made)
    except httpx.LocalProtocolError:
        return Replayed(0, _UNFIT)
    except httpx.TimeoutException:
        return Replayed(
            0, f"The server did not answer within {_TIMEOUT:.0f} seconds: look for it in the log."
        )
    except httpx.HTTPError:
        return Replayed(
            0, f"The server at {base_url} cannot be reached: start it, then replay the call again."
        )
    return Replayed(response.status_code, _sentence(response))


_UNFIT = (
    "The request cannot be sent as it is: look for line breaks, blanks and letters that HTTP does "
    "not allow in its method, path and headers."
)


def _sentence(response: httpx.Response) -> str:
    answered = f"Answered {response.status_code} {response.reason_phrase}".rstrip()
    try:
        error = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        error = None
    detail = error.get("detail") if isinstance(error, dict) else None
    return f"{answered}: {detail}" if isinstance(detail, str) and detail else f"{answered}."
