from dataclasses import replace
from pathlib import Path

import pytest

from server.okta.expressions import Value, compile_expression
from server.okta.people import (
    BASE_SCHEMA,
    Person,
    PersonGroup,
    Population,
    problem,
    shipped_samples,
)
from server.okta.people.documents import person_document, person_from

SAMPLES = shipped_samples(Path(__file__).parents[3] / "resources")


def sample(login: str) -> Person:
    return next(person for person in SAMPLES.people if person.login == login)


def evaluated(expression: str, person: Person, population: Population = SAMPLES) -> Value:
    compiled = compile_expression(expression, population.schema.names)
    return compiled.evaluate(population.context(person))


def person(login: str, **profile: str) -> Person:
    return Person(f"00u{login}", {"login": login} | profile)


def test_there_are_at_least_24_samples_each_with_a_note_and_a_login_of_its_own() -> None:
    assert len(SAMPLES.people) >= 24
    assert all(person.note.endswith(".") for person in SAMPLES.people)
    assert len({person.login.casefold() for person in SAMPLES.people}) == len(SAMPLES.people)
    assert len({person.id for person in SAMPLES.people}) == len(SAMPLES.people)


def test_the_samples_are_people_whom_okta_could_have() -> None:
    for each in SAMPLES.people:
        assert problem(dict(each.profile), SAMPLES.schema) == ""
        assert person_from(person_document(each)) == each
        assert each.login.endswith(".example") or "@" not in each.login


def test_the_samples_have_a_chain_of_three_managers() -> None:
    chain = [sample("ann.lee@acme.example")]
    while manager := SAMPLES.manager(chain[-1]):
        chain.append(manager)
    assert [each.profile["firstName"] for each in chain] == ["Ann", "Maria", "Ulla", "Ruth"]


def test_cleared_and_never_set_values_are_told_apart() -> None:
    cleared, unset = sample("nora.quinn@acme.example"), sample("tom.baker@acme.example")
    assert evaluated("user.middleName", cleared) == ""
    assert evaluated("user.middleName", unset) is None
    assert evaluated("user.onCall", sample("ben.shaw@acme.example")) is None
    assert evaluated("user.onCall", sample("eva.moon@acme.example")) is False


def test_a_display_name_never_set_reads_as_first_and_last_name() -> None:
    people = [
        person("a", firstName="Ann", lastName="Lee"),
        person("b", lastName="Suharto"),
        person("c", firstName="Ann", lastName="Lee", displayName=""),
        person("d"),
    ]
    population = Population(BASE_SCHEMA, people)
    assert [evaluated("user.displayName", each, population) for each in people] == [
        "Ann Lee",
        "Suharto",
        "",
        None,
    ]


def test_a_locale_never_set_reads_as_en_us_for_people_from_active_directory_alone() -> None:
    assert evaluated("user.locale", sample("paul.reed@acme.example")) == "en_US"
    assert evaluated("user.locale", sample("new.starter@acme.example")) is None


def test_managers_assistants_and_linked_people_are_found() -> None:
    ann, ruth = sample("ann.lee@acme.example"), sample("ruth.adeyemi@acme.example")
    assert evaluated('getManagerUser("active_directory").email', ann) == (
        "maria.santos@acme.example"
    )
    assert evaluated('getAssistantUser("active_directory").lastName', ruth) == "Baker"
    assert evaluated('user.getLinkedObject("deputy").lastName', ruth) == "Berg"
    assert evaluated('user.getLinkedObject("manager").lastName', ruth) is None
    assert evaluated('getManagerUser("active_directory").email', ruth) is None


def test_groups_and_app_users_and_internal_values_are_there() -> None:
    carla, victor = sample("carla.diaz@acme.example"), sample("victor.cross@acme.example")
    assert evaluated('isMemberOfGroupName("Fire wardens")', carla) is True
    assert evaluated('isMemberOfGroupName("Fire wardens")', victor) is False
    assert evaluated("hasDirectoryUser()", carla) is True
    assert evaluated("findDirectoryUser().samAccountName", carla) == "cdiaz"
    assert evaluated("hasWorkdayUser()", carla) is False
    assert evaluated('user.getInternalProperty("status")', victor) == "SUSPENDED"
    assert evaluated('user.getInternalProperty("id")', victor) == victor.id


@pytest.mark.parametrize("named", ["00uboss", "0007", "Boss@Acme.example", "b@acme.example"])
def test_a_manager_is_found_by_id_employee_number_login_and_email(named: str) -> None:
    boss = Person(
        "00uboss",
        {"login": "boss@acme.example", "email": "b@acme.example", "employeeNumber": "0007"},
    )
    ann = person("ann@acme.example", managerId=named)
    population = Population(BASE_SCHEMA, [ann, boss])
    assert population.manager(ann) == boss
    assert population.manager(replace(ann, manager_id="00unobody")) is None
    assert population.manager(boss) is None


def test_a_typed_name_is_completed_from_its_beginning_first() -> None:
    found = SAMPLES.find("alex green")
    assert [each.login for each in found] == ["alex.green@acme.example", "alex.green2@acme.example"]
    assert SAMPLES.find("MULLER")[0].login == "zoe.strasser@acme.example"
    assert SAMPLES.find("kfield")[0].profile["lastName"] == "Field"
    assert SAMPLES.find("佐藤")[0].login == "haruka.sato@acme.example"
    people = [person("x", lastName="Lee Ann"), person("y", firstName="Ann", lastName="Lee")]
    assert [each.login for each in Population(BASE_SCHEMA, people).find("ann")] == ["y", "x"]
    assert len(SAMPLES.find("", 5)) == 5
    assert SAMPLES.find("nobody at all") == []


def test_a_person_goes_through_json_whole() -> None:
    whole = Person(
        "00u1",
        {"login": "ann@acme.example", "skills": ["a"], "title": ""},
        "STAGED",
        (PersonGroup("00g1", "VPN", "APP_GROUP", "0oa1"),),
        "00u2",
        "00u3",
        {"deputy": "00u4"},
        {"workday": {"id": 7}},
        "Awkward.",
    )
    assert person_from(person_document(whole)) == whole
