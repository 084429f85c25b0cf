"""Calls over time as bars, with the failures in them, and a range to be chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import Theme
from gui.times import from_microseconds

PAD = 6
AXIS_GAP = 4
DRAG_PIXELS = 4
"""A mouse that moves less while it is pressed clicks one bar."""

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Series:
    """Calls by interval: interval n is ``start + n * width`` (microseconds) and ``width`` long.

    ``failures`` are among the ``calls``; both are equally long.
    """

    start: int
    width: int
    calls: Sequence[int]
    failures: Sequence[int]

    @property
    def end(self) -> int:
        """Return the moment at which the last interval ends."""
        return self.start + self.width * len(self.calls)

    def moment(self, bar: int) -> int:
        """Return when an interval begins."""
        return self.start + self.width * bar


NO_CALLS = Series(0, 1, (), ())


class Timeline(QWidget):
    """Shows a ``Series``.

    The mouse drags over a range or clicks one bar; Left, Right, Home and End move, with Shift they
    choose a range, Enter or Space chooses the bar, Esc clears. With ``small`` it is a sparkline:
    no axis, nothing to choose, no keyboard.

    Signals:
        range_chosen: from a moment up to another one, in microseconds since the epoch.
        range_cleared: no range is chosen any more.
    """

    # 64 bits; an int of Qt has 32.
    range_chosen = Signal(object, object)
    range_cleared = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        small: bool = False,
        local: Callable[[int], datetime] = from_microseconds,
    ) -> None:
        """``local`` gives microseconds since the epoch in the time zone of the labels."""
        super().__init__()
        self._theme = theme
        self._name = name
        self._small = small
        self._local = local
        self.series = NO_CALLS
        self.filled = False
        """Whether a series was given; before, nobody knows whether there are calls."""
        self.chosen: tuple[int, int] | None = None
        self._cursor = -1
        self._anchor: int | None = None
        self._pressed: QPoint | None = None
        self._hovered = -1
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if not small:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)
        self._describe()

    def set_series(self, series: Series) -> None:
        """Show other numbers; a chosen range stays chosen."""
        grown = series.start - self.series.start
        self.series = series
        self.filled = True
        if self._cursor >= 0 and grown:
            self._cursor = -1
        self._cursor = min(self._cursor, len(series.calls) - 1)
        self._describe()
        self.update()

    def choose(self, start: int, end: int) -> None:
        """Show a range as chosen, without a signal."""
        self.chosen = (start, end)
        self._describe()
        self.update()

    @Slot()
    def clear(self) -> None:
        """Choose nothing any more; tells so if something was chosen."""
        self._anchor = None
        if self.chosen is not None:
            self.chosen = None
            self.range_cleared.emit()
        self._describe()
        self.update()

    def words(self, bar: int) -> str:
        """Return what an interval says: "14:05–14:10: 120 calls, 3 failures"."""
        series = self.series
        calls, failures = series.calls[bar], series.failures[bar]
        from_words, to_words = self._span_words(series.moment(bar), series.moment(bar + 1))
        failed = f", {_counted(failures, 'failure')}" if failures else ""
        return f"{from_words} – {to_words}: {_counted(calls, 'call')}{failed}"

    def _span_words(self, start: int, end: int) -> tuple[str, str]:
        first, last = self._local(start), self._local(end)
        clock = "%H:%M" if self.series.width % 60_000_000 == 0 else "%H:%M:%S"
        if self.series.width < 1_000_000:
            return f"{first:%H:%M:%S.%f}"[:-3], f"{last:%H:%M:%S.%f}"[:-3]
        long = self.series.end - self.series.start > _DAY or first.date() != last.date()
        day = f"{first.day} {first:%b} " if long else ""
        other_day = f"{last.day} {last:%b} " if first.date() != last.date() else ""
        return f"{day}{first:{clock}}", f"{other_day}{last:{clock}}"

    def _describe(self) -> None:
        calls, failures = sum(self.series.calls), sum(self.series.failures)
        if not calls:
            self.setAccessibleDescription("No calls" if self.filled else "")
            return
        most = max(range(len(self.series.calls)), key=self.series.calls.__getitem__)
        start, end = self._span_words(self.series.start, self.series.end)
        parts = [
            f"{_counted(calls, 'call')}, {_counted(failures, 'failure')} from {start} to {end}",
            f"most in {self.words(most)}",
        ]
        if self._cursor >= 0:
            parts.insert(0, self.words(self._cursor))
        if self.chosen:
            start, end = self._span_words(*self.chosen)
            parts.insert(0, f"chosen {start} to {end}")
        self.setAccessibleDescription("; ".join(parts))

    def _plot(self) -> QRectF:
        """Return where the bars are."""
        if self._small:
            return QRectF(self.rect()).adjusted(0, 1, 0, -1)
        axis = self._axis_metrics_height() + AXIS_GAP
        return QRectF(self.rect()).adjusted(PAD, PAD, -PAD, -axis - 2)

    def _axis_metrics_height(self) -> int:
        return round(self.fontMetrics().height() * 0.9)

    def _bar_at(self, x: float) -> int:
        plot, number = self._plot(), len(self.series.calls)
        if not number or plot.width() <= 0:
            return -1
        return min(max(int((x - plot.left()) * number / plot.width()), 0), number - 1)

    def _x(self, moment: int) -> float:
        plot, series = self._plot(), self.series
        share = (moment - series.start) / max(1, series.end - series.start)
        return plot.left() + min(max(share, 0.0), 1.0) * plot.width()

    def _choose_bars(self, one: int, other: int) -> None:
        first, last = min(one, other), max(one, other)
        chosen = (self.series.moment(first), self.series.moment(last + 1))
        if chosen != self.chosen:
            self.chosen = chosen
            self.range_chosen.emit(*chosen)
        self._describe()
        self.update()

    def _paint_chosen(self, painter: QPainter, plot: QRectF) -> None:
        if self._pressed is not None and self._anchor is not None:
            first, last = sorted((self._anchor, self._cursor))
            chosen = (self.series.moment(first), self.series.moment(last + 1))
        elif self.chosen:
            chosen = self.chosen
        else:
            return
        colors = self._theme.colors
        left, right = self._x(chosen[0]), self._x(chosen[1])
        area = QRectF(left, plot.top() - 3, max(2.0, right - left), plot.height() + 3)
        painter.fillRect(area, QColor(colors.accent_tint))
        painter.setPen(QPen(QColor(colors.accent), 1))
        for x in (area.left(), area.right()):
            painter.drawLine(QPoint(round(x), round(area.top())), _at(x, area.bottom()))

    def _paint_bars(self, painter: QPainter, plot: QRectF) -> None:
        colors, series = self._theme.colors, self.series
        most = max(series.calls)
        step = plot.width() / len(series.calls)
        gap = 1.0 if step >= 3 else 0.0
        for number, calls in enumerate(series.calls):
            if not calls:
                continue
            left = plot.left() + number * step
            height = max(2.0, calls / most * plot.height())
            bar = QRectF(left, plot.bottom() - height, max(1.0, step - gap), height)
            strong = number in (self._hovered, self._cursor if self.hasFocus() else -1)
            painter.fillRect(bar, QColor(colors.accent_hover if strong else colors.accent))
            if failures := series.failures[number]:
                # At the foot and hatched, so that they differ by more than their colour.
                part = max(3.0, failures / most * plot.height())
                failed = QRectF(left, plot.bottom() - part, bar.width(), part)
                painter.fillRect(failed, QColor(colors.danger))
                hatching = QBrush(QColor(colors.surface), Qt.BrushStyle.BDiagPattern)
                painter.fillRect(failed, hatching)

    def _paint_axis(self, painter: QPainter, plot: QRectF) -> None:
        colors, series = self._theme.colors, self.series
        painter.setPen(QColor(colors.border_strong))
        painter.drawLine(_at(plot.left(), plot.bottom() + 1), _at(plot.right(), plot.bottom() + 1))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        start, end = self._span_words(series.start, series.end)
        area = QRectF(plot.left(), plot.bottom() + AXIS_GAP, plot.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, start)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, end)
        middle = self._span_words((series.start + series.end) // 2, series.end)[0]
        most = f"{middle}  ·  up to {_counted(max(series.calls, default=0), 'call')}"
        painter.drawText(area, Qt.AlignmentFlag.AlignHCenter, most)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(200, 2 * line if self._small else 4 * line + PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        painter = QPainter(self)
        plot = self._plot()
        if sum(self.series.calls):
            self._paint_chosen(painter, plot)
            self._paint_bars(painter, plot)
            if not self._small:
                self._paint_axis(painter, plot)
        elif self.filled and not self._small:
            painter.setPen(QColor(colors.faint))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No calls in this time")
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._small or event.button() != Qt.MouseButton.LeftButton or not self.series.calls:
            super().mousePressEvent(event)
            return
        self._pressed = event.position().toPoint()
        self._cursor = self._anchor = self._bar_at(event.position().x())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._bar_at(event.position().x())
        if self._pressed is not None:
            self._cursor = self._hovered
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._anchor is None:
            super().mouseReleaseEvent(event)
            return
        moved = abs(event.position().x() - self._pressed.x()) >= DRAG_PIXELS
        anchor, self._pressed = self._anchor, None
        self._choose_bars(anchor, self._bar_at(event.position().x()) if moved else anchor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.clear()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.series.calls) - 1
        places = {
            int(Qt.Key.Key_Left): max(self._cursor - 1, 0) if self._cursor >= 0 else last,
            int(Qt.Key.Key_Right): min(self._cursor + 1, last),
            int(Qt.Key.Key_Home): 0,
            int(Qt.Key.Key_End): last,
        }
        place = places.get(event.key())
        choosing = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if place is not None and last >= 0:
            self._go_to(place, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif choosing and self._cursor >= 0:
            self._choose_bars(self._cursor, self._cursor)
        elif event.key() == Qt.Key.Key_Escape and self.chosen:
            self.clear()
        else:
            super().keyPressEvent(event)

    def _go_to(self, bar: int, choosing: bool) -> None:
        if choosing and self._anchor is None:
            self._anchor = max(self._cursor, 0)
        self._cursor = bar
        if choosing and self._anchor is not None:
            self._choose_bars(self._anchor, bar)
        else:
            self._anchor = None
            self._describe()
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self._bar_at(event.pos().x())
            if bar >= 0:
                QToolTip.showText(event.globalPos(), self.words(bar), self)
            return True
        return super().event(event)


def _at(x: float, y: float) -> QPoint:
    return QPoint(round(x), round(y))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
