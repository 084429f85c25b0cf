"""Okta's preview of a value: green with the value in double quotes, red with the error."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel

from gui.theme import Theme
from gui.widgets.boxes import column, restyle, row
from gui.widgets.labels import TONE_ICONS, label, selectable
from server.okta.mapping.evaluation import Problem
from server.okta.mapping.preview import value_text

LONGEST_SHOWN = 2_000
"""Characters of a value that the box shows."""


class PreviewBox(QFrame):
    """One value of one person, an error, or a sentence on what to do to see one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "note")
        self.setAccessibleName("Preview")
        self._icon = QLabel()
        self.text = selectable(label("", "strong", wrap=True))
        self.text.setFont(theme.fixed_font())
        self.hint = label("", "small", wrap=True)
        inner = row(self._icon, column(self.text, self.hint, spacing=1), margins=(3, 2, 3, 2))
        inner.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.setLayout(inner)
        self.tone = ""
        self.show_blank("")

    def show_value(self, value: Any) -> None:
        """Show a value, in double quotes if it is a text, and null as such."""
        text = value_text(value)
        cut = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
        empty = value is None or value in ("", [])
        self._show("success", cut, "Valid, without a value." if empty else "")

    def show_problem(self, problem: Problem) -> None:
        """Show what Okta shows in red, and our advice below."""
        self._show("danger", problem.text, problem.cure)

    def show_blank(self, words: str) -> None:
        """Show no value, and why."""
        self._show("neutral", "", words)

    def _show(self, tone: str, text: str, hint: str) -> None:
        said = (tone, text, hint)
        if said == (self.tone, self.text.text(), self.hint.text()):
            return
        self.tone = tone
        color = "muted" if tone == "neutral" else tone
        self._theme.icons.put_on_label(self._icon, TONE_ICONS[tone], color)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        restyle(self.text, tone="" if tone == "neutral" else tone)
        restyle(self, tone=tone)
        self.setAccessibleDescription(f"{text} {hint}".strip())
        announcement = QAccessibleAnnouncementEvent(self, self.accessibleDescription())
        QAccessible.updateAccessibility(announcement)
