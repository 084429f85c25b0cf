"""What the endpoints take and give: a request of a known organization, and an answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

import orjson

from server.blink.directory import Organization
from server.http.bodies import parse_json
from server.http.recording import CallNotes
from server.scim.errors import ScimError
from server.scim.preconditions import ANY_VERSION, Preconditions

MEDIA_TYPE = b"application/scim+json"

Header: TypeAlias = tuple[bytes, bytes]


class Answer(NamedTuple):
    """What goes back to the client."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()


@dataclass(slots=True)
class Request:
    """A request of a known organization.

    ``segments`` is the path below the base path, ``base`` the URL up to it as the client sees it
    ("https://desk.example/scim/v2"). An operation that is ``in_bulk`` has its JSON in ``data``, and
    of its answer the headers alone are needed.
    """

    method: str
    segments: Sequence[str]
    query: str
    content_type: str | None
    body: bytes
    base: str
    organization: Organization
    preconditions: Preconditions = ANY_VERSION
    notes: CallNotes = field(default_factory=CallNotes)
    in_bulk: bool = False
    data: Any = None

    def parameters(self) -> dict[str, str]:
        """Return the query's parameters; of repeated ones the first counts."""
        if not self.query:
            return {}
        pairs = parse_qsl(self.query, keep_blank_values=True, errors="replace")
        return dict(reversed(pairs))

    def json(self) -> Any:
        """Return the body as a JSON value."""
        return self.data if self.in_bulk else parse_json(self.body, self.content_type)


Handler: TypeAlias = Callable[[Request], Answer]
LongHandler: TypeAlias = Callable[[Request], Awaitable[Answer]]
"""One that lets other requests have their turn meanwhile."""

AnyHandler: TypeAlias = Handler | LongHandler


def json_answer(value: Any) -> Answer:
    """Return a JSON value as an answer."""
    return Answer(200, orjson.dumps(value))


def error_answer(error: ScimError) -> Answer:
    """Return a refusal as an answer."""
    headers = tuple((n.lower().encode(), v.encode("latin-1")) for n, v in error.headers.items())
    return Answer(error.status, orjson.dumps(error.body()), headers)
