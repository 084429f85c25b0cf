"""The calls of a colleague's file, to be read only."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from gui.desk import Desk
from gui.live_log.clock_face import ClockFace
from gui.live_log.message_view import MessageView
from gui.live_log.rows import outcome, status_words
from gui.organizations.dialogs import counted
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Cell, Column, Table, in_card
from server.calls.export import LoggedCall
from server.calls.text import header_lines

COLUMNS = (
    Column("time", "Time", 262, priority=1),
    Column("summary", "What happened", 320, stretch=True),
    Column("method", "Method", 84),
    Column("status", "Status", 100),
)


class ImportedDialog(Dialog):
    """Lists calls; the chosen one stands below. Nothing of them enters the log."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        name: str,
        calls: Sequence[LoggedCall],
        clock_face: ClockFace,
    ) -> None:
        words = f"{counted(len(calls), 'call')}, to be read only: the log stays as it is."
        super().__init__(desk.theme, parent, name, words)
        self.setMinimumSize(960, 620)

        def cells(logged: LoggedCall) -> Sequence[Cell]:
            call = logged.call
            look = outcome(call.status)
            return (
                Cell(clock_face.full(call.at), color="muted"),
                Cell(logged.summary or f"{call.method} {call.path}"),
                Cell(call.method, color="muted", fixed=True),
                Cell(status_words(call.status), icon=look.icon, icon_color=look.color),
            )

        self.model = RowsModel(COLUMNS, cells)
        self.model.set_rows(calls)
        self.table = Table(desk.theme, f"Calls of {name}", COLUMNS)
        self.table.setModel(self.model)
        self.table.arrange()
        self.request = MessageView(desk.theme, desk.jobs, "Request", "request", True)
        self.response = MessageView(desk.theme, desk.jobs, "Response", "response", True)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.addWidget(self.request)
        below.addWidget(self.response)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(in_card(self.table))
        parts.addWidget(below)
        parts.setMinimumHeight(440)
        self.add(parts)
        self.end_with(push_button(desk.theme, "Close", kind="primary", clicked=self.accept))
        self.table.selectionModel().selectionChanged.connect(self._show)
        if calls:
            self.table.selectRow(0)
        self.table.setFocus()

    @Slot()
    def _show(self) -> None:
        call = self.model.row(self.table.currentIndex().row()).call
        self.request.show_message(call.request_body, header_lines(call.request_headers))
        self.response.show_message(call.response_body, header_lines(call.response_headers))
