"""The theme and the jobs that a widget by itself needs."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gui.jobs import Jobs
from gui.theme import Theme, ThemeChoice


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, ThemeChoice.LIGHT)
    yield theme
    theme.deleteLater()


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    def fail(error: Exception) -> None:
        raise error

    jobs = Jobs(fail)
    yield jobs
    jobs.close()
