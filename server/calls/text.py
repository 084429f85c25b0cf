"""A call as text and as a JSON value, for a terminal."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from server.calls.call import Call, Headers


def moment_text(microseconds: int) -> str:
    """Return a time of the log (``Call.at``) as text, in UTC with milliseconds."""
    moment = datetime.fromtimestamp(microseconds / 1e6, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def call_text(call: Call, summary: str) -> str:
    """Return a call whole: what happened, the remarks, request and response."""
    query = f"?{call.query}" if call.query else ""
    return "\n".join(
        [
            summary,
            f"{moment_text(call.at)}  {call.duration / 1000:.1f} ms  {call.peer}",
            *(f"* {remark.text}" for remark in call.remarks),
            "",
            f"{call.method} {call.path}{query}",
            *_message(call.request_headers, call.request_body),
            "",
            str(call.status or "The client was gone before an answer."),
            *_message(call.response_headers, call.response_body),
        ]
    )


def call_value(call: Call) -> dict[str, Any]:
    """Return a call as a JSON value, its bodies as text."""
    return asdict(call) | {
        "at": moment_text(call.at),
        "request_body": call.request_body.decode(errors="replace"),
        "response_body": call.response_body.decode(errors="replace"),
    }


def header_lines(headers: Headers) -> str:
    """Return headers in their order and letter case, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in headers)


def _message(headers: Headers, body: bytes) -> list[str]:
    """Return headers and a body as lines, pretty where it is JSON."""
    lines = header_lines(headers)
    text = body.decode(errors="replace")
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return [lines, "", text] if text else [lines]
