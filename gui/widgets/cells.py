"""What a cell of a table shows, and how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStaticText, QTransform
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gui.theme import Colors, Theme

PAD = 10
"""Blank space at both sides of a cell."""

CELL_ROLE = int(Qt.ItemDataRole.UserRole)
"""The role under which a model gives the ``Cell`` that a delegate draws."""


KEPT_TEXTS = 2_000
"""How many texts stay laid out: those of some screenfuls."""

FIXED_SIZE = 0.94
"""The size of text in equal widths, beside the other text of a row."""

_SELECTED = QStyle.StateFlag.State_Selected.value


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows: text, and how. ``color`` and ``icon_color`` are names of ``Colors``."""

    text: str
    icon: str = ""
    icon_color: str = "muted"
    color: str = "text"
    fixed: bool = False
    strong: bool = False
    right: bool = False
    badge: str = ""
    """A tone: the text stands on a tinted ground."""


class CellDelegate(QStyledItemDelegate):
    """Draws a ``Cell`` itself, and keeps what is the same from one repaint to the next.

    To lay a text out and cut it to its width takes longer than all else that a cell needs, and
    while one scrolls or new rows arrive nearly all texts were on the screen before: with colours,
    fonts and texts kept, a repaint takes less than half of the time.
    """

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(table)
        self._theme = theme
        self._table = table
        self._colors: Colors | None = None
        self._inks: Mapping[str, QColor] = {}
        self._font_key = ""
        self._fonts: Mapping[tuple[bool, bool], QFont] = {}
        self._texts: dict[tuple[str, bool, bool, int], tuple[QStaticText, int, int]] = {}
        self._hovered_row = -1
        self.begin_painting()

    def begin_painting(self) -> None:
        """See which row is under the mouse, and whether theme or font changed; once a repaint."""
        if self._colors is not self._theme.colors:
            self._colors = colors = self._theme.colors
            self._inks = {each.name: QColor(colors[each.name]) for each in fields(colors)}
        font = self._table.font()
        if self._font_key != (key := font.key()):
            self._font_key = key
            self._fonts = self._faces(font)
            self._texts.clear()
        viewport = self._table.viewport()
        self._hovered_row = -1
        if viewport is not None and viewport.underMouse():
            place = viewport.mapFromGlobal(viewport.cursor().pos())
            self._hovered_row = self._table.rowAt(place.y())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        area: QRect = option.rect
        if option.state.value & _SELECTED:
            painter.fillRect(area, self._inks["accent_tint"])
        elif index.row() == self._hovered_row:
            painter.fillRect(area, self._inks["hover"])
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, self._inks["border"])
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell):
            self._paint_cell(painter, area.adjusted(PAD, 0, -PAD, 0), cell)

    def _paint_cell(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        if cell.icon:
            scale = painter.device().devicePixelRatio()
            pixmap = self._theme.icons.pixmap(cell.icon, cell.icon_color, 16, scale)
            painter.drawPixmap(area.left(), area.center().y() - 7, pixmap)
            area = area.adjusted(16 + 8, 0, 0, 0)
        if not cell.text:
            return
        face = cell.fixed, cell.strong or bool(cell.badge)
        painter.setFont(self._fonts[face])
        color = cell.color
        if cell.badge:
            width = QFontMetrics(self._fonts[face]).horizontalAdvance(cell.text)
            area = self._paint_badge(painter, area, cell, width)
            color = "muted" if cell.badge == "neutral" else cell.badge
        text, width, height = self._text(cell.text, *face, area.width())
        painter.setPen(self._inks[color])
        left = area.left() + (area.width() - width if cell.right else 0)
        painter.drawStaticText(left, area.top() + (area.height() - height) // 2, text)

    def _paint_badge(self, painter: QPainter, area: QRect, cell: Cell, text_width: int) -> QRect:
        tint = "hover" if cell.badge == "neutral" else f"{cell.badge}_tint"
        width = min(text_width + 22, area.width())
        ground = QRect(area.left(), area.center().y() - 10, width, 22)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks[tint])
        painter.drawRoundedRect(ground, 11, 11)
        # The lines between the rows stay sharp.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return ground.adjusted(10, 0, -8, 0)

    def _text(
        self, text: str, fixed: bool, strong: bool, room: int
    ) -> tuple[QStaticText, int, int]:
        """Return a text in one line, cut to ``room``, with its width and height."""
        key = text, fixed, strong, room
        if (kept := self._texts.get(key)) is None:
            if len(self._texts) >= KEPT_TEXTS:
                self._texts.clear()
            font = self._fonts[fixed, strong]
            elide = Qt.TextElideMode.ElideRight
            shown = QStaticText(
                QFontMetrics(font).elidedText(" ".join(text.split("\n")), elide, room)
            )
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.prepare(QTransform(), font)
            size = shown.size().toSize()
            kept = self._texts[key] = shown, size.width(), size.height()
        return kept

    def _faces(self, font: QFont) -> Mapping[tuple[bool, bool], QFont]:
        """Return the fonts by whether their widths are equal and whether they are strong."""
        faces = {}
        for fixed in (False, True):
            for strong in (False, True):
                face = self._theme.fixed_font() if fixed else QFont(font)
                face.setPointSizeF(font.pointSizeF() * (FIXED_SIZE if fixed else 1))
                if strong:
                    face.setWeight(QFont.Weight.DemiBold)
                faces[fixed, strong] = face
        return faces

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(60, 36)
