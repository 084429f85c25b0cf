"""What the columns of a table mean: found by their names, and open to change before an import."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from server.okta.people.reading import UnreadableFile
from server.okta.people.schema import ProfileAttribute, ProfileSchema


class Meaning(Enum):
    """What a column tells that is not in the profile; the value is for a person to choose."""

    ID = "Okta user id"
    STATUS = "Status"
    ACTIVE = "Active, yes or no"
    DISABLED = "Disabled, yes or no"
    GROUPS = "Groups, with ; between them"
    GROUP = "Member of the group that the column or the cell names"


Target: TypeAlias = ProfileAttribute | Meaning | None
"""An attribute, which is a new custom one if the schema lacks it; None for a column left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table and what becomes of it."""

    header: str
    target: Target


def suggest_columns(headers: Sequence[str], schema: ProfileSchema) -> tuple[Column, ...]:
    """Return what the columns mean in all likelihood, in their order.

    Known are Okta's variable and display names, and the columns of Blink's full admin export and
    bulk import template; others become custom attributes of the type "string". Of two columns
    for the same attribute the second is left out.

    Raises ``UnreadableFile`` when the first line holds no names.
    """
    if any("@" in header for header in headers):
        raise UnreadableFile(
            "The first line holds a person: it has to hold the names of the columns."
        )
    known = _known(schema)
    teams = _blink_teams(headers)
    taken: set[str] = set()
    columns = []
    for header in headers:
        target: Target = Meaning.GROUP if header in teams else _target(header, known)
        if target is not None and target is not Meaning.GROUP:
            if target.name in taken:
                target = None
            else:
                taken.add(target.name)
        columns.append(Column(header, target))
    return tuple(columns)


def new_attributes(columns: Sequence[Column], schema: ProfileSchema) -> list[ProfileAttribute]:
    """Return the custom attributes that the columns add to a schema."""
    targets = (column.target for column in columns)
    return [
        target
        for target in targets
        if isinstance(target, ProfileAttribute) and target.name not in schema.names
    ]


def columns_problem(columns: Sequence[Column]) -> str:
    """Return why no people can be made of these columns, or ""."""
    names = [
        column.target.name for column in columns if isinstance(column.target, ProfileAttribute)
    ]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        return f"Two columns go to {twice}: choose another attribute for one of them."
    if "login" not in names and "email" not in names:
        return "No column holds the login or the email address: choose one that does."
    return ""


def variable_name(header: str) -> str:
    """Return a header as the variable name of an attribute: "Cost code" -> "costCode"."""
    parts = unicodedata.normalize("NFKD", header.replace("ß", "ss"))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    words = re.findall(r"[A-Za-z0-9]+", plain)
    if not words:
        return ""
    if len(words) == 1:
        name = words[0] if words[0][1:] != words[0][1:].upper() else words[0].lower()
        name = name[:1].lower() + name[1:]
    else:
        name = words[0].lower() + "".join(word[:1].upper() + word[1:].lower() for word in words[1:])
    return name if name[0].isalpha() else f"attribute{name}"


def _target(header: str, known: Callable[[str], Target | str]) -> Target:
    if _GROUP_COLUMN.fullmatch(header.strip()):
        return Meaning.GROUP
    found = known(header)
    if not isinstance(found, str):
        return found
    return ProfileAttribute(found, header.strip()) if found else None


def _known(schema: ProfileSchema) -> Callable[[str], Target | str]:
    """Return a function from a header to its target, or to the name of a new attribute."""
    targets: dict[str, Target] = {
        _key(alias): schema.names[name]
        for name, aliases in _ALIASES.items()
        for alias in aliases.split(", ")
    }
    for meaning, aliases in _MEANINGS.items():
        targets |= dict.fromkeys(map(_key, aliases.split(", ")), meaning)
    for attribute in reversed(schema.attributes):
        targets[_key(attribute.title)] = attribute
    for attribute in schema.attributes:
        targets[_key(attribute.name)] = attribute

    def find(header: str) -> Target | str:
        stripped = _PREFIX.sub("", header.strip())
        if stripped in schema.names:
            return schema.names[stripped]
        key = _key(stripped)
        if key in targets:
            return targets[key]
        return "" if key in _LEFT_OUT else variable_name(stripped)

    return find


def _key(header: str) -> str:
    """Return what of a header counts: "First name", "first_name" and "firstName" are the same."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def _blink_teams(headers: Sequence[str]) -> frozenset[str]:
    """Return the columns of Blink's full admin export that are teams: all behind is_disabled."""

    def teams() -> Iterator[str]:
        keys = [_key(header) for header in headers]
        if "blinkid" in keys and "isdisabled" in keys:
            yield from headers[keys.index("isdisabled") + 1 :]

    return frozenset(teams())


_PREFIX: Final = re.compile(r"(?i)(user|profile)\.")
_GROUP_COLUMN: Final = re.compile(r"(?i)group\s*\(.*\)")
_ALIASES: Final = {
    "login": "user login, Okta login, Okta username, user principal name, upn",
    "email": "email address, e-mail, e-mail address, mail, work email, primary email address",
    "firstName": "given name, forename, first",
    "lastName": "surname, family name, second name, last, sn",
    "mobilePhone": "mobile, mobile number, mobile phone number, phone mobile, phone number, cell",
    "primaryPhone": "phone, telephone, work phone, work phone number, phone work",
    "title": "job title, position",
    "employeeNumber": "employee id, employee no, staff number, payroll number, personnel number",
    "department": "department name",
    "organization": "organisation, company, company name",
    "city": "location, location name, town",
    "zipCode": "postcode, postal code",
    "costCenter": "cost centre",
    "timezone": "timezone",
    "preferredLanguage": "language",
    "manager": "manager name, line manager name",
    "managerId": "manager id, manager employee id, manager employee number, manager email,"
    " manager login, line manager, line manager id, line manager email,"
    " line manager employee id",
}
_MEANINGS: Final = {
    Meaning.ID: "id, user id, Okta id, Okta user id",
    Meaning.STATUS: "status, user status, account status",
    Meaning.ACTIVE: "active, is active, active status, enabled, account enabled",
    Meaning.DISABLED: "disabled, is disabled, inactive, deactivated",
    Meaning.GROUPS: "groups, group names, member of, teams",
}
_LEFT_OUT: Final = frozenset(
    map(
        _key,
        (
            "blink_id, is_scim_managed, created, created_at, last invitation date,"
            " last_invitation_date, signup_date, activated, statusChanged, last login, lastLogin,"
            " lastUpdated, passwordChanged, password"
        ).split(", "),
    )
)
"""Columns of exports that say nothing about a profile, and one that is nobody's business."""
