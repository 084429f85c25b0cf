"""What a request wants of a group's members, without looking at the members there are.

A group may have 100,000 members and Okta and Entra change them one by one, so these changes are
made row by row. The general engine, which needs all members, is left for the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from server.scim.errors import ScimError
from server.scim.filters.tree import And, Comparison, Filter, Or
from server.scim.patch import Operation
from server.scim.paths import PatchPath, parse_path
from server.scim.remarks import Remark
from server.scim.schemas import Attribute, ResourceType
from server.scim.values import described, is_unassigned, note, read_element


@dataclass(frozen=True, slots=True)
class MemberChange:
    """Members to add or to remove, or all that there shall be ("set").

    ``ids`` are all different and in lower case, as ours are. With ``type`` ("User" or "Group")
    only members of that type are removed.
    """

    kind: Literal["add", "remove", "set"]
    ids: tuple[str, ...]
    type: str | None = None


class GroupPatch(NamedTuple):
    """A PATCH in two parts that do not depend on each other."""

    changes: list[MemberChange]
    others: tuple[Operation, ...]


def split_patch(
    group_type: ResourceType, operations: Sequence[Operation], remarks: list[Remark]
) -> GroupPatch | None:
    """Separate what is about members; None when that cannot be said without all members.

    Raises:
        ScimError: 400 ``invalidPath``, ``invalidFilter`` or ``invalidValue``.
    """
    changes: list[MemberChange] = []
    others: list[Operation] = []
    for operation in operations:
        found: list[MemberChange] | None
        if _is_whole(group_type, operation):
            found, rest = _split_value(group_type, operation, remarks)
            if rest or not operation.value:
                others.append(Operation(operation.op, None, rest))
        else:
            path = _member_path(group_type, operation)
            if path is None:
                others.append(operation)
                continue
            found = _changes_at(path, operation, remarks)
        if found is None:
            return None
        changes += found
    return GroupPatch(changes, tuple(others))


def member_ids(members: Attribute, value: Any, remarks: list[Remark]) -> tuple[str, ...]:
    """Return the ids of a list of members, or of a single one.

    ``type`` and ``$ref`` follow from whose id it is and ``display`` from the member's name: what is
    sent for them is only checked for its form.

    Raises:
        ScimError: 400 ``invalidValue`` for what is no member.
    """
    if type(value) is list and all(map(_is_usual, value)):
        ids = [element["value"].casefold() for element in value]
    else:
        ids = list(_read_ids(members, value, remarks))
    different = tuple(dict.fromkeys(ids))
    if len(different) < len(ids):
        text = "A value of members that repeats another one was dropped."
        note(remarks, "duplicate-value", text)
    return different


def ids_of(elements: Iterable[Any]) -> tuple[str, ...]:
    """Return the ids of members that are canonical already."""
    return tuple(dict.fromkeys(_id_of(element) for element in elements))


def _is_whole(group_type: ResourceType, operation: Operation) -> bool:
    """Say whether an operation writes the attributes of an object, so that it has no path."""
    path = operation.path
    no_path = path is None or (
        path.lower() == group_type.schema.id.lower() and operation.op != "remove"
    )
    return no_path and isinstance(operation.value, dict)


def _split_value(
    group_type: ResourceType, operation: Operation, remarks: list[Remark]
) -> tuple[list[MemberChange] | None, dict[str, Any]]:
    changes: list[MemberChange] = []
    rest = {}
    for key, value in operation.value.items():
        name = key.lower()
        bound = group_type.paths.get(name.partition("[")[0].strip())
        if bound is None or bound.attribute.name != "members":
            rest[key] = value
        elif name not in group_type.paths:
            return None, rest
        else:
            single = Operation(operation.op, None, value)
            found = _changes_at(PatchPath(bound), single, remarks)
            if found is None:
                return None, rest
            changes += found
    return changes, rest


def _member_path(group_type: ResourceType, operation: Operation) -> PatchPath | None:
    if operation.path is None or operation.path.lower() == group_type.schema.id.lower():
        return None
    path = parse_path(group_type, operation.path)
    return path if path.bound.attribute.name == "members" else None


def _changes_at(
    path: PatchPath, operation: Operation, remarks: list[Remark]
) -> list[MemberChange] | None:
    if path.bound.sub_attribute is not None:
        return None
    if path.filter is not None:
        return _removals(path.filter) if operation.op == "remove" else None
    if operation.op == "remove" and operation.value is None:
        return [MemberChange("set", ())]
    ids = member_ids(path.bound.attribute, operation.value, remarks)
    if operation.op == "remove":
        note(
            remarks,
            "remove-by-value",
            'The values of members to remove were taken from the operation\'s "value"; RFC 7644 '
            'has them in its "path".',
        )
        return [MemberChange("remove", ids)]
    return [MemberChange("add" if operation.op == "add" else "set", ids)]


def _removals(condition: Filter) -> list[MemberChange] | None:
    """Return the members that ``value eq "a" or value eq "b" and type eq "User"`` names."""
    terms = condition.terms if isinstance(condition, Or) else (condition,)
    by_type: dict[str | None, dict[str, None]] = {}
    for term in terms:
        texts = _equal_texts(term)
        if texts is None or "value" not in texts or not texts.keys() <= {"value", "type"}:
            return None
        kind = texts.get("type")
        known = None if kind is None else _TYPES.get(kind, kind)
        by_type.setdefault(known, {})[texts["value"]] = None
    return [MemberChange("remove", tuple(ids), kind) for kind, ids in by_type.items()]


def _equal_texts(condition: Filter) -> dict[str, str] | None:
    """Return what a chain of ``name eq "text"`` asks for, folded, or None for another filter."""
    terms = condition.terms if isinstance(condition, And) else (condition,)
    texts: dict[str, str] = {}
    for term in terms:
        if not isinstance(term, Comparison) or term.operator != "eq":
            return None
        name, value = term.path.attribute.name, term.value
        if not isinstance(value, str) or not value or name in texts:
            return None
        texts[name] = value.casefold()
    return texts


_TYPES = {"user": "User", "group": "Group"}
_PARTS = frozenset(("value", "$ref", "type", "display"))


def _is_usual(element: Any) -> bool:
    """Say whether a member has the form that clients send, which needs no closer look."""
    if type(element) is not dict or not element.keys() <= _PARTS:
        return False
    value = element.get("value")
    return (
        type(value) is str
        and bool(value)
        and isinstance(element.get("type"), str | None)
        and isinstance(element.get("$ref"), str | None)
    )


def _read_ids(members: Attribute, value: Any, remarks: list[Remark]) -> Iterable[str]:
    if isinstance(value, list):
        elements = value
    elif is_unassigned(value):
        return
    else:
        text = "members takes a list: the single value was understood as one."
        note(remarks, "single-value", text)
        elements = [value]
    for item in elements:
        element = read_element(members, item, "", remarks)
        if element is not None or not is_unassigned(item):
            yield _id_of(element or {"value": None})


def _id_of(element: dict[str, Any]) -> str:
    member_id = element.get("value")
    if not member_id:
        raise ScimError(
            400,
            'A member needs a "value", which is the id of a user or a group, but one has '
            f"{described(member_id)} there: push the group again from Okta.",
            "invalidValue",
        )
    text: str = member_id
    return text.casefold()
