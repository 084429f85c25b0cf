"""What a view lists: the log of this program, or the calls of a file; and what is chosen in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.calls import CallStore


@dataclass(frozen=True, slots=True)
class LogSource:
    """Calls to look at; ``file`` is the name of the file that they come from, "" for the log."""

    calls: CallStore
    file: str = ""

    @property
    def live(self) -> bool:
        """Say whether new calls come to it, and whether it may be changed."""
        return not self.file

    def why_read_only(self, doing: str) -> str:
        """Return why a call cannot be marked or the like, "" when it can."""
        return "" if self.live else f"{self.file} is read-only: {doing} calls in the live log."


@dataclass(frozen=True, slots=True)
class Choice:
    """The calls that are chosen, oldest first.

    An operation that is folded is chosen by its last call, which says what came of it; ``folded``
    holds the ids of such calls.
    """

    ids: Sequence[int] = ()
    folded: frozenset[int] = frozenset()

    def covered(self, calls: CallStore) -> list[int]:
        """Return the calls with all of their folded operations, ascending; reads the store."""
        if not self.folded:
            return list(self.ids)
        whole = (calls.operation(each) if each in self.folded else [each] for each in self.ids)
        return sorted({call_id for operation in whole for call_id in operation})
