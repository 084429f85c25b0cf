"""What a custom attribute may be, and what stands in the schema for it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from server.blink.catalog import MOST_COMPILED, Catalog
from server.blink.custom_attributes import (
    BUILT_IN,
    KINDS,
    MOST_ATTRIBUTES,
    MOST_CHOICES,
    CustomAttribute,
    problem,
    schema_attribute,
    tidied,
)
from server.blink.custom_values import check_custom_values
from server.blink.directory import Organization
from server.blink.identity import BLINK_SCHEMA
from server.scim.documents import load_resource_types
from server.scim.errors import ScimError

SCHEMAS = Path(resources.__file__).parent / "schemas"
TEXT = CustomAttribute("badgeName", "Badge", "text")


def choice(*choices: str) -> CustomAttribute:
    return CustomAttribute("shift", "Shift", "choice", choices)


@pytest.mark.parametrize(
    "attribute",
    [
        TEXT,
        CustomAttribute("a", "A", "date"),
        CustomAttribute("x" * 64, "X", "text", description="d" * 500),
        CustomAttribute("not_1", "Größe 👟", "text"),
        choice("Only"),
        choice(*(f"{number:0100}" for number in range(MOST_CHOICES))),
    ],
)
def test_proper_attribute_has_no_problem(attribute: CustomAttribute) -> None:
    assert problem(attribute, []) == ""


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        (CustomAttribute("", "A", "text"), "An identifier is a letter"),
        (CustomAttribute("1st", "A", "text"), "An identifier is a letter"),
        (CustomAttribute("first day", "A", "text"), "An identifier is a letter"),
        (CustomAttribute("größe", "A", "text"), "An identifier is a letter"),
        (CustomAttribute("day\n", "A", "text"), "An identifier is a letter"),
        (CustomAttribute("x" * 65, "A", "text"), "up to 63"),
        (CustomAttribute("Company", "A", "text"), '"Company" already'),
        (CustomAttribute("BADGENAME", "A", "text"), '"BADGENAME" already'),
        (CustomAttribute("a", "", "text"), "A label has 1 to 100"),
        (CustomAttribute("a", "x" * 101, "text"), "A label has 1 to 100"),
        (CustomAttribute("a", "x\ny", "text"), "A label has 1 to 100"),
        (CustomAttribute("a", "A", "text", description="d" * 501), "at most 500"),
        (CustomAttribute("a", "A", "text", ("Day",)), "A text has no choices"),
        (CustomAttribute("a", "A", "date", ("Day",)), "A date has no choices"),
        (choice(), "1 to 200"),
        (choice(*map(str, range(201))), "not 201"),
        (choice("Day", ""), "1 to 100 characters"),
        (choice("x" * 101), "1 to 100 characters"),
        (choice("Day", "Night", "DAY"), '"DAY" is twice'),
    ],
)
def test_problem_is_told_in_a_sentence(attribute: CustomAttribute, words: str) -> None:
    told = problem(attribute, [TEXT])
    assert words in told
    assert told.endswith(".")


def test_hundred_attributes_are_enough() -> None:
    others = [CustomAttribute(f"a{number}", "A", "text") for number in range(MOST_ATTRIBUTES)]
    assert "at most 100" in problem(TEXT, others)
    assert problem(TEXT, others[1:]) == ""


def test_reserved_names_are_those_of_the_shipped_extension() -> None:
    document = json.loads((SCHEMAS / "blink_user.json").read_text())
    assert {attribute["name"].lower() for attribute in document["attributes"]} == BUILT_IN


attributes = st.builds(
    CustomAttribute,
    st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True) | st.text(max_size=8),
    st.text(max_size=8),
    st.sampled_from(KINDS),
    st.lists(st.text(max_size=4), max_size=4).map(tuple),
    st.text(max_size=8),
)


@given(st.lists(attributes, max_size=4))
def test_whatever_passes_the_checks_compiles_into_the_schema(made: list[CustomAttribute]) -> None:
    kept: list[CustomAttribute] = []
    for attribute in map(tidied, made):
        if not problem(attribute, kept):
            kept.append(attribute)
    types = Catalog(TYPES, Stored(kept)).types(ACME)
    known = types["User"].extensions[BLINK_SCHEMA.lower()].attributes
    names = {attribute.identifier.lower() for attribute in kept}
    assert set(known) == BUILT_IN | names
    for name in names:
        assert str(types["User"].paths[f"{BLINK_SCHEMA.lower()}:{name}"]).lower().endswith(name)


def test_schema_says_how_a_date_is_written() -> None:
    shown = schema_attribute(CustomAttribute("startDate", "First day", "date"))
    assert shown["type"] == "string"
    assert shown["description"] == "First day. A date: YYYY-MM-DD."
    assert "canonicalValues" not in shown


class Stored:
    """Counts how often the attributes are read."""

    def __init__(self, attributes: list[CustomAttribute]) -> None:
        self.attributes = attributes
        self.read: list[int] = []

    def all(self, organization_id: int) -> list[CustomAttribute]:
        self.read.append(organization_id)
        return self.attributes


TYPES = load_resource_types(SCHEMAS)
ACME = Organization(1, "Acme", schema_version=1)


def test_organizations_without_attributes_share_the_types_and_nothing_is_read() -> None:
    stored = Stored([TEXT])
    catalog = Catalog(TYPES, stored)
    first, second = (catalog.types(Organization(number, "A")) for number in (1, 2))
    assert first is second
    assert catalog.custom_attributes(Organization(1, "A")) == ()
    assert stored.read == []


def test_types_are_compiled_once_for_each_version() -> None:
    stored = Stored([TEXT])
    catalog = Catalog(TYPES, stored)
    types = catalog.types(ACME)
    assert catalog.types(ACME) is types
    assert catalog.custom_attributes(ACME) == (TEXT,)
    assert stored.read == [1]
    stored.attributes = []
    newer = catalog.types(Organization(1, "Acme", schema_version=2))
    assert f"{BLINK_SCHEMA.lower()}:badgename" in types["User"].paths
    assert f"{BLINK_SCHEMA.lower()}:badgename" not in newer["User"].paths


def test_group_is_left_as_it_is() -> None:
    catalog = Catalog(TYPES, Stored([TEXT]))
    assert catalog.types(ACME)["Group"] is catalog.types(Organization(2, "B"))["Group"]


def test_types_used_longest_ago_are_forgotten() -> None:
    stored = Stored([])
    catalog = Catalog(TYPES, stored)
    for number in range(1, MOST_COMPILED + 2):
        catalog.types(Organization(number, "A", schema_version=1))
        catalog.types(ACME)
    assert stored.read == list(range(1, MOST_COMPILED + 2))
    catalog.types(Organization(2, "A", schema_version=1))
    assert stored.read[-1] == 2
    assert len(stored.read) == MOST_COMPILED + 2


def settled(attribute: CustomAttribute, value: str, stored: str | None = None) -> Any:
    document = {BLINK_SCHEMA: {attribute.identifier: value}}
    before = {BLINK_SCHEMA: {attribute.identifier: stored}} if stored else {}
    remarks = [remark.code for remark in check_custom_values(document, before, [attribute])]
    return document[BLINK_SCHEMA][attribute.identifier], remarks


@pytest.mark.parametrize(
    ("value", "stored", "remarks"),
    [
        ("2026-11-23", "2026-11-23", []),
        (" 2024-02-29 ", "2024-02-29", []),
        ("2026-11-23T00:00:00Z", "2026-11-23", ["date-reduced"]),
        ("2026-11-23T23:30:00.5-08:00", "2026-11-23", ["date-reduced"]),
    ],
)
def test_date_is_brought_into_its_form(value: str, stored: str, remarks: list[str]) -> None:
    assert settled(CustomAttribute("day", "Day", "date"), value) == (stored, remarks)


@given(st.dates(), st.sampled_from(["", "T08:30:00Z", "T23:59:59.999+14:00"]))
def test_every_date_is_stored_as_it_was_written(day: date, time: str) -> None:
    wanted = CustomAttribute("day", "Day", "date")
    stored, _ = settled(wanted, f"{day}{time}")
    assert stored == str(day)
    assert settled(wanted, stored) == (stored, [])


@given(st.text(max_size=30).filter(lambda text: not text.strip()[:4].isdecimal()))
def test_any_other_text_is_refused_as_a_date(value: str) -> None:
    with pytest.raises(ScimError, match="YYYY-MM-DD") as refused:
        settled(CustomAttribute("day", "Day", "date"), value)
    assert (refused.value.status, refused.value.scim_type) == (400, "invalidValue")


def test_long_list_of_choices_is_shortened_in_the_refusal() -> None:
    with pytest.raises(ScimError) as refused:
        settled(choice(*"ABCDEFGH"), "x" * 200)
    assert '"A", "B", "C", "D", "E" and 3 more.' in refused.value.detail
    assert "x" * 61 not in refused.value.detail


def test_stored_value_is_left_alone() -> None:
    assert settled(choice("Day"), "Night", stored="Night") == ("Night", [])
