"""A user's whole story, told from the calls about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.calls.call import Call
from server.calls.changes import Changes, changes
from server.calls.clients import origin
from server.calls.explanation import understand
from server.calls.recognition import recognise


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a user or group.

    ``at`` is in microseconds since the epoch (UTC), ``call_id`` the last of the ``calls`` calls
    that it stands for. ``failed`` is True where the client asked and was refused.
    """

    at: int
    call_id: int
    words: str
    client: str
    failed: bool = False
    calls: int = 1


def story(calls: Iterable[tuple[int, Call]]) -> list[Event]:
    """Return what became of a user or group, the oldest first, from its calls and their ids.

    Look-ups and reads that led to nothing more are left out, unless they failed, and a failure
    that was repeated is told once.
    """
    events: list[Event] = []
    for event in _events(calls):
        last = events[-1] if events else None
        if last and event.failed and (last.words, last.failed) == (event.words, True):
            count = last.calls + 1
            events[-1] = Event(last.at, event.call_id, event.words, event.client, True, calls=count)
        else:
            events.append(event)
    return events


def _events(calls: Iterable[tuple[int, Call]]) -> Iterator[Event]:
    for call_id, call in sorted(calls, key=lambda pair: (pair[1].at, pair[0])):
        if not 0 < call.status < 400:
            yield Event(call.at, call_id, understand(call).summary, origin(call), failed=True)
            continue
        words = _words(call)
        if words:
            yield Event(call.at, call_id, words, origin(call))


def _words(call: Call) -> str:
    """Return what a call that succeeded did to its user or group, "" for nothing."""
    found = changes(call)
    if found.kind == "none":
        return ""
    doing = recognise(call)
    if found.kind in ("created", "deleted"):
        return found.kind
    if found.kind == "linked":
        return "linked to an account that Blink had before"
    codes = {remark.code for remark in call.remarks}
    active = {change.path: change.after for change in found.attributes}.get("active")
    told = _listed(found)
    if "user-deactivated" in codes or active is False:
        return "deactivated" + _also(told)
    if "user-reactivated" in codes or active is True:
        return "reactivated" + _also(told)
    if doing.code == "password":
        return "sent a new password, which Blink does not keep"
    if found.kind == "unchanged":
        return "sent again, without a change"
    return f"changed {told}"


def _listed(found: Changes) -> str:
    """Return "title (Clerk, now Lead), department (now IT) and 3 more"."""
    told = [
        _change(change.path, change.before, change.after) if not change.note else change.note
        for change in found.attributes
        if change.path != "active"
    ]
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    return ", ".join(told[:_TOLD]) + more


_TOLD = 4


def _change(path: str, before: object, after: object) -> str:
    name = path.rpartition(":")[2] if path.lower().startswith("urn:") else path
    if after is None:
        return f"{name} ({_short(before)} removed)"
    if before is None:
        return f"{name} (now {_short(after)})"
    return f"{name} ({_short(before)}, now {_short(after)})"


def _short(value: object) -> str:
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return f"{text[:40]}…" if len(text) > 40 else text


def _also(told: str) -> str:
    return f", and changed {told}" if told else ""
