from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.http.forwarding import base_url, client_address, valid_host


def scope(client: str = "127.0.0.1", **headers: str) -> dict[str, Any]:
    named = [(n.replace("_", "-").encode(), v.encode("latin-1")) for n, v in headers.items()]
    return {
        "client": (client, 5000),
        "server": ("127.0.0.1", 8765),
        "scheme": "http",
        "headers": named,
    }


def test_a_direct_caller_is_known_by_its_socket() -> None:
    assert client_address(scope("198.51.100.1", host="h")) == "198.51.100.1"


@pytest.mark.parametrize("agent", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_a_proxy_on_this_computer_is_believed(agent: str) -> None:
    told = scope(agent, x_forwarded_for="203.0.113.7", x_forwarded_host="x.ngrok.app")
    assert client_address(told) == "203.0.113.7"
    assert base_url(told) == "http://x.ngrok.app"


def test_a_proxy_elsewhere_is_not_believed() -> None:
    told = scope(
        "198.51.100.1",
        host="desk.example:8765",
        x_forwarded_for="203.0.113.7",
        x_forwarded_host="evil.example",
        forwarded="for=203.0.113.7;host=evil.example",
    )
    assert client_address(told) == "198.51.100.1"
    assert base_url(told) == "http://desk.example:8765"


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"x_forwarded_for": "10.1.1.1, 203.0.113.7"}, "203.0.113.7"),
        ({"x_forwarded_for": "203.0.113.7, 127.0.0.1"}, "203.0.113.7"),
        ({"x_forwarded_for": "203.0.113.7:4711"}, "203.0.113.7"),
        ({"x_forwarded_for": "[2001:db8::1]:4711"}, "2001:db8::1"),
        ({"x_forwarded_for": "2001:db8::1"}, "2001:db8::1"),
        ({"x_forwarded_for": "unknown"}, "127.0.0.1"),
        ({"x_forwarded_for": "<script>"}, "127.0.0.1"),
        ({"x_forwarded_for": ""}, "127.0.0.1"),
        ({"forwarded": "for=203.0.113.7"}, "203.0.113.7"),
        ({"forwarded": 'For="[2001:db8::1]:80";proto=https'}, "2001:db8::1"),
        ({"forwarded": "for=10.1.1.1, for=203.0.113.7;by=1.2.3.4"}, "203.0.113.7"),
        ({"forwarded": "for=_hidden"}, "127.0.0.1"),
        ({"forwarded": "for=1.1.1.1; for"}, "127.0.0.1"),
        ({"forwarded": "for=203.0.113.7", "x_forwarded_for": "1.1.1.1"}, "203.0.113.7"),
        ({"forwarded": '"', "x_forwarded_for": "203.0.113.7"}, "203.0.113.7"),
    ],
)
def test_the_callers_address_is_found(headers: dict[str, str], address: str) -> None:
    assert client_address(scope(**headers)) == address


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ({"host": "localhost:8765"}, "http://localhost:8765"),
        ({}, "http://127.0.0.1:8765"),
        ({"host": "x.ngrok.app", "x_forwarded_proto": "https"}, "https://x.ngrok.app"),
        ({"host": "x", "x_forwarded_proto": "https,http"}, "https://x"),
        ({"host": "x", "x_forwarded_proto": "gopher"}, "http://x"),
        ({"host": "x", "x_forwarded_host": "a.example, b.example"}, "http://a.example"),
        ({"host": "x", "x_forwarded_port": "8443"}, "http://x:8443"),
        ({"host": "x", "x_forwarded_proto": "https", "x_forwarded_port": "443"}, "https://x"),
        ({"host": "x:1", "x_forwarded_port": "2"}, "http://x:1"),
        ({"host": "x", "x_forwarded_port": "99999"}, "http://x"),
        ({"host": "x", "x_forwarded_prefix": "/blink/"}, "http://x/blink"),
        ({"host": "x", "x_forwarded_prefix": "//evil"}, "http://x"),
        ({"host": "x", "forwarded": "host=y.example;proto=HTTPS"}, "https://y.example"),
        ({"host": "x", "forwarded": 'host="y.example:81", host=z'}, "http://y.example:81"),
        ({"host": "[::1]:8765"}, "http://[::1]:8765"),
        ({"host": "x", "x_forwarded_host": "y/../z"}, "http://x"),
        ({"host": "x", "x_forwarded_host": "y@z"}, "http://x"),
        ({"host": "x", "x_forwarded_host": "y?z"}, "http://x"),
        ({"host": "x", "x_forwarded_host": 'y"z'}, "http://x"),
        ({"host": "<x>", "x_forwarded_host": ""}, "http://127.0.0.1:8765"),
    ],
)
def test_the_base_url_is_what_the_caller_sees(headers: dict[str, str], url: str) -> None:
    assert base_url(scope(**headers)) == url


def test_an_ipv6_socket_is_written_in_brackets() -> None:
    told = {**scope(), "server": ("::1", 8765)}
    assert base_url(told) == "http://[::1]:8765"


def test_a_caller_without_an_address_is_no_proxy() -> None:
    told = {**scope(host="h", x_forwarded_host="evil"), "client": None}
    assert client_address(told) == ""
    assert base_url(told) == "http://h"


@pytest.mark.parametrize(
    "host", ["a b", "a\r\nb", "", ":80", "a:0", "a:70000", "[::g]", "[::1", "-a"]
)
def test_what_is_not_a_host_is_not_taken(host: str) -> None:
    assert not valid_host(host)


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))
def test_no_header_can_break_out_of_the_base_url(host: str, forwarded: str) -> None:
    url = base_url(scope(x_forwarded_host=host, forwarded=forwarded, x_forwarded_prefix=host))
    parts = urlsplit(url)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert (parts.query, parts.fragment, parts.username) == ("", "", None)
    assert url.isascii()
    assert url.isprintable()
    assert client_address(scope(x_forwarded_for=host, forwarded=forwarded))
