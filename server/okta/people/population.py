"""All the people of an organization, held in memory, for previews and for checking them all."""

from collections.abc import Iterator, Sequence

from server.okta.people.person import Person
from server.okta.people.schema import ProfileSchema


class Population:
    """The people and the schema of their profiles; not to be changed once it is made."""

    def __init__(self, schema: ProfileSchema, people: Sequence[Person]) -> None:
        self.schema = schema
        self.people = people
        self._by_id = {person.id: person for person in people}

    def person(self, person_id: str) -> Person | None:
        """Return the person with this id."""
        return self._by_id.get(person_id)

    def find(self, text: str, limit: int = 20) -> list[Person]:
        """Return people whom a typed text may mean, those whose name begins with it first.

        Every word of it has to be in the name, the login or the email, in any letter case.
        """
        typed = text.strip().casefold()
        words = typed.split()
        beginning: list[Person] = []
        others: list[Person] = []
        for person, names in self._searchable():
            if all(word in names for word in words):
                (beginning if names.startswith(typed) else others).append(person)
                if len(beginning) == limit:
                    break
        return [*beginning, *others][:limit]

    def _searchable(self) -> Iterator[tuple[Person, str]]:
        for person in self.people:
            email = person.profile.get("email", "")
            yield person, f"{person.name}\n{person.login}\n{email}".casefold()
