"""The head of a page: title, what it is about, and its buttons."""

from PySide6.QtWidgets import QWidget

from gui.widgets.boxes import column, row
from gui.widgets.labels import ElidedLabel, label


class PageHeader(QWidget):
    """A title over a line of words, with buttons at the right."""

    def __init__(self, title: str, words: str, *buttons: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.words = ElidedLabel(words, "muted")
        text = column(label(title, "title"), self.words, spacing=1)
        layout = row(spacing=2)
        layout.addLayout(text, 1)
        for button in buttons:
            layout.addWidget(button)
        self.setLayout(layout)
