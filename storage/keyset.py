"""Reading a list from a place on, for cursors: no page costs what the ones before it do."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from server.scim.cursors import Place, Stretch
from server.scim.filters.tree import Filter
from server.scim.schemas import BoundPath
from storage.columns import Columns
from storage.filters import compile_sql, sort_key
from storage.transactions import one_view

LONGEST_KEY = 200
"""Texts are compared up to here, since the key of a place travels in a cursor."""

S = TypeVar("S")


class Sorting(NamedTuple):
    """By what a list is sorted; without a path in the order of creation."""

    path: BoundPath | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[S]):
    """What is listed: ``selected`` are the columns that ``make`` takes, in its order.

    ``rows`` names the table and a condition on the organization, ``total`` is a query for how many
    there are in an organization.
    """

    rows: str
    selected: str
    total: str
    columns: Columns
    make: Callable[[Sequence[Any]], S]

    def stretch(
        self,
        connection: sqlite3.Connection,
        organization_id: int,
        condition: Filter | None,
        sorting: Sorting,
        place: Place | None,
        count: int,
    ) -> Stretch[S]:
        """Return up to ``count`` resources beside a place, or from the beginning on."""
        row_id = self.columns.id
        key = _key(sorting.path, self.columns) if sorting.path else "NULL"
        where, parameters = compile_sql(condition, self.columns) if condition else ("1", [])
        backwards = place is not None and place.backwards
        beside, limits = _beside(key, row_id, sorting, place) if place else ("1", [])
        order = _order(key, row_id, sorting, backwards)
        source = f"FROM {self.rows} AND {where}"
        with one_view(connection):
            found = connection.execute(
                f"SELECT {row_id}, {key}, {self.selected} {source} AND {beside} "
                f"ORDER BY {order} LIMIT ?",
                (organization_id, *parameters, *limits, count + 1),
            ).fetchall()
            if condition is None:
                row = connection.execute(self.total, (organization_id,)).fetchone()
                total = row[0] if row else 0
            elif place is None and len(found) <= count:
                total = len(found)
            else:
                counted = connection.execute(
                    f"SELECT count(*) {source}", (organization_id, *parameters)
                )
                (total,) = counted.fetchone()
        return self._cut(found, total, place, count)

    def _cut(self, found: list[Any], total: int, place: Place | None, count: int) -> Stretch[S]:
        more, page = len(found) > count, found[:count]
        backwards = place is not None and place.backwards
        if backwards:
            page.reverse()
        resources = [self.make(row[2:]) for row in page]
        first = Place(page[0][0], page[0][1], True) if page else None
        last = Place(page[-1][0], page[-1][1], False) if page else None
        if place is None:
            return Stretch(total, resources, None, last if more else None)
        if backwards:
            after = last or place._replace(backwards=False)
            return Stretch(total, resources, first if more else None, after)
        return Stretch(total, resources, first, last if more else None)


def _key(path: BoundPath, columns: Columns) -> str:
    key = sort_key(path, columns)
    if path.leaf.type in ("boolean", "integer", "decimal"):
        return key
    return f"substr({key}, 1, {LONGEST_KEY})"


def _order(key: str, row_id: str, sorting: Sorting, backwards: bool) -> str:
    by_row = f"{row_id} {_direction(backwards)}"
    if sorting.path is None:
        return by_row
    direction = _direction(sorting.descending is not backwards)
    return f"({key}) IS NULL {direction}, {key} {direction}, {by_row}"


def _direction(descending: bool) -> str:
    return "DESC" if descending else "ASC"


def _beside(key: str, row_id: str, sorting: Sorting, place: Place) -> tuple[str, list[Any]]:
    """Return the condition that a row comes behind a place, or before it."""
    further = f"{row_id} {'<' if place.backwards else '>'} ?"
    if sorting.path is None:
        return further, [place.row]
    towards_null = sorting.descending is place.backwards
    if place.key is None:
        # What has no value comes last, or first in a list that is read the other way.
        others = "0" if towards_null else f"{key} IS NOT NULL"
        return f"({others} OR ({key} IS NULL AND {further}))", [place.row]
    others = f"{key} IS NULL" if towards_null else "0"
    compared = f"{key} {'>' if towards_null else '<'} ?"
    return (
        f"({others} OR {compared} OR ({key} = ? AND {further}))",
        [place.key, place.key, place.row],
    )
