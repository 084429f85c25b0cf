"""A call with what is around it, read once for all rules."""

import heapq
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from server.calls.call import Call
from server.calls.changes import Changes, changes
from server.calls.clients import origin
from server.calls.explanation import Understanding, understand
from server.calls.reading import error_member

MINUTE = 60_000_000
"""In microseconds, as ``Call.at`` is."""

NEIGHBOUR_LIMIT = 300
"""How many neighbours are looked at, the nearest ones."""


class Other(NamedTuple):
    """A neighbour about the same user or group, and what it was."""

    call: Call
    what: Understanding


class Scene:
    """A call and its neighbours.

    Attributes:
        call: The call that is diagnosed.
        what: What it was.
        client: Who sent it.
        detail: The sentences of the SCIM error that was answered, or "".
        scim_type: The error's scimType, or "".
        remarks: What the server remarked on, by code.
    """

    def __init__(self, call: Call, neighbours: Sequence[Call]) -> None:
        self.call = call
        self.what = understand(call)
        self.client = origin(call)
        self.detail = _printable(error_member(call, "detail"))
        self.scim_type = error_member(call, "scimType")
        self.remarks = dict(call.remarks)
        self._neighbours = heapq.nsmallest(
            NEIGHBOUR_LIMIT, neighbours, key=lambda other: abs(other.at - call.at)
        )

    @property
    def operation(self) -> str:
        """What the client was doing, by its code."""
        return self.what.operation

    @property
    def subject(self) -> str:
        """Whom the call is about, for a sentence."""
        return self.what.subject or "the user"

    @property
    def failed(self) -> bool:
        """Whether the call was refused or never answered."""
        return self.call.status == 0 or self.call.status >= 400

    @property
    def problem(self) -> str:
        """The first sentence of the error, without its full stop."""
        return self.detail.partition(". ")[0].strip().removesuffix(".")

    def name_of(self, resource_id: str) -> str:
        """Return the name of a user or group by its id, "" where no neighbour tells it."""
        subjects = (each.subject for each in self._neighbours if each.resource_id == resource_id)
        return next(filter(None, subjects), "")

    @cached_property
    def changes(self) -> Changes:
        """What the call changed."""
        return changes(self.call, self._neighbours)

    @cached_property
    def earlier(self) -> list[Other]:
        """The calls before this one about the same user or group, in the order of time."""
        return [other for other in self._about_the_same if other.call.at < self.call.at]

    @cached_property
    def later(self) -> list[Other]:
        """The calls after this one about the same user or group, in the order of time."""
        return [other for other in self._about_the_same if other.call.at > self.call.at]

    @cached_property
    def _about_the_same(self) -> list[Other]:
        names = _names(self.call, self.what)
        others = [Other(call, understand(call)) for call in self._neighbours]
        same = [other for other in others if names & _names(*other)]
        return sorted(same, key=lambda other: other.call.at)


def _names(call: Call, what: Understanding) -> set[tuple[str, str]]:
    """Return what tells whom a call is about: the kind of resource with its name and with its id.

    A call that was refused has no id but in its path.
    """
    kind, _, last = call.path.rpartition("/")
    kind = kind.rpartition("/")[2].lower()
    if kind not in _TYPES:
        kind, last = last.lower(), ""
    return {(kind, name.casefold()) for name in (call.resource_id, last, what.subject) if name}


_TYPES = ("users", "groups")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
