"""What stands above the list: the filter, its shortcuts, how much it leaves, and the pause."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from gui.actions import Actions
from gui.live_log.feed import CallFeed
from gui.live_log.filter_dialogs import FilterHelp, SaveFilterDialog
from gui.live_log.filter_line import FilterLine
from gui.live_log.saved_filters import SHIPPED, SavedFilter, SavedFilters
from gui.organizations.dialogs import counted
from gui.settings import LOG_GROUPED, Settings
from gui.theme import SPACE, Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button, tool_button
from gui.widgets.labels import label
from server.calls.filters import Filter, narrowed, only, parse, print_filter
from server.calls.filters.tree import And


class FilterBar(QWidget):
    """Asks for a filter and shows the state of a ``CallFeed``.

    Signals:
        changed: the filter, the scope or the grouping is another one.
        pause_toggled: the list is to be held still, or to go on.
    """

    changed = Signal()
    pause_toggled = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        actions: Actions,
        settings: Settings,
        values: Callable[[], Mapping[str, Sequence[str]]],
        live: bool = True,
    ) -> None:
        """``values`` are known values of the filter's fields.

        Calls that are not ``live`` have no organizations of ours, and nothing to be paused.
        """
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._user = ""
        self.saved = SavedFilters(settings)
        self.setProperty("kind", "plain")
        self.line = FilterLine(theme, self.saved, values)
        self.line.setMinimumWidth(200)
        self.help_button = tool_button(
            theme, "Help for the filter", "info", "What can be written here", self.show_help
        )
        self.filters_button = QToolButton()
        self.filters_button.setText("Filters  ▾")
        self.filters_button.setProperty("kind", "framed")
        self.filters_button.setAccessibleName("Saved filters")
        self.filters_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.filters_button.setMenu(self._menu)
        self.off_button = self._chip("Filter off", "ban", actions["log.filter_off"].toolTip())
        self.off_button.hide()
        self.pause_button = self._chip("Pause list", "pause", actions["log.pause"].toolTip())
        self.count = label("", "small")
        self._chips: dict[str, QPushButton] = {}
        for saved in SHIPPED:
            chip = push_button(theme, saved.name, kind="chip")
            chip.setCheckable(True)
            chip.setToolTip(saved.text)
            chip.clicked.connect(partial(self.toggle, saved.text))
            self._chips[saved.text] = chip
        self.failures_button = self._chips[SHIPPED[0].text]
        self.failures_button.setToolTip(actions["log.failures"].toolTip())
        self.user_button = self._chip("This user", "user", "Choose a call about a user first")
        self.user_button.setEnabled(False)
        self.scope_button = self._chip(
            "This organization",
            "organization",
            "Leave out other organizations, and calls whose token nobody knows",
        )
        self.group_button = self._chip(
            "By operation",
            "fold",
            "One row for the calls of one operation; a filter always lists calls",
        )
        self.group_button.setChecked(settings.get(LOG_GROUPED))
        title = label("Live log", "title")
        title.setVisible(live)  # a file's name stands in its tab
        first = row(title, self.line, self.help_button, self.filters_button)
        first.insertSpacing(1, SPACE[1] if live else 0)
        first.setStretchFactor(self.line, 1)
        first.addWidget(self.pause_button)
        self.tools = row(spacing=1)
        first.addLayout(self.tools)
        second = row(
            *self._chips.values(),
            self.user_button,
            self.scope_button,
            self.group_button,
            self.off_button,
            None,
            self.count,
            spacing=1,
        )
        self.setLayout(column(plain(first), plain(second), spacing=1))
        self.pause_button.setVisible(live)
        self.scope_button.setVisible(live)
        self.line.filter_changed.connect(self._take_filter)
        self.user_button.clicked.connect(self._toggle_user)
        self.off_button.toggled.connect(self._toggle_off)
        self.scope_button.toggled.connect(self.changed)
        self.group_button.toggled.connect(self._set_grouped)
        self.pause_button.toggled.connect(self.pause_toggled)

    @property
    def condition(self) -> Filter | None:
        """Return the filter that counts: none while it is switched off."""
        return None if self.off_button.isChecked() else self.line.condition

    @property
    def grouped(self) -> bool:
        """Say whether operations are listed, and not calls."""
        return self.group_button.isChecked() and self.condition is None

    @Slot()
    def clear(self) -> None:
        """Ask for all calls again."""
        with QSignalBlocker(self):
            self.scope_button.setChecked(False)
            self.off_button.setChecked(False)
            self.line.set_text("")
        self._take_filter()

    def set_filter(self, text: str) -> None:
        """Filter by a text."""
        self.off_button.setChecked(False)
        self.line.set_text(text)

    def narrow(self, by: Filter) -> None:
        """Ask for the calls that match this as well."""
        self.set_filter(print_filter(narrowed(self.line.condition, by)))

    def toggle(self, text: str) -> None:
        """Add a term to the filter, or take it out again."""
        wanted = parse(text)
        if wanted is None:
            return
        terms = _terms(self.line.condition)
        if wanted not in terms:
            self.narrow(wanted)
            return
        left = tuple(term for term in terms if term != wanted)
        condition = And(left) if len(left) > 1 else next(iter(left), None)
        self.set_filter(print_filter(condition))

    @Slot()
    def switch(self) -> None:
        """Switch the filter off, or on again."""
        if self.line.condition is not None:
            self.off_button.toggle()

    def set_user(self, subject: str) -> None:
        """Say whom "This user" means."""
        self._user = subject
        self.user_button.setEnabled(bool(subject))
        self.user_button.setToolTip(
            f"Calls about {subject}" if subject else "Choose a call about a user first"
        )
        self._show_chips()

    def show_state(self, feed: CallFeed, rows: int) -> None:
        """Say how many calls match and how many wait."""
        if feed.busy:
            words = "Searching…"
        elif feed.stopped:
            words = f"Search stopped, {rows:,} so far"
        elif feed.selection.filter is not None:
            words = f"{rows:,} of {counted(feed.total, 'call')} match"
        elif feed.selection.heads_only:
            words = f"{counted(rows, 'operation')}, {counted(feed.total, 'call')}"
        else:
            words = counted(rows, "call")
        self.count.setText(words)
        pause = f"Paused, {feed.waiting:,} waiting" if feed.paused else "Pause list"
        self.pause_button.setText(f" {pause}")
        self.pause_button.setAccessibleName(pause)
        icon, color = ("play", "accent") if feed.paused else ("pause", "muted")
        self._theme.icons.put(self.pause_button, icon, color)

    @Slot()
    def show_help(self) -> None:
        """Say what can be written."""
        FilterHelp(self._theme, self.window(), self.set_filter).open()

    @Slot()
    def _take_filter(self) -> None:
        self.off_button.setVisible(self.line.condition is not None)
        self._show_chips()
        self.changed.emit()

    @Slot()
    def _toggle_user(self) -> None:
        self.toggle(print_filter(only("user", self._user)))

    @Slot(bool)
    def _toggle_off(self, off: bool) -> None:
        self.line.setEnabled(not off)
        self.changed.emit()

    @Slot(bool)
    def _set_grouped(self, grouped: bool) -> None:
        self._settings.set(LOG_GROUPED, grouped)
        self.changed.emit()

    def _show_chips(self) -> None:
        terms = _terms(self.line.condition)
        for text, chip in self._chips.items():
            chip.setChecked(parse(text) in terms)
        self.user_button.setChecked(bool(self._user) and only("user", self._user) in terms)

    @Slot()
    def _fill_menu(self) -> None:
        menu = self._menu
        menu.clear()
        for saved in (*SHIPPED, *self.saved.own):
            menu.addAction(f"{saved.name}    {saved.text}", partial(self.set_filter, saved.text))
        menu.addSeparator()
        keep = menu.addAction("Save this filter…", self._save)
        keep.setEnabled(self.line.condition is not None)
        remove = menu.addMenu("Remove")
        remove.setEnabled(bool(self.saved.own))
        for saved in self.saved.own:
            remove.addAction(saved.name, partial(self.saved.remove, saved.name))

    @Slot()
    def _save(self) -> None:
        text = print_filter(self.line.condition)
        SaveFilterDialog(self._theme, self.window(), SavedFilter("", text), self.saved.save).open()

    def _chip(self, words: str, icon: str, hint: str) -> QPushButton:
        button = push_button(self._theme, words, icon, "chip")
        button.setCheckable(True)
        button.setToolTip(hint)
        self._theme.icons.put(button, icon, "muted")
        return button


def _terms(condition: Filter | None) -> tuple[Filter, ...]:
    if condition is None:
        return ()
    return condition.terms if isinstance(condition, And) else (condition,)
