"""The groups of Blink organizations: what a SCIM request does to them and their members."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from server.blink.directory import Organization
from server.blink.group_directory import GroupDirectory, GroupKeys, GroupPage, StoredGroup
from server.blink.member_changes import MemberChange, ids_of, member_ids, split_patch
from server.scim.cursors import Place, Stretch
from server.scim.errors import ScimError, shortened
from server.scim.lists import ListQuery
from server.scim.patch import Operation, apply_operations, parse_patch
from server.scim.preconditions import ANY_VERSION, Preconditions
from server.scim.remarks import Remark
from server.scim.schemas import ResourceType
from server.scim.times import timestamp
from server.scim.validation import read_resource
from server.scim.values import note


class GroupOutcome(NamedTuple):
    """A group after a request, what there is to remark on, and the document before it."""

    group: StoredGroup
    remarks: list[Remark]
    before: bytes = b""


class Groups:
    """Creates, reads and changes groups under the rules of SCIM and of Blink.

    Several groups may have the same displayName: Okta looks for the name itself, and links what it
    finds. Every method raises ``ScimError`` for what a client must be told. Changes are on disk
    once the directory's transaction is committed.
    """

    def __init__(
        self,
        directory: GroupDirectory,
        types: Callable[[Organization], Mapping[str, ResourceType]],
        now: Callable[[], str] = timestamp,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._directory = directory
        self._types = types
        self._now = now
        self._new_id = new_id

    def read(self, organization: Organization, group_id: str) -> StoredGroup:
        """Return a group, without its members."""
        group = self._directory.group(organization.id, group_id)
        if group is None:
            raise ScimError(
                404,
                f"There is no group with the id {shortened(group_id)} in {organization.name}. It "
                "was deleted, or belongs to another organization: unlink the pushed group in Okta "
                "and push it again.",
            )
        return group

    def page(self, organization: Organization, query: ListQuery) -> GroupPage:
        """Return a page of the groups that match a query."""
        return self._directory.groups(
            organization.id,
            query.filter,
            query.start_index,
            query.count,
            query.sort,
            query.descending,
        )

    def stretch(
        self, organization: Organization, query: ListQuery, place: Place | None
    ) -> Stretch[StoredGroup]:
        """Return the groups that match a query beside a place, or the first ones."""
        return self._directory.groups_beside(
            organization.id, query.filter, place, query.count, query.sort, query.descending
        )

    def create(self, organization: Organization, body: Any) -> GroupOutcome:
        """Create a group with its members."""
        document, ids, remarks = self._read_body(organization, body)
        with self._directory.write():
            group = self._directory.insert_group(
                organization.id, self._new_id(), serialised(document), _keys(document), self._now()
            )
            if ids:
                self._write_members(organization, group, MemberChange("add", ids))
        return GroupOutcome(group, remarks)

    def replace(
        self,
        organization: Organization,
        group_id: str,
        body: Any,
        expected: Preconditions = ANY_VERSION,
    ) -> GroupOutcome:
        """Replace a group and its members by what a PUT sends."""
        group = self._expected(organization, group_id, expected)
        document, ids, remarks = self._read_body(organization, body)
        change = MemberChange("set", ids or ())
        outcome = self._change(organization, group, document, [change], remarks)
        if ids is None:
            text = "members was left out of the PUT, so the group has none now."
            note(remarks, "members-missing", text)
        return outcome

    def patch(
        self,
        organization: Organization,
        group_id: str,
        body: Any,
        expected: Preconditions = ANY_VERSION,
    ) -> GroupOutcome:
        """Apply a PATCH; the members are only read where it cannot be done without them."""
        group = self._expected(organization, group_id, expected)
        group_type = self._types(organization)["Group"]
        remarks: list[Remark] = []
        operations = parse_patch(body, remarks)
        remarks_of_members: list[Remark] = []
        parts = split_patch(group_type, operations, remarks_of_members)
        if parts is None:
            return self._patch_whole(organization, group, operations, remarks)
        remarks += remarks_of_members
        document = orjson.loads(group.document)
        if parts.others:
            patched = apply_operations(group_type, document, parts.others, remarks)
            document = patched.document
        return self._change(organization, group, document, parts.changes, remarks)

    def delete(
        self, organization: Organization, group_id: str, expected: Preconditions = ANY_VERSION
    ) -> StoredGroup:
        """Delete a group and return what it was; its members stay."""
        group = self._expected(organization, group_id, expected)
        with self._directory.write():
            self._directory.delete_group(organization.id, group_id, self._now())
        return group

    def _expected(
        self, organization: Organization, group_id: str, expected: Preconditions
    ) -> StoredGroup:
        group = self.read(organization, group_id)
        expected.check(group.version)
        return group

    def _read_body(
        self, organization: Organization, body: Any
    ) -> tuple[dict[str, Any], tuple[str, ...] | None, list[Remark]]:
        """Return a document without members, the ids of these (None if left out), and remarks."""
        group_type = self._types(organization)["Group"]
        members = group_type.core["members"]
        listed: list[Any] = []
        rest = body
        if isinstance(body, dict):
            listed = [value for key, value in body.items() if key.lower() == "members"]
            rest = {key: value for key, value in body.items() if key.lower() != "members"}
        document, remarks = read_resource(group_type, rest)
        # Members may also come as "urn:ietf:params:scim:schemas:core:2.0:Group:members".
        listed += [document.pop("members")] if "members" in document else []
        if not listed:
            return document, None, remarks
        ids = [member_id for value in listed for member_id in member_ids(members, value, remarks)]
        return document, tuple(dict.fromkeys(ids)), remarks

    def _patch_whole(
        self,
        organization: Organization,
        group: StoredGroup,
        operations: Sequence[Operation],
        remarks: list[Remark],
    ) -> GroupOutcome:
        document = orjson.loads(group.document)
        members = [member._asdict() for member in self._directory.members(group.id)]
        if members:
            document["members"] = members
        patched = apply_operations(
            self._types(organization)["Group"], document, tuple(operations), remarks
        )
        change = MemberChange("set", ids_of(patched.document.pop("members", ())))
        return self._change(organization, group, patched.document, [change], remarks)

    def _change(
        self,
        organization: Organization,
        group: StoredGroup,
        document: dict[str, Any],
        changes: Sequence[MemberChange],
        remarks: list[Remark],
    ) -> GroupOutcome:
        written = serialised(document)
        before = group.document
        if not changes and written == before:
            return GroupOutcome(group, remarks, before)
        with self._directory.write():
            changed = 0
            for change in changes:
                changed += self._change_members(organization, group, change, remarks)
            if changed or written != before:
                group = self._directory.update_group(
                    organization.id, group, written, _keys(document), self._now()
                )
        return GroupOutcome(group, remarks, before)

    def _change_members(
        self,
        organization: Organization,
        group: StoredGroup,
        change: MemberChange,
        remarks: list[Remark],
    ) -> int:
        """Make a change and return how many members came or went."""
        if change.kind == "remove":
            removed = self._directory.remove_members(group.id, change.ids, change.type)
            if removed < len(change.ids):
                text = "A member to be removed was no member of the group (any more)."
                note(remarks, "member-absent", text)
            return removed
        return self._write_members(organization, group, change)

    def _write_members(
        self, organization: Organization, group: StoredGroup, change: MemberChange
    ) -> int:
        if group.id in change.ids:
            raise ScimError(
                400,
                f"members holds {shortened(group.id)}, which is the group itself: a group cannot "
                "be its own member. Leave it out.",
                "invalidValue",
            )
        write = self._directory.set_members if change.kind == "set" else self._directory.add_members
        changed, unknown = write(organization.id, group.id, change.ids)
        if unknown:
            raise _unknown_members(organization, unknown)
        return changed


def serialised(document: dict[str, Any]) -> bytes:
    """Return a document as it is stored: ``schemas`` and ``displayName`` come first."""
    first = {"schemas": document["schemas"], "displayName": document["displayName"]}
    return orjson.dumps(first | document)


def _keys(document: dict[str, Any]) -> GroupKeys:
    return GroupKeys(document["displayName"], document.get("externalId"))


_NAMED = 2
"""How many unknown members an error names; each may be as long as our ids, which are UUIDs."""


def _unknown_members(organization: Organization, unknown: Sequence[str]) -> ScimError:
    named = ", ".join(shortened(member_id, 36) for member_id in unknown[:_NAMED])
    if len(unknown) > _NAMED:
        named += " and others"
    return ScimError(
        400,
        f"members names {named}, but {organization.name} has no user or group with that id. "
        "Assign the missing users to the app in Okta, so that they are created here, then push "
        "the group again.",
        "invalidValue",
    )
