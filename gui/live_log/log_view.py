"""The calls of a log: the filter, when they came, the list, and one of them whole."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QItemSelection, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QWidget

from gui.desk import Desk
from gui.live_log.acting import CallActions
from gui.live_log.cell_menu import offer_filters
from gui.live_log.clock_face import ClockFace
from gui.live_log.detail_pane import DetailPane
from gui.live_log.emptiness import no_match, no_match_words, nothing_yet
from gui.live_log.feed import CallFeed
from gui.live_log.filter_bar import FilterBar
from gui.live_log.folding import Folding
from gui.live_log.follow import Follower
from gui.live_log.highlights import looked_for
from gui.live_log.known_values import KnownValues
from gui.live_log.model import CallModel
from gui.live_log.reader import CallReader
from gui.live_log.rows import COLUMNS, call_cells, cell_value
from gui.live_log.saved_filters import SHIPPED
from gui.live_log.source import Choice, LogSource
from gui.live_log.table import CallTable
from gui.live_log.time_line import CallTimeline
from gui.live_log.views import LogViews
from gui.organizations.dialogs import counted
from gui.settings import LOG_COLUMNS, LOG_HIDDEN_COLUMNS, LOG_SCALE, LOG_SPLITTER, LOG_WRAP
from gui.widgets.boxes import column, frame
from gui.widgets.cells import Cell
from server.calls.filters import print_filter
from storage.call_details import CallDetails
from storage.call_search import Selection
from storage.calls import CallRow
from storage.organizations import OrganizationSummary

SMALLEST, LARGEST, STEP = 70, 200, 10
"""The size of the text in percent, and by how much Ctrl++ and Ctrl+- change it."""


class LogView(QWidget):
    """Lists the calls of a ``LogSource``, and opens them beside the list.

    A live log follows new calls until a row is chosen or the list is scrolled up.

    Signals:
        link_followed: a finding's link leads elsewhere, with its key (``diagnosis.places``).
    """

    link_followed = Signal(str)

    def __init__(self, desk: Desk, source: LogSource, clock_face: ClockFace) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.desk = desk
        self.source = source
        self.clock_face = clock_face
        settings, calls = desk.settings, source.calls
        self._opened = False
        self._row_id: int | None = None
        self.known = KnownValues(desk.session if source.live else None)
        self.model = CallModel(calls.rows, self._cells, self.clock_face)
        self.feed = CallFeed(calls, desk.jobs, self.model)
        self.reader = CallReader(calls, desk.jobs)
        self.timeline = CallTimeline(desk.theme, calls, desk.jobs, self.clock_face)
        for part in (self.known, self.model, self.feed, self.reader, self.timeline):
            part.setParent(self)  # deleted with the view, in the Qt thread
        self._build(desk)
        self.follower = Follower(desk.theme, self.table)
        self.follower.active = source.live
        self.folding = Folding(calls, self.model, self.feed)
        self.folding.setParent(self)
        self.acting = CallActions(desk, self, source, self.choice)
        self.views = LogViews(desk, self, source, self.clock_face, self.show_call)
        self.table.hidden = set(filter(None, settings.get(LOG_HIDDEN_COLUMNS).split(",")))
        if not source.live:
            self.table.hidden.add("organization")  # another program's, which nobody knows here
        self.table.arrange(settings.get(LOG_COLUMNS))
        if state := settings.get(LOG_SPLITTER):
            self.splitter.restoreState(state)
        self._ticking = QTimer(self)
        self._ticking.setInterval(1000)
        self._ticking.timeout.connect(self.table.viewport().update)
        self._connect(desk)
        self._set_scale(settings.get(LOG_SCALE))
        self._show_times()

    def open(self) -> None:
        """Read the calls, when the view is shown for the first time."""
        if not self._opened:
            self._opened = True
            self._search()
            self.known.learn(self.source.calls, self.desk.jobs)

    @property
    def busy(self) -> bool:
        """Say whether a search is under way."""
        return self.feed.busy

    def remember(self) -> None:
        settings = self.desk.settings
        settings.set(LOG_COLUMNS, self.table.layout_state())
        settings.set(LOG_HIDDEN_COLUMNS, ",".join(sorted(self.table.hidden)))
        settings.set(LOG_SPLITTER, bytes(self.splitter.saveState().data()))
        settings.set(LOG_WRAP, self.detail.wrap)

    @property
    def scope(self) -> OrganizationSummary | None:
        """Return the organization that the list is limited to, None for all."""
        return self.desk.session.organization if self.bar.scope_button.isChecked() else None

    @property
    def following(self) -> bool:
        """Say whether the list keeps to the newest call."""
        return self.follower.active

    @property
    def follow_button(self) -> QWidget:
        """Return the button that says how many calls are new."""
        return self.follower.button

    def choice(self) -> Choice:
        """Return the calls that are selected, or the open one."""
        if numbers := self.table.chosen_rows():
            return self.folding.choice(numbers)
        return Choice(() if self.reader.wanted is None else (self.reader.wanted,))

    def show_call(self, call_id: int) -> None:
        """Open a call beside the list, also one that the filter leaves out."""
        self.follower.release()
        self.follower.held = True
        self._row_id = None
        self.reader.wanted = call_id
        self.reader.read_now()

    @Slot()
    def follow(self) -> None:
        """Keep to the newest call again."""
        self.follower.resume()

    @Slot()
    def close_call(self) -> None:
        """Close the call beside the list."""
        self._row_id = None
        self.reader.forget()
        self.table.clearSelection()
        self.detail.hide()
        self.table.setFocus()
        self.follower.let_go()

    def commands(self) -> dict[str, Callable[[], None]]:
        """Return what can be asked of this view by the words of ``gui.commands``."""
        live = {"pause": self.bar.pause_button.toggle, "newest": self.follow}
        return {
            **(live if self.source.live else {}),
            "filter": self._focus_search,
            "filter-off": self.bar.switch,
            "failures": partial(self.bar.toggle, SHIPPED[0].text),
            "larger": lambda: self._set_scale(self.desk.settings.get(LOG_SCALE) + STEP),
            "smaller": lambda: self._set_scale(self.desk.settings.get(LOG_SCALE) - STEP),
            "normal": lambda: self._set_scale(100),
            "export-listed": lambda: self.views.export_matching(self.feed.selection),
            **self.acting.commands(),
        }

    def _build(self, desk: Desk) -> None:
        theme, registry = desk.theme, desk.actions
        self.bar = FilterBar(theme, registry, desk.settings, self.known.values, self.source.live)
        self.table = CallTable(theme)
        self.table.setModel(self.model)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.empty = nothing_yet(theme, registry["server.copy"].trigger)
        self.no_match = no_match(theme, self.bar.clear)
        self.stack = QStackedWidget()
        for part in (self.table, self.empty, self.no_match):
            self.stack.addWidget(part)
        card = frame("card", column(self.stack, margins=(1, 1, 1, 1)))
        card.setMinimumWidth(420)
        self.detail = DetailPane(theme, desk.jobs, self.known.name, desk.settings.get(LOG_WRAP))
        self.detail.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 9)
        self.splitter.setStretchFactor(1, 11)
        layout = column(self.bar, self.timeline.bars, spacing=2, margins=(5, 4, 5, 4))
        layout.addWidget(self.splitter, 1)
        self.setLayout(layout)

    def _connect(self, desk: Desk) -> None:
        self.bar.changed.connect(self._search)
        self.known.changed.connect(self.model.refresh)
        self.bar.pause_toggled.connect(self._set_paused)
        self.follower.resumed.connect(self._unpause)
        self.feed.searched.connect(self._take_search)
        self.feed.appended.connect(self._take_new)
        self.feed.grown.connect(self._read_again)
        self.feed.searched.connect(self._show_timeline)
        self.feed.appended.connect(self.timeline.take_news)
        self.timeline.brushed.connect(self._brush)
        self.feed.completed.connect(self.follower.take_older)
        self.feed.completed.connect(self._reveal)
        self.feed.changed.connect(self._show_state)
        self.feed.failed.connect(self._tell_failure)
        self.reader.read.connect(self._show_details)
        self.reader.missed.connect(self._tell_missed)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.row_opened.connect(self._focus_detail)
        self.table.customContextMenuRequested.connect(self._offer_menu)
        self.table.fold_toggled.connect(self.folding.toggle)
        self.table.fold_wanted.connect(self.folding.fold)
        self.folding.changed.connect(self._show_folded)
        self.table.columns_offered.connect(self.clock_face.fill)
        self.clock_face.changed.connect(self._show_times)
        self.table.keys = {
            "j": lambda: self.table.step(1),
            "k": lambda: self.table.step(-1),
            "/": self._focus_search,
            "?": desk.actions["help.shortcuts"].trigger,
            **self.acting.keys(),
        }
        self.detail.closed.connect(self.close_call)
        self.detail.link_followed.connect(self.link_followed)
        self.detail.call_wanted.connect(self.show_call)
        self.acting.annotated.connect(self._take_annotations)
        self.acting.compare_wanted.connect(self.views.compare)
        self.acting.story_wanted.connect(self.views.story)
        self.acting.export_wanted.connect(self.views.export)
        self.detail.set_menu(self.acting.copy_menu)
        if self.source.live:
            desk.bridge.calls_recorded.connect(self.feed.take_news)
            desk.session.organization_changed.connect(self._change_organization)

    @Slot()
    def _search(self) -> None:
        summary = self.scope
        self.detail.highlights = looked_for(self.bar.condition)
        self.feed.search(
            Selection(
                filter=self.bar.condition,
                organization_id=summary.organization.id if summary else None,
                heads_only=self.bar.grouped,
                organizations=dict(self.known.names),
            )
        )

    @Slot()
    def _take_search(self) -> None:
        if self._row_id is not None and (number := self.model.row_of(self._row_id)) is not None:
            self.table.selectRow(number)
        self._reveal()
        self.follower.start_over()
        self._show_state()

    @Slot()
    def _show_timeline(self) -> None:
        self.timeline.show(replace(self.feed.selection, heads_only=False))

    @Slot()
    def _brush(self) -> None:
        self.bar.set_filter(print_filter(self.timeline.narrowed(self.bar.line.condition)))

    @Slot(int)
    def _take_new(self, number: int) -> None:
        self.follower.take_new(number)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        rows, total, selection = self.model.rowCount(), self.feed.total, self.feed.selection
        self.bar.show_state(self.feed, rows)
        if rows or self.feed.busy:
            part: QWidget = self.table
        elif selection.filter is not None or selection.organization_id is not None:
            self.no_match.say(f"0 of {counted(total, 'call')} match", no_match_words(selection))
            part = self.no_match
        else:
            part = self.empty
        self.stack.setCurrentWidget(part)
        self.timeline.bars.setVisible(part is not self.empty)

    @Slot(bool)
    def _set_paused(self, paused: bool) -> None:
        if paused:
            self.feed.pause()
        else:
            self.feed.resume()

    @Slot()
    def _unpause(self) -> None:
        self.bar.pause_button.setChecked(False)

    @Slot(QItemSelection, QItemSelection)
    def _choose(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        if selected.isEmpty():
            return
        self.follower.release()
        self.follower.held = True
        current = self.table.currentIndex()
        self._read(current.row() if current.isValid() else selected.first().top())

    def _read(self, number: int) -> None:
        """Read the call in a row, or what an operation that is folded there came to."""
        self._row_id = self.model.id_at(number)
        self.reader.want(self.folding.standing_for(number))

    @Slot()
    def _read_again(self) -> None:
        """Show what has become of an operation that is folded and open."""
        if self._row_id is None or (number := self.model.row_of(self._row_id)) is None:
            return
        if (last := self.folding.standing_for(number)) != self.reader.wanted:
            self.reader.want(last)

    @Slot(object)
    def _show_details(self, details: CallDetails) -> None:
        first = self.detail.isHidden()
        self.bar.set_user(details.stored.call.subject)
        self.detail.show()
        self.detail.show_call(details)
        self._reveal()
        if first and (rows := self.table.chosen_rows()):
            self.table.scrollTo(self.model.index(rows[0], 0))

    @Slot()
    def _reveal(self) -> None:
        """Choose the row of the call that is open, where another part asked for it."""
        details = self.detail.details
        if self._row_id is not None or details is None or details.stored.id != self.reader.wanted:
            return
        number = self.folding.reveal(details.stored.id, details.stored.head_id)
        if number is None:
            self.table.clearSelection()  # actions are for the call that is open
        else:
            self.table.selectRow(number)
            self._row_id = self.model.id_at(number)

    @Slot()
    def _tell_missed(self) -> None:
        self.desk.toasts.show("This call is not in the log any more.", "warning")

    @Slot(QPoint)
    def _offer_menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if not index.isValid():
            return
        if index.row() not in self.table.chosen_rows():
            self.table.selectRow(index.row())
        menu = QMenu(self.table)
        menu.setToolTipsVisible(True)
        if call := self.folding.shown(index.row()):
            cell = cell_value(call, COLUMNS[index.column()].key, self.known.names)
            offer_filters(menu, cell, self.bar.narrow)
            text = str(index.data(Qt.ItemDataRole.DisplayRole)).strip()
            menu.addAction("Copy value", partial(self.acting.put_on_clipboard, text, "value"))
            menu.addSeparator()
        self.acting.fill(menu)
        menu.exec(self.table.viewport().mapToGlobal(place))
        menu.deleteLater()

    @Slot(int)
    def _show_folded(self, number: int) -> None:
        self.follower.release()
        self.table.selectRow(number)
        self._read(number)

    @Slot()
    def _take_annotations(self) -> None:
        self.model.refresh()
        self.reader.read_now()

    @Slot()
    def _focus_detail(self) -> None:
        self.detail.request.view.text.setFocus()

    @Slot()
    def _focus_search(self) -> None:
        self.bar.line.setFocus()
        self.bar.line.editor.selectAll()

    @Slot()
    def _show_times(self) -> None:
        (self._ticking.start if self.clock_face.relative else self._ticking.stop)()
        self.model.refresh()

    def _set_scale(self, percent: int) -> None:
        percent = max(SMALLEST, min(LARGEST, percent))
        self.desk.settings.set(LOG_SCALE, percent)
        self.table.set_scale(percent / 100)
        self.detail.set_scale(percent / 100)

    @Slot()
    def _change_organization(self) -> None:
        if self.scope is not None and self._opened:
            self._search()

    @Slot(str)
    def _tell_failure(self, text: str) -> None:
        self.desk.toasts.show(text, "danger")

    def start_over(self) -> None:
        """Show that the log was cleared."""
        self.close_call()
        self.follower.active = True
        self._search()

    def _cells(self, call: CallRow) -> tuple[Cell, ...]:
        grouped = self.feed.selection.heads_only
        unfolded = self.model.is_unfolded(call.id)
        return tuple(call_cells(call, self.known.names, grouped=grouped, unfolded=unfolded))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.detail.isHidden():
            self.close_call()
            return
        super().keyPressEvent(event)
