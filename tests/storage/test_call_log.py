import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.calls.call import Call, CallSink
from server.calls.explanation import Understanding
from storage.call_log import BATCH_ROWS, CallLog
from storage.call_search import Selection
from storage.calls import CallStore, StoredCall
from storage.database import Database, check_integrity, open_calls
from tests.storage.factories import call


class Listener:
    """Remembers what it is told and when."""

    def __init__(self) -> None:
        self.stored: list[int] = []
        self.times: list[float] = []
        self.errors: list[str] = []
        self.heard = threading.Event()

    def on_stored(self, newest: int) -> None:
        self.stored.append(newest)
        self.times.append(time.monotonic())
        self.heard.set()

    def on_error(self, text: str) -> None:
        self.errors.append(text)
        self.heard.set()


def describe(recorded: Call) -> Understanding:
    return Understanding("create", f"Create {recorded.subject}", recorded.subject)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def log(calls_database: Database, listener: Listener) -> Iterator[CallLog]:
    log = CallLog(calls_database, listener.on_stored, describe, listener.on_error)
    yield log
    log.stop(2)


@pytest.fixture
def store(calls_database: Database) -> CallStore:
    return CallStore(calls_database)


def test_a_recorded_call_is_read_back_whole(log: CallLog, store: CallStore) -> None:
    sink: CallSink = log
    recorded = call(response_body=b"\xff\xfe not UTF-8", request_body="Zoë".encode())
    log.start()
    sink.record(recorded)
    assert log.flush(5)
    stored = store.get(1)
    assert stored is not None
    assert stored == StoredCall(1, "create", "Create ann@acme.example", recorded, "unknown")


def test_a_call_alone_is_stored_within_a_tenth_of_a_second(
    log: CallLog, listener: Listener
) -> None:
    log.start()
    log.record(call())
    assert log.flush(5)
    listener.heard.clear()
    begun = time.monotonic()
    log.record(call())
    assert listener.heard.wait(5)
    # The commit is begun in time; what the machine makes of it is not ours.
    assert listener.times[-1] - begun < 0.5
    assert listener.stored == [1, 2]


def test_calls_of_one_moment_share_a_commit(log: CallLog, listener: Listener) -> None:
    for _ in range(50):
        log.record(call())
    log.start()
    assert log.flush(5)
    assert listener.stored == [50]


def test_a_commit_holds_a_thousand_calls_at_most(log: CallLog, listener: Listener) -> None:
    for _ in range(2 * BATCH_ROWS + 1):
        log.record(call())
    log.start()
    assert log.flush(20)
    assert listener.stored == [BATCH_ROWS, 2 * BATCH_ROWS, 2 * BATCH_ROWS + 1]


def test_calls_keep_their_order(log: CallLog, store: CallStore) -> None:
    log.start()
    for number in range(300):
        log.record(call(at=number))
    assert log.flush(5)
    assert [row.at for row in store.rows(store.ids(Selection()))] == list(range(300))


def test_stopping_stores_what_is_left(log: CallLog, store: CallStore) -> None:
    for _ in range(1500):
        log.record(call())
    log.start()
    assert log.stop(20) is True
    assert store.count(Selection()) == 1500


def test_a_log_that_never_ran_can_be_stopped(log: CallLog) -> None:
    assert log.stop(1) is True
    log.record(call())
    assert log.stop(1) is False


def test_what_listeners_raise_does_not_stop_the_log(
    calls_database: Database, store: CallStore
) -> None:
    def fail(news: object) -> None:
        raise ValueError(news)

    log = CallLog(calls_database, fail, describe, fail)
    log.start()
    for _ in range(2):
        log.record(call())
        assert log.flush(5)
    assert log.stop(5)
    assert store.count(Selection()) == 2


def test_a_call_that_cannot_be_explained_is_stored_without_words(
    calls_database: Database, store: CallStore, listener: Listener
) -> None:
    def fail(recorded: Call) -> Understanding:
        raise RecursionError

    log = CallLog(calls_database, listener.on_stored, fail)
    log.start()
    log.record(call())
    assert log.stop(5)
    stored = store.get(1)
    assert stored is not None
    assert (stored.operation, stored.summary) == ("", "")


def test_text_that_sqlite_cannot_take_is_mended_and_holds_up_nothing(
    log: CallLog, store: CallStore, listener: Listener
) -> None:
    log.record(call(subject="first"))
    log.record(call(path="/scim/v2/\udce4", request_headers=(("X-Odd", "\udce4"),)))
    log.record(call(subject="last"))
    log.start()
    assert log.flush(5)
    rows = store.rows(store.ids(Selection()))
    assert [(row.subject, row.path) for row in rows] == [
        ("first", "/scim/v2/Users"),
        ("ann@acme.example", "/scim/v2/?"),
        ("last", "/scim/v2/Users"),
    ]
    odd = store.get(rows[1].id)
    assert odd is not None
    assert odd.call.request_headers == (("X-Odd", "\udce4"),)
    assert listener.errors == []


def test_a_call_that_cannot_be_stored_at_all_is_counted(
    log: CallLog, store: CallStore, listener: Listener
) -> None:
    log.record(call(at=2**70))
    log.record(call())
    log.start()
    assert log.flush(5)
    assert store.count(Selection()) == 1
    assert listener.errors == ["1 calls are missing in the log."]


def test_more_calls_than_the_queue_takes_are_dropped_and_told_once(
    calls_database: Database, store: CallStore, listener: Listener
) -> None:
    log = CallLog(calls_database, listener.on_stored, describe, listener.on_error, capacity=10)
    for _ in range(25):
        log.record(call())
    log.start()
    assert log.flush(5)
    log.record(call())
    assert log.stop(5)
    assert store.count(Selection()) == 11
    assert listener.errors == ["15 calls are missing in the log."]


def fill_disk(calls_database: Database) -> None:
    """Leave no page free, for the connection that is opened next."""
    (pages,) = calls_database.connection().execute("PRAGMA page_count").fetchone()
    calls_database._statements.append(f"PRAGMA max_page_count = {pages + 2}")


def test_calls_wait_for_room_on_the_disk_and_the_trouble_is_told_once(
    calls_database: Database,
    store: CallStore,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storage.call_log.RETRY_SECONDS", 0.02)
    fill_disk(calls_database)
    writers: list[threading.Thread] = []
    room = threading.Event()

    def make_room(recorded: Call) -> Understanding:
        writers.append(threading.current_thread())
        return Understanding("create", "x" * 100_000, "")

    def on_error(text: str) -> None:
        listener.on_error(text)
        # In the writer's thread, and so on its connection.
        if room.wait(5):
            calls_database.connection().execute("PRAGMA max_page_count = 1000000")

    log = CallLog(calls_database, listener.on_stored, make_room, on_error)
    log.start()
    log.record(call())
    assert listener.heard.wait(5)
    assert store.count(Selection()) == 0
    log.record(call())
    room.set()
    assert log.stop(10)
    assert store.count(Selection()) == 2
    assert listener.errors == [
        "Calls are not being stored: "
        "The disk is full, so nothing more can be stored; make room on it."
    ]
    assert len(writers) == 2


def test_a_log_that_cannot_write_stops_all_the_same_and_says_what_is_lost(
    calls_database: Database, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.call_log.RETRY_SECONDS", 0.02)
    fill_disk(calls_database)
    log = CallLog(
        calls_database,
        listener.on_stored,
        lambda _: Understanding("", "x" * 100_000, ""),
        listener.on_error,
    )
    log.start()
    log.record(call())
    assert listener.heard.wait(5)
    begun = time.monotonic()
    assert log.stop(0.2) is False
    assert time.monotonic() - begun < 2
    deadline = time.monotonic() + 5
    while len(listener.errors) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "could not be stored before the end" in listener.errors[1]


def test_recording_never_waits_for_a_file_that_is_locked(
    log: CallLog, calls_database: Database, store: CallStore
) -> None:
    log.start()
    with calls_database.changing():
        begun = time.monotonic()
        for _ in range(1000):
            log.record(call())
        assert time.monotonic() - begun < 0.5
        assert log.flush(0.1) is False
    assert log.flush(10)
    assert store.count(Selection()) == 1000


WRITER = """
import sys, time
from pathlib import Path
from server.calls.explanation import Understanding
from storage.call_log import CallLog
from storage.database import open_calls
from tests.storage.factories import call
log = CallLog(open_calls(Path(sys.argv[1])), lambda newest: print(newest, flush=True),
              lambda call: Understanding("", "", ""))
log.start()
while True:
    log.record(call())
    time.sleep(0.0005)
"""


def test_stored_calls_survive_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "desk-calls.db"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(5)]
    process.kill()
    told += process.communicate()[0].splitlines()
    database = open_calls(path)
    assert CallStore(database).newest_id() >= int(told[-1]) >= 5
    assert check_integrity(database) == []
    assert database.notice == ""
    database.close()
