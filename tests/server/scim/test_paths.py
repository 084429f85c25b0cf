"""Attribute names and PATCH paths."""

import pytest

from server.scim.errors import ScimType
from server.scim.paths import parse_path, resolve
from tests.server.scim.samples import CORE, ENTERPRISE, GROUP, USER, assert_refused, refusal


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("userName", "userName"),
        ("USERNAME", "userName"),
        ("name.givenname", "name.givenName"),
        (f"{CORE}:userName", "userName"),
        (f"{CORE.upper()}:emails.value", "emails.value"),
        (f"{ENTERPRISE}:department", f"{ENTERPRISE}:department"),
        (f"{ENTERPRISE.lower()}:MANAGER.displayName", f"{ENTERPRISE}:manager.displayName"),
        (ENTERPRISE, ENTERPRISE),
        ("meta.lastModified", "meta.lastModified"),
        ("externalid", "externalId"),
    ],
)
def test_names_resolve_in_any_letter_case_and_behind_urns(name: str, path: str) -> None:
    assert str(resolve(USER, name)) == path


@pytest.mark.parametrize("name", ["", "nonsense", "department", "name.x", "emails.value.x", CORE])
def test_unknown_names_do_not_resolve(name: str) -> None:
    assert resolve(USER, name) is None


def test_a_value_path_has_a_filter_and_a_sub_attribute() -> None:
    path = parse_path(USER, 'Emails[Type eq "work"].Value')
    assert str(path.bound) == "emails.value"
    assert path.filter is not None


def test_a_value_path_may_end_at_the_bracket() -> None:
    path = parse_path(GROUP, 'members[value eq "a]b"]')
    assert str(path.bound) == "members"


def test_a_value_path_may_stand_behind_a_urn() -> None:
    assert str(parse_path(USER, f'{CORE}:emails[type eq "work"].value').bound) == "emails.value"


@pytest.mark.parametrize(
    ("text", "scim_type", "word"),
    [
        ("nonsense", "invalidPath", "nonsense"),
        ("emials", "invalidPath", 'Did you mean "emails"'),
        ("department", "invalidPath", f'"{ENTERPRISE}:department"'),
        ("", "invalidPath", '""'),
        ("name..givenName", "invalidPath", "name..givenName"),
        ('emails[type eq "work"].valu', "invalidPath", 'Did you mean "value"'),
        ('emails[type eq "work"]value', "invalidPath", '"]"'),
        ('emails[type eq "work"].value.x', "invalidPath", '"]"'),
        ('emails.value[type eq "work"]', "invalidPath", "emails.value"),
        ('name[givenName eq "x"]', "invalidPath", "name"),
        ("emails[", "invalidFilter", "position 8"),
        ("emails[]", "invalidFilter", "position 8"),
        ('emails[type eq "work"', "invalidFilter", '"]"'),
        ('emails[kind eq "work"]', "invalidFilter", "kind"),
        ("x" * 20_000, "invalidPath", "10,000"),
    ],
)
def test_a_path_that_no_schema_knows_is_refused_by_name(
    text: str, scim_type: ScimType, word: str
) -> None:
    assert_refused(refusal(parse_path, USER, text), scim_type, word)
