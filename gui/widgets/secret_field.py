"""A secret on the screen, shown once, with its copy button."""

from PySide6.QtWidgets import QFrame, QLineEdit

from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import CopyButton


class SecretField(QFrame):
    """A line that can be read, selected and copied; ``forget`` empties it for good."""

    def __init__(self, theme: Theme, name: str, text: str, copy_name: str) -> None:
        super().__init__()
        self.setProperty("kind", "field")
        self.line = QLineEdit(text)
        self.line.setReadOnly(True)
        self.line.setProperty("kind", "secret")
        self.line.setAccessibleName(name)
        self.line.setFont(theme.fixed_font())
        self.line.setCursorPosition(0)
        self.copy_button = CopyButton(theme, copy_name, self.line.text, "Copy")
        self.setLayout(row(self.line, self.copy_button, spacing=1, margins=(2, 1, 1, 1)))

    def forget(self) -> None:
        """Drop the text, also from the line's undo history."""
        self.line.setText("")
