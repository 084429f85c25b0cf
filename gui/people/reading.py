"""A person with all that their page shows; read in a job."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.mappings.trial import around
from server.okta.people import Person, ProfileSchema

if TYPE_CHECKING:
    from storage.people import PeopleStore


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A person of an organization, the schema of their profile, and who is tied to them.

    ``linked`` maps the names of linked objects to people. Who is named, but is not there, is None.
    """

    organization_id: int
    person: Person
    schema: ProfileSchema
    manager: Person | None
    assistant: Person | None
    linked: dict[str, Person | None]


def read_person(people: "PeopleStore", organization_id: int, person_id: str) -> ShownPerson | None:
    """Return the person with this id, or None."""
    person = people.get(organization_id, person_id)
    return shown(people, organization_id, person) if person else None


def shown(people: "PeopleStore", organization_id: int, person: Person) -> ShownPerson:
    """Return a person with those whom they name."""
    population = around(people, organization_id, [person])
    return ShownPerson(
        organization_id,
        person,
        population.schema,
        population.manager(person),
        population.person(person.assistant_id or ""),
        {name: population.person(other) for name, other in person.linked.items()},
    )
