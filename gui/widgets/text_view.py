"""Text of a call to read, select and copy: coloured JSON, headers, plain."""

import re

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from gui.theme import Theme

COLOURED_CHARACTERS = 256 * 1024
"""Longer texts stay uncoloured: the colours of a megabyte take half a second."""

_RULES = {
    "json": re.compile(
        r'(?P<json_name>"(?:[^"\\]|\\.)*")(?=\s*:)'
        r'|(?P<json_text>"(?:[^"\\]|\\.)*")'
        r"|(?P<json_number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
        r"|(?P<json_word>\b(?:true|false|null)\b)"
    ),
    "headers": re.compile(r"^(?P<json_name>[^\s:]+)(?=:)"),
}
"""Per syntax, groups named for the colour of ``Colors`` that they are painted in."""


class TextView(QPlainTextEdit):
    """Read-only text in a font of equal widths."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(theme.fixed_font(0.95))
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self._colours = _Colours(theme, self)
        theme.changed.connect(self._recolour)

    def show_text(self, text: str, syntax: str) -> None:
        """Show a text; ``syntax`` is "json", "headers" or "text"."""
        # Without a document the highlighter does not run for what is thrown away.
        self._colours.setDocument(None)
        self.setPlainText(text)
        self._colours.rule = _RULES.get(syntax)
        if self._colours.rule and len(text) <= COLOURED_CHARACTERS:
            self._colours.setDocument(self.document())

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines, or let them run out to the right."""
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if wrap else mode.NoWrap)

    def set_scale(self, scale: float) -> None:
        """Show the text larger or smaller; 1 is the size of the window's text."""
        self.setFont(self._theme.fixed_font(0.95 * scale))

    @Slot()
    def _recolour(self) -> None:
        self._colours.rehighlight()


class _Colours(QSyntaxHighlighter):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rule: re.Pattern[str] | None = None

    def highlightBlock(self, text: str) -> None:
        if self.rule is None:
            return
        for match in self.rule.finditer(text):
            name = match.lastgroup
            if name:
                style = QTextCharFormat()
                style.setForeground(QColor(self._theme.colors[name]))
                self.setFormat(match.start(), match.end() - match.start(), style)
