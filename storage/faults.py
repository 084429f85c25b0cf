"""The one place that tells the environment's faults (told to a person) from bugs (raised)."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import peewee

P = ParamSpec("P")
R = TypeVar("R")

_CHANGED_MEANWHILE = "Somebody else changed the same data at the same moment; send it again."

_SENTENCES = {
    # The rules look before they write, so these take another process that writes in between.
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: _CHANGED_MEANWHILE,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: _CHANGED_MEANWHILE,
    sqlite3.SQLITE_BUSY: "The database is in use by another program; try again in a moment.",
    sqlite3.SQLITE_LOCKED: "The database is in use by another part of the program; "
    "try again in a moment.",
    sqlite3.SQLITE_FULL: "The disk is full, so nothing more can be stored; make room on it.",
    sqlite3.SQLITE_READONLY: "The database is read-only; "
    "give this user the right to write to the file and its folder.",
    sqlite3.SQLITE_PERM: "The database may not be written; "
    "give this user the right to write to the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened; "
    "check that its folder exists and that this user may read and write there.",
    sqlite3.SQLITE_IOERR: "The disk reported an error; check the disk and its free space.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged; "
    "restart the program, which checks it and names the newest backup.",
    sqlite3.SQLITE_NOTADB: "The database is damaged; "
    "restart the program, which checks it and names the newest backup.",
}
"""By extended or primary result code (https://sqlite.org/rescode.html)."""


def sentence(error: Exception) -> str | None:
    """Return what a person should be told, or None when the error is a bug of ours."""
    # Peewee raises its own error while it handles SQLite's.
    cause = error.__context__ if isinstance(error, peewee.PeeweeException) else error
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", 0)
        # The low byte of an extended result code is the primary one.
        return _SENTENCES.get(code, _SENTENCES.get(code & 0xFF))
    return None


def guarded(failure: type[Exception]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a method raise ``failure`` with a sentence when the environment is at fault."""

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except (sqlite3.Error, peewee.PeeweeException) as error:
                told = sentence(error)
                if told is None:
                    raise
                raise failure(told) from error

        return answer

    return decorate
