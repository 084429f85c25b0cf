"""The line above the list: what to show, how much that is, and the pause."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from gui.actions import Actions
from gui.live_log.feed import CallFeed
from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import push_button
from gui.widgets.labels import label
from gui.widgets.search_field import SearchField


class FilterBar(QWidget):
    """Asks for a filter and shows the state of a ``CallFeed``.

    Signals:
        changed: text, failures only or this organization is another one.
        pause_toggled: the list is to be held still, or to go on.
    """

    changed = Signal()
    pause_toggled = Signal(bool)

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "plain")
        self.search_field = SearchField(theme, "Filter calls", "Filter by any text in a call")
        self.search_field.setToolTip(actions["log.filter"].toolTip())
        self.search_field.setMinimumWidth(200)
        self.search_field.setMaximumWidth(380)
        self.failures_button = self._chip("Failures only", "x-circle")
        self.failures_button.setToolTip(actions["log.failures"].toolTip())
        self.scope_button = self._chip("This organization", "organization")
        self.scope_button.setToolTip(
            "Leave out other organizations, and calls whose token nobody knows"
        )
        self.pause_button = self._chip("Pause list", "pause")
        self.pause_button.setToolTip(actions["log.pause"].toolTip())
        self.count = label("", "small")
        line = row(
            label("Live log", "title"),
            2,
            self.search_field,
            self.failures_button,
            self.scope_button,
            None,
            self.count,
            self.pause_button,
            spacing=2,
        )
        line.setStretchFactor(self.search_field, 1)
        self.setLayout(line)
        self.search_field.search_changed.connect(self.changed)
        self.failures_button.toggled.connect(self.changed)
        self.scope_button.toggled.connect(self.changed)
        self.pause_button.toggled.connect(self.pause_toggled)

    @Slot()
    def clear(self) -> None:
        """Ask for all calls again."""
        parts = (self.failures_button, self.scope_button, self.search_field)
        for part in parts:
            part.blockSignals(True)
        self.failures_button.setChecked(False)
        self.scope_button.setChecked(False)
        self.search_field.reset()
        for part in parts:
            part.blockSignals(False)
        self.changed.emit()

    def show_state(self, feed: CallFeed, rows: int) -> None:
        """Say how many calls match and how many wait."""
        self.search_field.set_busy(feed.busy)
        if feed.busy:
            words = "Searching…"
        elif feed.filter.text or feed.filter.failures_only:
            words = f"{rows:,} of {counted(feed.total, 'call')} match"
        else:
            words = counted(rows, "call")
        self.count.setText(words)
        pause = f"Paused, {feed.waiting:,} waiting" if feed.paused else "Pause list"
        self.pause_button.setText(f" {pause}")
        self.pause_button.setAccessibleName(pause)
        icon, color = ("play", "accent") if feed.paused else ("pause", "muted")
        self._theme.icons.put(self.pause_button, icon, color)

    def _chip(self, words: str, icon: str) -> QPushButton:
        button = push_button(self._theme, words, icon, "chip")
        button.setCheckable(True)
        self._theme.icons.put(button, icon, "muted")
        return button
