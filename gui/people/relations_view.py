"""Who and what a person is tied to: manager, assistant, linked objects, groups, app users."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.people.profile_model import value_text
from gui.people.reading import ShownPerson
from gui.theme import Theme
from gui.widgets.boxes import clear, column, plain, row, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.labels import ElidedLabel, badge, label
from server.okta.people import Person, PersonGroup, ProfileValue

GROUP_TYPES = {"OKTA_GROUP": "Okta group", "BUILT_IN": "Built in", "APP_GROUP": "From an app"}


class RelationsView(QWidget):
    """Lists the ties; other people are links.

    Signals:
        person_asked: a person is to be shown, with the id.
        groups_asked: the groups are to be changed.
        manager_asked: another manager is to be chosen.
        manager_removed: the person is to have no manager.
    """

    person_asked = Signal(str)
    groups_asked = Signal()
    manager_asked = Signal()
    manager_removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._theme = theme
        self._parts = column(spacing=2, margins=(0, 1, 2, 1))
        self.setLayout(column(scrolled(plain(self._parts)), spacing=0))

    def show_person(self, shown: ShownPerson) -> None:
        """Show the ties of a person."""
        clear(self._parts)
        person = shown.person
        self._head("Manager", self._manager_buttons(shown))
        named = person.manager_id or str(person.profile.get("managerId", ""))
        self._person(shown.manager, named, "No manager is known.")
        if person.assistant_id:
            self._head("Assistant")
            self._person(shown.assistant, person.assistant_id, "")
        for name, other in shown.linked.items():
            self._head(f"Linked object “{name}”")
            self._person(other, person.linked[name], "")
        change = push_button(self._theme, "Change…", kind="link", clicked=self.groups_asked.emit)
        change.setAccessibleName("Change the groups")
        self._head("Groups", change)
        for group in person.groups:
            self._group(group)
        if not person.groups:
            self._parts.addWidget(label("In no group.", "muted"))
        for name, profile in person.apps.items():
            self._head(f"App user in {name}")
            self._app_user(profile)
        self._parts.addStretch(1)

    def _head(self, words: str, *buttons: QWidget) -> None:
        self._parts.addSpacing(4)
        self._parts.addWidget(plain(row(label(words, "caption"), None, *buttons, spacing=1)))

    def _manager_buttons(self, shown: ShownPerson) -> QWidget:
        theme = self._theme
        change = push_button(theme, "Change…", kind="link", clicked=self.manager_asked.emit)
        change.setAccessibleName("Change the manager")
        remove = push_button(theme, "Remove", kind="link", clicked=self.manager_removed.emit)
        remove.setAccessibleName("Remove the manager")
        profile = shown.person.profile
        remove.setVisible(bool(shown.person.manager_id or profile.get("managerId")))
        return plain(row(change, remove, spacing=0))

    def _person(self, other: Person | None, named: str, nobody: str) -> None:
        if other is None:
            words = f"{named} is named, but is not among these people." if named else nobody
            self._parts.addWidget(label(words, "muted", wrap=True))
            return
        link = push_button(
            self._theme, other.name, "user", "link", partial(self.person_asked.emit, other.id)
        )
        link.setAccessibleName(f"Open {other.name}")
        line = row(link, ElidedLabel(other.login, "small"), spacing=1)
        line.setStretch(1, 1)
        self._parts.addWidget(plain(line))

    def _group(self, group: PersonGroup) -> None:
        name = ElidedLabel(group.name)
        line = row(name, badge(GROUP_TYPES.get(group.type, group.type)), spacing=2)
        line.setStretch(0, 1)
        self._parts.addWidget(plain(line))

    def _app_user(self, profile: Mapping[str, ProfileValue]) -> None:
        for name, value in profile.items():
            text = value_text(value)
            line = row(label(name, "muted"), ElidedLabel(text), spacing=2)
            line.setStretch(1, 1)
            self._parts.addWidget(plain(line))
