"""The filters that a person comes back to: those shipped, their own, and the last ones."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from gui.settings import LOG_FILTERS, LOG_HISTORY, Settings

KEPT = 20
"""So many of the last filters are remembered."""


class SavedFilter(NamedTuple):
    """A filter with a name."""

    name: str
    text: str


SHIPPED = (
    SavedFilter("Errors", "status:failed"),
    SavedFilter("Creates", "op:create"),
    SavedFilter("Deactivations", "op:deactivate"),
)
"""The buttons that are always there, and that Ctrl+E and others stand for."""


class SavedFilters:
    """Keeps a person's own filters and the history in the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.own = [SavedFilter(*each) for each in _pairs(settings.get(LOG_FILTERS))]
        self.history = [text for text, _ in _pairs(settings.get(LOG_HISTORY))]

    def save(self, name: str, text: str) -> None:
        """Keep a filter under a name; one of the same name is replaced."""
        self.own = [each for each in self.own if each.name != name] + [SavedFilter(name, text)]
        self._write()

    def remove(self, name: str) -> None:
        """Forget a filter."""
        self.own = [each for each in self.own if each.name != name]
        self._write()

    def keep_history(self, history: Sequence[str]) -> None:
        """Remember the filters that were used last, the newest first."""
        self.history = list(history[:KEPT])
        kept = [[each, ""] for each in self.history]
        self._settings.set(LOG_HISTORY, orjson.dumps(kept).decode())

    def _write(self) -> None:
        self._settings.set(LOG_FILTERS, orjson.dumps([list(each) for each in self.own]).decode())


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    """Read pairs of texts; what the file spoils is left out."""
    try:
        value = orjson.loads(text) if text else []
    except orjson.JSONDecodeError:
        return []
    if not isinstance(value, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in value
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
    ]
