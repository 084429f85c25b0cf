"""The preflight: everybody through the mappings, findings by cause, compared with the last run."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QToolButton, QWidget

from gui.desk import Desk, Page
from gui.jobs import Job, Progress
from gui.mappings.page import ShowMapping
from gui.people.page import ShowPerson
from gui.preflight.exporting import CSV, HTML, ReportExport
from gui.preflight.filter_chips import FilterChips
from gui.preflight.finding_pane import FindingPane
from gui.preflight.reading import Shown, read_shown
from gui.preflight.rows import COLUMNS, FindingRow, finding_cells
from gui.preflight.run_bar import RunBar
from gui.preflight.summary import Summary, verdict
from gui.preflight.work import Standing, run_preflight
from gui.settings import PREFLIGHT_COLUMNS, PREFLIGHT_SPLITTER
from gui.times import duration_words, moment
from gui.widgets.boxes import column, frame, plain
from gui.widgets.buttons import push_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.header import PageHeader
from gui.widgets.labels import label, note
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Table
from gui.widgets.toast import ToastAction


class PreflightPage(Page):
    """Shows the newest run of the chosen organization, and runs it again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown: Shown | None = None
        self._job: Job[int] | None = None
        self.export = ReportExport(desk, self)
        self._build(desk)
        self.table.arrange(desk.settings.get(PREFLIGHT_COLUMNS))
        if state := desk.settings.get(PREFLIGHT_SPLITTER):
            self.splitter.restoreState(state)
        self._commands = {
            "run": self.run,
            "cancel": self.cancel,
            "export-csv": self._export_csv,
            "export-html": self._export_html,
        }
        self.chips.changed.connect(self._list)
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.table.row_opened.connect(self._focus_pane)
        self.run_bar.cancel_asked.connect(self.cancel)
        self.pane.closed.connect(self.close_finding)
        self.pane.person_asked.connect(self._go_to_person)
        self.pane.mapping_asked.connect(self._go_to_mapping)
        desk.session.organization_changed.connect(self._change_organization)
        desk.jobs.changed.connect(self._show_progress)
        self.home = self.table

    def open(self, target: object) -> None:
        self.reload()
        if isinstance(target, str):
            self._commands[target]()

    def remember(self) -> None:
        self.desk.settings.set(PREFLIGHT_COLUMNS, self.table.layout_state())
        self.desk.settings.set(PREFLIGHT_SPLITTER, bytes(self.splitter.saveState().data()))

    @property
    def standing(self) -> Standing | None:
        """Return the run that is shown."""
        return self._shown.standing if self._shown else None

    @property
    def chosen(self) -> FindingRow | None:
        """Return the finding of the selected row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.row(rows[0].row()) if rows else None

    @Slot()
    def reload(self) -> None:
        """Read the newest run, and whether it still holds."""
        summary = self.desk.session.organization
        if summary is None:
            self._shown = None
            self._show()
            return
        organization_id, services, known = summary.organization.id, self.desk.services, self._shown

        def read(_progress: Progress) -> Shown:
            return read_shown(services.okta(), organization_id, known)

        self.desk.jobs.run("", read, self._take)

    @Slot()
    def run(self) -> None:
        """Check everybody of the chosen organization."""
        summary = self.desk.session.organization
        if summary is None or self._job:
            return
        organization, services = summary.organization, self.desk.services

        def work(progress: Progress) -> int:
            run_preflight(services.okta(), organization, progress)
            return organization.id

        self._job = self.desk.jobs.run(
            f"Preflight of {organization.name}", work, self._take_run, self._take_error
        )
        self._show()

    @Slot()
    def cancel(self) -> None:
        """Give the run up; the one before stays."""
        if self._job:
            self._job.cancel()
            self._job = None
            self.desk.toasts.show("The preflight was cancelled: nothing was kept.", "neutral")
            self._show()

    @Slot()
    def close_finding(self) -> None:
        """Close the finding beside the list."""
        self.table.clearSelection()
        self.pane.hide()
        self.table.setFocus()

    def _build(self, desk: Desk) -> None:
        theme, registry = desk.theme, desk.actions
        self.run_button = push_button(
            theme, "Run preflight", "play", "primary", registry["preflight.run"].trigger
        )
        self.run_button.setToolTip(registry["preflight.run"].toolTip())
        self.export_button = self._export_menu()
        self.header = PageHeader("Preflight", "", self.export_button, self.run_button)
        self.run_bar = RunBar(theme)
        self.stale_words = label("", wrap=True)
        self.stale = note(theme, "warning", self.stale_words)
        self.summary = Summary(theme)
        self.chips = FilterChips(theme)
        self.model: RowsModel[FindingRow] = RowsModel(COLUMNS, finding_cells)
        self.table = Table(theme, "Findings", COLUMNS)
        self.table.setModel(self.model)
        self.nothing = EmptyState(
            theme,
            "check-circle",
            "Nothing to complain about",
            "Everybody has what Blink needs, and nobody gets into another one's way.",
        )
        self.listed = QStackedWidget()
        self.listed.addWidget(self.table)
        self.listed.addWidget(self.nothing)
        card = frame("card", column(self.listed, margins=(1, 1, 1, 1)))
        card.setMinimumWidth(420)
        self.pane = FindingPane(desk)
        self.pane.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.pane)
        self.splitter.setStretchFactor(0, 11)
        self.splitter.setStretchFactor(1, 9)
        result = column(self.stale, self.summary, self.chips, spacing=3)
        result.addWidget(self.splitter, 1)
        self.result = plain(result)
        self.empty = EmptyState(
            theme,
            "preflight",
            "No preflight yet",
            "",
            push_button(
                theme, "Run preflight", "play", "primary", registry["preflight.run"].trigger
            ),
        )
        self.no_organization = EmptyState(
            theme,
            "organization",
            "No organization yet",
            "An organization is one customer of Blink. A preflight tries its people and mappings.",
            push_button(
                theme,
                "New organization",
                "plus",
                "primary",
                registry["organization.new"].trigger,
            ),
        )
        self.loading = plain(column())
        self.stack = QStackedWidget()
        for part in (self.loading, self.result, self.empty, self.no_organization):
            self.stack.addWidget(part)
        layout = column(self.header, self.run_bar, spacing=3, margins=(5, 5, 5, 4))
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)
        self._show()

    def _export_menu(self) -> QToolButton:
        registry = self.desk.actions
        button = QToolButton()
        button.setText(" Export  ▾")
        button.setAccessibleName("Export the report")
        button.setProperty("kind", "framed")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.desk.theme.icons.put(button, "export", "muted")
        menu = QMenu(button)
        for key in ("preflight.export_csv", "preflight.export_html"):
            menu.addAction(registry[key])
        button.setMenu(menu)
        return button

    def _take(self, shown: Shown) -> None:
        summary = self.desk.session.organization
        if summary is None or summary.organization.id != shown.organization_id:
            return
        before = self._shown
        self._shown = shown
        if before is None or before.rows is not shown.rows:
            self.close_finding()
            self.chips.show_counts(shown.rows)
            self._list()
        self._show()

    def _take_run(self, organization_id: int) -> None:
        self._job = None
        self._tell(organization_id)
        self.reload()

    def _take_error(self, error: Exception) -> None:
        self._job = None
        self.desk.toasts.show_error(error)
        self._show()

    def _tell(self, organization_id: int) -> None:
        """Say that a run ended to somebody who is on another page by now."""
        if self.isVisible():
            return
        services = self.desk.services

        def read(_progress: Progress) -> Shown:
            return read_shown(services.okta(), organization_id, None)

        self.desk.jobs.run("", read, self._tell_verdict)

    def _tell_verdict(self, shown: Shown) -> None:
        if shown.standing:
            report = shown.standing.report
            self.desk.toasts.show(
                f"Preflight: {verdict(report)}",
                "success" if report.passed else "warning",
                ToastAction("Open", self._come),
            )

    def _come(self) -> None:
        self.desk.session.go_to("preflight")

    def _show(self) -> None:
        summary, shown = self.desk.session.organization, self._shown
        self._show_progress()
        standing = shown.standing if shown else None
        self.export_button.setVisible(standing is not None)
        self.run_button.setVisible(standing is not None)
        if summary is None:
            part: QWidget = self.no_organization if self.desk.session.loaded else self.loading
            self.stack.setCurrentWidget(part)
            self.header.words.setText("")
            return
        name = summary.organization.name
        self.header.words.setText(f"Everybody of {name} through its mappings")
        if shown is None:
            self.stack.setCurrentWidget(self.loading)
            return
        if standing is None:
            self.empty.say("No preflight yet", _invitation(shown.people, name))
            self.stack.setCurrentWidget(self.empty)
            return
        self.header.words.setText(_run_words(standing))
        self.summary.show_report(standing.report)
        self.stale.setVisible(not standing.holds)
        self.stale_words.setText(_stale_words(standing))
        self.stack.setCurrentWidget(self.result)

    @Slot()
    def _show_progress(self) -> None:
        job = self._job
        if job and job.progress.cancelled:  # in the status line
            job = self._job = None
        self.run_bar.show_job(job)
        self.run_button.setEnabled(job is None)
        if self.empty.button:
            self.empty.button.setEnabled(job is None)

    @Slot()
    def _list(self) -> None:
        rows = self._shown.rows if self._shown else ()
        self.model.set_rows(self.chips.matching(rows))
        self.chips.setVisible(bool(rows))
        self.listed.setCurrentWidget(self.table if rows else self.nothing)
        self.pane.hide()

    @Slot()
    def _show_chosen(self) -> None:
        chosen = self.chosen
        if chosen and self._shown:
            self.pane.show_finding(chosen, self._shown.organization_id)
            self.pane.show()
            self.table.fit_columns()

    @Slot()
    def _focus_pane(self) -> None:
        self.pane.setFocus()

    @Slot(str)
    def _go_to_person(self, person_id: str) -> None:
        self.desk.session.go_to("people", ShowPerson(person_id))

    @Slot(str)
    def _go_to_mapping(self, variable: str) -> None:
        self.desk.session.go_to("mappings", ShowMapping(variable))

    @Slot()
    def _export_csv(self) -> None:
        self._export(CSV)

    @Slot()
    def _export_html(self) -> None:
        self._export(HTML)

    def _export(self, kind: str) -> None:
        summary, standing = self.desk.session.organization, self.standing
        if summary is None or standing is None:
            self.desk.toasts.show("Run a preflight first: there is no report yet.", "neutral")
            return
        self.export.ask(kind, summary.organization, standing)

    @Slot()
    def _change_organization(self) -> None:
        self._shown = None
        self._show()
        if self.isVisible():
            self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.pane.isHidden():
            self.close_finding()
            return
        super().keyPressEvent(event)


def _invitation(people: int, name: str) -> str:
    who = "1 person" if people == 1 else f"{people:,} people"
    return (
        f"It takes the {who} of {name} through the mappings, and says whom Blink would refuse and "
        "why, before Okta sends anybody. Nothing is written."
    )


def _run_words(standing: Standing) -> str:
    ran = moment(standing.run.ran).astimezone()
    report = standing.report
    people = "1 person" if report.people == 1 else f"{report.people:,} people"
    named = f"mappings “{standing.run.mappings}”"
    took = duration_words(round(standing.result.seconds * 1_000_000))
    return f"Ran {ran.day} {ran:%b %Y, %H:%M}  ·  {people} in {took}  ·  {named}"


def _stale_words(standing: Standing) -> str:
    changed = [
        word
        for word, is_changed in (
            ("mappings", standing.mappings_changed),
            ("people", standing.people_changed),
        )
        if is_changed
    ]
    return f"The {' and the '.join(changed)} changed since this run: run it again."
