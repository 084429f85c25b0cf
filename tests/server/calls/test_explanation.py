from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calls.call import Call, Remark
from server.calls.clients import origin
from server.calls.explanation import understand
from server.calls.operations import OPERATIONS

MakeCall = Callable[..., Call]
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ANN = {"userName": "ann@acme.example", "active": True}
LOOK_UP = "/scim/v2/Users?filter=userName%20eq%20%22ann%40acme.example%22&startIndex=1&count=100"
GROUP_LOOK_UP = "/scim/v2/Groups?filter=displayName+eq+%22Sales%22&startIndex=1&count=100"


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def listed(total: int) -> dict[str, Any]:
    return {"totalResults": total, "Resources": []}


def error(detail: str, scim_type: str = "") -> dict[str, Any]:
    return {"schemas": [ERROR], "status": "400", "scimType": scim_type, "detail": detail}


def replace(value: Any, path: str | None = None) -> dict[str, Any]:
    named = {"path": path} if path else {}
    return {"op": "replace", **named, "value": value}


@pytest.mark.parametrize(
    ("method", "target", "request_body", "response", "operation", "summary"),
    [
        ("GET", "/scim/v2/Users?startIndex=1&count=2", b"", listed(9), "connection-test",
         "Connection test"),
        ("GET", "/scim/Users?count=2&startIndex=1", b"", listed(9), "connection-test",
         "Connection test"),
        ("GET", LOOK_UP, b"", listed(0), "look-up",
         "Look-up before create of ann@acme.example: not found"),
        ("GET", LOOK_UP, b"", listed(1), "look-up",
         "Look-up before create of ann@acme.example: found"),
        ("GET", "/scim/v2/Users?filter=externalId+eq+%22x%22", b"", listed(1), "look-up",
         "Look-up before create of x by externalId: found"),
        ("GET", "/scim/v2/Users?filter=active+pr", b"", listed(1), "search",
         "Search for active pr"),
        ("POST", "/scim/v2/Users", ANN, ANN, "create", "Create user ann@acme.example"),
        ("GET", "/scim/v2/Users/7", b"", ANN, "read", "Read user ann@acme.example"),
        ("GET", "/scim/v2/Users/a%20b", b"", b"", "read", "Read user a b"),
        ("PUT", "/scim/v2/Users/7", ANN, ANN, "update",
         "Update user ann@acme.example (whole profile)"),
        ("PUT", "/scim/v2/Users/7", {**ANN, "active": False}, b"", "deactivate",
         "Deactivate ann@acme.example (whole profile)"),
        ("PATCH", "/scim/v2/Users/7", patch(replace({"active": False})), ANN, "deactivate",
         "Deactivate ann@acme.example"),
        ("PATCH", "/scim/v2/Users/7", patch(replace("False", "active")), ANN, "deactivate",
         "Deactivate ann@acme.example"),
        ("PATCH", "/scim/v2/Users/7", patch(replace(True, "ACTIVE")), ANN, "reactivate",
         "Reactivate ann@acme.example"),
        ("PATCH", "/scim/v2/Users/7", patch(replace({"active": False, "title": "x"})), ANN,
         "deactivate", "Deactivate ann@acme.example (also title)"),
        ("PATCH", "/scim/v2/Users/7",
         patch(replace({"title": "x", "urn:a:2.0:User": {"department": "y"}}),
               replace("z", "urn:a:2.0:User:manager"), replace("z", 'emails[type eq "w"].value')),
         ANN, "update", "Update user ann@acme.example (title, department, manager, emails)"),
        ("PATCH", "/scim/v2/Users/7", patch(replace(dict.fromkeys("abcdef", "x"))), ANN,
         "update", "Update user ann@acme.example (a, b, c, d and 2 more)"),
        ("PATCH", "/scim/v2/Users/7", patch(replace({"password": "[redacted]"})), ANN, "password",
         "Password change of ann@acme.example"),
        ("PATCH", "/scim/v2/Users/7", b"broken", b"", "update", "Update user 7"),
        ("DELETE", "/scim/v2/Users/7", b"", b"", "delete", "Delete user 7"),
        ("GET", "/scim/v2/Users?startIndex=201&count=100", b"", listed(900), "import",
         "Import page 3 of 9 (users 201 to 300)"),
        ("GET", "/scim/v2/Users?startIndex=201&count=100", b"", listed(243), "import",
         "Import page 3 of 3 (users 201 to 243)"),
        ("GET", "/scim/v2/Users?startIndex=101&count=100", b"", listed(2), "import",
         "Import page 2 (past the end)"),
        ("GET", "/scim/v2/Users", b"", listed(0), "import", "Import page 1 (no users yet)"),
        ("GET", "/scim/v2/Users?count=0", b"", listed(3), "import", "Count of users"),
        ("GET", "/scim/v2/Users?startIndex=x&count=-1", b"", b"", "import",
         "Import page 1 (users 1 to 100)"),
        ("POST", "/scim/v2/Users/.search", {"filter": "title pr"}, listed(3), "search",
         "Search for title pr"),
        ("GET", GROUP_LOOK_UP, b"", listed(0), "group-look-up",
         "Look-up of group Sales: not found"),
        ("GET", "/scim/v2/Groups?startIndex=1&count=100", b"", listed(3), "group-import",
         "Import page 1 of 1 (groups 1 to 3)"),
        ("POST", "/scim/v2/Groups", {"displayName": "Sales", "members": [{"value": "1"}]}, b"",
         "group-create", "Create group Sales with 1 member"),
        ("GET", "/scim/v2/Groups/3", b"", {"displayName": "Sales"}, "group-read",
         "Read group Sales"),
        ("PUT", "/scim/v2/Groups/3", {"displayName": "Sales", "members": []}, b"", "group-update",
         "Update group Sales (whole group, 0 members)"),
        ("PATCH", "/scim/v2/Groups/3", patch(replace({"id": "3", "displayName": "New"})), b"",
         "group-rename", "Rename group to New"),
        ("PATCH", "/scim/v2/Groups/3",
         patch({"op": "Add", "path": "members", "value": [{"value": "1"}, {"value": "2"}]},
               replace({"id": "3", "displayName": "Sales"})),
         b"", "group-add-members", "Add 2 members to group 3"),
        ("PATCH", "/scim/v2/Groups/3", patch({"op": "remove", "path": 'members[value eq "1"]'}),
         {"displayName": "Sales"}, "group-remove-members", "Remove 1 member from group Sales"),
        ("PATCH", "/scim/v2/Groups/3", patch(replace([{"value": "1"}], "members")),
         {"displayName": "Sales"}, "group-replace-members",
         "Replace the members of group Sales (1 member)"),
        ("PATCH", "/scim/v2/Groups/3",
         patch({"op": "remove", "path": 'members[value eq "1"]'},
               {"op": "add", "path": "members", "value": [{"value": "2"}]}),
         {"displayName": "Sales"}, "group-update",
         "Update members of group Sales (1 added, 1 removed)"),
        ("DELETE", "/scim/v2/Groups/3", b"", b"", "group-delete", "Delete group 3"),
        ("GET", "/scim/v2/Schemas", b"", b"", "discovery", "Schema discovery: schemas"),
        ("GET", "/scim/v2/ServiceProviderConfig", b"", b"", "discovery",
         "Schema discovery: what the server can do"),
        ("POST", "/scim/v2/Bulk", {"Operations": [{}, {}]}, b"", "bulk",
         "Bulk request (2 operations)"),
        ("GET", "/scim/v2/Me", b"", b"", "me", "GET /Me"),
        ("OPTIONS", "/scim/v2/Users", b"", b"", "options", "Question for the methods of /Users"),
        ("GET", "/favicon.ico", b"", b"", "elsewhere",
         "GET /favicon.ico, outside of the base URL"),
        ("GET", "/scim/v2", b"", b"", "other", "GET /"),
        ("", "", b"", b"", "unreadable", "Unreadable request"),
    ],
)  # fmt: skip
def test_what_okta_was_doing_is_said_in_words(
    call: MakeCall,
    method: str,
    target: str,
    request_body: Any,
    response: Any,
    operation: str,
    summary: str,
) -> None:
    assert understand(call(method, target, request_body, 200, response))[:2] == (operation, summary)


def test_another_client_looks_up_without_meaning_to_create(call: MakeCall) -> None:
    made = call("GET", LOOK_UP, response=listed(1), headers=(("user-agent", "curl/8.5"),))
    assert understand(made).summary == "Look-up of ann@acme.example: found"


def test_the_subject_that_the_server_knew_comes_first(call: MakeCall) -> None:
    made = call("PATCH", "/scim/v2/Users/7", patch(replace({"active": True})), subject="bob")
    assert understand(made)[:2] == ("reactivate", "Reactivate bob")


def test_a_whole_profile_that_reactivates_is_known_by_its_remark(call: MakeCall) -> None:
    remarks = (Remark("user-reactivated", "active was false."),)
    made = call("PUT", "/scim/v2/Users/7", ANN, remarks=remarks)
    assert understand(made)[:2] == ("reactivate", "Reactivate ann@acme.example (whole profile)")


@pytest.mark.parametrize(
    ("method", "target", "status", "detail", "summary"),
    [
        ("POST", "/scim/v2/Users", 409, 'userName "x" is already taken. Choose another.',
         'Create user refused: userName "x" is already taken'),
        ("POST", "/scim/v2/Users", 500, "A mistake. Reference 1.", "Create user failed: A mistake"),
        ("GET", "/scim/v2/Users/7", 404, "There is no user 7.", "Read user 7: not found"),
        ("GET", "/scim/v2/Users/7", 0, "", "Read user 7: the client left before the answer"),
        ("GET", "/scim/v2/Users/7", 418, "", "Read user 7 refused: I'm a Teapot"),
        ("GET", "/scim/v2/Users/7", 499, "", "Read user 7 refused: Status 499"),
    ],
)  # fmt: skip
def test_what_came_of_it_is_said(
    call: MakeCall, method: str, target: str, status: int, detail: str, summary: str
) -> None:
    response = error(detail) if detail else b""
    assert understand(call(method, target, status=status, response=response)).summary == summary


@pytest.mark.parametrize("status", [401, 429])
def test_a_request_without_a_valid_token_is_refused(call: MakeCall, status: int) -> None:
    made = call(
        "GET",
        "/scim/v2/Users?startIndex=1&count=2",
        status=status,
        response=error("The API token is unknown. Paste it again."),
        token_id=None,
    )
    assert understand(made)[:2] == (
        "refused",
        "Refused: The API token is unknown (Connection test)",
    )


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Okta SCIM Client 1.0.0", "Okta"),
        ("Mozilla/5.0 (Windows NT 10.0) Microsoft-AzureAD", "Entra"),
        ("curl/8.5.0", "curl"),
        ("hookbox/1.0 (x)", "hookbox"),
        ("", "unknown"),
    ],
)
def test_the_client_is_named(call: MakeCall, agent: str, name: str) -> None:
    assert origin(call(headers=(("USER-AGENT", agent),))) == name


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Operations", "op", "path", "value", "active", "members", "displayName", "urn:a"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", ""]),
    st.sampled_from(["Users", "Users/7", "Groups", "Groups/3", "Bulk", ".search", "%ff/%00"]),
    st.text(max_size=40),
    st.binary(max_size=40) | json_values,
    st.binary(max_size=40) | json_values,
    st.integers(0, 999),
)
def test_any_call_can_be_explained(
    method: str, path: str, query: str, request: Any, response: Any, status: int
) -> None:
    bodies = [b if isinstance(b, bytes) else orjson.dumps(b) for b in (request, response)]
    made = Call(
        at=0, duration=0, peer="", organization_id=None, token_id=1, token_label="",
        method=method, path=f"/scim/v2/{path}", query=query, status=status,
        request_headers=(("User-Agent", query),), request_body=bodies[0],
        response_headers=(), response_body=bodies[1],
    )  # fmt: skip
    operation, summary, _ = understand(made)
    assert operation in OPERATIONS
    assert summary
    assert summary.isprintable()
    assert origin(made)


def test_a_profile_of_somebody_disabled_deactivates_nobody(call: MakeCall) -> None:
    off = ANN | {"active": False}
    again = call("PUT", "/scim/v2/Users/7", off, response=off, before=orjson.dumps(off))
    assert understand(again).summary == "Update user ann@acme.example (whole profile)"
    first = call("PUT", "/scim/v2/Users/7", off, response=off, before=orjson.dumps(ANN))
    assert understand(first).operation == "deactivate"
