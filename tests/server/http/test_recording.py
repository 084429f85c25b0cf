import asyncio
import json
import logging
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.calls.call import Call, Remark
from server.calls.redaction import Redactor
from server.http.bodies import BODY_LIMIT, ClientGone, read_body
from server.http.recording import CallRecorder
from server.scim.errors import ScimError

from .conftest import Sink, echo, respond

TOKEN = "blinkscim_Zm9vYmFyYmF6"


def exchange(
    app: ASGIApp, *body: bytes | None, method: str = "POST", **scope: Any
) -> tuple[Call, list[Message]]:
    """Run one request through a recorder; None in the body stands for a client that leaves."""
    sink = Sink()
    sent: list[Message] = []
    messages: list[Message] = [
        {"type": "http.disconnect"}
        if chunk is None
        else {"type": "http.request", "body": chunk, "more_body": number < len(body) - 1}
        for number, chunk in enumerate(body)
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    recorder = CallRecorder(app, sink, Redactor("blinkscim_"))
    request = {
        "type": "http",
        "method": method,
        "path": "/scim/v2/Users",
        "raw_path": b"/scim/v2/Users",
        "query_string": b"",
        "headers": [],
        "client": ("203.0.113.7", 4711),
        **scope,
    }
    asyncio.run(recorder(request, receive, send))
    assert recorder.active == 0
    [call] = sink.calls
    return call, sent


def test_a_call_holds_request_and_answer() -> None:
    call, _ = exchange(echo, b"ab", b"c", query_string=b"a=b", headers=[(b"host", b"h")])
    assert (call.method, call.path, call.query) == ("POST", "/scim/v2/Users", "a=b")
    assert (call.request_body, call.status) == (b"abc", 200)
    assert call.response_body == b"POST /scim/v2/Users abc"
    assert call.request_headers == (("host", "h"),)
    assert call.peer == "203.0.113.7"
    assert call.at > 1_700_000_000_000_000
    assert 0 <= call.duration < 5_000_000


def test_the_path_is_recorded_as_it_was_sent() -> None:
    call, _ = exchange(echo, b"", raw_path=b"/scim/v2/Users/a%20b", path="/scim/v2/Users/a b")
    assert call.path == "/scim/v2/Users/a%20b"


def test_the_applications_notes_are_in_the_call() -> None:
    async def annotate(scope: Scope, receive: Receive, send: Send) -> None:
        notes = scope["notes"]
        notes.organization_id, notes.token_id, notes.token_label = 3, 4, "Okta"
        notes.subject, notes.resource_id = "ann", "7"
        notes.remarks.append(("attribute-ignored", "displayName is ignored."))
        await respond(send, b"")

    call, _ = exchange(annotate, b"")
    assert (call.organization_id, call.token_id, call.token_label) == (3, 4, "Okta")
    assert (call.subject, call.resource_id) == ("ann", "7")
    assert call.remarks == (Remark("attribute-ignored", "displayName is ignored."),)


def test_no_secret_is_in_a_call() -> None:
    async def repeat(scope: Scope, receive: Receive, send: Send) -> None:
        scope["notes"].subject = TOKEN
        scope["notes"].remarks.append(("x", f"understood {TOKEN}"))
        body = await read_body(receive, scope["headers"])
        await respond(send, body, 200, location=f"/{TOKEN}")

    call, sent = exchange(
        repeat,
        f'{{"password":"s3cr3t","x":"{TOKEN}"}}'.encode(),
        raw_path=f"/{TOKEN}".encode(),
        query_string=f"token={TOKEN}&filter=password eq s3cr3t".encode(),
        headers=[(b"authorization", TOKEN.encode()), (b"cookie", b"s3cr3t")],
    )
    assert "s3cr3t" not in repr(call)
    assert TOKEN not in repr(call)
    assert b"s3cr3t" in sent[1]["body"]


def test_an_exception_becomes_a_scim_error_with_a_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError("inner detail")

    call, sent = exchange(broken, b"")
    body = json.loads(sent[1]["body"])
    assert sent[0]["status"] == call.status == 500
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert "inner detail" not in body["detail"]
    reference = body["detail"].rpartition(" ")[2].removesuffix(".")
    assert reference in caplog.text
    assert "inner detail" in caplog.text


def test_an_exception_after_the_answer_began_is_logged_and_has_no_status(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("too late")

    call, sent = exchange(broken, b"")
    assert call.status == 0
    assert len(sent) == 1
    assert "too late" in caplog.text


def test_a_scim_error_that_leaves_the_application_is_answered() -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        raise ScimError(413, "Too large.", headers={"Connection": "close"})

    call, sent = exchange(refuse, b"")
    assert call.status == 413
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_client_that_left_has_no_status(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        call, sent = exchange(echo, b"ab", None)
    assert (call.status, call.request_body, sent) == (0, b"ab", [])
    assert not [record for record in caplog.records if record.name.startswith("server")]


def test_the_date_is_sent_and_recorded() -> None:
    call, sent = exchange(echo, b"")
    [date] = [value for name, value in sent[0]["headers"] if name == b"date"]
    assert date.endswith(b" GMT")
    assert ("date", date.decode()) in call.response_headers


def test_the_answer_to_head_has_no_body_in_the_log() -> None:
    call, _ = exchange(echo, b"", method="HEAD")
    assert (call.status, call.response_body) == (200, b"")


def test_the_first_mebibyte_of_a_body_is_kept() -> None:
    async def drain(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await respond(send, b"y" * (BODY_LIMIT + 5))

    call, _ = exchange(drain, b"x" * (BODY_LIMIT - 1), b"zz", b"z")
    assert call.request_body == b"x" * (BODY_LIMIT - 1) + b"z"
    assert call.response_body == b"y" * BODY_LIMIT


def test_what_is_not_http_passes_by() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        raise ClientGone

    sink = Sink()
    recorder = CallRecorder(app, sink, Redactor("blinkscim_"))

    async def nothing(*_: Any) -> Any:
        return None

    with pytest.raises(ClientGone):
        asyncio.run(recorder({"type": "lifespan"}, nothing, nothing))
    assert (seen, sink.calls) == (["lifespan"], [])


@pytest.mark.parametrize(
    ("address", "more", "value", "mark"),
    [
        ("127.0.0.1", [], b"Replay", "Replay"),
        ("::1", [], b"Simulator", "Simulator"),
        ("127.0.0.1", [], b"Okta", ""),
        ("203.0.113.7", [], b"Replay", ""),
        ("127.0.0.1", [(b"x-forwarded-for", b"203.0.113.7")], b"Replay", ""),
    ],
)
def test_the_origin_is_believed_from_this_computer_only_and_then_not_shown(
    address: str, more: list[tuple[bytes, bytes]], value: bytes, mark: str
) -> None:
    headers = [(b"host", b"h"), (b"x-blink-desk-origin", value), *more]
    call, _ = exchange(echo, b"", headers=headers, client=(address, 4711))
    assert call.origin_mark == mark
    shown = [name for name, _ in call.request_headers]
    assert ("x-blink-desk-origin" in shown) == (not mark)


def test_what_was_before_is_recorded_without_tokens() -> None:
    async def change(scope: Scope, receive: Receive, send: Send) -> None:
        scope["notes"].before = f'{{"displayName":"{TOKEN}","title":"Lead"}}'.encode()
        await respond(send, b"{}")

    call, _ = exchange(change, b"")
    assert call.before == b'{"displayName":"[redacted]","title":"Lead"}'
