"""Taking people in: in small transactions beside a server, and yet all of them or none."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from server.okta.people import Person, Progress, Reading, RefusedRow, made_id
from server.scim.times import timestamp
from storage import person_rows
from storage.database import Database
from storage.errors import PeopleChanged
from storage.person_rows import (
    PopulationState,
    current_population,
    document_text,
    insert,
    login_key,
    make_current,
    new_population,
    person_of,
)
from storage.times import Clock

PORTION = 500
"""People whom one transaction writes."""


@dataclass(slots=True)
class ImportOutcome:
    """What an import did: people by what became of them, and the rows that were refused.

    ``removed`` counts those who were there before and are not any more.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many people came in."""
        return self.new + self.changed + self.unchanged


class PeopleImport:
    """One import: fills a population of its own, which takes the place of the current one."""

    def __init__(
        self, database: Database, organization_id: int, *, replace_all: bool, clock: Clock
    ) -> None:
        self._database = database
        self._organization_id = organization_id
        self._replace_all = replace_all
        self._clock = clock
        self._taken: set[str] = set()
        self._matched = 0
        self._outcome = ImportOutcome()

    def run(self, reading: Reading, progress: Progress) -> ImportOutcome:
        """Take the people in; whatever is raised on the way leaves the people as they were."""
        connection = self._database.connection()
        delete_leftovers(self._database, self._organization_id)
        before = current_population(connection, self._organization_id)
        schema = reading.schema
        if before and not self._replace_all:
            schema = before.schema.extended(schema.custom)
        with self._database.changing():
            created = timestamp(self._clock())
            staged = new_population(connection, self._organization_id, schema, created)
        try:
            self._fill(staged, before, reading, progress)
            if not self._outcome.people:
                # A file that was misunderstood takes nobody away.
                delete_population(self._database, staged)
                return self._outcome
            if before and not self._replace_all:
                self._copy_others(staged, before)
            with self._database.changing():
                if current_population(connection, self._organization_id) != before:
                    raise PeopleChanged
                make_current(connection, self._organization_id, staged)
        except BaseException:
            delete_population(self._database, staged)
            raise
        if before:
            delete_population(self._database, before.id)
        return self._outcome

    def _fill(
        self, staged: int, before: PopulationState | None, reading: Reading, progress: Progress
    ) -> None:
        connection = self._database.connection()
        done, total = 0, reading.total
        progress(done, total)
        while entries := list(islice(reading.entries, PORTION)):
            people = list(self._portion(entries, before, reading.tells_status))
            with self._database.changing():
                insert(connection, staged, people)
            done += len(entries)
            total = max(total, done)
            progress(done, total)
        if before and self._replace_all and self._outcome.people:
            self._outcome.removed = before.people - self._matched
        progress(done, done)

    def _portion(
        self,
        entries: list[Person | RefusedRow],
        before: PopulationState | None,
        tells_status: bool,
    ) -> Iterator[tuple[Person, str]]:
        for entry in entries:
            if isinstance(entry, RefusedRow):
                self._outcome.refused.append(entry)
            else:
                person, document = self._matching(entry, before, tells_status)
                self._taken.add(person.id)
                yield person, document

    def _matching(
        self, person: Person, before: PopulationState | None, tells_status: bool
    ) -> tuple[Person, str]:
        """Return a person as they will be, with the id of the one who was there before.

        That is who has the id which the file gives, or else the login.
        """
        known = self._known(person, before) if before else None
        if before is None or known is None:
            population = before.id if before else 0
            connection = self._database.connection()
            free = person_rows.free_id(connection, population, person.id, self._taken)
            person = replace(person, id=free)
            self._outcome.new += 1
            return person, document_text(person)
        old_id, old_document = known
        self._matched += 1
        if self._replace_all:
            person = replace(person, id=old_id)
        else:
            person = _laid_over(person_of(old_document), person, tells_status)
        document = document_text(person)
        # Where a person came from is no difference.
        if document == old_document or person == person_of(old_document):
            self._outcome.unchanged += 1
        else:
            self._outcome.changed += 1
        return person, document

    def _known(self, person: Person, before: PopulationState) -> tuple[str, str] | None:
        connection = self._database.connection()
        key = login_key(person)
        if not _is_made(person):
            row = connection.execute(_BY_ID, (before.id, person.id)).fetchone()
            if row and row[0] not in self._taken:
                return row[0], row[1]
        row = connection.execute(_BY_LOGIN, (before.id, key)).fetchone()
        if row is None or row[0] in self._taken:
            return None
        return row[0], row[1]

    def _copy_others(self, staged: int, before: PopulationState) -> None:
        """Take over those who were there before and did not come again."""
        connection = self._database.connection()
        last, copied = 0, 0
        while ids := [row[0] for row in connection.execute(_NEXT, (before.id, last, PORTION))]:
            with self._database.changing():
                copied += _copy(connection, staged, before.id, (last, ids[-1]))
            last = ids[-1]
        self._outcome.removed = before.people - self._matched - copied


def delete_leftovers(database: Database, organization_id: int) -> None:
    """Delete what imports left behind that the end of the program cut off."""
    rows = database.connection().execute(_LEFTOVERS, (organization_id,)).fetchall()
    for (population_id,) in rows:
        delete_population(database, population_id)


def delete_population(database: Database, population_id: int) -> None:
    """Delete a population that is not the current one, some people at a time."""
    connection = database.connection()
    deleted = PORTION
    while deleted == PORTION:
        begun = time.monotonic()
        with database.changing():
            deleted = connection.execute(_DELETE, (population_id, PORTION)).rowcount
        # Leaves as much time to those who wait to write.
        time.sleep(min(time.monotonic() - begun, 0.05))
    with database.changing():
        connection.execute("DELETE FROM population WHERE id = ?", (population_id,))


def _laid_over(old: Person, new: Person, tells_status: bool) -> Person:
    """Return a person with what is new laid over what is known; what is not told stays."""
    return replace(
        old,
        profile={**old.profile, **new.profile},
        status=new.status if tells_status else old.status,
        groups=new.groups or old.groups,
        manager_id=new.manager_id or old.manager_id,
        assistant_id=new.assistant_id or old.assistant_id,
        linked=new.linked or old.linked,
        apps=new.apps or old.apps,
    )


def _is_made(person: Person) -> bool:
    return person.id == made_id(person.login)


def _copy(
    connection: sqlite3.Connection, staged: int, before: int, between: tuple[int, int]
) -> int:
    return connection.execute(_COPY, (staged, before, *between, staged, staged)).rowcount


_BY_ID = "SELECT okta_id, document FROM person WHERE population_id = ? AND okta_id = ?"
_BY_LOGIN = "SELECT okta_id, document FROM person WHERE population_id = ? AND login = ?"
# In the order of ids without an index: through one, each portion would look at all people again.
_NEXT = """
SELECT id FROM person NOT INDEXED WHERE population_id = ? AND id > ? ORDER BY id LIMIT ?
"""
_COPY = """
INSERT INTO person (population_id, okta_id, login, name, words, document)
SELECT ?, okta_id, login, name, words, document FROM person AS old
WHERE population_id = ? AND id > ? AND id <= ?
    AND NOT EXISTS (
        SELECT 1 FROM person AS new WHERE new.population_id = ? AND new.okta_id = old.okta_id
    )
    AND NOT EXISTS (
        SELECT 1 FROM person AS new WHERE new.population_id = ? AND new.login = old.login
    )
"""
_LEFTOVERS = "SELECT id FROM population WHERE organization_id = ? AND NOT current"
_DELETE = """
DELETE FROM person WHERE id IN (SELECT id FROM person WHERE population_id = ? LIMIT ?)
"""
