"""Okta's table "Attribute Mappings", with the value for one person beside each mapping."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QTableView

from gui.mappings.trial import Trial
from gui.theme import Theme
from gui.widgets.cells import Cell, CellDelegate
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table
from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.preview import value_text
from server.okta.mapping.rows import MappingRow, MappingSet, UsernameFormat, ValueKind

COLUMNS = (
    Column("attribute", "Attribute", 150),
    Column("type", "Attribute type", 110, priority=2),
    Column("value", "Value", 128, stretch=True),
    Column("apply", "Apply on", 142, priority=1),
    Column(
        "preview", "Preview", 128, stretch=True, hint="The value for the person who is chosen above"
    ),
    Column("edit", "Edit", 36),
    Column("unmap", "Unmap", 36),
)
VALUE, APPLY = 2, 3
EDIT, UNMAP = 5, 6
"""The columns of the pencil and the cross."""

PREVIEW = 4
ROW_HEIGHT = 48


@dataclass(frozen=True, slots=True)
class TwoLines(Cell):
    """A text over a smaller one."""

    below: str = ""


@dataclass(frozen=True, slots=True)
class Button(Cell):
    """An icon to click; the text is for the tooltip and for screen readers."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table; ``trial`` is that of the chosen person."""

    attribute: AppAttribute
    row: MappingRow | None
    username: UsernameFormat | None
    trial: Trial | None
    warned: bool

    @property
    def mapped(self) -> bool:
        """Whether it is not "Not mapped"."""
        return self.row is not None or self.username is not None


def shown_rows(
    mappings: MappingSet,
    trial: Trial | None,
    warned: Collection[str],
    kept: Collection[str],
    *,
    unmapped: bool,
) -> list[ShownRow]:
    """Return the rows in Okta's order.

    Optional unmapped ones are left out unless ``unmapped``, but for the variables that are
    ``kept``: what was just unmapped reads "Not mapped" first.
    """
    rows = []
    for attribute, row in mappings.in_okta_order():
        username = mappings.username if attribute.variable == USER_NAME else None
        if row or username or attribute.required or unmapped or attribute.variable in kept:
            own = None if username else row
            rows.append(ShownRow(attribute, own, username, trial, attribute.variable in warned))
    return rows


def row_cells(shown: ShownRow, *, folded: bool = False) -> Sequence[Cell]:
    """Return a row as cells; ``folded``: there is no room for a column "Apply on"."""
    attribute, row = shown.attribute, shown.row
    title = attribute.title
    needed = " · required" if attribute.required else ""
    return (
        TwoLines(
            title,
            icon="alert" if shown.warned else "",
            icon_color="warning",
            strong=True,
            below=f"{attribute.variable}{needed}",
        ),
        Cell(attribute.attribute_type, color="muted"),
        _mapping_cell(shown, folded=folded),
        Cell(row.apply_on.value if row else "", color="muted"),
        preview_cell(attribute, shown.trial, mapped=shown.mapped),
        Button(f"Set the format of {title}" if shown.username else f"Edit {title}", icon="pencil"),
        Button(f"Unmap {title}", icon="close") if row else Cell(""),
    )


def preview_cell(attribute: AppAttribute, trial: Trial | None, *, mapped: bool) -> Cell:
    """Return a person's value as Okta's preview tells it: green, red, or blank."""
    if trial is None:
        return Cell("")
    problem = trial.problems.get(attribute.variable)
    if problem is not None:
        told = f"{problem.text}. {problem.cure}" if problem.cure else problem.text
        return Cell(told, icon="x-circle", icon_color="danger", color="danger")
    if not mapped:
        return Cell("")
    value = trial.values.get(attribute.variable)
    color = "muted" if value is None else "text"
    return Cell(value_text(value), icon="check-circle", icon_color="success", color=color)


def _mapping_cell(shown: ShownRow, *, folded: bool) -> Cell:
    attribute, row = shown.attribute, shown.row
    if shown.username:
        kind = shown.username.kind.value
        return TwoLines("Configured in Sign On settings", below=kind)
    if row is None:
        if attribute.required:
            return Cell("Not mapped", icon="alert", icon_color="danger", color="danger")
        return Cell("Not mapped", color="faint")
    fixed = row.kind is not ValueKind.SAME
    if folded:
        return TwoLines(row.shown, fixed=fixed, below=row.apply_on.value)
    return Cell(row.shown, fixed=fixed)


class MappingsModel(RowsModel[ShownRow]):
    """The rows; the head of the preview is the person's name."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, self._row_cells)
        self._person = ""
        self._folded = False

    def set_person(self, name: str) -> None:
        """Say whose values are previewed."""
        if name != self._person:
            self._person = name
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, PREVIEW, PREVIEW)

    def fold(self, folded: bool) -> None:
        """Say whether "Apply on" stands below the value, for want of a column."""
        if folded != self._folded:
            self._folded = folded
            self.update_rows(self.rows)

    def show_rows(self, rows: Sequence[ShownRow]) -> None:
        """Show rows; those that stay keep their place."""
        if _variables(rows) == _variables(self.rows):
            self.update_rows(rows)
        else:
            self.set_rows(rows)

    def number_of(self, variable: str) -> int | None:
        """Return the row of a variable."""
        variables = _variables(self.rows)
        return variables.index(variable) if variable in variables else None

    def _row_cells(self, shown: ShownRow) -> Sequence[Cell]:
        return row_cells(shown, folded=self._folded)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            if section in (EDIT, UNMAP):
                return ""
            if section == PREVIEW and self._person:
                return f"Value for {self._person}"
        return super().headerData(section, orientation, role)


class MappingsTable(Table):
    """The table with its pencil and cross; Enter and Delete do the same for the chosen row.

    Signals:
        edit_asked, unmap_asked: for the row of this number.
    """

    edit_asked = Signal(int)
    unmap_asked = Signal(int)

    def __init__(self, theme: Theme, model: MappingsModel) -> None:
        super().__init__(theme, "Attribute mappings", COLUMNS)
        self._rows = model
        self.setModel(model)
        self.horizontalHeader().setMinimumSectionSize(36)
        self.horizontalHeader().setSectionsMovable(False)
        model.modelReset.connect(self._span)
        self.setItemDelegate(MappingDelegate(theme, self))
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.clicked.connect(self._click)
        self.row_opened.connect(self.edit_asked)

    def chosen(self) -> ShownRow | None:
        """Return the selected row."""
        rows = self.selectionModel().selectedRows()
        return self._rows.row(rows[0].row()) if rows else None

    def fit_columns(self) -> None:
        super().fit_columns()
        self._rows.fold(self.isColumnHidden(APPLY))

    @Slot()
    def _span(self) -> None:
        """Let Okta's words on the username run into the empty cell beside them."""
        self.clearSpans()
        for number, shown in enumerate(self._rows.rows):
            if shown.username:
                self.setSpan(number, VALUE, 1, APPLY - VALUE + 1)

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if index.column() == EDIT:
            self.edit_asked.emit(index.row())
        elif index.column() == UNMAP and self._rows.row(index.row()).row:
            self.unmap_asked.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        button = index.isValid() and isinstance(self._rows.cell(index), Button)
        shape = Qt.CursorShape.PointingHandCursor if button else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() in (EDIT, UNMAP):
            return  # the two clicks were one each
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() == Qt.Key.Key_Delete and row >= 0 and self._rows.row(row).row:
            self.unmap_asked.emit(row)
            return
        super().keyPressEvent(event)


class MappingDelegate(CellDelegate):
    """Draws cells of two lines and buttons, too."""

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(theme, table)
        self._view = table
        self._look = theme

    def _paint_cell(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        if isinstance(cell, Button):
            scale = painter.device().devicePixelRatio()
            pixmap = self._look.icons.pixmap(cell.icon, "muted", 16, scale)
            painter.drawPixmap(area.center() - QPoint(7, 7), pixmap)
        elif isinstance(cell, TwoLines):
            self._paint_lines(painter, area, cell)
        else:
            super()._paint_cell(painter, area, cell)

    def _paint_lines(self, painter: QPainter, area: QRect, cell: TwoLines) -> None:
        if cell.icon:
            scale = painter.device().devicePixelRatio()
            pixmap = self._look.icons.pixmap(cell.icon, cell.icon_color, 16, scale)
            painter.drawPixmap(area.right() - 16, area.center().y() - 7, pixmap)
            area = area.adjusted(0, 0, -22, 0)
        font = QFont(self._view.font())
        if cell.strong:
            font.setWeight(QFont.Weight.DemiBold)
        if cell.fixed:
            font = self._look.fixed_font(0.94)
        size = self._view.font().pointSizeF() * 0.86
        small = self._look.fixed_font() if cell.strong else QFont(self._view.font())
        small.setPointSizeF(size)
        middle = area.center().y()
        upper = QRect(area.left(), area.top(), area.width(), middle - area.top() + 1)
        lower = QRect(area.left(), middle + 2, area.width(), area.bottom() - middle)
        lines = (
            (cell.text, font, cell.color, upper, Qt.AlignmentFlag.AlignBottom),
            (cell.below, small, "muted", lower, Qt.AlignmentFlag.AlignTop),
        )
        for text, face, color, place, edge in lines:
            painter.setFont(face)
            painter.setPen(QColor(self._look.colors[color]))
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | edge, shown)


def _variables(rows: Iterable[ShownRow]) -> list[str]:
    return [row.attribute.variable for row in rows]
