import json
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.forms import (
    InvalidMappings,
    from_json,
    read_file,
    recognised,
    to_api,
    to_json,
)
from server.okta.mapping.rows import (
    ApplyOn,
    MappingRow,
    MappingSet,
    UsernameFormat,
    UsernameKind,
    ValueKind,
)
from server.okta.people.schema import AttributeType
from tests.server.okta.mapping.people import BLINK, app_user, person, with_attribute, with_row

TITLE = AppAttribute("title", "Title")

rows = st.builds(
    MappingRow,
    st.sampled_from([each.variable for each in DEFAULT_MAPPINGS.attributes[1:]]),
    st.sampled_from(ValueKind),
    st.text(st.characters(codec="utf-8")),
    st.sampled_from(ApplyOn),
)


def api(**properties: Any) -> bytes:
    return json.dumps({"properties": properties}).encode()


@given(st.lists(rows, unique_by=lambda row: row.variable))
def test_our_form_reads_back_what_it_wrote(some: list[MappingRow]) -> None:
    mappings = MappingSet(
        (
            *DEFAULT_MAPPINGS.attributes,
            AppAttribute(
                "size",
                "Size",
                "size",
                BLINK,
                "integer array",
                True,
                (("1", "S"), ("2", "M")),
                "Group",
                "Of the shirt",
                True,
            ),
        ),
        UsernameFormat(UsernameKind.CUSTOM, "user.email", ApplyOn.CREATE),
        tuple(some),
        numbers_as_text=True,
    )
    assert read_file(orjson.dumps(to_json(mappings)), DEFAULT_MAPPINGS) == mappings


def test_okta_s_form_is_that_of_its_mappings_api() -> None:
    mappings = with_row("title", ValueKind.SAME, 'The "boss"', apply_on=ApplyOn.CREATE)
    mappings = mappings.unmapped("locale")
    properties = to_api(mappings)["properties"]
    assert properties["givenName"] == {"expression": "user.firstName", "pushStatus": "PUSH"}
    assert properties["title"] == {"expression": '"The ""boss"""', "pushStatus": "DONT_PUSH"}
    assert properties["locale"] is None
    assert "userName" not in properties


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_a_constant_means_the_same_after_a_trip_through_okta_s_form(text: str) -> None:
    mappings = with_row("title", ValueKind.SAME, text)
    written = orjson.dumps(to_api(mappings))
    assert read_file(written, DEFAULT_MAPPINGS).by_variable["title"] == MappingRow(
        "title", ValueKind.SAME, text
    )


def test_okta_s_form_reads_back_all_the_kinds() -> None:
    wanted = with_row("title", ValueKind.EXPRESSION, 'user.title + ""')
    assert read_file(orjson.dumps(to_api(wanted)), DEFAULT_MAPPINGS) == wanted


def test_a_constant_of_another_type_is_a_bare_literal() -> None:
    for type_, text in (("boolean", "true"), ("integer", "-5"), ("number", "2.5")):
        mappings = with_attribute(AppAttribute("x", "X", "x", BLINK, type_))  # type: ignore[arg-type]
        mappings = with_row("x", ValueKind.SAME, text, mappings)
        document = to_api(mappings)
        assert document["properties"]["x"]["expression"] == text
        assert read_file(orjson.dumps(document), mappings) == mappings


def test_a_constant_array_is_an_expression_with_the_same_value() -> None:
    base = with_attribute(AppAttribute("x", "X", "x", BLINK, "string array"))
    mappings = with_row("x", ValueKind.SAME, 'a, b "c"', base)
    read = read_file(orjson.dumps(to_api(mappings)), base)
    assert read.by_variable["x"].text == '{"a", "b ""c"""}'
    assert app_user(read, person()).values == app_user(mappings, person()).values


@pytest.mark.parametrize(
    ("type_", "expression", "kind", "text"),
    [
        ("string", "user.firstName", ValueKind.PROFILE, "firstName"),
        ("string", " 'it''s' ", ValueKind.SAME, "it's"),
        ("string", '"a"', ValueKind.SAME, "a"),
        ("string", '"a" + "b"', ValueKind.EXPRESSION, '"a" + "b"'),
        ("string", '"a', ValueKind.EXPRESSION, '"a'),
        ("string", "true", ValueKind.EXPRESSION, "true"),
        ("boolean", "TRUE", ValueKind.SAME, "TRUE"),
        ("integer", "12", ValueKind.SAME, "12"),
        ("string", "user.a.b", ValueKind.EXPRESSION, "user.a.b"),
        ("string", "appuser.a", ValueKind.EXPRESSION, "appuser.a"),
    ],
)
def test_the_kind_of_value_is_recognised(
    type_: AttributeType, expression: str, kind: ValueKind, text: str
) -> None:
    assert recognised(replace(TITLE, type=type_), expression) == (kind, text)


def test_okta_s_form_changes_what_it_names_alone() -> None:
    read = read_file(api(title=None, department={"expression": "user.division"}), DEFAULT_MAPPINGS)
    assert read == DEFAULT_MAPPINGS.unmapped("title").mapped(
        MappingRow("department", ValueKind.PROFILE, "division")
    )


def test_a_username_in_okta_s_form_becomes_its_format() -> None:
    read = read_file(
        api(userName={"expression": "user.email", "pushStatus": "DONT_PUSH"}), DEFAULT_MAPPINGS
    )
    assert read.username == UsernameFormat(UsernameKind.EMAIL, "", ApplyOn.CREATE)


GOOD = to_json(DEFAULT_MAPPINGS)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"nonsense", "is not JSON"),
        (b"[]", "holds no mappings"),
        (b"{}", "holds no mappings"),
        (b'{"properties": []}', "holds no mappings"),
        (api(nope=None), 'no attribute "nope"'),
        (api(title="user.title"), "must be null or an object"),
        (api(title={"expression": 5}), '"expression" of property "title" must be a text'),
        (api(title={"expression": "a", "pushStatus": "MAYBE"}), "write PUSH or DONT_PUSH"),
        (orjson.dumps(GOOD | {"version": 2}), "version 2"),
        (orjson.dumps(GOOD | {"attributes": {}}), '"attributes" of the file must be a list'),
        (orjson.dumps(GOOD | {"attributes": [1]}), "must be a list of at most"),
        (orjson.dumps(GOOD | {"attributes": [{"variable": "a b"}]}), "no usable variable"),
        (
            orjson.dumps(GOOD | {"attributes": [{"variable": "a"}, {"variable": "a"}]}),
            'have "a" twice',
        ),
        (orjson.dumps(GOOD | {"attributes": [{"variable": "a", "type": "date"}]}), '"date"'),
        (orjson.dumps(GOOD | {"mappings": [{"variable": "nope"}]}), 'no attribute "nope"'),
        (orjson.dumps(GOOD | {"mappings": [{"variable": "title", "kind": "x"}]}), "write one of"),
        (orjson.dumps(GOOD | {"username": []}), "must be an object"),
        (orjson.dumps(GOOD | {"username": {"format": "x"}}), "Okta username prefix"),
        (orjson.dumps(GOOD | {"numbersAsText": "x"}), "must be true or false"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(InvalidMappings) as refused:
        read_file(data, DEFAULT_MAPPINGS)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([*GOOD, "kind", "text"]), json_values)
def test_any_json_is_read_or_refused(name: str, value: Any) -> None:
    try:
        mappings = from_json(GOOD | {name: value})
    except InvalidMappings:
        return
    assert from_json(to_json(mappings)) == mappings
