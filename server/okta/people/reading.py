"""What every way to read people gives: people and refused rows, one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from server.okta.people.person import Person
from server.okta.people.schema import ProfileSchema

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many of how many are done; gives the work up by raising an exception."""


class UnreadableFile(Exception):
    """A file holds no people that can be read; the text is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is no person.

    ``number`` is the line on which it begins (CSV, JSON Lines) or its place in the list (JSON),
    from 1; ``reason`` is a sentence; ``who`` is the login or name that it holds, or "".
    """

    number: int
    reason: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """People on their way in, to be gone through once.

    ``total`` is an estimate of their number. ``tells_status`` says whether their status is known,
    or only assumed to be ACTIVE.
    """

    schema: ProfileSchema
    entries: Iterator[Person | RefusedRow]
    total: int
    tells_status: bool = True


class Duplicates:
    """Finds logins and ids that come a second time; logins are the same in any letter case."""

    def __init__(self) -> None:
        self._logins: set[str] = set()
        self._ids: set[str] = set()

    def reason(self, person: Person) -> str:
        """Return why a person is refused beside those before, or "" and remember them."""
        login = person.login.strip().casefold()
        if login in self._logins:
            return f"The login {person.login} came before; in Okta it is unique."
        if person.id in self._ids:
            return f"The id {person.id} came before; in Okta it is unique."
        self._logins.add(login)
        self._ids.add(person.id)
        return ""


def nothing(done: int, total: int) -> None:
    """Take progress that nobody wants to see."""
