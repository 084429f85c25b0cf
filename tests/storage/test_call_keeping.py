"""Marks, notes, operations, the timeline, retention, and what the writer does when it is quiet."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from server.calls.call import Call
from server.calls.explanation import Understanding, understand
from server.calls.filters import parse
from server.calls.grouping import Grouper, Placement
from storage import call_chores, call_minutes, call_text
from storage.call_batches import make_batch, store
from storage.call_log import CallLog
from storage.call_search import Selection, Timeline
from storage.call_text import index_some
from storage.calls import CallStore
from storage.database import Database, check_integrity
from storage.errors import StorageError
from storage.retention import Pruner, Retention
from tests.storage.factories import call

NOW = datetime(2026, 11, 23, 18, 48, tzinfo=UTC)
NOW_MICROSECONDS = int(NOW.timestamp()) * 1_000_000
MINUTE = 60_000_000
DAY = 1440 * MINUTE


@pytest.fixture
def calls(calls_database: Database) -> CallStore:
    return CallStore(calls_database)


def keep(database: Database, recorded: Sequence[Call], place: object = None) -> None:
    """Store calls, each alone unless it is said where they belong."""
    alone = place or (lambda number, *_: Placement(number))
    understood = [(each, Understanding("create", "Did it", "")) for each in recorded]
    store(database.connection(), lambda first: make_batch(understood, first, alone))


def prune(database: Database, now: datetime = NOW) -> int:
    """Delete what is not kept; return in how many steps."""
    pruner, steps = Pruner(), 0
    pruner.plan(database.connection(), now)
    while pruner.working:
        pruner.step(database.connection())
        steps += 1
    return steps


# ------------------------------------------------------------------------------ marks and notes


def test_calls_are_marked_and_noted_until_that_is_taken_away(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [call()] * 3)
    calls.mark([1, 3, 99], "red")
    calls.set_note(3, "ask Bob")
    assert [(row.mark, row.note) for row in calls.rows([1, 2, 3])] == [
        ("red", ""),
        ("", ""),
        ("red", "ask Bob"),
    ]
    third = calls.get(3)
    assert third is not None
    assert (third.mark, third.note) == ("red", "ask Bob")
    calls.mark([1, 3], "")
    calls.mark([2], "blue")
    assert [(row.mark, row.note) for row in calls.rows([1, 2, 3])] == [
        ("", ""),
        ("blue", ""),
        ("", "ask Bob"),
    ]
    calls.set_note(3, "")
    left = calls_database.connection().execute("SELECT call_id FROM annotation").fetchall()
    assert left == [(2,)]


def test_a_colour_that_is_none_is_refused(calls: CallStore) -> None:
    with pytest.raises(StorageError, match="choose one of red, amber, green, blue, violet"):
        calls.mark([1], "pink")


# ----------------------------------------------------------------------------------- operations


def test_a_look_up_and_a_create_are_one_operation(
    calls: CallStore, calls_database: Database
) -> None:
    agent = (("User-Agent", "Okta SCIM Client 1.0.0"),)
    name = 'filter=userName eq "ann@acme.example"'
    nobody = b'{"totalResults": 0, "Resources": []}'
    looked_up = call(
        method="GET",
        query=name,
        status=200,
        request_body=b"",
        response_body=nobody,
        request_headers=agent,
        subject="",
        resource_id="",
    )
    created = call(at=looked_up.at + 100_000, request_headers=agent)
    log = CallLog(calls_database, lambda newest: None, understand)
    for each in (looked_up, created, call(at=looked_up.at + 200_000, method="DELETE", status=204)):
        log.record(each)
    log.start()
    assert log.stop(5)
    assert list(calls.ids(Selection(heads_only=True))) == [1, 3]
    assert calls.count(Selection(heads_only=True)) == 2
    head, child = calls.rows([1, 2])
    assert (head.head_id, head.calls, head.operation_status) == (None, 2, 201)
    assert head.operation_summary == "Create user ann@acme.example"
    assert head.client == "Okta"
    assert head.subject == "ann@acme.example"  # what the request looked for
    assert (child.head_id, child.calls, child.operation_summary) == (1, 1, None)
    assert calls.operation(1) == calls.operation(2) == [1, 2]
    assert calls.operation(3) == [3]
    assert calls.operation(9) == []


def test_the_story_of_a_user_has_all_calls_about_it(
    calls: CallStore, calls_database: Database
) -> None:
    keep(
        calls_database,
        [
            call(subject="Ann@acme.example", resource_id=""),
            call(subject="bob@acme.example", resource_id="other"),
            call(subject="", resource_id="2819c223"),
            call(organization_id=2),
            call(),
        ],
    )
    last = calls.get(5)
    assert last is not None
    assert calls.story(last) == [1, 3, 5]
    assert calls.story(last, limit=2) == [3, 5]
    nobody = calls.get(2)
    assert nobody is not None
    assert calls.story(nobody) == [2]


def test_neighbours_are_the_calls_of_the_same_token_around_a_call(
    calls: CallStore, calls_database: Database
) -> None:
    start = call().at
    keep(
        calls_database,
        [
            call(at=start - 301_000_000),
            call(at=start - 299_000_000),
            call(at=start - 1, token_id=2),
            call(at=start),
            call(at=start + 5),
            call(at=start + 301_000_000),
        ],
    )
    middle = calls.get(4)
    assert middle is not None
    assert [each.id for each in calls.neighbours(middle)] == [2, 5]
    assert [each.id for each in calls.neighbours(middle, seconds=400)] == [1, 2, 5, 6]
    assert [each.id for each in calls.neighbours(middle, seconds=400, limit=1)] == [2, 5]


def test_whole_calls_are_read_in_portions_in_the_order_asked_for(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [call(at=number) for number in range(120)])
    ids = [120, 999, *range(1, 110)]
    assert [each.id for each in calls.whole(ids)] == [120, *range(1, 110)]


def test_values_are_offered_with_the_frequent_first(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [call(subject=name) for name in ("bob", "ann", "ann", "")])
    assert calls.values("user") == ["ann", "bob"]
    assert calls.values("status") == ["201"]
    assert calls.values("org") == calls.values("note") == []


# ------------------------------------------------------------------------------------- timeline


def test_the_timeline_counts_calls_and_failures(calls: CallStore, calls_database: Database) -> None:
    hour = 60 * MINUTE
    keep(
        calls_database,
        [
            call(at=0),
            call(at=hour - 1, status=409),
            call(at=2 * hour, organization_id=2),
            call(at=3 * hour + 1, organization_id=None, status=0),
        ],
    )
    assert calls.timeline(Selection(), intervals=4) == Timeline(0, hour, [2, 0, 1, 1], [1, 0, 0, 1])
    assert calls.timeline(Selection(organization_id=1), intervals=4).calls == [2, 0, 0, 0]
    failed = Selection(parse("status:failed"))
    assert calls.timeline(failed, intervals=4).calls == [1, 0, 0, 1]
    fine = calls.timeline(Selection(), hour - 10_000_000, hour, 10)
    assert (fine.width, fine.calls, fine.failures) == (1_000_000, [0] * 9 + [1], [0] * 9 + [1])
    assert calls.timeline(Selection(heads_only=True), intervals=2).calls == [2, 2]


def test_the_timeline_of_an_empty_log_is_empty(calls: CallStore) -> None:
    line = calls.timeline(Selection())
    assert sum(line.calls) == 0
    assert len(line.calls) == len(line.failures) >= 1


@pytest.mark.parametrize(
    ("length", "width"),
    [(1, 1), (119, 1), (240, 2), (7200, 60), (86_400, 900), (86_400 * 30, 21_600)],
)
def test_intervals_are_of_a_pleasant_width(
    calls: CallStore, calls_database: Database, length: int, width: int
) -> None:
    keep(calls_database, [call(at=0)])
    line = calls.timeline(Selection(), 0, length * 1_000_000)
    assert line.width == width * 1_000_000
    assert sum(line.calls) == 1


def test_a_line_of_centuries_has_intervals_of_weeks(calls: CallStore) -> None:
    line = calls.timeline(Selection(), 0, 365 * 200 * DAY)
    assert line.width % (7 * DAY) == 0
    assert len(line.calls) <= 121


def test_the_number_of_calls_is_known_without_counting(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [call(), call(organization_id=2), call(organization_id=None)])
    assert calls.count(Selection()) == 3
    assert calls.count(Selection(organization_id=2)) == 1
    assert calls.count(Selection(organization_id=7)) == 0
    calls.clear(2)
    assert calls.count(Selection()) == 2


# ------------------------------------------------------------------------------------ retention


def test_calls_that_are_too_old_go(calls: CallStore, calls_database: Database) -> None:
    assert calls.retention() == Retention(30, 1_000_000)
    ages = (31, 29, 30, 400, 0)
    keep(calls_database, [call(at=NOW_MICROSECONDS - age * DAY - 1) for age in ages])
    prune(calls_database)
    assert list(calls.ids(Selection())) == [2, 5]
    assert calls.count(Selection()) == 2
    calls.set_retention(Retention(days=None, calls=None))
    prune(calls_database, NOW + timedelta(days=900))
    assert calls.count(Selection()) == 2


def test_an_organization_keeps_its_newest_calls(calls: CallStore, calls_database: Database) -> None:
    calls.set_retention(Retention(days=None, calls=100))
    assert calls.retention() == Retention(None, 100)
    for start in range(0, 500, 100):
        keep(
            calls_database,
            [call(at=start + n, organization_id=1 + n % 2, status=409) for n in range(100)],
        )
    keep(calls_database, [call(organization_id=None)] * 5)
    assert prune(calls_database) > 2
    assert calls.count(Selection(organization_id=1)) == 100
    assert calls.count(Selection(organization_id=2)) == 100
    assert list(calls.ids(Selection())) == list(range(301, 506))
    line = calls.timeline(Selection())
    assert (sum(line.calls), sum(line.failures)) == (205, 200)


def test_a_marked_call_is_kept_beyond_both_limits_until_its_mark_goes(
    calls: CallStore, calls_database: Database
) -> None:
    calls.set_retention(Retention(days=30, calls=3))
    keep(calls_database, [call(at=NOW_MICROSECONDS - 40 * DAY + n) for n in range(3)])
    keep(calls_database, [call(at=NOW_MICROSECONDS + n) for n in range(6)])
    calls.mark([2], "green")
    calls.set_note(5, "why?")
    prune(calls_database)
    assert list(calls.ids(Selection())) == [2, 5, 7, 8, 9]
    calls.mark([2], "")
    calls.set_note(5, "")
    prune(calls_database)
    assert list(calls.ids(Selection())) == [7, 8, 9]


def test_what_is_left_of_an_operation_stands_alone(
    calls: CallStore, calls_database: Database
) -> None:
    keep(
        calls_database,
        [call(at=number) for number in range(3)],
        lambda number, *_: Placement(1, "Create user Ann", 201) if number < 3 else Placement(3),
    )
    assert list(calls.ids(Selection(heads_only=True))) == [1, 3]
    calls.mark([2], "red")
    calls.set_retention(Retention(None, 1))
    prune(calls_database)
    assert list(calls.ids(Selection(heads_only=True))) == [2, 3]
    left = calls_database.connection().execute("SELECT count(*) FROM operation").fetchone()
    assert left == (0,)


def test_texts_of_calls_that_are_gone_are_given_up(
    calls: CallStore, calls_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_text, "PART", 10)
    keep(calls_database, [call(at=number) for number in range(45)])
    while index_some(calls_database.connection()):
        pass
    assert calls.indexed() == (45, 45)
    assert set(call_text.parts(calls_database.connection())) == {0, 1, 2, 3, 4}
    calls.set_retention(Retention(None, 13))
    prune(calls_database)
    keep(calls_database, [call()])
    calls.set_retention(Retention(None, 12))
    for _ in range(4):
        keep(calls_database, [call()])
        prune(calls_database)
    assert min(call_text.parts(calls_database.connection())) >= 2
    assert calls.count(Selection(parse("userName"))) == 12
    assert check_integrity(calls_database) == []


def test_clearing_an_organization_forgets_all_that_was_kept_of_it(
    calls: CallStore, calls_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_text, "PART", 4)
    keep(
        calls_database,
        [call(organization_id=1 + n // 6, at=n) for n in range(12)],
        lambda number, *_: Placement(max(number - 1, 1), "Both", 200),
    )
    calls.mark([2, 9], "red")
    while index_some(calls_database.connection()):
        pass
    calls.clear(1)
    connection = calls_database.connection()
    assert set(call_text.parts(connection)) == {2, 3}
    assert connection.execute("SELECT call_id FROM annotation").fetchall() == [(9,)]
    assert connection.execute("SELECT min(head_id) FROM operation").fetchone() == (7,)
    assert calls.count(Selection(parse("userName"))) == calls.count(Selection()) == 6
    while index_some(connection):
        pass
    assert calls.indexed() == (6, 6)
    calls.clear()
    assert calls.indexed() == (0, 0)
    for table in ("operation", "annotation", "minute", "total", "text_part"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_the_size_counts_what_is_on_disk_and_what_is_free(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [call(request_body=b"x" * 20_000)] * 50)
    full = calls.size()
    assert (full.calls, full.bytes > 1_000_000) == (50, True)
    calls.set_retention(Retention(None, 5))
    prune(calls_database)
    less = calls.size()
    assert less.calls == 5
    assert less.free > 800_000
    files = calls_database.path.parent.glob("desk-calls.db*")
    on_disk = sum(file.stat().st_size for file in files if not file.name.endswith("-shm"))
    assert less.bytes == on_disk


# ------------------------------------------------------------------------- the writer's chores


def wait_for(condition: object, seconds: float = 5.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.01)
    assert condition()  # type: ignore[operator]


def test_the_writer_indexes_and_prunes_when_no_call_arrives(
    calls: CallStore, calls_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_chores, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(call_chores, "CHECK_SECONDS", 0.05)
    calls.set_retention(Retention(1, None))
    log = CallLog(calls_database, lambda newest: None, understand, clock=lambda: NOW)
    log.start()
    for age in (3, 2, 0):
        log.record(call(at=NOW_MICROSECONDS - age * DAY))
    assert log.flush(5)
    wait_for(lambda: calls.count(Selection()) == 1)
    wait_for(lambda: calls.indexed() == (1, 1))
    log.record(call(at=NOW_MICROSECONDS))
    assert log.flush(5)
    wait_for(lambda: calls.indexed() == (2, 2))
    assert log.stop(5)


def test_the_writer_goes_on_when_a_chore_fails(
    calls: CallStore,
    calls_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(connection: object) -> bool:
        raise ValueError("no such tokenizer")

    monkeypatch.setattr(call_chores, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(call_chores, "index_some", fail)
    log = CallLog(calls_database, lambda newest: None, understand)
    log.start()
    for _ in range(3):
        log.record(call())
        assert log.flush(5)
        time.sleep(0.03)
    assert log.stop(5)
    assert calls.count(Selection(parse("userName"))) == 3
    assert [record.message for record in caplog.records] == [
        "The index of the log could not be made"
    ]


def test_a_step_of_the_index_takes_only_so_much_text(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [call(request_body=b"x" * 50_000)] * 6)
    assert index_some(calls_database.connection())
    assert calls.indexed() == (2, 6)
    while index_some(calls_database.connection()):
        pass
    assert calls.indexed() == (6, 6)


def test_minutes_are_counted_by_organization() -> None:
    found = call_minutes.counted([(0, 1, 200), (MINUTE - 1, 1, 404), (MINUTE, None, 0)])
    assert found == {(0, 1): (2, 1), (1, 0): (1, 1)}


def test_a_grouper_that_fails_holds_up_nothing(
    calls: CallStore, calls_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Placement:
        raise KeyError

    monkeypatch.setattr(Grouper, "place", fail)
    log = CallLog(calls_database, lambda newest: None, understand)
    log.record(call())
    log.start()
    assert log.stop(5)
    assert calls.rows([1])[0].head_id is None
