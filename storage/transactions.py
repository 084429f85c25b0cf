"""The transaction that all stores of one thread share, and that many requests commit together."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from server.blink.directory import DirectoryUnavailable
from storage.database import Database
from storage.faults import guarded

_available = guarded(DirectoryUnavailable)


class SharedTransaction:
    """One transaction for one thread: ``write`` begins or joins it, ``commit`` ends it.

    Every method may raise ``DirectoryUnavailable``.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._forget: list[Callable[[], None]] = []
        # True from BEGIN to ``commit``, also when SQLite has rolled back by itself in between:
        # whoever waits for the commit must then learn that its changes are lost.
        self._begun = False

    def on_undone(self, forget: Callable[[], None]) -> None:
        """Call ``forget`` whenever changes were taken back."""
        self._forget.append(forget)

    @property
    def uncommitted(self) -> bool:
        """Whether a transaction is under way."""
        return self._begun

    @contextmanager
    def write(self) -> Iterator[None]:
        """A group of changes that takes effect whole or, when it is left by an error, not at all.

        It joins the transaction under way or begins one, which ``commit`` ends.
        """
        joined = self._begun
        self._begin()
        try:
            yield
        except BaseException:
            self._undo(joined)
            raise
        if joined:
            self._execute("RELEASE change")

    @_available
    def commit(self) -> None:
        """Put the transaction under way on disk; on an error it is rolled back."""
        if not self._begun:
            return
        self._begun = False
        connection = self._database.connection()
        if not connection.in_transaction:
            raise DirectoryUnavailable(_LOST)
        try:
            connection.execute("COMMIT")
        except sqlite3.Error:
            self._tell_undone()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @_available
    def _begin(self) -> None:
        connection = self._database.connection()
        if not self._begun:
            connection.execute("BEGIN IMMEDIATE")
            self._begun = True
        elif connection.in_transaction:
            connection.execute("SAVEPOINT change")
        else:
            raise DirectoryUnavailable(_LOST)

    @_available
    def _undo(self, joined: bool) -> None:
        self._tell_undone()
        connection = self._database.connection()
        if connection.in_transaction:
            if joined:
                connection.execute("ROLLBACK TO change")
                connection.execute("RELEASE change")
            else:
                connection.execute("ROLLBACK")
        if not joined:
            self._begun = False

    @_available
    def _execute(self, statement: str) -> None:
        self._database.connection().execute(statement)

    def _tell_undone(self) -> None:
        for forget in self._forget:
            forget()


@contextmanager
def one_view(connection: sqlite3.Connection) -> Iterator[None]:
    """Several queries that see the same state, whatever others write meanwhile."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        # Some errors of the disk end a transaction by themselves.
        if connection.in_transaction:
            connection.execute("COMMIT")


_LOST = "A write failed and took those of the same moment with it; send it again."
