"""Schemas and resource types, compiled from their JSON documents (RFC 7643 6 and 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

AttributeType = Literal[
    "string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"
]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute's characteristics (RFC 7643 2.2 and 7).

    ``sub_attributes`` is keyed by the lower-cased name.
    """

    name: str
    type: AttributeType = "string"
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    canonical_values: tuple[str, ...] = ()
    case_exact: bool = False
    mutability: Literal["readWrite", "readOnly", "immutable", "writeOnly"] = "readWrite"
    returned: Literal["always", "default", "never", "request"] = "default"
    uniqueness: Literal["none", "server", "global"] = "none"
    reference_types: tuple[str, ...] = ()
    sub_attributes: Mapping[str, "Attribute"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema; ``attributes`` is keyed by the lower-cased name, ``document`` is what is served."""

    id: str
    name: str
    attributes: Mapping[str, Attribute]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type: its core schema and its extensions.

    ``endpoint`` begins with a slash ("/Users"). ``core`` holds the attributes of the core schema
    and the common ones (``id``, ``externalId``, ``meta``, ``schemas``), ``extensions`` is keyed by
    the lower-cased schema URN.
    """

    id: str
    name: str
    endpoint: str
    schema: Schema
    core: Mapping[str, Attribute]
    extensions: Mapping[str, Schema]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BoundPath:
    """An attribute of a resource type, found from a name as a client writes it.

    ``urn`` is the extension's URN as the schema spells it, None for core and common attributes.
    """

    urn: str | None
    attribute: Attribute
    sub_attribute: Attribute | None = None

    def __str__(self) -> str:
        name = f"{self.urn}:{self.attribute.name}" if self.urn else self.attribute.name
        return f"{name}.{self.sub_attribute.name}" if self.sub_attribute else name

    @property
    def leaf(self) -> Attribute:
        """The attribute whose values are meant."""
        return self.sub_attribute or self.attribute
