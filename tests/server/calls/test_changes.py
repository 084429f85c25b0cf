from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calls.call import Call
from server.calls.changes import Changes, changes
from server.calls.differences import AttributeChange, differences
from server.calls.member_changes import MOST
from server.calls.redaction import REDACTED

MakeCall = Callable[..., Call]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
META = {"id": "7", "meta": {"version": "1"}, "schemas": ["x"]}


def stored(**document: Any) -> bytes:
    return orjson.dumps({"schemas": ["x"], "userName": "ann"} | document)


def answer(**document: Any) -> dict[str, Any]:
    return META | {"userName": "ann"} | document


def put(call: MakeCall, before: bytes, after: dict[str, Any], **more: Any) -> Changes:
    return changes(call("PUT", "/scim/v2/Users/7", after, 200, after, before=before, **more))


def rows(found: Changes) -> list[tuple[str, Any, Any]]:
    return [(change.path, change.before, change.after) for change in found.attributes]


def test_an_update_lists_what_differs_and_nothing_that_the_server_makes(call: MakeCall) -> None:
    before = stored(title="Clerk", name={"givenName": "Ann", "familyName": "Bell"}, nickName="A")
    after = answer(title="Lead", name={"givenName": "Ann", "familyName": "Ball"}, locale="en-GB")
    found = put(call, before, after)
    assert found.kind == "updated"
    assert rows(found) == [
        ("title", "Clerk", "Lead"),
        ("name.familyName", "Bell", "Ball"),
        ("locale", None, "en-GB"),
        ("nickName", "A", None),
    ]


def test_extensions_have_scim_paths(call: MakeCall) -> None:
    before = stored(**{ENTERPRISE: {"department": "Sales", "manager": {"value": "1"}}})
    after = answer(**{ENTERPRISE: {"department": "IT", "manager": {"value": "2"}}})
    assert rows(put(call, before, after)) == [
        (f"{ENTERPRISE}:department", "Sales", "IT"),
        (f"{ENTERPRISE}:manager.value", "1", "2"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            [{"type": "work", "value": "a"}, {"type": "home", "value": "b"}],
            [{"type": "home", "value": "b"}, {"type": "Work", "value": "c"}],
            [('emails[type eq "Work"].value', "a", "c")],
        ),
        (
            [{"type": "work", "value": "a"}],
            [{"type": "work", "value": "a"}, {"type": "home", "value": "b", "primary": True}],
            [
                ('emails[type eq "home"].value', None, "b"),
                ('emails[type eq "home"].primary', None, True),
            ],
        ),
        (
            [{"value": "a", "primary": True}],
            [{"value": "b", "primary": True}],
            [("emails.value", "a", "b")],
        ),
        (
            [{"value": "a", "primary": True}, {"value": "x"}],
            [{"value": "x"}, {"value": "b", "primary": True}],
            [("emails[primary eq true].value", "a", "b")],
        ),
        (
            [{"type": "work", "value": "a"}, {"type": "work", "value": "b"}],
            [{"type": "work", "value": "b"}],
            [
                ('emails[value eq "a"].type', "work", None),
                ('emails[value eq "a"].value', "a", None),
            ],
        ),
        (None, ["plain"], [("emails", None, ["plain"])]),
        ([{"value": "a"}], "text", [("emails", [{"value": "a"}], "text")]),
    ],
)
def test_elements_are_matched_by_type_else_by_value(
    call: MakeCall, before: Any, after: Any, expected: list[tuple[str, Any, Any]]
) -> None:
    found = put(call, stored(emails=before), answer(emails=after))
    assert rows(found) == expected


def test_a_create_lists_everything_and_a_link_what_came_new(call: MakeCall) -> None:
    body = answer(title="Lead", password="S3cret")
    created = changes(call("POST", "/scim/v2/Users", body, 201, answer(title="Lead")))
    assert created.kind == "created"
    assert rows(created) == [("userName", None, "ann"), ("title", None, "Lead")]
    linked = changes(
        call("POST", "/scim/v2/Users", body, 201, answer(title="Lead"), before=stored())
    )
    assert linked == Changes("linked", (AttributeChange("title", None, "Lead"),))


def test_a_deletion_lists_what_was_there(call: MakeCall) -> None:
    found = changes(call("DELETE", "/scim/v2/Users/7", status=204, before=stored(title="Lead")))
    assert found.kind == "deleted"
    assert rows(found) == [("userName", "ann", None), ("title", "Lead", None)]


def test_a_change_that_changes_nothing_says_so(call: MakeCall) -> None:
    assert put(call, stored(title="Lead"), answer(title="Lead")) == Changes("unchanged")


@pytest.mark.parametrize("status", [0, 400, 409, 500])
def test_a_refused_change_changed_nothing(call: MakeCall, status: int) -> None:
    refused = call("PUT", "/scim/v2/Users/7", answer(), status, before=stored())
    assert changes(refused) == Changes("refused")


@pytest.mark.parametrize("target", ["/scim/v2/Bulk", "/scim/v2/Users/.search", "/elsewhere"])
def test_what_concerns_no_single_resource_has_no_changes(call: MakeCall, target: str) -> None:
    assert changes(call("POST", target, answer())) == Changes("none")


def test_a_read_has_no_changes(call: MakeCall) -> None:
    assert changes(call("GET", "/scim/v2/Users/7", response=answer())) == Changes("none")


def test_a_password_is_withheld(call: MakeCall) -> None:
    body = {"Operations": [{"op": "replace", "value": {"password": "S3cret"}}]}
    found = changes(call("PATCH", "/scim/v2/Users/7", body, 200, answer(), before=stored()))
    assert found == Changes("updated", (AttributeChange("password", None, REDACTED),))


def test_where_the_answer_shows_a_part_the_request_is_believed(call: MakeCall) -> None:
    operations = [
        {"op": "Replace", "path": "title", "value": "Lead"},
        {"op": "remove", "path": f"{ENTERPRISE}:department"},
        {"op": "replace", "value": {"id": "7", "name": {"givenName": "Anna"}, "active": True}},
    ]
    before = stored(
        title="Clerk",
        active=True,
        name={"givenName": "Ann", "familyName": "Bell"},
        **{ENTERPRISE: {"department": "IT"}},
    )
    found = changes(
        call(
            "PATCH",
            "/scim/v2/Users/7?attributes=userName",
            {"Operations": operations},
            200,
            answer(),
            before=before,
        )
    )
    assert rows(found) == [
        ("title", "Clerk", "Lead"),
        (f"{ENTERPRISE}:department", "IT", None),
        ("name.givenName", "Ann", "Anna"),
    ]


def group(call: MakeCall, method: str, body: Any, **more: Any) -> Call:
    status = {"POST": 201, "PATCH": 204}.get(method, 200)
    path = "/scim/v2/Groups" + ("" if method == "POST" else "/3")
    before = b"" if method == "POST" else orjson.dumps({"displayName": "Sales"})
    return call(method, path, body, status, before=before, **more)


def test_members_come_and_go_by_a_patch(call: MakeCall) -> None:
    operations = [
        {"op": "remove", "path": 'members[value eq "1"]'},
        {"op": "add", "path": "members", "value": [{"value": "2", "display": "bob"}]},
        {"op": "replace", "value": {"id": "3", "displayName": "Sales"}},
    ]
    found = changes(group(call, "PATCH", {"Operations": operations}))
    assert found.kind == "updated"
    assert rows(found) == [
        ('members[value eq "1"]', "1", None),
        ('members[value eq "2"]', None, "bob"),
    ]


def test_a_renamed_group_shows_both_names(call: MakeCall) -> None:
    body = {"Operations": [{"op": "replace", "value": {"id": "3", "displayName": "New"}}]}
    found = changes(group(call, "PATCH", body))
    assert rows(found) == [("displayName", "Sales", "New")]


def test_a_put_of_a_group_is_compared_with_the_read_before_it(call: MakeCall) -> None:
    sent = {"displayName": "Sales", "members": [{"value": "2"}, {"value": "3"}]}
    shown = {"id": "3", "displayName": "Sales", "members": [{"value": "1"}, {"value": "2"}]}
    written = group(call, "PUT", sent)
    read = replace(call("GET", "/scim/v2/Groups/3", response=shown), at=written.at - 1)
    assert rows(changes(written, [read, written])) == [
        ('members[value eq "3"]', None, "3"),
        ('members[value eq "1"]', "1", None),
    ]
    (alone,) = changes(written).attributes
    assert alone.note == "set to 2 members; who was in the group before is not recorded"


def test_many_members_are_counted(call: MakeCall) -> None:
    body = {"displayName": "Sales", "members": [{"value": str(n)} for n in range(1200)]}
    found = changes(group(call, "POST", body)).attributes
    assert len(found) == MOST + 2
    assert found[-1].note == "and 1,000 more"


any_json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "value", "primary", "members", "op", "path", "id", "emails"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
bodies = st.binary(max_size=10) | any_json.map(orjson.dumps)


@given(
    st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]),
    st.sampled_from(["/scim/v2/Users/7", "/scim/v2/Groups/7", "/scim/v2/Groups", "/x"]),
    st.sampled_from(["", "attributes=a", "%ff"]),
    bodies,
    bodies,
    bodies,
)
def test_any_bytes_can_be_compared(
    method: str, path: str, query: str, before: bytes, request: bytes, response: bytes
) -> None:
    made = Call(
        5, 0, "", 1, 1, "", method, path, query, 200, (), request, (), response, before=before
    )
    found = changes(made, [replace(made, at=1, method="GET", query=""), made])
    assert len(found.attributes) <= 100


def test_a_body_nested_too_deeply_is_survived(call: MakeCall) -> None:
    deep = b'{"id":' + b'{"a":' * 1000 + b"1" + b"}" * 1001
    made = call("PUT", "/scim/v2/Users/7", deep, 200, deep, before=stored())
    assert changes(made).kind in ("updated", "unchanged")


@given(st.dictionaries(st.text(min_size=1, max_size=4), any_json, max_size=4))
def test_equal_resources_do_not_differ(resource: dict[str, Any]) -> None:
    assert list(differences(resource, orjson.loads(orjson.dumps(resource)))) == []
