"""Time functions, Joda patterns and zones (spec 6.6)."""

import pytest

from tests.server.okta.expressions.evaluating import refusal, value

NOW = "2015-07-31T17:18:37.979Z"
NIGHT = "2021-01-03T00:05:09.007Z"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Time.now()", "2015-07-31T17:18:37.979Z"),
        ("Time.now('EST')", "2015-07-31T13:18:37.979-04:00"),
        ("Time.now('America/New_York')", "2015-07-31T13:18:37.979-04:00"),
        ("Time.now('IST')", "2015-07-31T22:48:37.979+05:30"),
        ("Time.now('+02:00')", "2015-07-31T19:18:37.979+02:00"),
        ("Time.now('GMT', 'ZZ')", "+00:00"),
        ("Time.now('PST', 'ZZZ')", "America/Los_Angeles"),
        ("Time.now('PST', 'z Z')", "PDT -0700"),
        ("Time.fromWindowsToIso8601('116444736000000000')", "1970-01-01T00:00:00.000Z"),
        ("Time.fromUnixToIso8601(0)", "1970-01-01T00:00:00.000Z"),
        ("Time.fromUnixToIso8601('-1')", "1969-12-31T23:59:59.999Z"),
        ("Time.fromIso8601ToUnix('2015-07-31')", "1438300800000"),
        ("Time.fromIso8601ToUnix('2015-07-31T21:19:40.979+02:00')", "1438370380979"),
        ("Time.fromIso8601ToWindows('1970-01-01T00:00:00.000Z')", "116444736000000000"),
        (
            "Time.fromIso8601ToString('2015-07-31T21:19:40.979+02:00', 'HH ZZ')",
            "21 +02:00",
        ),
    ],
)
def test_gives(expression: str, expected: str) -> None:
    assert value(expression, now=NOW) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("yyyy-MM-dd", "2021-01-03"),
        ("YYYY", "2021"),
        ("yy", "21"),
        ("xxxx ww e", "2020 53 7"),
        ("C G", "20 AD"),
        ("D DDD", "3 003"),
        ("M MM MMM MMMM", "1 01 Jan January"),
        ("E EEEE", "Sun Sunday"),
        ("K h H k", "0 12 0 24"),
        ("KK hh HH kk a", "00 12 00 24 AM"),
        ("m:s mm:ss", "5:9 05:09"),
        ("S SS SSS SSSSS", "0 00 007 00700"),
        ("'o''clock' ''", "o'clock '"),
        ("dd.MM.yyyy, HH:mm", "03.01.2021, 00:05"),
    ],
)
def test_pattern_shows(pattern: str, expected: str) -> None:
    assert value("Time.fromIso8601ToString(user.t, user.p)", {"t": NIGHT, "p": pattern}) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("2015-07-31", "yyyy-MM-dd", "2015-07-31T00:00:00.000Z"),
        ("7/4/2015", "M/d/yyyy", "2015-07-04T00:00:00.000Z"),
        ("20150731171837", "yyyyMMddHHmmss", "2015-07-31T17:18:37.000Z"),
        ("31 july 2015", "dd MMM yyyy", "2015-07-31T00:00:00.000Z"),
        ("Fri, 31 Jul 2015", "EEE, dd MMM yyyy", "2015-07-31T00:00:00.000Z"),
        ("12:05 AM", "hh:mm a", "1970-01-01T00:05:00.000Z"),
        ("11:05 pm", "KK:mm a", "1970-01-01T23:05:00.000Z"),
        ("24", "kk", "1970-01-01T00:00:00.000Z"),
        ("29.02", "dd.MM", "2000-02-29T00:00:00.000Z"),
        ("15", "yy", "2015-01-01T00:00:00.000Z"),
        ("85", "yy", "1985-01-01T00:00:00.000Z"),
        ("2015", "yy", "2015-01-01T00:00:00.000Z"),
        ("2015-212", "yyyy-DDD", "2015-07-31T00:00:00.000Z"),
        ("2020-W53-7", "xxxx-'W'ww-e", "2021-01-03T00:00:00.000Z"),
        ("2015-07-31T10:00-0400", "yyyy-MM-dd'T'HH:mmZ", "2015-07-31T10:00:00.000-04:00"),
        ("2015-07-31 10:00 Z", "yyyy-MM-dd HH:mm ZZ", "2015-07-31T10:00:00.000Z"),
        ("2015-07-31 Europe/Paris", "yyyy-MM-dd ZZZ", "2015-07-31T00:00:00.000+02:00"),
        ("2015-07-31 PDT", "yyyy-MM-dd z", "2015-07-31T00:00:00.000-07:00"),
        ("1.25", "s.SS", "1970-01-01T00:00:01.250Z"),
    ],
)
def test_pattern_reads(text: str, pattern: str, expected: str) -> None:
    profile = {"t": text, "p": pattern}
    assert value("Time.fromStringToIso8601(user.t, user.p)", profile, now=NOW) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "Time.now('Mars/Phobos')",
        "Time.now('../etc/passwd')",
        "Time.now(null)",
        "Time.now('UTC', 'T')",
        "Time.now('UTC', 'yyyy ''open')",
        "Time.now('UTC', null)",
        "Time.fromUnixToIso8601('')",
        "Time.fromUnixToIso8601(null)",
        "Time.fromUnixToIso8601('soon')",
        "Time.fromUnixToIso8601('9999999999999999999')",
        "Time.fromWindowsToIso8601('1.5')",
        "Time.fromIso8601ToUnix('31.07.2015')",
        "Time.fromIso8601ToUnix('2015-13-01')",
        "Time.fromIso8601ToUnix('2015-07-31T10:00+99:00')",
        "Time.fromIso8601ToString('2015-07-31', '')",
        "Time.fromStringToIso8601('2015-02-30', 'yyyy-MM-dd')",
        "Time.fromStringToIso8601('2015-07-31 ', 'yyyy-MM-dd')",
        "Time.fromStringToIso8601('x', 'yyyy')",
        "Time.fromStringToIso8601('13 PM', 'hh a')",
        "Time.fromStringToIso8601('99999999', 'yyyy')",
        "Time.fromStringToIso8601('1 BC', 'y G')",
        "Time.fromStringToIso8601('2015 366', 'yyyy D')",
    ],
)
def test_fails(expression: str) -> None:
    error = refusal(expression, now=NOW)
    assert error.kind == "evaluation"
    assert error.suggestion or "outside" in error.text


def test_without_a_given_time_now_is_now() -> None:
    found = value("Time.now()")
    assert isinstance(found, str)
    assert found > NOW
    assert found.endswith("Z")
