from dataclasses import replace

import pytest

from server.okta.mapping import rules
from server.okta.mapping.app_profile import AppAttribute, blink_attribute
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.lint import lint
from server.okta.mapping.rows import (
    ApplyOn,
    MappingRow,
    MappingSet,
    UsernameFormat,
    UsernameKind,
    ValueKind,
)
from server.okta.mapping.rules import Rule, Severity
from tests.server.okta.mapping.people import (
    BLINK,
    ENTERPRISE,
    USER,
    compiled,
    with_attribute,
    with_row,
)

PROFILE, SAME, EXPRESSION = ValueKind.PROFILE, ValueKind.SAME, ValueKind.EXPRESSION


def broken(mappings: MappingSet) -> dict[str, str]:
    """The rules that are broken, with the variables."""
    return {found.rule.id: found.variable for found in lint(compiled(mappings))}


def with_place(name: str, namespace: str, variable: str = "x", source: str = "title") -> MappingSet:
    mappings = with_attribute(AppAttribute(variable, "X", name, namespace, custom=True))
    return with_row(variable, PROFILE, source, mappings)


def username(kind: UsernameKind, expression: str = "") -> MappingSet:
    return replace(DEFAULT_MAPPINGS, username=UsernameFormat(kind, expression))


CASES: list[tuple[Rule, str, MappingSet]] = [
    (rules.NAMESPACE_MISSING, "x", with_place("shirt", "")),
    (rules.NAMESPACE_UNKNOWN, "x", with_place("shirt", BLINK.replace("2.0", "1.0"))),
    (rules.NAMESPACE_WRONG, "x", with_place("company", USER)),
    (rules.NAMESPACE_WRONG, "x", with_place("costCenter", USER)),
    (rules.EXTERNAL_NAME_INVALID, "x", with_place("emails[0]", USER)),
    (rules.EXTERNAL_NAME_TWICE, "x", with_place("title", USER)),
    (
        rules.MOBILE_WITHOUT_TYPE,
        "mobilePhone",
        with_place("phoneNumbers.^[primary==false].value", USER, "mobilePhone", "mobilePhone"),
    ),
    (
        rules.MOBILE_WITHOUT_TYPE,
        "x",
        with_place("phoneNumbers.^[type=='work2'].value", USER, "x", "mobilePhone"),
    ),
    (rules.LOCALE_UNDERSCORE, "locale", with_row("locale", PROFILE, "locale")),
    (rules.LOCALE_UNDERSCORE, "locale", with_row("locale", SAME, "en_GB")),
    (rules.MANAGER_NOT_AN_ID, "managerValue", with_row("managerValue", PROFILE, "manager")),
    (rules.MANAGER_NOT_AN_ID, "managerValue", with_row("managerValue", SAME, "b@acme.example")),
    (rules.REQUIRED_UNMAPPED, "userName", username(UsernameKind.NONE)),
    (
        rules.REQUIRED_UNMAPPED,
        "x",
        with_attribute(AppAttribute("x", "X", "x", BLINK, required=True)),
    ),
    (rules.NAMES_UNMAPPED, "", DEFAULT_MAPPINGS.unmapped("givenName").unmapped("familyName")),
    (rules.CONSTANT_FOR_UNIQUE, "email", with_row("email", SAME, "all@acme.example")),
    (rules.CONSTANT_FOR_UNIQUE, "mobilePhone", with_row("mobilePhone", EXPRESSION, "'+44'")),
    (rules.CONSTANT_FOR_UNIQUE, "employeeNumber", with_row("employeeNumber", SAME, "1")),
    (rules.CONSTANT_FOR_UNIQUE, "userName", username(UsernameKind.CUSTOM, "'all'")),
    (
        rules.CREATE_ONLY_PUSHED,
        "title",
        with_row("title", PROFILE, "title", apply_on=ApplyOn.CREATE),
    ),
    (rules.EXPRESSION_WRONG, "title", with_row("title", EXPRESSION, "user.titel")),
    (rules.EXPRESSION_WRONG, "userName", username(UsernameKind.CUSTOM, "(")),
    (rules.ROW_WITHOUT_ATTRIBUTE, "nope", with_row("nope", SAME, "a")),
]


def test_okta_s_default_mappings_break_no_rule() -> None:
    assert lint(compiled(DEFAULT_MAPPINGS)) == []


@pytest.mark.parametrize(("rule", "variable", "mappings"), CASES)
def test_each_rule_finds_its_case(rule: Rule, variable: str, mappings: MappingSet) -> None:
    assert broken(mappings)[rule.id] == variable


def test_no_text_has_an_unfilled_place() -> None:
    for _, _, mappings in CASES:
        for found in lint(compiled(mappings)):
            assert found.text
            assert found.cure
            assert "{" not in found.text + found.cure.replace("toCsvString({})", "")


def test_the_worst_comes_first() -> None:
    mappings = with_row("title", PROFILE, "title", apply_on=ApplyOn.CREATE)
    mappings = mappings.mapped(MappingRow("email", SAME, "all@acme.example"))
    mappings = mappings.mapped(MappingRow("locale", SAME, "en_GB"))
    assert [found.severity for found in lint(compiled(mappings))] == list(Severity)


def test_a_phone_pair_is_right_when_its_types_are_mapped() -> None:
    pair = with_place("phoneNumbers.^[primary==false].value", USER, "mobilePhone", "mobilePhone")
    typed = with_attribute(
        AppAttribute("phoneType", "Type", "phoneNumbers.^[primary==false].type", USER), pair
    )
    assert "mobile-without-type" not in broken(with_row("phoneType", SAME, "mobile", typed))


def test_the_attributes_of_an_organization_are_at_home_in_blink_s_namespace() -> None:
    mappings = with_attribute(blink_attribute("shirt", "Shirt size", choices=("S", "M")))
    assert broken(with_row("shirt", SAME, "M", mappings)) == {}
    assert broken(with_row("shirt", SAME, "XS", mappings)) == {"expression-wrong": "shirt"}


def test_an_enterprise_attribute_under_its_own_urn_is_right() -> None:
    assert broken(with_place("costCenter", ENTERPRISE)) == {}
