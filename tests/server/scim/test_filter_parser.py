"""The grammar of filters."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.scim.filters.parser import parse_filter
from server.scim.filters.tree import And, Comparison, Not, Or, Present, ValuePath
from tests.server.scim.samples import CORE, ENTERPRISE, USER, assert_refused, outcome, refusal


def parse(text: str) -> object:
    return parse_filter(text, USER)


def test_a_comparison_names_path_operator_and_value() -> None:
    parsed = parse('userName eq "bjensen"')
    assert isinstance(parsed, Comparison)
    assert (str(parsed.path), parsed.operator, parsed.value) == ("userName", "eq", "bjensen")


def test_operators_names_and_literals_are_understood_in_any_letter_case() -> None:
    assert parse('USERNAME Eq "x" AND Active EQ True') == parse(
        'userName eq "x" and active eq true'
    )


def test_and_binds_stronger_than_or_and_not_stronger_than_and() -> None:
    parsed = parse("id pr or title pr and not (active pr)")
    assert isinstance(parsed, Or)
    assert isinstance(parsed.terms[0], Present)
    assert isinstance(parsed.terms[1], And)
    assert isinstance(parsed.terms[1].terms[1], Not)


def test_parentheses_group() -> None:
    parsed = parse("(id pr or title pr) and active pr")
    assert isinstance(parsed, And)
    assert isinstance(parsed.terms[0], Or)


def test_a_chain_is_one_node() -> None:
    parsed = parse("id pr and title pr and active pr")
    assert isinstance(parsed, And)
    assert len(parsed.terms) == 3


def test_a_complex_attribute_alone_means_its_value() -> None:
    assert parse('emails co "x"') == parse('emails.value co "x"')
    assert parse(f'{ENTERPRISE}:manager eq "7"') == parse(f'{ENTERPRISE}:manager.value eq "7"')


def test_the_core_urn_may_stand_before_a_name() -> None:
    assert parse(f'{CORE}:userName eq "x"') == parse('userName eq "x"')


def test_a_value_path_is_bound_to_the_sub_attributes() -> None:
    parsed = parse('emails[type eq "work" and value co "@x"]')
    assert isinstance(parsed, ValuePath)
    assert isinstance(parsed.filter, And)
    paths = [str(term.path) for term in parsed.filter.terms if isinstance(term, Comparison)]
    assert paths == ["type", "value"]


def test_a_comparison_behind_a_value_path_belongs_into_it() -> None:
    assert parse('emails[type eq "work"].value eq "x"') == parse(
        'emails[type eq "work" and value eq "x"]'
    )


def test_dates_come_into_the_stored_form() -> None:
    parsed = parse('meta.created gt "2026-11-23T20:48:00+02:00"')
    assert isinstance(parsed, Comparison)
    assert parsed.value == "2026-11-23T18:48:00.000Z"


def test_a_boolean_may_stand_in_quotes() -> None:
    assert parse('active eq "False"') == parse("active eq false")


@given(st.text())
def test_any_text_survives_as_a_json_literal(text: str) -> None:
    for literal in (json.dumps(text), json.dumps(text, ensure_ascii=False)):
        if "\x7f" not in literal:
            parsed = parse(f"title eq {literal}")
            assert isinstance(parsed, Comparison)
            assert parsed.value == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["position 1", "attribute name"]),
        ("userName", ["position 9", "operator"]),
        ('userName like "x"', ["like", "position 10", "eq"]),
        ("userName eq", ["position 12", "value"]),
        ("userName eq bob", ["position 13", "double quotes"]),
        ("userName eq 'bob'", ["position 13", "double quotes"]),
        ("userName eq “bob”", ["position 13", "typographic"]),
        ('userName eq "bob', ["position 13", "does not end"]),
        (r'userName eq "\x"', ["position 13", "escape"]),
        (r'userName eq "\ud800"', ["position 13", "surrogate"]),
        ('userName eq "a" title pr', ["title", "position 17"]),
        ('userName eq "a" and', ["position 20", "attribute name"]),
        ("(id pr", ["position 7", '")"']),
        ("id pr)", ["position 6"]),
        ('not userName eq "x"', ["position 1", "not"]),
        ("emails[type pr", ["position 15", '"]"']),
        ("emails[addresses[type pr]]", ["addresses"]),
        ("name[givenName pr]", ["name", "multi-valued"]),
        ('nam eq "x"', ['"nam"', 'Did you mean "name"']),
        ('department eq "x"', [f'Did you mean "{ENTERPRISE}:department"']),
        ('emails[typ eq "x"]', ['"typ"', 'Did you mean "type"']),
        ('name eq "x"', ["name", '"name.formatted"']),
        ("active gt true", ["active", "boolean", "eq"]),
        ('active eq "maybe"', ["active", "true or false"]),
        ('x509Certificates co "x"', ["x509Certificates.value", "binary"]),
        ("userName eq 5", ["userName", '"5"']),
        ("userName gt null", ["null"]),
        ('meta.created gt "soon"', ["meta.created", "soon"]),
        ('meta.location eq "x"', ["meta.location", "id"]),
        ('password eq "secret"', ["password"]),
        ("password pr", ["password"]),
        ("id pr or " * 1200 + "id pr", ["10,000"]),
        ("(" * 65 + "id pr" + ")" * 65, ["64"]),
    ],
)
def test_a_mistake_is_told_with_its_place_and_cure(text: str, words: list[str]) -> None:
    error = refusal(parse, text)
    assert_refused(error, "invalidFilter", *words)
    assert "secret" not in error.detail


def test_64_levels_of_brackets_are_understood() -> None:
    assert parse("(" * 64 + "id pr" + ")" * 64) == parse("id pr")


PIECES = (
    'userName emails type eq pr and or not ( ) [ ] .value "x" 5 1e999 - null true " \\ é'.split()
)


@given(
    st.lists(st.sampled_from([*PIECES, " ", "\0", f"{CORE}:"]), max_size=12).map("".join)
    | st.text(max_size=30)
)
def test_no_text_raises_anything_else(text: str) -> None:
    error = outcome(parse, text)
    if error is not None:
        assert_refused(error, "invalidFilter")
