"""The dialog before an import of Okta's users as JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.people.mode_buttons import ModeButtons
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label


class JsonFile(NamedTuple):
    """A file with users: how many, and the custom attributes that they have."""

    path: Path
    data: bytes
    users: int
    attributes: tuple[str, ...]


class JsonDialog(Dialog):
    """``ordered`` is called with the file, and whether everybody is to be replaced."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        file: JsonFile,
        ordered: Callable[[JsonFile, bool], None],
        *,
        has_own: bool,
    ) -> None:
        users = "1 user" if file.users == 1 else f"{file.users:,} users"
        super().__init__(
            desk.theme, parent, f"Import people from {file.path.name}", f"The file holds {users}."
        )
        self._file = file
        self._ordered = ordered
        self.mode = ModeButtons(has_own=has_own)
        if file.attributes:
            names = ", ".join(file.attributes[:20])
            more = len(file.attributes) - 20
            others = f" and {more} more" if more > 0 else ""
            self.add(label(f"Custom attributes: {names}{others}", wrap=True))
        self.add(self.mode)
        self.import_button = push_button(desk.theme, "Import", kind="primary", clicked=self._import)
        self.end_with(self.cancel_button(), self.import_button)

    @Slot()
    def _import(self) -> None:
        self.accept()
        self._ordered(self._file, self.mode.replaces)
