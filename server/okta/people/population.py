"""All the people of an organization, held in memory, for previews and for checking them all."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

from server.okta.expressions import Context
from server.okta.people.folding import folded
from server.okta.people.person import Person
from server.okta.people.schema import ProfileSchema


class Population:
    """The people and the schema of their profiles; not to be changed once it is made."""

    def __init__(self, schema: ProfileSchema, people: Sequence[Person]) -> None:
        self.schema = schema
        self.people = people
        self._by_id = {person.id: person for person in people}
        self._unset: dict[str, Any] = dict.fromkeys(schema.names)

    def person(self, person_id: str) -> Person | None:
        """Return the person with this id."""
        return self._by_id.get(person_id)

    def manager(self, person: Person) -> Person | None:
        """Return a person's manager if known here.

        Without a ``manager_id`` it is whom the attribute managerId names: by id, employee number,
        login or email address, since organizations put any of these into it.
        """
        if person.manager_id is not None:
            return self._by_id.get(person.manager_id)
        named = str(person.profile.get("managerId", "")).strip()
        if not named:
            return None
        return self._by_id.get(named) or self._by_other_name.get(named.casefold())

    def find(self, text: str, limit: int = 20) -> list[Person]:
        """Return people whom a typed text may mean, those whose name begins with it first.

        Every word of it has to be in the name, the login or the email, whatever the letter case
        and the accents.
        """
        typed = folded(text.strip())
        words = typed.split()
        beginning: list[Person] = []
        others: list[Person] = []
        for person, names in self._searched:
            if all(word in names for word in words):
                (beginning if names.startswith(typed) else others).append(person)
                if len(beginning) == limit:
                    break
        return [*beginning, *others][:limit]

    def context(self, person: Person) -> Context:
        """Return what Okta knows of and around a person, for evaluating expressions."""
        manager = self.manager(person)
        assistant = self._by_id.get(person.assistant_id or "")
        return Context(
            profile=self.read_profile(person),
            groups=[
                {"id": group.id, "name": group.name, "type": group.type}
                | ({"source_id": group.source_id} if group.source_id else {})
                for group in person.groups
            ],
            manager=(lambda: self.read_profile(manager)) if manager else None,
            assistant=(lambda: self.read_profile(assistant)) if assistant else None,
            manager_app=manager.apps if manager else {},
            assistant_app=assistant.apps if assistant else {},
            linked=lambda name: self._linked(person, name),
            directory_users=_app_users(person, _DIRECTORY),
            workday_users=_app_users(person, _WORKDAY),
            apps=person.apps,
            internal={"id": person.id, "status": person.status},
        )

    def read_profile(self, person: Person) -> dict[str, Any]:
        """Return a profile as expressions read it: null for what was never set, but for two.

        A displayName that was never set reads as first and last name, and a locale that was never
        set of somebody from Active Directory as en_US, although Okta's pages show both as blank
        (spec page "Okta Expression Language", section 4).
        """
        profile = self._unset | dict(person.profile)
        if profile["displayName"] is None:
            names = [name for key in ("firstName", "lastName") if (name := profile[key])]
            profile["displayName"] = " ".join(names) or None
        if profile["locale"] is None and _app_users(person, _DIRECTORY):
            profile["locale"] = "en_US"
        return profile

    def _linked(self, person: Person, name: str) -> dict[str, Any] | None:
        other = self._by_id.get(person.linked.get(name, ""))
        return self.read_profile(other) if other else None

    @cached_property
    def _by_other_name(self) -> dict[str, Person]:
        """People by their folded employee number, login and email, in this order of precedence."""
        found: dict[str, Person] = {}
        for attribute in ("employeeNumber", "login", "email"):
            for person in self.people:
                name = person.profile.get(attribute)
                if name and isinstance(name, str):
                    found.setdefault(name.strip().casefold(), person)
        return found

    @cached_property
    def _searched(self) -> list[tuple[Person, str]]:
        return list(self._searchable())

    def _searchable(self) -> Iterator[tuple[Person, str]]:
        for person in self.people:
            email = person.profile.get("email", "")
            yield person, folded(f"{person.name}\n{person.login}\n{email}")


def _app_users(person: Person, kind: str) -> list[Any]:
    """Return the app users in instances of an app: "active_directory", "active_directory_x1"."""
    return [profile for name, profile in person.apps.items() if name.startswith(kind)]


_DIRECTORY: Final = "active_directory"
_WORKDAY: Final = "workday"
