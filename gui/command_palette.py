"""The command palette: everything that can be done, found by typing a few letters of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.labels import icon_label, label

ROW_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be done: words, where it belongs, its shortcut, and how."""

    text: str
    place: str
    icon: str
    shortcut: str
    run: Callable[[], None]


def ranked(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Return the entries that have all typed words, the best first.

    A word at the beginning of a word of the entry counts more than one in its middle; letters in
    order with gaps between them ("gt" for "Generate token") count least.
    """
    words = typed.casefold().split()
    scored = []
    for number, entry in enumerate(entries):
        scores = [_score(entry, word) for word in words]
        if all(scores):
            scored.append((-sum(scores), number, entry))
    return [entry for _score_, _number, entry in sorted(scored, key=lambda each: each[:2])]


def _score(entry: Entry, word: str) -> int:
    text = entry.text.casefold()
    if text.startswith(word):
        return 5
    if any(part.startswith(word) for part in text.split()):
        return 4
    if word in text:
        return 3
    if word in entry.place.casefold():
        return 2
    letters = iter(text)
    return int(all(letter in letters for letter in word))


class CommandPalette(QDialog):
    """A line and a list at the top of the window; Enter runs, Esc closes."""

    def __init__(self, theme: Theme, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries = entries
        self._shown: list[Entry] = []
        self.setWindowTitle("Commands")
        self.setProperty("kind", "palette")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(560)
        self.line = QLineEdit()
        self.line.setProperty("kind", "palette")
        self.line.setPlaceholderText("What do you want to do?")
        self.line.setAccessibleName("Command")
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.clicked.connect(self._run_index)
        self.list.setFixedHeight(ROW_HEIGHT * 9)
        self.nothing = label("Nothing has these letters", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setFixedHeight(ROW_HEIGHT * 2)
        self.setLayout(column(self.line, self.list, self.nothing, spacing=0, margins=(1, 1, 1, 2)))
        self._search("")

    @Slot(str)
    def _search(self, typed: str) -> None:
        self._shown = ranked(self._entries, typed)
        self.list.clear()
        for entry in self._shown:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.text}, {entry.place}")
            item.setSizeHint(
                self.list.sizeHint().scaled(1, ROW_HEIGHT, Qt.AspectRatioMode.IgnoreAspectRatio)
            )
            self.list.addItem(item)
            parts = row(
                icon_label(self._theme, entry.icon, "muted"),
                label(entry.text),
                label(entry.place, "small"),
                None,
                label(entry.shortcut, "small"),
                spacing=3,
                margins=(3, 0, 4, 0),
            )
            self.list.setItemWidget(item, plain(parts))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._shown))
        self.nothing.setVisible(not self._shown)
        self.adjustSize()

    @Slot(QModelIndex)
    def _run_index(self, index: QModelIndex) -> None:
        self._run(index.row())

    def _run(self, number: int) -> None:
        if 0 <= number < len(self._shown):
            entry = self._shown[number]
            self.accept()
            entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        steps = {
            int(Qt.Key.Key_Down): 1,
            int(Qt.Key.Key_Up): -1,
            int(Qt.Key.Key_PageDown): 8,
            int(Qt.Key.Key_PageUp): -8,
        }
        if step := steps.get(event.key()):
            last = self.list.count() - 1
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentRow())
            return True
        return super().eventFilter(watched, event)
