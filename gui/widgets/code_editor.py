"""The text of a ``CodeLine``: colours, the underlined error, completion and signatures."""

from html import escape

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QToolTip

from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.code_text import Span, range_areas, wave
from gui.widgets.labels import label
from gui.widgets.language import Language, Problem, Proposal, Signature
from gui.widgets.popup import Popup, PopupList, PopupRow
from gui.widgets.units import from_units, to_units

LIST_LETTERS = 58
"""The list of proposals is as wide as so many letters."""

MOST_LINES = 3
"""An editor of several lines grows to so many times the lines that it begins with."""

_KEEP_ANCHOR = QTextCursor.MoveMode.KeepAnchor
_ENTER = (int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter))


class CodeEditor(QPlainTextEdit):
    """An input of one or several lines; all offsets are in characters.

    Proposals come while typing and with Ctrl+Space; Tab takes the first or the current one, Enter
    the current one, Esc closes them.

    Signals:
        edited: the text is another one, with the text.
        submitted: Enter in an editor of one line.
        focus_changed: the keyboard came or went.
    """

    edited = Signal(str)
    submitted = Signal()
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme, name: str, language: Language, lines: int) -> None:
        super().__init__()
        self._theme = theme
        self._language = language
        self._lines = lines
        self._told = ""
        self._proposals: list[Proposal] = []
        self.problem: Problem | None = None
        self.setProperty("kind", "bare")
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(theme.fixed_font())
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if self.single:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        else:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.popup = PopupList(theme, self, "Proposals")
        self.popup.chosen.connect(self._take_proposal)
        self.hint = _Hint(self)
        self._colours = _Colours(theme, language, self)
        self.textChanged.connect(self._note_text)
        self.cursorPositionChanged.connect(self._show_signature)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme.changed.connect(self._colours.rehighlight)
        self._fit()

    @property
    def single(self) -> bool:
        """Say whether the editor has one line only."""
        return self._lines == 1

    @property
    def offset(self) -> int:
        """Return where the cursor is."""
        return from_units(self.toPlainText(), self.textCursor().position())

    def replace(self, text: str, start: int = 0, end: int | None = None) -> None:
        """Put a text in the place of a part, or of everything; can be undone."""
        there = self.toPlainText()
        cursor = self.textCursor()
        cursor.setPosition(to_units(there, start))
        cursor.setPosition(to_units(there, len(there) if end is None else end), _KEEP_ANCHOR)
        cursor.insertText(_one_line(text) if self.single else text)
        self.setTextCursor(cursor)

    def show_problem(self, problem: Problem | None) -> None:
        """Underline what is wrong, or nothing."""
        self.problem = problem
        self.setAccessibleDescription(problem.text if problem else "")
        self.viewport().update()

    def propose(self, *, asked: bool) -> None:
        """Offer completions at the cursor; unless asked for, only when something was begun."""
        text, offset = self.toPlainText(), self.offset
        found = list(self._language.complete(text, offset))
        if not found or (not asked and not self._begun(text, offset, found)):
            self.popup.hide()
            return
        self._proposals = found
        rows = [PopupRow(p.label, p.beside, "", p.help, p.icon, fixed=True) for p in found]
        width = self.fontMetrics().horizontalAdvance("0") * LIST_LETTERS
        self.popup.show_rows(rows, self._place_of(found[0].start), width)

    def _begun(self, text: str, offset: int, found: list[Proposal]) -> bool:
        start, end = found[0].start, found[0].end
        if len(found) == 1 and found[0].insert == text[start:end]:
            return False
        return start < offset or (offset > 0 and text[offset - 1] in self._language.triggers)

    @Slot(int)
    def _take_proposal(self, number: int) -> None:
        proposal = self._proposals[number]
        self.popup.hide()
        self.replace(proposal.insert, proposal.start, proposal.end)
        self.propose(asked=False)

    def _place_of(self, offset: int) -> QRect:
        cursor = self.textCursor()
        cursor.setPosition(to_units(self.toPlainText(), offset))
        place = self.cursorRect(cursor)
        return QRect(self.viewport().mapToGlobal(place.topLeft()), place.size())

    @Slot()
    def _note_text(self) -> None:
        # Colours alone are a change too, for Qt.
        text = self.toPlainText()
        if text != self._told:
            self._told = text
            if not self.single:
                self._colours.rehighlight()
            self.edited.emit(text)

    @Slot()
    def _show_signature(self) -> None:
        if not self.hasFocus():
            return
        found = self._language.signature(self.toPlainText(), self.offset)
        self.hint.show_signature(found, self._place_of(self.offset))

    @Slot()
    def _fit(self) -> None:
        # The layout of a plain text counts lines, not pixels.
        shown = max(1, round(self.document().size().height()))
        lines = min(max(self._lines, shown), 1 if self.single else self._lines * MOST_LINES)
        margins = round(2 * self.document().documentMargin())
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + margins + 2)

    def _paint_problem(self, problem: Problem) -> None:
        text = self.toPlainText()
        start = 0 if problem.position is None else min(problem.position, len(text))
        end = len(text) if problem.position is None else min(start + problem.length, len(text))
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colors.danger), 1.4))
        offset = 0
        block = self.document().firstBlock()
        while block.isValid():
            length = len(block.text())
            if start <= offset + length and end >= offset:
                self._paint_wave(painter, block, max(0, start - offset), min(length, end - offset))
            offset += length + 1
            block = block.next()
        painter.end()

    def _paint_wave(self, painter: QPainter, block: QTextBlock, start: int, end: int) -> None:
        place = self.blockBoundingGeometry(block).translated(self.contentOffset()).topLeft()
        for area in range_areas(block, QPointF(place), start, end):
            painter.drawPath(wave(area))

    def _explain(self, event: QHelpEvent) -> None:
        problem = self.problem
        cursor = self.cursorForPosition(self.viewport().mapFromGlobal(event.globalPos()))
        at = from_units(self.toPlainText(), cursor.position())
        if problem and (
            problem.position is None
            or problem.position <= at <= problem.position + max(1, problem.length)
        ):
            QToolTip.showText(event.globalPos(), problem.text, self)
        else:
            QToolTip.hideText()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._explain(event)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.problem:
            self._paint_problem(self.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if self.popup.take_key(event):
            return
        if control and event.key() == Qt.Key.Key_Space:
            self.propose(asked=True)
            return
        if self.single and event.key() in _ENTER:
            self.popup.hide()
            self.submitted.emit()
            return
        before = self.toPlainText()
        super().keyPressEvent(event)
        if self.toPlainText() == before:
            if event.text() == "" and not event.modifiers():
                self.popup.hide()
        elif (event.text().isprintable() and not control) or self.popup.isVisible():
            self.propose(asked=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.popup.hide()
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.single:
            event.ignore()
        else:
            super().wheelEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        self.textCursor().insertText(_one_line(text) if self.single else text)
        self.ensureCursorVisible()

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab belongs to the proposals while they are there.
        return False if self.popup.isVisible() else super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_signature()
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)


class _Hint(Popup):
    """Says what the brackets around the cursor want."""

    def __init__(self, owner: CodeEditor) -> None:
        super().__init__(owner)
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.RichText)
        self.line.setFont(owner.font())
        self.help = label("", "small")
        self.setLayout(column(self.line, self.help, spacing=0, margins=(2, 1, 2, 1)))

    def show_signature(self, signature: Signature | None, anchor: QRect) -> None:
        if signature is None:
            self.hide()
            return
        text, start, end = signature.text, signature.start, signature.end
        turn = f"<b>{escape(text[start:end])}</b>" if start < end else ""
        self.line.setText(f"{escape(text[:start])}{turn}{escape(text[end:])}")
        self.help.setText(signature.help)
        self.help.setVisible(bool(signature.help))
        self.show_at(anchor, above=True)


class _Colours(QSyntaxHighlighter):
    def __init__(self, theme: Theme, language: Language, editor: CodeEditor) -> None:
        super().__init__(editor.document())
        self._theme = theme
        self._language = language
        self._text = ""
        self._spans: list[Span] = []

    def highlightBlock(self, text: str) -> None:
        whole = self.document().toPlainText()
        if whole != self._text:
            self._text, self._spans = whole, list(self._language.tokens(whole))
        start = from_units(whole, self.currentBlock().position())
        for span in self._spans:
            first, last = max(0, span.start - start), min(len(text), span.end - start)
            if first < last:
                look = QTextCharFormat()
                look.setForeground(QColor(self._theme.colors[span.color]))
                at = to_units(text, first)
                self.setFormat(at, to_units(text, last) - at, look)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
