"""Whole resources as clients send them (RFC 7644 3.3 and 3.5.1): POST and PUT."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from server.scim.errors import ScimError, shortened
from server.scim.remarks import Remark
from server.scim.schemas import Attribute, BoundPath, ResourceType
from server.scim.values import (
    check_required,
    check_secret,
    described,
    is_unassigned,
    note,
    note_unknown,
    read_element,
    read_members,
    read_value,
    settled,
)

Json = dict[str, Any]


class Reading(NamedTuple):
    """A canonical document, and what was tolerated to come to it.

    Core attributes stand at the top, extensions under their URN, ``schemas`` lists what is there.
    ``id``, ``meta`` and everything else that is read-only or write-only is left out.
    """

    document: Json
    remarks: list[Remark]


def read_resource(resource_type: ResourceType, body: Any, stored: Json | None = None) -> Reading:
    """Read the body of a POST, or of a PUT on the document ``stored``.

    Read-only attributes are ignored, unknown ones dropped with a remark. An immutable attribute
    that a PUT leaves out keeps its stored value.

    Raises:
        ScimError: 400 ``invalidSyntax`` when the body is no object, ``invalidValue`` for a value
            of the wrong type and for a required one that is missing, ``mutability`` for a new
            value of an immutable attribute.
    """
    if not isinstance(body, dict):
        raise ScimError(
            400,
            f"A {resource_type.name} is a JSON object, but the body is {described(body)}.",
            "invalidSyntax",
        )
    remarks: list[Remark] = []
    _check_schemas(resource_type, body, remarks)
    document: Json = {"schemas": None}
    extensions: Json = {}
    dotted: list[tuple[BoundPath, Any]] = []
    core = resource_type.core
    for key, value in body.items():
        attribute = core.get(key.lower())
        if attribute is None:
            _read_other(resource_type, key, value, extensions, dotted, remarks)
        elif attribute.mutability == "writeOnly":
            check_secret(attribute, value, "")
        elif attribute.mutability == "readOnly" or attribute.name == "schemas":
            continue
        elif value is not None:
            read = read_value(attribute, value, "", remarks)
            if read is not None:
                document[attribute.name] = read
    for path, value in dotted:
        holder = extensions.setdefault(path.urn, {}) if path.urn else document
        _read_dotted(path, value, holder, remarks)
    for schema in resource_type.extensions.values():
        if extensions.get(schema.id):
            document[schema.id] = extensions[schema.id]
    list_schemas(resource_type, document)
    if stored is not None:
        _keep_immutable(resource_type, document, stored)
    check_document(resource_type, document)
    return Reading(document, remarks)


def list_schemas(resource_type: ResourceType, document: Json) -> None:
    """Set ``schemas`` to the core schema and the extensions that the document has."""
    present = [schema.id for schema in resource_type.extensions.values() if schema.id in document]
    document["schemas"] = [resource_type.schema.id, *present]


def check_document(resource_type: ResourceType, document: Mapping[str, Any]) -> None:
    """Refuse a document in which a required attribute is missing.

    Raises:
        ScimError: 400 ``invalidValue``.
    """
    check_required(resource_type.core, document, "")
    for schema in resource_type.extensions.values():
        if schema.id in document:
            check_required(schema.attributes, document[schema.id], "")


def _check_schemas(resource_type: ResourceType, body: Json, remarks: list[Remark]) -> None:
    listed = body.get("schemas")
    if listed is None:
        listed = next((body[key] for key in body if key.lower() == "schemas"), None)
    if listed is None:
        text = f'"schemas" is missing: the body was read as a {resource_type.schema.id}.'
        note(remarks, "schemas-missing", text)
        return
    if not isinstance(listed, list):
        raise ScimError(
            400, f"schemas must be a list of URNs, not {described(listed)}.", "invalidValue"
        )
    wanted = resource_type.schema.id
    found = wanted in listed
    for urn in listed:
        if not isinstance(urn, str):
            raise ScimError(
                400, f"schemas must list URNs, but one is {described(urn)}.", "invalidValue"
            )
        lower = urn.lower()
        if lower == wanted.lower():
            found = True
        elif lower not in resource_type.extensions:
            text = f"{shortened(urn)} in schemas is no schema of a {resource_type.name}."
            note(remarks, "schema-unknown", text)
    if not found:
        note(remarks, "schemas-missing", f'"schemas" does not list {wanted}: it was assumed.')


def _read_other(
    resource_type: ResourceType,
    key: str,
    value: Any,
    extensions: Json,
    dotted: list[tuple[BoundPath, Any]],
    remarks: list[Remark],
) -> None:
    """Read what stands under an extension's URN, a dotted name or a name behind a URN."""
    lower = key.lower()
    schema = resource_type.extensions.get(lower)
    if schema is None:
        path = resource_type.paths.get(lower)
        if path is None:
            note_unknown(key, remarks)
        else:
            dotted.append((path, value))
        return
    if is_unassigned(value):
        return
    if not isinstance(value, dict):
        raise ScimError(
            400, f"{schema.id} must be an object, not {described(value)}.", "invalidValue"
        )
    plain = {}
    for name, item in value.items():
        path = resource_type.paths.get(f"{lower}:{name.lower()}") if "." in name else None
        if path is None:
            plain[name] = item
        else:
            dotted.append((path, item))
    members = read_members(schema.attributes, plain, "", remarks)
    extensions.setdefault(schema.id, {}).update(members)


def _read_dotted(path: BoundPath, value: Any, holder: Json, remarks: list[Remark]) -> None:
    attribute, sub_attribute = path.attribute, path.sub_attribute
    if "readOnly" in (attribute.mutability, path.leaf.mutability) or value is None:
        return
    note(remarks, "dotted-name", f"The key {shortened(str(path))} was understood as a path.")
    if attribute.mutability == "writeOnly":
        check_secret(attribute, value, "")
    elif attribute.name == "schemas":
        return
    elif sub_attribute is None:
        _assign(attribute, read_value(attribute, value, "", remarks), holder)
    else:
        part = read_element(attribute, {sub_attribute.name: value}, "", remarks)
        before = holder.get(attribute.name)
        if part is None:
            return
        if attribute.multi_valued:
            holder[attribute.name] = settled(attribute, [*(before or ()), part], "", remarks)
        else:
            holder[attribute.name] = {**(before or {}), **part}


def _assign(attribute: Attribute, value: Any, holder: Json) -> None:
    if value is not None:
        holder[attribute.name] = value


def _keep_immutable(resource_type: ResourceType, document: Json, stored: Json) -> None:
    _keep_immutable_of(resource_type.core, document, stored, "")
    for schema in resource_type.extensions.values():
        if schema.id in stored:
            holder = document.get(schema.id, {})
            _keep_immutable_of(schema.attributes, holder, stored[schema.id], "")
            if holder and schema.id not in document:
                document[schema.id] = holder
                list_schemas(resource_type, document)


def _keep_immutable_of(
    attributes: Mapping[str, Attribute], members: Json, stored: Json, prefix: str
) -> None:
    for attribute in attributes.values():
        before = stored.get(attribute.name)
        if before is None:
            continue
        if attribute.mutability == "immutable":
            if members.setdefault(attribute.name, before) != before:
                refuse_immutable(attribute, prefix)
        elif attribute.type == "complex" and not attribute.multi_valued:
            holder = members.get(attribute.name)
            if holder:
                inner = f"{prefix}{attribute.name}."
                _keep_immutable_of(attribute.sub_attributes, holder, before, inner)


def refuse_immutable(attribute: Attribute, prefix: str) -> None:
    """Refuse a new value of an attribute that is set once and for all (RFC 7643 7)."""
    raise ScimError(
        400,
        f"{prefix}{attribute.name} cannot be changed once it has a value.",
        "mutability",
    )
