"""What a token is, and what authentication needs of a token store (``storage.tokens`` fits it)."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Protocol

from server.blink.directory import Organization

TOKEN_PREFIX = "blinkscim_"  # noqa: S105 - what tokens begin with, none itself
"""Makes a token recognisable to a person and to secret scanners."""


def new_token() -> str:
    """Return a token of 256 random bits behind the prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """Return what is kept of a token: its SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


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
