"""What was understood or ignored in a request that was nevertheless accepted."""

from typing import NamedTuple


class Remark(NamedTuple):
    """One line for the person who reads the log.

    ``code`` is stable and kebab-case ("attribute-ignored"), ``text`` is a sentence.
    """

    code: str
    text: str
