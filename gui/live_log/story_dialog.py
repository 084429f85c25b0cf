"""All calls about one user or group, in one view."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from gui.live_log.clock_face import ClockFace
from gui.live_log.rows import outcome, status_words
from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Cell, Column, Table, in_card
from storage.calls import CallRow

COLUMNS = (
    Column("time", "Time", 262),
    Column("summary", "What happened", 320, stretch=True),
    Column("status", "Status", 100),
    Column("client", "Client", 100, priority=1),
)


class StoryDialog(Dialog):
    """What happened to a user, the oldest first; Enter opens a call in the log."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        subject: str,
        calls: Sequence[CallRow],
        clock_face: ClockFace,
        show: Callable[[int], None],
    ) -> None:
        words = f"{counted(len(calls), 'call')}. Double-click one to open it in the log."
        super().__init__(theme, parent, f"Story of {subject}", words)
        self.setMinimumWidth(860)
        self._show = show

        def cells(call: CallRow) -> Sequence[Cell]:
            look = outcome(call.status)
            return (
                Cell(clock_face.full(call.at), color="muted"),
                Cell(call.summary, strong=look.tone == "danger"),
                Cell(
                    status_words(call.status),
                    icon=look.icon,
                    icon_color=look.color,
                    color=look.color,
                ),
                Cell(call.client or "–", color="muted"),
            )

        self.model = RowsModel(COLUMNS, cells)
        self.model.set_rows(calls)
        self.table = Table(theme, f"Story of {subject}", COLUMNS)
        self.table.setModel(self.model)
        self.table.arrange()
        self.table.setMinimumHeight(420)
        self.table.row_opened.connect(self._open_call)
        self.add(in_card(self.table))
        self.end_with(push_button(theme, "Close", kind="primary", clicked=self.accept))
        self.table.setFocus()

    def _open_call(self, number: int) -> None:
        call_id = self.model.row(number).id
        self.accept()
        self._show(call_id)
