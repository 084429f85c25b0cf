"""What a call changed, attribute by attribute."""

from collections.abc import Mapping

import orjson
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.theme import SPACE, Theme
from gui.widgets.boxes import plain
from gui.widgets.labels import ElidedLabel, icon_label, label, selectable
from server.calls.changes import Changes

HEADINGS: Mapping[str, str] = {
    "created": "What was created",
    "linked": "What linking changed",
    "updated": "What changed",
    "unchanged": "Nothing changed: all values were there before",
    "deleted": "What was deleted",
    "refused": "Nothing changed: the request was refused",
}

SHOWN = 40
"""More attributes than this are counted only."""

LONGEST = 200
"""So many characters of a value are shown."""


def changes_view(theme: Theme, changes: Changes, heading: str | None = None) -> QWidget:
    """Return rows of attribute, value before and value after, under a heading.

    ``heading`` None is that of the kind of change, "" is none.
    """
    grid = QGridLayout()
    grid.setContentsMargins(0, SPACE[1], 0, 0)
    grid.setHorizontalSpacing(SPACE[3])
    grid.setVerticalSpacing(SPACE[1])
    grid.setColumnStretch(1, 2)
    grid.setColumnStretch(2, 3)
    if words := HEADINGS[changes.kind] if heading is None else heading:
        grid.addWidget(label(words, "caption"), 0, 0, 1, 3)
    for number, change in enumerate(changes.attributes[:SHOWN], 1):
        if change.before is None:
            icon, color, words, spoken = "plus", "success", _value(change.after), "added"
        elif change.after is None:
            icon, color, words, spoken = "minus", "danger", _value(change.before), "removed"
        else:
            icon, color, spoken = "pencil", "warning", "changed"
            words = f"{_value(change.before)}  →  {_value(change.after)}"
        mark = icon_label(theme, icon, color, 14)
        path = ElidedLabel(_short(change.path), "small", Qt.TextElideMode.ElideMiddle)
        path.setToolTip(change.path)
        path.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        path.setFont(theme.fixed_font(0.88))
        value = selectable(label(words, wrap=True))
        value.setAccessibleName(f"{change.path} {spoken}: {words}")
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(mark, number, 0, top)
        grid.addWidget(path, number, 1, top)
        grid.addWidget(value, number, 2, top)
    if (left := len(changes.attributes) - SHOWN) > 0:
        grid.addWidget(label(f"and {left:,} more", "small"), SHOWN + 1, 1, 1, 2)
    return plain(grid)


def _short(path: str) -> str:
    """Return a path without the URN of its extension, which is as wide as the pane."""
    return path.rpartition(":")[2] if path.lower().startswith("urn:") else path


def _value(value: object) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text or "“”"
