"""The value of one row for one person, evaluated while the row is being edited."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.jobs import Jobs, Progress
from gui.mappings.preview_box import PreviewBox
from gui.theme import Theme
from server.okta.expressions import Context
from server.okta.mapping.evaluation import CompiledRow, Failed, Problem
from server.okta.people import Person, Population

NOBODY = "Type the name of one of your users below to see the value."


@dataclass(frozen=True, slots=True)
class _Tried:
    number: int
    value: object = None
    problem: Problem | None = None


class RowPreview(QObject):
    """Fills a preview box.

    What is edited is compiled where it is typed, in under a millisecond. It is evaluated in a job,
    because an expression may take its 60 ms.

    Signals:
        settled: the box shows what it has to show, with the ``Problem`` or None.
    """

    settled = Signal(object)

    def __init__(self, theme: Theme, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.box = PreviewBox(theme)
        self._jobs = jobs
        self._number = 0
        self._context: Context | None = None
        self._again: Callable[[], None] = partial(self.show_blank, "")

    def take_person(self, person: Person, population: Population) -> None:
        """Show the value of a person of a population from now on."""
        self._context = population.context(person)
        self._again()

    def show_blank(self, words: str) -> None:
        """Show that there is nothing to evaluate yet."""
        self._again = partial(self.show_blank, words)
        self._number += 1
        self.box.show_blank(words)
        self.settled.emit(None)

    def show_row(self, row: CompiledRow) -> None:
        """Show the value of a row."""
        self._again = partial(self.show_row, row)
        self._number += 1
        if row.problem:
            self._show(_Tried(self._number, problem=row.problem))
        elif self._context is None and not row.constant:
            self.box.show_blank(NOBODY)
            self.settled.emit(None)
        else:
            self._evaluate(row, self._context or Context())

    def _evaluate(self, row: CompiledRow, context: Context) -> None:
        number = self._number

        def evaluate(_progress: Progress) -> _Tried:
            try:
                return _Tried(number, row.value(context))
            except Failed as failed:
                return _Tried(number, problem=failed.problem)

        self._jobs.run("", evaluate, self._show)

    def _show(self, tried: _Tried) -> None:
        if tried.number != self._number:
            return
        if tried.problem:
            self.box.show_problem(tried.problem)
        else:
            self.box.show_value(tried.value)
        self.settled.emit(tried.problem)
