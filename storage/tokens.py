"""The tokens: who may call, and for which organization."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from peewee import IntegrityError, ModelSelect

from server.blink.directory import DirectoryUnavailable, Organization
from server.http.tokens import KnownToken, new_token, token_digest
from server.scim.times import timestamp
from storage.database import Database
from storage.errors import InvalidName, NoSuchToken
from storage.faults import guarded
from storage.organizations import LONGEST_NAME, no_such_organization
from storage.tables import OrganizationRow, TokenRow
from storage.times import Clock, utc_now

TokenState: TypeAlias = Literal["active", "expires soon", "never used", "expired", "revoked"]

EXPIRES_SOON = timedelta(days=14)
"""How long before its end a token is flagged."""

LONGEST_LIFETIME = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """What is known of a token; ``organization`` is the name, times are texts as they are kept."""

    id: int
    organization_id: int
    organization: str
    label: str
    last_four: str
    created: str
    expires: str | None
    last_used: str | None
    last_used_from: str | None
    revoked: str | None

    def state(self, now: datetime) -> TokenState:
        """Return what a person should know of it first."""
        if self.revoked:
            return "revoked"
        if self.expires and self.expires <= timestamp(now):
            return "expired"
        if self.expires and self.expires <= timestamp(now + EXPIRES_SOON):
            return "expires soon"
        return "active" if self.last_used else "never used"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token: its text exists here only, to be shown once."""

    text: str = field(repr=False)
    record: TokenRecord


class TokenStore:
    """Issues, lists, finds, rotates and revokes tokens; usable on any thread."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @guarded(DirectoryUnavailable)
    def find(self, digest: bytes) -> KnownToken | None:
        """Return the token with this digest, also a revoked or expired one."""
        row = self._database.connection().execute(_FIND, (digest,)).fetchone()
        if row is None:
            return None
        number, label, expires, revoked, last_used, *rest = row
        organization_id, name, push, active, groups, schema_version = rest
        organization = Organization(
            organization_id,
            name,
            push == 1,
            active == 1,
            groups=groups,
            schema_version=schema_version,
        )
        return KnownToken(number, label, organization, expires, revoked, last_used)

    @guarded(DirectoryUnavailable)
    def touch(self, token_id: int, now: str, peer: str) -> None:
        """Remember when and from where a token was last used.

        Within a transaction that is open on this thread it is a part of that, else its own.
        """
        self._database.connection().execute(_TOUCH, (now, peer, token_id))

    @guarded(DirectoryUnavailable)
    def create(self, organization_id: int, label: str, lifetime: timedelta | None) -> IssuedToken:
        """Issue a token that expires after ``lifetime``, or never."""
        label = label.strip()
        if len(label) > LONGEST_NAME or not (label.isprintable()):
            raise InvalidName(
                f"A label has at most {LONGEST_NAME} characters, all of them printable: "
                "choose another label."
            )
        if lifetime is not None and not timedelta(0) < lifetime <= LONGEST_LIFETIME:
            raise InvalidName("A token lives for at least a second and at most ten years.")
        return self._issue(organization_id, label, lifetime, self._clock())

    @guarded(DirectoryUnavailable)
    def all(self, organization_id: int | None = None) -> list[TokenRecord]:
        """Return the tokens of an organization or of all, the newest first."""
        query = _records().order_by(TokenRow.id.desc())
        if organization_id is not None:
            query = query.where(TokenRow.organization == organization_id)
        return [TokenRecord(**row) for row in query.dicts().execute(self._database)]

    @guarded(DirectoryUnavailable)
    def get(self, token_id: int) -> TokenRecord | None:
        """Return a token."""
        rows = _records().where(TokenRow.id == token_id).dicts().execute(self._database)
        return next((TokenRecord(**row) for row in rows), None)

    @guarded(DirectoryUnavailable)
    def revoke(self, token_id: int) -> bool:
        """Make a token invalid from now on; say whether it was not revoked before."""
        query = TokenRow.update(revoked=timestamp(self._clock())).where(
            TokenRow.id == token_id, TokenRow.revoked.is_null()
        )
        return int(query.execute(self._database)) > 0

    @guarded(DirectoryUnavailable)
    def rotate(self, token_id: int, overlap: timedelta) -> IssuedToken:
        """Issue a token of the same organization, label and lifetime in place of another.

        The old one expires after ``overlap``, and never later than it would have.
        """
        now = self._clock()
        with self._database.changing():
            rows = TokenRow.select().where(TokenRow.id == token_id).dicts()
            row = next(iter(rows.execute(self._database)), None)
            if row is None or row["revoked"]:
                raise NoSuchToken("The token is revoked or deleted: create a new one instead.")
            lifetime = None if row["lifetime"] is None else timedelta(seconds=row["lifetime"])
            end = timestamp(now + overlap)
            TokenRow.update(expires=min(end, row["expires"] or end)).where(
                TokenRow.id == token_id
            ).execute(self._database)
            return self._issue(row["organization"], row["label"], lifetime, now)

    def _issue(
        self, organization_id: int, label: str, lifetime: timedelta | None, now: datetime
    ) -> IssuedToken:
        text = new_token()
        query = TokenRow.insert(
            organization=organization_id,
            digest=token_digest(text),
            last_four=text[-4:],
            label=label,
            lifetime=None if lifetime is None else max(1, round(lifetime.total_seconds())),
            created=timestamp(now),
            expires=None if lifetime is None else timestamp(now + lifetime),
        )
        with self._database.changing():
            try:
                number = query.execute(self._database)
            except IntegrityError as error:
                raise no_such_organization() from error
            rows = _records().where(TokenRow.id == number).dicts().execute(self._database)
            return IssuedToken(text, TokenRecord(**next(iter(rows))))


def _records() -> "ModelSelect[TokenRow]":
    return TokenRow.select(
        TokenRow.id,
        TokenRow.organization.alias("organization_id"),
        OrganizationRow.name.alias("organization"),
        TokenRow.label,
        TokenRow.last_four,
        TokenRow.created,
        TokenRow.expires,
        TokenRow.last_used,
        TokenRow.last_used_from,
        TokenRow.revoked,
    ).join(OrganizationRow)


_FIND = """
SELECT token.id, label, expires, revoked, last_used,
       organization.id, name, group_push, active_by_default, groups,
       schema_version
FROM token JOIN organization ON organization.id = organization_id
WHERE digest = ?
"""

_TOUCH = "UPDATE token SET last_used = ?, last_used_from = ? WHERE id = ?"
