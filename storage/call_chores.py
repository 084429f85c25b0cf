"""What the writer of the calls does when no call arrives: the index of texts, and pruning."""

import logging
import time

from storage.call_text import index_some
from storage.database import Database
from storage.faults import sentence
from storage.retention import Pruner
from storage.times import Clock

QUIET_SECONDS = 0.25
"""How long no call has to arrive before texts are indexed."""

REST = 2
"""Texts are indexed for a third of the time: each step is followed by a rest of twice as long."""

PRUNING_REST = 9
"""Deleting, which cannot wait for a quiet moment, takes a tenth of the time."""

CHECK_SECONDS = 60.0
"""How often it is looked whether something is to be deleted."""

RETRY_SECONDS = 5.0
NEVER = float("inf")

_log = logging.getLogger(__name__)


class Chores:
    """Small steps, each about ten milliseconds; all methods are for the writer's thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._pruner = Pruner()
        self._index_at = time.monotonic() + QUIET_SECONDS
        self._prune_at = time.monotonic() + CHECK_SECONDS
        self._can_index = True

    @property
    def wait(self) -> float:
        """For how many seconds there is nothing to do."""
        return max(min(self._index_at, self._prune_at) - time.monotonic(), 0.0)

    def stored(self) -> None:
        """Take note that calls were stored; delete some others if it is time."""
        now = time.monotonic()
        if self._can_index:
            self._index_at = now + QUIET_SECONDS
        if now >= self._prune_at:
            self._prune()

    def work(self) -> None:
        """Do one step of what is due."""
        now = time.monotonic()
        if now >= self._prune_at:
            self._prune()
        elif now >= self._index_at:
            self._index()

    def _index(self) -> None:
        begun = time.monotonic()
        try:
            more = index_some(self._database.connection())
        except Exception as error:
            # Without an index (SQLite before 3.34 cannot make it) the calls are read instead.
            self._can_index = sentence(error) is not None
            if not self._can_index:
                _log.exception("The index of the log could not be made")
            self._index_at = begun + RETRY_SECONDS if self._can_index else NEVER
        else:
            now = time.monotonic()
            self._index_at = now + REST * (now - begun) if more else NEVER

    def _prune(self) -> None:
        begun = time.monotonic()
        try:
            connection = self._database.connection()
            if not self._pruner.working:
                self._pruner.plan(connection, self._clock())
            self._pruner.step(connection)
        except Exception as error:
            if sentence(error) is None:
                _log.exception("Old calls could not be deleted")
            self._prune_at = begun + CHECK_SECONDS
        else:
            now = time.monotonic()
            rest = PRUNING_REST * (now - begun) if self._pruner.working else CHECK_SECONDS
            self._prune_at = now + rest
