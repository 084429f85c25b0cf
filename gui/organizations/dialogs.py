"""Making, changing and deleting an organization."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.jobs import Jobs, Progress
from gui.session import Session
from gui.theme import SPACE, Theme
from gui.widgets.boxes import column, field, plain
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label, note
from gui.widgets.switch import TRACK, Switch
from server.blink.directory import Organization

if TYPE_CHECKING:
    from gui.services import Services
    from storage.organizations import OrganizationStore, OrganizationSummary

GROUP_PUSH = (
    "Group push",
    "Accept groups that Okta pushes. Blink does not support this yet, so it is off for a customer "
    "who must see what Blink does today.",
)
ACTIVE_BY_DEFAULT = (
    "New users are active by default",
    "A user who arrives without “active” is enabled. Blink's own API disables such a user.",
)


class OrganizationDialog(Dialog):
    """Creates an organization, or changes the name and the feature switches of one."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        jobs: Jobs,
        store: "OrganizationStore",
        session: Session,
        organization: Organization | None = None,
        custom_attributes: QWidget | None = None,
    ) -> None:
        """``custom_attributes`` is the section of them, where there is an organization."""
        heading = "Organization settings" if organization else "New organization"
        text = "An organization is one customer of Blink, with its own tokens, users and switches."
        super().__init__(theme, parent, heading, "" if organization else text)
        self._jobs = jobs
        self._store = store
        self._session = session
        self._organization = organization
        self.name = QLineEdit(organization.name if organization else "")
        self.name.setAccessibleName("Organization name")
        self.name.setPlaceholderText("Acme Corporation")
        self.name.setMaxLength(100)
        self.name.textChanged.connect(self._check)
        self.group_push, push = switch(theme, GROUP_PUSH)
        self.group_push.setChecked(bool(organization and organization.group_push))
        self.active_by_default, active = switch(theme, ACTIVE_BY_DEFAULT)
        self.active_by_default.setChecked(bool(organization and organization.active_by_default))
        self.error = label("", tone="danger", wrap=True)
        self.error.hide()
        self.add(field(label("Name", "caption"), self.name))
        self.add(label("Features", "caption"), push, active, self.error)
        if custom_attributes:
            self.setMinimumWidth(680)
            self.add(custom_attributes)
        words = "Save" if organization else "Create organization"
        self.save_button = push_button(theme, words, kind="primary", clicked=self._save)
        self.end_with(self.cancel_button(), self.save_button)
        self._check()

    @Slot()
    def _check(self) -> None:
        self.save_button.setEnabled(bool(self.name.text().strip()))

    @Slot()
    def _save(self) -> None:
        self.save_button.setEnabled(False)
        organization, store, name = self._organization, self._store, self.name.text().strip()
        push, active = self.group_push.isChecked(), self.active_by_default.isChecked()

        def save(_progress: Progress) -> int:
            if organization is None:
                return store.create(name, group_push=push, active_by_default=active).id
            if name != organization.name:
                store.rename(organization.id, name)
            store.set_switches(organization.id, group_push=push, active_by_default=active)
            return organization.id

        self._jobs.run("", save, self._saved, self._refused)

    def _saved(self, organization_id: int) -> None:
        self._session.reload(choose=organization_id)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))
        self.error.show()
        self._check()


class DeleteOrganizationDialog(Dialog):
    """Deletes an organization after its name was typed."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        jobs: Jobs,
        services: "Services",
        session: Session,
        summary: "OrganizationSummary",
    ) -> None:
        self._organization = summary.organization
        super().__init__(theme, parent, f"Delete {self._organization.name}?")
        self._jobs = jobs
        self._services = services
        self._session = session
        users, tokens = counted(summary.users, "user"), counted(summary.tokens, "token")
        what = label(
            f"{users}, {tokens} and all recorded calls are deleted for good. Okta gets 401 for "
            "every call with one of these tokens.",
            wrap=True,
        )
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the organization to delete")
        self.name.setPlaceholderText(self._organization.name)
        self.name.textChanged.connect(self._check)
        self.error = label("", tone="danger", wrap=True)
        self.error.hide()
        ask = label(f"Type {self._organization.name} to confirm", "caption")
        self.add(note(theme, "danger", what), field(ask, self.name), self.error)
        self.delete_button = push_button(
            theme, "Delete organization", kind="danger", clicked=self._delete
        )
        self.end_with(self.cancel_button(), self.delete_button)
        self._check()

    @Slot()
    def _check(self) -> None:
        self.delete_button.setEnabled(self.name.text().strip() == self._organization.name.strip())

    @Slot()
    def _delete(self) -> None:
        self.delete_button.setEnabled(False)
        services, organization_id = self._services, self._organization.id

        def delete(_progress: Progress) -> None:
            services.organizations.delete(organization_id)
            services.calls.clear(organization_id)

        title = f"Deleting {self._organization.name}"
        self._jobs.run(title, delete, self._deleted, self._refused)

    def _deleted(self, _nothing: None) -> None:
        self._session.reload()
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))
        self.error.show()
        self._check()


def counted(number: int, word: str) -> str:
    """Return "1 user", "12,480 users"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def switch(theme: Theme, words: tuple[str, str]) -> tuple[Switch, QWidget]:
    """Return a switch, and it together with its explanation below."""
    title, text = words
    made = Switch(theme, title)
    made.setAccessibleDescription(text)
    explanation = label(text, "small", wrap=True)
    explanation.setIndent(TRACK.width() + SPACE[3])
    return made, plain(column(made, explanation, spacing=0))
