"""Keeping a list at its newest row until the person looks elsewhere."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QTableView

from gui.theme import Theme


class Follower(QObject):
    """Scrolls a table to its end as rows arrive; scrolling up or choosing a row releases it.

    ``button`` lies over the table, says how many rows came meanwhile, and brings back.

    Signals:
        resumed: the table is at its end again, because the person wanted that.
    """

    resumed = Signal()

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self.active = True
        self.held = False
        """A row is looked at: reaching the end by scrolling does not bring back."""
        self.behind = 0
        self._maximum = 0
        self.button = QPushButton(table)
        self.button.setProperty("kind", "follow")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.icons.put(self.button, "arrow-down", "on_accent")
        self.button.hide()
        self.button.clicked.connect(self.resume)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)
        table.verticalScrollBar().rangeChanged.connect(self._note_range)
        table.installEventFilter(self)

    @Slot()
    def resume(self) -> None:
        """Go to the end and stay there."""
        self.active = True
        self.held = False
        self.behind = 0
        self._table.scrollToBottom()
        self.show_state()
        self.resumed.emit()

    def release(self) -> None:
        """Stay where the list is."""
        self.active = False

    def take_new(self, number: int) -> None:
        """Note that rows came to the end."""
        if self.active:
            self._table.scrollToBottom()
        else:
            self.behind += number
        self.show_state()

    def start_over(self) -> None:
        """Note that the list holds other rows now."""
        self.behind = 0
        if self.active:
            self._table.scrollToBottom()
        self.show_state()

    def take_older(self, number: int) -> None:
        """Note that rows came before the others: what is looked at stays where it is."""
        bar = self._table.verticalScrollBar()
        if self.active:
            self._table.scrollToBottom()
        else:
            place = bar.value() + number
            self._table.scrollToBottom()  # lays the new rows out
            bar.setValue(place)
        self._maximum = bar.maximum()

    def let_go(self) -> None:
        """Note that no row is looked at any more: at the end, follow again."""
        self.held = False
        bar = self._table.verticalScrollBar()
        if bar.value() >= bar.maximum() and not self.behind:
            self.active = True

    def show_state(self) -> None:
        """Show or hide the button."""
        words = f"{self.behind:,} new call{'' if self.behind == 1 else 's'}"
        self.button.setText(f" {words}")
        self.button.setAccessibleName(f"{words}: go to the newest")
        self.button.setVisible(bool(self.behind))
        self._place()

    @Slot(int, int)
    def _note_range(self, _least: int, most: int) -> None:
        self._maximum = most
        if self.active and self._table.verticalScrollBar().value() < most:
            self._table.scrollToBottom()

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        bar = self._table.verticalScrollBar()
        if bar.maximum() != self._maximum:
            # Rows came or the table changed its size: nobody scrolled.
            self._maximum = bar.maximum()
            return
        if value >= bar.maximum():
            if not self.held and not self.active:
                self.resume()
        elif bar.isSliderDown() or self._table.underMouse() or self._table.hasFocus():
            self.release()

    def _place(self) -> None:
        size = self.button.sizeHint()
        self.button.resize(size)
        left = (self._table.width() - size.width()) // 2
        self.button.move(left, self._table.height() - size.height() - 16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
            if self.active:
                self._table.scrollToBottom()
        return super().eventFilter(watched, event)
