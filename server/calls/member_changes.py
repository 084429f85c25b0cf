"""What a call changed of a group's members."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from server.calls.call import Call
from server.calls.differences import AttributeChange
from server.calls.reading import member, members_of, parsed, patch_operations

MOST = 200
"""How many members are named; a sentence counts the others."""


def member_changes(call: Call, neighbours: Sequence[Call]) -> list[AttributeChange]:
    """Return the members that came and went by what the request asks for.

    A PUT names those that are left: who went is known from the last of the ``neighbours`` that
    showed the group's members.
    """
    if call.method == "PATCH":
        found = list(_patched(call))
    elif call.method == "PUT":
        found = list(_replaced(call, neighbours))
    else:
        found = [_came(element) for element in _listed(call.request_body)]
    if len(found) <= MOST:
        return found
    more = AttributeChange("members", None, None, f"and {len(found) - MOST:,} more")
    return [*found[:MOST], more]


def _patched(call: Call) -> Iterator[AttributeChange]:
    for verb, path, value in patch_operations(call):
        plain = path.partition("[")[0].strip().rpartition(":")[2].lower()
        if path and plain != "members":
            continue
        listed = members_of(value if path else member(value, "members"))
        if verb == "add":
            yield from (_came(element) for element in listed)
        elif verb == "remove":
            ids = _EQUAL.findall(path)
            gone = [{"value": json.loads(f'"{text}"')} for text in ids] or listed
            if not gone:
                yield AttributeChange("members", None, None, "all members were removed")
            yield from (_went(element) for element in gone)
        elif path or member(value, "members") is not None:
            yield _set_to(len(listed))


_EQUAL = re.compile(r'value\s+eq\s+"((?:[^"\\\x00-\x1f]|\\["\\/bfnrt])*)"', re.IGNORECASE)


def _replaced(call: Call, neighbours: Sequence[Call]) -> Iterator[AttributeChange]:
    after = {_id(element): element for element in _listed(call.request_body)}
    known = _last_shown(call, neighbours)
    if known is None:
        yield _set_to(len(after))
        return
    before = {_id(element): element for element in known}
    yield from (_came(element) for key, element in after.items() if key not in before)
    yield from (_went(element) for key, element in before.items() if key not in after)


def _last_shown(call: Call, neighbours: Sequence[Call]) -> list[Any] | None:
    earlier = [
        other
        for other in neighbours
        if other.at < call.at
        and other.status == 200
        and other.method in ("GET", "PUT")
        and other.path.rpartition("/")[2] == call.path.rpartition("/")[2]
        and not other.query
    ]
    if not earlier:
        return None
    shown = parsed(max(earlier, key=lambda other: other.at).response_body)
    return members_of(member(shown, "members")) if isinstance(shown, dict) else None


def _listed(body: bytes) -> Iterable[Any]:
    return members_of(member(parsed(body), "members"))


def _set_to(count: int) -> AttributeChange:
    members = "1 member" if count == 1 else f"{count:,} members"
    note = f"set to {members}; who was in the group before is not recorded"
    return AttributeChange("members", None, None, note)


def _came(element: Any) -> AttributeChange:
    return AttributeChange(_path(element), None, _name(element))


def _went(element: Any) -> AttributeChange:
    return AttributeChange(_path(element), _name(element), None)


def _path(element: Any) -> str:
    return f"members[value eq {json.dumps(_id(element), ensure_ascii=False)}]"


def _id(element: Any) -> str:
    value = member(element, "value") if isinstance(element, dict) else element
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _name(element: Any) -> str:
    name = member(element, "display")
    return name if isinstance(name, str) and name else _id(element)
