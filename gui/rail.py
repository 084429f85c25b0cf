"""The navigation rail: a place for each page, with icon and word."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton

from gui.actions import tooltip
from gui.pages import PageSpec
from gui.theme import Theme
from gui.widgets.boxes import column, row
from gui.widgets.labels import icon_label, label

WIDTH = 184


class Rail(QFrame):
    """The left edge of the window.

    Signals:
        page_chosen: a place was clicked, with the key of its page.
    """

    page_chosen = Signal(str)

    def __init__(
        self, theme: Theme, pages: Sequence[PageSpec], footer: Sequence[QToolButton]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._pages = {page.key: page for page in pages}
        self.setProperty("kind", "rail")
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self.places: dict[str, QToolButton] = {}
        for number, page in enumerate(pages, 1):
            place = rail_button(page.title)
            place.setCheckable(True)
            place.setToolTip(tooltip(page.hint, f"Ctrl+{number}"))
            place.clicked.connect(partial(self.page_chosen.emit, page.key))
            theme.icons.put(place, page.icon, "muted")
            self._group.addButton(place)
            self.places[page.key] = place
        name = label("Blink SCIM Desk", "strong")
        mark = icon_label(theme, "shield", "accent", 20)
        head = row(mark, name, None, spacing=2, margins=(2, 2, 0, 3))
        self.setLayout(
            column(head, *self.places.values(), None, *footer, spacing=1, margins=(2, 2, 2, 2))
        )

    def show_page(self, key: str) -> None:
        """Mark the page that is open."""
        for each, place in self.places.items():
            place.setChecked(each == key)
            color = "accent" if each == key else "muted"
            self._theme.icons.put(place, self._pages[each].icon, color)


def rail_button(text: str) -> QToolButton:
    """Return a button as wide as the rail."""
    made = QToolButton()
    made.setText(f"  {text}")
    made.setAccessibleName(text)
    made.setProperty("kind", "place")
    made.setIconSize(QSize(20, 20))
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
