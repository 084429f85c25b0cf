import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.blink.directory import Organization
from server.okta.people import (
    BASE_SCHEMA,
    Person,
    PersonGroup,
    Population,
    ProfileAttribute,
    Reading,
    RefusedRow,
    made_id,
)
from storage.database import Database
from storage.errors import NoSuchPerson, PeopleChanged, PersonRefused
from storage.organizations import OrganizationStore
from storage.people import PeopleStore
from storage.people_import import PORTION, ImportOutcome

NICKNAMES = ProfileAttribute("nicknames", "Nicknames", "string array")


def person(login: str, first: str = "Ann", last: str = "Lee", **more: Any) -> Person:
    login = login if "@" in login else f"{login}@acme.example"
    person_id = more.pop("id", made_id(login))
    extra = {name: more.pop(name) for name in ("status", "groups") if name in more}
    return Person(person_id, {"login": login, "firstName": first, "lastName": last} | more, **extra)


SAMPLES = Population(
    BASE_SCHEMA.extended([NICKNAMES]),
    [
        person("zoe", "Zoë", "Müller", title="Nurse", nicknames=["Zo"]),
        person("sean", "Seán", "O'Brien", title=""),
    ],
)


@pytest.fixture
def store(database: Database) -> PeopleStore:
    return PeopleStore(database, SAMPLES)


def logins(people: list[Person]) -> list[str]:
    return [each.login.partition("@")[0] for each in people]


def everybody(store: PeopleStore, organization: Organization) -> dict[str, Person]:
    return {each.login.partition("@")[0]: each for each in store.population(organization.id).people}


def take_in(
    store: PeopleStore,
    organization: Organization,
    *entries: Person | RefusedRow,
    replace_all: bool = True,
    **more: Any,
) -> ImportOutcome:
    schema = store.schema_for_import(organization.id, replace_all=replace_all)
    progress = {"progress": more.pop("progress")} if "progress" in more else {}
    reading = Reading(schema, iter(entries), len(entries), **more)
    return store.import_people(organization.id, reading, replace_all=replace_all, **progress)


def rows(database: Database, table: str) -> int:
    found = database.connection().execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0])


def test_the_samples_are_the_people_of_an_organization_without_any(
    store: PeopleStore, acme: Organization
) -> None:
    assert store.has_own(acme.id) is False
    assert store.count(acme.id) == 2
    assert store.population(acme.id) is SAMPLES
    assert store.schema(acme.id) == SAMPLES.schema
    assert store.get(acme.id, SAMPLES.people[0].id) == SAMPLES.people[0]
    assert store.page(acme.id, "MULLER nurse") == (1, [SAMPLES.people[0]])
    assert store.page(acme.id, "", 1, 1) == (2, [SAMPLES.people[1]])


def test_a_change_makes_the_samples_an_organization_s_own(
    store: PeopleStore, database: Database, acme: Organization
) -> None:
    other = OrganizationStore(database).create("Other")
    zoe = SAMPLES.people[0]
    changed = replace(zoe, profile={**zoe.profile, "title": "Matron"})
    assert store.save(acme.id, changed) == changed
    assert store.get(acme.id, zoe.id) == changed
    assert set(everybody(store, acme)) == {"zoe", "sean"}
    assert store.schema(acme.id) == SAMPLES.schema
    assert store.has_own(other.id) is False
    store.reset_to_samples(acme.id)
    assert store.get(acme.id, zoe.id) == zoe
    assert (rows(database, "person"), rows(database, "population")) == (0, 0)


def test_a_person_is_added_changed_and_deleted(store: PeopleStore, acme: Organization) -> None:
    added = store.save(acme.id, person("bob", "Bob", id=""))
    assert (added.id, store.count(acme.id)) == (made_id("bob@acme.example"), 3)
    renamed = store.save(
        acme.id, replace(added, profile={**added.profile, "login": "rob@x.example"})
    )
    again = store.save(acme.id, person("bob", "Bob", id=""))
    assert renamed.id == added.id != again.id
    assert store.page(acme.id, "rob@x").people == [renamed]
    store.delete(acme.id, [added.id, again.id])
    assert store.get(acme.id, added.id) is None
    assert store.count(acme.id) == 2


def test_deleting_somebody_unknown_deletes_nobody(store: PeopleStore, acme: Organization) -> None:
    with pytest.raises(NoSuchPerson):
        store.delete(acme.id, [SAMPLES.people[0].id, "00unobody"])
    assert store.count(acme.id) == 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (person("SEAN", id="00uother"), "Somebody else has the login"),
        (person(" @", id=""), "login is"),
        (person("bob", last="x" * 51), "51 characters"),
        (person("bob", title="half \ud83d"), "half a character"),
        (person("bob", shoeSize="7"), "shoeSize is not an attribute"),
        (person("bob", nicknames="Bobby"), "takes a list"),
        (person("bob", status="ASLEEP"), "not a status"),
        (Person("00u1", {"firstName": "Ann"}), "login is missing"),
    ],
)
def test_a_person_whom_okta_could_not_have_is_refused(
    store: PeopleStore, acme: Organization, wrong: Person, told: str
) -> None:
    with pytest.raises(PersonRefused, match=told):
        store.save(acme.id, wrong)
    assert store.has_own(acme.id) is False


def test_attributes_can_be_added(store: PeopleStore, acme: Organization) -> None:
    shoe = ProfileAttribute("shoeSize", "Shoe size", "number", max_length=None)
    store.add_attributes(acme.id, [shoe, ProfileAttribute("nicknames", "Other", "string")])
    assert store.schema(acme.id).custom == (NICKNAMES, shoe)
    kept = store.save(acme.id, person("bob", shoeSize=42.5))
    assert store.get(acme.id, kept.id) == kept


def test_every_change_gives_another_revision(store: PeopleStore, acme: Organization) -> None:
    seen = [store.revision(acme.id)]
    store.save(acme.id, person("bob"))
    seen.append(store.revision(acme.id))
    store.delete(acme.id, [made_id("bob@acme.example")])
    seen.append(store.revision(acme.id))
    take_in(store, acme, person("cy"))
    seen.append(store.revision(acme.id))
    assert len(set(seen)) == 4
    assert store.revision(acme.id) == seen[-1]


def test_a_page_is_by_name_and_searched_whatever_the_accents(
    store: PeopleStore, acme: Organization
) -> None:
    take_in(
        store,
        acme,
        person("c", "Zoë", "Müller", employeeNumber="0042"),
        person("b", "ann", "Lee", department="Nursing 100%"),
        person("a", "Ömer", "Lee", title="Nurse"),
        person("d", "Bob", "Lee"),
    )
    page = store.page(acme.id)
    assert (page.total, logins(page.people)) == (4, ["b", "d", "a", "c"])
    assert logins(store.page(acme.id, "", 1, 2).people) == ["d", "a"]
    found = store.page(acme.id, " LEE nurs ")
    assert (found.total, logins(found.people)) == (2, ["b", "a"])
    assert store.page(acme.id, "lee", 2, 5)[0] == 3
    for text, login in (("omer", "a"), ("MULLER 42", "c"), ("100%", "b"), ("müller", "c")):
        assert logins(store.page(acme.id, text).people) == [login]
    assert store.page(acme.id, "_") == (0, [])


def test_an_import_takes_the_place_of_all_and_says_what_it_did(
    store: PeopleStore, database: Database, acme: Organization
) -> None:
    group = PersonGroup("00g1", "Nurses")
    first = take_in(store, acme, person("a"), person("b"), person("c", groups=(group,)))
    assert (first.new, first.changed, first.unchanged, first.removed) == (3, 0, 0, 0)
    refused = RefusedRow(3, "It is bad.")
    again = take_in(store, acme, person("a"), refused, person("B", "Bea"), person("d"))
    assert (again.new, again.changed, again.unchanged, again.removed) == (1, 1, 1, 1)
    assert (again.people, again.refused) == (3, [refused])
    assert set(everybody(store, acme)) == {"a", "B", "d"}
    assert store.count(acme.id) == 3
    assert (rows(database, "person"), rows(database, "population")) == (3, 1)


def test_an_import_that_adds_lays_what_comes_over_what_is_known(
    store: PeopleStore, acme: Organization
) -> None:
    known = person("a", title="Nurse", status="SUSPENDED", groups=(PersonGroup("00g1", "N"),))
    take_in(store, acme, known, person("b"))
    outcome = take_in(
        store,
        acme,
        Person("00unew", {"login": "A@acme.example", "title": "", "city": "Hull"}),
        person("c"),
        replace_all=False,
        tells_status=False,
    )
    assert (outcome.new, outcome.changed, outcome.unchanged, outcome.removed) == (1, 1, 0, 0)
    people = everybody(store, acme)
    assert set(people) == {"A", "b", "c"}
    assert people["A"] == replace(
        known,
        profile={**known.profile, "login": "A@acme.example", "title": "", "city": "Hull"},
    )


def test_who_is_known_keeps_the_id_also_under_a_new_login(
    store: PeopleStore, acme: Organization
) -> None:
    take_in(store, acme, person("a", id="00uA"), person("b", id="00uB"))
    outcome = take_in(store, acme, person("new", id="00uA"), person("b"))
    assert (outcome.new, outcome.changed, outcome.unchanged) == (0, 1, 1)
    assert {name: each.id for name, each in everybody(store, acme).items()} == {
        "new": "00uA",
        "b": "00uB",
    }


def test_two_who_match_the_same_person_stay_two(store: PeopleStore, acme: Organization) -> None:
    take_in(store, acme, person("a", id="00uA"))
    outcome = take_in(store, acme, person("new", id="00uA"), person("a"), replace_all=False)
    assert (outcome.new, outcome.changed) == (1, 1)
    people = everybody(store, acme)
    assert people["new"].id == "00uA" != people["a"].id


def test_an_import_keeps_the_schema_of_what_was_read(
    store: PeopleStore, acme: Organization
) -> None:
    schema = BASE_SCHEMA.extended([NICKNAMES])
    reading = Reading(schema, iter([person("a", nicknames=["A"])]), 1)
    store.import_people(acme.id, reading, replace_all=True)
    assert store.schema(acme.id) == schema
    assert store.schema_for_import(acme.id, replace_all=False) == schema
    assert store.schema_for_import(acme.id, replace_all=True) == BASE_SCHEMA
    take_in(store, acme, person("b"))
    assert store.schema(acme.id) == BASE_SCHEMA


def many(number: int) -> Iterator[Person]:
    return (person(f"user{each}", "Ann", f"Lee {each}") for each in range(number))


def test_progress_is_told_and_giving_up_leaves_all_as_it_was(
    store: PeopleStore, database: Database, acme: Organization
) -> None:
    take_in(store, acme, person("a"))
    before = store.revision(acme.id)
    seen: list[tuple[int, int]] = []

    def give_up(done: int, total: int) -> None:
        seen.append((done, total))
        if done > PORTION:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(store, acme, *many(3 * PORTION), progress=give_up)
    assert seen == [(0, 3 * PORTION), (PORTION, 3 * PORTION), (2 * PORTION, 3 * PORTION)]
    assert set(everybody(store, acme)) == {"a"}
    assert store.revision(acme.id) == before
    assert (rows(database, "person"), rows(database, "population")) == (1, 1)


def test_an_error_while_reading_leaves_all_as_it_was(
    store: PeopleStore, database: Database, acme: Organization
) -> None:
    def broken() -> Iterator[Person]:
        yield from many(PORTION + 1)
        raise OSError("The disk is gone.")

    with pytest.raises(OSError, match="gone"):
        store.import_people(acme.id, Reading(BASE_SCHEMA, broken(), 0), replace_all=True)
    assert store.population(acme.id) is SAMPLES
    assert rows(database, "population") == 0


def test_what_an_import_left_behind_is_deleted_by_the_next(
    store: PeopleStore, database: Database, acme: Organization
) -> None:
    database.connection().execute(
        "INSERT INTO population (id, organization_id, attributes, created)"
        " VALUES (77, ?, '[]', '')",
        (acme.id,),
    )
    database.connection().execute(
        "INSERT INTO person (population_id, okta_id, login, name, words, document)"
        " VALUES (77, 'x', 'x', 'x', 'x', '{}')"
    )
    assert store.population(acme.id) is SAMPLES
    take_in(store, acme, person("a"))
    assert (rows(database, "person"), rows(database, "population")) == (1, 1)


def test_nobody_sees_a_part_of_an_import_and_a_server_can_write_meanwhile(
    store: PeopleStore, acme: Organization, path: Path
) -> None:
    take_in(store, acme, person("a"))
    seen: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            written = other.execute("UPDATE organization SET name = 'Brand'").rowcount
        seen.append((store.count(acme.id), written))

    take_in(store, acme, *many(2 * PORTION), progress=look)
    assert set(seen) == {(1, 1)}
    assert store.count(acme.id) == 2 * PORTION


def test_an_edit_during_an_import_is_not_lost(store: PeopleStore, acme: Organization) -> None:
    take_in(store, acme, person("a"))

    def edit(done: int, total: int) -> None:
        store.save(acme.id, person("a", "Anna"))

    with pytest.raises(PeopleChanged):
        take_in(store, acme, person("b"), progress=edit)
    assert everybody(store, acme)["a"].profile["firstName"] == "Anna"


def test_an_organization_s_people_go_with_it_and_are_its_own(
    store: PeopleStore, database: Database, acme: Organization
) -> None:
    other = OrganizationStore(database).create("Other")
    take_in(store, acme, person("a"))
    take_in(store, other, person("a"), person("b"))
    assert (store.count(acme.id), store.count(other.id)) == (1, 2)
    OrganizationStore(database).delete(other.id)
    assert (rows(database, "person"), rows(database, "population")) == (1, 1)
