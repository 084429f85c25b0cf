"""Puts the calls that belong together into operations, as they arrive."""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from server.calls.call import Call
from server.calls.clients import from_okta
from server.calls.explanation import Understanding
from server.calls.reading import total_results


class Placement(NamedTuple):
    """Which operation a call belongs to.

    ``head_id`` is the id of the operation's first call, the call's own id when it begins one.
    ``summary`` and ``status`` are what the head shows from now on for the operation as a whole;
    both are None while that is the head's own summary and status.
    """

    head_id: int
    summary: str | None = None
    status: int | None = None


WINDOW = 60_000_000
"""Microseconds after which the next call begins another operation."""

CAPACITY = 4096
"""How many operations are remembered; the ones that began longest ago go first."""


class Grouper:
    """Remembers the operations under way of each token.

    A look-up and the create after it are one operation, so are a read and the change after it, the
    calls that push a group, the pages of an import, and what is asked to discover the schemas.
    Its memory is bounded (``CAPACITY``), and a call takes about two microseconds.
    """

    def __init__(self) -> None:
        self._under_way: OrderedDict[_Key, _Operation] = OrderedDict()

    def place(self, call_id: int, call: Call, understanding: Understanding) -> Placement:
        """Say which operation a call belongs to; calls come in the order of their ids."""
        placer = _PLACERS.get(understanding.operation)
        if placer is None or call.token_id is None:
            return Placement(call_id)
        return placer(self, call_id, call, understanding)

    def _user_looked_up(self, call_id: int, call: Call, what: Understanding) -> Placement:
        if call.status == 200:
            self._begin(call_id, call, *_found("user", call, what)).looked_up = True
        return Placement(call_id)

    def _user_created(self, call_id: int, call: Call, what: Understanding) -> Placement:
        operation = self._take(call, "user named", what.subject.casefold())
        if operation is None:
            return Placement(call_id)
        return Placement(operation.head_id, what.summary, call.status)

    def _user_read(self, call_id: int, call: Call, what: Understanding) -> Placement:
        resource_id = _resource_id(call)
        if call.status >= 400:
            operation = self._take(call, "user", resource_id)
            if operation is None:
                return Placement(call_id)
            return Placement(operation.head_id, what.summary, call.status)
        operation = self._find(call, "user", resource_id)
        if operation is None or operation.calls > 1 or not operation.looked_up:
            operation = self._begin(call_id, call, "user", resource_id)
        else:
            operation.at = call.at
            operation.calls += 1
        return Placement(operation.head_id)

    def _user_changed(self, call_id: int, call: Call, what: Understanding) -> Placement:
        operation = self._take(call, "user", _resource_id(call))
        if operation is None:
            return Placement(call_id)
        summary = what.summary
        succeeded = 0 < call.status < 400
        if operation.looked_up and what.operation == "update" and succeeded and from_okta(call):
            # Entra looks its users up before every change, Okta only to link them.
            summary = f"Link to user {what.subject}, and update the profile"
        return Placement(operation.head_id, summary, call.status)

    def _group_looked_up(self, call_id: int, call: Call, what: Understanding) -> Placement:
        if call.status == 200:
            operation = self._begin(call_id, call, *_found("group", call, what))
            operation.looked_up, operation.name = True, what.subject
        return Placement(call_id)

    def _group_created(self, call_id: int, call: Call, what: Understanding) -> Placement:
        operation = self._take(call, "group named", what.subject.casefold())
        if operation is None:
            operation = _Operation(call_id, call.at)
        operation.name = what.subject
        if 0 < call.status < 400:
            self._keep(operation, call, "group", call.resource_id)
        return self._group_placement(operation, call_id, call, what)

    def _group_concerned(self, call_id: int, call: Call, what: Understanding) -> Placement:
        operation = self._find(call, "group", _resource_id(call))
        if operation is None:
            operation = self._begin(call_id, call, "group", _resource_id(call))
            operation.name = what.subject
        return self._group_placement(operation, call_id, call, what)

    def _group_placement(
        self, operation: "_Operation", call_id: int, call: Call, what: Understanding
    ) -> Placement:
        operation.at = call.at
        if operation.failure is None and (call.status == 0 or call.status >= 400):
            operation.failure = Placement(operation.head_id, what.summary, call.status)
        if operation.head_id == call_id:
            return Placement(call_id)
        operation.calls += 1
        summary = f"Push group {operation.name} ({operation.calls} calls)"
        return operation.failure or Placement(operation.head_id, summary, call.status)

    def _page_read(self, call_id: int, call: Call, what: Understanding) -> Placement:
        match = _START.search(call.query)
        start = int(match[1]) if match else 1
        operation = self._find(call, what.operation)
        continues = start > 1 or _CURSOR.search(call.query)
        if operation is None or not continues:
            self._begin(call_id, call, what.operation)
            return Placement(call_id)
        operation.at = call.at
        operation.calls += 1
        if call.status != 200:
            return Placement(operation.head_id, what.summary, call.status)
        noun = "groups" if what.operation == "group-import" else "users"
        summary = f"Import of {noun} ({operation.calls} pages, {total_results(call) or 0} {noun})"
        return Placement(operation.head_id, summary, call.status)

    def _schema_asked(self, call_id: int, call: Call, what: Understanding) -> Placement:
        operation = self._find(call, "discovery")
        if operation is None:
            self._begin(call_id, call, "discovery")
            return Placement(call_id)
        operation.at = call.at
        operation.calls += 1
        summary = f"Schema discovery ({operation.calls} calls)"
        return Placement(operation.head_id, summary, call.status)

    def _begin(self, call_id: int, call: Call, kind: str, name: str = "") -> "_Operation":
        operation = _Operation(call_id, call.at)
        self._keep(operation, call, kind, name)
        return operation

    def _keep(self, operation: "_Operation", call: Call, kind: str, name: str) -> None:
        key = (call.token_id, call.origin_mark, kind, name)
        self._under_way[key] = operation
        self._under_way.move_to_end(key)
        if len(self._under_way) > CAPACITY:
            self._under_way.popitem(last=False)

    def _find(self, call: Call, kind: str, name: str = "") -> "_Operation | None":
        operation = self._under_way.get((call.token_id, call.origin_mark, kind, name))
        return operation if operation and abs(call.at - operation.at) <= WINDOW else None

    def _take(self, call: Call, kind: str, name: str) -> "_Operation | None":
        operation = self._under_way.pop((call.token_id, call.origin_mark, kind, name), None)
        return operation if operation and abs(call.at - operation.at) <= WINDOW else None


class _Operation:
    """An operation under way; ``at`` is when its last call came, ``calls`` how many came."""

    __slots__ = ("at", "calls", "failure", "head_id", "looked_up", "name")

    def __init__(self, head_id: int, at: int) -> None:
        self.head_id = head_id
        self.at = at
        self.calls = 1
        self.looked_up = False
        self.name = ""
        self.failure: Placement | None = None


_Key: TypeAlias = tuple[int | None, str, str, str]
"""Token, origin mark, kind of operation, and the resource's id or name."""

_START = re.compile(r"startindex=(\d{1,9})\b", re.IGNORECASE)
_CURSOR = re.compile(r"cursor=[^&]", re.IGNORECASE)

_Placer: TypeAlias = Callable[[Grouper, int, Call, Understanding], Placement]
_PLACERS: Mapping[str, _Placer] = {
    "look-up": Grouper._user_looked_up,
    "create": Grouper._user_created,
    "read": Grouper._user_read,
    **dict.fromkeys(
        ("update", "deactivate", "reactivate", "password", "delete"), Grouper._user_changed
    ),
    "group-look-up": Grouper._group_looked_up,
    "group-create": Grouper._group_created,
    **dict.fromkeys(
        (
            "group-read",
            "group-rename",
            "group-add-members",
            "group-remove-members",
            "group-replace-members",
            "group-update",
        ),
        Grouper._group_concerned,
    ),
    **dict.fromkeys(("import", "group-import"), Grouper._page_read),
    "discovery": Grouper._schema_asked,
}
"""By the operation of a call; any other call stands alone."""


def _found(noun: str, call: Call, what: Understanding) -> tuple[str, str]:
    """Return what later calls will name: the id that was found, or else the name to create."""
    if call.resource_id:
        return noun, call.resource_id
    return f"{noun} named", what.subject.casefold()


def _resource_id(call: Call) -> str:
    """Return the id that a call is about; the server notes none for what it refuses."""
    return call.resource_id or call.path.rpartition("/")[2]
