"""Choosing one of Okta's people, with whom their expressions can reach."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Signal, Slot
from PySide6.QtWidgets import QCompleter, QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.mappings.trial import around
from gui.widgets.boxes import column
from gui.widgets.search_field import SearchField
from server.okta.people import Person, Population

MOST_FOUND = 12


class PersonField(QWidget):
    """A field to type a name, login or email address into.

    Signals:
        person_chosen: a person was chosen, with a ``Population`` of all who matter to them.
    """

    person_chosen = Signal(object, object)

    def __init__(self, desk: Desk, name: str, words: str = "Type a user's name") -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._desk = desk
        self._organization_id: int | None = None
        self._found: Sequence[Person] = ()
        self._wanted = 0
        self.line = SearchField(desk.theme, name, words)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._choose)
        self.line.setCompleter(completer)
        self.line.textEdited.connect(self._find)
        self.line.returnPressed.connect(self._choose_first)
        self.setLayout(column(self.line, spacing=0))
        self.setFocusProxy(self.line)

    @property
    def organization_id(self) -> int | None:
        """Return whose people are found."""
        return self._organization_id

    def set_organization(self, organization_id: int | None) -> None:
        """Find people of another organization."""
        self._organization_id = organization_id
        self._found = ()
        self._wanted += 1
        self.line.reset()

    def show_person(self, person: Person) -> None:
        """Show who is chosen."""
        self.line.blockSignals(True)
        self.line.setText(person.name)
        self.line.blockSignals(False)
        self.line.setCursorPosition(0)

    def choose(self, person: Person) -> None:
        """Choose a person, as if by typing."""
        self.show_person(person)
        self._wanted += 1
        number, organization_id = self._wanted, self._organization_id
        if organization_id is None:
            return
        services = self._desk.services

        def read(_progress: Progress) -> tuple[int, Person, Population]:
            people = services.okta().people
            return number, person, around(people, organization_id, [person])

        self._desk.jobs.run("", read, self._take)

    def _take(self, answer: tuple[int, Person, Population]) -> None:
        number, person, population = answer
        if number == self._wanted:
            self.person_chosen.emit(person, population)

    @Slot(str)
    def _find(self, typed: str) -> None:
        organization_id, services = self._organization_id, self._desk.services
        if organization_id is None:
            return

        def find(_progress: Progress) -> tuple[str, Sequence[Person]]:
            people = services.okta().people
            return typed, people.page(organization_id, typed, limit=MOST_FOUND).people

        self._desk.jobs.run("", find, self._offer)

    def _offer(self, answer: tuple[str, Sequence[Person]]) -> None:
        typed, self._found = answer
        if typed == self.line.text():
            self._names.setStringList([f"{each.name} | {each.login}" for each in self._found])
            self.line.completer().complete()

    @Slot(str)
    def _choose(self, text: str) -> None:
        for person in self._found:
            if text == f"{person.name} | {person.login}":
                self.choose(person)

    @Slot()
    def _choose_first(self) -> None:
        if self._found:
            self.choose(self._found[0])
