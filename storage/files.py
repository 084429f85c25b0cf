"""Files that nobody else on the machine can read."""

import os
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def create_private(path: Path) -> None:
    """Create an empty file for this user alone, if there is none, with the folders it needs.

    SQLite gives the files that it puts beside a database (-wal, -shm) the database's own mode.
    The process's umask is left alone: other threads may be creating files.
    """
    create_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))
    tighten(path)


def create_folder(folder: Path) -> None:
    """Create a folder, and those above it, for this user alone; an existing one stays as it is."""
    if folder.is_dir():
        return
    create_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=PRIVATE_FOLDER)


def tighten(path: Path) -> None:
    """Take the group's and others' rights from a file that exists."""
    with suppress(FileNotFoundError):
        if path.stat().st_mode & 0o077:
            path.chmod(PRIVATE_FILE)


def beside(path: Path) -> list[Path]:
    """Return the names of the files that SQLite keeps beside a database."""
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]
