"""Members are changed row by row; what comes of it must be what the general engine makes of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.scim.errors import ScimError
from server.scim.patch import apply_patch
from tests.desk import Desk
from tests.server.scim.samples import GROUP as GROUP_TYPE
from tests.server.tenant import GROUP, PATCH, Json, Tenant

NAMES = ("ann", "bob", "cat", "dan")
NOBODY = "nobody"

names = st.sampled_from(NAMES)
strangers = st.sampled_from((*NAMES, *NAMES, NOBODY))
member = st.builds(
    lambda name, more: {"value": name} | more,
    strangers,
    st.sampled_from([{}, {}, {"type": "User"}, {"display": None}, {"display": "x"}]),
)
members = st.lists(member, max_size=3)
conditions = st.one_of(
    st.builds('value eq "{}"'.format, strangers),
    st.builds('value eq "{}" or value eq "{}"'.format, names, names),
    st.builds('value eq "{}" and type eq "User"'.format, names),
    st.builds('value eq "{}" and type eq "Group"'.format, names),
    st.builds('value ne "{}"'.format, names),
    st.builds('not (value eq "{}")'.format, names),
    st.builds('value eq "{}" or type eq "User" and value eq "{}"'.format, names, names),
    st.builds('display eq "{}"'.format, names),
    st.sampled_from(["value pr", "type pr", 'value eq "a" and value eq "b"', "value eq null"]),
)
paths = st.sampled_from(["members", "Members", f"{GROUP}:members"])
changes = st.one_of(
    st.builds(
        lambda op, path, value: {"op": op, "path": path, "value": value},
        st.sampled_from(["add", "replace", "remove", "Add"]),
        paths,
        members | member | st.none() | strangers,
    ),
    st.builds(lambda path: {"op": "remove", "path": path}, paths),
    st.builds(
        lambda path, condition: {"op": "remove", "path": f"{path}[{condition}]"}, paths, conditions
    ),
    st.builds(
        lambda op, value: {"op": op, "value": {"members": value}},
        st.sampled_from(["add", "replace"]),
        members | st.none(),
    ),
    st.builds(
        lambda value, name: {"op": "replace", "value": {"displayName": name, "Members": value}},
        members,
        st.sampled_from(["Crew", "Team", ""]),
    ),
    st.builds(
        lambda name: {"op": "replace", "path": "displayName", "value": name},
        st.sampled_from(["Crew", "Team", "", None]),
    ),
)


class Race:
    """A group and the four who may be in it."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.ids = {name: tenant.user(name)["id"] for name in NAMES}
        self.names = {user_id: name for name, user_id in self.ids.items()}
        self.path = f"/Groups/{tenant.group('Crew')['id']}"

    def put(self, present: list[str]) -> None:
        """Make these the members."""
        body = {"displayName": "Crew", "members": [{"value": self.ids[name]} for name in present]}
        assert self.tenant.scim.put(self.path, json=body).status_code == 200

    def patched(self, operations: list[Json]) -> tuple[str, Any, Any]:
        """Return what became of a PATCH: how it was answered, the displayName, the members."""
        body = {"schemas": [PATCH], "Operations": self.filled_in(operations)}
        reply = self.tenant.scim.patch(self.path, json=body)
        answered = "done" if reply.status_code == 204 else reply.json()["scimType"]
        stored = self.tenant.get(self.path)
        listed = stored.get("members", [])
        assert all(m["display"] == self.names[m["value"]] for m in listed)
        return answered, stored["displayName"], sorted(self.names[m["value"]] for m in listed)

    def filled_in(self, value: Any) -> Any:
        """Put ids in the place of names."""
        if isinstance(value, list):
            return [self.filled_in(item) for item in value]
        if isinstance(value, dict):
            return {
                key: item if key == "displayName" else self.filled_in(item)
                for key, item in value.items()
            }
        if not isinstance(value, str) or value in ("Crew", "Team"):
            return value
        if "display eq" in value:
            return value
        for name, user_id in self.ids.items():
            value = user_id if value == name else value.replace(f'"{name}"', f'"{user_id}"')
        return value


def expected(present: list[str], operations: list[Json]) -> list[tuple[str, Any, Any]]:
    """Return what ``Race.patched`` may return, by the engine that looks at the whole group.

    Where several operations are refused, any of them may be the one that is told. Two things are
    left open within one request: whether somebody unknown who is removed again is refused, and
    whether a member that was just added has its type and name already.
    """
    return [*outcomes(present, operations, fills_in=True), *outcomes(present, operations)]


def outcomes(
    present: list[str], operations: list[Json], fills_in: bool = False
) -> Iterator[tuple[str, Any, Any]]:
    document: Json = {"schemas": [GROUP], "displayName": "Crew", "members": named(present)}
    refused = False
    for operation in operations:
        try:
            document = apply_patch(GROUP_TYPE, document, {"Operations": [operation]}).document
        except ScimError as error:
            refused = True
            yield str(error.scim_type), "Crew", sorted(present)
        if NOBODY in values(document):
            yield "invalidValue", "Crew", sorted(present)
        if fills_in:
            document["members"] = named(sorted(values(document)))
    if not refused and NOBODY not in values(document):
        yield "done", document["displayName"], sorted(values(document))


def named(found: list[str]) -> list[Json]:
    return [{"value": name, "type": "User", "display": name} for name in found]


def values(document: Json) -> set[str]:
    return {element["value"] for element in document.get("members", ())}


@pytest.fixture(scope="module")
def race(shared_desk: Desk) -> Iterator[Race]:
    tenant = Tenant(shared_desk)
    yield Race(tenant)
    tenant.close()


@settings(
    max_examples=300,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    present=st.lists(names, unique=True, max_size=4),
    operations=st.lists(changes, min_size=1, max_size=3),
)
def test_a_patch_of_members_is_what_the_general_engine_makes_of_it(
    race: Race, present: list[str], operations: list[Json]
) -> None:
    race.put(present)
    assert race.patched(operations) in expected(present, operations)
