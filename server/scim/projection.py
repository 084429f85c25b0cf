"""Which attributes a response shows (RFC 7643 7 "returned", RFC 7644 3.4.2.5 and 3.9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from server.scim.errors import ScimError
from server.scim.paths import resolve
from server.scim.schemas import Attribute, BoundPath, ResourceType, hides_parts

Names: TypeAlias = str | Iterable[str] | None
"""Attribute names: a list, or a text with commas between them; None and "" name nothing."""

Plan: TypeAlias = Mapping[str, "Plan | None"]
"""What is kept of an object: None for the whole value, a plan for a part of it, else nothing."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A choice of attributes."""

    plan: Plan

    def apply(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return a resource with the chosen attributes alone, in the order that they had."""
        return _kept(self.plan, resource)


def projection_for(
    resource_type: ResourceType, attributes: Names = None, excluded: Names = None
) -> Projection | None:
    """Return the projection that a request asks for, None when everything stored is shown.

    Names are paths, also with sub-attributes or behind a URN; unknown ones are ignored.
    What is ``returned`` always stays, what is never returned goes, what is returned on request
    needs to be named.

    Raises:
        ScimError: 400 ``invalidValue`` when both are given.
    """
    if not attributes and not excluded and resource_type.shows_all:
        return None
    wanted, unwanted = _names(attributes), _names(excluded)
    if wanted and unwanted:
        raise ScimError(
            400,
            '"attributes" and "excludedAttributes" exclude each other: send one of them.',
            "invalidValue",
        )
    chosen = _chosen(resource_type, wanted or unwanted)
    shows = _shows_named if wanted else _shows_unnamed
    if not chosen and not wanted and resource_type.shows_all:
        return None
    plan = _plan(resource_type.core, chosen.get(None, {}), shows)
    for schema in resource_type.extensions.values():
        named = chosen.get(schema.id, {})
        inner = _plan(schema.attributes, named, shows)
        if inner:
            plan[schema.id] = inner
    return Projection(plan)


def _names(names: Names) -> list[str]:
    if names is None:
        return []
    split = names.split(",") if isinstance(names, str) else names
    return [name.strip() for name in split if name.strip()]


_Named: TypeAlias = dict[str, set[str] | None]
"""The attributes that are named, and which of their sub-attributes; None for all of them."""


def _chosen(resource_type: ResourceType, names: list[str]) -> dict[str | None, _Named]:
    """Return what is named, by extension URN and None for the core."""
    chosen: dict[str | None, _Named] = {}
    for name in names:
        path = resolve(resource_type, name)
        if path is None:
            continue
        extension = resource_type.extensions.get(path.attribute.name.lower())
        if extension is not None and path.urn is None:
            whole = {attribute.name: None for attribute in extension.attributes.values()}
            chosen.setdefault(extension.id, {}).update(whole)
        else:
            _add(chosen.setdefault(path.urn, {}), path)
    return chosen


def _add(named: _Named, path: BoundPath) -> None:
    name = path.attribute.name
    if path.sub_attribute is None:
        named[name] = None
        return
    parts = named.setdefault(name, set())
    if parts is not None:
        parts.add(path.sub_attribute.name)


def _plan(attributes: Mapping[str, Attribute], named: _Named, shows: Any) -> dict[str, Plan | None]:
    plan: dict[str, Plan | None] = {}
    for attribute in attributes.values():
        is_named = attribute.name in named
        parts = named.get(attribute.name)
        if parts is not None or hides_parts(attribute):
            inner_named: _Named = dict.fromkeys(parts or ())
            partly = parts is not None
            if not partly and not shows(attribute, is_named):
                continue
            inner_shows = shows if partly else _shows_unnamed
            inner = _plan(attribute.sub_attributes, inner_named, inner_shows)
            if inner:
                plan[attribute.name] = inner
        elif shows(attribute, is_named):
            plan[attribute.name] = None
    return plan


def _shows_named(attribute: Attribute, named: bool) -> bool:
    return attribute.returned == "always" or (named and attribute.returned != "never")


def _shows_unnamed(attribute: Attribute, named: bool) -> bool:
    return attribute.returned == "always" or (attribute.returned == "default" and not named)


def _kept(plan: Plan, value: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, item in value.items():
        if name not in plan:
            continue
        inner = plan[name]
        part = item if inner is None else _kept_part(inner, item)
        if part or inner is None:
            kept[name] = part
    return kept


def _kept_part(plan: Plan, value: Any) -> Any:
    if isinstance(value, list):
        return [part for part in (_kept_part(plan, element) for element in value) if part]
    return _kept(plan, value)
