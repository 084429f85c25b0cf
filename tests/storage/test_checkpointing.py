import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.calls.explanation import understand
from storage import checkpointing
from storage.call_log import CallLog
from storage.checkpointing import Checkpointer, empty_log
from storage.database import Database, open_calls
from tests.storage.factories import call


@pytest.fixture(autouse=True)
def small_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointing, "WANTED_BYTES", 100_000)
    monkeypatch.setattr(checkpointing, "REST_SECONDS", 0.01)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_calls(tmp_path / "desk-calls.db")
    yield database
    database.close()


@pytest.fixture
def checkpointer(database: Database) -> Iterator[Checkpointer]:
    checkpointer = Checkpointer(database)
    checkpointer.start()
    yield checkpointer
    checkpointer.stop()


def write(database: Database, kilobytes: int = 1) -> None:
    with database.changing() as connection:
        connection.execute(
            "REPLACE INTO setting (name, value) VALUES ('retention', ?)", ("x" * 1000 * kilobytes,)
        )


def waiting(database: Database) -> int:
    return database.path.with_name(f"{database.path.name}-wal").stat().st_size


def becomes_small(database: Database, checkpointer: Checkpointer, seconds: float = 3) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        write(database)
        if waiting(database) < 100_000:
            return True
        checkpointer.look()
        time.sleep(0.01)
    return False


def test_a_log_that_has_grown_large_begins_anew_with_a_later_commit(
    database: Database, checkpointer: Checkpointer
) -> None:
    write(database, 300)
    assert waiting(database) > 300_000
    assert becomes_small(database, checkpointer)


def test_a_small_log_is_left_alone(database: Database, checkpointer: Checkpointer) -> None:
    write(database)
    for _ in range(3):
        before = waiting(database)
        write(database)
        checkpointer.look()
        time.sleep(0.02)
        assert waiting(database) > before


def test_a_log_that_somebody_reads_is_copied_when_they_have_finished(
    database: Database, checkpointer: Checkpointer
) -> None:
    write(database)
    reader = Database(database.path, {}).connection()
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM setting").fetchall()
    write(database, 300)
    assert not becomes_small(database, checkpointer, 0.2)
    reader.execute("COMMIT")
    assert becomes_small(database, checkpointer)
    reader.close()


def test_the_log_of_calls_is_kept_small_by_the_writer(database: Database) -> None:
    log = CallLog(database, lambda newest: None, understand)
    log.start()
    for _ in range(4):
        log.record(call(request_body=b"x" * 100_000))
        assert log.flush()
    until = time.monotonic() + 3
    while waiting(database) > 100_000 and time.monotonic() < until:
        log.record(call())
        assert log.flush()
    assert log.stop()
    assert waiting(database) <= 100_000


def test_one_that_was_never_started_is_stopped(database: Database) -> None:
    checkpointer = Checkpointer(database)
    write(database, 300)
    checkpointer.look()
    checkpointer.stop()
    assert waiting(database) > 300_000


def test_emptying_waits_for_a_checkpoint_and_gives_the_space_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointing, "EMPTYING_SECONDS", 0.001)
    connection = database.connection()
    write(database, 300)
    connection.execute("PRAGMA busy_timeout = 1")
    reader = Database(database.path, {}).connection()
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM setting").fetchall()
    write(database)
    assert not empty_log(connection)
    reader.execute("COMMIT")
    reader.close()
    assert empty_log(connection)
    assert waiting(database) == 0
