"""Queries for lists and their answers."""

from typing import Any

import pytest

from server.scim.errors import ScimType
from server.scim.filters.parser import parse_filter
from server.scim.lists import (
    DEFAULT_COUNT,
    LIST_SCHEMA,
    MAX_COUNT,
    ListQuery,
    list_response,
    parse_query,
    parse_search,
)
from tests.server.scim.samples import ENTERPRISE, USER, Json, assert_refused, refusal


def test_no_parameters_ask_for_the_first_page() -> None:
    assert parse_query(USER, {}) == ListQuery(count=DEFAULT_COUNT)


def test_oktas_look_up_is_read() -> None:
    query = parse_query(
        USER, {"filter": 'userName eq "ann@x.example"', "startIndex": "1", "count": "100"}
    )
    assert query == ListQuery(parse_filter('userName eq "ann@x.example"', USER), 1, 100)


@pytest.mark.parametrize(
    ("given", "start_index", "count"),
    [
        ({"startIndex": "0", "count": "-5"}, 1, 0),
        ({"startIndex": "-7", "count": "0"}, 1, 0),
        ({"startIndex": "101", "count": "5000"}, 101, MAX_COUNT),
        ({"STARTINDEX": "2", "Count": "3"}, 2, 3),
        ({"startIndex": "", "count": ""}, 1, DEFAULT_COUNT),
        ({"startIndex": "9" * 18}, 10**12, DEFAULT_COUNT),
    ],
)
def test_pages_are_brought_into_their_limits(
    given: dict[str, str], start_index: int, count: int
) -> None:
    query = parse_query(USER, given)
    assert (query.start_index, query.count) == (start_index, count)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("userName", "userName"),
        ("NAME.familyname", "name.familyName"),
        ("emails", "emails.value"),
        (f"{ENTERPRISE}:department", f"{ENTERPRISE}:department"),
    ],
)
def test_sort_by_ends_at_what_is_compared(name: str, path: str) -> None:
    assert str(parse_query(USER, {"sortBy": name}).sort) == path


@pytest.mark.parametrize(
    ("order", "descending"), [("", False), ("ascending", False), ("Descending", True)]
)
def test_sort_order(order: str, descending: bool) -> None:
    query = parse_query(USER, {"sortBy": "userName", "sortOrder": order})
    assert query.descending is descending


def test_attributes_become_a_projection() -> None:
    projection = parse_query(USER, {"attributes": "userName"}).projection
    assert projection is not None
    assert projection.apply({"id": "1", "title": "T"}) == {"id": "1"}


def test_a_search_is_read_like_a_query() -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "title pr",
        "startIndex": 2,
        "count": 3,
        "sortBy": "userName",
        "sortOrder": "descending",
        "excludedAttributes": ["emails", "name.givenName"],
    }
    as_query = {name: str(value) for name, value in body.items()}
    as_query["excludedAttributes"] = "emails,name.givenName"
    assert parse_search(USER, body) == parse_query(USER, as_query)


@pytest.mark.parametrize(
    ("body", "scim_type", "word"),
    [
        ({"startIndex": "one"}, "invalidValue", "startIndex"),
        ({"startIndex": 1.5}, "invalidValue", "startIndex"),
        ({"count": True}, "invalidValue", "count"),
        ({"count": "9" * 100}, "invalidValue", "count"),
        ({"sortBy": "nam"}, "invalidValue", 'Did you mean "name"'),
        ({"sortBy": "name"}, "invalidValue", "name"),
        ({"sortBy": "password"}, "invalidValue", "password"),
        ({"sortBy": 5}, "invalidValue", "sortBy"),
        ({"sortOrder": "up"}, "invalidValue", "sortOrder"),
        ({"filter": 5}, "invalidValue", "filter"),
        ({"filter": "x"}, "invalidFilter", "x"),
        ({"attributes": [5]}, "invalidValue", "attributes"),
        ({"attributes": {}}, "invalidValue", "attributes"),
        ({"attributes": "title", "excludedAttributes": "name"}, "invalidValue", "attributes"),
        ([], "invalidSyntax", "a list"),
    ],
)
def test_a_mistake_is_told_with_the_parameters_name(
    body: Any, scim_type: ScimType, word: str
) -> None:
    assert_refused(refusal(parse_search, USER, body), scim_type, word)


def test_items_per_page_is_what_the_page_holds() -> None:
    resources: list[Json] = [{"id": "1"}]
    assert list_response(resources, 201, 101) == {
        "schemas": [LIST_SCHEMA],
        "totalResults": 201,
        "startIndex": 101,
        "itemsPerPage": 1,
        "Resources": resources,
    }
    assert list_response([], 0)["itemsPerPage"] == 0
