"""Adding and deleting people, and going back to the samples: asked, carried out, told."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.people.add_dialog import AddDialog
from gui.widgets.dialog import ConfirmDialog
from server.okta.people import Person


class PeopleEditing(QObject):
    """Opens the dialogs.

    Signals:
        added: somebody was added, with the ``Person``.
        deleted: somebody was deleted.
        reset_done: the samples are back.
    """

    added = Signal(object)
    deleted = Signal()
    reset_done = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page

    def add(self, organization_id: int) -> None:
        """Ask for a person and add them."""
        AddDialog(self._desk, self._page.window(), organization_id, self._take_added).open()

    def delete(self, organization_id: int, person: Person | None) -> None:
        """Ask, and delete a person."""
        if person is None:
            self._desk.toasts.show("Choose a person of the list first.", "neutral")
            return
        ConfirmDialog(
            self._desk.theme,
            self._page.window(),
            f"Delete {person.name or person.login}?",
            "The person is deleted here alone. Nothing changes in Okta, nor at Blink.",
            "Delete person",
            partial(self._delete_now, organization_id, person),
        ).open()

    def reset(self, organization_id: int, people: int) -> None:
        """Ask, and go back to the samples; ``people`` are those of the organization's own."""
        if not people:
            self._desk.toasts.show("The people are the shipped samples already.", "neutral")
            return
        who = "The only person" if people == 1 else f"All {people:,} people"
        ConfirmDialog(
            self._desk.theme,
            self._page.window(),
            "Reset to the shipped samples?",
            f"{who} of this organization will be deleted here, and the shipped samples are back. "
            "Nothing changes in Okta, nor at Blink.",
            "Reset people",
            partial(self._reset_now, organization_id),
        ).open()

    def _take_added(self, person: Person) -> None:
        self._desk.toasts.show(f"{person.name} is added.")
        self.added.emit(person)

    def _delete_now(self, organization_id: int, person: Person) -> None:
        services = self._desk.services

        def delete(_progress: Progress) -> Person:
            services.okta().people.delete(organization_id, [person.id])
            return person

        self._desk.jobs.run("", delete, self._take_deleted)

    def _take_deleted(self, person: Person) -> None:
        self._desk.toasts.show(f"{person.name or person.login} is deleted.")
        self.deleted.emit()

    def _reset_now(self, organization_id: int) -> None:
        services = self._desk.services

        def reset(_progress: Progress) -> None:
            services.okta().people.reset_to_samples(organization_id)

        self._desk.jobs.run("Deleting people", reset, self._take_reset)

    def _take_reset(self, _nothing: None) -> None:
        self._desk.toasts.show("The shipped samples are back.")
        self.reset_done.emit()
