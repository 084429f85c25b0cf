"""Blink's own rules for a user's attributes, applied after SCIM's.

Each rule takes the canonical document, which it may change, and yields remarks or raises
``ScimError``. Sources: the attribute table of Blink's API pages (create and replace user).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import langcodes

from server.blink.custom_attributes import CustomAttribute
from server.blink.custom_values import check_custom_values
from server.blink.directory import Organization
from server.blink.identity import (
    BLINK_SCHEMA,
    ENTERPRISE_SCHEMA,
    international_number,
    mobile_number,
)
from server.scim.errors import ScimError, shortened
from server.scim.remarks import Remark

Document: TypeAlias = dict[str, Any]

KEPT_BY_BLINK: Mapping[str, frozenset[str] | None] = {
    "schemas": None,
    "userName": None,
    "externalId": None,
    "active": None,
    "name": frozenset({"givenName", "familyName"}),
    "emails": None,
    "phoneNumbers": None,
    "title": None,
    "locale": None,
    ENTERPRISE_SCHEMA: frozenset({"department", "employeeNumber", "manager"}),
    BLINK_SCHEMA: None,
}
"""What Blink's own API lists; None stands for all sub-attributes."""


MAX_VALUES = 1000
"""How many values a multi-valued attribute of a user can hold; people have a handful."""


def apply_default(document: Document, organization: Organization) -> list[Remark]:
    """Give a value to what a POST or PUT left out; a PATCH that removes it leaves it unassigned."""
    if "active" in document:
        return []
    document["active"] = organization.active_by_default
    reason = (
        "this organization's switch makes such users active"
        if organization.active_by_default
        else "Blink's default is false, so the user is disabled"
    )
    return [Remark("active-defaulted", f"active was left out: {reason}.")]


def apply_rules(
    document: Document, before: Mapping[str, Any], custom: Sequence[CustomAttribute] = ()
) -> list[Remark]:
    """Apply Blink's rules to a document that is about to be stored.

    ``before`` is what is stored now, empty for a new user: only what changed is remarked on.
    ``custom`` are the organization's custom attributes.

    Raises:
        ScimError: 400 ``invalidValue`` for a ``locale`` that is no language tag, for more than
            ``MAX_VALUES`` values, and for a value that a custom attribute cannot have.
    """
    _refuse_many_values(document)
    remarks = [remark for rule in _RULES for remark in rule(document, before)]
    if custom:
        remarks += check_custom_values(document, before, custom)
    return remarks


def _refuse_many_values(document: Document) -> None:
    for name, value in document.items():
        if isinstance(value, list) and len(value) > MAX_VALUES:
            raise ScimError(
                400,
                f"{name} would have {len(value):,} values, and {MAX_VALUES:,} are the most that a "
                "user can have: send fewer.",
                "invalidValue",
            )


def _language_tag(document: Document, before: Mapping[str, Any]) -> Iterator[Remark]:
    locale = document.get("locale")
    if locale is None or locale == before.get("locale"):
        return
    tag = language_tag(locale)
    if tag is None:
        raise ScimError(
            400,
            f"locale {shortened(locale)} is not a language tag. Blink wants BCP 47, such as "
            "en-GB: correct the locale of the user in Okta, or the mapping of locale.",
            "invalidValue",
        )
    document["locale"] = tag
    if tag != locale:
        yield Remark("locale-converted", f"locale {shortened(locale)} is stored as {tag} (BCP 47).")


def _mobile_form(document: Document, before: Mapping[str, Any]) -> Iterator[Remark]:
    mobile = mobile_number(document)
    if mobile is None or mobile == mobile_number(before) or international_number(mobile):
        return
    yield Remark(
        "mobile-not-international",
        f"The mobile number {shortened(mobile)} is not in international form. It is kept as it is; "
        "Blink asks for numbers such as +447700900123.",
    )


def _ignored_by_blink(document: Document, before: Mapping[str, Any]) -> Iterator[Remark]:
    ignored = list(_not_kept(document, before))
    if ignored:
        yield Remark(
            "ignored-by-blink",
            f"Kept here, but ignored by Blink itself: {', '.join(ignored)}.",
        )


_Rule: TypeAlias = Callable[[Document, Mapping[str, Any]], Iterator[Remark]]
_RULES: tuple[_Rule, ...] = (_language_tag, _mobile_form, _ignored_by_blink)


def _not_kept(document: Document, before: Mapping[str, Any]) -> Iterator[str]:
    for name, value in document.items():
        if name not in KEPT_BY_BLINK:
            if value != before.get(name):
                yield name
            continue
        kept = KEPT_BY_BLINK[name]
        if kept is not None and isinstance(value, dict):
            earlier = before.get(name) or {}
            for sub_name, sub_value in value.items():
                if sub_name not in kept and sub_value != earlier.get(sub_name):
                    yield sub_name if ":" in name else f"{name}.{sub_name}"


@lru_cache(maxsize=1024)
def language_tag(locale: str) -> str | None:
    """Return a locale as a BCP 47 tag in its usual letter case, or None if it is not one.

    Okta's ``en_US`` counts as ``en-US``.
    """
    text = locale.strip().replace("_", "-")
    try:
        if not langcodes.tag_is_valid(text):
            return None
        tag: str = langcodes.Language.get(text, normalize=False).to_tag()
    except (ValueError, LookupError):
        return None
    return tag
