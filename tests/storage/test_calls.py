import sqlite3
import threading
from array import array

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.calls.call import Call, Remark
from server.calls.explanation import Understanding
from server.calls.filters import parse
from storage.call_log import CallLog
from storage.call_search import Selection
from storage.calls import CallRow, CallStore
from storage.database import Database
from storage.errors import Interrupted, StorageError
from tests.storage.factories import call

SECOND = 1_000_000


@pytest.fixture
def store(calls_database: Database) -> CallStore:
    return CallStore(calls_database)


def record(database: Database, *recorded: Call) -> None:
    """Store calls; their operation is their method in small letters."""
    log = CallLog(
        database,
        lambda _: None,
        lambda one: Understanding(one.method.lower(), f"Did {one.path}", one.subject),
    )
    for one in recorded:
        log.record(one)
    log.start()
    assert log.stop(30)


def test_an_empty_log_has_nothing(store: CallStore) -> None:
    assert store.newest_id() == 0
    assert store.ids(Selection()) == array("q")
    assert store.rows([1, 2]) == []
    assert store.get(1) is None
    assert store.count(Selection(parse("ann"))) == 0
    assert store.overview(None, 0) == (0, 0, [], None, {})


def test_ids_ascend_and_can_be_cut_on_both_sides(
    store: CallStore, calls_database: Database
) -> None:
    record(calls_database, *[call()] * 10)
    assert store.ids(Selection()) == array("q", range(1, 11))
    assert store.ids(Selection(), after=7) == array("q", [8, 9, 10])
    assert store.ids(Selection(), after=2, before=5) == array("q", [3, 4])
    assert store.newest_id() == 10


def test_a_limit_keeps_the_newest(store: CallStore, calls_database: Database) -> None:
    record(calls_database, *[call()] * 10)
    assert store.ids(Selection(), limit=3) == array("q", [8, 9, 10])
    assert store.ids(Selection(), before=5, limit=2) == array("q", [3, 4])
    assert store.ids(Selection(), limit=0) == array("q")
    assert store.ids(Selection(), limit=99) == array("q", range(1, 11))


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(
    store: CallStore, calls_database: Database
) -> None:
    record(calls_database, call(subject="a"), call(subject="b", remarks=()), call(subject="c"))
    assert [row.subject for row in store.rows([3, 99, 1])] == ["c", "a"]
    assert store.rows(array("q", [2])) == [
        CallRow(
            id=2,
            at=call().at,
            duration=1500,
            peer="127.0.0.1",
            organization_id=1,
            token_label="Okta production",
            method="POST",
            path="/scim/v2/Users",
            query="",
            status=201,
            operation="post",
            summary="Did /scim/v2/Users",
            subject="b",
            resource_id="2819c223",
            remarks=0,
            client="unknown",
        )
    ]
    assert [row.remarks for row in store.rows([1])] == [1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("post", True),
        ("/scim/v2/users", True),
        ("startindex", True),
        ("201", True),
        ("Did", True),
        ("ANN@acme", True),
        ("192.0.2", True),
        ("production", True),
        ("givenName", True),
        ("2819c223-ab", True),
        ("post ann givenName", True),
        ("post bob", False),
        ("404", False),
        ("a%e", False),
        ("100%", True),
        ("10_%", False),
        ("snake_case", True),
        ("snakeXcase", False),
        ("back\\slash", True),
        ("desk.example", False),
        ("POST/scim", False),
    ],
)
def test_every_word_has_to_stand_somewhere(
    store: CallStore, calls_database: Database, text: str, found: bool
) -> None:
    record(
        calls_database,
        call(
            query="startIndex=1",
            peer="192.0.2.7",
            request_body=rb'{"givenName": "100% snake_case back\slash"}',
            response_body=b'{"id": "2819c223-ab"}',
        ),
    )
    assert store.count(Selection(parse(text))) == int(found)
    assert store.ids(Selection(parse(text))) == array("q", [1] if found else [])
    assert store.matches(1, Selection(parse(text))) is found


def test_failures_are_what_was_refused_or_never_answered(
    store: CallStore, calls_database: Database
) -> None:
    record(calls_database, *[call(status=status) for status in (200, 400, 0, 304, 503, 399)])
    failures = Selection(parse("status:failed"))
    assert store.ids(failures) == array("q", [2, 3, 5])
    assert store.ids(failures, limit=2) == array("q", [3, 5])
    assert store.ids(failures, after=2) == array("q", [3, 5])
    assert store.ids(failures, before=5, limit=1) == array("q", [3])


def test_an_organization_sees_its_own_calls(store: CallStore, calls_database: Database) -> None:
    record(
        calls_database,
        call(organization_id=1),
        call(organization_id=2, status=409),
        call(organization_id=None, token_id=None, token_label="", status=401),
        call(organization_id=2),
    )
    assert store.ids(Selection(organization_id=2)) == array("q", [2, 4])
    assert store.ids(Selection(parse("status:failed"), organization_id=2)) == array("q", [2])
    assert store.count(Selection()) == 4
    assert store.matches(1, Selection(organization_id=2)) is False
    assert store.matches(9, Selection()) is False


def test_the_overview_sums_up_an_organization_and_all(
    store: CallStore, calls_database: Database
) -> None:
    record(
        calls_database,
        call(at=1 * SECOND, organization_id=1, method="GET"),
        call(at=5 * SECOND, organization_id=1, status=409),
        call(at=6 * SECOND, organization_id=2, method="PATCH", status=400),
        call(at=7 * SECOND, organization_id=1, method="PUT", status=0),
        call(at=8 * SECOND, organization_id=1),
        call(at=9 * SECOND, organization_id=None, method="GET", status=401),
    )
    acme = store.overview(1, 5 * SECOND)
    assert (acme.calls, acme.failures) == (3, 2)
    assert [row.id for row in acme.newest_failures] == [4, 2]
    assert acme.last_at == 8 * SECOND
    assert acme.operations == {"get": 1 * SECOND, "post": 8 * SECOND, "put": 7 * SECOND}
    everybody = store.overview(None, 5 * SECOND)
    assert (everybody.calls, everybody.failures) == (5, 4)
    assert [row.id for row in everybody.newest_failures] == [6, 4, 3]
    assert everybody.last_at == 9 * SECOND
    assert everybody.operations["get"] == 9 * SECOND
    assert store.count_since(8 * SECOND) == 2
    assert store.failures_since(7 * SECOND, 1) == 1


def test_clearing_an_organization_leaves_the_others(
    store: CallStore, calls_database: Database
) -> None:
    record(calls_database, call(organization_id=1), call(organization_id=2), call())
    store.clear(1)
    assert store.ids(Selection()) == array("q", [2])


def test_clearing_all_gives_the_space_back_and_uses_no_id_again(
    store: CallStore, calls_database: Database
) -> None:
    record(calls_database, *[call(request_body=b"x" * 10_000)] * 50)
    files = list(calls_database.path.parent.glob("desk-calls.db*"))
    assert sum(file.stat().st_size for file in files) > 500_000
    store.clear()
    assert store.ids(Selection()) == array("q")
    assert sum(file.stat().st_size for file in files) < 100_000
    record(calls_database, call())
    assert store.newest_id() == 51


def test_what_was_cleared_is_in_no_file(store: CallStore, calls_database: Database) -> None:
    def kept() -> bytes:
        return b"".join(file.read_bytes() for file in calls_database.path.parent.iterdir())

    record(
        calls_database,
        *[call(organization_id=1, request_body=b"Xanthippe" + b"x" * 9000)] * 20,
        *[call(organization_id=2, request_body=b"Pythagoras")] * 20,
    )
    assert b"Xanthippe" in kept()
    store.clear(1)
    assert b"Xanthippe" not in kept()
    assert b"Pythagoras" in kept()
    store.clear()
    assert b"Pythagoras" not in kept()


def test_a_running_search_can_be_interrupted_from_another_thread(
    store: CallStore, calls_database: Database
) -> None:
    record(calls_database, *[call()] * 3)
    begun = threading.Event()

    def never(value: str) -> int:
        begun.set()
        for _ in range(3):
            store.interrupt()
        return 0

    calls_database.connection().create_function("like", 3, lambda *_: never(""))
    with pytest.raises(Interrupted):
        store.ids(Selection(parse("ann")))
    with pytest.raises(Interrupted):
        store.count(Selection(parse("ann")))
    assert begun.is_set()
    assert store.count(Selection()) == 3


def test_interrupting_nothing_does_nothing(store: CallStore) -> None:
    store.interrupt()
    assert store.newest_id() == 0


def test_a_file_that_others_write_to_is_told_when_it_is_to_be_cleared(
    store: CallStore, calls_database: Database
) -> None:
    calls_database.connection().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(calls_database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="in use by another program"):
        store.clear()
    other.close()


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
HEADERS = st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)
CALLS = st.builds(
    Call,
    at=st.integers(0, 2**62),
    duration=st.integers(0, 2**40),
    peer=TEXT,
    organization_id=st.none() | st.integers(1, 3),
    token_id=st.none() | st.integers(1, 3),
    token_label=TEXT,
    method=TEXT,
    path=TEXT,
    query=TEXT,
    status=st.integers(0, 599),
    request_headers=HEADERS,
    request_body=st.binary(max_size=40) | TEXT.map(str.encode),
    response_headers=HEADERS,
    response_body=st.binary(max_size=40),
    subject=TEXT,
    resource_id=TEXT,
    remarks=st.lists(st.builds(Remark, TEXT, TEXT), max_size=3).map(tuple),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(recorded=CALLS)
def test_any_call_is_read_back_as_it_was(
    store: CallStore, calls_database: Database, recorded: Call
) -> None:
    record(calls_database, recorded)
    stored = store.get(store.newest_id())
    assert stored is not None
    assert stored.call == recorded
