"""Small windows over the page that leave the keyboard where it is: proposals and hints."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.theme import SPACE, Theme
from gui.widgets.boxes import column
from gui.widgets.labels import label

MOST_ROWS = 8
"""So many rows are in sight; the rest scrolls."""

_ROOT = QModelIndex()
_ROW_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class PopupRow:
    """A row: its text, what is said beside or below it, and help that is shown at the foot."""

    text: str
    beside: str = ""
    below: str = ""
    help: str = ""
    icon: str = ""
    fixed: bool = False


class Popup(QFrame):
    """A frameless window at a place of its owner; goes away with the owner's focus or window."""

    def __init__(self, owner: QWidget) -> None:
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint
        super().__init__(owner, flags)
        self._owner = owner
        self._watched: QWidget | None = None
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        owner.installEventFilter(self)

    def show_at(self, anchor: QRect, *, above: bool = False) -> None:
        """Show below an area of the screen, or above it; where there is no room, opposite."""
        if self._watched is not self._owner.window():
            self._watched = self._owner.window()
            self._watched.installEventFilter(self)
        self.adjustSize()
        screen = self._owner.screen().availableGeometry()
        over = anchor.top() - self.height() - 4
        under = anchor.bottom() + 4
        if above:
            top = over if over >= screen.top() else under
        else:
            top = under if under + self.height() <= screen.bottom() else over
        left = min(anchor.left(), screen.right() - self.width())
        self.move(QPoint(max(screen.left(), left), top))
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        gone = event.type() in (QEvent.Type.Hide, QEvent.Type.FocusOut)
        moved = event.type() in (QEvent.Type.Move, QEvent.Type.WindowDeactivate)
        if (watched is self._owner and gone) or (watched is self._watched and moved):
            self.hide()
        return super().eventFilter(watched, event)


class PopupList(Popup):
    """Rows to choose from; no row is the current one until an arrow key says so.

    The owner passes its keys on to ``take_key``.

    Signals:
        chosen: a row was clicked or entered, with its number.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, owner: QWidget, name: str) -> None:
        super().__init__(owner)
        self._rows: Sequence[PopupRow] = ()
        self._model = _RowsModel()
        self.list = QListView()
        self.list.setAccessibleName(name)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_RowDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._choose)
        self.help = label("", "small", wrap=True)
        self.help.setContentsMargins(SPACE[2], 0, SPACE[2], SPACE[1])
        self.setLayout(column(self.list, self.help, spacing=1, margins=(1, 1, 1, 1)))

    @property
    def current(self) -> int:
        """Return the number of the current row, or -1."""
        return self.list.currentIndex().row()

    def show_rows(self, rows: Sequence[PopupRow], anchor: QRect, width: int) -> None:
        """Offer rows below an area of the screen."""
        self._rows = rows
        width -= 2 * SPACE[1]
        self._model.set_rows(rows)
        self.list.show()
        height = self.list.sizeHintForRow(0) * min(len(rows), MOST_ROWS) + 2
        self.list.setFixedSize(width, height)
        self.list.scrollToTop()
        self.help.setFixedWidth(width)
        self._show_help()
        self.show_at(anchor)

    def show_words(self, words: str, anchor: QRect, width: int) -> None:
        """Say something in the place of the rows."""
        self._rows = ()
        self._model.set_rows(())
        self.list.hide()
        self.help.setText(words)
        self.help.setFixedSize(
            width - 2 * SPACE[1], self.help.fontMetrics().lineSpacing() + 2 * SPACE[2]
        )
        self.help.show()
        self.show_at(anchor)

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on a key and say whether it was one for the list."""
        if not self.isVisible():
            return False
        steps = {
            int(Qt.Key.Key_Down): 1,
            int(Qt.Key.Key_Up): -1,
            int(Qt.Key.Key_PageDown): MOST_ROWS,
            int(Qt.Key.Key_PageUp): -MOST_ROWS,
        }
        if self._rows and (step := steps.get(event.key())):
            self._move(step)
            return True
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif self._rows and (event.key() == Qt.Key.Key_Tab or (enter and self.current >= 0)):
            self.chosen.emit(max(0, self.current))
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        last = len(self._rows) - 1
        number = min(max(self.current + step, 0), last)
        if self.current == 0 and step == -1:
            number = -1
        self.list.setCurrentIndex(self._model.index(number))
        self._show_help()
        if number >= 0:
            row = self._rows[number]
            words = ", ".join(filter(None, (row.text, row.beside, row.below)))
            said = f"{words}, {number + 1} of {last + 1}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._owner, said))

    def _show_help(self) -> None:
        helped = any(row.help for row in self._rows)
        self.help.setVisible(helped)
        text = self._rows[self.current].help if self.current >= 0 else "Tab or ↓ to choose"
        self.help.setText(text)
        lines = 2 if self.current >= 0 else 1
        wanted = self.help.heightForWidth(self.help.width())
        self.help.setFixedHeight(max(wanted, self.help.fontMetrics().lineSpacing() * lines + 4))
        if self.isVisible():
            self.adjustSize()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())


class _RowsModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[PopupRow] = ()

    def set_rows(self, rows: Sequence[PopupRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.text, row.beside, row.below)))
        return None


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = self._theme.colors
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        row: PopupRow = index.data(_ROW_ROLE)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(colors.accent_tint))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(colors.hover))
        area = area.adjusted(SPACE[2], 0, -SPACE[2], 0)
        if row.icon:
            scale = painter.device().devicePixelRatio()
            pixmap = self._theme.icons.pixmap(row.icon, "muted", 16, scale)
            painter.drawPixmap(area.left(), area.center().y() - 7, pixmap)
            area = area.adjusted(24, 0, 0, 0)
        upper = area.adjusted(0, SPACE[1], 0, -area.height() // 2) if row.below else area
        painter.setFont(self._theme.fixed_font(0.95) if row.fixed else self._view.font())
        painter.setPen(QColor(colors.text))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, _LEFT, text)
        taken = metrics.horizontalAdvance(text) + SPACE[4]
        small = self._view.font()
        small.setPointSizeF(small.pointSizeF() * 0.9)
        painter.setFont(small)
        metrics = painter.fontMetrics()
        painter.setPen(QColor(colors.muted))
        beside = upper.adjusted(taken, 0, 0, 0)
        words = metrics.elidedText(row.beside, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, _RIGHT, words)
        lower = area.adjusted(0, area.height() // 2, 0, -SPACE[1])
        words = metrics.elidedText(row.below, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, _LEFT, words)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        line = self._view.fontMetrics().lineSpacing()
        row: PopupRow = index.data(_ROW_ROLE)
        return QSize(60, 2 * line + 3 * SPACE[1] if row.below else line + 2 * SPACE[1])


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
