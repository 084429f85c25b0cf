"""The calls of a file, to be read only."""

from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.live_log.clock_face import ClockFace
from gui.live_log.importing import OpenFile
from gui.live_log.log_view import LogView
from gui.live_log.source import LogSource
from gui.organizations.dialogs import counted
from gui.widgets.boxes import column, frame, row
from gui.widgets.labels import ElidedLabel, icon_label


class FileView(QWidget):
    """A ``LogView`` below a strip that says where the calls are from."""

    def __init__(self, desk: Desk, file: OpenFile, clock_face: ClockFace) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.file = file
        self.source = LogSource(file.imported.store, file.name)
        self.view = LogView(desk, self.source, clock_face)
        self.words = ElidedLabel(_words(file, clock_face))
        icon = icon_label(desk.theme, "info", "accent")
        strip = row(icon, self.words, spacing=2, margins=(3, 1, 3, 1))
        strip.setStretchFactor(self.words, 1)
        layout = column(spacing=0)
        layout.addLayout(row(frame("note", strip, "accent"), margins=(5, 2, 5, 0)))
        layout.addWidget(self.view, 1)
        self.setLayout(layout)


def _words(file: OpenFile, clock_face: ClockFace) -> str:
    when = ""
    if file.calls:
        first, last = (f"{clock_face.moment(at):%d %b %Y}" for at in (file.first_at, file.last_at))
        when = f" of {first}" if first == last else f" from {first} to {last}"
    return (
        f"Read-only: {counted(file.calls, 'call')}{when} in {file.name}. Nothing of it enters "
        "your log, and it is forgotten with this tab."
    )
