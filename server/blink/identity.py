"""What identifies a person at Blink: the values that a user is looked up and kept apart by."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from server.blink.directory import UserKeys

ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK_SCHEMA = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"

_SEPARATORS = str.maketrans("", "", " \t\N{NO-BREAK SPACE}().-/")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")
_NOT_A_DIGIT = re.compile(r"[^0-9]+")


def work_email(document: Mapping[str, Any]) -> str | None:
    """Return the address that Blink takes for the work email.

    It is the one of type "work". Okta's trimmed mappings send an address without a type, so
    without one of type "work" the primary address counts, or else the first that has no type.
    """
    emails = document.get("emails") or ()
    for chosen in (_is_work, _is_primary, _has_no_type):
        for email in emails:
            if chosen(email) and email.get("value"):
                return str(email["value"])
    return None


def mobile_number(document: Mapping[str, Any]) -> str | None:
    """Return the phone number of type "mobile" as it was sent."""
    for number in document.get("phoneNumbers") or ():
        if str(number.get("type", "")).lower() == "mobile" and number.get("value"):
            return str(number["value"])
    return None


def international_number(number: str) -> str | None:
    """Return a phone number in E.164 ("+447700900123"), or None if it has not that form.

    Blanks and the usual separators are allowed in it, as is "(0)" behind the country code.
    """
    text = number.translate(_SEPARATORS) if "(0)" not in number else _by_library(number)
    if text and _INTERNATIONAL.fullmatch(text) and _begins_with_country_code(text):
        return text
    return None


def normalised_number(number: str) -> str:
    """Return what two spellings of one phone number have in common.

    E.164 where the number has international form, "00" for "+" included, its digits otherwise.
    """
    international = international_number(number)
    if international is None and number.lstrip().startswith("00"):
        international = international_number("+" + number.lstrip()[2:])
    return international or _NOT_A_DIGIT.sub("", number) or number.strip()


def keys_of(document: Mapping[str, Any]) -> UserKeys:
    """Return what the directory looks a user up by."""
    enterprise = document.get(ENTERPRISE_SCHEMA) or {}
    mobile = mobile_number(document)
    return UserKeys(
        user_name=_folded(document.get("userName")),
        external_id=document.get("externalId"),
        work_email=_folded(work_email(document)),
        mobile=normalised_number(mobile) if mobile else None,
        employee_number=_folded(enterprise.get("employeeNumber")),
        active=bool(document.get("active")),
        emails=tuple(dict.fromkeys(_email_values(document))),
        display=document.get("displayName") or document.get("userName") or "",
    )


def _email_values(document: Mapping[str, Any]) -> Iterator[str]:
    for email in document.get("emails") or ():
        if email.get("value"):
            yield email["value"].casefold()


def _folded(value: str | None) -> str | None:
    return value.casefold() if value else None


def _is_work(email: Mapping[str, Any]) -> bool:
    return str(email.get("type", "")).lower() == "work"


def _is_primary(email: Mapping[str, Any]) -> bool:
    return email.get("primary") is True


def _has_no_type(email: Mapping[str, Any]) -> bool:
    return "type" not in email


@cache
def _country_codes() -> frozenset[str]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(str(code) for code in COUNTRY_CODE_TO_REGION_CODE)


def _begins_with_country_code(number: str) -> bool:
    codes = _country_codes()
    return number[1:2] in codes or number[1:3] in codes or number[1:4] in codes


def _by_library(number: str) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    text: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return text
