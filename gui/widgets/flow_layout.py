"""A layout like text: side by side, and on in the next line where the width ends."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem

from gui.theme import SPACE


class FlowLayout(QLayout):
    """Puts widgets from left to right at their preferred sizes; as high as its width makes it."""

    def __init__(self, spacing: int = 2) -> None:
        """``spacing`` is a step of ``SPACE``, between widgets and between lines."""
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(SPACE[spacing])
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._arrange(area, move=True)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        gaps = self.spacing() * max(0, len(shown) - 1)
        width = sum(item.sizeHint().width() for item in shown) + gaps
        return self._with_margins(width, self._highest(shown))

    def minimumSize(self) -> QSize:
        shown = self._shown()
        width = max((item.minimumSize().width() for item in shown), default=0)
        return self._with_margins(width, self._highest(shown))

    def _arrange(self, area: QRect, *, move: bool) -> int:
        margins: QMargins = self.contentsMargins()
        inside = area.marginsRemoved(margins)
        left, top, line = inside.left(), inside.top(), 0
        for item in self._shown():
            size = item.sizeHint()
            size.setWidth(min(size.width(), max(inside.width(), item.minimumSize().width())))
            if left > inside.left() and left + size.width() > inside.left() + inside.width():
                left, top, line = inside.left(), top + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self.spacing()
            line = max(line, size.height())
        return top + line - area.top() + margins.bottom()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _highest(self, items: list[QLayoutItem]) -> int:
        return max((item.sizeHint().height() for item in items), default=0)

    def _with_margins(self, width: int, height: int) -> QSize:
        margins: QMargins = self.contentsMargins()
        across = margins.left() + margins.right()
        return QSize(width + across, height + margins.top() + margins.bottom())
