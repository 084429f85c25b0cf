"""The bodies that Okta sends: from what the app profile holds to SCIM JSON.

The one place for their rules. Sources: spec pages "How Okta's mapping UI ...", section 4, and "What
Okta's SCIM client really sends", B4 and B5.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.clearing import is_left_out_of_create, is_left_out_of_update
from server.okta.mapping.external_names import CORE_SCHEMA, ExternalName, Json, Selector

PLACEHOLDER_PASSWORD: Final = "gl^m&qWZ"  # noqa: S105
"""Okta sends a random password with each create, of 8 characters in captures; this is one."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the value of a variable stands; ``urn`` is "" for the core schema."""

    variable: str
    urn: str
    name: ExternalName
    is_locale: bool


class BodyLayout:
    """Where each attribute of an app profile stands in a body; made once for a profile.

    Attributes without a namespace, or whose external name cannot be read, are never sent.
    """

    def __init__(self, attributes: Iterable[AppAttribute]) -> None:
        self._places = tuple(_places(attributes))

    def lay(
        self, values: Mapping[str, Any], body: Json, is_left_out: Callable[[Any], bool]
    ) -> None:
        """Put the values of an app profile to their places in a body."""
        for place in self._places:
            value = values.get(place.variable)
            if is_left_out(value):
                continue
            if isinstance(value, str):
                value = wire_text(value)
                if place.is_locale:
                    value = wire_locale(value)
            elif isinstance(value, list):
                value = [wire_text(each) if isinstance(each, str) else each for each in value]
            _put(_object_in(body, place.urn) if place.urn else body, place.name, value)


def create_body(
    layout: BodyLayout,
    values: Mapping[str, Any],
    okta_id: str,
    password: str = PLACEHOLDER_PASSWORD,
) -> Json:
    """Return the body of the POST that creates a user; ``okta_id`` is the person's Okta id."""
    profile: Json = {}
    layout.lay(values, profile, is_left_out_of_create)
    profile["externalId"] = okta_id
    return create_frame(profile, password)


def update_body(
    layout: BodyLayout,
    values: Mapping[str, Any],
    resource: Mapping[str, Any],
    okta_id: str,
    *,
    active: bool | None = None,
) -> Json:
    """Return the body of the PUT that updates a user: the whole profile over the GET's answer.

    What Okta does not manage comes back as it was. ``active`` is True when the app is assigned to
    somebody who has an account already; a plain push of the profile leaves it as it is.
    """
    body: Json = _copied(resource)
    layout.lay(values, body, is_left_out_of_update)
    profile: Json = {"externalId": okta_id}
    if active is not None:
        profile["active"] = active
    return update_frame(body, profile)


def create_frame(profile: Mapping[str, Any], password: str) -> Json:
    """Return a profile as Okta frames it: with groups, a placeholder password, and active."""
    framed = {"schemas": None, **profile, "groups": [], "password": password, "active": True}
    framed["schemas"] = [CORE_SCHEMA, *_extensions(framed)]
    return framed


def update_frame(resource: Mapping[str, Any], profile: Mapping[str, Any]) -> Json:
    """Return a resource as it was read, overlaid with a profile."""
    body = {**resource, **profile}
    listed = [urn for urn in body.get("schemas") or () if isinstance(urn, str)]
    body["schemas"] = list(dict.fromkeys([*(listed or [CORE_SCHEMA]), *_extensions(body)]))
    return body


def wire_text(text: str) -> str:
    """Return a text as UTF-8 can carry it: Java writes "?" for half a character."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def wire_locale(locale: str) -> str:
    """Return a locale as Okta sends it: en_US as en-US (captures since 2021)."""
    return locale.replace("_", "-") if _OKTA_LOCALE.fullmatch(locale) else locale


_OKTA_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})+")


def _places(attributes: Iterable[AppAttribute]) -> Iterable[_Place]:
    for attribute in attributes:
        name = attribute.place
        if name is None or not attribute.is_sent:
            continue
        core = attribute.external_namespace.lower() == CORE_SCHEMA.lower()
        urn = "" if core else attribute.external_namespace
        is_locale = core and name.leaf == ("locale",)
        yield _Place(attribute.variable, urn, name, is_locale)


def _put(target: Json, name: ExternalName, value: Any) -> None:
    if name.selector is not None:
        for step in name.holder[:-1]:
            target = _object_in(target, step)
        element = _element(target, name.holder[-1], name.selector, make=value != "")
        if element is None:
            return
        target = element
    for step in name.leaf[:-1]:
        target = _object_in(target, step)
    target[name.leaf[-1]] = value


def _element(target: Json, name: str, selector: Selector, *, make: bool) -> Json | None:
    """Return the value of a list that a condition picks; a new one begins with the condition.

    An empty value clears what is there (inferred): it makes no new one (``make``).
    """
    values = target.get(name)
    if not isinstance(values, list):
        values = []
    for element in values:
        if selector.picks(element):
            found: Json = element
            return found
    if not make:
        return None
    target[name] = values
    made: Json = {selector.name: selector.value}
    values.append(made)
    return made


def _object_in(target: Json, name: str) -> Json:
    inner = target.get(name)
    if isinstance(inner, dict):
        return inner
    made: Json = {}
    target[name] = made
    return made


def _extensions(body: Mapping[str, Any]) -> list[str]:
    """Return the URNs of the extensions of which something has a value."""
    return [
        key
        for key, value in body.items()
        if isinstance(value, dict) and key.lower().startswith("urn:") and value
    ]


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
