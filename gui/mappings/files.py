"""Mappings as files: import and export through the system's dialogs."""

import os
from collections.abc import Callable
from pathlib import Path

import orjson
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.settings import FOLDER
from server.okta.mapping.forms import InvalidMappings, read_file, to_api, to_json
from server.okta.mapping.rows import MappingSet

LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is read; the largest set is a few hundred kilobytes."""


class MappingFiles(QObject):
    """Asks for a file and reads or writes it in a job."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    def read(self, base: MappingSet, done: Callable[[MappingSet, str], None]) -> None:
        """Ask for a file of either form; ``done`` gets the mappings and the file's name."""
        dialog = self._dialog("Import mappings", QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read_path(Path(name), base, done))
        dialog.open()

    def write(self, mappings: MappingSet, name: str, *, api: bool) -> None:
        """Ask for a place and write our form, or that of Okta's Mappings API."""
        what = "Export for Okta's Mappings API" if api else "Export mappings"
        dialog = self._dialog(what, QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        kind = "okta-mapping" if api else "mappings"
        dialog.selectFile(f"{_file_name(name)}-{kind}.json")
        dialog.fileSelected.connect(lambda name: self.write_path(Path(name), mappings, api=api))
        dialog.open()

    def read_path(
        self, path: Path, base: MappingSet, done: Callable[[MappingSet, str], None]
    ) -> None:
        """Read a file."""
        self._remember(path)

        def read(_progress: Progress) -> MappingSet:
            try:
                if path.stat().st_size > LARGEST:
                    raise InvalidMappings(
                        f"{path.name} is too large to be mappings: choose another file."
                    )
                return read_file(path.read_bytes(), base)
            except OSError as error:
                raise InvalidMappings(_cannot("read", path, error)) from None

        def take(mappings: MappingSet) -> None:
            done(mappings, path.name)

        self._desk.jobs.run(f"Reading {path.name}", read, take)

    def write_path(self, path: Path, mappings: MappingSet, *, api: bool) -> None:
        """Write a file that its owner alone may read."""
        self._remember(path)
        document = to_api(mappings) if api else to_json(mappings)

        def write(_progress: Progress) -> str:
            data = orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                path.chmod(0o600)
            except OSError as error:
                raise InvalidMappings(_cannot("written", path, error)) from None
            return str(path)

        self._desk.jobs.run(f"Writing {path.name}", write, self._tell_written)

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._desk.settings.get(FOLDER))
        dialog.setAcceptMode(mode)
        dialog.setNameFilters(["JSON files (*.json)", "All files (*)"])
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    @Slot(str)
    def _tell_written(self, path: str) -> None:
        self._desk.toasts.show(f"Saved to {path}")

    def _remember(self, path: Path) -> None:
        self._desk.settings.set(FOLDER, str(path.parent))


def _cannot(done: str, path: Path, error: OSError) -> str:
    why = error.strerror or str(error)
    return f"{path.name} cannot be {done} ({why.lower()}): choose another file or folder."


def _file_name(name: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in name)
    return kept.strip("-").lower() or "blink"
