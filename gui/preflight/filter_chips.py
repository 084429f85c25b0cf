"""Which findings are listed: all, those of a severity, or what was fixed."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from gui.preflight.rows import FIXED_LOOK, SEVERITY_LOOKS, FindingRow, SeverityLook
from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import push_button

_LOOKS: tuple[SeverityLook, ...] = (*SEVERITY_LOOKS.values(), FIXED_LOOK)


class FilterChips(QWidget):
    """A chip for each kind of finding that there is, with its number.

    Signals:
        changed: other findings are to be listed.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._theme = theme
        self.all = push_button(theme, "All", kind="chip")
        self.chips: dict[str, QPushButton] = {"": self.all}
        for look in _LOOKS:
            chip = push_button(theme, look.words, look.icon, "chip")
            theme.icons.put(chip, look.icon, look.tone)
            self.chips[look.word] = chip
        group = QButtonGroup(self)
        for chip in self.chips.values():
            chip.setCheckable(True)
            chip.clicked.connect(self.changed)
            group.addButton(chip)
        self.all.setChecked(True)
        self.setLayout(row(*self.chips.values(), None, spacing=1))

    def show_counts(self, rows: Sequence[FindingRow]) -> None:
        """Say how many findings there are of each kind; a chip without any goes."""
        counts = Counter(row.look.word for row in rows)
        self._say(self.all, "All", len(rows))
        for look in _LOOKS:
            chip = self.chips[look.word]
            self._say(chip, f" {look.words}", counts[look.word])
            chip.setVisible(bool(counts[look.word]))
            if not counts[look.word] and chip.isChecked():
                self.all.setChecked(True)

    def matching(self, rows: Sequence[FindingRow]) -> list[FindingRow]:
        """Return the findings that are to be listed."""
        wanted = next(word for word, chip in self.chips.items() if chip.isChecked())
        return [row for row in rows if not wanted or row.look.word == wanted]

    def _say(self, chip: QPushButton, words: str, number: int) -> None:
        chip.setText(f"{words}  {number:,}")
        chip.setAccessibleName(f"{words.strip()}: {number:,}")
