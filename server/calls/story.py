"""A user's whole story, told from the calls about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from server.calls.call import Call
from server.calls.changes import Changes, changes
from server.calls.clients import origin
from server.calls.explanation import understand
from server.calls.recognition import recognise
from server.calls.text import moment_text

Kind: TypeAlias = Literal[
    "created",
    "linked",
    "changed",
    "unchanged",
    "deactivated",
    "reactivated",
    "password",
    "deleted",
    "failed",
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a user or group.

    ``at`` is in microseconds since the epoch (UTC), ``call_id`` the last of the ``calls`` calls
    that it stands for. ``kind`` is "failed" where the client asked and was refused.
    """

    at: int
    call_id: int
    kind: Kind
    words: str
    client: str
    calls: int = 1

    @property
    def text(self) -> str:
        """What happened as a sentence begins, and how often."""
        words = self.words[:1].upper() + self.words[1:]
        return f"{words} ({self.calls} times)" if self.calls > 1 else words


def story(calls: Iterable[tuple[int, Call]]) -> list[Event]:
    """Return what became of a user or group, the oldest first, from its calls and their ids.

    Look-ups and reads that led to nothing more are left out, unless they failed, and a failure
    that was repeated is told once.
    """
    events: list[Event] = []
    for event in _events(calls):
        last = events[-1] if events else None
        if last and event.kind == "failed" and (last.kind, last.words) == ("failed", event.words):
            events[-1] = replace(last, call_id=event.call_id, calls=last.calls + 1)
        else:
            events.append(event)
    return events


def story_text(subject: str, events: Iterable[Event]) -> str:
    """Return a story as a list in Markdown, times in UTC."""
    lines = (
        f"- {moment_text(event.at)} {event.text} (by {event.client}, call {event.call_id})"
        for event in events
    )
    return "\n".join((f"Story of {subject}:", "", *lines)) + "\n"


def _events(calls: Iterable[tuple[int, Call]]) -> Iterator[Event]:
    for call_id, call in sorted(calls, key=lambda pair: (pair[1].at, pair[0])):
        if not 0 < call.status < 400:
            yield Event(call.at, call_id, "failed", understand(call).summary, origin(call))
        elif told := _told(call):
            yield Event(call.at, call_id, *told, origin(call))


def _told(call: Call) -> tuple[Kind, str] | None:
    """Return what a call that succeeded did to its user or group, None for nothing."""
    found = changes(call)
    told = _listed(found)
    codes = {remark.code for remark in call.remarks}
    active = {change.path: change.after for change in found.attributes}.get("active")
    match found.kind:
        case "none" | "refused":
            return None
        case "created" | "deleted":
            return found.kind, found.kind
        case "linked":
            return "linked", "linked to an account that Blink had before"
        case _ if "user-deactivated" in codes or active is False:
            return "deactivated", "deactivated" + _also(told)
        case _ if "user-reactivated" in codes or active is True:
            return "reactivated", "reactivated" + _also(told)
        case _ if recognise(call).code == "password":
            return "password", "sent a new password, which Blink does not keep"
        case "unchanged":
            return "unchanged", "sent again, without a change"
        case "updated":
            return "changed", f"changed {told}"


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
