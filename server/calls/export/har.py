"""Calls as an HTTP Archive (HAR 1.2), which browsers and other tools for HTTP read."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson

from server.calls.call import Call, Headers
from server.calls.export.logged import Logged
from server.calls.export.messages import header, reason, url
from server.calls.text import moment_text

OWN = "_blinkScimDesk"
"""The member of an entry for what HAR has no place for; custom names begin with an underscore."""

_HTTP = "HTTP/1.1"
_UNKNOWN = -1


def har(calls: Iterable[Logged], base_url: str) -> Iterator[bytes]:
    """Yield a HAR file in pieces, one for each call.

    ``base_url`` is the URL up to the path, for calls without a Host header. Bodies that are not
    UTF-8 are in base64; for that of a request HAR has no member, so it is ``_encoding``.
    """
    yield (
        b'{"log":{"version":"1.2","creator":{"name":"Blink SCIM Desk","version":"0.1.0"},'
        b'"pages":[],"entries":['
    )
    separator = b"\n"
    for logged in calls:
        yield separator + orjson.dumps(_entry(logged, base_url))
        separator = b",\n"
    yield b"\n]}}\n"


def _entry(logged: Logged, base_url: str) -> dict[str, Any]:
    call = logged.call
    duration = call.duration / 1000
    return {
        "startedDateTime": moment_text(call.at),
        "time": duration,
        "request": _request(call, base_url),
        "response": _response(call),
        "cache": {},
        "timings": {"send": 0, "wait": duration, "receive": 0},
        "comment": logged.summary,
        OWN: {
            "id": logged.id,
            "at": call.at,
            "operation": logged.operation,
            "peer": call.peer,
            "token_label": call.token_label,
            "subject": call.subject,
            "resource_id": call.resource_id,
            "remarks": [remark._asdict() for remark in call.remarks],
            "before": call.before.decode(errors="replace"),
            "origin_mark": call.origin_mark,
            "mark": logged.mark,
            "note": logged.note,
        },
    }


def _request(call: Call, base_url: str) -> dict[str, Any]:
    request = {
        "method": call.method,
        "url": url(call, base_url),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _headers(call.request_headers),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(call.query, keep_blank_values=True, errors="replace")
        ],
        "headersSize": _UNKNOWN,
        "bodySize": len(call.request_body),
    }
    if call.request_body:
        text, encoding = _text(call.request_body)
        request["postData"] = {
            "mimeType": header(call.request_headers, "content-type"),
            "params": [],
            "text": text,
        } | ({"_encoding": encoding} if encoding else {})
    return request


def _response(call: Call) -> dict[str, Any]:
    text, encoding = _text(call.response_body)
    content = {
        "size": len(call.response_body),
        "mimeType": header(call.response_headers, "content-type"),
        "text": text,
    }
    return {
        "status": call.status,
        "statusText": reason(call.status),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _headers(call.response_headers),
        "content": content | ({"encoding": encoding} if encoding else {}),
        "redirectURL": header(call.response_headers, "location")
        if 300 <= call.status < 400
        else "",
        "headersSize": _UNKNOWN,
        "bodySize": len(call.response_body),
    }


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _text(body: bytes) -> tuple[str, str]:
    """Return a body as text, and the encoding ("" or "base64") that it has there."""
    try:
        return body.decode(), ""
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
