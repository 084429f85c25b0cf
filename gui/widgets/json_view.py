"""A body to read: JSON that is coloured, folds and is searched; anything else as text."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy

from gui.jobs import Job, Jobs, Progress
from gui.theme import Theme
from gui.times import size_words
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import CopyButton, push_button, tool_button
from gui.widgets.find_bar import FindBar
from gui.widgets.json_layout import PART, Shown, Syntax, json_bytes, shown_json, shown_text
from gui.widgets.json_text import JsonText
from gui.widgets.labels import ElidedLabel, icon_label, label

AT_ONCE = 48 * 1024
"""Bytes that are laid out in the Qt thread, in less than 10 ms; more goes to a job."""

Make = Callable[[int | None], Shown]
"""Lays the text out, up to so many characters."""


class JsonView(QFrame):
    """Shows one text at a time, with its search and the path of the value under the cursor.

    ``text`` has the lines; its keys are named there. Ctrl+F searches.

    Signals:
        shown: the text that was given last is there.
        wrap_changed: long lines are broken from now on, or are not.
        line_numbers_changed: the lines are numbered from now on, or are not.
        copied: something went to the clipboard, with its name.
    """

    shown = Signal()
    wrap_changed = Signal(bool)
    line_numbers_changed = Signal(bool)
    copied = Signal(str)

    def __init__(self, theme: Theme, jobs: Jobs, name: str, *, wrap: bool = True) -> None:
        """``name`` is what a screen reader calls the text ("Request body")."""
        super().__init__()
        self._jobs = jobs
        self._job: Job[Shown] | None = None
        self._make: Make = _nothing
        self._highlights: Sequence[str] = ()
        self.setProperty("kind", "plain")
        self.text = JsonText(theme, name)
        self.text.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.text.customContextMenuRequested.connect(self._offer_menu)
        self.reason = label("", "small", wrap=True)
        mark = icon_label(theme, "alert", "warning", 16)
        reason = row(mark, self.reason, spacing=1)
        reason.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        self._reason_row = plain(reason)
        self.find_bar = FindBar(theme, f"Find in {name[:1].lower()}{name[1:]}")
        self.all_button = push_button(theme, "", kind="link", clicked=self.show_all)
        self.path = ElidedLabel("", "small", Qt.TextElideMode.ElideLeft)
        self.path.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.path.setAccessibleName("Path of the value under the cursor")
        self.copy_path_button = CopyButton(theme, "Copy the path", self.path.text)
        self.find_button = tool_button(theme, "Find", "search", "Find (Ctrl+F)", self.open_find)
        self.fold_button = tool_button(theme, "Fold all", "fold", "", self.text.fold_all)
        self.unfold_button = tool_button(theme, "Expand all", "unfold", "", self.text.unfold_all)
        self.wrap_button = tool_button(theme, "Wrap long lines", "wrap")
        self.wrap_button.setCheckable(True)
        foot = row(
            self.copy_path_button,
            self.path,
            self.find_button,
            self.fold_button,
            self.unfold_button,
            self.wrap_button,
            spacing=0,
        )
        foot.setStretchFactor(self.path, 1)
        more = plain(row(self.all_button, None))
        layout = column(self._reason_row, self.find_bar, spacing=1)
        layout.addWidget(self.text, 1)
        layout.addWidget(more)
        layout.addWidget(plain(foot))
        self.setLayout(layout)
        self._more = more
        for part in (self._reason_row, self.find_bar, more):
            part.hide()
        self.setFocusProxy(self.text)
        self._connect()
        self.wrap_button.setChecked(wrap)
        self.text.set_wrap(wrap)
        self._take(shown_text(""))

    def set_json(self, body: bytes | object, highlights: Sequence[str] = ()) -> None:
        """Show a body as it was sent, or a JSON value; ``highlights`` are marked in it.

        Raises ``TypeError`` for a value that JSON has no form for.
        """
        sent = body if isinstance(body, bytes) else json_bytes(body)
        self._start(lambda limit: shown_json(sent, limit), len(sent), highlights)

    def set_text(
        self,
        text: str,
        reason: str = "",
        syntax: Syntax = "text",
        highlights: Sequence[str] = (),
    ) -> None:
        """Show a text as it is; ``reason`` says why it is not JSON."""
        self._start(lambda limit: shown_text(text, reason, syntax, limit), len(text), highlights)

    def set_placeholder(self, text: str) -> None:
        """Say what stands there when there is no text."""
        self.text.setPlaceholderText(text)

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines or not."""
        self.wrap_button.setChecked(wrap)

    def set_line_numbers(self, shown: bool) -> None:
        """Number the lines or not."""
        if shown != self.text.line_numbers:
            self.text.set_line_numbers(shown)
            self.line_numbers_changed.emit(shown)

    def whole_text(self) -> str:
        """Return everything as it is shown, also what is cut; takes 0.1 s for a megabyte."""
        shown = self.text.shown
        return self._make(None).text if shown.cut else shown.text

    @Slot()
    def show_all(self) -> None:
        """Show what was cut off as well."""
        self._run(None, self.text.shown.size)

    @Slot()
    def open_find(self) -> None:
        """Open the search, with the selected words if there are some."""
        selected = self.text.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.find_bar.field.setText(selected)
        self.find_bar.show()
        self.find_bar.start()

    @Slot()
    def close_find(self) -> None:
        """Close the search; its marks go with it."""
        self.find_bar.hide()
        self.text.search("")
        self.text.setFocus()

    @Slot()
    def copy_path(self) -> None:
        """Copy the path of the value under the cursor."""
        if self.path.text():
            QGuiApplication.clipboard().setText(self.path.text())
            self.copied.emit("path")

    def _start(self, make: Make, size: int, highlights: Sequence[str]) -> None:
        self._make = make
        self._highlights = highlights
        self._run(PART, size)

    def _run(self, limit: int | None, size: int) -> None:
        if self._job:
            self._job.cancel()
            self._job = None
        make = self._make
        if size <= AT_ONCE:
            self._take(make(limit))
            return

        def lay_out(_progress: Progress) -> Shown:
            return make(limit)

        self._job = self._jobs.run("", lay_out, self._take)

    def _take(self, shown: Shown) -> None:
        self._job = None
        self.text.show_lines(shown, self._highlights)
        self.reason.setText(shown.reason)
        self._reason_row.setVisible(bool(shown.reason))
        self._more.setVisible(shown.cut)
        self.all_button.setText(f"Show all {size_words(shown.size)}")
        self.all_button.setAccessibleName(self.all_button.text())
        for button in (self.fold_button, self.unfold_button):
            button.setEnabled(shown.syntax == "json")
        self.find_button.setEnabled(bool(shown.text))
        if not self.find_bar.isHidden():
            self.text.search(self.find_bar.field.text())
        self.shown.emit()

    def _connect(self) -> None:
        self.find_bar.wanted_changed.connect(self.text.search)
        self.find_bar.next_wanted.connect(self.text.next_match)
        self.find_bar.previous_wanted.connect(self.text.previous_match)
        self.find_bar.closed.connect(self.close_find)
        self.text.matches_changed.connect(self._show_count)
        self.text.line_changed.connect(self._show_path)
        self.wrap_button.toggled.connect(self._set_wrap)

    @Slot()
    def _show_count(self) -> None:
        matches = self.text.matches
        self.find_bar.show_count(matches.words(self.text.current), bool(matches.places))

    @Slot(int)
    def _show_path(self, number: int) -> None:
        path = self.text.shown.path(number)
        self.path.setText(path)
        self.copy_path_button.setEnabled(bool(path))

    @Slot(bool)
    def _set_wrap(self, wrap: bool) -> None:
        self.text.set_wrap(wrap)
        self.wrap_changed.emit(wrap)

    @Slot(QPoint)
    def _offer_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.exec(self.text.viewport().mapToGlobal(place))
        menu.deleteLater()

    def menu(self) -> QMenu:
        """Return what can be done with the text."""
        menu = self.text.createStandardContextMenu()
        menu.addSeparator()
        menu.addAction("Copy the path", self.copy_path).setEnabled(bool(self.path.text()))
        menu.addAction("Find…", self.open_find)
        json = self.text.shown.syntax == "json"
        menu.addAction("Fold all", self.text.fold_all).setEnabled(json)
        menu.addAction("Expand all", self.text.unfold_all).setEnabled(json)
        menu.addSeparator()
        numbers = menu.addAction("Line numbers")
        numbers.setCheckable(True)
        numbers.setChecked(self.text.line_numbers)
        numbers.toggled.connect(self.set_line_numbers)
        return menu

    def event(self, event: QEvent) -> bool:
        # Before the window takes Ctrl+F for something of its own.
        if event.type() == QEvent.Type.ShortcutOverride and _is_find(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_find(event):
            self.open_find()
        elif event.key() == Qt.Key.Key_Escape and not self.find_bar.isHidden():
            self.close_find()
        else:
            super().keyPressEvent(event)


def _is_find(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Find)


def _nothing(_limit: int | None) -> Shown:
    return shown_text("")
