"""The Mappings page: Okta's table, a person's values in it, and what comes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QSplitter, QStackedWidget

from gui.desk import Desk, Page
from gui.jobs import Progress
from gui.mappings.editing import Chosen, Editing
from gui.mappings.grid import Grid
from gui.mappings.outcome_panel import OutcomePanel
from gui.mappings.person_field import PersonField
from gui.mappings.save_bar import SaveBar
from gui.mappings.table import MappingsModel, MappingsTable, ShownRow, shown_rows
from gui.mappings.trial import Trial, around
from gui.mappings.trials import Trials
from gui.mappings.warning_list import WarningList
from gui.mappings.work import MappingWork
from gui.settings import MAPPING_COLUMNS, MAPPING_DETAILS, MAPPING_PERSON, MAPPING_SPLITTER
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.header import PageHeader
from gui.widgets.labels import ElidedLabel, label, note
from gui.widgets.table import in_card
from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.rules import REQUIRED_UNMAPPED
from server.okta.people import Person, Population

REFRESH_MS = 700
"""How soon what Blink would do is asked again when calls may have changed its users."""


@dataclass(frozen=True, slots=True)
class ShowMapping:
    """A target of this page: show the row of this variable."""

    variable: str


class MappingsPage(Page):
    """Shows, changes and tries out the mappings of the chosen organization."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._chosen: Chosen | None = None
        self._just_shown = False
        self._to_do: object = None
        self._kept: set[str] = set()
        self.work = MappingWork(desk, self)
        self.trials = Trials(desk, self.work, self)
        self.editing = Editing(desk, self, self.work, lambda: self._chosen)
        self._build(desk)
        self._commands: dict[str, Callable[[], None]] = {
            "person": self.person.setFocus,
            "edit": partial(self._for_chosen_row, self.editing.edit),
            "unmap": partial(self._for_chosen_row, self.editing.unmap),
            "steps": partial(self._for_chosen_row, self.editing.copy_steps),
            "username": self.editing.edit_username,
            "undo": self.work.undo,
            "redo": self.work.redo,
            "unmapped": self.unmapped_button.toggle,
            "grid": self.grid_button.toggle,
            "details": self.details_button.toggle,
            "warnings": self._toggle_warnings,
            "duplicate": self.editing.duplicate,
            "rename": self.editing.rename,
            "delete": self.editing.delete,
            "numbers": self.work.turn_numbers,
            "reset": self.editing.reset,
            "import": self.editing.import_file,
            "export": self.editing.export,
            "export-api": partial(self.editing.export, api=True),
        }
        self.work.loaded.connect(self._show_loaded)
        self.work.changed.connect(self._show_changed)
        self.work.read_again.connect(self._show_again)
        self.trials.changed.connect(self._show_trials)
        desk.session.organization_changed.connect(self.reload)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_MS)
        self._soon.timeout.connect(self._try_again)
        desk.bridge.calls_recorded.connect(self._note_calls)
        self.reload()

    def open(self, target: object) -> None:
        """Show the page; ``target`` is a command's, or a ``ShowMapping``."""
        came, self._just_shown = self._just_shown, False
        if target is None or came:
            self.reload()
        if not self.work.ready:
            self._to_do = target
        elif isinstance(target, ShowMapping):
            self.show_row(target.variable)
        elif came and target in ("undo", "redo"):
            # Nobody should change what was not on the screen.
            self.desk.toasts.show(self.save_bar.next_words(str(target)), "neutral")
        elif target in self._commands:
            self._commands[str(target)]()

    def remember(self) -> None:
        settings = self.desk.settings
        settings.set(MAPPING_COLUMNS, self.table.layout_state())
        settings.set(MAPPING_SPLITTER, bytes(self.splitter.saveState().data()))
        settings.set(MAPPING_DETAILS, self.details_button.isChecked())

    @Slot()
    def reload(self) -> None:
        """Read mappings and people again."""
        self.work.load()

    @property
    def trial(self) -> Trial | None:
        """Return what comes of the chosen person."""
        return self.trials.trials[0] if self.trials.trials else None

    def show_row(self, variable: str) -> None:
        """Choose the row of a variable, and show it if it is hidden."""
        self.grid_button.setChecked(False)
        if self.model.number_of(variable) is None:
            self.unmapped_button.setChecked(True)
        self._choose_row(variable)
        self.table.setFocus()

    def choose_person(self, person: Person) -> None:
        """Show the values of a person."""
        self.grid_button.setChecked(False)
        self.person.choose(person.id)

    def _build(self, desk: Desk) -> None:
        theme = desk.theme
        self.save_bar = SaveBar(desk, self.work)
        self.header = PageHeader("Mappings", "", self.save_bar)
        self.grid = Grid(desk, self.work)
        self.grid.bar.hide()
        self.person = PersonField(desk, "Preview for")
        self.person.setMinimumWidth(180)
        self.person.setMaximumWidth(260)
        self.person.setToolTip(desk.actions["mappings.person"].toolTip())
        self.person.person_chosen.connect(self._take_person)
        self.person_note = ElidedLabel("", "small")
        self.grid_button = push_button(theme, "Several people", "grid", "chip")
        self.grid_button.setToolTip(desk.actions["mappings.grid"].toolTip())
        self.details_button = push_button(theme, "What is sent", "panel", "chip")
        self.details_button.setToolTip(desk.actions["mappings.details"].toolTip())
        for button in (self.grid_button, self.details_button):
            button.setCheckable(True)
        self.details_button.setChecked(desk.settings.get(MAPPING_DETAILS))
        whom = row(label("Preview for", "caption"), self.person, spacing=2)
        whom.addWidget(self.person_note, 1)
        self.whom = plain(whom)
        bar = row(spacing=2)
        bar.addWidget(self.whom, 1)
        bar.addWidget(self.grid.bar, 1)
        bar.addWidget(self.grid_button)
        bar.addWidget(self.details_button)
        self.model = MappingsModel()
        self.table = MappingsTable(theme, self.model)
        self.table.arrange(desk.settings.get(MAPPING_COLUMNS))
        self.table.edit_asked.connect(self._edit_number)
        self.table.unmap_asked.connect(self._unmap_number)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._offer)
        self.required_words = label("", wrap=True)
        self.required = note(theme, "danger", self.required_words)
        self.unmapped_button = push_button(theme, "Show unmapped attributes", kind="link")
        self.unmapped_button.setCheckable(True)
        self.unmapped_button.toggled.connect(self._show_unmapped)
        self.warnings = WarningList(theme)
        self.warnings.row_asked.connect(self.show_row)
        below = row(self.unmapped_button, None, self.warnings.button)
        table = plain(column(self.required, in_card(self.table), below, self.warnings, spacing=1))
        self.grid.edit_asked.connect(self._edit_variable)
        self.grid.person_asked.connect(self.choose_person)
        self.left = QStackedWidget()
        self.left.addWidget(table)
        self.left.addWidget(self.grid)
        self.left.setMinimumWidth(420)
        self.outcome = OutcomePanel(theme, desk.jobs)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(14)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.outcome)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([740, 300])
        if state := desk.settings.get(MAPPING_SPLITTER):
            self.splitter.restoreState(state)
        layout = column(bar, spacing=3)
        layout.addWidget(self.splitter, 1)
        content = plain(layout)
        self.no_organization = EmptyState(
            theme,
            "organization",
            "No organization yet",
            "An organization is one customer of Blink. Its mappings belong to it alone.",
            push_button(
                theme,
                "New organization",
                "plus",
                "primary",
                desk.actions["organization.new"].trigger,
            ),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(content)
        self.stack.addWidget(self.no_organization)
        self._content = content
        self.setLayout(column(self.header, self.stack, spacing=3, margins=(5, 5, 5, 5)))
        self.home = self.table
        self.grid_button.toggled.connect(self._show_grid)
        self.details_button.toggled.connect(self.outcome.setVisible)
        self.outcome.setVisible(self.details_button.isChecked())

    @Slot()
    def _show_loaded(self) -> None:
        """Show another organization or set."""
        summary = self.desk.session.organization
        self.stack.setCurrentWidget(self._content if summary else self.no_organization)
        self.save_bar.setVisible(summary is not None)
        name = f" for {summary.organization.name}" if summary else ""
        self.header.words.setText(f"How Okta fills Blink's attributes{name}")
        if self.person.organization_id != self.work.organization_id:
            self._chosen = None
            self.trials.clear()
            self.person.set_organization(self.work.organization_id)
            self.grid.set_organization(self.work.organization_id)
        self._kept = set()
        self._show_rows()
        self.trials.refresh()
        self._find_person()
        if self._to_do is not None and self.work.ready:
            target, self._to_do = self._to_do, None
            self.open(target)

    @Slot()
    def _show_changed(self) -> None:
        # As in Okta, a row that was unmapped stays and reads "Not mapped".
        self._kept = {row.attribute.variable for row in self.model.rows}
        self._show_rows()
        self._try_again()

    @Slot()
    def _note_calls(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _try_again(self) -> None:
        self.trials.refresh()
        if self.grid_button.isChecked():
            self.grid.trials.refresh()

    @Slot()
    def _show_again(self) -> None:
        self._find_person()
        if self.grid_button.isChecked():
            self.grid.open()

    def _find_person(self) -> None:
        """Preview who was previewed last, or else the first person there is."""
        organization_id, services = self.work.organization_id, self.desk.services
        wanted = self._chosen.person.id if self._chosen else self.desk.settings.get(MAPPING_PERSON)
        if organization_id is None:
            return

        def find(_progress: Progress) -> tuple[int, Person | None, Population | None]:
            people = services.okta().people
            person = people.get(organization_id, wanted) if wanted else None
            if person is None:
                person = next(iter(people.page(organization_id, limit=1).people), None)
            population = around(people, organization_id, [person]) if person else None
            return organization_id, person, population

        self.desk.jobs.run("", find, self._take_found)

    def _take_found(self, found: tuple[int, Person | None, Population | None]) -> None:
        organization_id, person, population = found
        if organization_id != self.work.organization_id:
            return
        if person and population:
            self.person.show_person(person)
            self._take_person(person, population)
            return
        self._chosen = None
        self.person_note.setText("Okta knows nobody here: add people to see values.")
        self.trials.set_people((), None)

    def _take_person(self, person: Person, population: Population) -> None:
        self._chosen = Chosen(person, population)
        self.desk.settings.set(MAPPING_PERSON, person.id)
        self.person_note.setText(person.note or person.login)
        self.model.set_person(person.name)
        self.trials.set_people((person,), population)

    @Slot()
    def _show_trials(self) -> None:
        self.outcome.show_trial(self.trial)
        self.warnings.show_warnings(self.trials.warnings)
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        mappings, warnings = self.work.mappings, self.trials.warnings
        warned = {each.variable for each in warnings}
        unmapped = self.unmapped_button.isChecked()
        rows = shown_rows(mappings, self.trial, warned, self._kept, unmapped=unmapped)
        chosen = self.table.chosen()
        self.model.show_rows(rows)
        if chosen and self.table.chosen() is None:
            self._choose_row(chosen.attribute.variable)
        hidden = len(mappings.attributes) - len(rows)
        words = "Hide unmapped attributes" if unmapped else f"Show unmapped attributes ({hidden})"
        self.unmapped_button.setText(words)
        self.unmapped_button.setAccessibleName(words)
        missing = [each.text for each in warnings if each.rule is REQUIRED_UNMAPPED]
        self.required_words.setText(" ".join(missing))
        self.required.setVisible(bool(missing))

    def _choose_row(self, variable: str) -> None:
        number = self.model.number_of(variable)
        if number is not None:
            self.table.selectRow(number)
            self.table.scrollTo(self.model.index(number, 0))

    @Slot(bool)
    def _show_unmapped(self, shown: bool) -> None:
        self._kept = set()
        self._show_rows()
        first = next((n for n, each in enumerate(self.model.rows) if not each.mapped), None)
        if shown and first is not None:
            place = QAbstractItemView.ScrollHint.PositionAtCenter
            self.table.scrollTo(self.model.index(first, 0), place)

    @Slot(bool)
    def _show_grid(self, shown: bool) -> None:
        self.left.setCurrentIndex(int(shown))
        self.whom.setVisible(not shown)
        self.grid.bar.setVisible(shown)
        # What is sent is told of one person; several need the room.
        self.details_button.setVisible(not shown)
        self.outcome.setVisible(not shown and self.details_button.isChecked())
        if shown:
            self.grid.open()

    def _toggle_warnings(self) -> None:
        self.grid_button.setChecked(False)
        self.warnings.button.toggle()

    def _for_chosen_row(self, act: Callable[[AppAttribute], None]) -> None:
        chosen: ShownRow | None = self.table.chosen()
        if chosen is None:
            self.desk.toasts.show("Choose a row of the table first.", "neutral")
        else:
            act(chosen.attribute)

    @Slot(int)
    def _edit_number(self, number: int) -> None:
        self.table.selectRow(number)
        self.editing.edit(self.model.row(number).attribute)

    @Slot(int)
    def _unmap_number(self, number: int) -> None:
        self.table.selectRow(number)
        self.editing.unmap(self.model.row(number).attribute)

    @Slot(str)
    def _edit_variable(self, variable: str) -> None:
        if attribute := self.work.mappings.attribute(variable):
            self.editing.edit(attribute)

    @Slot(QPoint)
    def _offer(self, place: QPoint) -> None:
        chosen = self.table.chosen()
        if chosen is None:
            return
        actions = self.desk.actions
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(actions["mappings.edit"])
        if chosen.row:
            menu.addAction(actions["mappings.unmap"])
        menu.addAction(actions["mappings.steps"])
        menu.popup(self.table.viewport().mapToGlobal(place))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._just_shown = True
