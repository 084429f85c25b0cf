"""A field that finds a person while a name or login is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.jobs import Job, Jobs, Progress
from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.popup import PopupList, PopupRow
from gui.widgets.search_field import SearchField

LEAST_WIDTH = 300


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A person to be chosen."""

    id: str
    name: str
    login: str


Find = Callable[[str], Sequence[PersonChoice]]
"""Returns the people who fit a text, the best first; "" gives some to begin with. Runs in a job."""


class PersonChooser(QWidget):
    """Shows the chosen person's name; Down or typing opens the list, Enter takes the best.

    Signals:
        person_chosen: another person was chosen, with the id.
    """

    person_chosen = Signal(str)

    def __init__(self, theme: Theme, jobs: Jobs, find: Find, name: str = "Person") -> None:
        super().__init__()
        self._jobs = jobs
        self._find = find
        self._job: Job[Sequence[PersonChoice]] | None = None
        self._found: Sequence[PersonChoice] = ()
        self._take_first = False
        self.person: PersonChoice | None = None
        self.setProperty("kind", "plain")
        self.field = SearchField(theme, name, "Find by name or login")
        self.field.installEventFilter(self)
        self.popup = PopupList(theme, self.field, "People found")
        self.popup.chosen.connect(self._choose)
        self.setLayout(row(self.field))
        self.setFocusProxy(self.field)
        self.field.textEdited.connect(self._forget_found)
        self.field.search_changed.connect(self._search)

    def set_person(self, person: PersonChoice | None) -> None:
        """Show a person without a signal."""
        self.person = person
        self._stop()
        self.field.reset(person.name if person else "")
        self.field.setToolTip(person.login if person else "")
        self.field.setCursorPosition(0)

    @Slot()
    def _forget_found(self) -> None:
        self._found = ()

    @Slot(str)
    def _search(self, text: str) -> None:
        if not self.field.hasFocus():
            return
        self._stop()
        self.field.set_busy(True)
        find = self._find

        def search(_progress: Progress) -> Sequence[PersonChoice]:
            return find(text)

        self._job = self._jobs.run("", search, self._take_found, self._take_failure)

    def _take_found(self, found: Sequence[PersonChoice]) -> None:
        self._job = None
        self.field.set_busy(False)
        self._found = found
        if self._take_first and found:
            self._choose(0)
            return
        self._take_first = False
        if not self.field.hasFocus():
            return
        anchor = QRect(self.field.mapToGlobal(self.field.rect().topLeft()), self.field.size())
        width = max(LEAST_WIDTH, self.field.width() - 2)
        if found:
            rows = [PopupRow(person.name, "", person.login, icon="user") for person in found]
            self.popup.show_rows(rows, anchor, width)
        else:
            self.popup.show_words("Nobody has this name or login.", anchor, width)

    def _take_failure(self, error: Exception) -> None:
        self._job = None
        self.field.set_busy(False)
        anchor = QRect(self.field.mapToGlobal(self.field.rect().topLeft()), self.field.size())
        self.popup.show_words(str(error), anchor, max(LEAST_WIDTH, self.field.width() - 2))

    @Slot(int)
    def _choose(self, number: int) -> None:
        person = self._found[number]
        self.set_person(person)
        self.person_chosen.emit(person.id)

    def _take_best(self) -> None:
        """Take the first who was found; while the search runs, as soon as it has found."""
        if self._found:
            self._choose(0)
        else:
            self._search(self.field.text())
            self._take_first = True

    def _stop(self) -> None:
        self._take_first = False
        self.popup.hide()
        self.field.set_busy(False)
        if self._job:
            self._job.cancel()
            self._job = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take_key(event)
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            # What was typed but not chosen is not the person.
            self.set_person(self.person)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        if self.popup.take_key(event):
            return True
        typed = self.field.text() != (self.person.name if self.person else "")
        if event.key() == Qt.Key.Key_Down:
            self._search(self.field.text() if typed else "")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and typed:
            self._take_best()
        elif event.key() == Qt.Key.Key_Escape and typed:
            self.set_person(self.person)
            self.field.selectAll()
        else:
            return False
        return True
