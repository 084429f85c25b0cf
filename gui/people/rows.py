"""How people look in lists: columns, cells, statuses in Okta's words."""

from collections.abc import Sequence
from typing import NamedTuple

from gui.widgets.cells import Cell
from gui.widgets.table import Column
from server.okta.people import Person

COLUMNS = (
    Column("name", "Name", 150),
    Column("login", "Username", 180, priority=5, hint="The login in Okta"),
    Column("email", "Primary email", 180, priority=3),
    Column("department", "Department", 120, priority=4),
    Column("status", "Status", 150, priority=1, hint="The status in Okta"),
    Column("note", "What is awkward", 130, priority=2, stretch=True),
    Column("origin", "From", 110, priority=6, hint="Where the person came from"),
)


class StatusLook(NamedTuple):
    """A status of Okta in the words of its pages, with a tone and an icon."""

    words: str
    tone: str
    icon: str


STATUS_LOOKS = {
    "STAGED": StatusLook("Staged", "neutral", "circle"),
    "PROVISIONED": StatusLook("Pending user action", "accent", "clock"),
    "ACTIVE": StatusLook("Active", "success", "check-circle"),
    "RECOVERY": StatusLook("Password reset", "warning", "clock"),
    "PASSWORD_EXPIRED": StatusLook("Password expired", "warning", "clock"),
    "LOCKED_OUT": StatusLook("Locked out", "warning", "alert"),
    "SUSPENDED": StatusLook("Suspended", "warning", "pause"),
    "DEPROVISIONED": StatusLook("Deactivated", "neutral", "ban"),
}

BY_HAND = "Added by hand"
"""The origin of somebody who was added in the window."""


def status_look(status: str) -> StatusLook:
    """Return how a status looks, also one that is new to this program."""
    return STATUS_LOOKS.get(status, StatusLook(status, "neutral", "circle"))


def person_cells(person: Person) -> Sequence[Cell]:
    """Return a person as a row of the list."""
    look = status_look(person.status)
    return (
        Cell(person.name or person.id, strong=True),
        Cell(person.login, color="muted"),
        _value(person, "email"),
        _value(person, "department"),
        status_cell(look),
        Cell(person.note, color="muted"),
        Cell(person.origin, color="muted"),
    )


def status_cell(look: StatusLook) -> Cell:
    """Return a status on its ground, with its icon."""
    color = "muted" if look.tone == "neutral" else look.tone
    return Cell(look.words, icon=look.icon, icon_color=color, badge=look.tone)


def _value(person: Person, name: str) -> Cell:
    value = person.profile.get(name)
    if value is None:
        return Cell("never set", color="faint")
    return Cell(str(value), color="muted") if value != "" else Cell("cleared", color="faint")
