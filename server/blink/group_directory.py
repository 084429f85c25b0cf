"""What the rules for groups need of a directory; ``storage.groups`` fits it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from server.scim.cursors import Place, Stretch
from server.scim.filters.tree import Filter
from server.scim.schemas import BoundPath


class StoredGroup(NamedTuple):
    """A group as it is kept, without its members, of which there may be 100,000.

    ``document`` is canonical JSON (UTF-8) without ``id``, ``meta`` and ``members``. ``created``
    and ``last_modified`` are UTC with milliseconds, ``version`` counts the changes from 1, those
    of the members included.
    """

    id: str
    document: bytes
    created: str
    last_modified: str
    version: int


class GroupKeys(NamedTuple):
    """What a group is shown as and looked up by; the storage folds ``display`` itself."""

    display: str
    external_id: str | None


class GroupPage(NamedTuple):
    """A part of a list; ``total`` counts all that match."""

    total: int
    groups: list[StoredGroup]


class Member(NamedTuple):
    """A member; ``type`` is "User" or "Group", ``display`` its name."""

    value: str
    type: str
    display: str


class Addition(NamedTuple):
    """What became of ids that were to be added to a group.

    ``changed`` counts the members that came or went. ``unknown`` are some of the ids that belong
    to no provisioned user and no group of the organization.
    """

    changed: int
    unknown: list[str]


class GroupDirectory(Protocol):
    """The groups of all organizations, for one thread; it shares its transaction with the users'.

    A member is named by its SCIM id, in lower case. Changes of members do not touch the group's
    version: ``update_group`` follows them. Every method may raise ``DirectoryUnavailable``.
    """

    def group(self, organization_id: int, group_id: str) -> StoredGroup | None:
        """Return a group, or None."""

    def groups(
        self,
        organization_id: int,
        condition: Filter | None,
        start: int,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> GroupPage:
        """Return the groups ``start`` to ``start + count - 1`` (counted from 1).

        Without ``sort`` the order is that of creation, which writes do not disturb.
        """

    def groups_beside(
        self,
        organization_id: int,
        condition: Filter | None,
        place: Place | None,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Stretch[StoredGroup]:
        """Return up to ``count`` groups beside a place, or the first ones."""

    def members(self, group_id: str) -> list[Member]:
        """Return all members in the order of addition."""

    def members_json(self, group_ids: Sequence[str], base: str) -> dict[str, bytes]:
        """Return ``members`` as JSON by group, without the groups that have none.

        ``base`` is the URL that the client sees, up to "/Users".
        """

    def groups_json(self, user_ids: Sequence[str], base: str) -> dict[str, bytes]:
        """Return ``groups`` as JSON by user, without the users that are in none.

        Direct groups come first, then those that a user is in through another group.
        """

    def write(self) -> AbstractContextManager[None]:
        """A group of changes that takes effect whole or, when it is left by an error, not at all.

        It joins the transaction under way or begins one.
        """

    def insert_group(
        self, organization_id: int, group_id: str, document: bytes, keys: GroupKeys, now: str
    ) -> StoredGroup:
        """Add a group without members."""

    def update_group(
        self, organization_id: int, group: StoredGroup, document: bytes, keys: GroupKeys, now: str
    ) -> StoredGroup:
        """Write a group's new document, if it is another one, and raise its version."""

    def delete_group(self, organization_id: int, group_id: str, now: str) -> bool:
        """Delete a group, which leaves the groups that it is in; say whether there was one."""

    def add_members(self, organization_id: int, group_id: str, ids: Sequence[str]) -> Addition:
        """Add those that are not members yet; ``ids`` are all different."""

    def remove_members(self, group_id: str, ids: Sequence[str], type: str | None = None) -> int:
        """Remove members, only those of a type if one is given; return how many there were."""

    def set_members(self, organization_id: int, group_id: str, ids: Sequence[str]) -> Addition:
        """Remove all members but these, then add those of them that are not members yet."""
