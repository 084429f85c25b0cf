from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from server.calls.call import Call, Remark
from server.calls.story import story, story_text

MakeCall = Callable[..., Call]
ANN = {"userName": "ann", "active": True}
USER = "/scim/v2/Users/7"
OFF = Remark("user-deactivated", "It is disabled now.")
ON = Remark("user-reactivated", "It is active again.")


def answer(**more: Any) -> dict[str, Any]:
    return {"id": "7"} | ANN | more


def stored(**more: Any) -> bytes:
    return orjson.dumps(ANN | more)


def told(*calls: Call) -> list[tuple[int, str, bool]]:
    dated = [(n, replace(each, at=n * 1_000_000)) for n, each in enumerate(calls, 1)]
    return [
        (event.call_id, event.words, event.kind == "failed") for event in story(reversed(dated))
    ]


def test_a_story_is_told_in_order_and_without_mere_reads(call: MakeCall) -> None:
    lead = answer(title="Lead")
    assert told(
        call("GET", "/scim/v2/Users?filter=userName+eq+%22ann%22", response={"totalResults": 0}),
        call("POST", "/scim/v2/Users", ANN, 201, answer()),
        call("GET", USER, response=answer()),
        call("PUT", USER, lead, 200, lead, before=stored(title="Clerk")),
        call("PUT", USER, lead, 200, lead, before=stored(title="Lead")),
        call("PATCH", USER, {}, 200, answer(active=False), before=stored(), remarks=(OFF,)),
        call("PUT", USER, lead, 200, lead, before=stored(active=False), remarks=(ON,)),
        call("DELETE", USER, status=204, before=stored()),
    ) == [
        (2, "created", False),
        (4, "changed title (Clerk, now Lead)", False),
        (5, "sent again, without a change", False),
        (6, "deactivated", False),
        (7, "reactivated, and changed title (now Lead)", False),
        (8, "deleted", False),
    ]


def test_a_link_and_a_password_have_words_of_their_own(call: MakeCall) -> None:
    password = {"Operations": [{"op": "replace", "value": {"password": "[redacted]"}}]}
    assert [
        words
        for _, words, _ in told(
            call("POST", "/scim/v2/Users", ANN, 201, answer(), before=stored()),
            call("PATCH", USER, password, 200, answer(), before=stored()),
        )
    ] == [
        "linked to an account that Blink had before",
        "sent a new password, which Blink does not keep",
    ]


def test_a_repeated_failure_is_told_once_with_its_number(call: MakeCall) -> None:
    refused = call("POST", "/scim/v2/Users", ANN, 409, {"detail": "userName is taken."})
    events = story((n, replace(refused, at=n)) for n in (1, 2, 3))
    (event,) = events
    assert (event.words, event.kind) == ("Create user ann refused: userName is taken", "failed")
    assert (event.at, event.call_id, event.calls, event.client) == (1, 3, 3, "Okta")


def test_many_changes_are_counted(call: MakeCall) -> None:
    wide = answer(**{f"a{n}": "x" * 60 for n in range(7)})
    ((_, words, _),) = told(call("PUT", USER, wide, 200, wide, before=stored()))
    assert words.startswith(f"changed a0 (now {'x' * 40}…), a1")
    assert words.endswith("and 3 more")


def test_a_story_is_a_list_for_a_ticket(call: MakeCall) -> None:
    refused = call("POST", "/scim/v2/Users", ANN, 409, {"detail": "userName is taken."})
    calls = [(n, replace(refused, at=n * 1_000_000)) for n in (1, 2)]
    assert story_text("ann", story(calls)) == (
        "Story of ann:\n\n- 1970-01-01T00:00:01.000Z Create user ann refused: userName is taken "
        "(2 times) (by Okta, call 2)\n"
    )
