"""Fixtures for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The program without its window, serving on a free port."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()
