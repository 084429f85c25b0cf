"""Mapping rows and sets: what Okta's page "Attribute Mappings" holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from server.okta.mapping.app_profile import USER_NAME, AppAttribute, caught_up


class ApplyOn(Enum):
    """When a mapping is evaluated; the Mappings API calls them DONT_PUSH and PUSH."""

    CREATE = "Create"
    CREATE_AND_UPDATE = "Create and update"


class ValueKind(Enum):
    """The three kinds of value that Okta's dialog offers, in its words and order."""

    SAME = "Same value for all users"
    PROFILE = "Map from Okta Profile"
    EXPRESSION = "Expression"


@dataclass(frozen=True, slots=True)
class MappingRow:
    """How one attribute gets its value; one without a row is "Not mapped".

    ``text`` is the constant, the name of an Okta attribute ("firstName"), or an expression.
    """

    variable: str
    kind: ValueKind
    text: str
    apply_on: ApplyOn = ApplyOn.CREATE_AND_UPDATE

    @property
    def shown(self) -> str:
        """What Okta's column "Value" shows."""
        return f"user.{self.text}" if self.kind is ValueKind.PROFILE else self.text


class UsernameKind(Enum):
    """Okta's "Application username format", in its words and order."""

    OKTA = "Okta username"
    OKTA_PREFIX = "Okta username prefix"
    EMAIL = "Email"
    EMAIL_PREFIX = "Email prefix"
    EMAIL_LOWERCASE = "Email (lowercase)"
    AD_SAM = "AD SAM account name"
    AD_SAM_DOMAIN = "AD SAM account name + domain"
    AD_UPN = "AD user principal name"
    AD_UPN_PREFIX = "AD user principal name prefix"
    AD_EMPLOYEE_ID = "AD employee ID"
    CUSTOM = "Custom"
    NONE = "(None)"


@dataclass(frozen=True, slots=True)
class UsernameFormat:
    """The app's username format, set on Okta's tab "Sign On"; ``expression`` is that of CUSTOM."""

    kind: UsernameKind = UsernameKind.OKTA
    expression: str = ""
    apply_on: ApplyOn = ApplyOn.CREATE_AND_UPDATE


@dataclass(frozen=True, slots=True)
class MappingSet:
    """An app profile, the format of its usernames, and the rows, at most one for a variable.

    ``numbers_as_text`` settles what Okta leaves open: whether a number fits a string.
    """

    attributes: tuple[AppAttribute, ...]
    username: UsernameFormat = UsernameFormat()
    rows: tuple[MappingRow, ...] = ()
    numbers_as_text: bool = False

    @property
    def by_variable(self) -> Mapping[str, MappingRow]:
        """The rows by the variables that they map."""
        return {row.variable: row for row in self.rows}

    def attribute(self, variable: str) -> AppAttribute | None:
        """Return the attribute of the app profile with this variable."""
        return next((each for each in self.attributes if each.variable == variable), None)

    def mapped(self, row: MappingRow) -> "MappingSet":
        """Return the set with this row in the place of the one for its variable."""
        if row.variable not in self.by_variable:
            return replace(self, rows=(*self.rows, row))
        rows = (row if old.variable == row.variable else old for old in self.rows)
        return replace(self, rows=tuple(rows))

    def unmapped(self, variable: str) -> "MappingSet":
        """Return the set with a variable "Not mapped"."""
        return replace(self, rows=tuple(row for row in self.rows if row.variable != variable))

    def with_profile(self, profile: Sequence[AppAttribute]) -> "MappingSet":
        """Return the set over what the app profile has become since it was saved."""
        return replace(self, attributes=caught_up(self.attributes, profile))

    def in_okta_order(self) -> list[tuple[AppAttribute, MappingRow | None]]:
        """Return what Okta lists: required and mapped attributes first, each in profile order."""
        rows = self.by_variable
        listed = [(attribute, rows.get(attribute.variable)) for attribute in self.attributes]
        return sorted(listed, key=lambda item: not (item[0].required or item[1]))


def mapping_text(mappings: MappingSet, variable: str) -> str:
    """Return what Okta's column "Value" shows for a variable."""
    if variable == USER_NAME:
        return f"Configured in Sign On settings: {mappings.username.kind.value}"
    row = mappings.by_variable.get(variable)
    return row.shown if row else "Not mapped"
