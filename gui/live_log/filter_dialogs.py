"""The dialogs of the filter: what can be written, and a name for what was."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gui.live_log.saved_filters import SavedFilter
from gui.theme import SPACE, Theme
from gui.widgets.boxes import field, plain, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from server.calls.filters import FIELDS

WORDS = (
    "Terms behind each other must all hold. “or” is either of two, a minus or “not” the opposite, "
    "brackets group. Quote what has blanks; * stands for anything. A word alone is looked for "
    "anywhere in a call."
)


class FilterHelp(Dialog):
    """The fields of the filter language; a click on an example writes it."""

    def __init__(self, theme: Theme, parent: QWidget, write: Callable[[str], None]) -> None:
        super().__init__(theme, parent, "Filtering calls", WORDS)
        self.setMinimumWidth(720)
        self._write = write
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE[4])
        grid.setVerticalSpacing(SPACE[1])
        grid.setContentsMargins(0, 0, SPACE[3], 0)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, 240)
        middle = Qt.AlignmentFlag.AlignVCenter
        for number, each in enumerate(FIELDS.values()):
            grid.addWidget(label(each.name, "strong"), number, 0, middle)
            grid.addWidget(label(each.help, wrap=True), number, 1)
            example = push_button(theme, each.example, kind="link")
            example.clicked.connect(partial(self._use, each.example))
            grid.addWidget(example, number, 2, Qt.AlignmentFlag.AlignLeft | middle)
        area = scrolled(plain(grid))
        area.setMinimumHeight(400)
        self.add(area)
        close = push_button(theme, "Close", kind="primary", clicked=self.accept)
        self.end_with(close)

    def _use(self, example: str) -> None:
        self.accept()
        self._write(example)


class SaveFilterDialog(Dialog):
    """Asks for the name of a filter."""

    def __init__(
        self, theme: Theme, parent: QWidget, saved: SavedFilter, save: Callable[[str, str], None]
    ) -> None:
        super().__init__(theme, parent, "Save this filter", saved.text)
        self._saved = saved
        self._save = save
        self.name = QLineEdit(saved.name)
        self.name.setAccessibleName("Name of the filter")
        self.name.setMaxLength(40)
        self.save_button = push_button(theme, "Save", kind="primary", clicked=self.accept)
        self.save_button.setEnabled(False)
        self.name.textChanged.connect(self._allow)
        self.add(field(label("Name", "caption"), self.name))
        self.end_with(self.cancel_button(), self.save_button)
        self.name.setFocus()

    @Slot(str)
    def _allow(self, text: str) -> None:
        self.save_button.setEnabled(bool(text.strip()))

    def accept(self) -> None:
        super().accept()
        self._save(self.name.text().strip(), self._saved.text)
