"""What a call changed: a user or group before and after, attribute by attribute."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from server.calls.call import Call
from server.calls.differences import AttributeChange, difference, differences
from server.calls.member_changes import member_changes
from server.calls.reading import parameters, parsed, patch_operations
from server.calls.recognition import recognise
from server.calls.redaction import REDACTED

Kind: TypeAlias = Literal["created", "linked", "updated", "unchanged", "deleted", "refused", "none"]
"""What became of the resource; "none" is a call that changes nothing, or many (bulk)."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a call changed; ``attributes`` are in the order of the resource."""

    kind: Kind
    attributes: tuple[AttributeChange, ...] = ()


def changes(call: Call, neighbours: Sequence[Call] = ()) -> Changes:
    """Return what a call changed; any bytes may be in it.

    What was before is ``call.before``, what came of it the answer, or the request where the answer
    does not show it all. A group's members are not in ``call.before``: ``neighbours`` are calls
    among which there may be one that shows them.
    """
    operation = recognise(call).code
    if call.method not in _WRITES or operation in _NOT_OF_ONE:
        return Changes("none")
    if not 0 < call.status < 400:
        return Changes("refused")
    try:
        found = list(_of_document(call))
    except RecursionError:
        # Nothing of SCIM is nested that deeply.
        found = []
    if operation.startswith("group-") and call.method != "DELETE":
        found += member_changes(call, neighbours)
    if operation == "password":
        # Blink takes no password: it is neither kept nor shown.
        found.append(AttributeChange("password", None, REDACTED))
    if call.method == "DELETE":
        return Changes("deleted", tuple(found))
    if call.method == "POST":
        return Changes("linked" if call.before else "created", tuple(found))
    return Changes("updated" if found else "unchanged", tuple(found))


_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_NOT_OF_ONE = frozenset({"search", "bulk", "me", "other", "elsewhere", "unreadable", "discovery"})
_NOT_SENT = frozenset({"schemas", "id", "meta", "groups", "members", "password"})
"""What the server makes or does not keep, and the members, which have their own way."""


def _of_document(call: Call) -> Iterator[AttributeChange]:
    before = _own(_object(call.before))
    if call.method == "DELETE":
        return differences(before, {})
    after = _object(call.response_body) if not _is_partial(call) else {}
    if "id" in after:
        return differences(before, _own(after))
    if call.method == "PATCH":
        return _requested(call, before)
    return differences(before, _own(_object(call.request_body)))


def _is_partial(call: Call) -> bool:
    """Say whether the client asked for some of the attributes only (RFC 7644 3.9)."""
    return not parameters(call).keys().isdisjoint(("attributes", "excludedattributes"))


def _requested(call: Call, before: Mapping[str, Any]) -> Iterator[AttributeChange]:
    """Yield what the operations of a PATCH ask for, as far as that differs from what was."""
    for verb, path, value in patch_operations(call):
        if path:
            wanted = None if verb == "remove" else value
            if path.partition("[")[0].lower() not in _NOT_SENT and wanted != _at(before, path):
                yield AttributeChange(path, _at(before, path), wanted)
        elif isinstance(value, dict):
            for name, item in _own(value).items():
                earlier = before.get(name)
                both = isinstance(earlier, dict) and isinstance(item, dict)
                yield from difference(name, earlier, earlier | item if both else item)


def _at(document: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a plain path, None where there is nothing or the path is not plain."""
    extension, colon, rest = path.rpartition(":")
    value: Any = document.get(extension) if colon and extension in document else document
    for name in rest.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _own(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name.lower() not in _NOT_SENT}


def _object(text: bytes) -> dict[str, Any]:
    value = parsed(text) if text else None
    return value if isinstance(value, dict) else {}
