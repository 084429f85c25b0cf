"""Changes to a resource (RFC 7644 3.5.2): what a PATCH asks for, and what comes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from server.scim.errors import ScimError, shortened
from server.scim.patch_values import OperationName, changed_value
from server.scim.paths import PatchPath, parse_path
from server.scim.remarks import Remark
from server.scim.schemas import BoundPath, ResourceType, Schema
from server.scim.validation import Json, list_schemas, refuse_immutable
from server.scim.values import (
    check_required,
    check_secret,
    described,
    is_unassigned,
    note,
    note_unknown,
)

PATCH_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MAX_OPERATIONS: Final = 1000


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; ``path`` is not parsed yet, and None when there is none."""

    op: OperationName
    path: str | None
    value: Any


class Patched(NamedTuple):
    """The new canonical document, what was tolerated, and whether anything is different."""

    document: Json
    remarks: list[Remark]
    changed: bool


def apply_patch(resource_type: ResourceType, stored: Json, body: Any) -> Patched:
    """Apply the body of a PATCH to a canonical document, which itself is left as it is.

    All operations take effect or, when one is refused, none. Operations without a path may echo
    read-only attributes and name unknown ones; both are ignored with a remark.

    Raises:
        ScimError: 400 with ``invalidSyntax``, ``invalidPath``, ``invalidFilter``,
            ``invalidValue``, ``mutability`` or ``noTarget`` (RFC 7644 3.12).
    """
    remarks: list[Remark] = []
    operations = parse_patch(body, remarks)
    return apply_operations(resource_type, stored, operations, remarks)


def apply_operations(
    resource_type: ResourceType,
    stored: Json,
    operations: tuple[Operation, ...],
    remarks: list[Remark],
) -> Patched:
    """Apply operations that ``parse_patch`` returned, with the remarks that it left."""
    patch = _Patch(resource_type, stored, remarks)
    for operation in operations:
        patch.apply(operation)
    list_schemas(resource_type, patch.document)
    return Patched(patch.document, remarks, patch.document != stored)


def parse_patch(body: Any, remarks: list[Remark] | None = None) -> tuple[Operation, ...]:
    """Check the envelope of a PATCH and return its operations; tolerances go to ``remarks``.

    Names of members and operations are understood in any letter case, as Entra sends "Add".

    Raises:
        ScimError: 400 ``invalidSyntax`` for the wrong structure, ``invalidPath`` for a path that
            is no text, ``invalidValue`` when "add" or "replace" has no value, ``noTarget`` when
            "remove" has no path; 413 for more than ``MAX_OPERATIONS`` operations.
    """
    remarks = [] if remarks is None else remarks
    if not isinstance(body, dict):
        raise _invalid_syntax(f"A PATCH is a JSON object, but the body is {described(body)}.")
    members = {key.lower(): value for key, value in body.items()}
    listed = members.get("schemas")
    if not isinstance(listed, list) or PATCH_SCHEMA not in listed:
        note(remarks, "schemas-missing", f'"schemas" does not list {PATCH_SCHEMA}: assumed.')
    operations = members.get("operations")
    if not isinstance(operations, list):
        found = described(operations) if "operations" in members else "missing"
        raise _invalid_syntax(f'A PATCH needs a list named "Operations", but it is {found}.')
    if len(operations) > MAX_OPERATIONS:
        raise ScimError(
            413,
            f"The PATCH has {len(operations):,} operations, and {MAX_OPERATIONS:,} are the most "
            "that are accepted. Send them in several requests, or many values in one operation.",
        )
    if not operations:
        note(remarks, "operations-empty", "The PATCH has no operations: nothing was changed.")
    return tuple(_parse_operation(operation, remarks) for operation in operations)


def _parse_operation(operation: Any, remarks: list[Remark]) -> Operation:
    if not isinstance(operation, dict):
        raise _invalid_syntax(f"An operation is a JSON object, not {described(operation)}.")
    members = {key.lower(): value for key, value in operation.items()}
    op, path = members.get("op"), members.get("path")
    name = op.lower() if isinstance(op, str) else None
    if name not in ("add", "replace", "remove"):
        found = described(op) if "op" in members else "missing"
        raise _invalid_syntax(f'"op" must be "add", "replace" or "remove", but it is {found}.')
    if op != name:
        note(remarks, "operation-case", f'The operation {shortened(op)} was read as "{name}".')
    if path is not None and not isinstance(path, str):
        raise ScimError(400, f'"path" must be a text, not {described(path)}.', "invalidPath")
    if path is not None and not path.strip():
        path = None
    if name == "remove":
        if path is None:
            raise ScimError(400, 'A "remove" needs a "path" that says what to remove.', "noTarget")
    elif "value" not in members:
        raise ScimError(400, f'The "{name}" operation has no "value".', "invalidValue")
    return Operation(cast(OperationName, name), path, members.get("value"))


class _Patch:
    """A document under change; what is not changed is shared with the stored one."""

    def __init__(self, resource_type: ResourceType, stored: Json, remarks: list[Remark]) -> None:
        self.resource_type = resource_type
        self.document = dict(stored)
        self.remarks = remarks

    def apply(self, operation: Operation) -> None:
        op, value = operation.op, operation.value
        if operation.path is None:
            self.write_all(op, value)
            return
        core_urn = self.resource_type.schema.id.lower()
        if operation.path.lower() == core_urn and op != "remove":
            self.write_all(op, value)
            return
        path = parse_path(self.resource_type, operation.path)
        if _is_read_only(path.bound):
            raise ScimError(
                400, f"{path.bound} is read-only: the server sets it itself.", "mutability"
            )
        self.write(op, path, value)

    def write_all(self, op: OperationName, value: Any) -> None:
        """Write the attributes of an object (RFC 7644 3.5.2.1: "path" is omitted)."""
        if not isinstance(value, dict):
            raise ScimError(
                400,
                'An operation without a "path" needs an object as its "value", '
                f"not {described(value)}.",
                "invalidValue",
            )
        for key, item in value.items():
            path = self.path_of_key(key)
            if path is not None:
                self.write_echo(op, path, item)
            else:
                note_unknown(key, self.remarks)

    def path_of_key(self, key: str) -> PatchPath | None:
        """Return what a key of an object means; Entra also writes paths with brackets as keys."""
        bound = self.resource_type.paths.get(key.lower())
        if bound is not None:
            return PatchPath(bound)
        if "[" in key:
            return parse_path(self.resource_type, key)
        return None

    def write_echo(self, op: OperationName, path: PatchPath, value: Any) -> None:
        """Write an attribute unless it is read-only: Okta echoes ``id`` with a group's name."""
        if _is_read_only(path.bound):
            text = f"{path.bound} is read-only: the value sent for it was ignored."
            note(self.remarks, "read-only-ignored", text)
        elif path.bound.attribute.name != "schemas":
            self.write(op, path, value)

    def write(self, op: OperationName, path: PatchPath, value: Any) -> None:
        bound = path.bound
        attribute = bound.attribute
        extension = self.resource_type.extensions.get(attribute.name.lower())
        if extension is not None and bound.urn is None:
            self.write_extension(op, extension, value)
        elif attribute.name == "schemas":
            text = "schemas follows from the attributes that have values: it was left as it is."
            note(self.remarks, "schemas-ignored", text)
        elif attribute.mutability == "writeOnly":
            check_secret(attribute, value, "")
        else:
            holder = self.document.get(bound.urn, {}) if bound.urn else self.document
            before = holder.get(attribute.name)
            after = changed_value(op, path, before, value, self.remarks)
            self.set(bound, before, after)

    def write_extension(self, op: OperationName, schema: Schema, value: Any) -> None:
        unassigned = is_unassigned(value) and not isinstance(value, dict)
        if op == "remove" or (op == "replace" and unassigned):
            for attribute in schema.attributes.values():
                if attribute.mutability == "immutable":
                    before = self.document.get(schema.id, {}).get(attribute.name)
                    self.set(BoundPath(schema.id, attribute), before, None)
            self.document.pop(schema.id, None)
            return
        for key, item in _members(schema, value):
            bound = self.resource_type.paths.get(f"{schema.id}:{key}".lower())
            if bound is None:
                note_unknown(key, self.remarks)
            else:
                self.write_echo(op, PatchPath(bound), item)

    def set(self, bound: BoundPath, before: Any, after: Any) -> None:
        """Put a new value in place of the one before; None takes it away."""
        attribute = bound.attribute
        if after == before:
            return
        if attribute.mutability == "immutable" and before is not None:
            refuse_immutable(attribute, "")
        if attribute.required and after is None:
            raise ScimError(
                400,
                f"{bound} is required and cannot be removed: replace its value instead.",
                "mutability",
            )
        if attribute.required:
            check_required({"": attribute}, {attribute.name: after}, "")
        holder = dict(self.document.get(bound.urn, {})) if bound.urn else self.document
        if after is None:
            del holder[attribute.name]
        else:
            holder[attribute.name] = after
        if bound.urn and holder:
            self.document[bound.urn] = holder
        elif bound.urn:
            del self.document[bound.urn]


def _members(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    if is_unassigned(value):
        return
    if not isinstance(value, dict):
        raise ScimError(
            400, f"{schema.id} must be an object, not {described(value)}.", "invalidValue"
        )
    yield from value.items()


def _is_read_only(bound: BoundPath) -> bool:
    return bound.attribute.mutability == "readOnly" or bound.leaf.mutability == "readOnly"


def _invalid_syntax(detail: str) -> ScimError:
    return ScimError(400, detail, "invalidSyntax")
