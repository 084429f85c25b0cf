import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.blink.directory import DirectoryUnavailable, Organization
from server.http.tokens import TOKEN_PREFIX, KnownToken, TokenLookup, token_digest
from storage.database import Database, open_directory
from storage.errors import InvalidName, NoSuchOrganization, NoSuchToken
from storage.organizations import OrganizationStore
from storage.tokens import TokenRecord, TokenStore

START = datetime(2026, 11, 23, 18, 48, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """Shows the time that it is set to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(database: Database, clock: Clock) -> TokenStore:
    return TokenStore(database, clock)


def test_a_new_token_is_found_by_its_digest_with_its_organization(
    tokens: TokenStore, acme: Organization
) -> None:
    issued = tokens.create(acme.id, " Okta production ", 90 * DAY)
    lookup: TokenLookup = tokens
    assert lookup.find(token_digest(issued.text)) == KnownToken(
        id=issued.record.id,
        label="Okta production",
        organization=acme,
        expires="2027-02-21T18:48:00.000Z",
        revoked=None,
        last_used=None,
    )
    assert lookup.find(token_digest("another")) is None


def test_only_the_last_four_characters_are_kept_and_the_text_is_in_no_file(
    tokens: TokenStore, acme: Organization, path: Path
) -> None:
    issued = tokens.create(acme.id, "Okta", None)
    assert issued.text.startswith(TOKEN_PREFIX)
    assert issued.record.last_four == issued.text[-4:]
    assert issued.text not in repr(issued)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert token_digest(issued.text) in kept
    assert issued.text.removeprefix(TOKEN_PREFIX)[:-4].encode() not in kept


def test_tokens_are_listed_by_organization_the_newest_first(
    tokens: TokenStore, acme: Organization, database: Database
) -> None:
    brand = OrganizationStore(database).create("Brand")
    first, second = tokens.create(acme.id, "first", None), tokens.create(acme.id, "second", None)
    other = tokens.create(brand.id, "other", None)
    assert tokens.all() == [other.record, second.record, first.record]
    assert tokens.all(acme.id) == [second.record, first.record]
    assert tokens.get(other.record.id) == other.record
    assert tokens.get(99) is None
    assert other.record.organization == "Brand"


def test_touch_remembers_when_and_from_where(tokens: TokenStore, acme: Organization) -> None:
    issued = tokens.create(acme.id, "Okta", None)
    tokens.touch(issued.record.id, "2026-11-23T19:00:00.000Z", "192.0.2.7")
    record = tokens.get(issued.record.id)
    assert record is not None
    assert (record.last_used, record.last_used_from) == ("2026-11-23T19:00:00.000Z", "192.0.2.7")
    known = tokens.find(token_digest(issued.text))
    assert known is not None
    assert known.last_used == "2026-11-23T19:00:00.000Z"


def test_a_token_is_revoked_once_and_still_found(
    tokens: TokenStore, acme: Organization, clock: Clock
) -> None:
    issued = tokens.create(acme.id, "Okta", None)
    assert tokens.revoke(issued.record.id) is True
    clock.now += DAY
    assert tokens.revoke(issued.record.id) is False
    assert tokens.revoke(99) is False
    known = tokens.find(token_digest(issued.text))
    assert known is not None
    assert known.revoked == "2026-11-23T18:48:00.000Z"


def test_rotation_makes_an_equal_token_and_ends_the_old_one_after_the_overlap(
    tokens: TokenStore, acme: Organization, clock: Clock
) -> None:
    old = tokens.create(acme.id, "Okta", 30 * DAY)
    clock.now += 10 * DAY
    new = tokens.rotate(old.record.id, timedelta(hours=24))
    assert new.text != old.text
    assert (new.record.label, new.record.organization_id) == ("Okta", acme.id)
    assert new.record.expires == "2027-01-02T18:48:00.000Z"
    ending = tokens.get(old.record.id)
    assert ending is not None
    assert ending.expires == "2026-12-04T18:48:00.000Z"


def test_rotation_never_lengthens_the_old_tokens_life(
    tokens: TokenStore, acme: Organization
) -> None:
    old = tokens.create(acme.id, "Okta", timedelta(hours=1))
    tokens.rotate(old.record.id, 7 * DAY)
    ending = tokens.get(old.record.id)
    assert ending is not None
    assert ending.expires == old.record.expires


def test_rotation_of_a_token_without_end_gives_one_without_end(
    tokens: TokenStore, acme: Organization
) -> None:
    old = tokens.create(acme.id, "Okta", None)
    assert tokens.rotate(old.record.id, DAY).record.expires is None


def test_a_revoked_or_unknown_token_cannot_be_rotated(
    tokens: TokenStore, acme: Organization
) -> None:
    old = tokens.create(acme.id, "Okta", None)
    tokens.revoke(old.record.id)
    for token_id in (old.record.id, 99):
        with pytest.raises(NoSuchToken, match="create a new one"):
            tokens.rotate(token_id, DAY)
    assert len(tokens.all()) == 1


@pytest.mark.parametrize(
    ("label", "lifetime"),
    [
        ("x" * 101, None),
        ("two\nlines", None),
        ("Okta", timedelta(0)),
        ("Okta", -DAY),
        ("Okta", timedelta.max),
    ],
)
def test_what_no_token_can_be_is_refused(
    tokens: TokenStore, acme: Organization, label: str, lifetime: timedelta | None
) -> None:
    with pytest.raises(InvalidName):
        tokens.create(acme.id, label, lifetime)
    assert tokens.all() == []


def test_a_token_for_an_organization_that_is_gone_is_refused(tokens: TokenStore) -> None:
    with pytest.raises(NoSuchOrganization):
        tokens.create(7, "Okta", None)


def test_the_token_of_another_process_is_found_at_once(
    tokens: TokenStore, acme: Organization, path: Path
) -> None:
    command = open_directory(path, check=False)
    issued = TokenStore(command).create(acme.id, "Okta", None)
    assert tokens.find(token_digest(issued.text)) is not None
    TokenStore(command).revoke(issued.record.id)
    known = tokens.find(token_digest(issued.text))
    assert known is not None
    assert known.revoked is not None
    command.close()


def test_tokens_are_found_but_not_touched_while_others_write(
    tokens: TokenStore, acme: Organization, database: Database, path: Path
) -> None:
    issued = tokens.create(acme.id, "Okta", None)
    database.connection().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert tokens.find(token_digest(issued.text)) is not None
    for refused in (
        lambda: tokens.touch(issued.record.id, "2026-11-23T19:00:00.000Z", "192.0.2.7"),
        lambda: tokens.revoke(issued.record.id),
        lambda: tokens.rotate(issued.record.id, DAY),
    ):
        with pytest.raises(DirectoryUnavailable, match="in use by another program"):
            refused()
    other.close()
    assert tokens.get(issued.record.id) == issued.record


@pytest.mark.parametrize(
    ("expires", "last_used", "revoked", "state"),
    [
        (None, "2026-11-22T00:00:00.000Z", None, "active"),
        (None, None, None, "never used"),
        ("2027-11-23T18:48:00.000Z", "2026-11-22T00:00:00.000Z", None, "active"),
        ("2026-12-01T00:00:00.000Z", "2026-11-22T00:00:00.000Z", None, "expires soon"),
        ("2026-12-01T00:00:00.000Z", None, None, "expires soon"),
        ("2026-11-23T18:48:00.000Z", None, None, "expired"),
        ("2026-11-01T00:00:00.000Z", None, "2026-11-02T00:00:00.000Z", "revoked"),
    ],
)
def test_the_state_of_a_token(
    expires: str | None, last_used: str | None, revoked: str | None, state: str
) -> None:
    record = TokenRecord(
        id=1,
        organization_id=1,
        organization="Acme",
        label="Okta",
        last_four="abcd",
        created="2026-01-01T00:00:00.000Z",
        expires=expires,
        last_used=last_used,
        last_used_from=None,
        revoked=revoked,
    )
    assert record.state(START) == state
