"""No input makes a 500: 10,000 made-up bodies, filters and paths over real HTTP."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import Desk

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

NAMES = (
    "userName name emails phoneNumbers active locale title externalId id meta schemas groups "
    "password displayName addresses manager value type primary givenName familyName department "
    "employeeNumber members roles x509Certificates profileUrl timezone nonsense $ref"
).split()

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=5,
)
user_bodies = st.builds(
    lambda schemas, name, others: {**others, "schemas": schemas, "userName": name},
    st.just([USER]) | any_json,
    st.text(min_size=1, max_size=12),
    st.dictionaries(
        st.sampled_from([*NAMES, ENTERPRISE, BLINK, f"{ENTERPRISE}:department"]),
        any_json,
        max_size=5,
    ),
)
attribute_names = st.sampled_from(
    [
        *NAMES,
        "name.givenName",
        "emails.value",
        'emails[type eq "work"]',
        'emails[type eq "work"].value',
        f"{ENTERPRISE}:manager.value",
        f"{USER}:userName",
        ENTERPRISE,
    ]
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "Add", "Replace"]) | st.text(max_size=5)},
    optional={"path": attribute_names | st.text(max_size=12) | any_json, "value": any_json},
)
patch_bodies = st.fixed_dictionaries(
    {"schemas": st.just([PATCH]) | any_json, "Operations": st.lists(operations, max_size=3)}
)
filter_words = st.lists(
    st.sampled_from(
        [
            *"eq ne co sw ew gt ge lt le pr and or not ( ) [ ] true false null".split(),
            *('"a"', '"2026-01-01T00:00:00Z"', "1", "-2.5e3", '"', "\\", "userName", "emails"),
        ]
    )
    | attribute_names
    | st.text(max_size=4),
    max_size=9,
)
filters = filter_words.map(" ".join) | st.builds(
    "{} {} {}".format,
    attribute_names,
    st.sampled_from("eq ne co sw ew gt ge lt le EQ Sw".split()),
    any_json.map(json.dumps),
)
path_parts = st.lists(
    st.sampled_from(
        [
            *("Users", "users", "Groups", "Me", "Schemas", "ResourceTypes"),
            *("ServiceProviderConfig", USER, "Bulk", ".search", "..", ".", "%00", "%ff", "a" * 300),
        ]
    )
    | st.text(max_size=8).map(lambda text: quote(text, safe="")),
    max_size=4,
).map("/".join)
query_strings = st.dictionaries(
    st.sampled_from(
        "filter startIndex count attributes excludedAttributes sortBy sortOrder cursor".split()
    ),
    st.text(max_size=10) | attribute_names | st.integers().map(str),
    max_size=3,
).map(lambda query: "&".join(f"{name}={quote(value)}" for name, value in query.items()))


class Wire:
    """A kept-alive connection to a desk with one user in it."""

    def __init__(self, desk: Desk) -> None:
        host, port = desk.netloc.split(":")
        self._connection = http.client.HTTPConnection(host, int(port), timeout=30)
        self._headers = {
            "Authorization": f"Bearer {desk.token}",
            "Content-Type": "application/scim+json",
        }
        created = self.send("POST", "/Users", json.dumps({"userName": "ann", "schemas": [USER]}))
        self.user = f"/Users/{created['id']}"

    def send(self, method: str, target: str, body: str | bytes | None = None) -> Any:
        """Send a request and return the body of the answer, which must be a SCIM one."""
        content = body.encode() if isinstance(body, str) else body
        self._connection.request(method, f"/scim/v2{target}", content, self._headers)
        answer = self._connection.getresponse()
        received = answer.read()
        assert answer.status < 500 or answer.status == 501, (answer.status, received)
        if answer.status == 204 or method == "HEAD":
            assert received == b""
            return None
        assert answer.headers["Content-Type"] == "application/scim+json"
        value = json.loads(received)
        assert isinstance(value["schemas"], list)
        if answer.status >= 400:
            assert value["schemas"] == [ERROR]
            assert value["status"] == str(answer.status)
            assert len(value["detail"]) > 10
        return value

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder: Path = tmp_path_factory.mktemp("any-input")
    desk = Desk(folder)
    wire = Wire(desk)
    yield wire
    wire.close()
    desk.close()


def examples(count: int) -> Any:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        database=None,
    )


@examples(2000)
@given(body=user_bodies)
def test_any_user_can_be_posted(wire: Wire, body: dict[str, Any]) -> None:
    wire.send("POST", "/Users", json.dumps(body))


@examples(1000)
@given(body=user_bodies)
def test_any_user_can_be_put(wire: Wire, body: dict[str, Any]) -> None:
    wire.send("PUT", wire.user, json.dumps(body))


@examples(2500)
@given(body=patch_bodies)
def test_any_patch_can_be_sent(wire: Wire, body: dict[str, Any]) -> None:
    wire.send("PATCH", wire.user, json.dumps(body))


@examples(500)
@given(method=st.sampled_from(["POST", "PUT", "PATCH"]), body=st.binary(max_size=40) | any_json)
def test_any_bytes_can_be_a_body(wire: Wire, method: str, body: Any) -> None:
    target = "/Users" if method == "POST" else wire.user
    wire.send(method, target, body if isinstance(body, bytes) else json.dumps(body))


@examples(2500)
@given(text=filters)
def test_any_filter_can_be_asked(wire: Wire, text: str) -> None:
    value = wire.send("GET", f"/Users?filter={quote(text)}&count=1")
    assert value["schemas"] in ([LIST], [ERROR])
    if value["schemas"] == [ERROR]:
        assert value["scimType"] == "invalidFilter"


@examples(1500)
@given(
    method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW"]),
    path=path_parts,
    query=query_strings,
)
def test_any_path_and_query_can_be_asked(wire: Wire, method: str, path: str, query: str) -> None:
    wire.send(method, f"/{path}?{query}", "{}" if method in ("POST", "PUT", "PATCH") else None)
