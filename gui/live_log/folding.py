"""Operations that are one row while they are folded, and a row a call when they are not."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from gui.live_log.feed import CallFeed
from gui.live_log.model import CallModel
from gui.live_log.source import Choice
from storage.calls import CallRow, CallStore


class Folding(QObject):
    """Folds and unfolds the rows of a model.

    Signals:
        changed: an operation was folded or unfolded, with the row of its head.
    """

    changed = Signal(int)

    def __init__(self, calls: CallStore, model: CallModel, feed: CallFeed) -> None:
        super().__init__()
        self._calls = calls
        self._model = model
        self._feed = feed

    def choice(self, numbers: Sequence[int]) -> Choice:
        """Return the calls that rows stand for."""
        standing = {self._model.id_at(each): self.standing_for(each) for each in numbers}
        folded = frozenset(call_id for own, call_id in standing.items() if call_id != own)
        return Choice(sorted(standing.values()), folded)

    def standing_for(self, number: int) -> int:
        """Return the call that a row stands for: the last one of an operation that is folded."""
        call = self._model.row_at(number)
        if call is None or not self._is_folded(call):
            return self._model.id_at(number)
        return call.last_id

    def shown(self, number: int) -> CallRow | None:
        """Return what a row says: of an operation that is folded, the whole of it."""
        call = self._model.row_at(number)
        return call.folded if call and self._is_folded(call) else call

    def reveal(self, call_id: int, head_id: int | None) -> int | None:
        """Return the row of a call, unfolding its operation unless that stands for it.

        ``head_id`` is that of a ``CallRow``. None when the call is not listed.
        """
        number = self._model.row_of(call_id)
        if number is None and head_id is not None:
            number = self._model.row_of(head_id)
        if number is None or self.standing_for(number) == call_id:
            return number
        self.fold(number, False)
        return self._model.row_of(call_id)

    @Slot(int)
    def toggle(self, number: int) -> None:
        """Fold or unfold the operation in a row."""
        self.fold(number, self._model.is_unfolded(self._model.id_at(number)))

    @Slot(int, bool)
    def fold(self, number: int, fold: bool) -> None:
        """Fold the operation that the call in a row belongs to, or unfold that of a head."""
        call = self._model.row_at(number)
        if call is None or not self._feed.selection.heads_only:
            return
        head_id = call.id if call.head_id is None else call.head_id
        if fold and self._model.is_unfolded(head_id):
            self._model.fold(head_id)
        elif not fold and self._is_folded(call):
            members = [each for each in self._calls.operation(call.id) if each != call.id]
            self._model.unfold(call.id, members)
        else:
            return
        if (at := self._model.row_of(head_id)) is not None:
            self.changed.emit(at)

    def _is_folded(self, call: CallRow) -> bool:
        grouped = self._feed.selection.heads_only
        return grouped and call.calls > 1 and not self._model.is_unfolded(call.id)
