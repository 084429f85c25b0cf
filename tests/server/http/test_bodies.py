import asyncio
import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from server.http.bodies import ClientGone, parse_json, read_body
from server.scim.errors import ScimError

SCIM = "application/scim+json"


def read(chunks: list[bytes | None], *headers: tuple[bytes, bytes], limit: int = 10) -> bytes:
    """Read a body that arrives in chunks; None stands for a client that leaves."""
    messages = [
        {"type": "http.disconnect"}
        if chunk is None
        else {"type": "http.request", "body": chunk, "more_body": number < len(chunks) - 1}
        for number, chunk in enumerate(chunks)
    ]

    async def receive() -> Message:
        return messages.pop(0)

    return asyncio.run(read_body(receive, headers, limit))


def refusal(body: bytes, content_type: str | None = SCIM) -> ScimError:
    with pytest.raises(ScimError) as caught:
        parse_json(body, content_type)
    return caught.value


def test_a_body_is_put_together_from_its_chunks() -> None:
    assert read([b"01234", b"", b"56789"]) == b"0123456789"


def test_a_content_length_over_the_limit_is_refused_without_reading() -> None:
    with pytest.raises(ScimError) as caught:
        read([], (b"content-length", b"11"))
    assert caught.value.status == 413
    assert caught.value.headers == {"Connection": "close"}


@pytest.mark.parametrize("chunks", [[b"x" * 11], [b"x" * 6, b"x" * 5], [b"x" * 11, b""]])
def test_a_body_over_the_limit_is_refused_however_it_arrives(chunks: list[bytes | None]) -> None:
    with pytest.raises(ScimError) as caught:
        read(chunks)
    assert caught.value.status == 413


@pytest.mark.parametrize("chunks", [[None], [b"x", None]])
def test_a_client_that_leaves_ends_the_reading(chunks: list[bytes | None]) -> None:
    with pytest.raises(ClientGone):
        # A first chunk announces more, and the client leaves instead.
        read([*chunks, None])


def test_a_compressed_body_is_refused() -> None:
    with pytest.raises(ScimError) as caught:
        read([b""], (b"content-encoding", b"gzip"))
    assert caught.value.status == 415
    assert "Content-Encoding" in caught.value.detail


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "application/scim+json",
        "application/json",
        "Application/SCIM+JSON; charset=utf-8",
        'application/json;charset="UTF-8"; profile=x',
    ],
)
def test_json_media_types_are_accepted(content_type: str | None) -> None:
    assert parse_json(b'{"a":1}', content_type) == {"a": 1}


@pytest.mark.parametrize(
    ("content_type", "word"),
    [
        ("text/plain", "application/scim+json"),
        ("", "application/scim+json"),
        ("application/x-www-form-urlencoded", "application/scim+json"),
        ("application/json; charset=latin-1", "charset"),
    ],
)
def test_other_media_types_are_told_what_to_send(content_type: str, word: str) -> None:
    error = refusal(b"{}", content_type)
    assert error.status == 415
    assert word in error.detail


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ('{"a":1}'.encode("utf-16"), "byte order mark"),
        (b'{"a":"\xff"}', "not UTF-8: byte 7"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":Infinity}', "Infinity"),
        (b'{"a":-Infinity}', "Infinity"),
        (b'{"a":"\\ud800"}', "surrogate"),
        (b'{"a":"\\udc00\\ud800"}', "surrogate"),
        (b'{"a":1,\n "b" 2}', "line 2, column 6"),
        (b'{"a":1}}', "line 1, column 8"),
        (b"[" * 65 + b"]" * 65, "64 levels"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "64 levels"),
        (b"[" * 500_000, "64 levels"),
    ],
)
def test_what_is_not_json_is_refused_with_its_own_reason(body: bytes, words: str) -> None:
    error = refusal(body)
    assert (error.status, error.scim_type) == (400, "invalidSyntax")
    assert words in error.detail


def test_nesting_of_64_levels_is_accepted() -> None:
    value = parse_json(b"[" * 64 + b"]" * 64, SCIM)
    for _ in range(63):
        [value] = value
    assert value == []


def test_brackets_in_strings_do_not_count_as_nesting() -> None:
    body = orjson.dumps([{"a": "[{" * 50 + '\\"'}, "]}" * 10, *[[]] * 100])
    assert parse_json(body, SCIM) == orjson.loads(body)


def test_closing_brackets_in_strings_do_not_hide_nesting() -> None:
    assert "64 levels" in refusal(b'["]]]]",' * 65 + b"1" + b"]" * 65).detail


@pytest.mark.parametrize("piece", [b'"', b'\\"', b'["', b'"\\', b"[]", b'{"a":'])
def test_a_hostile_megabyte_is_judged_in_time(piece: bytes) -> None:
    body = b"[" * 65 + piece * (1024 * 1024 // len(piece))
    began = time.perf_counter()
    assert refusal(body).status == 400
    assert time.perf_counter() - began < 2


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_body_is_json_or_a_scim_error(body: bytes) -> None:
    try:
        value: Any = parse_json(body, SCIM)
    except ScimError as caught:
        value = (caught.status, caught.scim_type)
    assert value == (400, "invalidSyntax") or orjson.loads(body) == value
