"""Two calls side by side: only what differs."""

from typing import Any

import orjson
from PySide6.QtWidgets import QWidget

from gui.live_log.changes_view import changes_view
from gui.theme import Theme
from gui.times import duration_words, from_microseconds, full_words
from gui.widgets.boxes import column, plain, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label, selectable
from server.calls.call import Headers
from server.calls.changes import Changes
from server.calls.differences import AttributeChange, differences
from storage.calls import StoredCall


class CompareDialog(Dialog):
    """Says what the later call has else than the earlier one."""

    def __init__(
        self, theme: Theme, parent: QWidget, earlier: StoredCall, later: StoredCall
    ) -> None:
        super().__init__(theme, parent, "Comparing two calls", "Earlier  →  later")
        self.setMinimumWidth(820)
        one, two = earlier.call, later.call
        for name, stored in (("Earlier", earlier), ("Later", later)):
            at = full_words(from_microseconds(stored.call.at))
            self.add(selectable(label(f"{name}: {stored.summary}  ·  {at}", wrap=True)))
        parts = {
            "Call": differences(_facts(earlier), _facts(later)),
            "Request body": differences(_document(one.request_body), _document(two.request_body)),
            "Response body": differences(
                _document(one.response_body), _document(two.response_body)
            ),
            "Request headers": differences(
                _headers(one.request_headers), _headers(two.request_headers)
            ),
        }
        self.differences = {name: tuple(found) for name, found in parts.items()}
        inside = column(spacing=3, margins=(0, 0, 3, 0))
        for name, found in self.differences.items():
            inside.addWidget(_part(theme, name, found))
        inside.addStretch(1)
        area = scrolled(plain(inside))
        area.setMinimumHeight(380)
        self.add(area)
        self.end_with(push_button(theme, "Close", kind="primary", clicked=self.accept))


def _part(theme: Theme, name: str, found: tuple[AttributeChange, ...]) -> QWidget:
    if not found:
        return label(f"{name}: no difference", "small")
    return plain(column(label(name, "strong"), changes_view(theme, Changes("updated", found), "")))


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
