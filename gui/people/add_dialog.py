"""Adding a person by hand."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.people.rows import BY_HAND
from gui.widgets.boxes import field, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from server.okta.people import (
    BASE_SCHEMA,
    Person,
    ProfileValue,
    ValueRefused,
    checked,
    problem,
)

FIELDS = (
    (("firstName", "Ann"), ("lastName", "Lee")),
    (("email", "ann.lee@acme.example"), ("login", "As the email, unless it is filled in")),
    (("mobilePhone", "+447700900123"), ("employeeNumber", "10001")),
    (("title", "Staff nurse"), ("department", "Emergency")),
)
"""The attributes that are asked for, with an example; what is left empty was never set."""


class AddDialog(Dialog):
    """Asks for the most important values; ``added`` is called with the person that is kept."""

    def __init__(
        self, desk: Desk, parent: QWidget, organization_id: int, added: Callable[[Person], None]
    ) -> None:
        super().__init__(
            desk.theme,
            parent,
            "Add person",
            "Somebody in Okta, to try mappings with. What is left empty was never set; all other "
            "attributes can be filled in afterwards.",
        )
        self._desk = desk
        self._organization_id = organization_id
        self._added = added
        self._saving = False
        self.setMinimumWidth(620)
        self.lines: dict[str, QLineEdit] = {}
        for pair in FIELDS:
            self.add(plain(row(*(self._field(name, hint) for name, hint in pair), spacing=3)))
        self.error = label("", tone="danger", wrap=True)
        self.add(self.error)
        self.add_button = push_button(desk.theme, "Add person", kind="primary", clicked=self._save)
        self.end_with(self.cancel_button(), self.add_button)
        self._check()

    def drafted(self) -> Person:
        """Return the person as the fields have them now."""
        profile: dict[str, ProfileValue] = {}
        for name, line in self.lines.items():
            if text := line.text().strip():
                profile[name] = text
        if "login" not in profile and "email" in profile:
            profile["login"] = profile["email"]
        return Person("", profile, origin=BY_HAND)

    def _field(self, name: str, hint: str) -> QWidget:
        attribute = BASE_SCHEMA.names[name]
        line = QLineEdit()
        line.setAccessibleName(attribute.title)
        line.setPlaceholderText(hint)
        line.textChanged.connect(self._check)
        self.lines[name] = line
        return field(label(attribute.title, "caption"), line)

    @Slot()
    def _check(self) -> None:
        profile = dict(self.drafted().profile)
        self.add_button.setEnabled(not problem(profile, BASE_SCHEMA) and not self._saving)
        # What is still to be filled in is no mistake yet.
        wrong = next(filter(None, (_wrong(name, value) for name, value in profile.items())), "")
        self._tell(wrong)

    def _tell(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.fit()

    @Slot()
    def _save(self) -> None:
        self._saving = True
        self.add_button.setEnabled(False)
        services, organization_id = self._desk.services, self._organization_id
        person = self.drafted()

        def save(_progress: Progress) -> Person:
            return services.okta().people.save(organization_id, person)

        self._desk.jobs.run("", save, self._take, self._refused)

    def _take(self, person: Person) -> None:
        self.accept()
        self._added(person)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self._check()
        self._tell(str(error))


def _wrong(name: str, value: ProfileValue) -> str:
    try:
        checked(value, BASE_SCHEMA.names[name])
    except ValueRefused as error:
        return str(error)
    return ""
