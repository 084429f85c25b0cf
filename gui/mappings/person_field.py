"""Choosing one of Okta's people, with whom their expressions can reach."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.mappings.trial import around
from gui.widgets.boxes import column
from gui.widgets.person_chooser import PersonChoice, PersonChooser
from server.okta.people import Person, Population

MOST_FOUND = 12


class PersonField(QWidget):
    """A field to type a name, login or email address into.

    Signals:
        person_chosen: a person was chosen, with a ``Population`` of all who matter to them.
    """

    person_chosen = Signal(object, object)

    def __init__(self, desk: Desk, name: str, placeholder: str = "Type a user's name") -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._desk = desk
        self._organization_id: int | None = None
        self._wanted = 0
        self.chooser = PersonChooser(desk.theme, desk.jobs, self._find, name)
        self.chooser.field.setPlaceholderText(placeholder)
        self.chooser.person_chosen.connect(self.choose)
        self.setLayout(column(self.chooser, spacing=0))
        self.setFocusProxy(self.chooser)

    @property
    def organization_id(self) -> int | None:
        """Return whose people are found."""
        return self._organization_id

    def set_organization(self, organization_id: int | None) -> None:
        """Find people of another organization."""
        self._organization_id = organization_id
        self.clear()

    def clear(self) -> None:
        """Show nobody."""
        self._wanted += 1
        self.chooser.set_person(None)

    def show_person(self, person: Person) -> None:
        """Show who is chosen."""
        self.chooser.set_person(_choice(person))

    @Slot(str)
    def choose(self, person_id: str) -> None:
        """Choose the person with this id."""
        self._wanted += 1
        number, organization_id = self._wanted, self._organization_id
        services = self._desk.services
        if organization_id is None:
            return

        def read(_progress: Progress) -> tuple[int, Person | None, Population]:
            people = services.okta().people
            person = people.get(organization_id, person_id)
            return number, person, around(people, organization_id, [person] if person else [])

        self._desk.jobs.run("", read, self._take)

    def _take(self, answer: tuple[int, Person | None, Population]) -> None:
        number, person, population = answer
        if number == self._wanted and person:
            self.show_person(person)
            self.person_chosen.emit(person, population)

    def _find(self, text: str) -> Sequence[PersonChoice]:
        """Called in a job's thread."""
        organization_id = self._organization_id
        if organization_id is None:
            return ()
        people = self._desk.services.okta().people
        found = people.page(organization_id, text, limit=MOST_FOUND).people
        return [_choice(person) for person in found]


def _choice(person: Person) -> PersonChoice:
    return PersonChoice(person.id, person.name, person.login)
