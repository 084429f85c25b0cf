"""Keeps the trials of some people up to date while mappings and people change."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gui.desk import Desk
from gui.jobs import Progress
from gui.mappings.trial import Trial, tried
from gui.mappings.work import MappingWork
from server.okta.mapping.lint import LintWarning, lint
from server.okta.people import Person, Population


@dataclass(frozen=True, slots=True)
class _Done:
    number: int
    trials: tuple[Trial, ...]
    warnings: tuple[LintWarning, ...]


class Trials(QObject):
    """Tries people out on the mappings under work, and looks for mappings that cannot work.

    At most one job is under way; what changes meanwhile is tried by the next one.

    Signals:
        changed: ``trials`` or ``warnings`` are other ones now.
    """

    changed = Signal()

    def __init__(self, desk: Desk, work: MappingWork, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._work = work
        self._people: Sequence[Person] = ()
        self._population: Population | None = None
        self._number = 0
        self._busy = False
        self.trials: Sequence[Trial] = ()
        self.warnings: Sequence[LintWarning] = ()

    @property
    def people(self) -> Sequence[Person]:
        """Return who is tried out."""
        return self._people

    def set_people(self, people: Sequence[Person], population: Population | None) -> None:
        """Try out these people, who belong to this population."""
        self._people = people
        self._population = population
        self.refresh()

    def clear(self) -> None:
        """Forget everything: another organization is shown."""
        self._people, self._population = (), None
        self._number += 1
        self.trials, self.warnings = (), ()
        self.changed.emit()

    def refresh(self) -> None:
        """Try again."""
        self._number += 1
        if not self._busy:
            self._start()

    def _start(self) -> None:
        organization_id = self._work.organization_id
        if organization_id is None:
            return
        number, services, compiled = self._number, self._desk.services, self._work.compiled
        people, population = self._people, self._population
        self._busy = True

        def work(_progress: Progress) -> _Done:
            warnings = tuple(lint(compiled))
            organization = services.organizations.get(organization_id)
            if organization is None or population is None or not people:
                return _Done(number, (), warnings)
            judge = services.okta().judge(organization)
            done = tuple(tried(compiled, population, person, judge) for person in people)
            return _Done(number, done, warnings)

        self._desk.jobs.run("", work, self._take, self._fail)

    def _take(self, done: _Done) -> None:
        self._busy = False
        if done.number != self._number:
            self._start()
            return
        self.trials, self.warnings = done.trials, done.warnings
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._busy = False
        self._desk.toasts.show_error(error)
