"""No JSON value makes the engine raise anything but a SCIM error."""

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from server.scim.lists import parse_search
from server.scim.patch import apply_patch
from server.scim.schemas import ResourceType
from server.scim.validation import read_resource
from tests.server.scim.samples import (
    BLINK,
    CORE,
    ENTERPRISE,
    GROUP,
    PATCH,
    USER,
    Json,
    assert_refused,
    jensen,
    outcome,
    team,
)

NAMES = (
    *(attribute.name for attribute in USER.core.values()),
    *("value", "type", "primary", "givenName", "name.givenName", "emails.value", "members"),
    *(ENTERPRISE, BLINK, CORE, f"{ENTERPRISE}:manager", f"{CORE}:title", "manager", "department"),
    *('emails[type eq "work"].value', 'emails[type eq "x"]', "emails[", "groups.value", "$ref"),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(("", "true", "work", "\0", "a@b", "YWJj")),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=10,
)
users = st.dictionaries(st.sampled_from(NAMES), values, max_size=6).map(
    lambda body: {"schemas": [CORE], "userName": "ann"} | body
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(("add", "replace", "remove", "Add"))},
    optional={"path": st.sampled_from(NAMES) | values, "value": values},
)
patches = st.lists(operations, max_size=3).map(lambda ops: {"schemas": [PATCH], "Operations": ops})


def check_document(resource_type: ResourceType, document: Json) -> None:
    """A document that came out goes in again as it is, and can be stored."""
    assert orjson.loads(orjson.dumps(document)) == document
    assert read_resource(resource_type, document) == (document, [])


@settings(max_examples=500, deadline=None)
@given(values | users)
def test_any_body_is_read_or_refused(body: Any) -> None:
    error = outcome(read_resource, USER, body)
    if error is not None:
        assert_refused(error, error.scim_type, ".")
        assert error.scim_type in ("invalidSyntax", "invalidValue")
    else:
        check_document(USER, read_resource(USER, body).document)


@settings(max_examples=500, deadline=None)
@given(values | patches)
def test_any_patch_is_applied_or_refused(body: Any) -> None:
    for resource_type, stored in ((USER, jensen()), (GROUP, team())):
        error = outcome(apply_patch, resource_type, stored, body)
        if error is not None:
            assert error.status == 400
            assert error.scim_type is not None
            assert len(error.detail) < 500
        else:
            check_document(resource_type, apply_patch(resource_type, stored, body).document)
        assert stored in (jensen(), team())


@given(
    values
    | st.dictionaries(
        st.sampled_from(("filter", "startIndex", "count", "sortBy", "sortOrder", "attributes")),
        scalars | st.lists(scalars, max_size=2),
    )
)
def test_any_search_is_read_or_refused(body: Any) -> None:
    error = outcome(parse_search, USER, body)
    assert error is None or error.status == 400
