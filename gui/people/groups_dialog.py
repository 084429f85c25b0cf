"""Changing the groups of a person: a name on each line."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui.theme import Theme
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from server.okta.people import Person, PersonGroup, group_named


class GroupsDialog(Dialog):
    """``saved`` is called with the groups; those whose name stays keep their id and type."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        person: Person,
        saved: Callable[[tuple[PersonGroup, ...]], None],
    ) -> None:
        super().__init__(
            theme,
            parent,
            f"Groups of {person.name}",
            "The name of a group on each line. Expressions ask for them, as in "
            'isMemberOfGroupName("Nurses").',
        )
        self._known = {group.name: group for group in person.groups}
        self._saved = saved
        self.names = QPlainTextEdit("\n".join(self._known))
        self.names.setAccessibleName("Groups, one on each line")
        self.names.setTabChangesFocus(True)
        self.names.setMinimumHeight(180)
        self.save_button = push_button(theme, "Save", kind="primary", clicked=self._save)
        self.add(self.names)
        self.end_with(self.cancel_button(), self.save_button)

    @Slot()
    def _save(self) -> None:
        lines = (line.strip() for line in self.names.toPlainText().splitlines())
        names = dict.fromkeys(line for line in lines if line)
        groups = tuple(self._known.get(name) or group_named(name) for name in names)
        self.accept()
        self._saved(groups)
