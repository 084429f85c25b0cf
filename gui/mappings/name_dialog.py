"""Asking for the name of a mapping set."""

from collections.abc import Callable, Collection

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.theme import Theme
from gui.widgets.boxes import field
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label


class NameDialog(Dialog):
    """Asks for a name that none of ``taken`` has; ``named`` is called with it."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        heading: str,
        text: str,
        name: str,
        taken: Collection[str],
        named: Callable[[str], None],
    ) -> None:
        super().__init__(theme, parent, heading, text)
        self._taken = {each.casefold() for each in taken}
        self._named = named
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name of the mappings")
        self.name.setMaxLength(100)
        self.name.selectAll()
        self.error = label("", tone="danger", wrap=True)
        self.add(field(label("Name", "caption"), self.name), self.error)
        self.save_button = push_button(theme, "Save", kind="primary", clicked=self._save)
        self.end_with(self.cancel_button(), self.save_button)
        self.name.textChanged.connect(self._check)
        self._check()

    @Slot()
    def _check(self) -> None:
        name = self.name.text().strip()
        known = name.casefold() in self._taken
        self.error.setText(f"There are mappings named “{name}” already." if known else "")
        self.error.setVisible(known)
        self.save_button.setEnabled(bool(name) and not known)
        self.fit()

    @Slot()
    def _save(self) -> None:
        name = self.name.text().strip()
        self.accept()
        self._named(name)
