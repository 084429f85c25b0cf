"""Filters in SQL find what ``server.calls.filters`` says that they mean."""

import sqlite3
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.calls.explanation import Understanding
from server.calls.export.logged import LoggedCall
from server.calls.filters import Filter, evaluate, parse
from server.calls.filters.tree import And, Not, Or, Pattern, Term
from server.calls.grouping import Placement
from storage import call_text
from storage.call_batches import make_batch, store
from storage.call_search import Selection
from storage.call_text import index_some
from storage.calls import CallStore
from storage.database import Database
from tests.server.calls.filters.strategies import CONTEXT, FILTERS, LOGGED, NOW
from tests.storage.factories import call


@pytest.fixture
def calls(calls_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[CallStore]:
    """A store whose index of texts has parts of four calls."""
    monkeypatch.setattr(call_text, "PART", 4)
    monkeypatch.setattr(call_text, "STEP_CALLS", 3)
    return CallStore(calls_database)


def keep(database: Database, logged: Sequence[LoggedCall]) -> None:
    """Store calls with the operations, summaries, marks and notes that they have."""
    understood = [(each.call, Understanding(each.operation, each.summary, "")) for each in logged]
    newest = store(
        database.connection(),
        lambda first: make_batch(understood, first, lambda number, *_: Placement(number)),
    )
    store_of = CallStore(database)
    for number, each in enumerate(logged, newest - len(logged) + 1):
        store_of.mark([number], each.mark)
        store_of.set_note(number, each.note)


def index(database: Database, steps: int = 1000) -> None:
    """Do some steps of the index of texts, or all."""
    while steps and index_some(database.connection()):
        steps -= 1


def selected(condition: Filter | None) -> Selection:
    return Selection(condition, organizations=CONTEXT.organizations, now=NOW)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    logged=st.lists(LOGGED, min_size=1, max_size=6),
    condition=FILTERS,
    steps=st.integers(0, 4),
    limit=st.integers(1, 3),
)
def test_sql_finds_what_the_filter_means(
    calls: CallStore,
    calls_database: Database,
    logged: list[LoggedCall],
    condition: Filter,
    steps: int,
    limit: int,
) -> None:
    calls.clear()
    first = (
        calls_database.connection()
        .execute("SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence")
        .fetchone()[0]
    )
    keep(calls_database, logged)
    index(calls_database, steps)
    expected = [
        number for number, each in enumerate(logged, first) if evaluate(condition, each, CONTEXT)
    ]
    selection = selected(condition)
    assert list(calls.ids(selection)) == expected
    assert list(calls.ids(selection, limit=limit)) == expected[-limit:]
    assert calls.count(selection) == len(expected)
    assert calls.matches(first, selection) is (first in expected)
    assert sum(calls.timeline(selection).calls) == len(expected)


@pytest.mark.parametrize("steps", [0, 2, 1000])
@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("zoë", [2, 9]),
        ("ZOË", [2, 9]),
        ("needle", [9]),
        ("needle zoë", [9]),
        ("needle -zoë", []),
        ("-needle status:201", [1, 2, 3, 4, 5, 6, 7, 8, 10]),
        ('"100%"', [5]),
        ("n_edle", []),
        ("nee*le", [9]),
        ("ne*le", []),
        ('"\\"quoted\\""', [5]),
        ("remark:ignored path:users", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ('remark:"say \\"hello\\" twice"', [10]),
        ("needle or user:=Zoë", [2, 9]),
        ("user:oë", [2, 9]),
        ("qz", [7]),
        ("QZ", [7]),
        ("q*z", [7]),
        ("q", [7]),
        ("-qz", [1, 2, 3, 4, 5, 6, 8, 9, 10]),
        ("qj", []),
        ("-qj needle", [9]),
        ("path:qz", [7]),
        ("query:qz", []),
        ("query:王", [8]),
        ("王芳", [8]),
        ("芳", [8]),
        ("Ǆ", [8]),
    ],
)
def test_texts_are_found_whether_they_are_indexed_or_not(
    calls: CallStore, calls_database: Database, steps: int, written: str, found: list[int]
) -> None:
    recorded = [call() for _ in range(10)]
    recorded[1] = call(subject="Zoë")
    recorded[4] = call(request_body=b'100% "quoted" snake_case')
    recorded[6] = call(path="/scim/v2/Users/qz")
    recorded[7] = call(query="name=王芳Ǆ")
    recorded[8] = call(subject="Zoë", response_body=b"x" * 5000 + b" Needle")
    recorded[9] = call(
        remarks=(*call().remarks, call().remarks[0]._replace(text='say "hello" twice'))
    )
    keep(calls_database, [LoggedCall(0, "create", "Did it", each) for each in recorded])
    index(calls_database, steps)
    try:
        condition = parse(written)
    except Exception:
        condition = parse(f'{written}"')
    assert list(calls.ids(selected(condition))) == found
    assert list(calls.ids(selected(condition), limit=100)) == found


@pytest.mark.parametrize("limit", ["FEW_TRIGRAMS", "FEW_CALLS"])
def test_one_or_two_frequent_characters_are_found_by_reading(
    calls: CallStore, calls_database: Database, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    paths = ("/qz1", "/other", "/qz2/qz3")
    keep(calls_database, [LoggedCall(0, "create", "", call(path=path)) for path in paths])
    index(calls_database)
    monkeypatch.setattr(call_text, limit, 0)
    assert list(calls.ids(selected(parse("path:qz")))) == [1, 3]
    assert calls.count(selected(parse("path:qz or path:oth"))) == 3


def test_the_most_nested_and_the_longest_filter_can_be_run(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [LoggedCall(0, "create", "", call())])
    index(calls_database)
    nested = "-(header:x or (remark:abc " * 4 + "text:nothing" + "))" * 4
    long = " or ".join(f"text:nothing{number}" for number in range(100))
    both = " ".join("-(remark:abcd or header:äöü)" for _ in range(50))
    for written in (nested, long, both):
        assert calls.count(selected(parse(written))) in (0, 1)


def test_deep_chains_in_every_position_fit_sqlites_parser(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [LoggedCall(0, "create", "", call())])
    leaf: Filter = Term("remark", Pattern(("äb", "cö", "d")))
    deep = leaf
    for level in range(12):
        deep = (And((leaf, deep)), Or((leaf, Not(leaf), deep)), Not(deep))[level % 3]
    assert calls.count(selected(deep)) in (0, 1)


def test_the_moment_of_a_query_is_the_present_unless_it_is_given(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [LoggedCall(0, "", "", call(at=int(NOW.timestamp() * 1e6) - 60_000_000))])
    assert calls.count(selected(parse("since:2m"))) == 1
    assert calls.count(selected(parse("since:30s"))) == 0
    assert calls.count(Selection(parse("until:0s since:2m"))) in (0, 1)


def test_a_body_that_is_no_text_is_not_looked_into(
    calls: CallStore, calls_database: Database
) -> None:
    keep(calls_database, [LoggedCall(0, "", "", call(request_body=b"\xff needle"))])
    for _ in range(2):
        assert calls.count(selected(parse("needle"))) == 0
        index(calls_database)


def test_no_filter_reads_the_table_where_the_index_has_it(
    calls: CallStore, calls_database: Database
) -> None:
    steps: list[str] = []
    keep(calls_database, [LoggedCall(0, "", "", call())])
    plain: sqlite3.Connection = calls_database.connection()
    plain.set_trace_callback(steps.append)
    calls.ids(selected(parse("status:failed method:get user:=x op:create since:1d token:a")))
    plain.set_trace_callback(None)
    query = next(step for step in steps if "INDEXED BY" in step)
    plan = [row[3] for row in plain.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert any("COVERING INDEX call_list" in step for step in plan)
    assert not any("SEARCH call " in step or "SCAN call" in step for step in plan)
