import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.calls.call import Call
from server.calls.export import as_curl

MakeCall = Callable[..., Call]
BASE = "http://127.0.0.1:8765"

FAKE_CURL = """#!/bin/sh
for word in "$@"; do
  if [ "$word" = "@-" ]; then cat; else printf '%s\\0' "$word"; fi
done
"""

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.fixture(scope="module")
def given_to_curl(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Run a command in bash with a curl that prints its words, each with a NUL, and its input."""
    folder: Path = tmp_path_factory.mktemp("bin")
    curl = folder / "curl"
    curl.write_text(FAKE_CURL)
    curl.chmod(0o755)

    def run(command: str) -> bytes:
        done = subprocess.run(
            ["bash", "-c", command],
            env={"PATH": f"{folder}:/usr/bin:/bin", "TOKEN": "T0K3N", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=True,
        )
        return done.stdout

    return run


def test_a_call_becomes_a_command(call: MakeCall) -> None:
    made = call(
        "PATCH",
        "/scim/v2/Users/7?count=1",
        b'{"a":"it\'s"}',
        headers=(
            ("Host", "x"),
            ("Accept", "application/scim+json"),
            ("Accept-Encoding", "gzip"),
            ("Authorization", "Bearer [redacted]"),
            ("Content-Type", "application/scim+json"),
            ("Content-Length", "12"),
            ("Connection", "Keep-Alive"),
        ),
    )
    assert as_curl(made, BASE) == (
        "curl --globoff --request 'PATCH' 'http://127.0.0.1:8765/scim/v2/Users/7?count=1' \\\n"
        "  --header 'Accept: application/scim+json' \\\n"
        '  --header "Authorization: Bearer $TOKEN" \\\n'
        "  --header 'Content-Type: application/scim+json' \\\n"
        """  --data-raw '{"a":"it'\\''s"}'"""
    )


@pytest.mark.parametrize(
    ("recorded", "option"),
    [
        ("Bearer [redacted]", '--header "Authorization: Bearer $TOKEN"'),
        ("[redacted]", '--header "Authorization: $TOKEN"'),
        ("Basic [redacted]", '--user ":$TOKEN"'),
        ('"`id`" [redacted]', '--header "Authorization: $TOKEN"'),
    ],
)
def test_the_token_is_a_variable(call: MakeCall, recorded: str, option: str) -> None:
    command = as_curl(call(headers=(("Authorization", recorded),)), BASE)
    assert command.splitlines()[1].strip() == option


def test_a_head_request_has_its_own_option(call: MakeCall) -> None:
    assert as_curl(call("HEAD"), BASE).startswith("curl --globoff --head 'http")


def test_a_body_without_a_media_type_is_not_called_a_form(call: MakeCall) -> None:
    assert "--header 'Content-Type:'" in as_curl(call("POST", request=b"x", headers=()), BASE)


@needs_bash
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(min_size=1, max_size=60)
    | st.text("'\"\\$`!%@\n\r\té\u202e{}", min_size=1).map(str.encode),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="?")),
)
def test_bash_hands_curl_exactly_what_was_sent(
    call: MakeCall, given_to_curl: Callable[[str], bytes], body: bytes, value: str
) -> None:
    headers = (("X-A", value), ("Content-Type", "text/plain"))
    received = given_to_curl(
        as_curl(call("POST", f"/scim/v2/{value}", body, headers=headers), BASE)
    )
    words = received.split(b"\0")
    assert words[3] == f"{BASE}/scim/v2/{value}".encode()
    assert words[5] == (f"X-A: {value}" if value else "X-A;").encode()
    if b"\0" in body:
        assert received.endswith(b"\0--data-binary\0" + body)
    else:
        assert received.endswith(b"\0--data-raw\0" + body + b"\0")
