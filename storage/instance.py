"""One process a database: a window or ``serve`` holds it, short commands do not."""

import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from server.scim.times import timestamp
from storage.errors import CannotOpen, StorageError
from storage.files import PRIVATE_FILE, create_folder
from storage.times import utc_now


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a database.

    ``url`` is where it serves SCIM ("" when it does not), ``started`` a time as it is kept,
    ``channel`` the name by which a window can be asked to come to the front ("" for ``serve``).
    """

    kind: Literal["window", "serve"]
    pid: int
    url: str = ""
    started: str = ""
    channel: str = ""

    @classmethod
    def of_this_process(cls, kind: Literal["window", "serve"], path: Path) -> "Holder":
        """Return this process as the holder of a database, with a channel of the database's own."""
        digest = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
        channel = f"blink-scim-desk-{digest[:16]}" if kind == "window" else ""
        return cls(kind, os.getpid(), started=timestamp(utc_now()), channel=channel)


class HeldBy(StorageError):
    """Another process holds the database; ``holder.pid`` is 0 if it did not say who it is."""

    def __init__(self, path: Path, holder: Holder) -> None:
        super().__init__(f"{path} is in use by {_description(holder)}.")
        self.holder = holder


class InstanceLock:
    """The right to serve a database; the system frees it when the process ends in any way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._note = path.with_name(f"{path.name}.holder")
        self._holder: Holder | None = None
        self._lock = FileLock(
            path.with_name(f"{path.name}.lock"),
            mode=PRIVATE_FILE,
            # Taken by the main thread, and freed by whichever ends the program.
            thread_local=False,
        )

    def acquire(self, holder: Holder) -> None:
        """Take the database, or raise ``HeldBy`` at once."""
        try:
            create_folder(self._path.parent)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise HeldBy(self._path, self._read()) from None
        except OSError as error:
            raise CannotOpen(
                f"{self._path} cannot be locked ({error.strerror}): check that the folder exists "
                "and that this user may write there."
            ) from error
        self._write(holder)

    def update(self, *, url: str | None = None, channel: str | None = None) -> None:
        """Say something new about the holder."""
        if self._holder is None:
            raise RuntimeError("the lock is not held")
        url = self._holder.url if url is None else url
        channel = self._holder.channel if channel is None else channel
        self._write(replace(self._holder, url=url, channel=channel))

    def release(self) -> None:
        """Give the database free; nothing happens if it is not held."""
        if self._holder is not None:
            self._holder = None
            self._note.unlink(missing_ok=True)
            self._lock.release()

    def _write(self, holder: Holder) -> None:
        # Written aside and moved in place: a reader sees all of it or the one before.
        draft = self._note.with_name(f"{self._note.name}.{os.getpid()}")
        flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
        with os.fdopen(os.open(draft, flags, PRIVATE_FILE), "w", encoding="utf-8") as file:
            json.dump(asdict(holder), file)
        draft.replace(self._note)
        self._holder = holder

    def _read(self) -> Holder:
        """Wait a moment for a holder that has the lock and not yet said who it is."""
        for _ in range(20):
            try:
                return Holder(**json.loads(self._note.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError):
                time.sleep(0.025)
        return Holder("serve", pid=0)


def _description(holder: Holder) -> str:
    if not holder.pid:
        return "another process: end that first, or choose another database"
    what = {"window": "a window", "serve": "the command serve"}[holder.kind]
    where = f", which serves {holder.url}" if holder.url else ""
    return f"{what} (process {holder.pid}){where}: use that, or choose another database"
