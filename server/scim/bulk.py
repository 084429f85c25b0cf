"""Bulk requests (RFC 7644 3.7): their operations, the order of these, and ``bulkId`` references.

An operation may name a resource that another one of the request creates: ``"bulkId:x"`` as a value,
in quotes within a PATCH path, or in the operation's own path ("/Users/bulkId:x").
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from server.scim.errors import ScimError, shortened
from server.scim.patch import PATCH_SCHEMA
from server.scim.values import described

BULK_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
MAX_OPERATIONS: Final = 1000
METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")

Unit: TypeAlias = tuple["BulkOperation", ...]
"""Operations that are performed together, more than one only where they refer in a circle."""


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """An operation; ``index`` is its place in the request, from 0.

    ``method`` is in capitals. ``references`` are the bulkIds that it names, without its own unless
    it names itself. ``problem`` says why it cannot be performed, whatever the others do.
    """

    index: int
    method: str
    path: str
    bulk_id: str | None
    version: str | None
    data: Any
    references: frozenset[str]
    problem: ScimError | None = None

    @property
    def creates(self) -> str | None:
        """The bulkId that others can refer to, if it makes one known."""
        return self.bulk_id if self.method == "POST" and self.problem is None else None


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """The operations as they were sent; ``fail_on_errors`` is how many failures end the request."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int | None


def parse_bulk(body: Any) -> BulkRequest:
    """Check the envelope of a bulk request; what is wrong in one operation is that one's problem.

    Raises:
        ScimError: 400 ``invalidSyntax`` or ``invalidValue`` for the envelope, 413 for more than
            ``MAX_OPERATIONS`` operations.
    """
    if not isinstance(body, dict):
        raise _syntax(f"A bulk request is a JSON object, but the body is {described(body)}.")
    members = {key.lower(): value for key, value in body.items()}
    operations = members.get("operations")
    if not isinstance(operations, list):
        found = described(operations) if "operations" in members else "missing"
        raise _syntax(f'A bulk request needs a list named "Operations", but it is {found}.')
    if len(operations) > MAX_OPERATIONS:
        raise ScimError(
            413,
            f"The bulk request has {len(operations):,} operations, and {MAX_OPERATIONS:,} are the "
            "most that are accepted. Split it into smaller ones.",
        )
    limit = members.get("failonerrors")
    if limit is not None and (type(limit) is not int or limit < 1):
        raise ScimError(
            400,
            f"failOnErrors must be a whole number from 1 on, not {described(limit)}.",
            "invalidValue",
        )
    taken: set[str] = set()
    parsed = tuple([_operation(i, operation, taken) for i, operation in enumerate(operations)])
    return BulkRequest(parsed, limit)


def in_order(operations: Sequence[BulkOperation]) -> list[Unit]:
    """Return the operations so that each comes after those that it refers to.

    Apart from that the order is the one in which they were sent.
    """
    creators = {known: operation for operation in operations if (known := operation.creates)}
    needs = {
        operation.index: sorted(
            creators[name].index for name in operation.references if name in creators
        )
        for operation in operations
    }
    units = _components(needs)
    return [tuple([operations[index] for index in sorted(unit)]) for unit in units]


def resolved(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a value with the ids of resources in place of the references to them."""
    if isinstance(value, str):
        return _resolved_text(value, ids) if _MARK in value else value
    if isinstance(value, list):
        return [resolved(item, ids) for item in value]
    if isinstance(value, dict):
        return {key: resolved(item, ids) for key, item in value.items()}
    return value


def resolved_path(path: str, ids: Mapping[str, str]) -> str:
    """Return the path of an operation with the ids of resources in place of references."""
    return _IN_PATH.sub(lambda match: ids.get(match[1], match[0]), path) if _MARK in path else path


def split(data: dict[str, Any], later: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of a resource can be created now, and what has to be added once ``later`` exist.

    Values that refer to what does not exist yet are put off: elements of lists alone, other
    attributes whole. What is put off has the form of a PATCH without a path.
    """
    now: dict[str, Any] = {}
    deferred: dict[str, Any] = {}
    for key, value in data.items():
        if not any(name in later for name in _references(value)):
            now[key] = value
        elif isinstance(value, dict) and ":" in key:
            now_inside, deferred[key] = split(value, later)
            if now_inside:
                now[key] = now_inside
        elif isinstance(value, list):
            waits = [any(name in later for name in _references(item)) for item in value]
            now[key] = [item for item, wait in zip(value, waits, strict=True) if not wait]
            deferred[key] = [item for item, wait in zip(value, waits, strict=True) if wait]
        else:
            deferred[key] = value
    return now, deferred


_MARK: Final = "bulkId:"
_WHOLE: Final = re.compile(r"bulkId:(.+)", re.DOTALL)
_QUOTED: Final = re.compile(r'"bulkId:([^"\\]+)"')
_IN_PATH: Final = re.compile(r"(?<=/)bulkId:([^/?]+)")


def _operation(index: int, operation: Any, taken: set[str]) -> BulkOperation:
    if not isinstance(operation, dict):
        raise _syntax(
            f"Operation {index + 1} of the bulk request must be an object, "
            f"not {described(operation)}."
        )
    members = {key.lower(): value for key, value in operation.items()}
    for name in ("method", "path", "bulkId", "version"):
        value = members.get(name.lower())
        if value is not None and not isinstance(value, str):
            raise _syntax(
                f"{name} of operation {index + 1} of the bulk request must be a text, "
                f"not {described(value)}."
            )
    method, path = (members.get("method") or "").upper(), members.get("path") or ""
    bulk_id, data = members.get("bulkid") or None, members.get("data")
    if method == "PATCH" and isinstance(data, list):
        # The example of RFC 7644 3.7.3 has the operations alone, without the message around them.
        data = {"schemas": [PATCH_SCHEMA], "Operations": data}
    problem = _problem(method, path, bulk_id, data, taken)
    if method == "POST" and bulk_id and problem is None:
        taken.add(bulk_id)
    return BulkOperation(
        index=index,
        method=method,
        path=path,
        bulk_id=bulk_id,
        version=members.get("version"),
        data=data,
        references=frozenset((*_IN_PATH.findall(path), *_references(data))),
        problem=problem,
    )


def _problem(
    method: str, path: str, bulk_id: str | None, data: Any, taken: Collection[str]
) -> ScimError | None:
    if method not in METHODS:
        found = shortened(method) if method else "missing"
        return _syntax(f"method must be one of {', '.join(METHODS)}, but it is {found}.")
    if not path:
        return _syntax('path is missing: it names what is changed, such as "/Users".')
    if method != "DELETE" and not isinstance(data, dict):
        found = "missing" if data is None else described(data)
        return _syntax(f"data must be an object for {method}, but it is {found}.")
    if method != "POST":
        return None
    if bulk_id is None:
        return _syntax("bulkId is missing: a POST needs one, to tell the answers apart.")
    if bulk_id in taken:
        return ScimError(
            400,
            f"bulkId {shortened(bulk_id)} belongs to another operation already: "
            "give each POST its own.",
            "invalidValue",
        )
    return None


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _MARK in value:
            whole = _WHOLE.fullmatch(value)
            yield from [whole[1]] if whole else _QUOTED.findall(value)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _references(item)


def _resolved_text(text: str, ids: Mapping[str, str]) -> str:
    whole = _WHOLE.fullmatch(text)
    if whole:
        return ids.get(whole[1], text)
    return _QUOTED.sub(lambda match: f'"{ids[match[1]]}"' if match[1] in ids else match[0], text)


def _components(needs: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Return the strongly connected components of a graph, each after those that it needs.

    Tarjan's algorithm, without recursion: a chain may be as long as the request.
    """
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    components: list[list[int]] = []
    for root in needs:
        work = [] if root in order else [(root, iter(needs[root]))]
        while work:
            node, rest = work[-1]
            if node not in order:
                order[node] = lowest[node] = len(order)
                stack.append(node)
                on_stack.add(node)
            for needed in rest:
                if needed not in order:
                    work.append((needed, iter(needs[needed])))
                    break
                if needed in on_stack:
                    lowest[node] = min(lowest[node], order[needed])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[node])
                if lowest[node] == order[node]:
                    start = stack.index(node)
                    components.append(stack[start:])
                    on_stack.difference_update(stack[start:])
                    del stack[start:]
    return components


def _syntax(detail: str) -> ScimError:
    return ScimError(400, detail, "invalidSyntax")
