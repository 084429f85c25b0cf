"""One person beside the list: profile, ties, JSON; what is changed is saved at once."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame

from gui.desk import Desk
from gui.jobs import Progress
from gui.people.groups_dialog import GroupsDialog
from gui.people.manager_dialog import ManagerDialog
from gui.people.profile_view import ProfileView
from gui.people.reading import ShownPerson, read_person, shown
from gui.people.relations_view import RelationsView
from gui.people.rows import STATUS_LOOKS, status_look
from gui.widgets.boxes import clear, column, plain, row
from gui.widgets.buttons import CopyButton, tool_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.json_view import JsonView
from gui.widgets.labels import ElidedLabel, label, note, selectable
from gui.widgets.tabs import Tabs
from server.okta.people import Person, PersonGroup, problem
from server.okta.people.documents import person_document


class PersonPane(QFrame):
    """Shows a ``ShownPerson``, and saves what is changed.

    Signals:
        closed: the pane is to go.
        delete_asked: the person is to be deleted.
        person_asked: another person is to be shown, with the id.
        saved: a change was saved.
    """

    closed = Signal()
    delete_asked = Signal()
    person_asked = Signal(str)
    saved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._saving = False
        self._waiting: tuple[int, Person] | None = None
        self.shown: ShownPerson | None = None
        theme = desk.theme
        self.setProperty("kind", "card")
        self.setMinimumWidth(400)
        self.name = ElidedLabel("", "heading")
        self.login = ElidedLabel("", "small")
        self.status = ChoiceBox(theme, "Status in Okta")
        for status, look in STATUS_LOOKS.items():
            self.status.addItem(look.words, status)
        self.status.activated.connect(self._change_status)
        copy = CopyButton(theme, "Copy the Okta id", self._id)
        delete = tool_button(theme, "Delete the person", "trash", "Delete…", self.delete_asked.emit)
        close = tool_button(theme, "Close the person", "close", "Close (Esc)", self.closed.emit)
        self._note = column(spacing=0)
        self.profile = ProfileView(theme)
        self.relations = RelationsView(theme)
        self.json = JsonView(theme, desk.jobs, "JSON of the person")
        self.tabs = Tabs(
            theme,
            "Person",
            (
                ("Profile", self.profile),
                ("Groups and people", self.relations),
                ("JSON", self.json),
            ),
        )
        head = row(self.name, copy, delete, close, spacing=0)
        head.setStretch(0, 1)
        facts = row(self.login, self.status, spacing=2)
        facts.setStretch(0, 1)
        layout = column(plain(head), plain(facts), spacing=2, margins=(4, 3, 3, 3))
        layout.addLayout(self._note)
        layout.addWidget(self.tabs, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.profile)
        self.profile.value_changed.connect(self._change_value)
        self.relations.person_asked.connect(self.person_asked)
        self.relations.groups_asked.connect(self._change_groups)
        self.relations.manager_asked.connect(self._choose_manager)
        self.relations.manager_removed.connect(self._remove_manager)

    @property
    def person(self) -> Person | None:
        """Return who is shown."""
        return self.shown.person if self.shown else None

    def show_person(self, shown: ShownPerson) -> None:
        """Show a person."""
        self.shown = shown
        person = shown.person
        self.name.setText(person.name or person.id)
        self.login.setText(f"{person.login}  ·  {person.id}")
        if self.status.findData(person.status) < 0:
            self.status.addItem(status_look(person.status).words, person.status)
        self.status.setCurrentIndex(self.status.findData(person.status))
        clear(self._note)
        if person.note:
            text = selectable(label(person.note, wrap=True))
            self._note.addWidget(note(self._desk.theme, "accent", text))
        self.profile.show_person(person, shown.schema)
        self.relations.show_person(shown)
        self.json.set_json(person_document(person))

    def read(self, organization_id: int, person_id: str) -> None:
        """Show the person with an id once they are read."""
        services = self._desk.services

        def read(_progress: Progress) -> ShownPerson | None:
            return read_person(services.okta().people, organization_id, person_id)

        self._desk.jobs.run("", read, self._take)

    def _take(self, shown: ShownPerson | None) -> None:
        if shown is None:
            self._desk.toasts.show(
                "This person is not there any more: search for another one.", "warning"
            )
            self.closed.emit()
            return
        self.show_person(shown)

    @Slot(str, object)
    def _change_value(self, name: str, value: Any) -> None:
        if self.shown is None:
            return
        profile = dict(self.shown.person.profile)
        if value is None:
            profile.pop(name, None)
        else:
            profile[name] = value
        if profile == self.shown.person.profile:
            return
        if wrong := problem(profile, self.shown.schema):
            self.profile.say(wrong)
            return
        self._save(replace(self.shown.person, profile=profile))

    @Slot()
    def _change_status(self) -> None:
        if self.shown and self.status.currentData() != self.shown.person.status:
            self._save(replace(self.shown.person, status=self.status.currentData()))

    @Slot()
    def _change_groups(self) -> None:
        if self.shown:
            GroupsDialog(
                self._desk.theme, self.window(), self.shown.person, self._save_groups
            ).open()

    def _save_groups(self, groups: tuple[PersonGroup, ...]) -> None:
        if self.shown:
            self._save(replace(self.shown.person, groups=groups))

    @Slot()
    def _choose_manager(self) -> None:
        if self.shown:
            ManagerDialog(
                self._desk,
                self.window(),
                self.shown.organization_id,
                self.shown.person,
                self._save_manager,
            ).open()

    def _save_manager(self, manager: Person) -> None:
        if self.shown:
            named = {"managerId": manager.id, "manager": manager.name}
            profile = {**self.shown.person.profile, **named}
            self._save(replace(self.shown.person, manager_id=manager.id, profile=profile))

    @Slot()
    def _remove_manager(self) -> None:
        if self.shown:
            person = self.shown.person
            profile = {
                name: value
                for name, value in person.profile.items()
                if name not in ("managerId", "manager")
            }
            self._save(replace(person, manager_id=None, profile=profile))

    def _save(self, person: Person) -> None:
        """Show a change at once, and write it; while one is written, the next one waits."""
        if self.shown is None:
            return
        self.show_person(replace(self.shown, person=person))
        if self._saving:
            self._waiting = self.shown.organization_id, person
        else:
            self._write(self.shown.organization_id, person)

    def _write(self, organization_id: int, person: Person) -> None:
        self._saving = True
        services = self._desk.services

        def save(_progress: Progress) -> ShownPerson:
            people = services.okta().people
            return shown(people, organization_id, people.save(organization_id, person))

        self._desk.jobs.run("", save, self._take_saved, self._refused)

    def _take_saved(self, saved: ShownPerson) -> None:
        self._saving = False
        self.saved.emit()
        if self._waiting:
            waiting, self._waiting = self._waiting, None
            self._write(*waiting)
        elif self.shown and self.shown.person.id == saved.person.id:
            self.show_person(saved)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self._waiting = None
        self._desk.toasts.show_error(error)
        if self.shown:
            self.read(self.shown.organization_id, self.shown.person.id)

    def _id(self) -> str:
        return self.shown.person.id if self.shown else ""
