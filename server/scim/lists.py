"""Queries for lists and their answers (RFC 7644 3.4.2 and 3.4.3)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from server.scim.errors import ScimError
from server.scim.filters.parser import parse_filter
from server.scim.filters.tree import Filter
from server.scim.names import did_you_mean
from server.scim.projection import Projection, projection_for
from server.scim.schemas import BoundPath, ResourceType
from server.scim.values import described

LIST_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

DEFAULT_COUNT: Final = 100
MAX_COUNT: Final = 1000
"""The largest page; a larger ``count`` is answered with this many."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A query: ``start_index`` counts from 1, ``count`` is between 0 and ``MAX_COUNT``.

    ``sort`` ends at the attribute whose values are compared. ``projection`` is None when everything
    is shown. ``cursor`` is None when pages are asked for by index, and "" for the first page
    (RFC 9865); ``asked`` then holds the words of the query that a cursor stays bound to.
    """

    filter: Filter | None = None
    start_index: int = 1
    count: int = DEFAULT_COUNT
    sort: BoundPath | None = None
    descending: bool = False
    projection: Projection | None = None
    cursor: str | None = None
    asked: str = ""


def parse_query(resource_type: ResourceType, parameters: Mapping[str, str]) -> ListQuery:
    """Read the parameters of a GET; names in any letter case, unknown ones are ignored.

    Raises:
        ScimError: 400 ``invalidFilter``, ``invalidValue``, ``invalidCursor`` or ``invalidCount``,
            naming the parameter.
    """
    return _list_query(resource_type, parameters)


def parse_search(resource_type: ResourceType, body: Any) -> ListQuery:
    """Read the body of a POST to ``/.search`` (RFC 7644 3.4.3).

    Raises:
        ScimError: 400 ``invalidSyntax`` when the body is no object, else as ``parse_query``.
    """
    if not isinstance(body, dict):
        raise ScimError(
            400, f"A search is a JSON object, but the body is {described(body)}.", "invalidSyntax"
        )
    return _list_query(resource_type, body)


def among(resource_type: ResourceType, others: Sequence[ResourceType]) -> ResourceType:
    """Return a resource type for searches across types (RFC 7644 3.4.2.1).

    What only the others have can be named too; no resource of the type has a value for it.
    """
    paths = dict(resource_type.paths)
    for other in others:
        paths = {**other.paths, **paths}
    names = [resource_type.name, *(other.name for other in others)]
    return replace(resource_type, name=" or ".join(sorted(names, reverse=True)), paths=paths)


def list_response(resources: list[Any], total: int, start_index: int = 1) -> dict[str, Any]:
    """Return a ListResponse; ``itemsPerPage`` is what it really holds, as Okta's checks demand."""
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def _list_query(resource_type: ResourceType, parameters: Mapping[str, Any]) -> ListQuery:
    given = {name.lower(): value for name, value in parameters.items()}
    filter_text = _text(given, "filter")
    sort_text = _text(given, "sortBy")
    cursor = given.get("cursor")
    query = ListQuery(
        filter=parse_filter(filter_text, resource_type) if filter_text else None,
        start_index=max(1, _integer(given, "startIndex", 1)),
        count=min(MAX_COUNT, max(0, _integer(given, "count", DEFAULT_COUNT)))
        if cursor is None
        else _page_size(given),
        sort=_sort(resource_type, sort_text) if sort_text else None,
        descending=_descending(_text(given, "sortOrder")),
        projection=projection_for(
            resource_type, _names(given, "attributes"), _names(given, "excludedAttributes")
        ),
    )
    if cursor is None:
        return query
    if not isinstance(cursor, str):
        raise ScimError(400, f"cursor must be a text, not {described(cursor)}.", "invalidCursor")
    asked = "\n".join((filter_text, sort_text, str(query.descending)))
    return replace(query, cursor=cursor, asked=asked)


def _page_size(given: Mapping[str, Any]) -> int:
    """Return ``count`` as RFC 9865 wants it beside a cursor."""
    try:
        count = _integer(given, "count", DEFAULT_COUNT)
    except ScimError as error:
        raise ScimError(400, error.detail, "invalidCount") from None
    if not 1 <= count <= MAX_COUNT:
        raise ScimError(
            400,
            f"count must be between 1 and {MAX_COUNT} where a cursor is used, not {count}.",
            "invalidCount",
        )
    return count


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name.lower())
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _invalid(f"{name} must be a text, not {described(value)}.")
    return value.strip()


def _integer(given: Mapping[str, Any], name: str, default: int) -> int:
    value = given.get(name.lower())
    if value is None or value == "":
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return _bounded(int(value))
    raise _invalid(f"{name} must be a whole number, not {described(value)}.")


def _bounded(number: int) -> int:
    # Stores count with 64 bits; nothing lies beyond a million million anyway.
    return max(-1, min(number, 10**12))


def _names(given: Mapping[str, Any], name: str) -> list[str] | str | None:
    value = given.get(name.lower())
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise _invalid(f"{name} must be a list of attribute names, not {described(value)}.")


def _sort(resource_type: ResourceType, name: str) -> BoundPath:
    path = resource_type.paths.get(name.lower())
    if path is None:
        hint = did_you_mean(name, resource_type)
        raise _invalid(f"sortBy {described(name)} is no attribute of a {resource_type.name}.{hint}")
    leaf = path.default_value
    if leaf.type == "complex" or leaf.returned == "never":
        raise _invalid(f"sortBy {path} cannot be sorted by: name one of its sub-attributes.")
    return path if leaf is path.leaf else BoundPath(path.urn, path.attribute, leaf)


def _descending(order: str) -> bool:
    lower = order.lower()
    if lower not in ("", "ascending", "descending"):
        raise _invalid(f'sortOrder must be "ascending" or "descending", not {described(order)}.')
    return lower == "descending"


def _invalid(detail: str) -> ScimError:
    return ScimError(400, detail, "invalidValue")


_INTEGER: Final = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)
