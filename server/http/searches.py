"""Searches across users and groups: ``GET /`` and ``POST /.search`` (RFC 7644 3.4.2.1, 3.4.3)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from server.http.messages import Answer, Request
from server.http.resources import (
    ResourceEndpoint,
    Types,
    cursor_body,
    cursor_scope,
    is_served,
    list_body,
)
from server.scim.cursors import Cursors
from server.scim.errors import ScimError
from server.scim.lists import ListQuery, among, parse_query, parse_search
from server.scim.schemas import ResourceType


class SearchEndpoint:
    """Searches the lists of several types as if they were one, one behind the other."""

    def __init__(
        self, types: Types, endpoints: Sequence[ResourceEndpoint[Any]], cursors: Cursors
    ) -> None:
        self._types = types
        self._endpoints = endpoints
        self._cursors = cursors

    def list(self, request: Request) -> Answer:
        """``GET /?filter=...``."""
        parameters = request.parameters()
        return self._found(request, lambda type_: parse_query(type_, parameters))

    def search(self, request: Request) -> Answer:
        """``POST /.search``."""
        body = request.json()
        return self._found(request, lambda type_: parse_search(type_, body))

    def _found(self, request: Request, parse: Callable[[ResourceType], ListQuery]) -> Answer:
        types = self._types(request.organization)
        served = [
            endpoint
            for endpoint in self._endpoints
            if is_served(endpoint.type_name, request.organization)
        ]
        parts = []
        for endpoint in served:
            others = [types[other.type_name] for other in served if other is not endpoint]
            parts.append(_Part(endpoint, parse(among(types[endpoint.type_name], others))))
        cursor = parts[0].query.cursor
        if cursor is not None:
            return self._by_cursor(request, parts, cursor)
        return _by_index(request, parts)

    def _by_cursor(self, request: Request, parts: Sequence["_Part"], cursor: str) -> Answer:
        """Answer with the part that a cursor's first digit names, and what fits of the next ones.

        The rest of it is the cursor within that part, "" for its beginning.
        """
        first = _number(cursor, len(parts))
        within, after = cursor[1:], ""
        total = 0
        bodies: list[bytes] = []
        for number, (endpoint, query) in enumerate(parts):
            room = query.count - len(bodies)
            if number < first or after or not room:
                matching, _ = endpoint.page(request, replace(query, count=0))
                if not room and matching and not after:
                    after = str(number)
                total += matching
                continue
            asked = f"search\n{cursor_scope(request, endpoint.type_name, query)}"
            place = self._cursors.open(within, asked) if within else None
            found = endpoint.stretch(request, replace(query, count=room), place)
            if found.after is not None:
                after = f"{number}{self._cursors.seal(found.after, asked)}"
            within = ""
            total += found.total
            bodies += found.resources
        return Answer(200, cursor_body(bodies, total, "", after))


class _Part(NamedTuple):
    endpoint: ResourceEndpoint[Any]
    query: ListQuery


def _by_index(request: Request, parts: Sequence[_Part]) -> Answer:
    total = 0
    bodies: list[bytes] = []
    for endpoint, query in parts:
        start = max(1, query.start_index - total)
        count = query.count - len(bodies)
        matching, found = endpoint.page(request, replace(query, start_index=start, count=count))
        total += matching
        bodies += found
    return Answer(200, list_body(bodies, total, parts[0].query.start_index))


def _number(cursor: str, parts: int) -> int:
    if not cursor:
        return 0
    if cursor[0] not in [str(number) for number in range(parts)]:
        raise ScimError(
            400,
            "The cursor was not made for this search: send nextCursor of the last answer as it "
            "is, or begin again with an empty cursor.",
            "invalidCursor",
        )
    return int(cursor[0])
