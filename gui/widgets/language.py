"""What an input with colours and completion asks of a language. All offsets are in characters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gui.widgets.code_text import Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """A completion: ``insert`` takes the place of the text from ``start`` up to ``end``.

    ``beside`` is a word on its kind or its signature; ``help`` a sentence.
    """

    insert: str
    label: str
    start: int
    end: int
    beside: str = ""
    help: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the brackets around the cursor want; the part at ``start`` is the parameter's turn."""

    text: str
    start: int = 0
    end: int = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and where; ``position`` None is the whole of it."""

    text: str
    position: int | None = None
    length: int = 0


def _no_signature(_text: str, _position: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Language:
    """A language as functions that never raise and take no more than some milliseconds.

    ``triggers`` are letters behind which proposals come before anything else is typed.
    """

    tokens: Callable[[str], Sequence[Span]]
    complete: Callable[[str, int], Sequence[Proposal]]
    signature: Callable[[str, int], Signature | None] = _no_signature
    triggers: str = ""
