"""A filter (RFC 7644 3.4.2.2) as a tree that is bound to a resource type."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from server.scim.schemas import BoundPath

Operator = Literal["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]
Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``path operator value``; a date is in the stored form already (UTC, milliseconds, Z)."""

    path: BoundPath
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Present:
    """``path pr``."""

    path: BoundPath


@dataclass(frozen=True, slots=True)
class And:
    """All of the terms, of which there are at least two."""

    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the terms, of which there are at least two."""

    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``not (term)``."""

    term: "Filter"


@dataclass(frozen=True, slots=True)
class ValuePath:
    """``path[filter]``: one value of the attribute satisfies the whole filter.

    The paths inside ``filter`` have the *sub-attribute* as their ``attribute``: they are
    evaluated against one element, not against the resource.
    """

    path: BoundPath
    filter: "Filter"


Filter: TypeAlias = Comparison | Present | And | Or | Not | ValuePath
