"""Copying the write-ahead log into its file on a thread of its own, so that no write waits for it.

SQLite would do it within a commit: after 16 MB of scattered pages that commit takes 80 ms and more.
A passive checkpoint beside the writer holds nobody up. It takes what is committed when it begins;
once it has caught up with the writer, the next commit starts the log anew.
"""

import contextlib
import sqlite3
import threading
import time
from typing import Final

from storage.database import Database

WANTED_BYTES: Final = 16 * 1024 * 1024
"""A write-ahead log as large as this is copied. A larger one is slower to read through."""

TRIES: Final = 5
"""What is committed meanwhile takes another round, which is short; usually the second succeeds."""

REST_SECONDS: Final = 0.1
"""Between two attempts: a reader that looks at an old state keeps the log from being copied."""

EMPTYING_TRIES: Final = 20
EMPTYING_SECONDS: Final = 0.05


class Checkpointer:
    """Keeps the write-ahead log of a file small; ``look`` is for whoever has just written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log = database.path.with_name(f"{database.path.name}-wal")
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait until it has."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Have the log copied soon if it has grown too large; takes microseconds."""
        if self._size() >= WANTED_BYTES:
            self._wanted.set()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._stopping.is_set():
                return
            self._wanted.clear()
            # On an error the log grows until SQLite copies it within a commit.
            with contextlib.suppress(sqlite3.Error):
                self._catch_up(self._database.connection())
            self._stopping.wait(REST_SECONDS)

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        for _ in range(TRIES):
            size = self._size()
            busy = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0]
            # Pages that were committed meanwhile are in none of the numbers that it returns.
            if busy or self._size() <= size or self._stopping.is_set():
                return

    def _size(self) -> int:
        """Return how many bytes wait; a commit after all were copied cuts the file off."""
        try:
            return self._log.stat().st_size
        except OSError:
            return 0


def empty_log(connection: sqlite3.Connection) -> bool:
    """Copy all of the log and cut its file to nothing; say whether nobody stood in the way."""
    for _ in range(EMPTYING_TRIES):
        if not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            return True
        # SQLite waits for readers and writers, but not for a Checkpointer at work.
        time.sleep(EMPTYING_SECONDS)
    return False
