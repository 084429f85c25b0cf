"""The people of the chosen organization: found, read, changed, imported."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QToolButton

from gui.desk import Desk, Page
from gui.jobs import Progress
from gui.people.editing import PeopleEditing
from gui.people.importing import PeopleImports
from gui.people.person_pane import PersonPane
from gui.people.rows import COLUMNS, person_cells
from gui.people.search import people_model, people_with
from gui.settings import PEOPLE_COLUMNS, PEOPLE_HIDDEN_COLUMNS, PEOPLE_SPLITTER
from gui.widgets.boxes import column, frame, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.header import PageHeader
from gui.widgets.labels import label
from gui.widgets.search_field import SearchField
from gui.widgets.table import Table
from server.okta.people import Person

READ_AFTER_MS = 40
"""A person is read when the selection has rested so long; arrow keys run through many."""

SEARCHED = (
    "Every word has to be in the name, the username, the email address, the employee number, the "
    "title or the department."
)


@dataclass(frozen=True, slots=True)
class ShowPerson:
    """A target of this page: open the person with this id."""

    person_id: str


class PeoplePage(Page):
    """A list that is searched as one types, and one person beside it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._listed: int | None = None
        self._own = 0
        self.imports = PeopleImports(desk, self)
        self.editing = PeopleEditing(desk, self)
        self.model = people_model(desk, COLUMNS, person_cells, self._show_state)
        self._build(desk)
        settings = desk.settings
        self.table.hidden = set(filter(None, settings.get(PEOPLE_HIDDEN_COLUMNS).split(",")))
        self.table.arrange(settings.get(PEOPLE_COLUMNS))
        if state := settings.get(PEOPLE_SPLITTER):
            self.splitter.restoreState(state)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(READ_AFTER_MS)
        self._rest.timeout.connect(self._read_chosen)
        self._commands = {
            "find": self._find,
            "add": self._add,
            "delete": self._delete,
            "import-csv": self.imports.ask_for_csv,
            "import-json": self.imports.ask_for_json,
            "tenant": self.imports.ask_for_tenant,
            "reset": self._reset,
        }
        self._connect(desk)
        self.home = self.table

    def open(self, target: object) -> None:
        self.reload()
        if isinstance(target, ShowPerson):
            self.show_person(target.person_id)
        elif isinstance(target, str):
            self._commands[target]()

    def remember(self) -> None:
        settings = self.desk.settings
        settings.set(PEOPLE_COLUMNS, self.table.layout_state())
        settings.set(PEOPLE_HIDDEN_COLUMNS, ",".join(sorted(self.table.hidden)))
        settings.set(PEOPLE_SPLITTER, bytes(self.splitter.saveState().data()))

    @property
    def chosen(self) -> Person | None:
        """Return the person of the selected row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.row(rows[0].row()) if rows else None

    @Slot()
    def reload(self) -> None:
        """Read the list again where it is looked at; of another organization from its beginning."""
        summary = self.desk.session.organization
        if summary is None:
            self._listed = None
            self.model.clear()
            self.close_person()
            self._show_state()
            return
        organization_id = summary.organization.id
        if organization_id == self._listed:
            self.model.reload()
        else:
            self._listed = organization_id
            self.close_person()
            self.search.reset()
            self.model.show_list(people_with(self.desk, organization_id, ""))
        services = self.desk.services

        def look(_progress: Progress) -> tuple[int, bool, int]:
            people = services.okta().people
            return organization_id, people.has_own(organization_id), people.count(organization_id)

        self.desk.jobs.run("", look, self._take_whose)

    def show_person(self, person_id: str) -> None:
        """Open a person beside the list, also one whom the search leaves out."""
        if self._listed is not None:
            self._rest.stop()
            self.pane.read(self._listed, person_id)
            self._open_pane()

    @Slot()
    def close_person(self) -> None:
        """Close the person beside the list."""
        self._rest.stop()
        self.pane.shown = None
        self.pane.hide()
        self.table.clearSelection()
        self.table.setFocus()

    def _build(self, desk: Desk) -> None:
        theme, registry = desk.theme, desk.actions
        self.search = SearchField(
            theme, "Find people", "Name, username, email, number, title, department"
        )
        self.search.setToolTip(registry["people.find"].toolTip())
        self.search.setFixedWidth(420)
        self.count = label("", "small")
        self.add_button = push_button(theme, "Add…", "plus", clicked=registry["people.add"].trigger)
        self.add_button.setToolTip(registry["people.add"].toolTip())
        self.import_button = self._import_menu()
        self.header = PageHeader("People", "", self.add_button, self.import_button)
        self.table = Table(theme, "People", COLUMNS)
        self.table.setModel(self.model)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.no_match = EmptyState(
            theme,
            "search",
            "",
            SEARCHED,
            push_button(theme, "Clear search", "close", clicked=self.search.clear),
        )
        self.no_organization = EmptyState(
            theme,
            "organization",
            "No organization yet",
            "An organization is one customer of Blink. Its people are those whom its Okta knows.",
            push_button(
                theme,
                "New organization",
                "plus",
                "primary",
                registry["organization.new"].trigger,
            ),
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.no_match, self.no_organization):
            self.stack.addWidget(part)
        card = frame("card", column(self.stack, margins=(1, 1, 1, 1)))
        card.setMinimumWidth(420)
        self.pane = PersonPane(desk)
        self.pane.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.pane)
        self.splitter.setStretchFactor(0, 11)
        self.splitter.setStretchFactor(1, 9)
        self.bar = plain(row(self.search, self.count, None, spacing=3))
        layout = column(self.header, self.bar, spacing=3, margins=(5, 5, 5, 4))
        layout.addWidget(self.splitter, 1)
        self.setLayout(layout)

    def _import_menu(self) -> QToolButton:
        registry = self.desk.actions
        button = QToolButton()
        button.setText(" Import  ▾")
        button.setAccessibleName("Import")
        button.setProperty("kind", "framed")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.desk.theme.icons.put(button, "import", "muted")
        menu = QMenu(button)
        for key in ("people.import_csv", "people.import_json", "people.tenant"):
            menu.addAction(registry[key])
        menu.addSeparator()
        menu.addAction(registry["people.reset"])
        button.setMenu(menu)
        return button

    def _connect(self, desk: Desk) -> None:
        self.search.search_changed.connect(self._search)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.row_opened.connect(self._focus_pane)
        self.table.customContextMenuRequested.connect(self._offer)
        self.pane.closed.connect(self.close_person)
        self.pane.delete_asked.connect(self._delete)
        self.pane.person_asked.connect(self.show_person)
        self.pane.saved.connect(self.reload)
        self.imports.imported.connect(self._take_others)
        self.editing.added.connect(self._added)
        self.editing.deleted.connect(self._deleted)
        self.editing.reset_done.connect(self._take_others)
        desk.session.organization_changed.connect(self._change_organization)

    @Slot(str)
    def _search(self, text: str) -> None:
        if self._listed is not None:
            self.search.set_busy(True)
            self.model.show_list(people_with(self.desk, self._listed, text))

    @Slot()
    def _show_state(self) -> None:
        self.search.set_busy(self.model.busy)
        total, text = self.model.total, self.search.text().strip()
        known = self._listed is not None
        for part in (self.bar, self.add_button, self.import_button):
            part.setVisible(known)
        people = "1 person" if total == 1 else f"{total:,} people"
        self.count.setText(f"{people} found" if text else people)
        if not known:
            if self.desk.session.loaded:
                self.stack.setCurrentWidget(self.no_organization)
        elif total or self.model.busy or not text:
            self.stack.setCurrentWidget(self.table)
        else:
            self.no_match.say(f"Nobody matches “{text}”", SEARCHED)
            self.stack.setCurrentWidget(self.no_match)
        self._find_shown()

    def _find_shown(self) -> None:
        """Keep the row of the open person selected, wherever it went."""
        shown = self.pane.person
        if shown is None or self.pane.isHidden():
            return
        chosen = self.chosen
        if chosen and chosen.id == shown.id:
            return
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.table.clearSelection()
        for number, person in self.model.rows_there():
            if person.id == shown.id:
                self.table.selectRow(number)
        selection.blockSignals(False)
        self.table.viewport().update()

    def _take_whose(self, told: tuple[int, bool, int]) -> None:
        organization_id, has_own, count = told
        summary = self.desk.session.organization
        if summary is None or summary.organization.id != organization_id:
            return
        self._own = count if has_own else 0
        name = summary.organization.name
        if has_own:
            people = "1 person" if count == 1 else f"{count:,} people"
            self.header.words.setText(f"{people} of {name}, as Okta knows them")
        else:
            self.header.words.setText(
                f"The shipped samples, awkward in one way each, until you import those of {name}"
            )

    @Slot()
    def _choose(self) -> None:
        if self.chosen:
            self._rest.start()

    @Slot()
    def _read_chosen(self) -> None:
        if chosen := self.chosen:
            self.show_person(chosen.id)

    def _open_pane(self) -> None:
        self.pane.show()
        self.table.fit_columns()

    @Slot()
    def _focus_pane(self) -> None:
        self._read_chosen()
        self.pane.setFocus()

    @Slot()
    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @Slot(object)
    def _added(self, person: Person) -> None:
        self.reload()
        self.show_person(person.id)

    @Slot()
    def _delete(self) -> None:
        if self._listed is not None:
            self.editing.delete(self._listed, self.pane.person or self.chosen)

    @Slot()
    def _deleted(self) -> None:
        self.close_person()
        self.reload()

    def _add(self) -> None:
        if self._listed is not None:
            self.editing.add(self._listed)

    def _reset(self) -> None:
        if self._listed is not None:
            self.editing.reset(self._listed, self._own)

    @Slot()
    def _take_others(self) -> None:
        """Show the people anew from the beginning: others have taken their place."""
        self._listed = None
        self.reload()

    @Slot()
    def _change_organization(self) -> None:
        if self.isVisible():
            self.reload()

    @Slot(QPoint)
    def _offer(self, place: QPoint) -> None:
        if self.chosen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        icons = self.desk.theme.icons
        icons.put(menu.addAction("Open", self._focus_pane), "user", "muted")
        icons.put(menu.addAction("Delete…", self._delete), "trash", "danger")
        menu.popup(self.table.viewport().mapToGlobal(place))

    def event(self, event: QEvent) -> bool:
        # Before the window takes Ctrl+F for the live log.
        if event.type() == QEvent.Type.ShortcutOverride and _is_find(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_find(event):
            self._find()
        elif event.key() == Qt.Key.Key_Escape and not self.pane.isHidden():
            self.close_person()
        elif event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self._delete()
        else:
            super().keyPressEvent(event)


def _is_find(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Find)
