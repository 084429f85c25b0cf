import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calls.redaction import Redactor

TOKEN = "blinkscim_Zm9vYmFyYmF6cXV4-_0123456789"
SECRET = "XS3CR3TX"
redactor = Redactor("blinkscim_")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (f"Bearer {TOKEN}", "Bearer [redacted]"),
        (f"bearer {TOKEN}", "bearer [redacted]"),
        (f"Bearer Bearer {TOKEN}", "Bearer Bearer [redacted]"),
        ("Basic dXNlcjpwYXNz", "Basic [redacted]"),
        (TOKEN, "[redacted]"),
        ("another secret", "[redacted]"),
    ],
)
def test_an_authorization_keeps_its_scheme_and_nothing_else(value: str, kept: str) -> None:
    assert redactor.headers([(b"Authorization", value.encode())]) == (("Authorization", kept),)


@pytest.mark.parametrize(
    "name", [b"Cookie", b"Set-Cookie", b"X-API-Key", b"x-auth-token", b"Client-Secret", b"Password"]
)
def test_headers_that_speak_of_secrets_lose_their_values(name: bytes) -> None:
    assert redactor.headers([(name, b"abc")])[0][1] == "[redacted]"


def test_other_headers_keep_order_case_and_value() -> None:
    headers = [(b"Host", b"h"), (b"aCCEPT", b"\xe9"), (b"Host", b"i")]
    assert redactor.headers(headers) == (("Host", "h"), ("aCCEPT", "\xe9"), ("Host", "i"))


def test_a_token_is_taken_out_of_any_header() -> None:
    [(_, value)] = redactor.headers([(b"Referer", f"http://x/{TOKEN}?a".encode())])
    assert value == "http://x/[redacted]?a"


def test_a_token_in_the_path_is_taken_out_also_when_it_is_encoded() -> None:
    assert redactor.text(f"/scim/v2/{TOKEN}") == "/scim/v2/[redacted]"
    assert redactor.text("/scim/v2/blinkscim%5Fabc/x") == "/scim/v2/[redacted]/x"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("startIndex=1&count=2", "startIndex=1&count=2"),
        ("filter=userName%20eq%20%22a%40b%22", "filter=userName%20eq%20%22a%40b%22"),
        (f"access_token={SECRET}&count=2", "access_token=[redacted]&count=2"),
        (f"count=2&filter=password+eq+%22{SECRET}%22", "count=2&filter=[redacted]"),
        (f"filter=p%61ssword%20eq%20%22{SECRET}%22", "filter=[redacted]"),
        (f"x={TOKEN}", "x=[redacted]"),
        ("x=blinkscim%5Fabc", "x=[redacted]"),
        (f"password={SECRET}", "password=[redacted]"),
    ],
)
def test_a_query_loses_only_its_secrets(query: str, kept: str) -> None:
    assert redactor.query(query) == kept


def test_a_clean_body_is_the_same_object() -> None:
    body = b'{ "userName" : "ann" }'
    assert redactor.body(body) is body


def test_the_formatting_around_a_password_stays() -> None:
    body = b'{ "userName": "ann",\n  "password" : "s3cret", "active":true }'
    expected = b'{ "userName": "ann",\n  "password" : "[redacted]", "active":true }'
    assert redactor.body(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        f'{{"PassWord":"{SECRET}"}}',
        f'{{"p\\u0061ssword":"{SECRET}"}}',
        f'{{"urn:ietf:params:scim:schemas:core:2.0:User:password":"{SECRET}"}}',
        f'{{"password":{{"value":"{SECRET}"}}}}',
        f'{{"password":["{SECRET}"]}}',
        f'{{"password":"a\\"{SECRET}"}}',
        f'{{"newPassword":"{SECRET}"}}',
        f'{{"Operations":[{{"op":"replace","path":"password","value":"{SECRET}"}}]}}',
        f'{{"Operations":[{{"value":"{SECRET}","op":"replace","path":"urn:x:User:PASSWORD"}}]}}',
        f'{{"Operations":[{{"op":"replace","path":"p\\u0061ssword","value":{{"a":"{SECRET}"}}}}]}}',
        f'{{"Operations":[{{"value":"{SECRET}","value":"x","path":"password"}}]}}',
        f'{{"Operations":[{{"op":"replace","value":{{"password":"{SECRET}"}}}}]}}',
        f'{{"op":"remove","path":"password[value eq \\"{SECRET}\\"]"}}',
        f'{{"filter":"password eq \\"{SECRET}\\""}}',
        f'{{"log":"{{\\"password\\":\\"{SECRET}\\"}}"}}',
        f'{{"password":"{SECRET}"',
        f'{{"value":"{SECRET}","path":"password"',
        f'{{"p\\u0061ssword":"{SECRET}"',
        f'\ufeff{{"password":"{SECRET}"}}',
        f"password={SECRET}",
        f"<password>{SECRET}</password>",
    ],
)
def test_no_form_of_a_password_survives(body: str) -> None:
    assert SECRET.encode() not in redactor.body(body.encode(), "application/scim+json")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_body_in_another_encoding_is_withheld(encoding: str) -> None:
    body = f'{{"password":"{SECRET}"}}'.encode(encoding)
    assert redactor.body(body) == f"[{len(body)} bytes in another encoding were withheld]".encode()


def test_a_compressed_body_is_withheld() -> None:
    assert redactor.body(b"\x1f\x8bxyz", "", "gzip") == b"[5 bytes compressed were withheld]"


def test_a_form_loses_its_password_only() -> None:
    body = redactor.body(b"user=ann&p%61ssword=x&n=1", "application/x-www-form-urlencoded")
    assert body == b"user=ann&p%61ssword=[redacted]&n=1"


def test_null_and_feature_switches_stay() -> None:
    body = b'{"password":null,"changePassword":{"supported":false},"x":"\\u00e9"}'
    assert redactor.body(body) == body


def test_a_description_that_mentions_passwords_stays() -> None:
    body = b'{"name":"password","description":"The user\'s password, never returned."}'
    assert redactor.body(body) == body


@pytest.mark.parametrize(
    "body",
    [
        f'{{"x":"see {TOKEN}!"}}'.encode(),
        b'{"x":"blinkscim\\u005fZm9vYmFyYmF6cXV4"}',
        b'{"x":"blinkscim\\u005fZm9vYmFyYmF6cXV4"',
        f"\xff {TOKEN}".encode("latin-1"),
    ],
)
def test_a_token_in_a_body_is_taken_out(body: bytes) -> None:
    assert b"Zm9vYmFyYmF6cXV4" not in redactor.body(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def json_with_password(draw: st.DrawFn) -> str:
    """A JSON text with SECRET somewhere under a key that is a way to write "password"."""
    key = draw(st.sampled_from(["password", "Password", "PASSWORD", "urn:a:b:User:password"]))
    hidden = draw(
        st.sampled_from([SECRET, [SECRET], {"value": SECRET}, {"a": [{"b": f'"{SECRET}\\'}]}])
    )
    value: object = {**draw(st.dictionaries(st.text(), json_values, max_size=3)), key: hidden}
    for wrapper in draw(st.lists(st.sampled_from(["list", "object", "string-neighbour"]))):
        if wrapper == "list":
            value = [draw(json_values), value]
        elif wrapper == "object":
            value = {draw(st.text()): draw(json_values), "x": value}
        else:
            value = {"detail": draw(st.text()) + '\\"password":"', "x": value}
    text = json.dumps(value, ensure_ascii=draw(st.booleans()), indent=draw(st.none() | st.just(2)))
    if draw(st.booleans()):
        text = text.replace("assword", "\\u0061ssword")
    return text


@given(json_with_password())
def test_a_password_anywhere_in_any_json_never_survives(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    redacted = redactor.body(body, "application/scim+json")
    assert SECRET.encode() not in redacted


@given(json_with_password(), st.data())
def test_a_password_in_json_cut_off_anywhere_never_survives(text: str, data: st.DataObject) -> None:
    body = text.encode("utf-8", "surrogatepass")
    cut = data.draw(st.integers(0, len(body)))
    assert SECRET.encode() not in redactor.body(body[:cut], "application/scim+json")


@given(json_values)
def test_what_is_redacted_is_still_json_with_the_same_rest(value: object) -> None:
    text = json.dumps({"keep": value, "password": "x\\y"})
    redacted = json.loads(redactor.body(text.encode()))
    assert set(redacted) == {"keep", "password"}
    assert redacted["password"] == "[redacted]"


@given(st.binary(max_size=200), st.text(alphabet=string.printable, max_size=30))
def test_any_bytes_can_be_redacted(body: bytes, content_type: str) -> None:
    assert isinstance(redactor.body(body, content_type), bytes)
    assert isinstance(redactor.query(body.decode("latin-1")), str)
    assert isinstance(redactor.headers([(body, body)]), tuple)


@pytest.mark.parametrize("piece", [b'"\\', b'{"password":', b"[", b'\\"', b"blinkscim_", b"%70"])
def test_large_hostile_bodies_are_redacted_in_time(piece: bytes) -> None:
    body = b'"password' + piece * (1024 * 1024 // len(piece))
    began = time.perf_counter()
    redactor.body(body)
    assert time.perf_counter() - began < 2
