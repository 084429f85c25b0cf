"""The organizations: Blink's customers and their switches."""

from typing import Any, NamedTuple

from peewee import IntegrityError, fn

from server.blink.directory import Organization
from server.scim.times import timestamp
from storage.database import Database
from storage.errors import InvalidName, NameTaken, NoSuchOrganization, StorageError
from storage.faults import guarded
from storage.tables import OrganizationRow, TokenRow
from storage.times import Clock, utc_now

LONGEST_NAME = 100
"""Characters of a name of an organization or a label of a token."""


class OrganizationSummary(NamedTuple):
    """An organization in a list; ``users`` counts the provisioned ones, ``tokens`` all."""

    organization: Organization
    users: int
    active_users: int
    tokens: int
    created: str


class OrganizationStore:
    """Creates, lists, changes and deletes organizations; usable on any thread."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @guarded(StorageError)
    def create(
        self, name: str, *, group_push: bool = False, active_by_default: bool = False
    ) -> Organization:
        """Add an organization; raise ``InvalidName`` or ``NameTaken``."""
        name = checked_name(name)
        query = OrganizationRow.insert(
            name=name,
            folded_name=name.casefold(),
            group_push=group_push,
            active_by_default=active_by_default,
            created=timestamp(self._clock()),
        )
        try:
            number = query.execute(self._database)
        except IntegrityError as error:
            raise _taken(name) from error
        return Organization(number, name, group_push, active_by_default)

    @guarded(StorageError)
    def all(self) -> list[OrganizationSummary]:
        """Return all organizations by name; the counts are kept, not counted."""
        tokens = dict(
            TokenRow.select(TokenRow.organization, fn.COUNT(TokenRow.id))
            .group_by(TokenRow.organization)
            .tuples()
            .execute(self._database)
        )
        rows = OrganizationRow.select().order_by(OrganizationRow.folded_name).dicts()
        return [
            OrganizationSummary(
                organization=_organization(row),
                users=row["users"],
                active_users=row["active_users"],
                tokens=tokens.get(row["id"], 0),
                created=row["created"],
            )
            for row in rows.execute(self._database)
        ]

    @guarded(StorageError)
    def get(self, organization_id: int) -> Organization | None:
        """Return an organization."""
        return self._find(OrganizationRow.id == organization_id)

    @guarded(StorageError)
    def by_name(self, name: str) -> Organization | None:
        """Return the organization of this name, in any letter case."""
        return self._find(OrganizationRow.folded_name == name.strip().casefold())

    @guarded(StorageError)
    def rename(self, organization_id: int, name: str) -> Organization:
        """Give an organization another name; raise ``InvalidName`` or ``NameTaken``."""
        name = checked_name(name)
        try:
            return self._change(organization_id, {"name": name, "folded_name": name.casefold()})
        except IntegrityError as error:
            raise _taken(name) from error

    @guarded(StorageError)
    def set_switches(
        self,
        organization_id: int,
        *,
        group_push: bool | None = None,
        active_by_default: bool | None = None,
    ) -> Organization:
        """Set the switches that are given, leave the others."""
        switches = {"group_push": group_push, "active_by_default": active_by_default}
        return self._change(
            organization_id, {name: on for name, on in switches.items() if on is not None}
        )

    @guarded(StorageError)
    def delete(self, organization_id: int) -> bool:
        """Delete an organization, its tokens, users and groups; say whether there was one.

        The rows are overwritten, not only unlinked. Its calls are in the other file:
        ``CallStore.clear`` deletes them.
        """
        connection = self._database.connection()
        connection.execute("PRAGMA secure_delete = ON")
        try:
            with self._database.changing():
                # One pass over the users' emails is quicker than a look-up for each user.
                connection.execute(
                    "DELETE FROM user_email WHERE organization_id = ?", (organization_id,)
                )
                # The members of deleted groups, whose ever they were, go at once, too.
                connection.execute(_DELETE_MEMBERS, (organization_id,))
                deleted = connection.execute(
                    "DELETE FROM organization WHERE id = ?", (organization_id,)
                ).rowcount
                connection.execute("DELETE FROM deleted_group")
        finally:
            connection.execute("PRAGMA secure_delete = FAST")
        if not connection.in_transaction:
            # Moves the change into the main file and empties the log of it.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted > 0

    def _find(self, condition: Any) -> Organization | None:
        rows = OrganizationRow.select().where(condition).dicts().execute(self._database)
        return next((_organization(row) for row in rows), None)

    def _change(self, organization_id: int, values: dict[str, Any]) -> Organization:
        condition = OrganizationRow.id == organization_id
        if values:
            OrganizationRow.update(values).where(condition).execute(self._database)
        if (organization := self._find(condition)) is None:
            raise no_such_organization()
        return organization


def checked_name(name: str) -> str:
    """Return a name without the blanks around it, or raise ``InvalidName``."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidName(
            f"A name has 1 to {LONGEST_NAME} characters, all of them printable: "
            "choose another name."
        )
    return name


def no_such_organization() -> NoSuchOrganization:
    """Return the error for an organization that is not, or no longer, there."""
    return NoSuchOrganization("There is no such organization (any more): choose one of the list.")


def _taken(name: str) -> NameTaken:
    return NameTaken(f'There is an organization named "{name}" already: choose another name.')


def _organization(row: dict[str, Any]) -> Organization:
    return Organization(
        row["id"],
        row["name"],
        row["group_push"],
        row["active_by_default"],
        groups=row["groups"],
        schema_version=row["schema_version"],
    )


_DELETE_MEMBERS = """
DELETE FROM group_member WHERE group_id IN (
    SELECT id FROM scim_group WHERE organization_id = ? UNION ALL SELECT id FROM deleted_group
)
"""
