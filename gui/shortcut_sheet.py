"""All shortcuts on one sheet, made from the registry of actions."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.actions import ActionSpec
from gui.theme import SPACE, Theme
from gui.widgets.boxes import plain, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import badge, label

IN_TABLES = (
    ("Enter", "Open the chosen row"),
    ("Esc", "Close the open call, empty the filter"),
    ("Home, End", "First and last row"),
    ("Del", "Mappings: unmap the chosen attribute"),
    ("j, k", "Live log: next and previous call"),
    ("/", "Live log: filter"),
    ("c", "Live log: copy the chosen calls as cURL"),
    ("r, e", "Live log: replay, edit and replay"),
    ("m, n", "Live log: mark, note"),
    ("d, s", "Live log: compare, story of the user"),
    ("?", "Live log: this sheet"),
)
"""Keys that are no actions because the tables themselves know them."""


class ShortcutSheet(Dialog):
    """A list of keys and what they do, under the headings of the menu."""

    def __init__(self, theme: Theme, parent: QWidget, specs: Sequence[ActionSpec]) -> None:
        super().__init__(theme, parent, "Keyboard shortcuts")
        self.setMinimumWidth(520)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE[5])
        grid.setVerticalSpacing(SPACE[2])
        grid.setContentsMargins(0, 0, SPACE[3], 0)
        grid.setColumnStretch(0, 1)
        headings: dict[str, list[tuple[str, str]]] = {}
        for spec in specs:
            if spec.shortcut:
                keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
                headings.setdefault(spec.menu, []).append((keys, spec.text.rstrip("…")))
        headings["In tables"] = list(IN_TABLES)
        line = 0
        for heading, keys_and_words in headings.items():
            grid.addWidget(label(heading, "caption"), line, 0)
            for number, (keys, words) in enumerate(keys_and_words, line + 1):
                grid.addWidget(label(words), number, 0)
                grid.addWidget(badge(keys), number, 1, Qt.AlignmentFlag.AlignRight)
            line += len(keys_and_words) + 1
        area = scrolled(plain(grid))
        area.setMinimumHeight(420)
        self.add(area)
        close = push_button(theme, "Close", kind="primary", clicked=self.accept)
        self.end_with(close)
