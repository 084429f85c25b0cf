"""Why a call came out as it did, what Okta shows of it, and the calls that belong to it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QGridLayout, QWidget

from gui.live_log.rows import outcome, status_words
from gui.theme import SPACE, Theme
from gui.times import duration_words
from gui.widgets.boxes import plain, row
from gui.widgets.buttons import ElidedLink, push_button
from gui.widgets.labels import icon_label, label, note, selectable
from server.calls.call import Call
from server.calls.clients import from_okta
from server.calls.diagnosis import Finding, Severity
from server.calls.okta_view import OktaView
from storage.call_details import CallDetails
from storage.calls import CallRow

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


def okta_view_box(theme: Theme, okta: OktaView, call: Call) -> QWidget:
    """Return what Okta's admin sees, or would if Okta had sent the call, and where."""
    sees = "sees" if from_okta(call) else "would see"
    lines: list[QWidget] = [label(f"What Okta's admin {sees}", "caption")]
    if okta.message:
        lines.append(selectable(label(okta.message, wrap=True)))
    where = f"{okta.action}  ·  {okta.screen}"
    lines.append(selectable(label(where, "small", wrap=True)))
    if okta.event:
        lines.append(selectable(label(f"System Log: {okta.event}", "small", wrap=True)))
    return note(theme, "neutral", *lines)


def operation_view(theme: Theme, details: CallDetails, show: Callable[[int], None]) -> QWidget:
    """Return the calls of the operation with the time between them, the open one marked."""
    grid = QGridLayout()
    grid.setContentsMargins(0, SPACE[1], 0, 0)
    grid.setHorizontalSpacing(SPACE[2])
    grid.setVerticalSpacing(SPACE[0])
    grid.setColumnStretch(2, 1)
    grid.addWidget(label("The calls of this operation", "caption"), 0, 0, 1, 4)
    before: CallRow | None = None
    for number, call in enumerate(details.operation[:SHOWN], 1):
        look = outcome(call.status)
        status = icon_label(theme, look.icon, look.color, 16)
        status.setToolTip(status_words(call.status))
        method = label(call.method, "small")
        method.setFont(theme.fixed_font(0.88))
        link = ElidedLink(call.summary or call.path)
        link.setChecked(call.id == details.stored.id)
        link.clicked.connect(partial(show, call.id))
        gap = (
            f"{duration_words(max(call.at - before.at - before.duration, 0))} later, "
            if before
            else ""
        )
        took = label(f"{gap}took {duration_words(call.duration)}", "small")
        for place, widget in enumerate((status, method, link, took)):
            grid.addWidget(widget, number, place)
        before = call
    if (left := len(details.operation) - SHOWN) > 0:
        grid.addWidget(label(f"and {left:,} more", "small"), SHOWN + 1, 2)
    return plain(grid)


def _gap(before: CallRow | None, call: CallRow) -> str:
    """Return how long after the end of the call before one came, "" for the first."""
    if before is None:
        return ""
    return f"{duration_words(max(call.at - before.at - before.duration, 0))} later, "
