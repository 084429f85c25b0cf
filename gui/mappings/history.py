"""The expressions that were saved last, for all organizations."""

import json

from gui.settings import MAPPING_HISTORY, Settings

MOST_ENTRIES = 30


class History:
    """Expressions, the newest first; kept in the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def entries(self) -> list[str]:
        """Return the expressions."""
        try:
            listed = json.loads(self._settings.get(MAPPING_HISTORY) or "[]")
        except ValueError:
            return []
        known = listed if isinstance(listed, list) else []
        return [text for text in known if isinstance(text, str)][:MOST_ENTRIES]

    def add(self, expression: str) -> None:
        """Put an expression in front."""
        others = [each for each in self.entries() if each != expression]
        listed = [expression, *others][:MOST_ENTRIES]
        self._settings.set(MAPPING_HISTORY, json.dumps(listed))
