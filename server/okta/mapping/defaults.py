"""The mappings that Okta's Blink app comes with.

The set-up guide shows them only in a picture; these are the suggestions of the spec page "What
Okta's SCIM client really sends" (open question 3), with Okta's own expression for the email type.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from server.okta.mapping.app_profile import BLINK_APP_PROFILE, AppAttribute, with_attributes
from server.okta.mapping.rows import MappingRow, MappingSet, UsernameFormat, ValueKind

EMAIL_TYPE: Final = "(user.email != null && user.email != '') ? 'work' : ''"
"""Okta's own default, from its SCIM template."""

LOCALE: Final = 'String.replace(user.locale, "_", "-")'
"""Okta holds en_GB, Blink asks for the language tag en-GB."""


def _from_profile(variable: str, name: str = "") -> MappingRow:
    return MappingRow(variable, ValueKind.PROFILE, name or variable)


DEFAULT_MAPPINGS: Final = MappingSet(
    attributes=BLINK_APP_PROFILE,
    username=UsernameFormat(),
    rows=(
        _from_profile("givenName", "firstName"),
        _from_profile("familyName", "lastName"),
        _from_profile("email"),
        MappingRow("emailType", ValueKind.EXPRESSION, EMAIL_TYPE),
        _from_profile("mobilePhone"),
        _from_profile("workPhone", "primaryPhone"),
        _from_profile("title"),
        _from_profile("displayName"),
        MappingRow("locale", ValueKind.EXPRESSION, LOCALE),
        _from_profile("department"),
        _from_profile("employeeNumber"),
        _from_profile("managerValue", "managerId"),
        _from_profile("company", "organization"),
        _from_profile("location", "city"),
    ),
)


def default_mappings(added: Iterable[AppAttribute]) -> MappingSet:
    """Return the default mappings for an organization that added attributes, not mapped as yet."""
    attributes = with_attributes(DEFAULT_MAPPINGS.attributes, added)
    return replace(DEFAULT_MAPPINGS, attributes=attributes)
