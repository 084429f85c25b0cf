"""The calls of a file that somebody sent, in a store of their own that is gone when it is closed.

They are written as the log's own calls are, so that they are searched, grouped and shown like them.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import orjson

from server.calls.call import Call
from server.calls.explanation import Understanding
from server.calls.export.logged import Logged
from server.calls.grouping import Grouper
from storage.call_batches import make_batch, store
from storage.call_text import index_some
from storage.calls import CallStore
from storage.database import Database, open_calls
from storage.errors import StorageError
from storage.faults import guarded
from storage.files import create_folder

AT_A_TIME = 1000
PREFIX = "import-"

Tell = Callable[[int, int], None]
"""Is told how many of how many calls are in; may raise to give the import up."""


class ImportedCalls:
    """Calls in a temporary file; ``store`` reads them. Nothing may read any more at ``close``."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self.store = CallStore(database)

    def close(self) -> None:
        """Delete the calls; a second time does nothing."""
        self._database.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class ImportFolder:
    """Keeps what is imported below ``folder``, for this user alone and not past the program's end.

    ``sweep`` is to be called when the program begins: a crash may have left something.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[ImportedCalls] = []

    def sweep(self) -> None:
        """Delete what is left of another run of the program."""
        for left in self._folder.glob(f"{PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        with suppress(OSError):
            self._folder.rmdir()

    @guarded(StorageError)
    def open(self, calls: Sequence[Logged], tell: Tell = lambda done, total: None) -> ImportedCalls:
        """Return calls, given in their order of time, in a store of their own.

        Raises a ``StorageError`` when they cannot be written, and whatever ``tell`` raises.
        """
        try:
            create_folder(self._folder)
            own = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._folder))
        except OSError as error:
            raise StorageError(
                f"The calls cannot be kept in {self._folder} ({error.strerror}): make room there, "
                "and see that this user may write there."
            ) from error
        database = open_calls(own / "calls.db", check=False)
        imported = ImportedCalls(own, database)
        try:
            _write(database, calls, tell)
        except BaseException:
            imported.close()
            raise
        self._open.append(imported)
        return imported

    def close(self) -> None:
        """Delete everything that is still open."""
        for imported in self._open:
            imported.close()
        self._open.clear()
        with suppress(OSError):
            self._folder.rmdir()


def _write(database: Database, calls: Sequence[Logged], tell: Tell) -> None:
    connection = database.connection()
    grouper, tokens = Grouper(), _Tokens()
    for start in range(0, len(calls), AT_A_TIME):
        tell(start, len(calls))
        portion = [
            (tokens.named(logged.call), _understood(logged))
            for logged in calls[start : start + AT_A_TIME]
        ]
        store(connection, partial(make_batch, portion, place=grouper.place))
        index_some(connection)
    while index_some(connection):
        tell(len(calls), len(calls))
    annotations = [
        (number, logged.mark, logged.note)
        for number, logged in enumerate(calls, 1)
        if logged.mark or logged.note
    ]
    with database.changing():
        connection.execute(_ANNOTATE, (orjson.dumps(annotations).decode(),))
    tell(len(calls), len(calls))


def _understood(logged: Logged) -> Understanding:
    return Understanding(logged.operation, logged.summary, logged.call.subject)


class _Tokens:
    """Numbers the tokens of another program by their labels: calls are grouped by token."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def named(self, call: Call) -> Call:
        if call.status == 401 and not call.token_label:
            return call  # nobody knows its token
        number = self._numbers.setdefault(call.token_label, len(self._numbers) + 1)
        return replace(call, token_id=number)


_ANNOTATE = """
INSERT INTO annotation (call_id, mark, note)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?)
"""
