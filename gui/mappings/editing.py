"""What can be done with mappings: the dialogs, and what they lead to."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.mappings.files import MappingFiles
from gui.mappings.history import History
from gui.mappings.mapping_dialog import MappingDialog
from gui.mappings.name_dialog import NameDialog
from gui.mappings.person_field import PersonField
from gui.mappings.username_dialog import UsernameDialog
from gui.mappings.work import FIRST_NAME, MappingWork
from gui.widgets.dialog import ConfirmDialog
from server.okta.mapping.app_profile import USER_NAME, AppAttribute
from server.okta.mapping.rows import MappingRow, MappingSet
from server.okta.mapping.steps import steps, username_steps
from server.okta.people import Person, Population


class Chosen(NamedTuple):
    """The person whose values the page shows, with those who matter to them."""

    person: Person
    population: Population


class Editing(QObject):
    """Opens the dialogs over a page and puts what they say into the mappings under work."""

    def __init__(
        self, desk: Desk, page: QWidget, work: MappingWork, chosen: Callable[[], Chosen | None]
    ) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._work = work
        self._chosen = chosen
        self._history = History(desk.settings)
        self._files = MappingFiles(desk, page)

    @property
    def name(self) -> str:
        """Return what the mappings are called."""
        return self._work.stored.name if self._work.stored else FIRST_NAME

    def edit(self, attribute: AppAttribute) -> None:
        """Open Okta's dialog for an attribute, or the one for the username format."""
        if attribute.variable == USER_NAME:
            self.edit_username()
            return

        def save(row: MappingRow) -> None:
            self._work.map(row, attribute.title)

        work = self._work
        dialog = MappingDialog(
            self._desk,
            self._page.window(),
            work.mappings,
            attribute,
            work.schema,
            self._person_field(),
            self._history,
            save,
        )
        self._open(dialog)

    def edit_username(self) -> None:
        """Open the dialog for the username format."""
        work = self._work
        dialog = UsernameDialog(
            self._desk,
            self._page.window(),
            work.mappings,
            work.schema,
            self._person_field(),
            self._history,
            work.set_username,
        )
        self._open(dialog)

    def unmap(self, attribute: AppAttribute) -> None:
        """Ask as Okta does, then leave the attribute unmapped."""
        if attribute.variable not in self._work.mappings.by_variable:
            return

        def confirmed() -> None:
            self._work.unmap(attribute.variable, attribute.title)

        ConfirmDialog(
            self._desk.theme,
            self._page.window(),
            f"Remove the mapping of {attribute.title}?",
            f"{attribute.title} ({attribute.variable}) will be Not mapped. Okta then sends what "
            "the app profile still holds of it; to keep it from being sent at all, delete the "
            "attribute from the app's profile in Okta.",
            "OK",
            confirmed,
        ).open()

    def copy_steps(self, attribute: AppAttribute) -> None:
        """Put on the clipboard what a person does in Okta for a row."""
        mappings = self._work.mappings
        if attribute.variable == USER_NAME:
            text = username_steps(mappings.username)
        else:
            text = steps(attribute, mappings.by_variable.get(attribute.variable))
        QGuiApplication.clipboard().setText(text)
        self._desk.toasts.show(f"The steps for {attribute.title} are on the clipboard.")

    def duplicate(self) -> None:
        """Ask for a name and go on with a copy."""
        self._ask_name(
            "Duplicate mappings",
            "The copy is used from now on; the others stay as they are.",
            f"{self.name} copy",
            [each.name for each in self._work.sets] or [FIRST_NAME],
            self._work.duplicate,
        )

    def rename(self) -> None:
        """Ask for another name."""
        others = [each.name for each in self._work.sets if each.name != self.name]
        self._ask_name("Rename mappings", "", self.name, others, self._work.rename)

    def delete(self) -> None:
        """Ask, and delete the mappings with their history."""
        others = [each.name for each in self._work.sets if each.name != self.name]
        then = f"“{others[0]}” is used then." if others else "Okta's default is used then."
        self._ask(
            f"Delete the mappings “{self.name}”?",
            f"Their history is deleted as well; this cannot be taken back. {then}",
            "Delete mappings",
            self._work.delete,
        )

    def reset(self) -> None:
        """Ask, and go back to Okta's default."""
        self._ask(
            "Reset the mappings to default?",
            "All attributes are mapped as Okta's Blink app comes with. Undo brings yours back.",
            "Reset",
            self._work.reset,
        )

    def import_file(self) -> None:
        """Ask for a file and take its mappings."""
        self._files.read(self._work.mappings, self.take_file)

    def take_file(self, mappings: MappingSet, name: str) -> None:
        """Show mappings that were read from a file."""
        if mappings == self._work.mappings:
            self._desk.toasts.show(f"{name} holds the mappings that are here already.", "neutral")
            return
        self._work.put(mappings, f"Imported {name}")
        self._desk.toasts.show(f"{name} was imported. Undo brings back what was here.")

    def export(self, *, api: bool = False) -> None:
        """Ask for a place and write the mappings to a file."""
        self._files.write(self._work.mappings, self.name, api=api)

    def _person_field(self) -> PersonField:
        made = PersonField(self._desk, "User to preview")
        made.set_organization(self._work.organization_id)
        return made

    def _open(self, dialog: MappingDialog | UsernameDialog) -> None:
        chosen = self._chosen()
        if chosen:
            dialog.show_person(chosen.person, chosen.population)
        dialog.open()

    def _ask(self, heading: str, text: str, yes: str, confirmed: Callable[[], None]) -> None:
        ConfirmDialog(self._desk.theme, self._page.window(), heading, text, yes, confirmed).open()

    def _ask_name(
        self,
        heading: str,
        text: str,
        name: str,
        taken: list[str],
        named: Callable[[str], None],
    ) -> None:
        window = self._page.window()
        NameDialog(self._desk.theme, window, heading, text, name, taken, named).open()
