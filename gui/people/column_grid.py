"""What becomes of each column of a CSV file: header, some values, and a choice."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.people.csv_file import CsvFile, choices, moved
from gui.theme import SPACE, Theme
from gui.widgets.boxes import clear, plain, scrolled
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.labels import ElidedLabel, label
from server.okta.people import Column, ProfileSchema, Target


class ColumnGrid(QWidget):
    """A line for each column.

    Signals:
        changed: a column becomes something else.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._theme = theme
        self._headers: Sequence[str] = ()
        self.boxes: list[TargetBox] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, SPACE[3], 0)
        self._grid.setHorizontalSpacing(SPACE[4])
        self._grid.setVerticalSpacing(SPACE[1])
        for place, stretch in enumerate((4, 5, 6)):
            self._grid.setColumnStretch(place, stretch)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(plain(self._grid)))

    def show_file(
        self, file: CsvFile, schema: ProfileSchema, targets: Sequence[Target] | None = None
    ) -> None:
        """Show the columns of a file; without ``targets`` they become what is suggested."""
        clear(self._grid)
        self._headers = file.table.headers
        self.boxes = []
        for place, words in enumerate(("Column of the file", "Its values", "Becomes")):
            self._grid.addWidget(label(words, "caption"), 0, place)
        wanted = file.suggested if targets is None else targets
        columns = zip(self._headers, file.samples, wanted, strict=True)
        for number, (header, values, target) in enumerate(columns, 1):
            box = TargetBox(self._theme, header, schema, moved(target, schema))
            box.currentIndexChanged.connect(self.changed)
            self.boxes.append(box)
            self._grid.addWidget(ElidedLabel(header or "(no name)", "strong"), number, 0)
            self._grid.addWidget(ElidedLabel("  ·  ".join(values) or "–", "muted"), number, 1)
            self._grid.addWidget(box, number, 2)
        self._grid.setRowStretch(len(self._headers) + 1, 1)
        self.changed.emit()

    @property
    def columns(self) -> list[Column]:
        """Return the columns as they are chosen."""
        return [
            Column(header, box.target)
            for header, box in zip(self._headers, self.boxes, strict=True)
        ]


class TargetBox(ChoiceBox):
    """The choice for one column."""

    def __init__(self, theme: Theme, header: str, schema: ProfileSchema, target: Target) -> None:
        super().__init__(theme, f"What “{header}” becomes")
        self._targets: list[Target] = []
        for words, each in choices(header, schema):
            self._targets.append(each)
            self.addItem(words)
        self.choose(target)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def target(self) -> Target:
        """Return what is chosen."""
        return self._targets[self.currentIndex()]

    def choose(self, target: Target) -> None:
        """Choose a target; what is not there is left out."""
        self.setCurrentIndex(self._targets.index(target) if target in self._targets else 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The wheel scrolls the list of columns, and changes none in passing.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
