"""People from the rows of a table, once it is known what its columns mean."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from server.okta.people.csv_columns import Column, Meaning, columns_problem, new_attributes
from server.okta.people.csv_text import CsvRow, CsvTable, rows
from server.okta.people.person import Person, PersonGroup, ProfileValue, made_id
from server.okta.people.reading import Duplicates, Reading, RefusedRow, UnreadableFile
from server.okta.people.schema import ProfileAttribute, ProfileSchema
from server.okta.people.values import ValueRefused, flag_of, parsed, status_of


def read_table(
    table: CsvTable,
    columns: Sequence[Column],
    schema: ProfileSchema,
    *,
    empty_is_cleared: bool = False,
) -> Reading:
    """Return the people of a table; the rows are read as the entries are asked for.

    ``columns`` are those of the table in its order. An empty cell is a value that was never set,
    or with ``empty_is_cleared`` one that was cleared. Without a login the email address is taken
    for it. A row is refused that Okta would not take: without either, with a login or id that
    came before, with a value of the wrong type or beyond Okta's lengths, or with another number
    of values than there are columns.

    Raises ``UnreadableFile`` when the columns are not enough to make people.
    """
    if problem := columns_problem(columns):
        raise UnreadableFile(problem)
    maker = _Maker(columns, empty_is_cleared)
    states = {Meaning.STATUS, Meaning.ACTIVE, Meaning.DISABLED}
    return Reading(
        schema.extended(new_attributes(columns, schema)),
        _entries(table, maker),
        table.lines,
        tells_status=any(column.target in states for column in columns),
    )


def group_named(name: str) -> PersonGroup:
    """Return the group of a name whose id is not known; the id follows from the name."""
    digest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return PersonGroup(f"00g{digest:017d}"[:20], name)


def _entries(table: CsvTable, maker: "_Maker") -> Iterator[Person | RefusedRow]:
    duplicates = Duplicates()
    for row in rows(table):
        reason = row.problem
        if not reason:
            try:
                person = maker.person(row)
                reason = duplicates.reason(person)
                if not reason:
                    yield person
                    continue
            except ValueRefused as error:
                reason = str(error)
        yield RefusedRow(row.line, reason, maker.who(row))


class _Maker:
    """Makes a person of a row."""

    def __init__(self, columns: Sequence[Column], empty_is_cleared: bool) -> None:
        self._empty_is_cleared = empty_is_cleared
        self._attributes: list[tuple[int, ProfileAttribute]] = []
        self._others: list[tuple[int, Meaning, str]] = []
        for place, column in enumerate(columns):
            if isinstance(column.target, ProfileAttribute):
                self._attributes.append((place, column.target))
            elif column.target is not None:
                self._others.append((place, column.target, column.header))
        self._groups: dict[str, PersonGroup] = {}

    def person(self, row: CsvRow) -> Person:
        """Return the person; raise ``ValueRefused``."""
        values = row.values
        profile: dict[str, ProfileValue] = {}
        for place, attribute in self._attributes:
            text = values[place]
            if text:
                profile[attribute.name] = parsed(text, attribute)
            elif self._empty_is_cleared and not attribute.is_list:
                profile[attribute.name] = ""
        login = str(profile.get("login", "")).strip() or str(profile.get("email", "")).strip()
        if not login:
            raise ValueRefused(
                "It has neither a login nor an email address, one of which is the username in Okta."
            )
        if not str(profile.get("login", "")).strip():
            profile = {"login": login} | profile | {"login": login}
        person_id, status, groups = "", "ACTIVE", []
        for place, meaning, header in self._others:
            text = values[place].strip()
            if not text:
                continue
            if meaning is Meaning.ID:
                person_id = text
            elif meaning is Meaning.GROUPS:
                groups += [self._group(name) for part in text.split(";") if (name := part.strip())]
            elif meaning is Meaning.GROUP:
                groups += self._membership(text, header)
            else:
                status = _status(text, meaning) or status
        return Person(
            person_id or made_id(login),
            profile,
            status,
            tuple(dict.fromkeys(groups)),
            origin=_ORIGIN,
        )

    def who(self, row: CsvRow) -> str:
        """Return what a refused row says of whose it is."""
        wanted = ("login", "email", "firstName", "lastName", "employeeNumber")
        found = {
            attribute.name: row.values[place]
            for place, attribute in self._attributes
            if place < len(row.values)
        }
        return next((found[name][:100] for name in wanted if found.get(name)), "")

    def _membership(self, text: str, header: str) -> list[PersonGroup]:
        """A team's column says yes or no, the one of the template the name of a group."""
        said = flag_of(text)
        if said is None:
            return [self._group(text)]
        return [self._group(_bare(header))] if said else []

    def _group(self, name: str) -> PersonGroup:
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = group_named(name)
        return group


def _bare(header: str) -> str:
    """Return the name of a group in its header: "Group(Nurses)" -> "Nurses"."""
    header = header.strip()
    if header.lower().startswith("group") and header.endswith(")"):
        return header.partition("(")[2][:-1].strip()
    return header


def _status(text: str, meaning: Meaning) -> str | None:
    if meaning is Meaning.STATUS:
        if status := status_of(text):
            return status
    elif (said := flag_of(text)) is not None:
        return _DISABLED if said is (meaning is Meaning.DISABLED) else None
    wanted = "a status of Okta" if meaning is Meaning.STATUS else "yes or no"
    raise ValueRefused(f'The status is "{text[:60]}", which is not {wanted}.')


_DISABLED: Final = "DEPROVISIONED"
_ORIGIN: Final = "CSV file"
