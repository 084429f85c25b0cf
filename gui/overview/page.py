"""The overview: what to do first, and how the customer stands today."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QStackedWidget, QWidget

from gui.connection.control import Phase
from gui.desk import Desk, Page
from gui.jobs import Progress
from gui.live_log.page import ShowCall, ShowFailures
from gui.live_log.rows import outcome, status_words
from gui.overview.address_card import AddressCard
from gui.overview.steps import Preflight, Step, steps
from gui.theme import SPACE
from gui.times import from_microseconds, moment
from gui.widgets.boxes import card, clear, column, divider, frame, plain, row, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.header import PageHeader
from gui.widgets.labels import ElidedLabel, badge, icon_label, label, note
from storage.calls import CallOverview, CallRow
from storage.errors import Interrupted

if TYPE_CHECKING:
    from gui.preflight.work import Standing

REFRESH_MS = 1000
"""Under load the figures follow once a second."""


class _Read(NamedTuple):
    organization_id: int
    calls: CallOverview
    refused_at: int | None
    standing: "Standing | None"


class OverviewPage(Page):
    """A live checklist at the left, figures and failures at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._read: _Read | None = None
        self._busy = False
        self._shown: tuple[object, ...] = ()
        self.header = PageHeader("Overview", "")
        self.steps_box = column(spacing=0)
        self.progress = badge("")
        heading = row(label("Set-up", "heading"), None, self.progress)
        checklist = frame("card", column(heading, 1, self.steps_box, margins=(5, 4, 5, 4)))
        self.active = label("–", "figure")
        self.disabled = label("–", "figure")
        self.calls = label("–", "figure")
        self.failures = label("–", "figure")
        self.failures_box = column(spacing=1)
        self.all_failures = push_button(theme, "All failures", kind="link", clicked=self._go_failed)
        figures = QGridLayout()
        figures.setSpacing(SPACE[4])
        figures.setContentsMargins(0, 0, 0, 0)
        for number, part in enumerate(
            (
                self._figure("Active users", "users", "success", self.active),
                self._figure("Disabled users", "user-off", "muted", self.disabled),
                self._figure("Calls today", "live-log", "accent", self.calls),
                self._figure("Failures today", "x-circle", "danger", self.failures),
            )
        ):
            figures.addWidget(part, number // 2, number % 2)
        newest = row(label("Newest failures", "heading"), None, self.all_failures)
        failed = card(plain(newest), plain(self.failures_box))
        address = AddressCard(theme, desk.server)
        right = column(plain(figures), failed, address, None, spacing=4)
        content = QGridLayout()
        content.setContentsMargins(0, 0, SPACE[1], 0)
        content.setSpacing(SPACE[4])
        content.addWidget(plain(column(checklist, None)), 0, 0)
        content.addWidget(plain(right), 0, 1)
        content.setColumnStretch(0, 3)
        content.setColumnStretch(1, 2)
        content.setRowStretch(1, 1)
        self.ready = scrolled(plain(content))
        self.empty = EmptyState(
            theme,
            "organization",
            "Welcome. Who is the customer?",
            "An organization is one customer of Blink. Create one, give Okta its token, and watch "
            "every call arrive.",
            push_button(
                theme,
                "New organization",
                "plus",
                "primary",
                desk.actions["organization.new"].trigger,
            ),
        )
        self.loading = QWidget()
        self.stack = QStackedWidget()
        for widget in (self.loading, self.ready, self.empty):
            self.stack.addWidget(widget)
        self.setLayout(column(self.header, self.stack, spacing=4, margins=(5, 5, 5, 5)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        desk.bridge.calls_recorded.connect(self._refresh_soon)
        desk.session.organizations_changed.connect(self.refresh)
        desk.session.organization_changed.connect(self.refresh)
        desk.server.state_changed.connect(self._show)

    def open(self, target: object) -> None:
        self.desk.session.reload()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read everything again."""
        summary = self.desk.session.organization
        if summary is None or self._busy:
            self._show()
            return
        services, organization_id = self.desk.services, summary.organization.id
        same = self._read if self._read and self._read.organization_id == organization_id else None
        known = same.standing if same else None
        midnight = self.desk.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        since = round(midnight.timestamp() * 1_000_000)

        def read(_progress: Progress) -> _Read:
            # Here and not above: it brings the expression language, and the window does not wait.
            from gui.preflight.work import read_standing

            everywhere = services.calls.overview(None, since)
            return _Read(
                organization_id,
                services.calls.overview(organization_id, since),
                everywhere.operations.get("refused"),
                read_standing(services.okta(), organization_id, known),
            )

        self._busy = True
        self.desk.jobs.run("", read, self._take, self._take_error)

    def _take(self, read: _Read) -> None:
        self._busy = False
        self._read = read
        summary = self.desk.session.organization
        if summary and summary.organization.id != read.organization_id:
            self.refresh()
            return
        self._show()

    def _take_error(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, Interrupted):
            self._refresh_soon()
        else:
            self.desk.toasts.show_error(error)

    @Slot()
    def _refresh_soon(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()
            self.desk.session.reload()

    @Slot()
    def _show(self) -> None:
        summary, read = self.desk.session.organization, self._read
        if summary is None:
            empty = self.desk.session.loaded
            self.stack.setCurrentWidget(self.empty if empty else self.loading)
            self.header.words.setText("")
            return
        self.header.words.setText(f"Is {summary.organization.name} ready for provisioning?")
        if read is None or read.organization_id != summary.organization.id:
            return
        self.stack.setCurrentWidget(self.ready)
        self.active.setText(f"{summary.active_users:,}")
        self.disabled.setText(f"{summary.users - summary.active_users:,}")
        self.calls.setText(f"{read.calls.calls:,}")
        self.failures.setText(f"{read.calls.failures:,}")
        serving = self.desk.server.state.phase is Phase.RUNNING
        listed = steps(
            summary, read.calls, read.refused_at, _preflight(read.standing), serving=serving
        )
        failures = read.calls.newest_failures
        # What is the same stays, so that a button under the mouse is not made anew each second.
        if (listed, failures) != self._shown:
            self._shown = (listed, failures)
            self._show_steps(listed)
            self._show_failures(failures)

    def _show_steps(self, listed: list[Step]) -> None:
        clear(self.steps_box)
        done = sum(step.done for step in listed)
        self.progress.setText(f"{done} of {len(listed)} done")
        current = next((step for step in listed if not step.done), None)
        for number, step in enumerate(listed):
            if number:
                self.steps_box.addWidget(divider())
            self.steps_box.addWidget(self._step(number + 1, step, step is current))

    def _step(self, number: int, step: Step, current: bool) -> QWidget:
        theme = self.desk.theme
        icon, color = ("check-circle", "success") if step.done else ("circle", "faint")
        if current:
            color = "accent"
        mark = icon_label(theme, icon, color, 22)
        mark.setToolTip("Done" if step.done else "Still to do")
        title = label(f"{number}. {step.title}", "strong" if current or step.done else "muted")
        head = row(title, spacing=2)
        if step.seen_at:
            head.addWidget(badge(f"seen {from_microseconds(step.seen_at):%d %b, %H:%M}", "success"))
        if step.warning:
            head.addWidget(badge(step.warning, "warning"))
        head.addStretch(1)
        text = column(head, spacing=1)
        if not step.done or step.told:
            text.addWidget(label(step.text, "muted", wrap=True))
        if step.parts:
            parts = row(spacing=2)
            for words, done in step.parts:
                parts.addWidget(badge(f"✓ {words}" if done else words, "success" if done else ""))
            parts.addStretch(1)
            text.addLayout(parts)
        if current and step.trouble:
            text.addWidget(note(theme, "warning", label(step.trouble, wrap=True)))
        if current and step.action:
            page, target = step.action.page, step.action.target
            go = push_button(
                theme,
                step.action.words,
                kind="primary",
                clicked=partial(self.desk.session.go_to, page, target),
            )
            text.addLayout(row(go, None))
        line = row(mark, spacing=3, margins=(0, 3, 0, 3))
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        line.addLayout(text, 1)
        return plain(line)

    def _show_failures(self, failures: list[CallRow]) -> None:
        clear(self.failures_box)
        self.all_failures.setVisible(bool(failures))
        if not failures:
            self.failures_box.addWidget(label("No call has failed today.", "muted"))
        for failure in failures:
            self.failures_box.addWidget(self._failure(failure))

    def _failure(self, failure: CallRow) -> QWidget:
        theme = self.desk.theme
        at = from_microseconds(failure.at)
        link = push_button(
            theme,
            "Open",
            kind="link",
            clicked=partial(self.desk.session.go_to, "live-log", ShowCall(failure.id)),
        )
        link.setAccessibleName(f"Open: {failure.summary}")
        look = outcome(failure.status)
        top = row(
            icon_label(theme, look.icon, look.color, 16),
            label(f"{status_words(failure.status)}  ·  {at:%H:%M:%S}", "small"),
            None,
            link,
        )
        return plain(column(top, ElidedLabel(failure.summary), spacing=0))

    def _figure(self, words: str, icon: str, color: str, figure: QLabel) -> QFrame:
        theme = self.desk.theme
        head = row(icon_label(theme, icon, color, 18), label(words, "small"), None)
        return card(plain(head), figure, spacing=1)

    @Slot()
    def _go_failed(self) -> None:
        self.desk.session.go_to("live-log", ShowFailures())

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)


def _preflight(standing: "Standing | None") -> Preflight | None:
    if standing is None:
        return None
    report = standing.report
    ran_at = round(moment(standing.run.ran).timestamp() * 1_000_000)
    return Preflight(ran_at, report.people, report.failing, standing.holds)
