"""What is known of calls before they are searched: organizations and frequent words."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from gui.jobs import Jobs, Progress
from gui.session import Session
from storage.calls import CallStore

COMPLETED = ("user", "token", "origin", "peer")
"""The fields of the filter whose values are completed from the newest calls."""


class KnownValues(QObject):
    """Names of organizations by id, and the values that a filter may be completed with.

    Signals:
        changed: an organization has another name.
    """

    changed = Signal()

    def __init__(self, session: Session | None) -> None:
        """``session`` None: of the organizations of another program nothing is known."""
        super().__init__()
        self.names: dict[int, str] = {}
        self._values: Mapping[str, Sequence[str]] = {}
        self._session = session
        if session is not None:
            session.organizations_changed.connect(self._take_names)
            self._take_names()

    def name(self, organization_id: int | None) -> str:
        """Return an organization's name, "" where it is unknown."""
        return self.names.get(organization_id or 0, "")

    def values(self) -> Mapping[str, Sequence[str]]:
        """Return values by the name of their field."""
        return {**self._values, "org": list(self.names.values())}

    def learn(self, calls: CallStore, jobs: Jobs) -> None:
        """Read the values of the newest calls."""

        def read(_progress: Progress) -> Mapping[str, Sequence[str]]:
            return {name: calls.values(name) for name in COMPLETED}

        jobs.run("", read, self._take_values)

    def _take_values(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    @Slot()
    def _take_names(self) -> None:
        organizations = self._session.organizations if self._session else ()
        names = {each.organization.id: each.organization.name for each in organizations}
        if names != self.names:
            self.names = names
            self.changed.emit()
