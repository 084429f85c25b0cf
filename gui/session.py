"""What all pages share about the moment: the organizations, the chosen one, where to go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.jobs import Jobs, Progress
from gui.settings import ORGANIZATION, Settings

if TYPE_CHECKING:
    from storage.organizations import OrganizationStore, OrganizationSummary


class Session(QObject):
    """The organizations as they were read last, and which of them the pages show.

    Signals:
        organizations_changed: one came, went, or has other counts; also after the first reading.
        organization_changed: another organization was chosen, or its switches or name changed.
        page_requested: something asks for a page, with its key and what to show there.
    """

    organizations_changed = Signal()
    organization_changed = Signal()
    page_requested = Signal(str, object)

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings
        self._store: OrganizationStore | None = None
        self._organizations: Sequence[OrganizationSummary] = ()
        self._chosen = settings.get(ORGANIZATION)
        self.loaded = False

    def attach(self, store: "OrganizationStore") -> None:
        """Read the organizations of a store that was opened."""
        self._store = store
        self.reload()

    @property
    def organizations(self) -> "Sequence[OrganizationSummary]":
        """Return all organizations in the order of the store."""
        return self._organizations

    @property
    def organization(self) -> "OrganizationSummary | None":
        """Return the chosen organization; None when there is none at all."""
        for summary in self._organizations:
            if summary.organization.id == self._chosen:
                return summary
        return None

    def choose(self, organization_id: int) -> None:
        """Show another organization from now on."""
        if organization_id == self._chosen:
            return
        self._chosen = organization_id
        self._settings.set(ORGANIZATION, organization_id)
        self.organization_changed.emit()

    def reload(self, choose: int | None = None) -> None:
        """Read the organizations again, and then choose one of them."""
        store = self._store
        if store is None:
            return
        if choose is not None:
            self._chosen = choose
            self._settings.set(ORGANIZATION, choose)

        def read(_progress: Progress) -> "Sequence[OrganizationSummary]":
            return store.all()

        self._jobs.run("", read, self._take)

    def go_to(self, page: str, target: object = None) -> None:
        """Ask for a page."""
        self.page_requested.emit(page, target)

    def _take(self, organizations: "Sequence[OrganizationSummary]") -> None:
        before = self.organization
        changed = not self.loaded or organizations != self._organizations
        self._organizations = organizations
        self.loaded = True
        if self.organization is None and organizations:
            self._chosen = organizations[0].organization.id
        after = self.organization
        if changed:
            self.organizations_changed.emit()
        if (before and before.organization) != (after and after.organization):
            self.organization_changed.emit()
