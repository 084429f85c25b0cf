"""The line at the foot of the window: jobs under way, and the last call."""

import time

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QProgressBar

from gui.jobs import Job, Jobs
from gui.theme import Theme
from gui.widgets.boxes import row
from gui.widgets.buttons import tool_button
from gui.widgets.labels import ElidedLabel, label

SHOW_AFTER_S = 0.3
"""A job shorter than this is not worth a flicker."""


class StatusLine(QFrame):
    """Shows the oldest job with a title that takes longer than a moment, with its cancel button."""

    def __init__(self, theme: Theme, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job[object] | None = None
        self.setProperty("kind", "status")
        self.setFixedHeight(34)
        self.text = label("Ready", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("Progress")
        self.cancel_button = tool_button(theme, "Cancel the job", "close", clicked=self._cancel)
        self.note = ElidedLabel("", "small")
        self.setLayout(
            row(
                self.text,
                self.bar,
                self.cancel_button,
                None,
                self.note,
                spacing=2,
                margins=(4, 0, 4, 0),
            )
        )
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._show)
        jobs.changed.connect(self._show)
        self._show()

    def say(self, text: str) -> None:
        """Put a word at the right end."""
        self.note.setText(text)

    @Slot()
    def _show(self) -> None:
        titled = [job for job in self._jobs.running if job.title]
        due = time.monotonic() - SHOW_AFTER_S
        self._job = next((job for job in titled if job.begun <= due), None)
        if titled and not self._timer.isActive():
            self._timer.start()
        elif not titled:
            self._timer.stop()
        self.bar.setVisible(self._job is not None)
        self.cancel_button.setVisible(self._job is not None)
        if self._job is None:
            self.text.setText("Ready")
            return
        progress = self._job.progress
        more = len(titled) - 1
        self.text.setText(
            f"{self._job.title}…"
            + (f" {progress.text}" if progress.text else "")
            + (f" (and {more} more)" if more else "")
        )
        if progress.fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(progress.fraction * 1000))
        self.cancel_button.setEnabled(not progress.cancelled)

    @Slot()
    def _cancel(self) -> None:
        if self._job:
            self._job.cancel()
            self._show()
