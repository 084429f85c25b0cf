"""Dates and times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from server.scim.times import normalised, timestamp


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    moment = datetime(2026, 11, 23, 20, 48, 0, 123_999, timezone(timedelta(hours=2)))
    assert timestamp(moment) == "2026-11-23T18:48:00.123Z"


def test_now_is_the_default() -> None:
    before = timestamp(datetime.now(UTC))
    assert before <= timestamp() <= timestamp(datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2026-11-23T18:48:00Z", "2026-11-23T18:48:00.000Z"),
        ("2026-11-23T18:48:00", "2026-11-23T18:48:00.000Z"),
        ("2026-11-23T18:48:00.5-01:30", "2026-11-23T20:18:00.500Z"),
        ("2026-11-23T18:48:00.123456789Z", "2026-11-23T18:48:00.123Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00.000Z"),
    ],
)
def test_a_date_time_is_brought_into_the_stored_form(text: str, stored: str) -> None:
    assert normalised(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-23",
        "2026-13-23T18:48:00Z",
        "0001-01-01T00:00:00+01:00",
        "٢٠٢٦-11-23T18:48:00Z",
    ],
)
def test_what_is_no_date_time_has_no_stored_form(text: str) -> None:
    assert normalised(text) is None
