"""Several views in one place, chosen by a row of chips."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from gui.theme import Theme
from gui.widgets.boxes import column, row
from gui.widgets.buttons import push_button


class Tabs(QWidget):
    """Shows one of its parts at a time; the arrow keys go from chip to chip."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        parts: Sequence[tuple[str, QWidget]],
        corner: QWidget | None = None,
    ) -> None:
        """``parts`` are widgets with the words of their chips; ``name`` is for a screen reader.

        ``corner`` stands at the right of the chips.
        """
        super().__init__()
        self.setProperty("kind", "plain")
        self.stack = QStackedWidget()
        self.chips: list[QPushButton] = []
        group = QButtonGroup(self)
        chips = row(spacing=1)
        for number, (words, part) in enumerate(parts):
            chip = push_button(theme, words, kind="chip")
            chip.setAccessibleName(f"{name}: {words}")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self.stack.setCurrentIndex, number))
            group.addButton(chip)
            chips.addWidget(chip)
            self.chips.append(chip)
            self.stack.addWidget(part)
        chips.addStretch(1)
        if corner:
            chips.addWidget(corner)
        self.chips[0].setChecked(True)
        layout = column(spacing=2)
        layout.addLayout(chips)
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def choose(self, number: int) -> None:
        """Show a part."""
        self.chips[number].setChecked(True)
        self.stack.setCurrentIndex(number)
