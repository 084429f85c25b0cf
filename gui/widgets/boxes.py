"""Layouts and plain containers, in the distances of the theme."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.theme import SPACE

Item = QWidget | QLayout | int | None
"""A widget, a layout, a step of the spacing scale, or None for what is left over."""

Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in steps of the spacing scale."""


def row(
    *items: Item, spacing: int = 2, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QBoxLayout:
    """Return items side by side; distances are steps of ``SPACE``."""
    return _filled(QHBoxLayout(), items, spacing, margins)


def column(*items: Item, spacing: int = 2, margins: Margins = (0, 0, 0, 0)) -> QBoxLayout:
    """Return items one below the other; distances are steps of ``SPACE``."""
    return _filled(QVBoxLayout(), items, spacing, margins)


def frame(kind: str, layout: QLayout, tone: str = "") -> QFrame:
    """Return a frame of a kind that the stylesheet knows, around a layout."""
    made = QFrame()
    made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    made.setLayout(layout)
    return made


def card(*items: Item, spacing: int = 2) -> QFrame:
    """Return items in a card."""
    return frame("card", column(*items, spacing=spacing, margins=(4, 4, 4, 4)))


def field(caption: QWidget, *widgets: QWidget) -> QWidget:
    """Return a caption close above what it names."""
    return plain(column(caption, *widgets, spacing=1))


def divider() -> QFrame:
    """Return a thin line across."""
    made = QFrame()
    made.setProperty("kind", "divider")
    return made


def plain(layout: QLayout) -> QWidget:
    """Return a widget without a look of its own around a layout."""
    made = QWidget()
    made.setProperty("kind", "plain")
    made.setLayout(layout)
    return made


def scrolled(content: QWidget) -> QScrollArea:
    """Return a widget in an area that scrolls downwards when it is too long."""
    area = QScrollArea()
    area.setProperty("kind", "plain")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(content)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if inner is not None:
            clear(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def restyle(widget: QWidget, **properties: object) -> None:
    """Change properties that the stylesheet looks at, and draw the widget anew."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _filled(
    layout: QBoxLayout,
    items: tuple[Item, ...],
    spacing: int,
    margins: Margins,
) -> QBoxLayout:
    layout.setSpacing(SPACE[spacing])
    left, top, right, bottom = (SPACE[step] for step in margins)
    layout.setContentsMargins(left, top, right, bottom)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(SPACE[item])
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
    return layout
