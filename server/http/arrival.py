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


class Arrival:
    """How a request comes in; the protocol writes it, the recording reads it.

    Attributes:
        headers: Names and values in the order and letter case of the wire.
        keep_alive: Whether the connection stays open after the answer.
        complete: Whether the whole body is here.
        gone: Whether the client left before its answer was complete.
        refusal: What the protocol answered in the application's place.
    """

    __slots__ = ("complete", "gone", "headers", "keep_alive", "refusal")

    def __init__(self, headers: RawHeaders) -> None:
        self.headers = headers
        self.keep_alive = True
        self.complete = False
        self.gone = False
        self.refusal: Refusal | None = None
