"""The lines of a ``Shown``: coloured, foldable, with what was searched for marked."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)

from gui.theme import Theme
from gui.widgets.code_text import CodeText, Mark, Span
from gui.widgets.json_layout import Shown, shown_text
from gui.widgets.syntax import coloured
from gui.widgets.text_search import Matches, find
from gui.widgets.units import from_units

_ARROW = 14
_STEP_BLOCKS = 100


class JsonText(CodeText):
    """Shows a ``Shown``.

    Keys: n and N go to the next and the previous match, - and + fold and unfold at the cursor.
    Ctrl with a click on a triangle folds everything inside as well.

    Signals:
        matches_changed: other places match, or another match is the current one.
        line_changed: the cursor came to another line, with its number.
    """

    matches_changed = Signal()
    line_changed = Signal(int)

    def __init__(self, theme: Theme, name: str) -> None:
        self.shown = shown_text("")
        self.matches = Matches()
        self.current = 0
        self.folded: set[int] = set()
        self._highlights: list[Matches] = []
        self._numbers = False
        self._line = 0
        self._target: tuple[int, int] | None = None
        super().__init__(theme, name)
        self.cursorPositionChanged.connect(self._note_line)

    def show_lines(self, shown: Shown, highlights: Sequence[str] = ()) -> None:
        """Show another text; ``highlights`` are marked wherever they are in it."""
        self.shown = shown
        self.folded.clear()
        self._target = None
        self._highlights = [find(shown.text, text) for text in highlights if text]
        self.matches, self.current = Matches(), 0
        self.fill()
        self._line = 0
        self.line_changed.emit(0)
        self.matches_changed.emit()
        first = [found.places[0] for found in self._highlights if found.places]
        if shown.error_at is not None:
            self._show_offset(shown.error_at)
        elif first:
            self._show_offset(min(first))

    def set_line_numbers(self, shown: bool) -> None:
        """Number the lines or not."""
        self._numbers = shown
        self.recolour()

    @property
    def line_numbers(self) -> bool:
        """Say whether the lines are numbered."""
        return self._numbers

    @property
    def line(self) -> int:
        """Return the number of the line that the cursor is in, from 0."""
        return self._line

    def search(self, text: str) -> None:
        """Mark all places of a text and go to the first one from the cursor on."""
        self.matches = find(self.shown.text, text)
        self.current = self.matches.at_or_after(self.shown.starts[self._line])
        if self.matches.places:
            self._show_match()
        self.viewport().update()
        self.matches_changed.emit()

    @Slot()
    def next_match(self) -> None:
        """Go to the next match; behind the last comes the first."""
        self._step(1)

    @Slot()
    def previous_match(self) -> None:
        """Go to the match before; before the first comes the last."""
        self._step(-1)

    def fold(self, number: int, folded: bool, *, inside: bool = False) -> None:
        """Fold or unfold what a line opens, and with ``inside`` everything in it as well."""
        if self.shown.opens(number):
            end = self.shown.ends[number]
            self.slices.add(self._fold(range(number, end if inside else number + 1), end, folded))

    @Slot()
    def fold_all(self) -> None:
        """Fold everything but the outermost."""
        last = self.shown.line_count - 1
        self.slices.add(self._fold(range(1, last), last, True))

    @Slot()
    def unfold_all(self) -> None:
        """Unfold everything."""
        last = self.shown.line_count - 1
        self.slices.add(self._fold(range(last), last, False))

    def foldable_at(self, number: int) -> int | None:
        """Return the line that opens what a line is in or begins, or None."""
        if self.shown.opens(number):
            return number
        return next(iter(self.shown.enclosing(number)), None)

    def line_count(self) -> int:
        return self.shown.line_count

    def line_text(self, number: int) -> str:
        return self.shown.line(number)

    def line_spans(self, number: int, text: str) -> Iterable[Span]:
        syntax = "json" if self.shown.error_at is not None else self.shown.syntax
        return (Span(start, end, color) for start, end, color in coloured(syntax, text))

    def line_marks(self, number: int, text: str) -> Iterable[Mark]:
        start = self.shown.starts[number]
        end = start + len(text)
        for highlight in self._highlights:
            for _which, offset in highlight.within(start, end):
                column = offset - start
                yield Mark(column, column + highlight.length, "success_tint", "success")
        for which, offset in self.matches.within(start, end):
            column = offset - start
            edge = "warning" if which == self.current else ""
            yield Mark(column, column + self.matches.length, "warning_tint", edge)
        error_at = self.shown.error_at
        if error_at is not None and start <= error_at <= end:
            column = error_at - start
            yield Mark(column, column + 1, "danger_tint", wave="danger")

    def gutter_width(self) -> int:
        foldable = _ARROW + 4 if self.shown.syntax == "json" else 0
        if not self._numbers:
            return foldable
        digits = len(str(self.shown.line_count))
        return foldable + self.fontMetrics().horizontalAdvance("0") * digits + 10

    def paint_gutter(self, painter: QPainter, number: int, area: QRect) -> None:
        colors = self.theme.colors
        if self._numbers:
            foldable = _ARROW + 4 if self.shown.syntax == "json" else 0
            painter.setPen(QColor(colors.faint))
            place = area.adjusted(0, 0, -foldable - 6, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(number + 1))
        if self.shown.opens(number):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.muted))
            middle = QPointF(area.right() - _ARROW / 2 - 3, area.center().y() + 0.5)
            painter.drawPolygon(_arrow(middle, number in self.folded))

    def gutter_pressed(self, number: int, modifiers: Qt.KeyboardModifier) -> None:
        inside = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self.fold(number, number not in self.folded, inside=inside)

    def _fold(self, lines: range, last: int, folded: bool) -> Iterator[None]:
        """Fold or unfold what these lines open, and show what is to be seen up to ``last``."""
        opening = [line for line in lines if self.shown.opens(line)]
        if folded:
            self.folded.update(opening)
        else:
            self.folded.difference_update(opening)
        yield
        if not any(line in self.folded for line in self.shown.enclosing(lines.start)):
            yield from self._show_again(lines.start, last)

    def _show_again(self, first: int, last: int) -> Iterator[None]:
        """Show what is to be seen behind ``first``, which is shown itself, up to ``last``."""
        at = self._line
        row = self.row_of(first)
        wanted = self._wanted(first, last)
        yield
        if wanted != self.rows[row + 1 : self.row_of(last) + 1]:
            yield from self.remove_rows(row + 1, self.row_of(last) + 1)
            yield from self.insert_lines(row, wanted)
        if at != self._line:
            self.go_to(at)
        self.recolour()

    def _wanted(self, first: int, last: int) -> list[int]:
        wanted, number = [], first
        while number < last:
            number = self.shown.ends[number] + 1 if number in self.folded else number + 1
            if number <= last:
                wanted.append(number)
        return wanted

    def _offset(self, position: int) -> int:
        """Return the offset in the whole text of a position in the document."""
        block = self.document().findBlock(position)
        column = from_units(block.text(), position - block.position())
        return self.shown.starts[self.number_of(block)] + column

    def _step(self, by: int) -> None:
        if self.matches.places:
            self.current = (self.current + by) % len(self.matches.places)
            self._show_match()
            self.matches_changed.emit()

    def _show_match(self) -> None:
        self._show_offset(self.matches.places[self.current])

    def _show_offset(self, offset: int) -> None:
        """Bring a place into sight as soon as its line is there, and unfold what hides it."""
        self._target = self.shown.place(offset)
        self.slices.add(self._reach_target())

    def _reach_target(self) -> Iterator[None]:
        if self._target is None:
            return
        (number, column), self._target = self._target, None
        hiding = [line for line in self.shown.enclosing(number) if line in self.folded]
        if hiding:
            self.folded.difference_update(hiding)
            yield from self._show_again(hiding[-1], self.shown.ends[hiding[-1]])
        self.go_to(number, column)
        self.viewport().update()

    @Slot()
    def _note_line(self) -> None:
        number = self.number_of(self.textCursor().block())
        if number != self._line:
            self._line = number
            self.line_changed.emit(number)

    def _paint_folded(self) -> None:
        """Say behind each folded line that something is hidden there."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        colors = self.theme.colors
        for block, area in self.visible_lines():
            number = self.number_of(block)
            if number not in self.folded:
                continue
            last = block.layout().lineAt(block.layout().lineCount() - 1)
            words = f"… {self.shown.line(self.shown.ends[number]).strip()}"
            left = area.left() + last.x() + last.naturalTextWidth() + 5
            width = painter.fontMetrics().horizontalAdvance(words) + 10
            place = QRectF(left, area.top() + last.y() + 1, width, last.height() - 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent_tint))
            painter.drawRoundedRect(place, 4, 4)
            painter.setPen(QColor(colors.accent))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.folded:
            self._paint_folded()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Take along what is folded inside the selection."""
        cursor = self.textCursor()
        start = self._offset(cursor.selectionStart())
        end = self._offset(cursor.selectionEnd())
        line, column = self.shown.place(end)
        if line in self.folded and column == len(self.shown.line(line)):
            last = self.shown.ends[line]
            end = self.shown.starts[last] + len(self.shown.line(last))
        data = QMimeData()
        data.setText(self.shown.text[start:end])
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = self.foldable_at(self._line)
        match event.text():
            case "n":
                self.next_match()
            case "N":
                self.previous_match()
            case "-" | "+" if number is not None and not _with_control(event):
                self.fold(number, event.text() == "-")
            case _:
                super().keyPressEvent(event)


def _with_control(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _arrow(middle: QPointF, folded: bool) -> QPolygonF:
    """Return a triangle to the right for what is folded, downwards for what is not."""
    corners = ((-2.5, -4.5), (-2.5, 4.5), (3, 0)) if folded else ((-4.5, -2.5), (4.5, -2.5), (0, 3))
    return QPolygonF([middle + QPointF(x, y) for x, y in corners])
