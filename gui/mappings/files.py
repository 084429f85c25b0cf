"""Mappings as files: import and export through the system's dialogs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import orjson
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.widgets.files import (
    ask_for_file,
    ask_for_place,
    file_name,
    read_file,
    save_file,
    tell_saved,
)
from server.okta.mapping.forms import read_file as read_mappings
from server.okta.mapping.forms import to_api, to_json
from server.okta.mapping.rows import MappingSet

KIND = "JSON files (*.json)"

LARGEST = 16_000_000
"""Bytes of a file that is read; the largest set is a few hundred kilobytes."""

Done = Callable[[MappingSet, str], None]
"""Takes the mappings of a file, and the file's name."""


class MappingFiles(QObject):
    """Asks for a file and reads or writes it in a job."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page

    def read(self, base: MappingSet, done: Done) -> None:
        """Ask for a file of our form, or of Okta's Mappings API, which is applied to ``base``."""
        take = partial(self.read_path, base=base, done=done)
        ask_for_file(self._page.window(), self._desk.settings, "Import mappings", [KIND], take)

    def write(self, mappings: MappingSet, name: str, *, api: bool) -> None:
        """Ask for a place and write our form, or that of Okta's Mappings API."""
        ask_for_place(
            self._page.window(),
            self._desk.settings,
            "Export for Okta's Mappings API" if api else "Export mappings",
            f"{file_name(name, 'okta mappings' if api else 'mappings')}.json",
            KIND,
            partial(self.write_path, mappings=mappings, api=api),
        )

    def read_path(self, path: Path, base: MappingSet, done: Done) -> None:
        """Read a file."""

        def read(_progress: Progress) -> MappingSet:
            return read_mappings(read_file(path, LARGEST), base)

        def take(mappings: MappingSet) -> None:
            done(mappings, path.name)

        self._desk.jobs.run(f"Reading {path.name}", read, take)

    def write_path(self, path: Path, mappings: MappingSet, *, api: bool) -> None:
        """Write a file."""
        document = to_api(mappings) if api else to_json(mappings)

        def write(_progress: Progress) -> Path:
            return save_file(path, orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")

        self._desk.jobs.run(f"Writing {path.name}", write, self._tell)

    def _tell(self, path: Path) -> None:
        tell_saved(self._desk.toasts, path)
