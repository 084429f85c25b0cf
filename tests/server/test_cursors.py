"""Paging by cursor (RFC 9865)."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.scim.cursors import CURSOR_TIMEOUT, Cursors, Place
from server.scim.errors import ScimError
from tests.desk import Desk
from tests.server.tenant import SEARCH, Json, Tenant

URL_UNRESERVED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def page(tenant: Tenant, cursor: str = "", path: str = "/Users", **parameters: Any) -> Json:
    reply = tenant.scim.get(path, params={"cursor": cursor} | parameters)
    assert reply.status_code == 200, reply.text
    listed: Json = reply.json()
    assert "startIndex" not in listed
    assert listed["itemsPerPage"] == len(listed["Resources"])
    return listed


def names(listed: Json) -> list[str]:
    return [r.get("userName") or r["displayName"] for r in listed["Resources"]]


def walk(tenant: Tenant, path: str = "/Users", **parameters: Any) -> list[list[str]]:
    """Return the names of all pages, from the first to the last."""
    pages, cursor = [], ""
    while True:
        listed = page(tenant, cursor, path, **parameters)
        pages.append(names(listed))
        if "nextCursor" not in listed:
            return pages
        cursor = listed["nextCursor"]
        assert set(cursor) <= URL_UNRESERVED


def refusal(tenant: Tenant, path: str = "/Users", **parameters: Any) -> tuple[int, str]:
    reply = tenant.scim.get(path, params=parameters)
    assert len(reply.json()["detail"]) > 20
    return reply.status_code, reply.json()["scimType"]


# walking through a list


def test_an_empty_cursor_begins_and_the_next_one_goes_on(tenant: Tenant) -> None:
    for name in "abcde":
        tenant.user(name)
    assert walk(tenant, count=2) == [["a", "b"], ["c", "d"], ["e"]]
    reply = tenant.scim.get("/Users?cursor&count=2").json()
    assert (names(reply), reply["totalResults"]) == (["a", "b"], 5)


def test_the_first_page_has_no_previous_and_the_last_no_next(tenant: Tenant) -> None:
    for name in "abcd":
        tenant.user(name)
    first = page(tenant, count=2)
    assert "previousCursor" not in first
    last = page(tenant, first["nextCursor"], count=2)
    assert "nextCursor" not in last
    assert (names(last), last["totalResults"]) == (["c", "d"], 4)


def test_previous_cursors_lead_back_to_the_beginning(tenant: Tenant) -> None:
    for name in "abcde":
        tenant.user(name)
    first = page(tenant, count=2)
    second = page(tenant, first["nextCursor"], count=2)
    third = page(tenant, second["nextCursor"], count=2)
    back = page(tenant, third["previousCursor"], count=2)
    assert names(back) == ["c", "d"]
    assert names(page(tenant, back["nextCursor"], count=2)) == ["e"]
    start = page(tenant, back["previousCursor"], count=2)
    assert names(start) == ["a", "b"]
    assert "previousCursor" not in start


def test_the_page_size_may_change_from_page_to_page(tenant: Tenant) -> None:
    for name in "abcde":
        tenant.user(name)
    first = page(tenant, count=1)
    assert names(page(tenant, first["nextCursor"], count=3)) == ["b", "c", "d"]
    assert names(page(tenant, first["nextCursor"])) == ["b", "c", "d", "e"]


def test_an_empty_list_is_one_page(tenant: Tenant) -> None:
    listed = page(tenant)
    assert (listed["totalResults"], listed["Resources"]) == (0, [])
    assert not {"nextCursor", "previousCursor"} & set(listed)


def test_nobody_is_left_out_or_shown_twice_while_others_write(tenant: Tenant) -> None:
    users = {name: tenant.user(name) for name in "abcdefgh"}
    first = page(tenant, count=3)
    for gone in "acg":
        tenant.scim.delete(f"/Users/{users[gone]['id']}")
    tenant.user("z")
    second = page(tenant, first["nextCursor"], count=3)
    assert names(second) == ["d", "e", "f"]
    third = page(tenant, second["nextCursor"], count=3)
    assert (names(third), third["totalResults"]) == (["h", "z"], 6)
    assert names(page(tenant, second["previousCursor"], count=3)) == ["b"]


def test_a_page_of_which_all_were_deleted_is_empty(tenant: Tenant) -> None:
    users = [tenant.user(name) for name in "abcd"]
    first = page(tenant, count=2)
    second = page(tenant, first["nextCursor"], count=2)
    for user in users:
        tenant.scim.delete(f"/Users/{user['id']}")
    assert names(page(tenant, first["nextCursor"], count=2)) == []
    assert names(page(tenant, second["previousCursor"], count=2)) == []


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize("sort", ["userName", "title", "active", "name.familyName", "emails"])
def test_sorted_and_filtered_lists_have_the_order_of_index_paging(
    tenant: Tenant, sort: str, order: str
) -> None:
    for number in range(11):
        tenant.user(
            f"u{(number * 7) % 11:02d}",
            active=number % 2 == 0,
            **({"title": f"T{number % 3}"} if number % 4 else {}),
            name={"familyName": "x" * 500 + str(number)} if number % 3 else {},
            emails=[{"value": f"{number}@x.example"}] if number % 2 else [],
        )
    asked = {"filter": 'userName ne "u03"', "sortBy": sort, "sortOrder": order}
    by_index = names(tenant.scim.get("/Users", params=asked).json())
    pages = walk(tenant, count=3, **asked)
    if sort == "name.familyName":
        # Texts are compared up to their 200th character, which all have in common here.
        assert sorted(itertools.chain(*pages)) == sorted(by_index)
    else:
        assert list(itertools.chain(*pages)) == by_index
    assert [len(names_) for names_ in pages] == [3, 3, 3, 1]
    last = page(tenant, count=9, **asked)
    tail = page(tenant, last["nextCursor"], **asked)
    assert tail["totalResults"] == 10
    assert names(page(tenant, tail["previousCursor"], count=9, **asked)) == names(last)


def test_groups_are_paged_by_cursor_too(tenant: Tenant) -> None:
    for name in "abc":
        tenant.group(name)
    assert walk(tenant, "/Groups", count=2) == [["a", "b"], ["c"]]
    assert walk(tenant, "/Groups", count=2, sortBy="displayName", sortOrder="descending") == [
        ["c", "b"],
        ["a"],
    ]


def test_searches_take_a_cursor_as_member(tenant: Tenant) -> None:
    for name in "abc":
        tenant.user(name)
    body = {"schemas": [SEARCH], "cursor": "", "count": 2}
    first = tenant.scim.post("/Users/.search", json=body).json()
    assert names(first) == ["a", "b"]
    body["cursor"] = first["nextCursor"]
    assert names(tenant.scim.post("/Users/.search", json=body).json()) == ["c"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_a_search_across_types_goes_on_from_users_to_groups(tenant: Tenant, count: int) -> None:
    for name in "abc":
        tenant.user(name)
    for name in "de":
        tenant.group(name)
    pages = walk(tenant, "/", count=count)
    assert list(itertools.chain(*pages)) == list("abcde")
    assert all(len(names_) == count for names_ in pages[:-1])
    assert page(tenant, path="/", count=count)["totalResults"] == 5


def test_without_a_cursor_pages_are_counted_as_ever(tenant: Tenant) -> None:
    tenant.user("a")
    listed = tenant.get("/Users")
    assert listed["startIndex"] == 1
    assert not {"nextCursor", "previousCursor"} & set(listed)


# refusals


def test_a_cursor_of_another_query_is_refused(tenant: Tenant) -> None:
    for name in "abc":
        tenant.user(name)
        tenant.group(name)
    cursor = page(tenant, count=1)["nextCursor"]
    invalid = (400, "invalidCursor")
    assert refusal(tenant, cursor=cursor, filter="userName pr") == invalid
    assert refusal(tenant, cursor=cursor, sortBy="userName") == invalid
    assert refusal(tenant, cursor=cursor, sortOrder="descending") == invalid
    assert refusal(tenant, "/Groups", cursor=cursor) == invalid
    assert refusal(tenant, "/", cursor=f"0{cursor}") == invalid


def test_a_cursor_of_another_organization_is_refused(desk: Desk) -> None:
    other = desk.parts.organizations.create("Other")
    clients = desk.client(), desk.client(desk.new_token(other.id))
    for scim in clients:
        for name in "ab":
            assert scim.post("/Users", json={"userName": f"{name}{id(scim)}"}).status_code == 201
    cursor = clients[0].get("/Users?cursor&count=1").json()["nextCursor"]
    reply = clients[1].get("/Users", params={"cursor": cursor})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidCursor")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%%%", "é", "A" * 500, "0", "9", " "])
def test_what_was_never_a_cursor_is_refused(tenant: Tenant, cursor: str) -> None:
    assert refusal(tenant, cursor=cursor) in ((400, "invalidCursor"), (400, "expiredCursor"))
    if cursor != "0":
        assert refusal(tenant, "/", cursor=cursor)[0] == 400


def test_an_altered_cursor_is_refused(tenant: Tenant) -> None:
    for name in "abc":
        tenant.user(name)
    cursor = page(tenant, count=1)["nextCursor"]
    for place in range(len(cursor)):
        other = "A" if cursor[place] != "A" else "B"
        altered = cursor[:place] + other + cursor[place + 1 :]
        assert refusal(tenant, cursor=altered)[0] == 400


def test_a_cursor_that_is_no_text_is_refused(tenant: Tenant) -> None:
    reply = tenant.scim.post("/Users/.search", json={"cursor": 1})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "invalidCursor")


@pytest.mark.parametrize("count", ["0", "-1", "1001", "many"])
def test_a_page_size_that_is_not_offered_is_refused(tenant: Tenant, count: str) -> None:
    assert refusal(tenant, cursor="", count=count) == (400, "invalidCount")


def test_a_cursor_from_before_a_restart_has_expired(desk: Desk) -> None:
    scim = desk.client()
    for name in "ab":
        scim.post("/Users", json={"userName": name})
    cursor = scim.get("/Users?cursor&count=1").json()["nextCursor"]
    port = int(desk.netloc.rpartition(":")[2])
    desk.parts.server.stop()
    desk.parts.server.start("127.0.0.1", port)
    reply = desk.client().get("/Users", params={"cursor": cursor})
    assert (reply.status_code, reply.json()["scimType"]) == (400, "expiredCursor")


def test_the_configuration_tells_how_pages_are_read(tenant: Tenant) -> None:
    assert tenant.get("/ServiceProviderConfig")["pagination"] == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 1000,
        "cursorTimeout": CURSOR_TIMEOUT,
    }


# sealing


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


keys = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)


@given(row=st.integers(1, 2**63 - 1), key=keys, backwards=st.booleans(), query=st.text())
def test_any_place_is_found_again(
    row: int, key: str | int | float | None, backwards: bool, query: str
) -> None:
    cursors = Cursors(Clock())
    place = Place(row, key, backwards)
    assert cursors.open(cursors.seal(place, query), query) == place


def test_a_cursor_expires_after_its_time() -> None:
    clock = Clock()
    cursors = Cursors(clock, timeout=60)
    cursor = cursors.seal(Place(7), "q")
    clock.now += 59
    assert cursors.open(cursor, "q") == Place(7)
    clock.now += 1
    with pytest.raises(ScimError) as refused:
        cursors.open(cursor, "q")
    assert (refused.value.status, refused.value.scim_type) == (400, "expiredCursor")
    assert "60 seconds" in refused.value.detail
