"""What clients do, by name."""

from collections.abc import Mapping
from typing import NamedTuple

OPERATIONS: Mapping[str, str] = {
    "connection-test": "Connection test",
    "look-up": "Look-up of a user",
    "create": "Create user",
    "read": "Read user",
    "update": "Update user",
    "deactivate": "Deactivate user",
    "reactivate": "Reactivate user",
    "password": "Password change",
    "delete": "Delete user",
    "import": "Import of users",
    "search": "Search",
    "group-look-up": "Look-up of a group",
    "group-create": "Create group",
    "group-read": "Read group",
    "group-rename": "Rename group",
    "group-add-members": "Add members to a group",
    "group-remove-members": "Remove members from a group",
    "group-replace-members": "Replace the members of a group",
    "group-update": "Update group",
    "group-delete": "Delete group",
    "group-import": "Import of groups",
    "discovery": "Schema discovery",
    "bulk": "Bulk request",
    "me": "Request for /Me",
    "options": "Question for allowed methods",
    "refused": "Refused for its token",
    "unreadable": "Unreadable request",
    "elsewhere": "Request outside of the SCIM base URL",
    "other": "Other request",
}
"""What a client was doing, by its stable code, and as a title."""


class Doing(NamedTuple):
    """What a client was doing, whatever came of it.

    ``code`` is one of ``OPERATIONS``; ``words`` say it ("Create user ann@acme.example");
    ``subject`` is the user or group meant, or "".
    """

    code: str
    words: str
    subject: str = ""
