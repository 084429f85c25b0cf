"""What stands where nothing is yet: what belongs here and one button that brings it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.labels import Paragraph, icon_label, label


class EmptyState(QWidget):
    """An icon, a heading, a sentence and at most one button (``button``)."""

    def __init__(
        self, theme: Theme, icon: str, heading: str, text: str, button: QPushButton | None = None
    ) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.button = button
        self._heading = label(heading, "heading")
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text = Paragraph(text, 440)
        picture = icon_label(theme, icon, "faint", 40)
        box = column(None, picture, 2, self._heading, self._text, spacing=2, margins=(4, 4, 4, 4))
        for part in (picture, self._heading, self._text):
            box.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        if button:
            rest = column(2, button)
            rest.setAlignment(button, Qt.AlignmentFlag.AlignHCenter)
            box.addLayout(rest)
        box.addStretch(1)
        self.setLayout(box)

    def say(self, heading: str, text: str) -> None:
        """Change the words."""
        self._heading.setText(heading)
        self._text.setText(text)
