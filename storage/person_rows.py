"""People as rows: the document of each, and the folded texts by which they are found."""

import sqlite3
from collections.abc import Collection, Iterable
from itertools import count
from typing import NamedTuple

import orjson

from server.okta.people import BASE_SCHEMA, Person, ProfileSchema, folded, made_id
from server.okta.people.documents import (
    attribute_documents,
    attributes_from,
    person_document,
    person_from,
)


class PopulationState(NamedTuple):
    """The people of an organization as a whole; ``version`` counts their changes."""

    id: int
    version: int
    people: int
    attributes: str

    @property
    def schema(self) -> ProfileSchema:
        """The schema of their profiles."""
        return BASE_SCHEMA.extended(attributes_from(orjson.loads(self.attributes)))


def current_population(
    connection: sqlite3.Connection, organization_id: int
) -> PopulationState | None:
    """Return the population that an organization has of its own, if there is anybody in it."""
    row = connection.execute(_CURRENT, (organization_id,)).fetchone()
    return PopulationState(*row) if row and row[2] else None


def new_population(
    connection: sqlite3.Connection, organization_id: int, schema: ProfileSchema, created: str
) -> int:
    """Add a population that is not the current one, and return its id."""
    attributes = orjson.dumps(attribute_documents(schema.custom)).decode()
    number = connection.execute(_NEW, (organization_id, attributes, created)).lastrowid
    assert number is not None  # noqa: S101 - an INSERT that did not fail has an id
    return number


def make_current(connection: sqlite3.Connection, organization_id: int, population_id: int) -> None:
    """Make a population the current one of its organization, in the place of another."""
    connection.execute(_RETIRE, (organization_id,))
    connection.execute(_MAKE_CURRENT, (population_id,))


def changed(connection: sqlite3.Connection, population_id: int) -> None:
    """Note that people were added, changed or deleted."""
    connection.execute(_CHANGED, (population_id,))


def insert(
    connection: sqlite3.Connection, population_id: int, people: Iterable[tuple[Person, str]]
) -> None:
    """Add people, each with their document."""
    connection.executemany(
        _INSERT,
        (
            (population_id, person.id, login_key(person), *_found_by(person), document)
            for person, document in people
        ),
    )


def update(connection: sqlite3.Connection, population_id: int, person: Person) -> bool:
    """Change a person and say whether they were there."""
    values = (login_key(person), *_found_by(person), document_text(person))
    return connection.execute(_UPDATE, (*values, population_id, person.id)).rowcount > 0


def free_id(
    connection: sqlite3.Connection,
    population_id: int,
    wanted: str,
    taken: Collection[str] = (),
) -> str:
    """Return the id that a new person wants, or one made of it when somebody has it already.

    Somebody has: among ``taken``, or in the population.
    """
    others = (made_id(f"{wanted}\n{number}") for number in count(2))
    candidate = wanted
    while (
        candidate in taken
        or connection.execute(_WITH_ID, (population_id, candidate)).fetchone() is not None
    ):
        candidate = next(others)
    return candidate


def document_text(person: Person) -> str:
    """Return the document of a person, the same for people who are the same."""
    return orjson.dumps(person_document(person), option=orjson.OPT_SORT_KEYS).decode()


def person_of(document: str) -> Person:
    """Return the person of a document."""
    return person_from(orjson.loads(document))


def login_key(person: Person) -> str:
    """Return a login as Okta compares it: in any letter case."""
    return person.login.strip().casefold()


def searched_text(person: Person) -> str:
    """Return the folded text in which the words of a search have to be."""
    profile = person.profile
    texts = (str(value) for name in _SEARCHED if (value := profile.get(name)))
    return folded("\n".join((person.name, *texts)))


def _found_by(person: Person) -> tuple[str, str]:
    return folded(person.name), searched_text(person)


_WITH_ID = "SELECT 1 FROM person WHERE population_id = ? AND okta_id = ?"
_SEARCHED = ("displayName", "login", "email", "employeeNumber", "title", "department")
_CURRENT = """
SELECT id, version, people, attributes FROM population WHERE organization_id = ? AND current
"""
_NEW = "INSERT INTO population (organization_id, attributes, created) VALUES (?, ?, ?)"
_RETIRE = "UPDATE population SET current = 0 WHERE organization_id = ? AND current"
_MAKE_CURRENT = """
UPDATE population
SET current = 1, people = (SELECT count(*) FROM person WHERE population_id = population.id)
WHERE id = ?
"""
_CHANGED = """
UPDATE population
SET version = version + 1,
    people = (SELECT count(*) FROM person WHERE population_id = population.id)
WHERE id = ?
"""
_INSERT = """
INSERT INTO person (population_id, okta_id, login, name, words, document)
VALUES (?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
UPDATE person SET login = ?, name = ?, words = ?, document = ?
WHERE population_id = ? AND okta_id = ?
"""
