"""A call as text and as a JSON value, for a terminal."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from server.calls.call import Call, Headers
from server.calls.changes import Changes
from server.calls.clients import from_okta
from server.calls.diagnosis import Finding
from server.calls.okta_view import OktaView


def moment_text(microseconds: int) -> str:
    """Return a time of the log (``Call.at``) as text, in UTC with milliseconds."""
    moment = datetime.fromtimestamp(microseconds / 1e6, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def call_text(
    call: Call,
    summary: str,
    findings: Sequence[Finding] = (),
    okta: OktaView | None = None,
    changes: Changes | None = None,
) -> str:
    """Return a call whole: what happened and why, what changed, request and response.

    What a client sent cannot steer the terminal: characters that do not print are "?".
    """
    query = f"?{call.query}" if call.query else ""
    lines = [
        summary,
        f"{moment_text(call.at)}  {call.duration / 1000:.1f} ms  {call.peer}",
        *(f"* {remark.text}" for remark in call.remarks),
        *_explained(call, findings, okta, changes),
        "",
        f"{call.method} {call.path}{query}",
        *_message(call.request_headers, call.request_body),
        "",
        str(call.status or "The client was gone before an answer."),
        *_message(call.response_headers, call.response_body),
    ]
    return printable("\n".join(lines))


def printable(text: str) -> str:
    """Return text of a client that a terminal shows and does not obey."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def call_value(call: Call) -> dict[str, Any]:
    """Return a call as a JSON value, its bodies as text."""
    value = asdict(call) | {"at": moment_text(call.at)}
    for name in ("request_body", "response_body", "before"):
        value[name] = value[name].decode(errors="replace")
    return value


def header_lines(headers: Headers) -> str:
    """Return headers in their order and letter case, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in headers)


def explanation_value(
    findings: Sequence[Finding], okta: OktaView | None, changes: Changes
) -> dict[str, Any]:
    """Return why a call came out as it did and what it changed, as a JSON value."""
    return {
        "findings": [asdict(each) | {"severity": each.severity.value} for each in findings],
        "okta": asdict(okta) if okta else None,
        "changes": asdict(changes),
    }


def _message(headers: Headers, body: bytes) -> list[str]:
    """Return headers and a body as lines, pretty where it is JSON."""
    lines = header_lines(headers)
    text = body.decode(errors="replace")
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return [lines, "", text] if text else [lines]


def _explained(
    call: Call, findings: Sequence[Finding], okta: OktaView | None, changes: Changes | None
) -> Iterator[str]:
    for finding in findings:
        yield from (
            "",
            f"{finding.severity.name.capitalize()} ({finding.rule_id}): {finding.sentence}",
        )
        if finding.cure:
            yield f"  {finding.cure}"
    if okta and okta.message:
        sees = "sees" if from_okta(call) else "would see"
        yield from ("", f"What Okta's admin {sees}:", f"  {okta.message}")
        yield f"  {okta.screen}. System Log: {okta.event}"
    if changes and changes.attributes:
        yield from ("", f"What was {changes.kind}:")
        for change in changes.attributes:
            yield f"  {change.path}: {change.note or _change(change.before, change.after)}"


def _change(before: Any, after: Any) -> str:
    if before is None:
        return _value(after)
    return f"{_value(before)} -> {_value(after) if after is not None else '(none)'}"


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
