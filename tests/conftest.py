"""Fixtures for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.desk import Desk

LONGEST = ("test_durability.py", "test_any_input.py", "test_command_line.py")
"""Begun first, so that no core waits at the end for one that has just begun one of these."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files for the cores; within a file the tests stay as they are."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The program without its window, serving on a free port."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()
