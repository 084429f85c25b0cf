"""Schemas and resource types, compiled from their JSON documents (RFC 7643 6 and 7)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

AttributeType = Literal[
    "string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"
]
Document: TypeAlias = Mapping[str, Any]


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

    ``paths`` finds an attribute by any name that a client may write for it, in lower case:
    ``username``, ``name.givenname``, both behind the core schema's URN, an extension's URN alone,
    and its attributes behind it. An extension's URN stands for a complex attribute of that name.

    ``shows_all`` says that a response shows everything that is stored, unless it is asked for less.
    """

    id: str
    name: str
    endpoint: str
    schema: Schema
    core: Mapping[str, Attribute]
    extensions: Mapping[str, Schema]
    document: Mapping[str, Any]
    paths: Mapping[str, "BoundPath"] = field(default_factory=dict, repr=False)
    shows_all: bool = False


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

    @property
    def default_value(self) -> Attribute:
        """The attribute whose values a comparison means.

        It is the ``value`` of a complex attribute that is named without a sub-attribute
        (RFC 7644 3.4.2.2), otherwise the leaf.
        """
        leaf = self.leaf
        return leaf.sub_attributes.get("value", leaf) if leaf.type == "complex" else leaf


def compile_schema(document: Document) -> Schema:
    """Compile a schema document (RFC 7643 7).

    Raises:
        ValueError: the document is no schema, a name in it is no attribute name (names end up in
            paths and in SQL, so nothing else may pass), or a sub-attribute has parts itself.
    """
    if not isinstance(document.get("id"), str) or not _URN.fullmatch(document["id"]):
        raise ValueError(f"A schema needs a URN as its id, not {document.get('id')!r}.")
    return Schema(
        id=document["id"],
        name=document.get("name", document["id"]),
        attributes=_compiled(document.get("attributes", ())),
        document=document,
    )


def compile_resource_type(document: Document, schemas: Mapping[str, Schema]) -> ResourceType:
    """Compile a resource type document (RFC 7643 6); ``schemas`` is keyed by URN.

    Raises:
        ValueError: a schema that the document names is not among ``schemas``.
    """
    extension_ids = [extension["schema"] for extension in document.get("schemaExtensions", ())]
    for urn in (document["schema"], *extension_ids):
        if urn not in schemas:
            raise ValueError(f"The resource type {document['name']} needs the schema {urn}.")
    schema = schemas[document["schema"]]
    extensions = {urn.lower(): schemas[urn] for urn in extension_ids}
    core = {**COMMON_ATTRIBUTES, **schema.attributes}
    return ResourceType(
        id=document.get("id", document["name"]),
        name=document["name"],
        endpoint=document["endpoint"],
        schema=schema,
        core=core,
        extensions=extensions,
        document=document,
        paths=dict(_paths(schema, core, extensions)),
        shows_all=not any(
            _hides(attribute)
            for attributes in (core, *(extension.attributes for extension in extensions.values()))
            for attribute in attributes.values()
        ),
    )


def hides_parts(attribute: Attribute) -> bool:
    """Say whether a value has parts that are not shown unless they are named."""
    return any(part.returned in _HIDDEN for part in attribute.sub_attributes.values())


def _hides(attribute: Attribute) -> bool:
    # What is write-only is never stored, so there is nothing to hide.
    hidden = attribute.returned in _HIDDEN and attribute.mutability != "writeOnly"
    return hidden or hides_parts(attribute)


def _compiled(documents: Any) -> dict[str, Attribute]:
    attributes = (_compile_attribute(document) for document in documents)
    return {attribute.name.lower(): attribute for attribute in attributes}


def _compile_attribute(document: Document) -> Attribute:
    name = document.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not an attribute name (RFC 7643 2.1).")
    type_ = document.get("type", "string")
    sub_attributes = _compiled(document.get("subAttributes", ()))
    for sub_attribute in sub_attributes.values():
        if sub_attribute.multi_valued or sub_attribute.type == "complex":
            raise ValueError(f"{name}.{sub_attribute.name} may only hold one simple value.")
    return Attribute(
        name=name,
        type=type_,
        multi_valued=document.get("multiValued", False),
        description=document.get("description", ""),
        required=document.get("required", False),
        canonical_values=tuple(document.get("canonicalValues", ())),
        # References and base64 are case exact whatever the document says (RFC 7643 2.3.6, 2.3.7).
        case_exact=document.get("caseExact", False) or type_ in ("reference", "binary"),
        mutability=document.get("mutability", "readWrite"),
        returned=document.get("returned", "default"),
        uniqueness=document.get("uniqueness", "none"),
        reference_types=tuple(document.get("referenceTypes", ())),
        sub_attributes=sub_attributes,
    )


def _paths(
    schema: Schema, core: Mapping[str, Attribute], extensions: Mapping[str, Schema]
) -> Iterator[tuple[str, BoundPath]]:
    for name, path in _bound(None, core):
        yield name, path
        yield f"{schema.id.lower()}:{name}", path
    for urn, extension in extensions.items():
        whole = Attribute(extension.id, "complex", sub_attributes=extension.attributes)
        yield urn, BoundPath(None, whole)
        for name, path in _bound(extension.id, extension.attributes):
            yield f"{urn}:{name}", path


def _bound(urn: str | None, attributes: Mapping[str, Attribute]) -> Iterator[tuple[str, BoundPath]]:
    for name, attribute in attributes.items():
        yield name, BoundPath(urn, attribute)
        for sub_name, sub_attribute in attribute.sub_attributes.items():
            yield f"{name}.{sub_name}", BoundPath(urn, attribute, sub_attribute)


_HIDDEN = ("never", "request")
_NAME = re.compile(r"\$?[A-Za-z][A-Za-z0-9_$-]*")
_URN = re.compile(r"urn:[A-Za-z0-9:._-]+", re.IGNORECASE)

_META_ATTRIBUTES = (
    Attribute("resourceType", case_exact=True, mutability="readOnly"),
    Attribute("created", "dateTime", mutability="readOnly"),
    Attribute("lastModified", "dateTime", mutability="readOnly"),
    Attribute("location", "reference", case_exact=True, mutability="readOnly"),
    Attribute("version", case_exact=True, mutability="readOnly"),
)

COMMON_ATTRIBUTES: Mapping[str, Attribute] = {
    "schemas": Attribute(
        "schemas", "reference", multi_valued=True, case_exact=True, returned="always"
    ),
    "id": Attribute(
        "id", case_exact=True, mutability="readOnly", returned="always", uniqueness="server"
    ),
    "externalid": Attribute("externalId", case_exact=True),
    "meta": Attribute(
        "meta",
        "complex",
        mutability="readOnly",
        sub_attributes={attribute.name.lower(): attribute for attribute in _META_ATTRIBUTES},
    ),
}
"""What every resource has besides its schema (RFC 7643 3.1), keyed by the lower-cased name."""
