"""Opening the two files: permissions, checks, migrations, and a connection for each thread."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from peewee import SqliteDatabase

from storage import migrations
from storage.errors import CannotOpen, DamagedDatabase, NotOurDatabase, StorageError
from storage.faults import sentence
from storage.files import beside, create_private, tighten
from storage.filters import register_functions
from storage.migrations import FileKind
from storage.times import file_time, utc_now

BUSY_TIMEOUT = 5.0
"""Seconds that a statement waits for another process's write."""

CHECKED_AT_OPEN = 64 * 1024 * 1024
"""Bytes up to which the calls are checked at opening: the check reads the whole file."""

_MAGIC = b"SQLite format 3\0"


class _Local(threading.local):
    connection: sqlite3.Connection | None = None


class Database(SqliteDatabase):
    """An open file: a connection a thread, opened at first use, all closed by ``close``.

    ``notice`` is a sentence for a person about something that happened at opening, or "";
    ``equip`` gives each new connection its functions.
    """

    def __init__(
        self,
        path: Path,
        pragmas: dict[str, int | str],
        notice: str = "",
        equip: Callable[[sqlite3.Connection], None] = lambda connection: None,
    ) -> None:
        super().__init__(str(path))
        self.path = path
        self.notice = notice
        self._statements = [f"PRAGMA {name} = {value}" for name, value in pragmas.items()]
        self._equip = equip
        self._local = _Local()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._registry = threading.Lock()
        self._ended = False

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection; it is in autocommit mode."""
        return self._local.connection or self._connect()

    def close(self) -> bool:
        """Close the connections of all threads; none may be working with the database any more."""
        with self._registry:
            self._ended = True
            for _, connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = _Local()
        return super().close()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, on disk at its end; within one that is open already, a part of it."""
        connection = self.connection()
        begin, end, undo = (
            ("SAVEPOINT part", "RELEASE part", "ROLLBACK TO part")
            if connection.in_transaction
            else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        )
        connection.execute(begin)
        try:
            yield connection
            connection.execute(end)
        except BaseException:
            if connection.in_transaction:
                connection.execute(undo)
            raise

    def _connect(self) -> sqlite3.Connection:
        """Peewee's hook; it and our own SQL share the thread's connection."""
        if self._local.connection is not None:
            return self._local.connection
        connection = sqlite3.connect(
            self.path,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            # close() closes the connections of other threads, too.
            check_same_thread=False,
            cached_statements=256,
        )
        for statement in self._statements:
            connection.execute(statement)
        self._equip(connection)
        self._remember(connection)
        self._local.connection = connection
        return connection

    def _remember(self, connection: sqlite3.Connection) -> None:
        with self._registry:
            if self._ended:
                connection.close()
                raise StorageError("The database has been closed; start the program again.")
            living = []
            for thread, known in self._connections:
                if thread.is_alive():
                    living.append((thread, known))
                else:
                    known.close()
            self._connections = [*living, (threading.current_thread(), connection)]


def open_directory(path: Path, *, check: bool = True) -> Database:
    """Open the directory's file, or make it; ``check`` reads it through for damage first.

    Raises a ``StorageError``: ``CannotOpen``, ``NotOurDatabase``, ``NewerDatabase`` or
    ``DamagedDatabase``.
    """
    notice = _notice(prepare(path, migrations.DIRECTORY, check=check))
    pragmas = _pragmas(synchronous="FULL", cache_kib=24 * 1024, checkpoint_pages=4000, kept_mib=64)
    return Database(path, pragmas, notice, register_functions)


def open_calls(path: Path, *, check: bool = True) -> Database:
    """Open the calls' file, or make it.

    With ``check``, a damaged one is moved aside and a new one begun, which ``notice`` tells;
    without, as is right beside a running server, it raises ``DamagedDatabase`` if it shows.
    """
    try:
        notice = _notice(prepare(path, migrations.CALLS, check=check, largest=CHECKED_AT_OPEN))
    except DamagedDatabase:
        if not check:
            raise
        aside = _move_aside(path)
        prepare(path, migrations.CALLS, check=False)
        notice = (
            f"The file of calls was damaged: it was put aside as {aside.name}, "
            "and a new one was begun."
        )
    # The Checkpointer comes long before SQLite, and sees by the size of the log how much is in it.
    pragmas = _pragmas(
        synchronous="NORMAL", cache_kib=2 * 1024, checkpoint_pages=16_000, kept_mib=0
    )
    return Database(path, pragmas, notice)


def calls_path(directory_path: Path) -> Path:
    """Return where the calls are kept: beside the directory, "x.db" -> "x-calls.db"."""
    return directory_path.with_name(f"{directory_path.stem}-calls{directory_path.suffix}")


def check_integrity(database: Database) -> list[str]:
    """Return what is wrong with a file, in SQLite's words; an empty list if nothing is."""
    return _problems(database.connection())


def prepare(path: Path, kind: FileKind, *, check: bool, largest: int | None = None) -> list[Path]:
    """Make a file, or see that it is ours, whole, and of this program's version.

    ``largest`` is up to how many bytes the file is read through with ``check``. Returns the
    backups that were made before it was brought up to date.
    """
    try:
        create_private(path)
        for file in beside(path):
            tighten(file)
        size = path.stat().st_size
        if size and not _is_sqlite(path):
            raise NotOurDatabase(path)
    except OSError as error:
        raise CannotOpen(
            f"{path} cannot be opened ({error.strerror}): check that the folder exists and that "
            "this user may read and write there."
        ) from error
    try:
        with closing(_plain_connection(path)) as connection:
            _examine(connection, path, kind, check=check and size <= (largest or size))
            return migrations.migrate(connection, kind, path)
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.DatabaseError) and _is_damage(error):
            raise _damaged(path, str(error)) from error
        told = sentence(error)
        if told is None:
            raise
        raise CannotOpen(f"{path}: {told}") from error


def _notice(backups: list[Path]) -> str:
    if not backups:
        return ""
    return f"The database was brought up to date; a copy from before is {backups[0].name}."


def _examine(connection: sqlite3.Connection, path: Path, kind: FileKind, *, check: bool) -> None:
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    is_new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application_id != kind.application_id and not (is_new and application_id == 0):
        raise NotOurDatabase(path)
    # Written into the file's header, so only once the file is known to be ours.
    connection.execute("PRAGMA journal_mode = WAL")
    if check and not is_new and (problems := _problems(connection)):
        raise _damaged(path, problems[0])


def _problems(connection: sqlite3.Connection) -> list[str]:
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(10)")]
        if found == ["ok"]:
            found = [
                f"row {row[1]} of {row[0]} refers to a row of {row[2]} that does not exist"
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
        found = [str(error)]
    return found


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _damaged(path: Path, problem: str) -> DamagedDatabase:
    return DamagedDatabase(path, problem.replace("\n", " "), migrations.newest_backup(path))


def _move_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.damaged-{file_time(utc_now())}")
    for file in beside(path):
        if file.exists():
            file.rename(aside.with_name(aside.name + file.name[len(path.name) :]))
    return path.rename(aside)


def _plain_connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _pragmas(
    *, synchronous: str, cache_kib: int, checkpoint_pages: int, kept_mib: int
) -> dict[str, int | str]:
    """Return how a connection works; of an emptied write-ahead log ``kept_mib`` are kept.

    No memory map: its pages count as the program's memory, 200 MB for 100,000 users.
    """
    return {
        "journal_mode": "WAL",
        "synchronous": synchronous,
        "foreign_keys": "ON",
        "cache_size": -cache_kib,
        "temp_store": "MEMORY",
        # Overwrites what is deleted where that costs no further page.
        "secure_delete": "FAST",
        "wal_autocheckpoint": checkpoint_pages,
        "journal_size_limit": kept_mib * 1024 * 1024,
    }
