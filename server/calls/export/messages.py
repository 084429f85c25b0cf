"""The two halves of a call as texts and addresses, which several forms of an export need."""

import json
import re
from contextlib import suppress
from http import HTTPStatus

from server.calls.call import Call, Headers

_HOST = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")


def header(headers: Headers, name: str) -> str:
    """Return the first value of a header, whose name is given in small letters, or ""."""
    return next((value for key, value in headers if key.lower() == name), "")


def target(call: Call) -> str:
    """Return the path and the query."""
    return f"{call.path}?{call.query}" if call.query else call.path


def url(call: Call, base_url: str) -> str:
    """Return the URL that a client asked for, by its Host header, or else by ``base_url``."""
    host = header(call.request_headers, "host")
    if not _HOST.fullmatch(host):
        return base_url.rstrip("/") + target(call)
    secure = header(call.request_headers, "x-forwarded-proto").lower() == "https"
    return f"{'https' if secure else 'http'}://{host}{target(call)}"


def reason(status: int) -> str:
    """Return the phrase of a status ("Not Found"), or ""."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def raw_request(call: Call) -> str:
    """Return the request as it went over the wire, as far as it is text.

    The log does not keep the version of HTTP; it is said to be 1.1.
    """
    return _message(
        f"{call.method} {target(call)} HTTP/1.1", call.request_headers, call.request_body
    )


def raw_response(call: Call) -> str:
    """Return the response as it went over the wire, "" when there was none."""
    if not call.status:
        return ""
    first = f"HTTP/1.1 {call.status} {reason(call.status)}".rstrip()
    return _message(first, call.response_headers, call.response_body)


def raw_both(call: Call) -> str:
    """Return the request and, after an empty line, the response."""
    return "\r\n\r\n".join(filter(None, (raw_request(call).rstrip(), raw_response(call))))


def body_text(body: bytes) -> str:
    """Return a body as text, laid out where it is JSON."""
    text = body.decode(errors="replace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text


def _message(first: str, headers: Headers, body: bytes) -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines) + "\r\n\r\n" + body.decode(errors="replace")
