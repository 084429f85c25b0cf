"""The table of all pages: rows of one height, no grid, columns that give way to a narrow window."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.cells import CellDelegate


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is declared.

    ``priority`` 0 stays always; of the others those with the largest number are the first to go
    when the window gets narrow. ``width`` is in device-independent pixels; the first column with
    ``stretch`` takes what is left over and never gets narrower than its width.
    """

    key: str
    title: str
    width: int
    priority: int = 0
    stretch: bool = False
    hint: str = ""


def fitting(columns: Sequence[Column], hidden: set[str], width: int) -> set[str]:
    """Return the keys of the columns that a table of this width shows.

    What the person hid stays hidden; of the rest the least important give way.
    """
    shown = [column for column in columns if column.key not in hidden or not column.priority]
    for column in sorted(shown, key=lambda column: -column.priority):
        if sum(each.width for each in shown) <= width or not column.priority:
            break
        shown.remove(column)
    return {column.key for column in shown}


class Table(QTableView):
    """A table view that keeps the rules for large models.

    Rows have one fixed height (measuring them takes seconds at 100,000 rows), nothing searches by
    typed letters (that walks through all rows), and columns are never measured.

    Signals:
        hidden_changed: the person showed or hid a column.
        columns_offered: the menu of the header is about to open, and may be added to.
        row_opened: a row was chosen with Enter or a double click, with its number.
    """

    hidden_changed = Signal()
    columns_offered = Signal(QMenu)
    row_opened = Signal(int)

    def __init__(self, theme: Theme, name: str, columns: Sequence[Column]) -> None:
        super().__init__()
        self._theme = theme
        self._columns = columns
        self._cells: CellDelegate | None = None
        self.hidden: set[str] = set()
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        # Scrolling then moves what is painted already, and only new rows are painted.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(CellDelegate(theme, self))
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit_rows()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setMinimumSectionSize(44)
        head.setFixedHeight(36)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._offer_columns)
        self.doubleClicked.connect(self._open_index)
        self.activated.connect(self._open_index)

    def arrange(self, state: bytes = b"") -> None:
        """Set the columns up once the model is there; ``state`` is what ``layout_state`` gave."""
        head = self.horizontalHeader()
        for number, column in enumerate(self._columns):
            stretch = QHeaderView.ResizeMode.Stretch
            interactive = QHeaderView.ResizeMode.Interactive
            head.resizeSection(number, column.width)
            head.setSectionResizeMode(number, stretch if column.stretch else interactive)
        if state:
            head.restoreState(state)
        self.fit_columns()

    def layout_state(self) -> bytes:
        """Return widths and order of the columns."""
        return bytes(self.horizontalHeader().saveState().data())

    def fit_rows(self) -> None:
        """Make all rows as high as the font needs."""
        rows = self.verticalHeader()
        height = max(36, round(self.fontMetrics().height() * 2.2))
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)

    def fit_columns(self) -> None:
        """Show the columns that there is room for."""
        shown = fitting(self._columns, self.hidden, self.viewport().width())
        for number, column in enumerate(self._columns):
            self.setColumnHidden(number, column.key not in shown)

    @Slot(QPoint)
    def _offer_columns(self, place: QPoint) -> None:
        menu = self.columns_menu()
        menu.exec(self.horizontalHeader().mapToGlobal(place))
        menu.deleteLater()

    def columns_menu(self) -> QMenu:
        """Return the menu that shows and hides columns."""
        menu = QMenu(self)
        for column in self._columns:
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(column.key not in self.hidden)
            action.setEnabled(bool(column.priority))
            action.toggled.connect(partial(self._show_column, column.key))
        menu.addSeparator()
        menu.addAction("Reset columns", self.reset_columns)
        self.columns_offered.emit(menu)
        return menu

    @Slot()
    def reset_columns(self) -> None:
        """Show all columns in the order and the widths that they began with."""
        head = self.horizontalHeader()
        for number in range(len(self._columns)):
            head.moveSection(head.visualIndex(number), number)
        self.hidden.clear()
        self.arrange()
        self.hidden_changed.emit()

    def _show_column(self, key: str, shown: bool) -> None:
        (self.hidden.discard if shown else self.hidden.add)(key)
        self.fit_columns()
        self.hidden_changed.emit()

    @Slot(QModelIndex)
    def _open_index(self, index: QModelIndex) -> None:
        self.row_opened.emit(index.row())

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go to the first and last row with Home and End, as in a list."""
        if action in (self.CursorAction.MoveHome, self.CursorAction.MoveEnd):
            modifiers |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: it would ask the model for every row."""

    def setItemDelegate(self, delegate: QAbstractItemDelegate) -> None:
        super().setItemDelegate(delegate)
        self._cells = delegate if isinstance(delegate, CellDelegate) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cells:
            self._cells.begin_painting()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._theme.colors.surface))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.model() is not None:
            self.fit_columns()


def in_card(table: QWidget) -> QWidget:
    """Give a table the frame of a card."""
    table.setProperty("kind", "card")
    return table
