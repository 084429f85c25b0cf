"""Stored users as SCIM clients see them.

The stored document is spliced between ``id`` and ``meta`` as it is: parsing and writing it again
would cost more than the rest of a read.
"""

from collections.abc import Sequence

import orjson

from server.blink.directory import Organization, StoredUser
from server.scim.projection import Projection

_USER_NAME = b'"userName":"'


class UserRepresentation:
    """How users look under the URL that a client sees (``base``, up to "/Users")."""

    def bodies(
        self,
        organization: Organization,
        resources: Sequence[StoredUser],
        base: str,
        projection: Projection | None,
    ) -> list[bytes]:
        """Return the JSON of users."""
        prefix = f"{base}/Users/".encode()
        bodies = [_user_json(user, prefix) for user in resources]
        if projection is None:
            return bodies
        return [orjson.dumps(projection.apply(orjson.loads(body))) for body in bodies]

    def name(self, resource: StoredUser) -> str:
        """Return the userName, which stands at the front of every stored document."""
        document = resource.document
        start = document.find(_USER_NAME) + len(_USER_NAME)
        name = document[start : document.find(b'"', start)]
        if start < len(_USER_NAME) or b"\\" in name:
            return str(orjson.loads(document).get("userName") or "")
        return name.decode()


def _user_json(user: StoredUser, prefix: bytes) -> bytes:
    user_id = user.id.encode()
    return (
        b'{"id":"%b",%b,"meta":{"resourceType":"User","created":"%b","lastModified":"%b",'
        b'"location":"%b%b","version":"W/\\"%d\\""}}'
        % (
            user_id,
            user.document[1:-1],
            user.created.encode(),
            user.last_modified.encode(),
            prefix,
            user_id,
            user.version,
        )
    )
