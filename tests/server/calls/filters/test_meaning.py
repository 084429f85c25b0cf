from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from server.calls.call import Remark
from server.calls.export.logged import LoggedCall
from server.calls.filters import (
    Context,
    Facts,
    evaluate,
    exclude,
    is_failure,
    narrowed,
    only,
    parse,
    print_filter,
    remarks,
)
from tests.storage.factories import call

NOW = datetime(2026, 11, 23, 18, 48, tzinfo=timezone(timedelta(hours=2)))
CONTEXT = Context(NOW, {1: "Acme Ltd", 2: "Brand"})


def at(hour: int, minute: int = 0, day: int = 23) -> int:
    moment = datetime(2026, 11, day, hour, minute, tzinfo=NOW.tzinfo)
    return int(moment.timestamp()) * 1_000_000


FACTS = LoggedCall(
    id=1,
    operation="create",
    summary="Create user Zoë@acme.example",
    call=replace(
        call(),
        at=at(14, 30),
        duration=200_000,
        query="startIndex=1",
        subject="Zoë@acme.example",
        request_headers=(("User-Agent", "Okta SCIM Client 1.0.0"),),
        response_headers=(("ETag", 'W/"1"'),),
        request_body='{"title": "Ärztin"}'.encode(),
        response_body=b"\xff not UTF-8",
    ),
    mark="red",
    note="ask Bob",
)


@pytest.mark.parametrize(
    ("written", "matches"),
    [
        ("status:201", True),
        ("status:ok", True),
        ("status:failed", False),
        ("method:post", True),
        ("method:pos", False),
        ("path:users", True),
        ("path:=/scim/v2/users", True),
        ("path:users*", False),
        ("path:*users", True),
        ("query:startindex", True),
        ("user:zoë", True),
        ("user:ZOË", True),
        ("user:zOë", True),
        ("user:zoe", False),
        ("id:2819c223", True),
        ("id:2819C223", False),
        ("id:2819*", True),
        ("op:create", True),
        ('op:"create user"', True),
        ("op:user", True),
        ("op:group", False),
        ("origin:okta", True),
        ("org:acme", False),
        ('org:"acme ltd"', True),
        ("org:acme*", True),
        ('org:""', False),
        ("token:PRODUCTION", True),
        ("peer:127*", True),
        ("slower:200ms", True),
        ("slower:201ms", False),
        ("faster:200ms", False),
        ("since:14:30", True),
        ("until:14:30", False),
        ("until:2026-11-23", True),
        ("since:2026-11-24", False),
        ("since:5h", True),
        ("since:4h", False),
        ("since:2026-11-23T12:30Z", True),
        ("since:19:00", True),  # yesterday's
        ("zoë", True),
        ("201", True),
        ("ärztin", True),
        ("ÄRZTIN", True),
        ("Ärztin", True),
        ("UTF-8", False),
        ("rz", False),
        ("ti*tin", True),
        ("tin*ti", False),
        ("remark:attribute-ignored", True),
        ("remark:=attribute-ignored", True),
        ("remark:Blink.", True),
        ("remark:*", True),
        ("marked:red", True),
        ("marked:*", True),
        ('marked:""', False),
        ("note:bob", True),
        ('header:"user-agent: okta"', True),
        ("header:etag:*", True),
        ("header:okta*", False),
        ("-zoë", False),
        ("method:get or user:zoë", True),
        ("method:get user:zoë", False),
    ],
)
def test_what_a_filter_means(written: str, matches: bool) -> None:
    facts: Facts = FACTS
    assert evaluate(parse(written), facts, CONTEXT) is matches


def test_a_call_without_anything_has_empty_values() -> None:
    bare = LoggedCall(
        1, "", "", call(organization_id=None, token_label="", subject="", remarks=(), status=0)
    )
    for written in ('org:""', 'token:""', 'user:""', 'marked:""', 'note:""', "status:failed"):
        assert evaluate(parse(written), bare, CONTEXT), written
    for written in ("org:*", "token:*", "user:*", "marked:*", "note:*", "remark:*", 'remark:""'):
        assert not evaluate(parse(written), bare, CONTEXT), written
    assert is_failure(bare.call.status)
    assert evaluate(None, bare, CONTEXT)


def test_a_time_of_day_is_the_last_one_and_days_are_those_of_the_zone() -> None:
    late = replace(FACTS, call=replace(FACTS.call, at=at(23, 30, day=22)))
    assert evaluate(parse("since:23:00"), late, CONTEXT)
    assert evaluate(parse("until:2026-11-22"), late, CONTEXT)
    assert not evaluate(parse("since:2026-11-23"), late, CONTEXT)
    in_utc = Context(NOW.astimezone(timezone(timedelta(hours=-12))))
    assert evaluate(parse("since:2026-11-22"), late, in_utc)


def test_a_click_on_a_cell_makes_a_filter_for_just_its_value() -> None:
    condition = narrowed(parse("method:post"), only("user", "Zoë@acme.example"))
    assert print_filter(condition) == "method:post user:=Zoë@acme.example"
    assert narrowed(condition, only("user", "Zoë@acme.example")) == condition
    assert evaluate(condition, FACTS, CONTEXT)
    assert not evaluate(only("user", "Zoë"), FACTS, CONTEXT)
    assert print_filter(narrowed(condition, exclude("status", 404))).endswith(" -status:404")
    assert print_filter(narrowed(None, only("token", ""))) == 'token:""'
    either = narrowed(parse("a or b"), only("op", "create"))
    assert print_filter(either) == "(a or b) op:create"


def test_what_a_short_word_does_not_find_is_said() -> None:
    (said,) = remarks(parse("ab or (ab status:404)"))
    assert "ab is shorter than 3 characters" in said
    assert remarks(parse("abc method:get")) == []
    assert remarks(None) == []
    assert "reads every call" in remarks(parse("-header:x"))[0]


def test_remarks_are_looked_into_one_by_one() -> None:
    two = (Remark("a", "first"), Remark("b", "second"))
    facts = replace(FACTS, call=replace(FACTS.call, remarks=two))
    assert evaluate(parse("remark:first remark:second"), facts, CONTEXT)
    assert not evaluate(parse("remark:first*second"), facts, CONTEXT)
