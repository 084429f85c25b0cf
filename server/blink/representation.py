"""A stored user as SCIM clients see it.

The stored document is spliced between ``id`` and ``meta`` as it is: parsing and writing it again
would cost more than the rest of a read.
"""

from typing import Any

import orjson

from server.blink.directory import StoredUser

_USER_NAME = b'"userName":"'


def user_json(user: StoredUser, base: str) -> bytes:
    """Return the body of a user; ``base`` is the URL that the client sees, up to ``/Users``."""
    return b'{"id":"%b",%b,"meta":%b}' % (user.id.encode(), user.document[1:-1], _meta(user, base))


def user_resource(user: StoredUser, base: str) -> dict[str, Any]:
    """Return the same as a value, for projections."""
    resource: dict[str, Any] = orjson.loads(user_json(user, base))
    return resource


def user_location(user: StoredUser, base: str) -> str:
    """Return the URL of a user."""
    return f"{base}/Users/{user.id}"


def user_version(user: StoredUser) -> str:
    """Return the weak entity tag of a user (RFC 7644 3.14)."""
    return f'W/"{user.version}"'


def user_name(user: StoredUser) -> str:
    """Return the userName, which stands at the front of every stored document."""
    start = user.document.find(_USER_NAME) + len(_USER_NAME)
    end = user.document.find(b'"', start)
    name = user.document[start:end]
    if start < len(_USER_NAME) or b"\\" in name:
        return str(orjson.loads(user.document).get("userName") or "")
    return name.decode()


def _meta(user: StoredUser, base: str) -> bytes:
    return (
        b'{"resourceType":"User","created":"%b","lastModified":"%b",'
        b'"location":"%b","version":"W/\\"%d\\""}'
        % (
            user.created.encode(),
            user.last_modified.encode(),
            user_location(user, base).encode(),
            user.version,
        )
    )
