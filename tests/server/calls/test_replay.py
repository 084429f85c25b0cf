from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from server.calls.call import Call
from server.calls.replay import ReplayRequest, replay, replay_request
from tests.desk import Desk

MakeCall = Callable[..., Call]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.close()


@pytest.fixture
def base(desk: Desk) -> str:
    return f"http://{desk.netloc}"


def last_call(desk: Desk) -> Call:
    desk.flush()
    stored = desk.parts.calls.get(desk.parts.calls.newest_id())
    assert stored is not None
    return stored.call


def test_a_call_is_sent_again_as_it_was(desk: Desk, base: str, call: MakeCall) -> None:
    made = call(
        "POST",
        "/scim/v2/Users?x=%C3%A9%zz",
        b'{ "userName" : "zo\xc3\xab" }',
        headers=(
            ("Host", "tunnel.example"),
            ("Authorization", "Bearer [redacted]"),
            ("User-Agent", "Okta SCIM Client 1.0.0"),
            ("Content-Type", "application/scim+json"),
            ("content-length", "4711"),
            ("Transfer-Encoding", "chunked"),
            ("X-Twice", "1"),
            ("X-Twice", "2"),
        ),
    )
    replayed = replay(replay_request(made), base, desk.token)
    assert replayed.status == 201
    assert replayed.sentence == "Answered 201 Created."
    again = last_call(desk)
    assert (again.method, again.path, again.query) == ("POST", "/scim/v2/Users", "x=%C3%A9%zz")
    assert again.request_body == made.request_body
    assert again.origin_mark == "Replay"
    assert again.request_headers == (
        ("Host", desk.netloc),
        ("User-Agent", "Okta SCIM Client 1.0.0"),
        ("Content-Type", "application/scim+json"),
        ("X-Twice", "1"),
        ("X-Twice", "2"),
        ("Authorization", "Bearer [redacted]"),
        ("Content-Length", "23"),
    )


def test_an_edited_call_is_sent_as_it_was_edited(desk: Desk, base: str, call: MakeCall) -> None:
    request = replace(replay_request(call(target="/scim/v2/Users")), target="/scim/v2/Users/7")
    replayed = replay(request, base, desk.token)
    assert replayed.status == 404
    assert replayed.sentence.startswith("Answered 404 Not Found: ")
    assert last_call(desk).path == "/scim/v2/Users/7"


def test_another_token_is_refused_as_any_client_is(base: str, call: MakeCall) -> None:
    assert replay(replay_request(call()), base, "wrong").status == 401


def test_a_server_that_does_not_run_is_told_in_one_sentence(call: MakeCall) -> None:
    replayed = replay(replay_request(call()), "http://127.0.0.1:9", "t")
    assert replayed.status == 0
    assert replayed.sentence == (
        "The server at http://127.0.0.1:9 cannot be reached: start it, then replay the call again."
    )


@pytest.mark.parametrize(
    "request_",
    [
        ReplayRequest("GE T", "/", (), b""),
        ReplayRequest("", "/", (), b""),
        ReplayRequest("GET", "/a b", (), b""),
        ReplayRequest("GET", "/\r\nX: y", (), b""),
        ReplayRequest("GET", "/\u20ac", (), b""),
        ReplayRequest("GET", "/", (("A", "b\r\nc: d"),), b""),
        ReplayRequest("GET", "/", (("A b", "c"),), b""),
        ReplayRequest("GET", "/", (("A", "\u20ac"),), b""),
        ReplayRequest("G\u20ac", "/", (), b""),
    ],
)
def test_what_http_does_not_allow_is_not_sent(base: str, request_: ReplayRequest) -> None:
    replayed = replay(request_, base, "t")
    assert replayed.status == 0
    assert replayed.sentence.startswith("The request cannot be sent as it is: ")


def test_a_body_with_a_redacted_password_is_known(call: MakeCall) -> None:
    assert replay_request(call("POST", request=b'{"password":"[redacted]"}')).has_placeholders
    assert not replay_request(
        call("POST", headers=(("Authorization", "Bearer [redacted]"),))
    ).has_placeholders
