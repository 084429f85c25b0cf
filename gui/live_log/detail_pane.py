"""One call, whole: what happened in words, then request and response."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import unquote_plus

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSplitter, QToolButton, QWidget

from gui.jobs import Jobs
from gui.live_log.changes_view import changes_view
from gui.live_log.explanation_view import finding_view, okta_view_box, operation_view
from gui.live_log.message_view import MessageView
from gui.live_log.rows import outcome, status_words
from gui.theme import Theme
from gui.times import duration_words, from_microseconds, full_words
from gui.widgets.boxes import clear, column, plain, row, scrolled
from gui.widgets.buttons import tool_button
from gui.widgets.labels import badge, label, note, selectable, set_badge
from server.calls.call import Call
from server.calls.diagnosis import Finding, Severity
from server.calls.text import header_lines
from storage.call_details import CallDetails

WIDE = 760
"""From this width on request and response stand side by side."""

HIGH = 760
"""From this height on they stand one over the other in a narrow pane; below it only one is seen."""

WORDS_SHARE, FAILURE_SHARE = 0.42, 0.56
"""The words take at most so much of the height, until somebody moves the handle below them.

Of a call that failed they are what is read first.
"""


class DetailPane(QFrame):
    """Shows a ``CallDetails``.

    Signals:
        closed: the person closed the pane.
        link_followed: a finding's link was pressed, with its key (``diagnosis.places``), or
            "help:<rule>".
        call_wanted: another call is to be opened, with its id.
    """

    closed = Signal()
    link_followed = Signal(str)
    call_wanted = Signal(int)

    def __init__(
        self,
        theme: Theme,
        jobs: Jobs,
        organization_name: Callable[[int | None], str],
        wrap: bool,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._organization_name = organization_name
        self.details: CallDetails | None = None
        self.highlights: Sequence[str] = ()
        """Texts that are marked in the bodies, because the filter looked for them."""
        self.setProperty("kind", "card")
        self.setMinimumWidth(420)
        self.status = badge("")
        self.summary = selectable(label("", "heading", wrap=True))
        self.facts = selectable(label("", "small", wrap=True))
        self.copy_button = self._copy_button()
        self.wrap = wrap
        self._share: float | None = None
        self._close = tool_button(theme, "Close the call", "close", "Close (Esc)", self.closed.emit)
        tools = row(self.status, None, self.copy_button, self._close, spacing=1)
        self._words = column(spacing=2)
        words = column(self.summary, self.facts, self._words, None, spacing=2, margins=(0, 0, 2, 0))
        self.words = plain(words)
        # A word that cannot be broken is cut off, and makes nothing else wider than the pane.
        self.words.setMinimumWidth(1)
        self.words.installEventFilter(self)
        self._story = scrolled(self.words)
        self.request = MessageView(theme, jobs, "Request", "Response", wrap)
        self.response = MessageView(theme, jobs, "Response", "Request", wrap)
        for view, other in ((self.request, self.response), (self.response, self.request)):
            view.wrap_changed.connect(self._set_wrap)
            view.other_wanted.connect(partial(self._turn_to, other))
        self._shown = self.request
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.request)
        self.splitter.addWidget(self.response)
        self.splitter.setSizes([1000, 1000])
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setHandleWidth(8)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self._story)
        self.parts.addWidget(self.splitter)
        self.parts.splitterMoved.connect(self._note_share)
        layout = column(tools, spacing=1, margins=(4, 3, 3, 4))
        layout.addWidget(self.parts, 1)
        self.setLayout(layout)

    def show_call(self, details: CallDetails) -> None:
        """Show another call."""
        self.details = details
        call = details.stored.call
        look = outcome(call.status)
        set_badge(self.status, f"{status_words(call.status)}  {details.doing}", look.tone)
        self.summary.setText(_heading(details))
        self.facts.setText(self._fact_words(details))
        self._show_words(details)
        self.request.show_message(
            call.request_body,
            f"{_request_line(call)}\n{header_lines(call.request_headers)}",
            self.highlights,
        )
        self.response.show_message(
            call.response_body, header_lines(call.response_headers), self.highlights
        )
        self._story.verticalScrollBar().setValue(0)
        self._shown = self.request if call.request_body else self.response
        self._fit()

    def set_menu(self, menu: QMenu) -> None:
        """Give the copy button its menu."""
        self.copy_button.setMenu(menu)

    def set_scale(self, scale: float) -> None:
        """Show larger or smaller bodies."""
        for view in (self.request, self.response):
            view.set_scale(scale)

    def _show_words(self, details: CallDetails) -> None:
        clear(self._words)
        for finding in details.findings:
            view = finding_view(self._theme, finding, self.link_followed.emit)
            self._words.addWidget(view)
        if details.okta and details.okta.message:
            self._words.addWidget(okta_view_box(self._theme, details.okta, details.stored.call))
        remarks = details.stored.call.remarks
        if remarks:
            lines = [label("Worth knowing", "caption")]
            lines += [selectable(label(remark.text, wrap=True)) for remark in remarks]
            self._words.addWidget(note(self._theme, "accent", *lines))
        if details.changes.kind != "none":
            self._words.addWidget(changes_view(self._theme, details.changes))
        if len(details.operation) > 1:
            view = operation_view(self._theme, details, self.call_wanted.emit)
            self._words.addWidget(view)

        self._put_in_order()

    def _put_in_order(self) -> None:
        """Let Tab go through the words before the bodies: they came later, but stand above."""
        before: QWidget = self._close
        for button in self.words.findChildren(QPushButton):
            self.setTabOrder(before, button)
            before = button

    def _fact_words(self, details: CallDetails) -> str:
        call = details.stored.call
        facts = [
            unquote_plus(_request_line(call)),
            full_words(from_microseconds(call.at)),
            f"took {duration_words(call.duration)}",
            f"from {call.peer} ({details.stored.client})",
        ]
        if call.token_label:
            facts.append(f"token {call.token_label}")
        if name := self._organization_name(call.organization_id):
            facts.append(name)
        if details.stored.note:
            facts.append(f"note: {details.stored.note}")
        return "  ·  ".join(facts)

    def _copy_button(self) -> QToolButton:
        button = QToolButton()
        button.setText(" Copy  ▾")
        button.setAccessibleName("Copy")
        button.setProperty("kind", "framed")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme.icons.put(button, "copy", "muted")
        return button

    @Slot(bool)
    def _set_wrap(self, wrap: bool) -> None:
        self.wrap = wrap
        for view in (self.request, self.response):
            view.set_wrap(wrap)

    @Slot()
    def _note_share(self) -> None:
        self._share = self._story.height() / max(self.parts.height(), 1)

    def _turn_to(self, view: MessageView) -> None:
        self._shown = view
        self._fit()
        view.other_button.setFocus()

    def _fit(self) -> None:
        wide, high = self.width() >= WIDE, self.height() >= HIGH
        self.splitter.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        for view in (self.request, self.response):
            view.set_compact(high and not wide)
            view.set_alone(not wide and not high)
            view.setVisible(wide or high or view is self._shown)
        inside = self.words.layout()
        whole = self.parts.height()
        most = round(whole * (self._share or self._usual_share()))
        if self._share is None and inside:
            most = min(most, inside.totalHeightForWidth(self._story.viewport().width()))
        self.parts.setSizes([most, max(whole - most, 0)])

    def _usual_share(self) -> float:
        failed = self.details is not None and _error(self.details) is not None
        return FAILURE_SHARE if failed else WORDS_SHARE

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.words and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


def _error(details: CallDetails) -> Finding | None:
    return next((each for each in details.findings if each.severity is Severity.ERROR), None)


def _heading(details: CallDetails) -> str:
    """Return what the call was; why it was refused is said by the finding below."""
    call = details.stored.call
    summary = details.stored.summary or f"{call.method} {call.path}"
    for word in (" refused", " failed"):
        before, separator, _ = summary.partition(f"{word}: ")
        if separator and _error(details):
            return before + word
    return summary


def _request_line(call: Call) -> str:
    return f"{call.method} {call.path}?{call.query}" if call.query else f"{call.method} {call.path}"
