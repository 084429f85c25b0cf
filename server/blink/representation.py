"""Stored users and groups as SCIM clients see them.

The stored document is spliced between ``id`` and ``meta`` as it is: parsing and writing it again
would cost more than the rest of a read. What is derived (a user's groups, the names of a group's
members) comes as JSON, too, in one query for all resources of an answer.
"""

from collections.abc import Mapping, Sequence

import orjson

from server.blink.directory import Organization, StoredUser
from server.blink.group_directory import GroupDirectory, StoredGroup
from server.scim.projection import Projection


class UserRepresentation:
    """How users look under the URL that a client sees (``base``, up to "/Users").

    ``groups`` is shown while the organization has group push switched on.
    """

    def __init__(self, directory: GroupDirectory) -> None:
        self._directory = directory

    def bodies(
        self,
        organization: Organization,
        resources: Sequence[StoredUser],
        base: str,
        projection: Projection | None,
    ) -> list[bytes]:
        """Return the JSON of users."""
        groups: Mapping[str, bytes] = {}
        if organization.group_push and organization.groups and _shows(projection, "groups"):
            groups = self._directory.groups_json([user.id for user in resources], base)
        prefix = f"{base}/Users/".encode()
        bodies = [
            _json(b"User", user, b"groups", groups.get(user.id), prefix) for user in resources
        ]
        return _projected(bodies, projection)

    def changes_unseen(self, organization: Organization) -> bool:
        """Say whether users can look different and have the same version: by their groups."""
        return organization.group_push and organization.groups > 0

    def name(self, resource: StoredUser) -> str:
        """Return the userName."""
        return _text_in_front(resource.document, "userName")


class GroupRepresentation:
    """How groups look under the URL that a client sees (``base``, up to "/Groups")."""

    def __init__(self, directory: GroupDirectory) -> None:
        self._directory = directory

    def bodies(
        self,
        organization: Organization,
        resources: Sequence[StoredGroup],
        base: str,
        projection: Projection | None,
    ) -> list[bytes]:
        """Return the JSON of groups; the members are only read when they are shown."""
        members: Mapping[str, bytes] = {}
        if resources and _shows(projection, "members"):
            members = self._directory.members_json([group.id for group in resources], base)
        prefix = f"{base}/Groups/".encode()
        bodies = [
            _json(b"Group", group, b"members", members.get(group.id), prefix) for group in resources
        ]
        return _projected(bodies, projection)

    def changes_unseen(self, organization: Organization) -> bool:
        """Say whether groups can look different and have the same version: never."""
        return False

    def name(self, resource: StoredGroup) -> str:
        """Return the displayName."""
        return _text_in_front(resource.document, "displayName")


def _shows(projection: Projection | None, name: str) -> bool:
    return projection is None or name in projection.plan


def _projected(bodies: list[bytes], projection: Projection | None) -> list[bytes]:
    if projection is None:
        return bodies
    return [orjson.dumps(projection.apply(orjson.loads(body))) for body in bodies]


def _json(
    kind: bytes,
    resource: StoredUser | StoredGroup,
    derived_name: bytes,
    derived: bytes | None,
    prefix: bytes,
) -> bytes:
    resource_id = resource.id.encode()
    return (
        b'{"id":"%b",%b%b,"meta":{"resourceType":"%b","created":"%b","lastModified":"%b",'
        b'"location":"%b%b","version":"W/\\"%d\\""}}'
        % (
            resource_id,
            resource.document[1:-1],
            b"" if derived is None else b',"%b":%b' % (derived_name, derived),
            kind,
            resource.created.encode(),
            resource.last_modified.encode(),
            prefix,
            resource_id,
            resource.version,
        )
    )


def _text_in_front(document: bytes, name: str) -> str:
    """Return a text that stands at the front of every stored document."""
    mark = b'"%b":"' % name.encode()
    start = document.find(mark) + len(mark)
    text = document[start : document.find(b'"', start)]
    if start < len(mark) or b"\\" in text:
        return str(orjson.loads(document).get(name) or "")
    return text.decode()
