import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from server.okta.people import Person
from server.okta.tenant import Tenant, TenantError, tenant_domain

TOKEN = "00aSecretTokenOfTheTenant-123456789012345"
Answer = tuple[int, dict[str, str], Any]


class FakeOkta:
    """Answers as Okta's API does; ``answers`` come first, one for each request."""

    def __init__(self) -> None:
        self.users = [user(number) for number in range(450)]
        self.custom: dict[str, Any] = {}
        self.answers: list[Answer] = []
        self.requests: list[tuple[str, dict[str, list[str]], str]] = []
        self.url = ""
        self.next_host = ""

    def answer(self, target: str, authorization: str) -> Answer:
        parts = urlsplit(target)
        query = parse_qs(parts.query)
        self.requests.append((parts.path, query, authorization))
        if self.answers:
            return self.answers.pop(0)
        if parts.path.endswith("/meta/schemas/user/default"):
            return 200, {}, {"definitions": {"custom": {"properties": self.custom}}}
        if parts.path.endswith("/groups"):
            return 200, {}, [{"id": "00g1", "type": "OKTA_GROUP", "profile": {"name": "Nurses"}}]
        if "search" in query:
            return 200, {}, [user(900, status="DEPROVISIONED")]
        begin = int(query.get("after", ["0"])[0])
        end = begin + int(query["limit"][0])
        link = f'<{self.url}{parts.path}?limit=200>; rel="self"'
        if end < len(self.users):
            host = self.next_host or self.url
            link += f', <{host}{parts.path}?after={end}&limit=200>; rel="next"'
        return 200, {"Link": link}, self.users[begin:end]


def user(number: int, **more: Any) -> dict[str, Any]:
    login = f"user{number}@acme.example"
    profile = {"login": login, "email": login, "firstName": "Ann", "lastName": None, "onCall": True}
    return {"id": f"00u{number}", "status": "ACTIVE", "profile": profile} | more


@pytest.fixture
def okta(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOkta]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as fake:
        yield fake


@contextmanager
def serving() -> Iterator[FakeOkta]:
    fake = FakeOkta()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = fake.answer(self.path, self.headers["Authorization"])
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()


def tenant(okta: FakeOkta, token: str = TOKEN) -> Tenant:
    return Tenant("acme.okta.com", token, base_url=okta.url)


def quietly(text: str) -> None:
    pass


def test_all_pages_are_read_with_the_token_and_with_getting_alone(okta: FakeOkta) -> None:
    okta.custom = {
        "onCall": {"title": "On call", "type": "boolean"},
        "tags": {"title": "Tags", "type": "array", "items": {"type": "string"}},
        "badge": {"type": "integer"},
        "land": {"type": "string", "format": "country-code", "maxLength": 2},
    }
    with tenant(okta) as reader:
        reading = reader.read(quietly)
        people = [entry for entry in reading.entries if isinstance(entry, Person)]
    assert [person.id for person in people] == [f"00u{number}" for number in range(450)]
    assert people[0].profile["onCall"] is True
    assert "lastName" not in people[0].profile
    assert {attribute.name: attribute.type for attribute in reading.schema.custom} == {
        "onCall": "boolean",
        "tags": "string array",
        "badge": "integer",
        "land": "country code",
    }
    assert {authorization for _, _, authorization in okta.requests} == {f"SSWS {TOKEN}"}
    assert [query.get("after") for _, query, _ in okta.requests[1:]] == [None, ["200"], ["400"]]


def test_groups_and_deactivated_people_are_read_when_asked_for(okta: FakeOkta) -> None:
    okta.users = okta.users[:2]
    with tenant(okta) as reader:
        reading = reader.read(quietly, with_deactivated=True, with_groups=True)
        people = [entry for entry in reading.entries if isinstance(entry, Person)]
    assert [person.status for person in people] == ["ACTIVE", "ACTIVE", "DEPROVISIONED"]
    assert [person.groups[0].name for person in people] == ["Nurses"] * 3


def test_a_search_is_handed_on(okta: FakeOkta) -> None:
    with tenant(okta) as reader:
        assert len(list(reader.read(quietly, search='profile.city eq "Hull"').entries)) == 1
    assert okta.requests[-1][1]["search"] == ['profile.city eq "Hull"']


def test_the_token_goes_to_no_other_address(okta: FakeOkta) -> None:
    with serving() as other:
        okta.next_host = other.url
        with tenant(okta) as reader, pytest.raises(TenantError, match="another address"):
            list(reader.read(quietly).entries)
        assert other.requests == []


def test_a_rate_limit_is_waited_for_by_okta_s_clock(okta: FakeOkta) -> None:
    now = int(time.time())
    okta.answers = [
        (429, {"X-Rate-Limit-Reset": str(now - 5)}, {}),
        (429, {"Retry-After": "1"}, {}),
    ]
    told: list[str] = []
    begun = time.monotonic()
    with tenant(okta) as reader:
        reader.check(told.append)
    assert 1.4 < time.monotonic() - begun < 4
    assert any("rate limit" in text for text in told)
    assert len(okta.requests) == 3


def test_waiting_can_be_given_up(okta: FakeOkta) -> None:
    okta.answers = [(429, {"Retry-After": "60"}, {})]

    def give_up(text: str) -> None:
        if "to wait" in text:
            raise KeyboardInterrupt

    begun = time.monotonic()
    with tenant(okta) as reader, pytest.raises(KeyboardInterrupt):
        reader.check(give_up)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((401, {}, {"errorSummary": "Invalid token provided"}), "token.*Invalid token provided"),
        ((403, {}, {"errorSummary": "You do not have permission"}), "read-only administrator"),
        ((404, {}, b"<html>"), "check the domain"),
        ((400, {}, {"errorSummary": "Invalid search criteria."}), "search expression"),
        ((302, {"Location": "https://elsewhere.example"}, b""), "elsewhere"),
        ((500, {}, b""), "try again"),
        ((200, {}, b"<html>"), "does not answer as Okta"),
        ((200, {}, {"a": 1}), "does not answer as Okta"),
    ],
)
def test_what_okta_refuses_is_told_in_a_sentence(okta: FakeOkta, answer: Answer, told: str) -> None:
    okta.answers = [answer]
    with tenant(okta) as reader, pytest.raises(TenantError, match=told) as caught:
        reader.check(quietly)
    assert str(caught.value).endswith(".")
    assert TOKEN not in str(caught.value)


def test_no_connection_and_no_such_name_are_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,acme.invalid")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with (
            Tenant("acme.okta.com", TOKEN, base_url=address) as reader,
            pytest.raises(TenantError, match=r"connection to .* failed"),
        ):
            reader.check(quietly)
    with (
        Tenant("acme.invalid", TOKEN) as reader,
        pytest.raises(TenantError, match="was not found"),
    ):
        reader.check(quietly)


def test_a_server_without_a_certificate_is_told_in_a_sentence(okta: FakeOkta) -> None:
    address = okta.url.replace("http:", "https:")
    with (
        Tenant("acme.okta.com", TOKEN, base_url=address) as reader,
        pytest.raises(TenantError, match="certificate"),
    ):
        reader.check(quietly)


@pytest.mark.parametrize(
    "text", ["acme.okta.com", " https://Acme.okta.com/ ", "HTTPS://acme.okta.com//"]
)
def test_a_domain_is_understood(text: str) -> None:
    assert tenant_domain(text) == "acme.okta.com"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "missing"),
        ("http://acme.okta.com", "https only"),
        ("https://acme-admin.okta.com/admin/dashboard", "give acme.okta.com"),
        ("acme.okta.com/app", "give acme.okta.com"),
        ("user@acme.okta.com", "not the domain"),
        ("acme.okta.com:8443", "not the domain"),
        ("127.0.0.1", "not the domain"),
        ("localhost", "not the domain"),
        ("acme okta.com", "not the domain"),
        ("acme.okta.com?x", "not the domain"),
    ],
)
def test_what_is_no_domain_is_refused_with_the_cure(text: str, told: str) -> None:
    with pytest.raises(TenantError, match=told):
        tenant_domain(text)


def test_a_token_may_be_pasted_with_its_scheme_and_is_shown_nowhere(okta: FakeOkta) -> None:
    with tenant(okta, f" SSWS {TOKEN}\n") as reader:
        reader.check(quietly)
        assert TOKEN not in repr(reader)
    assert okta.requests[0][2] == f"SSWS {TOKEN}"


@pytest.mark.parametrize(
    "token", ["", "short", "with blank in it", "line\nbreak-1234567", "tökén12345"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    make: Callable[[], Tenant] = lambda: Tenant("acme.okta.com", token)  # noqa: E731
    with pytest.raises(TenantError, match="not an API token"):
        make()
