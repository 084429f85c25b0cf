"""What the log is told of a user or group as it was before a change."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from server.calls.changes import changes
from tests.server.session import Session
from tests.server.tenant import GROUP, PATCH, USER, Tenant

ANN = {"schemas": [USER], "userName": "ann@acme.example", "title": "Clerk", "active": True}


@pytest.fixture
def session(tenant: Tenant) -> Iterator[Session]:
    session = Session(tenant)
    yield session
    session.close()


def rows(session: Session) -> list[tuple[str, Any, Any]]:
    found = changes(session.calls[-1], session.calls).attributes
    return [(change.path, change.before, change.after) for change in found]


def title(value: str) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"title": value}}]}


def test_a_user_is_handed_over_as_it_was_before_each_change(session: Session) -> None:
    created = session.send("POST", "/Users", ANN).json()
    assert session.calls[-1].before == b""
    path = f"/Users/{created['id']}"

    session.send("PUT", path, ANN | {"title": "Lead"})
    assert rows(session) == [("title", "Clerk", "Lead")]
    session.send("PATCH", path, title("Boss"))
    assert rows(session) == [("title", "Lead", "Boss")]
    session.send("PATCH", path, title("Boss"))
    assert changes(session.calls[-1]).kind == "unchanged"
    session.send("DELETE", path)
    assert ("title", "Boss", None) in rows(session)
    assert changes(session.calls[-1]).kind == "deleted"


def test_reads_and_refused_changes_hand_nothing_over(session: Session) -> None:
    created = session.send("POST", "/Users", ANN).json()
    path = f"/Users/{created['id']}"
    session.send("GET", path)
    session.send("PUT", path, ANN | {"locale": "nonsense (x)"})
    assert [call.before for call in session.calls] == [b"", b"", b""]
    assert changes(session.calls[-1]).kind == "refused"


def test_a_group_is_handed_over_without_its_members(session: Session) -> None:
    ann = session.send("POST", "/Users", ANN).json()
    sales = {"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ann["id"]}]}
    group = session.send("POST", "/Groups", sales).json()
    member = f'members[value eq "{ann["id"]}"]'
    assert (member, None, ann["id"]) in rows(session)
    path = f"/Groups/{group['id']}"

    session.send("GET", path)
    session.send("PUT", path, sales | {"displayName": "Selling", "members": []})
    assert orjson.loads(session.calls[-1].before)["displayName"] == "Sales"
    assert rows(session) == [
        ("displayName", "Sales", "Selling"),
        (member, "ann@acme.example", None),
    ]


def test_an_operation_of_a_bulk_request_hands_nothing_over(session: Session) -> None:
    operation = {"method": "POST", "path": "/Users", "bulkId": "1", "data": ANN}
    session.send("POST", "/Bulk", {"Operations": [operation]})
    assert session.calls[-1].before == b""
    assert changes(session.calls[-1]).kind == "none"
