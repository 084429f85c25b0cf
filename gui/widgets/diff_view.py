"""Two documents side by side, with what differs marked line by line and word by word."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame

from gui.jobs import Job, Jobs, Progress
from gui.theme import Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import tool_button
from gui.widgets.code_text import CodeText, Mark, Span
from gui.widgets.comparison import (
    MOST_LINES,
    Comparison,
    Half,
    Kind,
    Row,
    compare,
    without_comma,
)
from gui.widgets.json_layout import Shown, json_bytes, shown_json, shown_text
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.syntax import coloured

AT_ONCE = 16 * 1024
"""Bytes of both texts that are compared in the Qt thread; more goes to a job."""

NOTHING = Comparison()

_LOOKS: dict[Kind, tuple[str, str, str]] = {
    "same": ("", "", ""),
    "changed": ("warning_tint", "≠", "warning"),
    "added": ("success_tint", "+", "success"),
    "removed": ("danger_tint", "−", "danger"),
}
"""Per kind: the ground of the line, the sign before it, and the sign's colour."""


class DiffView(QFrame):
    """Compares two texts; equal lines stand beside each other.

    Keys: n and N go to the next and the previous difference.

    Signals:
        compared: the texts that were given last are there.
    """

    compared = Signal()

    def __init__(
        self, theme: Theme, jobs: Jobs, left: str = "Before", right: str = "After"
    ) -> None:
        """``left`` and ``right`` are the titles of the two sides."""
        super().__init__()
        self._jobs = jobs
        self._job: Job[tuple[Comparison, bool]] | None = None
        self.comparison = NOTHING
        self.current = -1
        self._filling = 0
        self.setProperty("kind", "plain")
        self.left = _Side(theme, left, lambda row: row.left)
        self.right = _Side(theme, right, lambda row: row.right)
        self.left_title = ElidedLabel(left, "caption")
        self.right_title = ElidedLabel(right, "caption")
        self.count = label("", "small")
        self.previous_button = tool_button(
            theme, "Previous difference", "chevron-up", "Previous difference (N)", self.previous
        )
        self.next_button = tool_button(
            theme, "Next difference", "chevron-down", "Next difference (n)", self.next
        )
        head = row(self.count, None, self.previous_button, self.next_button, spacing=1)
        sides = row(spacing=2)
        for title, side in ((self.left_title, self.left), (self.right_title, self.right)):
            holder = column(title, spacing=1)
            holder.addWidget(side, 1)
            sides.addWidget(plain(holder), 1)
            side.stepped.connect(self._step)
            side.filled.connect(self._note_filled)
        layout = column(plain(head), spacing=1)
        layout.addLayout(sides, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.right)
        for one, other in ((self.left, self.right), (self.right, self.left)):
            one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
            one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)
        self._show_count()

    def set_titles(self, left: str, right: str) -> None:
        """Name the two sides anew."""
        for title, side, words in (
            (self.left_title, self.left, left),
            (self.right_title, self.right, right),
        ):
            title.setText(words)
            side.setAccessibleName(words)

    def set_json(self, left: bytes | object, right: bytes | object) -> None:
        """Compare two bodies or JSON values; what is not JSON is compared as text.

        Raises ``TypeError`` for a value that JSON has no form for.
        """
        one, other = (
            each if isinstance(each, bytes) else json_bytes(each) for each in (left, right)
        )
        self._start(lambda: (shown_json(one, None), shown_json(other, None)), len(one) + len(other))

    def set_text(self, left: str, right: str) -> None:
        """Compare two texts."""
        size = len(left) + len(right)
        self._start(lambda: (shown_text(left, limit=None), shown_text(right, limit=None)), size)

    @Slot()
    def next(self) -> None:
        """Go to the next difference; behind the last comes the first."""
        self._step(1)

    @Slot()
    def previous(self) -> None:
        """Go to the difference before; before the first comes the last."""
        self._step(-1)

    def _start(self, read: Callable[[], tuple[Shown, Shown]], size: int) -> None:
        if self._job:
            self._job.cancel()
            self._job = None
        if size <= AT_ONCE:
            self._take(_compared(*read()))
            return

        def work(_progress: Progress) -> tuple[Comparison, bool]:
            return _compared(*read())

        self.count.setText("Comparing…")
        self._job = self._jobs.run("", work, self._take)

    def _take(self, found: tuple[Comparison, bool]) -> None:
        self._job = None
        self.comparison, json = found
        self.current = -1
        self._filling = 2
        self._show_count()
        for side in (self.left, self.right):
            side.show_side(self.comparison, "json" if json else "text")
        self.compared.emit()

    @Slot()
    def _note_filled(self) -> None:
        self._filling -= 1
        if not self._filling:
            self._step(1)

    @Slot(int)
    def _step(self, by: int) -> None:
        count = len(self.comparison.differences)
        if not count:
            return
        self.current = (self.current + by) % count if self.current >= 0 else (0 if by > 0 else -1)
        self.current %= count
        first, end = self.comparison.differences[self.current]
        for side in (self.left, self.right):
            side.current = range(first, end)
            side.go_to(first)
            side.recolour()
        self._show_count()

    def _show_count(self) -> None:
        count = len(self.comparison.differences)
        for button in (self.previous_button, self.next_button):
            button.setEnabled(bool(count))
        if not count:
            words = "No difference"
        elif self.current < 0:
            words = f"{count:,} difference{'' if count == 1 else 's'}"
        else:
            words = f"Difference {self.current + 1:,} of {count:,}"
        if self.comparison.cut:
            words += f" in the first {MOST_LINES:,} lines"
        self.count.setText(words)


class _Side(CodeText):
    """One of the two texts, with gaps where the other one has more.

    Signals:
        stepped: the person wants to go to another difference, on or back.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme, name: str, half: Callable[[Row], Half]) -> None:
        self._half = half
        self._syntax = "text"
        self._comparison = NOTHING
        self.current = range(0)
        super().__init__(theme, name)
        self.set_wrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def show_side(self, comparison: Comparison, syntax: str) -> None:
        """Show this side of a comparison."""
        self._comparison, self._syntax = comparison, syntax
        self.current = range(0)
        self.fill()

    def line_count(self) -> int:
        return len(self._comparison.rows)

    def line_text(self, number: int) -> str:
        return self._half(self._comparison.rows[number]).text

    def line_spans(self, number: int, text: str) -> Iterable[Span]:
        return (Span(start, end, color) for start, end, color in coloured(self._syntax, text))

    def line_marks(self, number: int, text: str) -> Iterable[Mark]:
        if number < len(self._comparison.rows):
            for start, end in self._half(self._comparison.rows[number]).parts:
                yield Mark(start, end, "surface", "warning")

    def line_tint(self, number: int) -> str:
        if number >= len(self._comparison.rows):
            return ""
        found = self._comparison.rows[number]
        return "hover" if self._half(found).number is None else _LOOKS[found.kind][0]

    def gutter_width(self) -> int:
        digits = len(str(max(1, self.line_count())))
        return self.fontMetrics().horizontalAdvance("0") * (digits + 2) + 14

    def paint_gutter(self, painter: QPainter, number: int, area: QRect) -> None:
        if number >= len(self._comparison.rows):
            return
        colors = self.theme.colors
        found = self._comparison.rows[number]
        half = self._half(found)
        if number in self.current:
            painter.fillRect(0, area.top(), 3, area.height(), QColor(colors.accent))
        if half.number is None:
            return
        place = area.adjusted(0, 0, -6, 0)
        _tint, sign, color = _LOOKS[found.kind]
        if sign:
            painter.setPen(QColor(colors[color]))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, sign)
        painter.setPen(QColor(colors.faint))
        place.adjust(0, 0, -self.fontMetrics().horizontalAdvance("00"), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(half.number + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("n", "N"):
            self.stepped.emit(1 if event.text() == "n" else -1)
        else:
            super().keyPressEvent(event)


def _compared(left: Shown, right: Shown) -> tuple[Comparison, bool]:
    json = left.syntax == right.syntax == "json"
    key = without_comma if json else str
    return compare(left.text.split("\n"), right.text.split("\n"), key), json
