"""The resource types as each organization has them: with its custom attributes."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from server.blink.custom_attributes import CustomAttribute, schema_attribute
from server.blink.directory import Organization
from server.blink.identity import BLINK_SCHEMA
from server.scim.schemas import ResourceType, compile_resource_type, compile_schema

MOST_COMPILED = 128
"""How many organizations' types are kept; one takes about 40 kB."""


class CustomAttributeLookup(Protocol):
    """Where the custom attributes are kept; ``storage.custom_attributes`` fits it."""

    def all(self, organization_id: int) -> Sequence[CustomAttribute]:
        """Return an organization's custom attributes in the order in which they were added."""


class _Compiled(NamedTuple):
    version: int
    types: Mapping[str, ResourceType]
    custom: tuple[CustomAttribute, ...]


class Catalog:
    """Finds the resource types of an organization, by name ("User", "Group").

    They are compiled once for each ``schema_version`` of an organization; organizations that never
    had a custom attribute share one compilation. One object is for one thread.
    """

    def __init__(
        self, resource_types: Iterable[ResourceType], custom_attributes: CustomAttributeLookup
    ) -> None:
        self._base = {type_.name: type_ for type_ in resource_types}
        self._lookup = custom_attributes
        self._compiled: OrderedDict[int, _Compiled] = OrderedDict()

    def types(self, organization: Organization) -> Mapping[str, ResourceType]:
        """Return the resource types of an organization; may raise ``DirectoryUnavailable``."""
        if not organization.schema_version:
            return self._base
        return self._of(organization).types

    def custom_attributes(self, organization: Organization) -> tuple[CustomAttribute, ...]:
        """Return what an organization added; may raise ``DirectoryUnavailable``."""
        if not organization.schema_version:
            return ()
        return self._of(organization).custom

    def _of(self, organization: Organization) -> _Compiled:
        known = self._compiled.get(organization.id)
        if known is not None and known.version == organization.schema_version:
            self._compiled.move_to_end(organization.id)
            return known
        custom = tuple(self._lookup.all(organization.id))
        types = {name: extended(type_, custom) for name, type_ in self._base.items()}
        made = _Compiled(organization.schema_version, types, custom)
        self._compiled[organization.id] = made
        self._compiled.move_to_end(organization.id)
        if len(self._compiled) > MOST_COMPILED:
            self._compiled.popitem(last=False)
        return made


def extended(resource_type: ResourceType, attributes: Sequence[CustomAttribute]) -> ResourceType:
    """Return a resource type whose Blink extension, if it has one, has further attributes."""
    extension = resource_type.extensions.get(BLINK_SCHEMA.lower())
    if extension is None or not attributes:
        return resource_type
    added = [schema_attribute(attribute) for attribute in attributes]
    own = extension.document["attributes"]
    schemas = {schema.id: schema for schema in resource_type.extensions.values()}
    schemas[resource_type.schema.id] = resource_type.schema
    schemas[extension.id] = compile_schema({**extension.document, "attributes": [*own, *added]})
    return compile_resource_type(resource_type.document, schemas)
