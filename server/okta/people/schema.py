"""Okta's user profile: its 31 base attributes, and the custom ones that an organization adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

AttributeType: TypeAlias = Literal[
    "string",
    "number",
    "integer",
    "boolean",
    "string array",
    "number array",
    "integer array",
    "country code",
    "language code",
    "linked object",
]
"""The data types of Okta's Profile Editor."""


@dataclass(frozen=True, slots=True)
class ProfileAttribute:
    """An attribute of the Okta user profile.

    ``name`` is its variable name ("firstName"), ``title`` its display name ("First name"),
    ``min_length`` and ``max_length`` are in characters and hold for a value that is set.
    """

    name: str
    title: str
    type: AttributeType = "string"
    required: bool = False
    max_length: int | None = None
    base: bool = False
    min_length: int = 0

    @property
    def is_list(self) -> bool:
        """Whether it holds several values."""
        return self.type.endswith(" array")


@dataclass(frozen=True, slots=True)
class ProfileSchema:
    """The attributes of a profile in the order in which Okta lists them.

    ``names`` maps the variable names, which are case-sensitive, to the attributes.
    """

    attributes: tuple[ProfileAttribute, ...]
    names: Mapping[str, ProfileAttribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {attribute.name: attribute for attribute in self.attributes}
        object.__setattr__(self, "names", MappingProxyType(names))

    @property
    def custom(self) -> tuple[ProfileAttribute, ...]:
        """The attributes that the organization added."""
        return tuple(attribute for attribute in self.attributes if not attribute.base)

    def extended(self, added: Iterable[ProfileAttribute]) -> "ProfileSchema":
        """Return the schema with further custom attributes; those whose name is known stay."""
        new = {attribute.name: attribute for attribute in added}
        return ProfileSchema(
            (*self.attributes, *(new[name] for name in new if name not in self.names))
        )


def _base(
    name: str,
    title: str,
    max_length: int | None = None,
    *,
    type: AttributeType = "string",
    required: bool = False,
    min_length: int = 0,
) -> ProfileAttribute:
    return ProfileAttribute(name, title, type, required, max_length, True, min_length)


BASE_SCHEMA: Final = ProfileSchema(
    (
        _base("login", "Username", 100, required=True, min_length=5),
        _base("firstName", "First name", 50, required=True, min_length=1),
        _base("lastName", "Last name", 50, required=True, min_length=1),
        _base("middleName", "Middle name"),
        _base("honorificPrefix", "Honorific prefix"),
        _base("honorificSuffix", "Honorific suffix"),
        _base("email", "Primary email", 100, required=True, min_length=5),
        _base("title", "Title"),
        _base("displayName", "Display name"),
        _base("nickName", "Nickname"),
        _base("profileUrl", "Profile URL"),
        _base("secondEmail", "Secondary email", 100, min_length=5),
        _base("mobilePhone", "Mobile phone", 100),
        _base("primaryPhone", "Primary phone", 100),
        _base("streetAddress", "Street address", 1024),
        _base("city", "City", 128),
        _base("state", "State", 128),
        _base("zipCode", "Zip code", 50),
        _base("countryCode", "Country code", 2, type="country code"),
        _base("postalAddress", "Postal Address", 4096),
        _base("preferredLanguage", "Preferred language", type="language code"),
        _base("locale", "Locale"),
        _base("timezone", "Time zone"),
        _base("userType", "User type"),
        _base("employeeNumber", "Employee number"),
        _base("costCenter", "Cost center"),
        _base("organization", "Organization"),
        _base("division", "Division"),
        _base("department", "Department"),
        _base("managerId", "ManagerId"),
        _base("manager", "Manager"),
    )
)
"""Okta's base profile with the lengths of its Users API."""
