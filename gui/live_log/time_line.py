"""When the calls came that the list shows, and the range of time that is brushed in it."""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.jobs import Job, Jobs, Progress
from gui.live_log.clock_face import ClockFace
from gui.theme import Theme
from gui.widgets.timeline import Series
from gui.widgets.timeline import Timeline as Bars
from server.calls.filters import Filter
from server.calls.filters.tree import And, Moment, Term
from storage.call_search import Selection, Timeline
from storage.calls import CallStore

INTERVALS = 96
REFRESH_MS = 2000
"""New calls are counted in after so long; each time takes some milliseconds of a thread."""


class CallTimeline(QObject):
    """Keeps ``bars`` up to date with a selection.

    Signals:
        brushed: a range of time was chosen or cleared; ``narrowed`` makes a filter of it.
    """

    brushed = Signal()

    def __init__(self, theme: Theme, calls: CallStore, jobs: Jobs, clock_face: ClockFace) -> None:
        super().__init__()
        self._calls = calls
        self._jobs = jobs
        self._selection = Selection()
        self._job: Job[Timeline] | None = None
        self._range: tuple[int, int] | None = None
        self.bars = Bars(theme, "Calls over time", local=clock_face.moment)
        self.bars.range_chosen.connect(self._choose)
        self.bars.range_cleared.connect(self._clear)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._read)

    def show(self, selection: Selection) -> None:
        """Show when the calls of a selection came."""
        self._selection = selection
        self._read()

    @Slot()
    def take_news(self) -> None:
        """Count new calls in, soon."""
        if not self._timer.isActive() and self.bars.isVisible():
            self._timer.start()

    def narrowed(self, condition: Filter | None) -> Filter | None:
        """Return a filter with the brushed range in the place of any times in it."""
        terms = condition.terms if isinstance(condition, And) else (condition,)
        kept = [
            term
            for term in terms
            if term is not None and not (isinstance(term, Term) and term.field in _TIMES)
        ]
        if self._range:
            for field, at in zip(_TIMES, self._range, strict=True):
                kept.append(Term(field, Moment(datetime.fromtimestamp(at / 1e6).astimezone())))
        if len(kept) > 1:
            return And(tuple(kept))
        return kept[0] if kept else None

    @Slot()
    def _read(self) -> None:
        if self._job:
            self._job.cancel()
        calls, selection = self._calls, self._selection

        def read(_progress: Progress) -> Timeline:
            return calls.timeline(selection, intervals=INTERVALS)

        self._job = self._jobs.run("", read, self._take, self._give_up)

    def _take(self, line: Timeline) -> None:
        self._job = None
        self.bars.set_series(Series(line.start, line.width, line.calls, line.failures))

    def _give_up(self, _error: Exception) -> None:
        """The list tells of what is wrong; the bars stay as they were."""
        self._job = None

    @Slot(object, object)
    def _choose(self, start: int, end: int) -> None:
        self._range = (start, end)
        self.brushed.emit()

    @Slot()
    def _clear(self) -> None:
        self._range = None
        self.brushed.emit()


_TIMES = ("since", "until")
