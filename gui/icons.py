"""Line icons from ``resources/icons``, tinted in the colours of the theme.

Qt paints ``currentColor`` black whatever the palette says, so the colour is put into the SVG text
before it is drawn, and everything that shows an icon is repainted when the theme changes.
"""

from functools import cache
from importlib.resources import files
from typing import Protocol
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel

ICON_SIZE = 18
"""The side of an icon in a button or a row, in device-independent pixels."""

_DRAWN_AT = (1.0, 2.0)
"""Scales that each icon is drawn for; Qt takes the next larger one and shrinks it."""


class ColorNames(Protocol):
    """Colours by name, as "#rrggbb"."""

    def __getitem__(self, name: str) -> str:
        """Return one colour."""


class Icons:
    """Draws icons by name and colour name, and keeps those on buttons and actions up to date."""

    def __init__(self) -> None:
        self._colors: ColorNames = {"text": "#000000"}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._buttons: WeakKeyDictionary[QAbstractButton | QAction, tuple[str, str]] = (
            WeakKeyDictionary()
        )
        self._labels: WeakKeyDictionary[QLabel, tuple[str, str, int]] = WeakKeyDictionary()

    def use(self, colors: ColorNames) -> None:
        """Draw with these colours from now on, also what is on the screen already."""
        self._colors = colors
        self._pixmaps.clear()
        # A widget of a closed dialog may be gone while Python still has its shell.
        for target, (name, color) in list(self._buttons.items()):
            if shiboken6.isValid(target):
                target.setIcon(self.icon(name, color))
        for label, (name, color, size) in list(self._labels.items()):
            if shiboken6.isValid(label):
                label.setPixmap(self.pixmap(name, color, size, label.devicePixelRatioF()))

    def put(self, target: QAbstractButton | QAction, name: str, color: str = "text") -> None:
        """Show an icon on a button or action."""
        self._buttons[target] = (name, color)
        target.setIcon(self.icon(name, color))

    def put_on_label(
        self, label: QLabel, name: str, color: str = "text", size: int = ICON_SIZE
    ) -> None:
        """Show an icon as a picture."""
        self._labels[label] = (name, color, size)
        label.setPixmap(self.pixmap(name, color, size, label.devicePixelRatioF()))

    def icon(self, name: str, color: str = "text") -> QIcon:
        """Return an icon; where it is disabled it is faint."""
        icon = QIcon()
        for scale in _DRAWN_AT:
            icon.addPixmap(self.pixmap(name, color, ICON_SIZE, scale))
            faint = self.pixmap(name, "faint", ICON_SIZE, scale)
            icon.addPixmap(faint, QIcon.Mode.Disabled)
        return icon

    def pixmap(self, name: str, color: str, size: int = ICON_SIZE, scale: float = 1.0) -> QPixmap:
        """Return a drawing of ``size`` device-independent pixels for a screen of this scale."""
        key = (name, color, size, scale)
        if key not in self._pixmaps:
            drawing = _drawing(name, self._colors[color], round(size * scale))
            self._pixmaps[key] = QPixmap.fromImage(drawing)
            self._pixmaps[key].setDevicePixelRatio(scale)
        return self._pixmaps[key]


@cache
def _drawing(name: str, color: str, pixels: int) -> QImage:
    """Return an icon in one colour; it takes 0.2 ms to draw, for each of hundreds at the start."""
    source = files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    image = QImage(QSize(pixels, pixels), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image
