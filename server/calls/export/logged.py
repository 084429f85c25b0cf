"""What an export needs to know of a call in the log."""

from dataclasses import dataclass
from typing import Protocol

from server.calls.call import Call


class Logged(Protocol):
    """A call as the log keeps it; the store's own kind fits.

    ``operation`` is a code of ``operations.OPERATIONS``, ``summary`` one line for a person,
    ``mark`` and ``note`` are what a person added: a colour's name and a text, or "".
    """

    @property
    def id(self) -> int: ...
    @property
    def operation(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def call(self) -> Call: ...
    @property
    def mark(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A ``Logged`` that is not in a store: one made for an export, or read from a file."""

    id: int
    operation: str
    summary: str
    call: Call
    mark: str = ""
    note: str = ""
