"""How far a run is, with its cancel button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from gui.jobs import Job
from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import push_button
from gui.widgets.labels import label


class RunBar(QWidget):
    """Shows a job while it runs.

    Signals:
        cancel_asked: the run is to be given up.
    """

    cancel_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.words = label("", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the preflight")
        self.cancel_button = push_button(theme, "Cancel", "close", clicked=self.cancel_asked.emit)
        layout = row(self.words, self.bar, self.cancel_button, spacing=3)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.hide()

    def show_job(self, job: Job[int] | None) -> None:
        """Show how far a job is; None is none."""
        self.setVisible(job is not None)
        if job:
            fraction = job.progress.fraction
            self.bar.setRange(0, 0 if fraction is None else 1000)
            self.bar.setValue(round((fraction or 0) * 1000))
            self.words.setText(job.progress.text or "Beginning")
