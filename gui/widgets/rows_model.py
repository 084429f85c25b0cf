"""A table model over a short list of values that is replaced as a whole."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gui.widgets.cells import CELL_ROLE, Cell
from gui.widgets.table import Column

R = TypeVar("R")

_ROOT = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[R]):
    """Shows each value as the cells that a function makes of it."""

    def __init__(self, columns: Sequence[Column], cells: Callable[[R], Sequence[Cell]]) -> None:
        super().__init__()
        self._columns = columns
        self._make_cells = cells
        self._rows: list[R] = []
        self._cells: list[Sequence[Cell]] = []

    def set_rows(self, rows: Sequence[R]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._rows = list(rows)
        self._cells = [self._make_cells(row) for row in rows]
        self.endResetModel()

    def update_rows(self, rows: Sequence[R]) -> None:
        """Replace the values of rows that stay the same ones: selection and place stay, too."""
        if len(rows) != len(self._rows) or not rows:
            self.set_rows(rows)
            return
        self._rows = list(rows)
        self._cells = [self._make_cells(row) for row in rows]
        last = self.index(len(rows) - 1, len(self._columns) - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def row(self, number: int) -> R:
        """Return the value in a row."""
        return self._rows[number]

    def cell(self, index: QModelIndex | QPersistentModelIndex) -> Cell:
        """Return a cell."""
        return self._cells[index.row()][index.column()]

    @property
    def rows(self) -> Sequence[R]:
        """Return all values in the order of the rows."""
        return self._rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid():
            return None
        cell = self._cells[index.row()][index.column()]
        if role == CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._columns[index.column()].title}: {cell.text}"
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._columns[section].hint or None
        return None
