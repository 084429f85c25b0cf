"""Cursors (RFC 9865): places in a list that a client hands back to read on from there."""

import base64
import binascii
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Final, Generic, NamedTuple, NoReturn, TypeAlias, TypeVar

import orjson

from server.scim.errors import ScimError

CURSOR_TIMEOUT: Final = 3600
"""For how many seconds a cursor is valid, unless the server is started anew before."""

S = TypeVar("S")
Key: TypeAlias = str | int | float | None


class Place(NamedTuple):
    """A place right behind a row, or before it when the list is read backwards from there.

    ``key`` is the row's value of what the list is sorted by, None when it has none or when the
    order is that of creation. The row need not exist any more.
    """

    row: int
    key: Key = None
    backwards: bool = False


class Stretch(NamedTuple, Generic[S]):
    """A part of a list; ``total`` counts all that match, the places lead to what is beside it."""

    total: int
    resources: list[S]
    before: Place | None
    after: Place | None


class Cursors:
    """Seals places into texts of the URL's unreserved characters, and opens them again.

    A cursor holds its place and is bound to its query by a keyed hash, so that the server keeps
    nothing for it. The key is made at the start and kept nowhere: no file has to hold one more
    secret, and after a restart, which is rare, ``expiredCursor`` makes the client begin again.
    ``clock`` returns seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float], timeout: int = CURSOR_TIMEOUT) -> None:
        self._clock = clock
        self._timeout = timeout
        self._name = secrets.token_bytes(_NAME_SIZE)
        self._key = secrets.token_bytes(32)

    def seal(self, place: Place, query: str) -> str:
        """Return the cursor of a place in the list that ``query`` names."""
        sealed = orjson.dumps([int(self._clock()) + self._timeout, *place])
        return _encoded(self._name + self._hash(sealed, query) + sealed)

    def open(self, cursor: str, query: str) -> Place:
        """Return the place of a cursor.

        Raises:
            ScimError: 400 ``expiredCursor``, or ``invalidCursor`` when it was not made here or
                belongs to another query.
        """
        content = _decoded(cursor)
        name, sealed = content[:_NAME_SIZE], content[_NAME_SIZE + _HASH_SIZE :]
        if not sealed:
            _refuse()
        if name != self._name:
            raise ScimError(
                400,
                "The cursor was made before the server was started anew. Begin again with an "
                "empty cursor.",
                "expiredCursor",
            )
        hash_ = content[_NAME_SIZE : _NAME_SIZE + _HASH_SIZE]
        if not secrets.compare_digest(hash_, self._hash(sealed, query)):
            _refuse()
        expires, *place = orjson.loads(sealed)
        if expires <= self._clock():
            raise ScimError(
                400,
                f"The cursor is older than {self._timeout} seconds. Begin again with an empty "
                "cursor.",
                "expiredCursor",
            )
        return Place(*place)

    def _hash(self, sealed: bytes, query: str) -> bytes:
        message = len(sealed).to_bytes(4) + sealed + query.encode("utf-8", "surrogatepass")
        return blake2b(message, digest_size=_HASH_SIZE, key=self._key).digest()


_NAME_SIZE: Final = 6
_HASH_SIZE: Final = 16


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(cursor: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (ValueError, binascii.Error):
        _refuse()
    if _encoded(content) != cursor:
        _refuse()
    return content


def _refuse() -> NoReturn:
    raise ScimError(
        400,
        "The cursor was not made for this query: send nextCursor or previousCursor of the last "
        "answer as it is, with the same filter, sortBy and sortOrder, or begin again with an "
        "empty cursor.",
        "invalidCursor",
    )
