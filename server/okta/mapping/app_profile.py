"""The profile of Okta's Blink app: its attributes, and where each stands in what Okta sends."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from server.okta.mapping.external_names import (
    BLINK_SCHEMA,
    CORE_SCHEMA,
    ENTERPRISE_SCHEMA,
    ExternalName,
    InvalidExternalName,
    parse_external_name,
)
from server.okta.people.schema import AttributeType

Level: TypeAlias = Literal["Personal", "Group"]

USER_NAME: Final = "userName"


@dataclass(frozen=True, slots=True)
class AppAttribute:
    """An attribute of the app profile, as Okta's Profile Editor has it.

    ``variable`` is its name there, ``title`` its display name; ``enum`` lists (value, title).
    ``external_name`` and ``external_namespace`` say where its value stands in a SCIM body.
    ``custom`` ones were added by the customer; without a namespace Okta never sends them.
    """

    variable: str
    title: str
    external_name: str = ""
    external_namespace: str = ""
    type: AttributeType = "string"
    required: bool = False
    enum: tuple[tuple[str, str], ...] = ()
    attribute_type: Level = "Personal"
    description: str = ""
    custom: bool = False

    @property
    def place(self) -> ExternalName | None:
        """Where it stands below its namespace, or None when it has no readable external name."""
        try:
            return parse_external_name(self.external_name)
        except InvalidExternalName:
            return None

    @property
    def is_sent(self) -> bool:
        """Whether Okta sends it at all."""
        return bool(self.external_namespace) and self.place is not None


def with_attributes(
    profile: Iterable[AppAttribute], added: Iterable[AppAttribute]
) -> tuple[AppAttribute, ...]:
    """Return a profile with further attributes; one whose variable is taken gets a longer one.

    An organization's custom Blink attributes come to the profile this way (``blink_attribute``);
    Okta refuses two attributes with one variable, in any letter case.
    """
    known = {attribute.variable.lower(): attribute for attribute in profile}
    for attribute in added:
        variable = attribute.variable
        while variable.lower() in known:
            variable = f"blink_{variable}"
        known[variable.lower()] = replace(attribute, variable=variable)
    return tuple(known.values())


def caught_up(
    own: Iterable[AppAttribute], profile: Iterable[AppAttribute]
) -> tuple[AppAttribute, ...]:
    """Return a profile that has all attributes of a newer one, told by their places.

    So what an organization adds to Blink's extension comes to mappings that were saved before.
    """
    old = {_place(attribute): attribute for attribute in own}
    new = {_place(attribute): attribute for attribute in profile}
    known = [
        replace(attribute, title=now.title, enum=now.enum, description=now.description)
        if attribute.custom and (now := new.get(place))
        else attribute
        for place, attribute in old.items()
    ]
    return with_attributes(known, [new[place] for place in new if place not in old])


def _place(attribute: AppAttribute) -> tuple[str, str]:
    return attribute.external_namespace.lower(), attribute.external_name


def blink_attribute(
    identifier: str,
    title: str,
    *,
    choices: Iterable[str] = (),
    description: str = "",
) -> AppAttribute:
    """Return the attribute to add in Okta for one that an organization added to Blink's extension.

    Dates are strings in Okta, which has no type for them (expression language, section 8).
    """
    return AppAttribute(
        variable=identifier,
        title=title or identifier,
        external_name=identifier,
        external_namespace=BLINK_SCHEMA,
        enum=tuple((choice, choice) for choice in choices),
        description=description,
        custom=True,
    )


def _core(
    variable: str, title: str, external_name: str = "", *, required: bool = False, about: str = ""
) -> AppAttribute:
    name = external_name or variable
    return AppAttribute(variable, title, name, CORE_SCHEMA, required=required, description=about)


def _enterprise(
    variable: str, title: str, external_name: str = "", about: str = ""
) -> AppAttribute:
    name = external_name or variable
    return AppAttribute(variable, title, name, ENTERPRISE_SCHEMA, description=about)


def _blink(variable: str, title: str, about: str) -> AppAttribute:
    return AppAttribute(variable, title, variable, BLINK_SCHEMA, description=about, custom=True)


def _address(variable: str, title: str, last: str = "") -> AppAttribute:
    return _core(variable, title, f"addresses.^[primary==true].{last or variable}")


BLINK_APP_PROFILE: Final[tuple[AppAttribute, ...]] = (
    _core(USER_NAME, "Username", required=True, about="The login at the identity provider"),
    _core("givenName", "Given name", "name.givenName", about="First name"),
    _core("familyName", "Family name", "name.familyName", about="Surname"),
    _core("email", "Email", "emails.^[primary==true].value", about="Unique; links accounts"),
    _core("emailType", "Email type", "emails.^[primary==true].type"),
    _core(
        "mobilePhone",
        "Mobile phone",
        "phoneNumbers.^[type=='mobile'].value",
        about="Unique, in international form: +447700900123",
    ),
    _core("workPhone", "Work phone", "phoneNumbers.^[type=='work'].value"),
    _core("title", "Title", about="Job title"),
    _core("displayName", "Display name", about="Blink makes its own of given and family name"),
    _core("locale", "Locale", about="Language of Blink's messages, as BCP 47: en-GB"),
    _enterprise("department", "Department"),
    _enterprise("employeeNumber", "Employee number", about="Links accounts"),
    _enterprise("managerValue", "Manager value", "manager.value", "The id of the manager's user"),
    _blink("company", "Company", "Company name"),
    _blink("location", "Location", "Location"),
    _blink("description", "Description", "About me"),
    _core("middleName", "Middle name", "name.middleName"),
    _core("honorificPrefix", "Honorific prefix", "name.honorificPrefix"),
    _core("honorificSuffix", "Honorific suffix", "name.honorificSuffix"),
    _core("nickName", "Nickname"),
    _core("profileUrl", "Profile URL"),
    _core("userType", "User type"),
    _core("preferredLanguage", "Preferred language"),
    _core("timezone", "Time zone"),
    _address("streetAddress", "Street address"),
    _address("locality", "Locality"),
    _address("region", "Region"),
    _address("postalCode", "Postal code"),
    _address("country", "Country"),
    _enterprise("costCenter", "Cost center"),
    _enterprise("organization", "Organization"),
    _enterprise("division", "Division"),
    _enterprise("managerDisplayName", "Manager display name", "manager.displayName"),
)
"""Blink's attribute table (spec A2) with the rest of Okta's SCIM template (C4) behind it.

The variables and external names of the two phones and of Blink's extension are inferred: the
template's own pair, primary and secondary phone, carries no type "mobile".
"""
