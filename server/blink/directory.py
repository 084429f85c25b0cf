"""What the rules of Blink need of a directory; ``storage.directory`` fits it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from server.scim.cursors import Place, Stretch
from server.scim.filters.tree import Filter
from server.scim.schemas import BoundPath


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer of Blink and its feature switches; ``groups`` is how many groups it has.

    ``schema_version`` counts the changes of its custom attributes; 0 means that it never had any.
    """

    id: int
    name: str
    group_push: bool = False
    active_by_default: bool = False
    groups: int = 0
    schema_version: int = 0


class UserKeys(NamedTuple):
    """What a user is looked up by, drawn from its document by ``server.blink.identity``.

    Names and addresses are folded (``str.casefold``), ``mobile`` is normalised to E.164 where the
    number allows it, so that equality here is the equality that Blink means. ``display`` is what
    groups show of the user.
    """

    user_name: str | None
    external_id: str | None
    work_email: str | None
    mobile: str | None
    employee_number: str | None
    active: bool
    emails: tuple[str, ...]
    display: str = ""


class StoredUser(NamedTuple):
    """A user as it is kept.

    ``document`` is canonical JSON (UTF-8) without ``id``, ``meta``, ``groups`` and ``password``.
    ``created`` and ``last_modified`` are UTC with milliseconds ("2026-11-23T18:48:00.123Z"),
    ``version`` counts the changes from 1. ``provisioned`` is False for an account that Blink
    already had and that no identity provider manages yet: SCIM clients do not see it.
    """

    id: str
    document: bytes
    created: str
    last_modified: str
    version: int
    provisioned: bool


class KeyOwner(NamedTuple):
    """Who holds a userName, work email or mobile."""

    organization_id: int
    user_id: str
    provisioned: bool


class Page(NamedTuple):
    """A part of a list; ``total`` counts all that match."""

    total: int
    users: list[StoredUser]


class Directory(Protocol):
    """The users of all organizations, for one thread.

    Reads and writes see each other at once; writes are on disk once ``commit`` has returned.
    Every method may raise ``DirectoryUnavailable``.
    """

    def user(self, organization_id: int, user_id: str) -> StoredUser | None:
        """Return a provisioned user, or None."""

    def users(
        self,
        organization_id: int,
        condition: Filter | None,
        start: int,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Page:
        """Return the provisioned users ``start`` to ``start + count - 1`` (counted from 1).

        Without ``sort`` the order is that of creation, which writes do not disturb.
        """

    def users_beside(
        self,
        organization_id: int,
        condition: Filter | None,
        place: Place | None,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Stretch[StoredUser]:
        """Return up to ``count`` provisioned users beside a place, or the first ones."""

    def owner(self, key: str, value: str, organization_id: int) -> KeyOwner | None:
        """Return who holds a value of "user_name", "work_email" or "mobile".

        All organizations are searched, the given one first; accounts that are not provisioned
        count too.
        """

    def account_to_link(
        self, organization_id: int, work_email: str | None, employee_number: str | None
    ) -> StoredUser | None:
        """Return the not yet provisioned account with this email, else with this number."""

    def write(self) -> AbstractContextManager[None]:
        """A group of changes that takes effect whole or, when it is left by an error, not at all.

        It joins the transaction under way or begins one, which ``commit`` ends.
        """

    def insert_user(
        self, organization_id: int, user_id: str, document: bytes, keys: UserKeys, now: str
    ) -> StoredUser:
        """Add a provisioned user."""

    def replace_user(
        self, organization_id: int, user_id: str, document: bytes, keys: UserKeys, now: str
    ) -> StoredUser:
        """Write a user's new document, raise its version, and mark it as provisioned."""

    def delete_user(self, organization_id: int, user_id: str) -> bool:
        """Delete a provisioned user; say whether there was one."""

    @property
    def uncommitted(self) -> bool:
        """Whether a transaction is under way."""

    def commit(self) -> None:
        """Put the transaction under way on disk; on an error it is rolled back."""


class DirectoryUnavailable(Exception):
    """The store cannot answer for a reason outside of the program: busy, full, read-only.

    The text is one sentence for a person.
    """
