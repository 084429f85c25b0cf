"""No input makes a 500: made-up groups, PATCHes of groups, and searches over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import Desk
from tests.server.tenant import ERROR, GROUP, Tenant

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "type", "display", "$ref", "members", "x"])
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
ids = st.sampled_from(["USER1", "USER2", "GROUP1", "GROUP2", "nobody"])
member = st.fixed_dictionaries(
    {"value": ids | any_json},
    optional={"type": st.sampled_from(["User", "Group", "user"]) | any_json, "display": any_json},
)
members = st.lists(member, max_size=3) | member | ids | any_json
group_bodies = st.fixed_dictionaries(
    {"displayName": st.sampled_from(["Crew", "Team"]) | any_json},
    optional={
        "schemas": st.just([GROUP]) | any_json,
        "members": members,
        "Members": members,
        f"{GROUP}:members": members,
        "externalId": any_json,
        "members.value": any_json,
    },
)
conditions = st.builds(
    "{} {} {}".format,
    st.sampled_from(["value", "type", "display", "$ref", "value.x", ""]),
    st.sampled_from(["eq", "ne", "co", "gt", "pr", "and"]),
    ids.map(json.dumps) | any_json.map(json.dumps),
)
paths = (
    st.sampled_from(["members", "members.value", "displayName", "externalId", "id", GROUP, "x"])
    | conditions.map("members[{}]".format)
    | conditions.map("members[{}].display".format)
    | st.text(max_size=6)
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "Add"])},
    optional={"path": paths, "value": members | group_bodies | any_json},
)
patches = st.fixed_dictionaries({"Operations": st.lists(operations, max_size=3)})
search_bodies = st.fixed_dictionaries(
    {},
    optional={
        "filter": conditions.map("members[{}]".format) | conditions | st.text(max_size=8),
        "startIndex": st.integers() | any_json,
        "count": st.integers() | any_json,
        "cursor": st.just("") | st.text(max_size=40) | any_json,
        "sortBy": st.sampled_from(["displayName", "members", "members.value", "id"]) | any_json,
        "sortOrder": st.sampled_from(["ascending", "descending"]) | any_json,
        "attributes": st.lists(st.sampled_from(["members", "members.value", "id", "x"])) | any_json,
        "excludedAttributes": st.lists(st.sampled_from(["members", "meta"])) | any_json,
    },
)


class Wire:
    """Sends what was made up, with ids in the place of the words for them."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.ids = {f"USER{n}": tenant.user(f"user{n}")["id"] for n in (1, 2)}
        self.ids |= {f"GROUP{n}": tenant.group(f"group{n}")["id"] for n in (1, 2)}

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        content = json.dumps(body)
        for word, resource_id in self.ids.items():
            path, content = path.replace(word, resource_id), content.replace(word, resource_id)
        reply = self.tenant.scim.request(method, path, content=content)
        assert reply.status_code < 500, reply.text
        if reply.status_code == 204:
            return reply
        answered = reply.json()
        if reply.status_code >= 400:
            assert answered["schemas"] == [ERROR]
            assert answered["status"] == str(reply.status_code)
            assert 10 < len(answered["detail"]) <= 400
        return reply


@pytest.fixture(scope="module")
def wire(shared_desk: Desk) -> Iterator[Wire]:
    tenant = Tenant(shared_desk)
    yield Wire(tenant)
    tenant.close()


def examples(count: int) -> Any:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        database=None,
    )


@examples(250)
@given(body=group_bodies | any_json)
def test_any_group_can_be_put(wire: Wire, body: Any) -> None:
    wire.send("PUT", "/Groups/GROUP1", body)


@examples(400)
@given(body=patches)
def test_any_patch_of_a_group_can_be_sent(wire: Wire, body: Any) -> None:
    wire.send("PATCH", "/Groups/GROUP2", body)


@examples(400)
@given(body=search_bodies, path=st.sampled_from(["/Groups/.search", "/.search", "/Users/.search"]))
def test_any_search_can_be_asked(wire: Wire, body: Any, path: str) -> None:
    reply = wire.send("POST", path, body)
    assert reply.status_code in (200, 400)
