import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from storage import migrations
from storage.database import (
    CHECKED_AT_OPEN,
    Database,
    calls_path,
    check_integrity,
    open_calls,
    open_directory,
)
from storage.errors import (
    CannotOpen,
    DamagedDatabase,
    NameTaken,
    NewerDatabase,
    NotOurDatabase,
    StorageError,
)
from storage.organizations import OrganizationStore


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def damage(path: Path) -> None:
    """Overwrite everything behind the header's page."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))


def test_a_new_folder_and_all_files_in_it_are_for_this_user_alone(path: Path) -> None:
    directory, calls = open_directory(path), open_calls(calls_path(path))
    OrganizationStore(directory).create("Acme")
    calls.connection().execute("DELETE FROM call")
    names = {file.name for file in path.parent.iterdir()}
    assert {"desk.db", "desk.db-wal", "desk.db-shm", "desk-calls.db", "desk-calls.db-wal"} <= names
    assert mode(path.parent) == 0o700
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    directory.close()
    calls.close()


def test_an_existing_looser_file_is_tightened(path: Path) -> None:
    open_directory(path).close()
    path.chmod(0o644)
    open_directory(path).close()
    assert mode(path) == 0o600


def test_the_folder_that_is_there_already_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_directory(tmp_path / "desk.db").close()
    assert mode(tmp_path) == 0o755


def test_pragmas_hold_on_every_connection(database: Database, calls_database: Database) -> None:
    def pragmas(opened: Database) -> list[object]:
        names = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        connection = opened.connection()
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert pragmas(database) == ["wal", 1, 2, 5000]
    assert pragmas(calls_database) == ["wal", 1, 1, 5000]


def test_each_thread_has_its_connection_and_peewee_shares_it(database: Database) -> None:
    connections = []

    def work() -> None:
        connections.append(database.connection())
        connections.append(database.connection())
        OrganizationStore(database).create("Made elsewhere")
        assert connections[0].total_changes == 1

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert connections[0] is connections[1]
    assert connections[0] is not database.connection()
    assert [row.organization.name for row in OrganizationStore(database).all()] == [
        "Made elsewhere"
    ]


def test_close_closes_the_connections_of_other_threads(path: Path) -> None:
    database = open_directory(path)
    connections, opened, ended = [], threading.Event(), threading.Event()

    def work() -> None:
        connections.append(database.connection())
        opened.set()
        ended.wait(5)

    thread = threading.Thread(target=work)
    thread.start()
    opened.wait(5)
    database.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connections[0].execute("SELECT 1")
    ended.set()
    thread.join()
    assert not path.with_name("desk.db-wal").exists(), "the last one to close empties the log"


def test_a_closed_database_says_so(path: Path) -> None:
    database = open_directory(path)
    database.close()
    with pytest.raises(StorageError, match="closed"):
        database.connection()


def test_connections_of_ended_threads_do_not_pile_up(database: Database) -> None:
    opened = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: opened.append(database.connection()))
        thread.start()
        thread.join()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_a_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("to do\n" * 1000)
    with pytest.raises(NotOurDatabase, match="not a database of Blink SCIM Desk"):
        open_directory(path)
    assert path.read_text() == "to do\n" * 1000


@pytest.mark.parametrize("application_id", [0, 7])
def test_another_applications_database_is_refused_and_left_alone(
    tmp_path: Path, application_id: int
) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE page (text)")
    other.execute(f"PRAGMA application_id = {application_id}")
    other.close()
    before = path.read_bytes()
    for refuse in (open_directory, open_calls):
        with pytest.raises(NotOurDatabase):
            refuse(path)
    assert path.read_bytes() == before


def test_the_calls_are_not_taken_for_the_directory(tmp_path: Path) -> None:
    open_calls(tmp_path / "desk.db").close()
    with pytest.raises(NotOurDatabase):
        open_directory(tmp_path / "desk.db")


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    database = open_directory(path)
    assert OrganizationStore(database).all() == []
    database.close()


def test_a_newer_file_is_refused_with_both_numbers(path: Path) -> None:
    open_directory(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(NewerDatabase, match=r"its format is 999, this program knows \d+"):
        open_directory(path)


def test_a_damaged_directory_is_refused_and_names_the_newest_backup(path: Path) -> None:
    open_directory(path).close()
    older = path.with_name("desk.db.before-2-20260101T000000Z.bak")
    backup = path.with_name("desk.db.before-3-20260601T000000Z.bak")
    older.touch()
    backup.touch()
    damage(path)
    with pytest.raises(DamagedDatabase, match=backup.name) as caught:
        open_directory(path)
    assert caught.value.backup == backup


def test_a_damaged_directory_without_a_backup_says_that_there_is_none(path: Path) -> None:
    open_directory(path).close()
    damage(path)
    with pytest.raises(DamagedDatabase, match="no backup"):
        open_directory(path)


def test_a_row_without_its_parent_is_found(path: Path) -> None:
    open_directory(path).close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO user_email VALUES (1, 'ann@acme.example', 42)")
    connection.commit()
    connection.close()
    with pytest.raises(DamagedDatabase, match="user_email refers to a row of user"):
        open_directory(path)
    database = open_directory(path, check=False)
    assert len(check_integrity(database)) == 1
    database.close()


def test_a_sound_file_passes_the_check(database: Database) -> None:
    assert check_integrity(database) == []


def test_damaged_calls_are_put_aside_and_a_new_file_begun(tmp_path: Path) -> None:
    path = tmp_path / "desk-calls.db"
    open_calls(path).close()
    damage(path)
    damaged = path.read_bytes()
    database = open_calls(path)
    assert database.connection().execute("SELECT count(*) FROM call").fetchone() == (0,)
    (aside,) = tmp_path.glob("desk-calls.db.damaged-*")
    assert aside.read_bytes() == damaged
    assert aside.name in database.notice
    assert mode(aside) == mode(path) == 0o600
    database.close()


def test_damaged_calls_beside_a_running_server_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "desk-calls.db"
    open_calls(path).close()
    path.write_bytes(path.read_bytes()[:100] + b"\xa5" * 4000)
    with pytest.raises(DamagedDatabase):
        open_calls(path, check=False)
    assert list(tmp_path.glob("*.damaged-*")) == []


def test_a_big_file_of_calls_is_not_read_through_at_opening(tmp_path: Path) -> None:
    path = tmp_path / "desk-calls.db"
    open_calls(path).close()
    with path.open("r+b") as file:
        file.seek(-4096, 2)
        file.write(b"\xa5" * 4096)
        file.truncate(CHECKED_AT_OPEN + 1)
    database = open_calls(path)
    assert database.notice == ""
    assert check_integrity(database) != []
    database.close()


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    obstacle = tmp_path / "file"
    obstacle.touch()
    with pytest.raises(CannotOpen, match="check that the folder exists"):
        open_directory(obstacle / "desk.db")


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="cannot be opened"):
        open_directory(tmp_path)


def test_a_file_that_another_process_writes_to_is_told_as_busy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT", 0.05)
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CannotOpen, match="in use by another program"):
        open_directory(path)
    other.close()


def test_a_change_that_fails_leaves_nothing(database: Database) -> None:
    store = OrganizationStore(database)
    with pytest.raises(NameTaken), database.changing():
        store.create(store.create("Acme").name)
    assert store.all() == []
    assert not database.connection().in_transaction


def test_a_part_of_a_change_that_fails_leaves_the_rest(database: Database) -> None:
    store = OrganizationStore(database)
    with database.changing():
        store.create("Acme")
        with pytest.raises(NameTaken), database.changing():
            store.create(store.create("Brand").name)
    assert [row.organization.name for row in store.all()] == ["Acme"]


def test_the_calls_are_beside_the_directory() -> None:
    assert calls_path(Path("/data/x.db")) == Path("/data/x-calls.db")
    assert migrations.CALLS.application_id != migrations.DIRECTORY.application_id
