"""The index of what stands in calls: trigrams, made in small steps when nothing else is to do.

It is cut into parts of ``PART`` ids, a table each, so that the calls of a part can be given up by
dropping its table, and a search for what is frequent need not go beyond the newest part. A table
holds only which three characters stand in which call (no text, no places), a quarter of the size of
the texts: a search takes the calls from it and then looks at them.
"""

import sqlite3
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

PART: Final = 16_384
STEP_CHARACTERS: Final = 120_000
"""How much text is put into the index at a time: about ten milliseconds."""

STEP_CALLS: Final = 150

LAST_CHARACTER: Final = chr(sys.maxunicode)
FEW_TRIGRAMS: Final = 64
FEW_CALLS: Final = PART // 4
"""Up to so many trigrams in so many calls are quicker looked up than the calls are read."""


class Stretch(NamedTuple):
    """Calls from ``first`` to ``last`` (ids, both included); ``texts`` is their table, if any."""

    first: int
    last: int
    texts: str | None


def index_some(connection: sqlite3.Connection) -> bool:
    """Put some more calls into the index, the newest part first; say whether there may be more."""
    bounds = id_bounds(connection)
    if bounds is None:
        return False
    wanted = _first_incomplete(*bounds, parts(connection))
    if wanted is None:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        _index(connection, wanted)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def drop_parts(connection: sqlite3.Connection, numbers: list[int]) -> None:
    """Forget parts; what is left of their calls is put in again later."""
    for number in numbers:
        connection.execute(f"DROP TABLE IF EXISTS {_table(number)}")
        connection.execute("DELETE FROM text_part WHERE number = ?", (number,))


def parts(connection: sqlite3.Connection) -> dict[int, int]:
    """Return up to which id each part that exists is complete."""
    return dict(connection.execute("SELECT number, up_to FROM text_part").fetchall())


def beginning_with(connection: sqlite3.Connection, table: str, start: str) -> list[str] | None:
    """Return the trigrams in a part that begin with one or two characters, in small letters.

    They are in all calls that have these characters anywhere but at the end of the last body. None
    when they are in too many calls for the index to be of use.
    """
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_terms USING fts5vocab(main, {table}, row)"
    )
    query = " ".join(("SELECT term, doc FROM", f"temp.{table}_terms", _BEGINNING))
    bound = (start, start + 2 * LAST_CHARACTER, FEW_TRIGRAMS + 1)
    terms = connection.execute(query, bound).fetchall()
    if len(terms) > FEW_TRIGRAMS or sum(calls for _, calls in terms) > FEW_CALLS:
        return None
    return [term for term, _ in terms]


def part_of(call_id: int) -> int:
    """Return the number of the part that a call belongs to."""
    return call_id // PART


def id_bounds(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Return the least and the greatest id of a call; None when there is no call."""
    low, high = connection.execute(
        "SELECT (SELECT min(id) FROM call), (SELECT max(id) FROM call)"
    ).fetchone()
    return None if low is None else (low, high)


def stretches(first: int, last: int, known: dict[int, int]) -> Iterator[Stretch]:
    """Yield the calls between two ids, the newest first, as the index knows them or does not."""
    for number in range(part_of(last), part_of(first) - 1, -1):
        low, high = max(first, number * PART), min(last, number * PART + PART - 1)
        up_to = known.get(number, -1)
        if up_to < high:
            yield Stretch(max(low, up_to + 1), high, None)
        if up_to >= low:
            yield Stretch(low, min(high, up_to), _table(number))


def _table(number: int) -> str:
    return f"call_text_{number}"


def _first_incomplete(first: int, last: int, known: dict[int, int]) -> int | None:
    for stretch in stretches(first, last, known):
        if stretch.texts is None:
            return part_of(stretch.first)
    return None


def _index(connection: sqlite3.Connection, number: int) -> None:
    table = _table(number)
    row = connection.execute("SELECT up_to FROM text_part WHERE number = ?", (number,)).fetchone()
    if row is None:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5"
            "(texts, content = '', columnsize = 0, detail = none, tokenize = 'trigram')"
        )
        row = (number * PART - 1,)
    up_to = row[0]
    sizes = connection.execute(_SIZES, (up_to, number * PART + PART - 1, STEP_CALLS)).fetchall()
    size = 0
    for call_id, characters in sizes:
        if size and size + characters > STEP_CHARACTERS:
            break
        size += characters
        up_to = call_id
    else:
        if len(sizes) < STEP_CALLS:
            # Ids behind the newest call are still to come, those in a gap never will.
            newest = connection.execute("SELECT max(id) FROM call").fetchone()[0]
            up_to = min(number * PART + PART - 1, newest)
    connection.execute(" ".join((f"INSERT INTO {table} (rowid, texts)", _TEXTS)), (row[0], up_to))
    connection.execute("REPLACE INTO text_part (number, up_to) VALUES (?, ?)", (number, up_to))


_BEGINNING: Final = "WHERE term >= ? AND term <= ? LIMIT ?"
_SIZES: Final = """
SELECT id, length(request_body) + length(response_body) + 200
FROM call WHERE id > ? AND id <= ? ORDER BY id LIMIT ?
"""
_TEXTS: Final = """
SELECT id, method || ' ' || path || ' ' || query || ' ' || status || ' ' || summary || ' '
    || subject || ' ' || peer || ' ' || token_label || ' ' || remarks || ' '
    || request_body || ' ' || response_body
FROM call WHERE id > ? AND id <= ? ORDER BY id
"""
