"""The list of calls for a table: ids, and the rows that are looked at."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gui.live_log.clock_face import ClockFace
from gui.live_log.rows import COLUMNS, spoken
from gui.widgets.cells import CELL_ROLE, Cell
from storage.calls import CallRow
from storage.errors import StorageError

BEFORE, AFTER = 16, 48
"""How many rows around a row that is not here yet are read with it, in one query."""

KEPT_ROWS = 1024

_ROOT = QModelIndex()
_TIME, _SUMMARY = 0, 1


@dataclass(slots=True)
class _Shown:
    row: CallRow
    cells: Sequence[Cell] = ()
    """Made when the row is painted first."""


class CallModel(QAbstractTableModel):
    """Holds eight bytes a call, and the rows around what is on the screen.

    A million calls take eight megabytes. An operation that is unfolded has its other calls below
    it. Rows are read by primary key when they are first painted,
    which takes less than a millisecond for a screenful.
    """

    def __init__(
        self,
        read_rows: Callable[[Sequence[int]], Sequence[CallRow]],
        make_cells: Callable[[CallRow], Sequence[Cell]],
        clock_face: ClockFace,
    ) -> None:
        super().__init__()
        self._read_rows = read_rows
        self._make_cells = make_cells
        self._clock_face = clock_face
        self._ids: array[int] = array("q")
        self._kept: dict[int, _Shown] = {}
        self._unfolded: dict[int, Sequence[int]] = {}

    def set_ids(self, ids: "array[int]") -> None:
        """Show other calls, given by their ascending ids."""
        self.beginResetModel()
        self._ids = ids
        self._kept.clear()
        self._unfolded.clear()
        self.endResetModel()

    def prepend(self, ids: "array[int]") -> None:
        """Add older calls at the beginning; ``ids`` is the model's from now on."""
        if not ids:
            return
        self.beginInsertRows(_ROOT, 0, len(ids) - 1)
        ids.extend(self._ids)
        self._ids = ids
        self.endInsertRows()

    def unfold(self, head_id: int, members: Sequence[int]) -> None:
        """Show the other calls of an operation below its first."""
        number = self.row_of(head_id)
        if number is None or head_id in self._unfolded or not members:
            return
        self._kept.pop(head_id, None)
        self.beginInsertRows(_ROOT, number + 1, number + len(members))
        self._unfolded[head_id] = members
        self._ids[number + 1 : number + 1] = array("q", members)
        self.endInsertRows()
        self._tell_changed(number)

    def fold(self, head_id: int) -> None:
        """Show an operation as one row again."""
        number = self.row_of(head_id)
        if number is None or head_id not in self._unfolded:
            return
        self._kept.pop(head_id, None)
        members = self._unfolded[head_id]
        self.beginRemoveRows(_ROOT, number + 1, number + len(members))
        del self._unfolded[head_id]
        del self._ids[number + 1 : number + 1 + len(members)]
        self.endRemoveRows()
        self._tell_changed(number)

    def grow(self, head_id: int, members: Sequence[int]) -> None:
        """Show calls that came later below the others of an operation that is unfolded."""
        number = self.row_of(head_id)
        if number is None or head_id not in self._unfolded:
            return
        # What was stored just before it was unfolded is there already.
        members = [each for each in members if each not in self._unfolded[head_id]]
        if not members:
            return
        first = number + 1 + len(self._unfolded[head_id])
        self.beginInsertRows(_ROOT, first, first + len(members) - 1)
        self._unfolded[head_id] = [*self._unfolded[head_id], *members]
        self._ids[first:first] = array("q", members)
        self.endInsertRows()

    @property
    def unfolded(self) -> Collection[int]:
        """The heads of the operations that are unfolded."""
        return self._unfolded.keys()

    def is_unfolded(self, call_id: int) -> bool:
        """Say whether the calls of this operation stand below it."""
        return call_id in self._unfolded

    def row_at(self, number: int) -> CallRow | None:
        """Return what the list knows of the call in a row; None when it is gone."""
        shown = self._shown(number)
        return shown.row if shown else None

    def append(self, ids: "array[int]") -> None:
        """Add newer calls at the end."""
        if not ids:
            return
        first = len(self._ids)
        self.beginInsertRows(_ROOT, first, first + len(ids) - 1)
        self._ids.extend(ids)
        self.endInsertRows()

    def refresh(self) -> None:
        """Read the rows anew, because something in them changed."""
        self._kept.clear()
        if self._ids:
            last = self.index(len(self._ids) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def all_ids(self) -> "array[int]":
        """Return the ids of all calls in the list."""
        return self._ids[:]

    def id_at(self, number: int) -> int:
        """Return the id of the call in a row."""
        return self._ids[number]

    def row_of(self, call_id: int) -> int | None:
        """Return the row of a call, or None when it is not in the list."""
        first = 0
        for head_id in sorted(self._unfolded):
            if head_id >= call_id:
                break
            head, members = bisect_left(self._ids, head_id, first), self._unfolded[head_id]
            if call_id in members:
                return head + 1 + members.index(call_id)
            first = head + 1 + len(members)  # ids ascend, but for what is unfolded
        number = bisect_left(self._ids, call_id, first)
        found = number < len(self._ids) and self._ids[number] == call_id
        return number if found else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid() or role not in _ROLES:
            return None
        shown = self._shown(index.row())
        if shown is None:
            return Cell("") if role == CELL_ROLE else None
        column = index.column()
        cell = self._cell(shown, column)
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._clock_face.full(shown.row.at) if column == _TIME else cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column == _SUMMARY:
                return spoken(shown.row, shown.cells)
            return f"{COLUMNS[column].title}: {cell.text}"
        return cell.text

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].hint or None
        return None

    def _cell(self, shown: _Shown, column: int) -> Cell:
        if not shown.cells:
            cells = list(self._make_cells(shown.row))
            if not self._clock_face.relative:
                cells[_TIME] = self._timed(cells[_TIME], shown.row)
            shown.cells = cells
        cell = shown.cells[column]
        if column == _TIME and self._clock_face.relative:
            return self._timed(cell, shown.row)  # "3 s ago" is another one a second later
        return cell

    def _timed(self, cell: Cell, row: CallRow) -> Cell:
        return replace(cell, text=self._clock_face.words(row.at))

    def _tell_changed(self, number: int) -> None:
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(COLUMNS) - 1))

    def _shown(self, number: int) -> _Shown | None:
        call_id = self._ids[number]
        if call_id not in self._kept:
            self._read_around(number)
        return self._kept.get(call_id)

    def _read_around(self, number: int) -> None:
        if len(self._kept) > KEPT_ROWS:
            self._kept.clear()
        around = self._ids[max(0, number - BEFORE) : number + AFTER]
        missing = [call_id for call_id in around if call_id not in self._kept]
        try:
            rows = self._read_rows(missing)
        except StorageError:
            return  # the rows stay blank until the next repaint
        for row in rows:
            self._kept[row.id] = _Shown(row)


_ROLES = frozenset(
    (
        CELL_ROLE,
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    )
)
