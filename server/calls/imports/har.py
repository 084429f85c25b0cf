"""Reads an HTTP Archive (HAR 1.2), ours or that of a browser."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from server.calls.call import Call, Headers
from server.calls.export.har import OWN
from server.calls.export.logged import LoggedCall
from server.calls.imports import values
from server.calls.imports.values import ImportFailed, Tell, items, members, text
from server.calls.redaction import Redactor

_SCHEMES = ("http", "https", "ws", "wss")


def import_har(archive: Any, redactor: Redactor, tell: Tell) -> list[LoggedCall]:
    """Return the calls of an archive, which is a JSON value, without secrets.

    Entries that did not go over the network ("data:", "blob:") are left out. Raises
    ``ImportFailed``.
    """
    entries = members(members(archive).get("log")).get("entries")
    if not isinstance(entries, list):
        raise ImportFailed(
            'The file is not an HTTP Archive, since it has no "entries" in a "log": export it '
            "anew as HAR."
        )
    calls = []
    for number, entry in enumerate(entries, 1):
        call = _call(members(entry), number)
        if call is not None:
            own = members(members(entry).get(OWN))
            calls.append((call, text(own.get("mark")), text(own.get("note"))))
    return values.imported(calls, redactor, tell)


def _call(entry: Any, number: int) -> Call | None:
    request, response = members(entry.get("request")), members(entry.get("response"))
    own = members(entry.get(OWN))
    url, method = request.get("url"), request.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        raise ImportFailed(
            f"Entry {number} of the HTTP Archive has no request with a method and a URL, so "
            "nothing was imported: export it anew as HAR."
        )
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme and parts.scheme not in _SCHEMES:
        return None
    content = members(response.get("content"))
    return Call(
        at=_moment(entry, own, number),
        duration=values.microseconds(entry.get("time"), 1000),
        peer=text(own.get("peer")),
        organization_id=None,
        token_id=None,
        token_label=text(own.get("token_label")),
        method=method,
        path=parts.path or ("/" if parts.netloc else ""),
        query=parts.query,
        status=values.status(response.get("status")),
        request_headers=_with_host(_headers(request), parts.netloc.rpartition("@")[2]),
        request_body=_posted(members(request.get("postData"))),
        response_headers=_headers(response),
        response_body=values.decoded(content.get("text"), content.get("encoding")),
        subject=text(own.get("subject")),
        resource_id=text(own.get("resource_id")),
        remarks=values.remarks(own.get("remarks")),
        before=values.encoded(text(own.get("before"))),
        origin_mark=text(own.get("origin_mark")),
    )


def _moment(entry: Any, own: Any, number: int) -> int:
    at = values.moment(own.get("at"), entry.get("startedDateTime"))
    if at is None:
        raise ImportFailed(
            f"Entry {number} of the HTTP Archive does not say when it began, so nothing was "
            "imported: export it anew as HAR."
        )
    return at


def _headers(message: Any) -> Headers:
    listed = (members(header) for header in items(message.get("headers")))
    return values.headers((header.get("name"), header.get("value")) for header in listed)


def _with_host(headers: Headers, host: str) -> Headers:
    """Return headers with that of the host, which HTTP/2 has in its own place."""
    if not host or any(name.lower() == "host" for name, _ in headers):
        return headers
    return (*values.headers([("Host", host)]), *headers)


def _posted(posted: Any) -> bytes:
    if isinstance(posted.get("text"), str) and posted["text"]:
        return values.decoded(posted["text"], posted.get("_encoding") or posted.get("encoding"))
    pairs = [
        (text(members(parameter).get("name")), text(members(parameter).get("value")))
        for parameter in items(posted.get("params"))
    ]
    return urlencode(pairs, errors="replace").encode()
