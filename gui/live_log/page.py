"""The live log: every call as it arrives, and one of them whole."""

from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QWidget

from gui.desk import Desk, Page
from gui.jobs import Job, Progress
from gui.live_log.detail_pane import DetailPane
from gui.live_log.details import CallDetails, read_details
from gui.live_log.feed import CallFeed
from gui.live_log.filter_bar import FilterBar
from gui.live_log.model import CallModel
from gui.live_log.rows import COLUMNS, call_cells
from gui.organizations.dialogs import counted
from gui.settings import LOG_COLUMNS, LOG_HIDDEN_COLUMNS, LOG_SPLITTER, LOG_WRAP
from gui.widgets.boxes import column, frame
from gui.widgets.buttons import push_button
from gui.widgets.dialog import ConfirmDialog
from gui.widgets.empty_state import EmptyState
from gui.widgets.table import Cell, Table
from storage.calls import CallFilter, CallRow

READ_AFTER_MS = 40
"""A call is read when the selection has rested so long; arrow keys run through many."""


@dataclass(frozen=True, slots=True)
class ShowCall:
    """A target of this page: open this call."""

    call_id: int


@dataclass(frozen=True, slots=True)
class ShowFailures:
    """A target of this page: the failures of the chosen organization."""


class LiveLogPage(Page):
    """The list follows new calls until a row is chosen or the list is scrolled up."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        settings = desk.settings
        self._follow = True
        self._behind = 0
        self._opened = False
        self._wanted: int | None = None
        self._reading: Job[CallDetails | None] | None = None
        self._names: dict[int, str] = {}
        self.model = CallModel(desk.services.calls.rows, self._cells)
        self.feed = CallFeed(desk.services.calls, desk.jobs, self.model)
        self._build(desk)
        self.table.hidden = set(filter(None, settings.get(LOG_HIDDEN_COLUMNS).split(",")))
        self.table.arrange(settings.get(LOG_COLUMNS))
        if state := settings.get(LOG_SPLITTER):
            self.splitter.restoreState(state)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(READ_AFTER_MS)
        self._rest.timeout.connect(self._read_wanted)
        self.setFocusProxy(self.table)
        self._connect(desk)
        self._take_names()

    def open(self, target: object) -> None:
        if not self._opened:
            self._opened = True
            self._search()
        if isinstance(target, ShowCall):
            self.show_call(target.call_id)
        elif isinstance(target, ShowFailures):
            self.bar.failures_button.setChecked(True)
        elif isinstance(target, str):
            {
                "filter": self._focus_search,
                "failures": self.bar.failures_button.toggle,
                "pause": self.bar.pause_button.toggle,
                "newest": self.follow,
                "copy-curl": self.detail.copy_curl,
                "clear": self._ask_to_clear,
            }[target]()

    def remember(self) -> None:
        settings = self.desk.settings
        settings.set(LOG_COLUMNS, self.table.layout_state())
        settings.set(LOG_HIDDEN_COLUMNS, ",".join(sorted(self.table.hidden)))
        settings.set(LOG_SPLITTER, bytes(self.splitter.saveState().data()))
        settings.set(LOG_WRAP, self.detail.wrap_button.isChecked())

    @property
    def following(self) -> bool:
        """Say whether the list keeps to the newest call."""
        return self._follow

    def show_call(self, call_id: int) -> None:
        """Open a call beside the list, also one that the filter leaves out."""
        number = self.model.row_of(call_id)
        if number is not None and not self.feed.busy:
            self.table.selectRow(number)
            return
        self._stop_following()
        self._wanted = call_id
        self._read_wanted()

    @Slot()
    def follow(self) -> None:
        """Keep to the newest call again."""
        self._follow = True
        self._behind = 0
        if self.feed.paused:
            self.bar.pause_button.setChecked(False)
        self.table.scrollToBottom()
        self._show_state()

    @Slot()
    def close_call(self) -> None:
        """Close the call beside the list."""
        self._wanted = None
        self._rest.stop()
        self.table.clearSelection()
        self.detail.hide()
        self.table.setFocus()
        bar = self.table.verticalScrollBar()
        if bar.value() >= bar.maximum() and not self._behind:
            self._follow = True

    def _build(self, desk: Desk) -> None:
        theme, registry = desk.theme, desk.actions
        self.bar = FilterBar(theme, registry)
        self.table = Table(theme, "Calls", COLUMNS)
        self.table.setModel(self.model)
        self.follow_button = QPushButton(self.table)
        self.follow_button.setProperty("kind", "follow")
        self.follow_button.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.icons.put(self.follow_button, "arrow-down", "on_accent")
        self.follow_button.hide()
        self.empty = EmptyState(
            theme,
            "live-log",
            "No call has arrived yet",
            "Paste the SCIM address and a token into Okta and press Test API Credentials. The call "
            "appears here at once.",
            push_button(
                theme, "Copy the SCIM address", "copy", "primary", registry["server.copy"].trigger
            ),
        )
        self.no_match = EmptyState(
            theme,
            "filter",
            "",
            "",
            push_button(theme, "Clear filter", "close", clicked=self.bar.clear),
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.empty, self.no_match):
            self.stack.addWidget(part)
        card = frame("card", column(self.stack, margins=(1, 1, 1, 1)))
        card.setMinimumWidth(420)
        self.detail = DetailPane(
            theme, self._base_url, self._organization_name, desk.settings.get(LOG_WRAP)
        )
        self.detail.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 9)
        self.splitter.setStretchFactor(1, 11)
        layout = column(self.bar, spacing=3, margins=(5, 4, 5, 4))
        layout.addWidget(self.splitter, 1)
        self.setLayout(layout)

    def _connect(self, desk: Desk) -> None:
        self.bar.changed.connect(self._search)
        self.bar.pause_toggled.connect(self._set_paused)
        self.follow_button.clicked.connect(self.follow)
        self.feed.searched.connect(self._take_search)
        self.feed.appended.connect(self._take_new)
        self.feed.changed.connect(self._show_state)
        self.feed.failed.connect(self._tell_failure)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.row_opened.connect(self._focus_detail)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.detail.closed.connect(self.close_call)
        self.detail.copied.connect(self._tell_copied)
        desk.bridge.calls_recorded.connect(self.feed.take_news)
        desk.session.organizations_changed.connect(self._take_names)
        desk.session.organization_changed.connect(self._change_organization)

    @Slot()
    def _search(self) -> None:
        summary = self.desk.session.organization
        scoped = self.bar.scope_button.isChecked() and summary is not None
        self.feed.search(
            CallFilter(
                text=self.bar.search_field.text().strip(),
                organization_id=summary.organization.id if scoped and summary else None,
                failures_only=self.bar.failures_button.isChecked(),
            )
        )

    @Slot()
    def _take_search(self) -> None:
        open_call = self._wanted
        self._behind = 0
        if open_call is not None and (number := self.model.row_of(open_call)) is not None:
            self.table.selectRow(number)
        elif self._follow:
            self.table.scrollToBottom()
        self._show_state()

    @Slot(int)
    def _take_new(self, number: int) -> None:
        if self._follow:
            self.table.scrollToBottom()
        else:
            self._behind += number
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        rows, total, condition = self.model.rowCount(), self.feed.total, self.feed.filter
        filtered = bool(condition.text or condition.failures_only)
        self.bar.show_state(self.feed, rows)
        if rows or self.feed.busy:
            part: QWidget = self.table
        elif filtered or condition.organization_id is not None:
            self.no_match.say(f"0 of {counted(total, 'call')} match", _no_match_words(condition))
            part = self.no_match
        else:
            part = self.empty
        self.stack.setCurrentWidget(part)
        self.follow_button.setText(f" {self._behind:,} new call{'' if self._behind == 1 else 's'}")
        self.follow_button.setVisible(bool(self._behind))
        self._place_follow_button()

    @Slot(bool)
    def _set_paused(self, paused: bool) -> None:
        if paused:
            self.feed.pause()
        else:
            self.feed.resume()

    @Slot(QItemSelection, QItemSelection)
    def _choose(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        if selected.isEmpty():
            return
        self._wanted = self.model.id_at(selected.first().top())
        self._stop_following()
        self._rest.start()

    @Slot()
    def _read_wanted(self) -> None:
        call_id, calls = self._wanted, self.desk.services.calls
        if call_id is None:
            return
        if self._reading:
            self._reading.cancel()

        def read(_progress: Progress) -> CallDetails | None:
            return read_details(calls, call_id)

        self._reading = self.desk.jobs.run("", read, self._show_details)

    def _show_details(self, details: CallDetails | None) -> None:
        self._reading = None
        if details is None:
            self.desk.toasts.show("This call is not in the log any more.", "warning")
            return
        if details.stored.id == self._wanted:
            first = self.detail.isHidden()
            self.detail.show()
            self.detail.show_call(details)
            if first and (rows := self.table.selectionModel().selectedRows()):
                self.table.scrollTo(rows[0])

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        bar = self.table.verticalScrollBar()
        if value >= bar.maximum():
            # Only a look at the end brings the list back to following, not an open call.
            if self._wanted is None and not self._follow:
                self.follow()
        elif bar.isSliderDown() or self.table.underMouse() or self.table.hasFocus():
            self._stop_following()

    def _stop_following(self) -> None:
        self._follow = False

    @Slot()
    def _focus_detail(self) -> None:
        self.detail.request.view.setFocus()

    @Slot()
    def _focus_search(self) -> None:
        self.bar.search_field.setFocus()
        self.bar.search_field.selectAll()

    @Slot()
    def _take_names(self) -> None:
        names = {
            summary.organization.id: summary.organization.name
            for summary in self.desk.session.organizations
        }
        if names != self._names:
            self._names = names
            self.model.refresh()

    @Slot()
    def _change_organization(self) -> None:
        if self.bar.scope_button.isChecked() and self._opened:
            self._search()

    @Slot(str)
    def _tell_failure(self, text: str) -> None:
        self.desk.toasts.show(text, "danger")

    @Slot(str)
    def _tell_copied(self, name: str) -> None:
        self.desk.toasts.show(f"The {name} is on the clipboard.")

    @Slot()
    def _ask_to_clear(self) -> None:
        summary = self.desk.session.organization
        scoped = self.bar.scope_button.isChecked() and summary is not None
        whose = summary.organization.name if scoped and summary else "all organizations"
        ConfirmDialog(
            self.desk.theme,
            self.window(),
            "Clear the log?",
            f"The recorded calls of {whose} are deleted for good. Users and tokens stay.",
            "Clear the log",
            self._clear_now,
        ).open()

    def _clear_now(self) -> None:
        calls, organization_id = self.desk.services.calls, self.feed.filter.organization_id

        def clear(_progress: Progress) -> None:
            calls.clear(organization_id)

        self.desk.jobs.run("Clearing the log", clear, self._cleared)

    def _cleared(self, _nothing: None) -> None:
        self.close_call()
        self._follow = True
        self._search()

    def _cells(self, call: CallRow) -> tuple[Cell, ...]:
        return tuple(call_cells(call, self._names))

    def _organization_name(self, organization_id: int | None) -> str:
        return self._names.get(organization_id or 0, "")

    def _base_url(self) -> str:
        state = self.desk.server.state
        return state.url.removesuffix("/scim/v2") or f"http://127.0.0.1:{state.port}"

    def _place_follow_button(self) -> None:
        size = self.follow_button.sizeHint()
        self.follow_button.resize(size)
        left = (self.table.width() - size.width()) // 2
        self.follow_button.move(left, self.table.height() - size.height() - 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_follow_button()
        if self._follow:
            self.table.scrollToBottom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.detail.isHidden():
            self.close_call()
            return
        super().keyPressEvent(event)


def _no_match_words(condition: CallFilter) -> str:
    parts = []
    if condition.text:
        parts.append(f"No call has “{condition.text}” in it")
    if condition.failures_only:
        parts.append("failures only" if parts else "No call failed")
    if condition.organization_id is not None:
        parts.append("in this organization" if parts else "No call of this organization yet")
    return ", ".join(parts) + "."
