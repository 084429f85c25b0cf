"""Writes an export to a file: whole or not at all, and for this user alone."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from server.calls.export.cleaning import Cleaner
from server.calls.export.forms import ExportSetting, exported
from server.calls.export.logged import Logged

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many calls of how many are done; what it raises gives the export up."""

_PRIVATE = 0o600
_BETWEEN_REPORTS = 50
"""Calls; some milliseconds' worth."""


class ExportFailed(Exception):
    """The file could not be written; the text says what happened and what to do."""


def export_calls(
    path: Path,
    name: str,
    calls: Iterable[Logged],
    total: int,
    cleaner: Cleaner,
    setting: ExportSetting,
    progress: Progress,
) -> int:
    """Write calls to a file in one of ``EXPORTS``, and return how many they were.

    ``total`` is about how many there are. A file that was there before is replaced at the end, and
    stays when the export is given up or fails. Raises ``ExportFailed``, and whatever ``calls`` and
    ``progress`` raise.
    """
    counted = _Counted(calls, total, progress)
    try:
        write_private(path, exported(name, counted, cleaner, setting))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportFailed(
            f"{path} could not be written ({reason}): choose another folder or make room."
        ) from error
    progress(counted.done, counted.done)
    return counted.done


def write_private(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that nobody else can read: whole, or the one that was there before stays.

    What is no file, such as a pipe or /dev/stdout, is written to. Raises ``OSError``.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.writelines(pieces)
        return
    path = path.resolve()  # a link keeps pointing to the file
    aside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        _write(aside, pieces)
        aside.replace(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
    with open(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


class _Counted:
    """Calls that are counted, and reported, as they pass by."""

    def __init__(self, calls: Iterable[Logged], total: int, progress: Progress) -> None:
        self._calls = calls
        self._total = total
        self._progress = progress
        self.done = 0

    def __iter__(self) -> Iterator[Logged]:
        self._progress(0, self._total)
        for logged in self._calls:
            yield logged
            self.done += 1
            if not self.done % _BETWEEN_REPORTS:
                self._progress(self.done, max(self._total, self.done))
