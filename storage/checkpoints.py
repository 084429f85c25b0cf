"""Where the pages of a long list begin, so that its middle costs what its start does."""

import sqlite3
from bisect import bisect_right

STRIDE = 256
"""Resources between two checkpoints: the most that a page has to skip over."""


class Checkpoints:
    """The row ids of every 256th resource of an organization, in order of creation.

    ``rows`` is what stands behind FROM: the table and a condition on the organization. They are
    read as far as they were needed. An insertion changes none, since new resources come last; a
    deletion changes those behind it; a rollback or another connection's write, any.
    """

    def __init__(self, rows: str) -> None:
        self._next = " ".join(("SELECT id FROM", rows, "AND id >= ? ORDER BY id LIMIT 1 OFFSET ?"))
        self._of: dict[int, list[int]] = {}
        self._data_version = -1

    def clear(self) -> None:
        """Forget all, after a rollback."""
        self._of.clear()

    def deleted(self, organization_id: int, row_id: int) -> None:
        """Forget those whose place in the list changed by the deletion of a row."""
        found = self._of.get(organization_id)
        if found:
            # A checkpoint on the row itself stays: the next row takes its place.
            del found[bisect_right(found, row_id) :]

    def before(
        self, connection: sqlite3.Connection, organization_id: int, start: int
    ) -> tuple[int, int]:
        """Return a row id and how many resources to skip from there on to be at ``start``.

        ``start`` counts from 1. Call it within the transaction that reads the page.
        """
        place, skip = divmod(start - 1, STRIDE)
        if place == 0:
            return 0, skip
        (data_version,) = connection.execute("PRAGMA data_version").fetchone()
        if data_version != self._data_version:
            self._of.clear()
            self._data_version = data_version
        found = self._of.setdefault(organization_id, [])
        while len(found) < place:
            last = found[-1] if found else 0
            row = connection.execute(self._next, (organization_id, last, STRIDE)).fetchone()
            if row is None:
                return last, start - 1 - len(found) * STRIDE
            found.append(row[0])
        return found[place - 1], skip
