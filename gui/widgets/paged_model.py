"""A table model over a list of any length: only the pages around what is looked at are held."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Slot

from gui.jobs import Job, Jobs, Progress
from gui.widgets.cells import CELL_ROLE, Cell
from gui.widgets.table import Column

R = TypeVar("R")

PAGE = 128
"""Rows that are read at once."""

KEPT_PAGES = 32

AHEAD = 40
"""Rows before the end of a page where the next one is asked for: a screenful."""

_ROOT = QModelIndex()
_BLANK = Cell("")
_COMING = Cell("…", color="faint")


class Part(NamedTuple, Generic[R]):
    """A part of a list; ``total`` counts all of it."""

    total: int
    rows: Sequence[R]


class _Arrived(NamedTuple, Generic[R]):
    """A page; ``begins`` says that it is the first one of another list, or of this one anew."""

    begins: bool
    fresh: bool
    page: int
    part: Part[R]


Read = Callable[[int, int], Part[R]]
"""Reads a part of a list, given by the first row and how many; called in a job."""


class PagedModel(QAbstractTableModel, Generic[R]):
    """Shows rows as the cells that a function makes of them, and dots until they are read.

    A list of 100,000 rows takes as much memory as one of 4,000. ``changed`` is called whenever a
    part of the list arrived, ``failed`` with the error when one could not be read.
    """

    def __init__(
        self,
        jobs: Jobs,
        columns: Sequence[Column],
        cells: Callable[[R], Sequence[Cell]],
        changed: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        super().__init__()
        self._jobs = jobs
        self._columns = columns
        self._make_cells = cells
        self._changed = changed
        self._failed = failed
        self._read: Read[R] | None = None
        self._beginning = False
        self._total = 0
        self._pages: dict[int, tuple[Sequence[R], list[Sequence[Cell]]]] = {}
        self._wanted: list[int] = []
        self._job: Job[_Arrived[R]] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._read_next)

    def show_list(self, read: Read[R]) -> None:
        """Show another list from its beginning; the one before stays until its rows are there."""
        self._start(read, 0, fresh=True)

    def reload(self) -> None:
        """Read the list again where it is looked at; place and selection stay."""
        if self._read:
            last = self._wanted[-1] if self._wanted else next(reversed(self._pages), 0)
            self._start(self._read, last, fresh=False)

    def clear(self) -> None:
        """Show nothing."""
        self._give_up()
        self._read = None
        self._replace(0)

    @property
    def total(self) -> int:
        """Return how many rows there are."""
        return self._total

    @property
    def busy(self) -> bool:
        """Say whether another list, or this one anew, is on its way."""
        return self._beginning

    def row(self, number: int) -> R | None:
        """Return the value in a row, or None while it is not there."""
        page = self._pages.get(number // PAGE)
        within = number % PAGE
        return page[0][within] if page and within < len(page[0]) else None

    def rows_there(self) -> Iterator[tuple[int, R]]:
        """Yield the rows that are held now, with their numbers."""
        for page, (rows, _cells) in self._pages.items():
            for within, row in enumerate(rows):
                yield page * PAGE + within, row

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid() or role not in _ROLES:
            return None
        cell = self._cell(index.row(), index.column())
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._columns[index.column()].title}: {cell.text}"
        return cell.text

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

    def _cell(self, number: int, column: int) -> Cell:
        page, within = divmod(number, PAGE)
        held = self._pages.get(page)
        if held is None:
            self._want(page)
            return _BLANK if column else _COMING
        if within >= PAGE - AHEAD and (page + 1) * PAGE < self._total:
            self._want_quietly(page + 1)
        elif within < AHEAD and page:
            self._want_quietly(page - 1)
        cells = held[1]
        return cells[within][column] if within < len(cells) else _BLANK

    def _want(self, page: int) -> None:
        """Have a page read next that is looked at; those that were passed by are forgotten."""
        if page in self._wanted:
            return
        self._wanted = [*self._wanted[-2:], page]
        self._later.start()

    def _want_quietly(self, page: int) -> None:
        if page not in self._pages and page not in self._wanted:
            self._wanted = [page, *self._wanted[-2:]]
            self._later.start()

    @Slot()
    def _read_next(self) -> None:
        if self._job is None and self._wanted and self._read:
            self._run(self._read, self._wanted[-1], begins=False)

    def _start(self, read: Read[R], page: int, *, fresh: bool) -> None:
        self._give_up()
        self._read = read
        self._beginning = True
        self._run(read, page, begins=True, fresh=fresh)

    def _give_up(self) -> None:
        """Drop what is on its way: a job that was cancelled brings nothing."""
        if self._job:
            self._job.cancel()
        self._job = None
        self._beginning = False
        self._wanted.clear()

    def _run(self, read: Read[R], page: int, *, begins: bool, fresh: bool = False) -> None:
        def work(_progress: Progress) -> _Arrived[R]:
            return _Arrived(begins, fresh, page, read(page * PAGE, PAGE))

        self._job = self._jobs.run("", work, self._take, self._fail)

    def _take(self, arrived: _Arrived[R]) -> None:
        self._job = None
        if arrived.begins:
            self._take_beginning(arrived)
        else:
            if arrived.page in self._wanted:
                self._wanted.remove(arrived.page)
            self._resize(arrived.part.total)
            self._keep(arrived)
            first = arrived.page * PAGE
            self._tell(first, first + PAGE)
        self._changed()
        self._read_next()

    def _take_beginning(self, arrived: _Arrived[R]) -> None:
        self._beginning = False
        if arrived.fresh:
            self._replace(arrived.part.total, arrived)
            return
        self._pages.clear()
        self._resize(arrived.part.total)
        self._keep(arrived)
        self._tell(0, self._total)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._beginning = False
        self._wanted.clear()
        self._failed(error)

    def _replace(self, total: int, arrived: _Arrived[R] | None = None) -> None:
        self.beginResetModel()
        self._pages.clear()
        self._total = total
        if arrived:
            self._keep(arrived)
        self.endResetModel()

    def _resize(self, total: int) -> None:
        """Take over another number of rows: the list grew or shrank behind the window."""
        if total > self._total:
            self.beginInsertRows(_ROOT, self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(_ROOT, total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _keep(self, arrived: _Arrived[R]) -> None:
        rows = arrived.part.rows
        self._pages.pop(arrived.page, None)
        self._pages[arrived.page] = (rows, [self._make_cells(row) for row in rows])
        while len(self._pages) > KEPT_PAGES:
            del self._pages[next(iter(self._pages))]

    def _tell(self, first: int, end: int) -> None:
        end = min(end, self._total)
        if first < end:
            self.dataChanged.emit(self.index(first, 0), self.index(end - 1, len(self._columns) - 1))


_ROLES = frozenset(
    (
        CELL_ROLE,
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    )
)
