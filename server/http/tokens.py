"""What authentication needs of a token store; ``storage.tokens`` fits it."""

from dataclasses import dataclass
from typing import Protocol

from server.blink.directory import Organization


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token that the store knows, and its organization.

    Times are UTC with milliseconds ("2026-11-23T18:48:00.123Z"); such texts compare as times do.
    """

    id: int
    label: str
    organization: Organization
    expires: str | None
    revoked: str | None
    last_used: str | None


class TokenLookup(Protocol):
    """Finds tokens by the SHA-256 of their text, with one indexed query."""

    def find(self, digest: bytes) -> KnownToken | None:
        """Return the token with this digest, also a revoked or expired one."""

    def touch(self, token_id: int, now: str, peer: str) -> None:
        """Remember when and from where a token was last used."""
