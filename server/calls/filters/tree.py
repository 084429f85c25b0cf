"""A filter of the log as a tree; times and organizations are bound when it is applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text to look for: ``parts`` stand in this order, with anything between them.

    With ``whole`` they are all of the text: the first part is its beginning, the last its end.
    """

    parts: tuple[str, ...]
    whole: bool = False

    @property
    def anything(self) -> bool:
        """Say whether the pattern is ``*`` alone: any text that is not empty."""
        return not any(self.parts) and len(self.parts) > 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers from ``low`` to ``high``, both included; None is without a limit."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call: ``failed`` is a status of 400 or more, or no answer."""

    name: Literal["failed", "ok"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in microseconds; of ``since`` and ``until``, so long ago."""

    microseconds: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with a time; without a zone it is in the zone of ``Context.now``."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day in the zone of ``Context.now``."""

    date: date


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """The last time that the clock showed this, in the zone of ``Context.now``."""

    time: time


Test: TypeAlias = Pattern | Numbers | Outcome | Span | Moment | Day | TimeOfDay


@dataclass(frozen=True, slots=True)
class Term:
    """``field:test``; ``field`` is one of ``fields.FIELDS``."""

    field: str
    test: Test


@dataclass(frozen=True, slots=True)
class And:
    """All of the terms, of which there are at least two."""

    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the terms, of which there are at least two."""

    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not the term."""

    term: "Filter"


Filter: TypeAlias = Term | And | Or | Not


@dataclass(frozen=True, slots=True)
class Context:
    """What a filter is bound to when it is applied.

    ``now`` has a time zone, in which days and times of the day are meant; ``organizations`` are
    the names by their ids.
    """

    now: datetime
    organizations: Mapping[int, str] = field(default_factory=dict)


class CallFilterError(Exception):
    """A filter that cannot be understood; the text is one sentence with the cure.

    ``position`` and ``length`` are the characters that it is about.
    """

    def __init__(self, text: str, position: int, length: int) -> None:
        super().__init__(text)
        self.position = position
        self.length = length
