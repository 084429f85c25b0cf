"""Asking for a file, and writing one that nobody else can read."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.settings import FOLDER, Settings
from gui.widgets.toast import ToastAction, Toasts
from server.calls.export import write_private


class FileTrouble(Exception):
    """A file cannot be read or written; the text is one sentence with the cure."""


def ask_for_file(
    parent: QWidget,
    settings: Settings,
    title: str,
    kinds: Sequence[str],
    chosen: Callable[[Path], None],
) -> None:
    """Ask for a file to read; ``kinds`` are filters like "CSV files (*.csv)"."""
    dialog = _dialog(parent, settings, title, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(partial(_take, settings, chosen))
    dialog.open()


def ask_for_place(
    parent: QWidget,
    settings: Settings,
    title: str,
    name: str,
    kind: str,
    chosen: Callable[[Path], None],
) -> None:
    """Ask where to save a file that is first called ``name``; its ending is added when left out."""
    dialog = _dialog(parent, settings, title, [kind])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.selectFile(name)
    dialog.fileSelected.connect(partial(_take, settings, chosen))
    dialog.open()


def read_file(path: Path, largest: int) -> bytes:
    """Return what is in a file of at most so many bytes; raise ``FileTrouble``."""
    try:
        if path.stat().st_size > largest:
            raise FileTrouble(
                f"{path.name} is larger than {largest // 1_000_000} MB: split it, or choose "
                "another file."
            )
        return path.read_bytes()
    except OSError as error:
        raise FileTrouble(_words("read", path, error)) from error


def save_file(path: Path, data: bytes) -> Path:
    """Write a file for this user alone; raise ``FileTrouble``."""
    try:
        write_private(path, [data])
    except OSError as error:
        raise FileTrouble(_words("written", path, error)) from error
    return path


def tell_saved(toasts: Toasts, path: Path) -> None:
    """Say where a file was saved, with a button that opens it."""
    toasts.show(f"Saved to {path}", action=ToastAction("Open", partial(_open, path)))


def file_name(*words: str) -> str:
    """Return words as the name of a file: "Acme Care", "preflight" -> "acme-care-preflight"."""
    text = " ".join(words)
    kept = "".join(letter if letter.isalnum() else " " for letter in text)
    return "-".join(kept.split()).lower()


def _dialog(parent: QWidget, settings: Settings, title: str, kinds: Sequence[str]) -> QFileDialog:
    dialog = QFileDialog(parent, title, settings.get(FOLDER))
    dialog.setNameFilters([*kinds, "All files (*)"])
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _take(settings: Settings, chosen: Callable[[Path], None], name: str) -> None:
    path = Path(name)
    settings.set(FOLDER, str(path.parent))
    chosen(path)


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _words(done: str, path: Path, error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    return f"{path.name} cannot be {done} ({why}): choose another file or folder."
