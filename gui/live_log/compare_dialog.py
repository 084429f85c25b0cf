"""Two calls side by side: what differs in short, and both of their messages whole."""

from typing import Any

import orjson
from PySide6.QtWidgets import QWidget

from gui.jobs import Jobs
from gui.live_log.changes_view import changes_view
from gui.theme import Theme
from gui.times import duration_words, from_microseconds, full_words
from gui.widgets.boxes import column, plain, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.diff_view import DiffView
from gui.widgets.labels import label, selectable
from gui.widgets.tabs import Tabs
from server.calls.call import Call, Headers
from server.calls.changes import Changes
from server.calls.differences import AttributeChange, differences
from server.calls.text import header_lines
from storage.calls import StoredCall


class CompareDialog(Dialog):
    """Says what the later call has else than the earlier one.

    It opens at the first of both bodies that differs.
    """

    def __init__(
        self, theme: Theme, jobs: Jobs, parent: QWidget, earlier: StoredCall, later: StoredCall
    ) -> None:
        super().__init__(theme, parent, "Comparing two calls")
        for name, stored in (("Earlier", earlier), ("Later", later)):
            at = full_words(from_microseconds(stored.call.at))
            self.add(selectable(label(f"{name}: {stored.summary}  ·  {at}", wrap=True)))
        self.differences = _differences(earlier, later)
        one, two = earlier.call, later.call
        self.request, self.response, self.headers = (
            DiffView(theme, jobs, f"Earlier {words}", f"Later {words}")
            for words in ("request", "response", "headers")
        )
        self.request.set_json(one.request_body, two.request_body)
        self.response.set_json(one.response_body, two.response_body)
        self.headers.set_text(_header_text(one), _header_text(two))
        self.tabs = Tabs(
            theme,
            "Comparison",
            (
                ("Request", self.request),
                ("Response", self.response),
                ("Headers", self.headers),
                ("In short", _in_short(theme, self.differences)),
            ),
        )
        if one.request_body == two.request_body and one.response_body != two.response_body:
            self.tabs.choose(1)
        self.add(self.tabs)
        self.read_wide()
        self.end_with(push_button(theme, "Close", kind="primary", clicked=self.accept))


def _differences(earlier: StoredCall, later: StoredCall) -> dict[str, tuple[AttributeChange, ...]]:
    one, two = earlier.call, later.call
    parts = {
        "Call": differences(_facts(earlier), _facts(later)),
        "Request body": differences(_document(one.request_body), _document(two.request_body)),
        "Response body": differences(_document(one.response_body), _document(two.response_body)),
        "Request headers": differences(
            _headers(one.request_headers), _headers(two.request_headers)
        ),
    }
    return {name: tuple(found) for name, found in parts.items()}


def _in_short(theme: Theme, parts: dict[str, tuple[AttributeChange, ...]]) -> QWidget:
    inside = column(spacing=3, margins=(0, 0, 3, 0))
    for name, found in parts.items():
        inside.addWidget(_part(theme, name, found))
    inside.addStretch(1)
    return scrolled(plain(inside))


def _part(theme: Theme, name: str, found: tuple[AttributeChange, ...]) -> QWidget:
    if not found:
        return label(f"{name}: no difference", "small")
    return plain(column(label(name, "strong"), changes_view(theme, Changes("updated", found), "")))


def _header_text(call: Call) -> str:
    target = f"{call.path}?{call.query}" if call.query else call.path
    return "\n".join(
        (
            f"{call.method} {target}",
            header_lines(call.request_headers),
            "",
            f"Status: {call.status or 'no answer'}",
            header_lines(call.response_headers),
        )
    )


def _facts(stored: StoredCall) -> dict[str, Any]:
    call = stored.call
    return {
        "method": call.method,
        "path": call.path,
        "query": call.query,
        "status": call.status or "no answer",
        "duration": duration_words(call.duration),
        "token": call.token_label,
        "from": call.peer,
        "client": stored.client,
    }


def _headers(headers: Headers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _document(body: bytes) -> dict[str, Any]:
    """Return a body's members; what is no object is one member."""
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = body.decode("utf-8", "replace")
    return value if isinstance(value, dict) else {"body": value}
