"""Reads JSON Lines, as ``export.json_lines`` writes them."""

from typing import Any

import orjson

from server.calls.call import Call, Headers
from server.calls.export.json_lines import ENCODED
from server.calls.export.logged import LoggedCall
from server.calls.imports import values
from server.calls.imports.values import ImportFailed, Tell, items, text
from server.calls.redaction import Redactor


def import_json_lines(data: bytes, redactor: Redactor, tell: Tell) -> list[LoggedCall]:
    """Return the calls of a file without secrets; raises ``ImportFailed``."""
    calls = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            value = None
        if not isinstance(value, dict) or not _is_call(value):
            raise ImportFailed(
                f"Line {number} of the file is not a call, so nothing was imported: choose a HAR "
                "or JSON Lines file that Blink SCIM Desk or a browser exported."
            )
        calls.append((_call(value, number), text(value.get("mark")), text(value.get("note"))))
    return values.imported(calls, redactor, tell)


def _is_call(value: Any) -> bool:
    return all(isinstance(value.get(name), str) for name in ("method", "path", "query"))


def _call(value: Any, number: int) -> Call:
    return Call(
        at=_moment(value, number),
        duration=values.microseconds(value.get("duration"), 1),
        peer=text(value.get("peer")),
        organization_id=None,
        token_id=None,
        token_label=text(value.get("token_label")),
        method=value["method"],
        path=value["path"],
        query=value["query"],
        status=values.status(value.get("status")),
        request_headers=_headers(value.get("request_headers")),
        request_body=_body(value, "request_body"),
        response_headers=_headers(value.get("response_headers")),
        response_body=_body(value, "response_body"),
        subject=text(value.get("subject")),
        resource_id=text(value.get("resource_id")),
        remarks=values.remarks(value.get("remarks")),
        before=_body(value, "before"),
        origin_mark=text(value.get("origin_mark")),
    )


def _moment(value: Any, number: int) -> int:
    at = values.moment(value.get("at_microseconds"), value.get("at"))
    if at is None:
        raise ImportFailed(
            f"Line {number} of the file does not say when the call came, so nothing was imported: "
            "export it anew."
        )
    return at


def _headers(value: Any) -> Headers:
    pairs = (pair for pair in items(value) if isinstance(pair, list) and len(pair) == 2)
    return values.headers(pairs)


def _body(value: Any, name: str) -> bytes:
    coded = value.get(name + ENCODED)
    return values.decoded(coded, "base64") if coded else values.encoded(text(value.get(name)))
