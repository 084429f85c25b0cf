import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.json_layout import json_bytes, shown_json, shown_text
from gui.widgets.text_search import MOST, find
from gui.widgets.units import from_units, to_units

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_laid_out_json_means_the_same_and_every_line_is_one_for_qt(value: Any) -> None:
    sent = json.dumps(value, ensure_ascii=False).encode()
    shown = shown_json(sent)
    if shown.syntax == "json":
        assert json.loads(shown.text) == value
        assert len(shown.starts) == len(shown.ends) == len(shown.parents) == len(shown.steps)
        assert not set(shown.text) & set("\u2028\u2029\ufdd0\ufdd1\r")
    assert [shown.line(n) for n in range(shown.line_count)] == shown.text.split("\n")


@given(VALUES)
def test_values_become_json_that_says_the_same(value: Any) -> None:
    assert json.loads(json_bytes(value)) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_shown(body: bytes) -> None:
    shown = shown_json(body)
    assert shown.size >= 0
    assert shown.error_at is None or 0 <= shown.error_at <= len(shown.text)


def paths(value: object) -> list[str]:
    shown = shown_json(json_bytes(value))
    return [shown.path(number) for number in range(shown.line_count)]


def test_path_names_members_elements_and_urns() -> None:
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    value = {"emails": [{"value": 1}], "a b": {"c": 2}, urn: {"manager": {"value": "x"}}}
    assert paths(value) == [
        "",
        "emails",
        "emails[0]",
        "emails[0].value",
        "emails[0]",
        "emails",
        '["a b"]',
        '["a b"].c',
        '["a b"]',
        urn,
        f"{urn}:manager",
        f"{urn}:manager.value",
        f"{urn}:manager",
        urn,
        "",
    ]
    assert paths([[1]]) == ["", "[0]", "[0][0]", "[0]", ""]


def test_order_repeated_members_and_the_spelling_of_numbers_stay() -> None:
    shown = shown_json(b'{"b":1.50,"a":"\\u00e9","b":{},"c":[ ]}')
    lines = ["{", '  "b": 1.50,', '  "a": "\\u00e9",', '  "b": {},', '  "c": []', "}"]
    assert shown.text.split("\n") == lines


@pytest.mark.parametrize(
    ("body", "words", "place"),
    [
        (b'{"a": 1,}', "trailing comma", 7),
        (b'{\r\n"a" 1}', "line 2, column 5", 6),
        (b'{"a": "\xff"}', "not valid UTF-8", 0),
        (b"<html>", "not JSON; it is shown as text", None),
    ],
)
def test_what_is_not_json_says_why(body: bytes, words: str, place: int | None) -> None:
    shown = shown_json(body)
    assert shown.syntax == "text"
    assert words in shown.reason
    assert shown.error_at == place


def test_an_empty_body_has_no_reason() -> None:
    assert shown_json(b"") == shown_text("")


def test_a_long_body_is_cut_between_lines() -> None:
    body = json_bytes({"Resources": [{"id": str(n)} for n in range(1000)]})
    part = shown_json(body, limit=500)
    whole = shown_json(body, limit=None)
    assert part.cut
    assert not whole.cut
    assert whole.text.startswith(part.text)
    assert 500 < len(part.text) < 600
    assert part.size == len(body)
    assert part.ends[0] == part.line_count - 1


@given(st.text(max_size=30), st.integers(0, 30))
def test_offsets_in_units_come_back(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    units = to_units(text, offset)
    assert units == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
    assert from_units(text, units) == offset


def test_found_places_ignore_case_and_are_counted() -> None:
    matches = find("Value, value, VALUE", "value")
    assert matches.places == [0, 7, 14]
    assert matches.at_or_after(8) == 2
    assert matches.at_or_after(15) == 0
    assert list(matches.within(3, 8)) == [(0, 0), (1, 7)]
    assert matches.words(2) == "3 of 3"
    assert find("abc", "z").words(0) == "no match"
    assert find("abc", "").places == ()
    assert find("e" * (MOST + 1), "e").words(0) == f"1 of {MOST:,}+"
