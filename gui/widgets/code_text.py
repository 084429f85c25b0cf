"""Text in lines to read, select and copy, coloured where it is looked at."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from gui.theme import Theme
from gui.widgets.slices import Slices
from gui.widgets.units import to_units

COLOURED_CHARACTERS = 20_000
"""Longer lines stay uncoloured: each colour in a line makes every repaint of it slower."""

_STEP_LINES = 100

_KEEP_ANCHOR = QTextCursor.MoveMode.KeepAnchor

Format = QTextLayout.FormatRange


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line or text from ``start`` up to ``end``, and a name of ``Colors``."""

    start: int
    end: int
    color: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a line on a ground of a colour; ``edge`` is its frame, ``wave`` underlines it."""

    start: int
    end: int
    ground: str = ""
    edge: str = ""
    wave: str = ""


class CodeText(QPlainTextEdit):
    """Read-only text in a font of equal widths.

    Long texts arrive in slices. Colours, marks and tints of a line are asked for when it comes into
    sight: a megabyte costs what a screenful does. Lines that are not shown are not in the document
    (Qt lays hidden ones out at every paint): ``rows`` has the numbers of those that are, rising.

    Signals:
        filled: all lines are there.
    """

    filled = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.slices = Slices(self)
        self._look = 1
        self._scale = 1.0
        self.rows: list[int] = [0]
        self._gutter = _Gutter(self)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.set_scale(1.0)
        self.updateRequest.connect(self._move_gutter)
        theme.changed.connect(self.recolour)

    def line_count(self) -> int:
        """Return how many lines the text has; a subclass knows."""
        raise NotImplementedError

    def line_text(self, number: int) -> str:
        """Return a line without its end."""
        raise NotImplementedError

    def line_spans(self, number: int, text: str) -> Iterable[Span]:
        """Return the colours of a line."""
        return ()

    def line_marks(self, number: int, text: str) -> Iterable[Mark]:
        """Return what is marked in a line, the lowest first."""
        return ()

    def line_tint(self, number: int) -> str:
        """Return the colour of the ground of a whole line, or ""."""
        return ""

    def gutter_width(self) -> int:
        """Return how wide the space before the lines is."""
        return 0

    def paint_gutter(self, painter: QPainter, number: int, area: QRect) -> None:
        """Draw what stands before a line."""

    def gutter_pressed(self, number: int, modifiers: Qt.KeyboardModifier) -> None:
        """Answer a click before a line."""

    def fill(self) -> None:
        """Show all lines that there are now, from the top."""
        self.slices.clear()
        count = self.line_count()
        first = min(_STEP_LINES, count)
        self.rows = list(range(first))
        self.setPlainText("\n".join(self.line_text(number) for number in self.rows))
        self._fit_gutter()
        self.slices.add(self._fill_rest(range(first, count)))

    def insert_lines(self, row: int, lines: Sequence[int]) -> Iterator[None]:
        """Put lines below a row, in steps."""
        writer = QTextCursor(self.document())
        for start in range(0, len(lines), _STEP_LINES):
            part = lines[start : start + _STEP_LINES]
            block = self.document().findBlockByNumber(row)
            end = block.position() + block.length() - 1
            cursor = self.textCursor()
            stays = cursor.position() == end and not cursor.hasSelection()
            self.rows[row + 1 : row + 1] = part
            row += len(part)
            writer.setPosition(end)
            writer.insertText("".join(f"\n{self.line_text(number)}" for number in part))
            if stays:
                cursor.setPosition(end)
                self.setTextCursor(cursor)
            yield

    def remove_rows(self, first: int, end: int) -> Iterator[None]:
        """Take rows from ``first`` (not the top one) up to but without ``end`` away, in steps."""
        writer = QTextCursor(self.document())
        while end > first:
            start = max(first, end - 10 * _STEP_LINES)
            before = self.document().findBlockByNumber(start - 1)
            last = self.document().findBlockByNumber(end - 1)
            del self.rows[start:end]
            writer.setPosition(before.position() + before.length() - 1)
            writer.setPosition(last.position() + last.length() - 1, _KEEP_ANCHOR)
            writer.removeSelectedText()
            end = start
            yield

    def number_of(self, block: QTextBlock) -> int:
        """Return the number of the line that a block shows."""
        return self.rows[min(block.blockNumber(), len(self.rows) - 1)]

    def row_of(self, number: int) -> int:
        """Return the row of a line, or of the last one before it that is shown."""
        return max(0, bisect_right(self.rows, number) - 1)

    def set_scale(self, scale: float) -> None:
        """Show the text larger or smaller; 1 is the size of the window's text."""
        self._scale = scale
        self.setFont(self.theme.fixed_font(0.95 * scale))
        self._fit_gutter()

    @property
    def scale(self) -> float:
        """Return how many times larger the text is than the window's."""
        return self._scale

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines, or let them run out to the right."""
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if wrap else mode.NoWrap)

    def go_to(self, number: int, column: int = 0) -> None:
        """Put the cursor into a line and the line into the middle, unless it is in sight."""
        block = self.document().findBlockByNumber(self.row_of(number))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + to_units(block.text(), column))
        self.setTextCursor(cursor)
        if not self.viewport().rect().adjusted(0, 0, 0, -20).contains(self.cursorRect()):
            self.centerCursor()

    def visible_lines(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """Yield the blocks in sight and where each is in the viewport."""
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        bottom = self.viewport().height()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > bottom:
                return
            yield block, area
            block = block.next()

    @Slot()
    def recolour(self) -> None:
        """Draw everything anew: the theme or what the lines say of themselves has changed."""
        self._look += 1
        self._fit_gutter()
        self.viewport().update()
        self._gutter.update()

    def _fill_rest(self, lines: range) -> Iterator[None]:
        yield from self.insert_lines(len(self.rows) - 1, lines)
        self.filled.emit()

    def _colour_visible(self) -> None:
        for block, _area in self.visible_lines():
            if block.userState() == self._look or block.length() > COLOURED_CHARACTERS:
                continue
            text = block.text()
            block.setUserState(self._look)
            spans = self.line_spans(self.number_of(block), text)
            formats = [self._format(text, span) for span in spans]
            if formats or block.layout().formats():
                block.layout().setFormats(formats)
                self.document().markContentsDirty(block.position(), block.length())

    def _format(self, text: str, span: Span) -> Format:
        made = Format()
        made.start = to_units(text, span.start)
        made.length = to_units(text, span.end) - made.start
        look = QTextCharFormat()
        look.setForeground(QColor(self.theme.colors[span.color]))
        made.format = look
        return made

    def _paint_grounds(self) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for block, area in self.visible_lines():
            number = self.number_of(block)
            if tint := self.line_tint(number):
                ground = QRectF(0, area.top(), self.viewport().width(), area.height())
                painter.fillRect(ground, QColor(self.theme.colors[tint]))
            for mark in self.line_marks(number, block.text()):
                self._paint_mark(painter, block, area.topLeft(), mark)
        painter.end()

    def _paint_mark(
        self, painter: QPainter, block: QTextBlock, offset: QPointF, mark: Mark
    ) -> None:
        colors = self.theme.colors
        for part in range_areas(block, offset, mark.start, mark.end):
            painter.setPen(QPen(QColor(colors[mark.edge])) if mark.edge else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors[mark.ground]) if mark.ground else Qt.BrushStyle.NoBrush)
            if mark.ground or mark.edge:
                painter.drawRoundedRect(part.adjusted(-1, 0.5, 1, -0.5), 3, 3)
            if mark.wave:
                painter.setPen(QPen(QColor(colors[mark.wave]), 1.3))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(wave(part))

    def _fit_gutter(self) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        inside = self.viewport().geometry()
        width = self.gutter_width()
        self._gutter.setGeometry(inside.left() - width, inside.top(), width, inside.height())

    @Slot(QRect, int)
    def _move_gutter(self, _area: QRect, _step: int) -> None:
        self._gutter.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._colour_visible()
        self._paint_grounds()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()


class _Gutter(QWidget):
    """The space before the lines; the mouse's way to what keys can do too."""

    def __init__(self, text: CodeText) -> None:
        super().__init__(text)
        self._text = text
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._text.font())
        line = self._text.fontMetrics().lineSpacing()
        for block, area in self._text.visible_lines():
            place = QRect(0, round(area.top()), self.width(), min(line, round(area.height())))
            self._text.paint_gutter(painter, self._text.number_of(block), place)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for block, area in self._text.visible_lines():
            if area.top() <= event.position().y() < area.bottom():
                self._text.gutter_pressed(self._text.number_of(block), event.modifiers())
                return


def range_areas(block: QTextBlock, offset: QPointF, start: int, end: int) -> list[QRectF]:
    """Return where characters of a laid out block are drawn, one area a line on the screen.

    An empty range is given the width of a letter.
    """
    text, layout = block.text(), block.layout()
    first, last = to_units(text, start), to_units(text, end)
    areas = []
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        line_end = line.textStart() + line.textLength()
        left, right = max(first, line.textStart()), min(last, line_end)
        if left > right or (left == right and (first != last or left == line_end != len(text))):
            continue
        x1, x2 = _x(line.cursorToX(left)), _x(line.cursorToX(right))
        area = QRectF(x1, line.y(), max(x2 - x1, line.height() / 2), line.height())
        areas.append(area.translated(offset))
    return areas


def wave(area: QRectF) -> QPainterPath:
    """Return a wavy line along the foot of an area."""
    path = QPainterPath(QPointF(area.left(), area.bottom() - 2))
    x, up = area.left(), True
    while x < area.right():
        x += 2
        path.lineTo(x, area.bottom() - (3.5 if up else 0.5))
        up = not up
    return path


def _x(found: object) -> float:
    # Qt gives the place back along with the distance.
    return float(found[0] if isinstance(found, tuple) else found)  # type: ignore[arg-type]
