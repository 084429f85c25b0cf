"""What made a client send a call: the action of a person, or of Okta or Entra by itself."""

from collections.abc import Mapping

from server.calls.call import Call
from server.calls.clients import ORIGIN_MARKS, origin
from server.calls.recognition import recognise


def action_of(call: Call) -> str:
    """Return what made the client send a call, in a sentence.

    Of another client than Okta and Entra only its name is known: what it sent by hand is not
    taken for Okta's doing.
    """
    client, code = origin(call), recognise(call).code
    if client == "Okta":
        return OKTA_ACTIONS.get(code, "Okta is not known to send such requests.")
    if client == "Entra":
        return ENTRA_ACTIONS.get(code, "Entra is not known to send such requests.")
    if client in ORIGIN_MARKS:
        return f"Sent by this program: {client}."
    name = "a client that does not say its name" if client == "unknown" else client
    return f"Sent by {name}, not by Okta or Entra."


_GROUP_PUSHED = "A group under Push Groups was pushed, or its name or members changed in Okta."

OKTA_ACTIONS: Mapping[str, str] = {
    "connection-test": "The admin pressed Test API Credentials, or saved the settings.",
    "look-up": "The app was assigned to somebody: Okta looks whether the account is there already.",
    "create": "The app was assigned to somebody whom the look-up did not find.",
    "read": "Okta reads the user before it writes the profile back.",
    "update": "An assigned person's profile changed in Okta, or an existing account was linked.",
    "password": "Sync Password is on, and the person's password was set or used to sign in.",
    "deactivate": "The app was taken from the person, or the person was deactivated in Okta.",
    "reactivate": "The app was assigned again to somebody who had it before.",
    "delete": "Granular deprovisioning deletes the account; classic provisioning never does.",
    "import": "Somebody pressed Import Now, or an import was scheduled.",
    "group-import": "An import with Import Groups on, or Push Groups looks for groups to link.",
    "discovery": "The app has entitlements or Import User Schema on, and Okta asks what there is.",
    "group-look-up": "A group was added under Push Groups: Okta looks whether it is there already.",
    "group-create": "A group was added under Push Groups that the look-up did not find.",
    "group-delete": "A group was unlinked under Push Groups, and deleted in the target app.",
    **dict.fromkeys(
        (
            "group-read",
            "group-rename",
            "group-add-members",
            "group-remove-members",
            "group-replace-members",
            "group-update",
        ),
        _GROUP_PUSHED,
    ),
}
"""By operation. Sources: Okta's SCIM guides and captures of its traffic."""

_ENTRA_UPDATED = "A provisioning cycle, every 40 minutes or on demand, found a change in Entra."

ENTRA_ACTIONS: Mapping[str, str] = {
    "connection-test": (
        "The admin pressed Test Connection: Entra looks for a random user who is not there."
    ),
    "look-up": "Entra looks for the account by the matching attribute, as before every change.",
    "create": "A provisioning cycle came to a user in scope whom the look-up did not find.",
    "read": "Entra reads the user by its id before it changes something.",
    "update": _ENTRA_UPDATED,
    "deactivate": "The user left the scope, or was disabled or deleted softly in Entra.",
    "reactivate": "The user came back into scope, or was restored in Entra.",
    "delete": "The user was deleted in Entra for good, 30 days after the soft deletion.",
    "discovery": "The admin opened or refreshed the schema in the attribute mappings.",
    "group-look-up": "Entra looks for the group, or whether somebody is a member of it already.",
    "group-create": "A provisioning cycle came to a group in scope that the look-up did not find.",
    "group-delete": "The group was deleted in Entra, or left the scope.",
    **dict.fromkeys(
        (
            "group-read",
            "group-rename",
            "group-add-members",
            "group-remove-members",
            "group-replace-members",
            "group-update",
        ),
        _ENTRA_UPDATED,
    ),
}
"""By operation. Source: Microsoft's guide to building a SCIM endpoint for Entra."""
