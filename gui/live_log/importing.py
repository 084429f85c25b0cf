"""Reading a file of calls into a store of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.widgets.files import ask_for_file
from server.calls.imports import import_calls
from server.calls.redaction import Redactor
from server.http.tokens import TOKEN_PREFIX
from storage.imported_calls import ImportedCalls

ENDINGS = (".har", ".jsonl", ".json")

READING = 0.6
"""What reading the file takes of an import; writing and indexing take the rest."""


class OpenFile(NamedTuple):
    """A file of calls that is open: how many they are, and when they came (microseconds)."""

    name: str
    imported: ImportedCalls
    calls: int
    first_at: int
    last_at: int


def ask_to_import(desk: Desk, parent: QWidget, show: Callable[[OpenFile], None]) -> None:
    """Ask for a file and read it."""
    ask_for_file(
        parent,
        desk.settings,
        "Import calls",
        [f"Calls ({' '.join(f'*{ending}' for ending in ENDINGS)})"],
        lambda path: import_file(desk, path, show),
    )


def import_file(desk: Desk, path: Path, show: Callable[[OpenFile], None]) -> None:
    """Read a file in a job, then call ``show``; a bad file is told in a sentence."""
    folder = desk.services.imports

    def read(progress: Progress) -> OpenFile:
        progress.report(None)
        calls = import_calls(
            path,
            Redactor(TOKEN_PREFIX),
            lambda done, total: progress.report(READING * done / total, f"{done:,} of {total:,}"),
        )
        imported = folder.open(
            calls,
            lambda done, total: progress.report(
                READING + (1 - READING) * done / max(total, 1), f"{done:,} of {total:,}"
            ),
        )
        first, last = (calls[0].call.at, calls[-1].call.at) if calls else (0, 0)
        return OpenFile(path.name, imported, len(calls), first, last)

    desk.jobs.run(f"Reading {path.name}", read, show)
