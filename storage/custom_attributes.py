"""The custom attributes of organizations, and the end of their values when one is removed."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import orjson

from server.blink.custom_attributes import CustomAttribute, problem, tidied
from server.blink.directory import DirectoryUnavailable
from server.blink.identity import BLINK_SCHEMA
from server.scim.times import timestamp
from storage.database import Database
from storage.errors import InvalidAttribute, NoSuchAttribute
from storage.faults import guarded
from storage.organizations import no_such_organization
from storage.tables import CustomAttributeRow, OrganizationRow
from storage.times import Clock, utc_now

BATCH = 200
"""Users that one transaction changes: a server that writes beside it waits 0.1 s at the longest
(measured with 50,000 users)."""

_available = guarded(DirectoryUnavailable)


class CustomAttributeStore:
    """Adds, lists, changes and removes custom attributes; usable on any thread.

    Every change raises the organization's ``schema_version``, by which a running server learns of
    it with the next call. An attribute is removed in small steps, so that the server can write in
    between: it is hidden first, then its values are deleted, then it is. When the program ends in
    the middle, the next change of the organization's attributes finishes the work.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @_available
    def all(self, organization_id: int) -> list[CustomAttribute]:
        """Return an organization's custom attributes in the order in which they were added."""
        return self._listed(organization_id)

    @_available
    def users_with_value(self, organization_id: int, identifier: str) -> int:
        """Return how many users have a value of an attribute; reads all users.

        Raises ``NoSuchAttribute``.
        """
        known = _named(self._listed(organization_id), identifier)
        parameters = (organization_id, _path(known.identifier))
        (count,) = self._database.connection().execute(_COUNT, parameters).fetchone()
        return int(count)

    @_available
    def add(self, organization_id: int, attribute: CustomAttribute) -> CustomAttribute:
        """Add an attribute and return it tidied; raise ``InvalidAttribute``."""
        self._finish_removals(organization_id)
        added = tidied(attribute)
        with self._changing(organization_id):
            _check(added, self._listed(organization_id))
            query = CustomAttributeRow.insert(
                organization=organization_id,
                identifier=added.identifier,
                folded_identifier=added.identifier.lower(),
                label=added.label,
                kind=added.kind,
                choices=_choices_text(added),
                description=added.description,
            )
            query.execute(self._database)
        return added

    @_available
    def update(self, organization_id: int, attribute: CustomAttribute) -> CustomAttribute:
        """Change the label, choices and description of the attribute with this identifier.

        Values that users have stay, also those that are no longer among the choices.

        Raises ``NoSuchAttribute``, or ``InvalidAttribute``, also for another kind.
        """
        self._finish_removals(organization_id)
        wanted = tidied(attribute)
        with self._changing(organization_id):
            listed = self._listed(organization_id)
            known = _named(listed, wanted.identifier)
            if known.kind != wanted.kind:
                raise InvalidAttribute(
                    f'"{known.identifier}" is a {known.kind} and stays one, because users may have '
                    "values: remove it and add it anew."
                )
            changed = replace(wanted, identifier=known.identifier)
            _check(changed, (other for other in listed if other is not known))
            query = CustomAttributeRow.update(
                label=changed.label,
                choices=_choices_text(changed),
                description=changed.description,
            ).where(
                CustomAttributeRow.organization == organization_id,
                CustomAttributeRow.folded_identifier == changed.identifier.lower(),
            )
            query.execute(self._database)
        return changed

    @_available
    def remove(
        self,
        organization_id: int,
        identifier: str,
        step: Callable[[int], None] = lambda users: None,
    ) -> int:
        """Remove an attribute and its values; return how many users had one.

        ``step`` is told, between the transactions, of how many users the value is deleted.

        Raises ``NoSuchAttribute``.
        """
        with self._changing(organization_id):
            known = _named(self._listed(organization_id), identifier)
            query = CustomAttributeRow.update(removed=True).where(
                CustomAttributeRow.organization == organization_id,
                CustomAttributeRow.folded_identifier == known.identifier.lower(),
            )
            query.execute(self._database)
        return self._finish_removals(organization_id, step)

    def _listed(self, organization_id: int) -> list[CustomAttribute]:
        return [_attribute(row) for row in self._rows(organization_id, removed=False)]

    def _rows(self, organization_id: int, *, removed: bool) -> Iterable[dict[str, Any]]:
        query = (
            CustomAttributeRow.select()
            .where(
                CustomAttributeRow.organization == organization_id,
                CustomAttributeRow.removed == removed,
            )
            .order_by(CustomAttributeRow.id)
            .dicts()
        )
        rows: Iterable[dict[str, Any]] = query.execute(self._database)
        return rows

    @contextmanager
    def _changing(self, organization_id: int) -> Iterator[None]:
        with self._database.changing():
            condition = OrganizationRow.id == organization_id
            raised = OrganizationRow.update(schema_version=OrganizationRow.schema_version + 1)
            if not raised.where(condition).execute(self._database):
                raise no_such_organization()
            yield

    def _finish_removals(
        self, organization_id: int, step: Callable[[int], None] = lambda users: None
    ) -> int:
        users = 0
        for row in list(self._rows(organization_id, removed=True)):
            for deleted in self._delete_values(organization_id, row["id"], row["identifier"]):
                users += deleted
                step(users)
            query = CustomAttributeRow.delete().where(CustomAttributeRow.id == row["id"])
            query.execute(self._database)
        return users

    def _delete_values(
        self, organization_id: int, attribute_id: int, identifier: str
    ) -> Iterator[int]:
        """Delete the values batch by batch, and yield how many each one had."""
        connection = self._database.connection()
        last = 0
        while ids := self._next_ids(connection, organization_id, identifier, last):
            last = ids[-1]
            with self._database.changing():
                # Somebody else may have finished the removal, and added the attribute again.
                if not connection.execute(_STILL_REMOVED, (attribute_id,)).fetchone():
                    return
                now = timestamp(self._clock())
                deleted = [_delete_value(connection, number, identifier, now) for number in ids]
            yield sum(deleted)

    def _next_ids(
        self, connection: sqlite3.Connection, organization_id: int, identifier: str, after: int
    ) -> list[int]:
        parameters = (organization_id, after, _path(identifier), BATCH)
        return [number for (number,) in connection.execute(_NEXT_IDS, parameters)]


def _delete_value(connection: sqlite3.Connection, number: int, identifier: str, now: str) -> bool:
    row = connection.execute("SELECT document FROM user WHERE id = ?", (number,)).fetchone()
    document = orjson.loads(row[0]) if row else {}
    extension = document.get(BLINK_SCHEMA, {})
    if extension.pop(identifier, None) is None:
        return False
    if not extension:
        del document[BLINK_SCHEMA]
        document["schemas"].remove(BLINK_SCHEMA)
    connection.execute(_REWRITE, (orjson.dumps(document), now, number))
    return True


def _check(attribute: CustomAttribute, others: Iterable[CustomAttribute]) -> None:
    if wrong := problem(attribute, others):
        raise InvalidAttribute(wrong)


def _named(attributes: Iterable[CustomAttribute], identifier: str) -> CustomAttribute:
    for attribute in attributes:
        if attribute.identifier.lower() == identifier.strip().lower():
            return attribute
    raise NoSuchAttribute(
        f'There is no custom attribute "{identifier}" (any more): choose one of the list.'
    )


def _attribute(row: dict[str, Any]) -> CustomAttribute:
    return CustomAttribute(
        identifier=row["identifier"],
        label=row["label"],
        kind=row["kind"],
        choices=tuple(orjson.loads(row["choices"])),
        description=row["description"],
    )


def _choices_text(attribute: CustomAttribute) -> str:
    return orjson.dumps(attribute.choices).decode()


def _path(identifier: str) -> str:
    return f'$."{BLINK_SCHEMA}"."{identifier}"'


_COUNT = """
SELECT count(*) FROM user WHERE organization_id = ? AND json_type(document, ?) IS NOT NULL
"""
# In the order of ids without an index: through one, each batch would look at all users again.
_NEXT_IDS = """
SELECT id FROM user NOT INDEXED
WHERE organization_id = ? AND id > ? AND json_type(document, ?) IS NOT NULL
ORDER BY id LIMIT ?
"""
_STILL_REMOVED = "SELECT 1 FROM custom_attribute WHERE id = ? AND removed"
_REWRITE = """
UPDATE user SET document = CAST(? AS TEXT), last_modified = ?, version = version + 1
WHERE id = ?
"""
