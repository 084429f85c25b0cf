"""What the HTTP protocol knows of a request and ASGI does not tell."""

from typing import NamedTuple

from server.scim.errors import ScimError

RawHeaders = list[tuple[bytes, bytes]]

ARRIVAL = "arrival"
"""The key under ``scope["extensions"]``."""


class Refusal(NamedTuple):
    """An answer that the protocol gave by itself, as it went over the wire."""

    error: ScimError
    headers: RawHeaders
    body: bytes


class Connection:
    """What the requests of one connection share: whether the client has left."""

    __slots__ = ("gone",)

    def __init__(self) -> None:
        self.gone = False


class Arrival:
    """How a request comes in; the protocol writes it, the recording reads it.

    Attributes:
        connection: The connection that it comes over.
        headers: Names and values in the order and letter case of the wire.
        keep_alive: Whether the connection stays open after the answer.
        body_waits: Whether a whole body is here, which the application may not have read.
        refusal: What the protocol answered in the application's place.
    """

    __slots__ = ("body_waits", "connection", "headers", "keep_alive", "refusal")

    def __init__(self, headers: RawHeaders, connection: Connection) -> None:
        self.connection = connection
        self.headers = headers
        self.keep_alive = True
        self.body_waits = False
        self.refusal: Refusal | None = None
