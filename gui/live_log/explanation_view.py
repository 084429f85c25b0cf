"""Why a call came out as it did, what Okta shows of it, and the calls that belong to it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from gui.live_log.rows import status_words
from gui.theme import Theme
from gui.times import duration_words
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.labels import label, note, selectable
from server.calls.diagnosis import Finding, Severity
from server.calls.okta_view import OktaView
from storage.call_details import CallDetails

TONES = {Severity.ERROR: "danger", Severity.WARNING: "warning", Severity.NOTE: "accent"}

LINKS = {
    "tokens": "Open Tokens",
    "organization": "Open organization settings",
    "mappings": "Open the mapping",
    "people": "Open People",
    "settings": "Open Settings",
    "log": "Show the calls",
}
"""The words of a link by the part of its key before the colon."""

SHOWN = 12
"""So many calls of an operation are listed."""


def finding_view(theme: Theme, finding: Finding, follow: Callable[[str], None]) -> QWidget:
    """Return what is wrong, the cure, and the way there."""
    lines: list[QWidget] = [selectable(label(finding.sentence, "strong", wrap=True))]
    if finding.cure:
        lines.append(selectable(label(finding.cure, wrap=True)))
    more = push_button(theme, "More about this", kind="link")
    more.clicked.connect(partial(follow, f"help:{finding.rule_id}"))
    ways = [more]
    if words := LINKS.get(finding.link.partition(":")[0]):
        button = push_button(theme, words, kind="link")
        button.clicked.connect(partial(follow, finding.link))
        ways.insert(0, button)
    lines.append(plain(row(*ways, None)))
    return note(theme, TONES[finding.severity], *lines)


def okta_view_box(theme: Theme, okta: OktaView) -> QWidget:
    """Return what Okta's admin sees, and where."""
    lines: list[QWidget] = [label("What Okta's admin sees", "caption")]
    if okta.message:
        lines.append(selectable(label(okta.message, wrap=True)))
    where = f"{okta.action}  ·  {okta.screen}"
    lines.append(selectable(label(where, "small", wrap=True)))
    if okta.event:
        lines.append(selectable(label(f"System Log: {okta.event}", "small", wrap=True)))
    return note(theme, "neutral", *lines)


def operation_view(theme: Theme, details: CallDetails, show: Callable[[int], None]) -> QWidget:
    """Return the calls of the operation, the open one marked."""
    lines: list[QWidget] = [label("The calls of this operation", "caption")]
    for call in details.operation[:SHOWN]:
        words = (
            f"{call.summary}  ·  {status_words(call.status)}  ·  {duration_words(call.duration)}"
        )
        if call.id == details.stored.id:
            lines.append(label(f"▸ {words}", "strong", wrap=True))
            continue
        button = push_button(theme, words, kind="link")
        button.clicked.connect(partial(show, call.id))
        lines.append(plain(row(button, None)))
    if (left := len(details.operation) - SHOWN) > 0:
        lines.append(label(f"and {left:,} more", "small"))
    return plain(column(*lines, spacing=0))
