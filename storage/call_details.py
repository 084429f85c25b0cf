"""Everything about one call that a person reads: the call, its neighbours' part, its diagnosis."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from server.calls.call import Call
from server.calls.changes import Changes, changes
from server.calls.diagnosis import Finding, diagnose, holder_of
from server.calls.okta_view import OktaView, okta_view
from server.calls.operations import OPERATIONS
from storage.calls import CallRow, CallStore, StoredCall

STORY_LIMIT = 150
"""How many calls about the same user or group are read to understand one of them."""


class CallDetails(NamedTuple):
    """A call, ready to be shown.

    ``doing`` is its operation as a title, ``findings`` are why it failed and what is worth knowing,
    ``okta`` is what Okta's admin sees of it, ``changes`` are what came of it, ``operation`` are all
    calls of the operation that it belongs to.
    """

    stored: StoredCall
    doing: str
    findings: Sequence[Finding]
    okta: OktaView | None
    changes: Changes
    operation: Sequence[CallRow]


def read_details(calls: CallStore, call_id: int) -> CallDetails | None:
    """Read a call and prepare it; None when it is gone."""
    stored = calls.get(call_id)
    if stored is None:
        return None
    neighbours = _neighbours(calls, stored)
    return CallDetails(
        stored=stored,
        doing=OPERATIONS.get(stored.operation, OPERATIONS["other"]),
        findings=diagnose(stored.call, neighbours),
        okta=okta_view(stored.call),
        changes=changes(stored.call, neighbours),
        operation=calls.rows(calls.operation(call_id)),
    )


def _neighbours(calls: CallStore, stored: StoredCall) -> list[Call]:
    """Return the calls around one, and those about the same user or group from any time.

    Of the user that has the value which the call was refused for there is one, too.
    """
    found = {each.id: each.call for each in calls.neighbours(stored)}
    nearest = sorted(calls.story(stored), key=lambda number: abs(number - stored.id))
    wanted = nearest[:STORY_LIMIT]
    if holder := holder_of(stored.call):
        his = stored._replace(call=replace(stored.call, resource_id=holder, subject=""))
        wanted += calls.story(his, limit=1)
    more = {number for number in wanted if number not in found}
    found.update((each.id, each.call) for each in calls.whole(sorted(more)))
    found.pop(stored.id, None)
    return list(found.values())
