"""The pure parts: times, steps."""

from datetime import UTC, datetime, timedelta

import pytest

from gui.overview.steps import Preflight, Step, steps
from gui.times import ago_words, date_words, duration_words, size_words
from server.blink.directory import Organization
from server.scim.times import timestamp
from storage.calls import CallOverview
from storage.organizations import OrganizationSummary

NOW = datetime(2026, 11, 23, 15, 42, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-3), "just now"),
        (timedelta(seconds=3), "in a moment"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-5), "5 hours ago"),
        (timedelta(days=12, seconds=1), "in 12 days"),
        (timedelta(days=-400), "1 year ago"),
    ],
)
def test_distance_in_time_is_told_in_words(distance: timedelta, words: str) -> None:
    assert ago_words(timestamp(NOW + distance), NOW) == words


def test_what_never_was_has_words_too() -> None:
    assert ago_words(None, NOW) == "never"
    assert date_words(None) == "–"


@pytest.mark.parametrize(
    ("microseconds", "words"),
    [(850, "850 µs"), (4_200, "4.2 ms"), (312_000, "312 ms"), (1_400_000, "1.40 s")],
)
def test_duration_has_the_unit_that_fits(microseconds: int, words: str) -> None:
    assert duration_words(microseconds) == words


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (812, "812 B"), (2_400, "2.4 kB"), (1_100_000, "1.1 MB")]
)
def test_size_has_the_unit_that_fits(size: int, words: str) -> None:
    assert size_words(size) == words


def summary(users: int = 0, active: int = 0, tokens: int = 0) -> OrganizationSummary:
    return OrganizationSummary(Organization(1, "Acme"), users, active, tokens, "")


def overview(**operations: int) -> CallOverview:
    seen = {name.replace("_", "-"): at for name, at in operations.items()}
    return CallOverview(0, 0, [], max(seen.values(), default=None), seen)


def test_nothing_is_done_at_the_beginning() -> None:
    listed = steps(summary(), overview(), None, None, serving=True)
    assert [step.done for step in listed] == [False] * 5
    assert "No call has ever arrived" in listed[1].trouble


def test_steps_tick_from_what_was_seen() -> None:
    seen = overview(connection_test=5, create=6, update=7)
    checked = Preflight(9, 42, 0, True)
    listed = steps(summary(users=3, active=2, tokens=1), seen, None, checked, serving=True)
    assert [step.done for step in listed] == [True, True, False, True, True]
    assert listed[1].seen_at == 5
    assert dict(listed[2].parts) == {
        "Create Users": True,
        "Update User Attributes": True,
        "Deactivate Users": False,
    }
    seen = overview(connection_test=5, create=6, update=7, deactivate=8)
    assert steps(summary(), seen, None, None, serving=True)[2].done


def test_mappings_tick_from_a_preflight_that_still_holds() -> None:
    def step(preflight: Preflight | None) -> Step:
        users = summary(users=3, active=2, tokens=1)
        return steps(users, overview(create=1), None, preflight, serving=True)[3]

    never = step(None)
    assert not never.done
    assert never.action is not None
    assert never.action.target == "run"
    passed = step(Preflight(9, 42, 0, True))
    assert (passed.done, passed.seen_at, passed.warning) == (True, 9, "")
    assert "nobody would be refused" in passed.text
    refusing = step(Preflight(9, 1200, 5, True))
    assert (refusing.done, refusing.warning) == (True, "5 would be refused")
    stale = step(Preflight(9, 42, 0, False))
    assert not stale.done
    assert "changed since" in stale.trouble


def test_stuck_connection_says_why() -> None:
    stopped = steps(summary(tokens=1), overview(), None, None, serving=False)[1]
    assert "server is stopped" in stopped.trouble
    refused = steps(summary(tokens=1), overview(), 99, None, serving=True)[1]
    assert "Bearer" in refused.trouble
    assert steps(summary(), overview(look_up=1), 99, None, serving=True)[1].trouble == ""


def test_disabled_people_point_to_the_switch() -> None:
    last = steps(summary(users=3, tokens=1), overview(create=1), None, None, serving=True)[4]
    assert not last.done
    assert "active by default" in last.trouble
