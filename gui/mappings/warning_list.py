"""What cannot work about the mappings, each leading to its row."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.widgets.boxes import clear, column, frame, plain, row, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.labels import icon_label, label
from server.okta.mapping.lint import LintWarning
from server.okta.mapping.rules import Severity

HEIGHT = 196

LOOKS = {
    Severity.ERROR: ("x-circle", "danger", "Error"),
    Severity.WARNING: ("alert", "warning", "Warning"),
    Severity.NOTE: ("info", "muted", "Note"),
}
"""Icon, colour and word of a severity."""


class WarningList(QWidget):
    """The warnings one below the other: severity, sentence, cure, and the way to the row.

    It is hidden until its ``button`` is pressed, which says how many there are.

    Signals:
        row_asked: the row of this variable is to be shown.
    """

    row_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: Sequence[LintWarning] | None = None
        self.setProperty("kind", "plain")
        self.setFixedHeight(HEIGHT)
        self._box = column(spacing=1, margins=(0, 0, 1, 0))
        self.button = push_button(theme, "", kind="link")
        self.button.setCheckable(True)
        self.button.toggled.connect(self.setVisible)
        self.hide()
        content = plain(self._box)
        self.setLayout(column(scrolled(content), spacing=0))
        self.show_warnings(())

    def show_warnings(self, warnings: Sequence[LintWarning]) -> None:
        """Show other warnings."""
        if self._shown is not None and list(warnings) == list(self._shown):
            return
        self._shown = warnings
        self._count(warnings)
        clear(self._box)
        if not warnings:
            self._box.addWidget(label("Nothing stands out: these mappings work at Blink.", "muted"))
        for warning in warnings:
            self._box.addWidget(self._entry(warning))
        self._box.addStretch(1)

    def _count(self, warnings: Sequence[LintWarning]) -> None:
        found = {warning.severity for warning in warnings}
        worst = next((each for each in Severity if each in found), None)
        icon, color, _word = LOOKS[worst] if worst else ("check-circle", "success", "")
        words = counted(len(warnings), "warning") if worst else "No warnings"
        self._theme.icons.put(self.button, icon, color)
        self.button.setText(f" {words}")
        self.button.setAccessibleName(words)

    def _entry(self, warning: LintWarning) -> QWidget:
        icon, color, word = LOOKS[warning.severity]
        picture = icon_label(self._theme, icon, color, 16)
        picture.setToolTip(word)
        said = label(warning.text, wrap=True)
        said.setAccessibleName(f"{word}: {warning.text}")
        cure = label(warning.cure, "small", wrap=True)
        line = row(picture, spacing=2, margins=(3, 2, 2, 2))
        line.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column(said, cure, spacing=1), 1)
        if warning.variable:
            words = f"Go to {warning.title}"
            leads = push_button(self._theme, words, kind="link")
            leads.clicked.connect(partial(self.row_asked.emit, warning.variable))
            line.addWidget(leads, 0, Qt.AlignmentFlag.AlignTop)
        return frame("card", line)
