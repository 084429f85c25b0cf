"""What became of one user or group, in one view."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel
from PySide6.QtWidgets import QWidget

from gui.live_log.clock_face import ClockFace
from gui.live_log.rows import outcome, status_words
from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.widgets.buttons import CopyButton, push_button
from gui.widgets.cells import Cell
from gui.widgets.dialog import Dialog
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table, in_card
from gui.widgets.tabs import Tabs
from server.calls.story import Event, Kind, story_text
from storage.calls import CallRow

MOST = 1000
"""A story is told from at most so many calls, the newest."""

TIME = Column("time", "Time", 200)
EVENTS = (
    TIME,
    Column("what", "What happened", 320, stretch=True),
    Column("client", "By", 100, priority=1),
)
CALLS = (
    TIME,
    Column("summary", "What happened", 320, stretch=True),
    Column("status", "Status", 100),
    Column("client", "Client", 100, priority=1),
)

LOOKS: Mapping[Kind, tuple[str, str]] = {
    "created": ("plus", "success"),
    "linked": ("link", "accent"),
    "changed": ("pencil", "warning"),
    "unchanged": ("check", "muted"),
    "deactivated": ("user-off", "warning"),
    "reactivated": ("check-circle", "success"),
    "password": ("tokens", "muted"),
    "deleted": ("trash", "danger"),
    "failed": ("x-circle", "danger"),
}
"""Icon and colour of what happened."""


class Story(NamedTuple):
    """What became of a user or group, and the calls that say so."""

    subject: str
    events: Sequence[Event]
    calls: Sequence[CallRow]


class StoryDialog(Dialog):
    """Tells a story, the oldest first; Enter opens the call in the log."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        story: Story,
        clock_face: ClockFace,
        show: Callable[[int], None],
    ) -> None:
        number = len(story.calls)
        newest = "the newest " if number == MOST else ""
        words = (
            f"Told from {newest}{counted(number, 'call')}. Double-click a line to open its call."
        )
        super().__init__(theme, parent, f"Story of {story.subject}", words)
        self._show = show
        self.events = RowsModel[Event](EVENTS, lambda event: _event_cells(event, clock_face))
        self.events.set_rows(story.events)
        self.calls = RowsModel[CallRow](CALLS, lambda call: _call_cells(call, clock_face))
        self.calls.set_rows(story.calls)
        self.events_table = self._table(theme, "What happened", EVENTS, self.events)
        self.events_table.row_opened.connect(
            lambda number: self._open_call(self.events.row(number).call_id)
        )
        self.calls_table = self._table(theme, "All calls", CALLS, self.calls)
        self.calls_table.row_opened.connect(
            lambda number: self._open_call(self.calls.row(number).id)
        )
        copy = CopyButton(
            theme, "Copy the story", lambda: story_text(story.subject, story.events), "Copy"
        )
        self.tabs = Tabs(
            theme,
            "Story",
            (
                ("What happened", in_card(self.events_table)),
                ("All calls", in_card(self.calls_table)),
            ),
            copy,
        )
        self.add(self.tabs)
        self.end_with(push_button(theme, "Close", kind="primary", clicked=self.accept))
        self.read_wide()
        self.events_table.setFocus()

    def _table(
        self, theme: Theme, name: str, columns: Sequence[Column], model: QAbstractTableModel
    ) -> Table:
        table = Table(theme, name, columns)
        table.setModel(model)
        table.arrange()
        return table

    def _open_call(self, call_id: int) -> None:
        self.accept()
        self._show(call_id)


def _event_cells(event: Event, clock_face: ClockFace) -> Sequence[Cell]:
    icon, color = LOOKS[event.kind]
    return (
        Cell(clock_face.dated(event.at), color="muted", fixed=True),
        Cell(event.text, icon=icon, icon_color=color, strong=event.kind == "failed"),
        Cell(event.client, color="muted"),
    )


def _call_cells(call: CallRow, clock_face: ClockFace) -> Sequence[Cell]:
    look = outcome(call.status)
    return (
        Cell(clock_face.dated(call.at), color="muted", fixed=True),
        Cell(call.summary, strong=look.tone == "danger"),
        Cell(status_words(call.status), icon=look.icon, icon_color=look.color, color=look.color),
        Cell(call.client or "–", color="muted"),
    )
