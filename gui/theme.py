"""Colours, palettes and icons: the one place that knows what the window looks like.

Fusion with palettes of our own, because ``QStyleHints.setColorScheme`` does nothing on several
desktops; it is still called, as a hint for the frames that the system draws.
"""

from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from gui.icons import Icons
from gui.stylesheet import stylesheet

SPACE = (0, 4, 8, 12, 16, 24, 32)
"""The spacing scale in device-independent pixels; layouts use no other distances."""


class ThemeChoice(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colors:
    """The colours of one look, named for their use, as "#rrggbb"."""

    window: str
    rail: str
    surface: str
    raised: str
    sunken: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_tint: str
    on_accent: str
    success: str
    success_tint: str
    warning: str
    warning_tint: str
    danger: str
    danger_hover: str
    danger_tint: str
    json_name: str
    json_text: str
    json_number: str
    json_word: str

    def __getitem__(self, name: str) -> str:
        """Return a colour by its name, as icons and tones are given."""
        value: str = getattr(self, name)
        return value

    def names(self) -> list[str]:
        """Return the names of all colours."""
        return [field.name for field in fields(self)]


LIGHT = Colors(
    window="#f5f6f8",
    rail="#eceef2",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#f8f9fb",
    hover="#eef1f6",
    border="#e1e4ea",
    border_strong="#c9ced8",
    text="#1a1f29",
    muted="#5b6473",
    faint="#9aa2af",
    accent="#3657d6",
    accent_hover="#2a47b8",
    accent_tint="#e8edfd",
    on_accent="#ffffff",
    success="#177245",
    success_tint="#e2f4ea",
    warning="#8f5400",
    warning_tint="#fdf0d9",
    danger="#b92a3a",
    danger_hover="#9c1f2e",
    danger_tint="#fce8ea",
    json_name="#3657d6",
    json_text="#177245",
    json_number="#8f5400",
    json_word="#8b3fa8",
)

DARK = Colors(
    window="#14171c",
    rail="#101318",
    surface="#1b1f26",
    raised="#242a33",
    sunken="#171b21",
    hover="#262c36",
    border="#2b313b",
    border_strong="#414957",
    text="#e7eaf0",
    muted="#a0a9b8",
    faint="#6b7483",
    accent="#86a2ff",
    accent_hover="#a3b8ff",
    accent_tint="#26304f",
    on_accent="#10152a",
    success="#58c88f",
    success_tint="#193527",
    warning="#eeb45c",
    warning_tint="#3a2d16",
    danger="#ff8791",
    danger_hover="#ffa3ab",
    danger_tint="#43222a",
    json_name="#92acff",
    json_text="#6fd3a0",
    json_number="#eeb45c",
    json_word="#d79bf0",
)


def palette(colors: Colors) -> QPalette:
    """Return the colours as Qt wants them."""
    roles = {
        QPalette.ColorRole.Window: colors.window,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Base: colors.surface,
        QPalette.ColorRole.AlternateBase: colors.sunken,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.PlaceholderText: colors.faint,
        QPalette.ColorRole.Button: colors.surface,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.BrightText: colors.on_accent,
        QPalette.ColorRole.ToolTipBase: colors.raised,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.Highlight: colors.accent,
        QPalette.ColorRole.HighlightedText: colors.on_accent,
        QPalette.ColorRole.Link: colors.accent,
        QPalette.ColorRole.LinkVisited: colors.accent,
        QPalette.ColorRole.Accent: colors.accent,
        QPalette.ColorRole.Light: colors.raised,
        QPalette.ColorRole.Midlight: colors.hover,
        QPalette.ColorRole.Mid: colors.border_strong,
        QPalette.ColorRole.Dark: colors.border_strong,
        QPalette.ColorRole.Shadow: colors.border,
    }
    made = QPalette()
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.faint))
    return made


class Theme(QObject):
    """The look under way; follows the system unless a look is chosen.

    Signals:
        changed: the colours are other ones now; palette, stylesheet and icons already follow.
    """

    changed = Signal()

    def __init__(self, application: QApplication, choice: ThemeChoice) -> None:
        super().__init__()
        self._application = application
        self._choice = choice
        self.colors = LIGHT
        self.icons = Icons()
        self._fixed_fonts: dict[float, QFont] = {}
        application.setStyle("Fusion")
        self._hint()
        self._apply()
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> ThemeChoice:
        """Return what the person asked for."""
        return self._choice

    @property
    def dark(self) -> bool:
        """Say whether the dark look is shown."""
        return self.colors is DARK

    def fixed_font(self, scale: float = 1.0) -> QFont:
        """Return the font of equal widths, in the window's size of text times ``scale``."""
        if scale not in self._fixed_fonts:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPointSizeF(self._application.font().pointSizeF() * scale)
            self._fixed_fonts[scale] = font
        return QFont(self._fixed_fonts[scale])

    def choose(self, choice: ThemeChoice) -> None:
        """Change to a look, or follow the system again."""
        self._choice = choice
        self._hint()
        self._apply()

    def _hint(self) -> None:
        hints = self._application.styleHints()
        if self._choice is ThemeChoice.SYSTEM:
            hints.unsetColorScheme()
        else:
            dark = self._choice is ThemeChoice.DARK
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    def _apply(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            scheme = self._application.styleHints().colorScheme()
            dark = scheme is Qt.ColorScheme.Dark
        else:
            dark = self._choice is ThemeChoice.DARK
        self.colors = DARK if dark else LIGHT
        self._application.setPalette(palette(self.colors))
        sheet = stylesheet(self.colors, self._application.font().pointSizeF())
        self._application.setStyleSheet(sheet)
        self.icons.use(self.colors)
        self.changed.emit()

    @Slot(Qt.ColorScheme)
    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._apply()
