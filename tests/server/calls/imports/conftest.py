"""Files to import."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.calls.export import LoggedCall
from server.calls.imports import import_calls
from server.calls.redaction import Redactor

Import = Callable[[Any], list[LoggedCall]]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Return the calls of a file with these bytes, or with this JSON value."""

    def run(content: Any) -> list[LoggedCall]:
        path = tmp_path / "colleague.har"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return import_calls(path, Redactor("blinkscim_"))

    return run
