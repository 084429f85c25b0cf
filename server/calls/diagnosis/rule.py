"""What a rule of the diagnosis declares, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from server.calls.diagnosis.scene import Scene


class Severity(Enum):
    """How bad a finding is, the worst first.

    ERROR: the call failed for it. WARNING: it was accepted, but is hardly what was wanted.
    NOTE: good to know.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Found(NamedTuple):
    """What a rule says of a call: what happened, what to do, and where in this program.

    ``link`` is a key: "tokens", "organization", "mappings:<variable>", "people", "settings",
    "log:<filter>", or "" where there is nothing to do here.
    """

    sentence: str
    cure: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its stable id, a title, the help about it, and how a case is found."""

    id: str
    title: str
    severity: Severity
    help: str
    check: Callable[[Scene], Found | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a call is a case of; the other members are those of ``Found``."""

    rule_id: str
    sentence: str
    cure: str
    link: str
    severity: Severity


def rule(
    identifier: str, title: str, severity: Severity, help_text: str
) -> Callable[[Callable[[Scene], Found | None]], Rule]:
    """Return what makes a rule of the function that finds its cases."""

    def declare(check: Callable[[Scene], Found | None]) -> Rule:
        return Rule(identifier, title, severity, help_text, check)

    return declare
