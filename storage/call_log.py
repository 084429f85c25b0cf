"""The writer of the calls: one queue, one thread, one commit for many rows."""

import contextlib
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from server.calls.call import Call
from server.calls.explanation import Understanding
from server.calls.grouping import Grouper, Placement
from storage.call_batches import Batch, Place, make_batch, single, store
from storage.call_chores import Chores
from storage.checkpointing import Checkpointer
from storage.database import Database
from storage.faults import sentence
from storage.times import Clock, utc_now

Understand: TypeAlias = Callable[[Call], Understanding]
"""Says what a call was."""

BATCH_SECONDS = 0.03
"""How long calls gather: with the commit, well under the 100 ms that they may take to be stored."""

BATCH_ROWS = 1000
RETRY_SECONDS = 1.0


class CallLog:
    """Fits ``server.calls.call.CallSink``: takes calls at once, stores them on its own thread.

    ``on_stored`` is told the id of the newest call after each commit, ``on_error`` a sentence when
    storing fails (once until it works again) or calls were lost; both on the writer's thread, and
    what they raise is ignored. A batch that cannot be written is kept and tried again. While no
    call arrives the thread does the ``Chores``.
    """

    def __init__(
        self,
        database: Database,
        on_stored: Callable[[int], None],
        understand: Understand,
        on_error: Callable[[str], None] = lambda text: None,
        capacity: int = 100_000,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._on_stored = on_stored
        self._understand = understand
        self._on_error = on_error
        self._capacity = capacity
        self._grouper = Grouper()
        self._chores = Chores(database, clock)
        self._checkpointer = Checkpointer(database)
        self._queue: queue.SimpleQueue[Call | _Request] = queue.SimpleQueue()
        self._hurry = threading.Event()
        self._lost = 0
        self._failing = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="call log", daemon=True)

    def record(self, call: Call) -> None:
        """Take a call; return at once and never raise."""
        if self._queue.qsize() < self._capacity:
            self._queue.put(call)
        else:
            self._lost += 1

    def start(self) -> None:
        """Start the writer's thread."""
        self._checkpointer.start()
        self._thread.start()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until what was recorded so far is stored; say whether it is."""
        request = _Request()
        self._queue.put(request)
        self._hurry.set()
        return request.stored.wait(timeout)

    def stop(self, timeout: float = 5.0) -> bool:
        """Store what is left and end the thread; say whether all of it is stored."""
        if not self._thread.is_alive():
            self._checkpointer.stop()
            return self._queue.empty()
        done = self.flush(timeout)
        self._stopping = True
        self._queue.put(_Request())
        self._hurry.set()
        # It may be waiting for another process's write, which takes the busy timeout at most.
        self._thread.join(timeout if done else 0.1)
        self._checkpointer.stop()
        return done

    def _run(self) -> None:
        while not self._stopping:
            try:
                first = self._queue.get(timeout=self._chores.wait)
            except queue.Empty:
                self._chores.work()
                self._checkpointer.look()
                continue
            if isinstance(first, Call) and self._queue.qsize() < BATCH_ROWS:
                self._hurry.wait(BATCH_SECONDS)
            self._hurry.clear()
            calls, requests = self._gather(first)
            if calls and not self._store_all(calls):
                left = len(calls) + self._queue.qsize()
                self._tell(self._on_error, f"{left} calls could not be stored before the end.")
                return
            for request in requests:
                request.stored.set()
            if calls:
                self._chores.stored()
                self._checkpointer.look()

    def _gather(self, first: "Call | _Request") -> tuple[list[Call], list["_Request"]]:
        items = [first]
        with contextlib.suppress(queue.Empty):
            while len(items) < BATCH_ROWS:
                items.append(self._queue.get_nowait())
        calls = [item for item in items if isinstance(item, Call)]
        return calls, [item for item in items if isinstance(item, _Request)]

    def _store_all(self, calls: list[Call]) -> bool:
        """Store a batch, however often that takes; False when the log is stopped before."""
        make = _Maker([(call, self._understood(call)) for call in calls], self._place)
        while True:
            try:
                self._succeed(store(self._database.connection(), make))
                return True
            except Exception as error:
                told = sentence(error)
                if told is None:
                    # One call that SQLite cannot take must not hold up the others.
                    self._store_singly(make.batch)
                    return True
                self._fail(told)
            if self._stopping:
                return False
            self._hurry.wait(RETRY_SECONDS)
            self._hurry.clear()

    def _store_singly(self, batch: Batch) -> None:
        for number in range(len(batch.rows)):
            try:
                newest = store(self._database.connection(), partial(_given, single(batch, number)))
            except Exception:
                self._lost += 1
            else:
                self._succeed(newest)

    def _understood(self, call: Call) -> Understanding:
        try:
            return self._understand(call)
        except Exception:
            # A call that nobody can explain is stored all the same.
            return Understanding("", "", "")

    def _place(self, call_id: int, call: Call, understanding: Understanding) -> Placement:
        try:
            return self._grouper.place(call_id, call, understanding)
        except Exception:
            return Placement(call_id)

    def _fail(self, told: str) -> None:
        if not self._failing:
            self._failing = True
            self._tell(self._on_error, f"Calls are not being stored: {told}")

    def _succeed(self, newest: int) -> None:
        self._failing = False
        if self._lost:
            lost, self._lost = self._lost, 0
            self._tell(self._on_error, f"{lost} calls are missing in the log.")
        self._tell(self._on_stored, newest)

    @staticmethod
    def _tell(listener: Callable[[Any], None], news: Any) -> None:
        with contextlib.suppress(Exception):
            listener(news)


def _given(batch: Batch, _first: int) -> Batch:
    return batch


class _Request:
    """Stands in the queue behind the calls that ``flush`` waits for."""

    def __init__(self) -> None:
        self.stored = threading.Event()


class _Maker:
    """Makes a batch once, also when it takes several tries to store it."""

    def __init__(self, understood: list[tuple[Call, Understanding]], place: Place) -> None:
        self._understood = understood
        self._place = place
        self._first = 0
        self.batch = Batch([], {}, {})

    def __call__(self, first: int) -> Batch:
        if first != self._first:
            self._first = first
            self.batch = make_batch(self._understood, first, self._place)
        return self.batch
