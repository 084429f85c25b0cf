"""A call as Markdown, for a ticket."""

import re

from server.calls.advice import advice
from server.calls.call import Headers
from server.calls.clients import origin
from server.calls.export.logged import Logged
from server.calls.export.messages import body_text, reason, target
from server.calls.text import moment_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_FENCE = re.compile(r"`{3,}")


def as_markdown(logged: Logged) -> str:
    """Return what happened, why it failed, and both messages in fenced blocks."""
    call = logged.call
    status = f"{call.status} {reason(call.status)}".rstrip() if call.status else "no answer"
    facts = [
        ("Time", moment_text(call.at)),
        ("Request", f"{call.method} {target(call)}"),
        ("Answer", f"{status}, after {call.duration / 1000:.1f} ms"),
        ("Client", f"{origin(call)} at {call.peer}"),
        ("Resource", " ".join(filter(None, (call.subject, call.resource_id)))),
        ("Token", call.token_label),
        ("Note", logged.note),
    ]
    parts = [f"### {_text(logged.summary or target(call))}"]
    parts.append(
        "\n".join(
            ["| | |", "| --- | --- |", *(f"| {name} | {_text(v)} |" for name, v in facts if v)]
        )
    )
    parts += [_text(paragraph) for paragraph in advice(call)]
    if call.remarks:
        parts.append("\n".join(f"- {_text(remark.text)}" for remark in call.remarks))
    parts += ["**Request**", _fenced(call.request_headers, call.request_body)]
    if call.status:
        parts += ["**Response**", _fenced(call.response_headers, call.response_body)]
    return "\n\n".join(parts) + "\n"


def _text(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _fenced(headers: Headers, body: bytes) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in headers)
    content = "\n\n".join(filter(None, (lines, body_text(body)))) or "(nothing)"
    longest = max(map(len, _FENCE.findall(content)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}http\n{content}\n{fence}"
