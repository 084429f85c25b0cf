"""A recorded call: one HTTP request that reached the socket, and what was answered."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, str], ...]


class Remark(NamedTuple):
    """A line about an accepted request: a stable kebab-case code, and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call, redacted: no token, cookie or password is in any field.

    ``at`` is in microseconds since the epoch (UTC), ``duration`` in microseconds. Headers keep
    their order and letter case. Bodies are the bytes on the wire, except that secrets are
    replaced. ``status`` is 0 when the client went away before an answer. ``organization_id``,
    ``token_id`` and ``token_label`` are None and "" when no token was recognised. ``subject`` is
    the userName or displayName of the resource concerned, as far as the server knew it, and
    ``resource_id`` its SCIM id. ``before`` is the stored JSON of that resource before a change
    (without ``id``, ``meta`` and a group's ``members``), b"" where there was none.
    ``origin_mark`` names the part of this program that sent the call ("Replay", "Simulator").
    """

    at: int
    duration: int
    peer: str
    organization_id: int | None
    token_id: int | None
    token_label: str
    method: str
    path: str
    query: str
    status: int
    request_headers: Headers
    request_body: bytes
    response_headers: Headers
    response_body: bytes
    subject: str = ""
    resource_id: str = ""
    remarks: tuple[Remark, ...] = ()
    before: bytes = b""
    origin_mark: str = ""


class CallSink(Protocol):
    """Where finished calls go."""

    def record(self, call: Call) -> None:
        """Take a call; return at once and never raise."""
