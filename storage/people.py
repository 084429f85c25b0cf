"""The people whom Okta knows, for each organization: its own, or else the shipped samples."""

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

import orjson

from server.okta.people import (
    BASE_SCHEMA,
    STATUSES,
    Person,
    Population,
    ProfileAttribute,
    ProfileSchema,
    Progress,
    Reading,
    folded,
    made_id,
    problem,
)
from server.okta.people.documents import attribute_documents
from server.okta.people.reading import nothing
from server.scim.times import timestamp
from storage import person_rows
from storage.database import Database
from storage.errors import NoSuchPerson, PersonRefused, StorageError
from storage.faults import guarded
from storage.people_import import (
    ImportOutcome,
    PeopleImport,
    delete_leftovers,
)
from storage.person_rows import PopulationState, current_population
from storage.times import Clock, utc_now
from storage.transactions import one_view


class PeoplePage(NamedTuple):
    """A part of a list of people; ``total`` counts all of the list."""

    total: int
    people: list[Person]


class PeopleStore:
    """Keeps the people of organizations; usable on any thread.

    An organization without people of its own has the samples. The first change of them makes them
    its own. Every method may raise a ``StorageError``.
    """

    def __init__(self, database: Database, samples: Population, clock: Clock = utc_now) -> None:
        self._database = database
        self._samples = samples
        self._clock = clock

    @guarded(StorageError)
    def has_own(self, organization_id: int) -> bool:
        """Say whether an organization has people of its own and not the samples."""
        return self._current(organization_id) is not None

    @guarded(StorageError)
    def count(self, organization_id: int) -> int:
        """Return how many people an organization has; the count is kept, not counted."""
        current = self._current(organization_id)
        return current.people if current else len(self._samples.people)

    @guarded(StorageError)
    def revision(self, organization_id: int) -> tuple[int, int]:
        """Return what is another pair of numbers after every change of an organization's people."""
        current = self._current(organization_id)
        return (current.id, current.version) if current else (0, 0)

    @guarded(StorageError)
    def schema(self, organization_id: int) -> ProfileSchema:
        """Return the schema of the profiles of an organization's people."""
        current = self._current(organization_id)
        return current.schema if current else self._samples.schema

    @guarded(StorageError)
    def schema_for_import(self, organization_id: int, *, replace_all: bool) -> ProfileSchema:
        """Return the schema with which people are to be read for ``import_people``."""
        current = self._current(organization_id)
        return current.schema if current and not replace_all else BASE_SCHEMA

    @guarded(StorageError)
    def get(self, organization_id: int, person_id: str) -> Person | None:
        """Return the person with this id."""
        if (current := self._current(organization_id)) is None:
            return self._samples.person(person_id)
        row = self._connection.execute(_GET, (current.id, person_id)).fetchone()
        return person_rows.person_of(row[0]) if row else None

    @guarded(StorageError)
    def page(
        self, organization_id: int, search: str = "", offset: int = 0, limit: int = 100
    ) -> PeoplePage:
        """Return people by name, those alone in whom each word of ``search`` is.

        Looked through are names, login, email, employee number, title and department, whatever
        the letter case and the accents.
        """
        words = folded(search).split()
        with one_view(self._connection):
            current = self._current(organization_id)
            if current:
                return self._stored_page(current, words, offset, limit)
        found = [
            person
            for person in self._samples.people
            if all(word in person_rows.searched_text(person) for word in words)
        ]
        return PeoplePage(len(found), found[offset : offset + limit])

    @guarded(StorageError)
    def population(self, organization_id: int) -> Population:
        """Return all people of an organization in the order of ``page``: 100,000 take seconds."""
        with one_view(self._connection):
            current = self._current(organization_id)
            if current is None:
                return self._samples
            rows = self._connection.execute(_ALL, (current.id,))
            return Population(current.schema, [person_rows.person_of(row[0]) for row in rows])

    @guarded(StorageError)
    def save(self, organization_id: int, person: Person) -> Person:
        """Change a person, or add one whose id is unknown or ""; return the person kept.

        Raises ``PersonRefused``.
        """
        with self._database.changing() as connection:
            current = self._own(organization_id)
            _check(person, current.schema)
            if not person.id:
                free = person_rows.free_id(connection, current.id, made_id(person.login))
                person = replace(person, id=free)
            key = person_rows.login_key(person)
            if connection.execute(_OTHER_WITH_LOGIN, (current.id, key, person.id)).fetchone():
                raise _login_taken(person)
            if not person_rows.update(connection, current.id, person):
                document = person_rows.document_text(person)
                person_rows.insert(connection, current.id, [(person, document)])
            person_rows.changed(connection, current.id)
        return person

    @guarded(StorageError)
    def delete(self, organization_id: int, person_ids: Collection[str]) -> None:
        """Delete people; raise ``NoSuchPerson`` if one is not there, and delete none then."""
        with self._database.changing() as connection:
            current = self._own(organization_id)
            for person_id in set(person_ids):
                if not connection.execute(_DELETE, (current.id, person_id)).rowcount:
                    raise NoSuchPerson(
                        "There is no such person (any more): choose one of the list."
                    )
            person_rows.changed(connection, current.id)

    @guarded(StorageError)
    def add_attributes(self, organization_id: int, added: Iterable[ProfileAttribute]) -> None:
        """Add custom attributes to the schema; those whose name is known stay as they are."""
        with self._database.changing() as connection:
            current = self._own(organization_id)
            schema = current.schema.extended(added)
            attributes = orjson.dumps(attribute_documents(schema.custom)).decode()
            connection.execute(_SET_ATTRIBUTES, (attributes, current.id))
            person_rows.changed(connection, current.id)

    @guarded(StorageError)
    def import_people(
        self,
        organization_id: int,
        reading: Reading,
        *,
        replace_all: bool,
        progress: Progress = nothing,
    ) -> ImportOutcome:
        """Take in the people of a reading that was made with ``schema_for_import``.

        They take the place of an organization's own people with ``replace_all``; without, those
        who are known, by id or login, get the values that came laid over what they have, and the
        others stay. Who is known keeps their id. When nobody comes in, nothing changes.

        Whatever ``progress`` or the reading raises gives the import up: the people then are as
        they were before. Raises ``PeopleChanged``.
        """
        work = PeopleImport(
            self._database, organization_id, replace_all=replace_all, clock=self._clock
        )
        return work.run(reading, progress)

    @guarded(StorageError)
    def reset_to_samples(self, organization_id: int) -> None:
        """Give up an organization's own people, so that it has the samples again."""
        with self._database.changing() as connection:
            connection.execute(_RETIRE, (organization_id,))
        delete_leftovers(self._database, organization_id)

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._database.connection()

    def _current(self, organization_id: int) -> PopulationState | None:
        return current_population(self._connection, organization_id)

    def _own(self, organization_id: int) -> PopulationState:
        """Return the organization's own people, the samples made its own if there were none."""
        if current := self._current(organization_id):
            return current
        connection = self._connection
        created = timestamp(self._clock())
        number = person_rows.new_population(
            connection, organization_id, self._samples.schema, created
        )
        people = ((each, person_rows.document_text(each)) for each in self._samples.people)
        person_rows.insert(connection, number, people)
        person_rows.make_current(connection, organization_id, number)
        current = self._current(organization_id)
        if current is None:
            raise StorageError("There are no samples to begin with: import people first.")
        return current

    def _stored_page(
        self, current: PopulationState, words: list[str], offset: int, limit: int
    ) -> PeoplePage:
        condition = "".join(" AND instr(words, ?)" for _ in words)
        total = current.people
        if words:
            counted = self._connection.execute(f"{_COUNT} {condition}", (current.id, *words))
            (total,) = counted.fetchone()
        rows = self._connection.execute(
            _PAGE.replace("-- condition", condition), (current.id, *words, limit, offset)
        )
        return PeoplePage(total, [person_rows.person_of(row[0]) for row in rows])


def _check(person: Person, schema: ProfileSchema) -> None:
    if wrong := problem(dict(person.profile), schema):
        raise PersonRefused(wrong)
    if person.status not in STATUSES:
        raise PersonRefused(f"{person.status} is not a status of Okta: choose one of the list.")


def _login_taken(person: Person) -> PersonRefused:
    return PersonRefused(f"Somebody else has the login {person.login}: choose another one.")


_GET = "SELECT document FROM person WHERE population_id = ? AND okta_id = ?"
_ALL = "SELECT document FROM person WHERE population_id = ? ORDER BY name, words"
_COUNT = "SELECT count(*) FROM person WHERE population_id = ?"
# The documents are read of those alone that are shown.
_PAGE = """
SELECT document FROM person JOIN (
    SELECT id FROM person WHERE population_id = ?
    -- condition
    ORDER BY name, words LIMIT ? OFFSET ?
) AS shown USING (id) ORDER BY name, words
"""
_OTHER_WITH_LOGIN = """
SELECT 1 FROM person WHERE population_id = ? AND login = ? AND okta_id <> ?
"""
_DELETE = "DELETE FROM person WHERE population_id = ? AND okta_id = ?"
_SET_ATTRIBUTES = "UPDATE population SET attributes = ? WHERE id = ?"
_RETIRE = "UPDATE population SET current = 0 WHERE organization_id = ? AND current"
