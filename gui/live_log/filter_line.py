"""The line that the filter is written in: coloured, completed, checked."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal, Slot

from gui.live_log.saved_filters import SavedFilters
from gui.theme import Theme
from gui.widgets.code_line import CodeLine
from gui.widgets.code_text import Span
from gui.widgets.language import Language, Problem, Proposal
from server.calls.filters import FIELDS, CallFilterError, Filter, complete, parse
from server.calls.filters.words import read_word

Values = Callable[[], Mapping[str, Sequence[str]]]


class FilterLine(CodeLine):
    """Asks for a filter. While the text cannot be understood, the filter before it stays.

    Signals:
        filter_changed: another filter is wanted; ``condition`` is it, None for all calls.
    """

    filter_changed = Signal()

    def __init__(self, theme: Theme, saved: SavedFilters, values: Values) -> None:
        """``values`` are known values of fields, beside those that a field declares."""
        language = Language(spans, lambda text, at: proposals(text, at, values()), triggers=":")
        super().__init__(
            theme,
            "Filter calls",
            language,
            placeholder="Filter, such as  status:failed user:ann since:10m",
            icon="search",
            clearable=True,
        )
        self._saved = saved
        self.condition: Filter | None = None
        self.set_history(saved.history)
        self.history_changed.connect(self._keep_history)
        self.edited.connect(self._check)
        self.settled.connect(self._take)

    @Slot(str)
    def _check(self, text: str) -> None:
        """Take a mistake back as soon as it is corrected; one is told when typing has paused."""
        try:
            parse(text)
        except CallFilterError:
            return
        self.set_problem(None)

    @Slot(str)
    def _take(self, text: str) -> None:
        try:
            condition = parse(text)
        except CallFilterError as error:
            self.set_problem(Problem(str(error), error.position, error.length))
            return
        self.set_problem(None)
        self.remember()
        if condition != self.condition:
            self.condition = condition
            self.filter_changed.emit()

    @Slot()
    def _keep_history(self) -> None:
        self._saved.keep_history(self.history)


def spans(text: str) -> list[Span]:
    """Return the parts of a filter that have a colour."""
    found: list[Span] = []
    start = 0
    while start < len(text):
        if text[start].isspace() or text[start] in "()-":
            start += 1
            continue
        word = read_word(text, start, tolerant=True)
        if word.field is not None and word.field.lower() in FIELDS:
            colon = word.start + len(word.field) + 1
            found += [Span(word.start, colon, "json_name"), Span(colon, word.end, "json_text")]
        elif text[word.start : word.end].lower() in ("or", "and", "not"):
            found.append(Span(word.start, word.end, "json_word"))
        start = max(word.end, start + 1)
    return found


def proposals(text: str, position: int, values: Mapping[str, Sequence[str]]) -> list[Proposal]:
    """Return what may stand at the cursor."""
    found = complete(text, position, values)
    return [
        Proposal(each.text, each.text, found.start, found.end, beside=each.help)
        for each in found.items
    ]
