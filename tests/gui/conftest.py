"""A running window for each test, on real files and a real server."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.stage import Stage

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say what it has no use for; any other Qt warning fails."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def garbage_collected_here() -> Iterator[None]:
    """Collect cycles in Qt's thread only, like the program: elsewhere it hangs or crashes."""
    gc.disable()
    yield
    gc.collect()
    gc.freeze()  # what still lives stays, and need not be looked through after each test
    gc.enable()


@pytest.fixture
def stage(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    """The window with one organization ("Acme") chosen; its server is stopped."""
    stage = Stage(tmp_path, qapp, qtbot)
    stage.open()
    stage.add_organization("Acme")
    yield stage
    stage.close()


@pytest.fixture
def bare_stage(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    """The window as it is before anything was opened."""
    stage = Stage(tmp_path, qapp, qtbot)
    yield stage
    stage.close()
