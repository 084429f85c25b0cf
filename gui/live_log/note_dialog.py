"""A person's note on a call."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from gui.theme import Theme
from gui.widgets.boxes import field
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label


class NoteDialog(Dialog):
    """Asks for a note; an empty one takes the note away."""

    def __init__(
        self, theme: Theme, parent: QWidget, text: str, keep: Callable[[str], None]
    ) -> None:
        super().__init__(
            theme,
            parent,
            "Note on this call",
            "It stands in the list, goes into exports, and is found with note:word. A call with a "
            "note is kept however old it gets.",
        )
        self._keep = keep
        self.note = QLineEdit(text)
        self.note.setMaxLength(500)
        self.note.setAccessibleName("Note")
        self.add(field(label("Note", "caption"), self.note))
        save = push_button(theme, "Save", kind="primary", clicked=self.accept)
        self.end_with(self.cancel_button(), save)
        self.note.setFocus()

    def accept(self) -> None:
        super().accept()
        self._keep(self.note.text().strip())
