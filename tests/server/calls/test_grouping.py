from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.calls.call import Call
from server.calls.explanation import understand
from server.calls.grouping import CAPACITY, WINDOW, Grouper, Placement

MakeCall = Callable[..., Call]
LOOK_UP = "/scim/v2/Users?filter=userName%20eq%20%22ann%40acme.example%22&startIndex=1&count=100"
GROUP_LOOK_UP = "/scim/v2/Groups?filter=displayName+eq+%22Sales%22&startIndex=1&count=100"
NONE = {"totalResults": 0, "Resources": []}
ANN = {"userName": "ann@acme.example", "active": True}
TAKEN = {"status": "409", "detail": "userName is taken."}


class Log:
    """Places calls one after the other, as the writer does."""

    def __init__(self) -> None:
        self.grouper = Grouper()
        self.newest = 0

    def add(self, call: Call) -> Placement:
        self.newest += 1
        return self.grouper.place(self.newest, call, understand(call))


def test_a_look_up_and_the_create_after_it_are_one_operation(call: MakeCall) -> None:
    log = Log()
    assert log.add(call("GET", LOOK_UP, response=NONE)) == Placement(1)
    created = call("POST", "/scim/v2/Users", ANN, 201, ANN, subject=ANN["userName"])
    assert log.add(created) == Placement(1, "Create user ann@acme.example", 201)
    assert log.add(created) == Placement(3)


def test_a_create_that_is_refused_shows_at_the_head(call: MakeCall) -> None:
    log = Log()
    log.add(call("GET", LOOK_UP, response=NONE))
    refused = log.add(call("POST", "/scim/v2/Users", ANN, 409, TAKEN))
    assert refused == Placement(1, "Create user ann@acme.example refused: userName is taken", 409)


def test_a_user_that_was_found_is_linked(call: MakeCall) -> None:
    log = Log()
    known = {"resource_id": "7", "subject": "ann@acme.example"}
    log.add(call("GET", LOOK_UP, response={"totalResults": 1}, **known))
    assert log.add(call("GET", "/scim/v2/Users/7", response=ANN, **known)) == Placement(1)
    assert log.add(call("PUT", "/scim/v2/Users/7", ANN, response=ANN, **known)) == Placement(
        1, "Link to user ann@acme.example, and update the profile", 200
    )


def test_a_look_up_of_entra_before_a_change_links_nobody(call: MakeCall) -> None:
    log = Log()
    known: dict[str, Any] = {"resource_id": "7", "subject": "ann@acme.example"}
    known["headers"] = (("User-Agent", "Azure AD SCIM"),)
    log.add(call("GET", LOOK_UP, response={"totalResults": 1}, **known))
    body = {"Operations": [{"op": "Replace", "path": "title", "value": "Lead"}]}
    assert log.add(call("PATCH", "/scim/v2/Users/7", body, **known)) == Placement(
        1, "Update user ann@acme.example (title)", 200
    )


def test_a_read_and_the_put_after_it_are_one_operation(call: MakeCall) -> None:
    log = Log()
    known = {"resource_id": "7", "subject": "ann@acme.example"}
    log.add(call("GET", "/scim/v2/Users/7", response=ANN, **known))
    off = call("PUT", "/scim/v2/Users/7", {**ANN, "active": False}, **known)
    assert log.add(off) == Placement(1, "Deactivate ann@acme.example (whole profile)", 200)
    assert log.add(off) == Placement(3)


def test_a_read_that_finds_nobody_ends_the_operation(call: MakeCall) -> None:
    log = Log()
    found = {"resource_id": "7", "subject": "ann@acme.example"}
    log.add(call("GET", LOOK_UP, response={"totalResults": 1}, **found))
    assert log.add(call("GET", "/scim/v2/Users/7", status=404)) == Placement(
        1, "Read user 7: not found", 404
    )


def test_a_group_push_is_one_operation_that_shows_its_first_failure(call: MakeCall) -> None:
    log = Log()
    known = {"resource_id": "3", "subject": "Sales"}
    sales = {"displayName": "Sales", "members": []}
    log.add(call("GET", GROUP_LOOK_UP, response=NONE))
    placed = log.add(call("POST", "/scim/v2/Groups", sales, 201, sales, **known))
    assert placed == Placement(1, "Push group Sales (2 calls)", 201)
    log.add(call("GET", "/scim/v2/Groups/3", response=sales, **known))
    unknown = {"status": "400", "detail": "members names x."}
    failed = log.add(call("PUT", "/scim/v2/Groups/3", sales, 400, unknown))
    assert (failed.head_id, failed.status) == (1, 400)
    assert failed.summary
    assert failed.summary.endswith("refused: members names x")
    assert log.add(call("PUT", "/scim/v2/Groups/3", sales, 200, sales, **known)) == failed


def test_the_pages_of_an_import_are_one_operation_and_the_next_import_another(
    call: MakeCall,
) -> None:
    log = Log()
    pages = [
        call("GET", f"/scim/v2/Users?startIndex={n}&count=100", response={"totalResults": 243})
        for n in (1, 101, 201)
    ]
    placed = [log.add(page) for page in [*pages, pages[0]]]
    assert [place.head_id for place in placed] == [1, 1, 1, 4]
    assert placed[2].summary == "Import of users (3 pages, 243 users)"


def test_what_comes_later_than_a_minute_is_another_operation(call: MakeCall) -> None:
    log = Log()
    log.add(call("GET", LOOK_UP, response=NONE))
    late = call("POST", "/scim/v2/Users", ANN, 201, ANN)
    assert log.add(later(late, WINDOW + 1)) == Placement(2)


def test_tokens_and_origins_do_not_mix(call: MakeCall) -> None:
    log = Log()
    log.add(call("GET", LOOK_UP, response=NONE))
    created = call("POST", "/scim/v2/Users", ANN, 201, ANN, token_id=2)
    assert log.add(created) == Placement(2)
    replayed = call("POST", "/scim/v2/Users", ANN, 201, ANN, origin_mark="Replay")
    assert log.add(replayed) == Placement(3)


def test_calls_without_a_known_token_stand_alone(call: MakeCall) -> None:
    log = Log()
    for number in (1, 2):
        assert log.add(call("GET", "/scim/v2/Schemas", token_id=None)) == Placement(number)


def test_the_memory_is_bounded(call: MakeCall) -> None:
    log = Log()
    for number in range(CAPACITY + 50):
        log.add(call("GET", f"/scim/v2/Users/{number}", resource_id=str(number)))
    assert len(log.grouper._under_way) == CAPACITY


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
            st.sampled_from(["Users", "Groups", "Users/7", "Groups/7", "Schemas", "Users?x=%ff"]),
            st.binary(max_size=12),
            st.sampled_from([0, 200, 201, 204, 400, 404, 500]),
        ),
        max_size=12,
    )
)
def test_every_call_is_placed_at_itself_or_before(
    calls: list[tuple[str, str, bytes, int]],
) -> None:
    log = Log()
    heads = []
    for number, (method, target, body, status) in enumerate(calls, 1):
        path, _, query = target.partition("?")
        made = Call(
            0, 0, "", 1, 1, "", method, f"/scim/v2/{path}", query, status, (), body, (), body
        )
        placed = log.add(made)
        assert placed.head_id == number or placed.head_id in heads
        assert (placed.summary is None) == (placed.status is None)
        heads.append(placed.head_id)


def later(call: Call, microseconds: int) -> Call:
    return replace(call, at=call.at + microseconds)
