"""Rules about requests that SCIM or Blink refuses."""

import re

from server.calls.call import Call
from server.calls.diagnosis.places import (
    ORGANIZATION,
    PEOPLE,
    attribute_in,
    log_of,
    mapping_of,
)
from server.calls.diagnosis.rule import Found, Rule, Severity, rule
from server.calls.diagnosis.scene import Scene
from server.calls.reading import error_member, member, parsed

_RETRY = "then retry the task under Dashboard > Tasks."
_TO_APP = "(Provisioning > To App > Attribute Mappings)"


@rule(
    "body-unreadable",
    "The body cannot be read",
    Severity.ERROR,
    "The body is no JSON, or not the JSON object that SCIM wants. Okta and Entra send correct "
    "JSON, so a proxy changed it, or somebody wrote the request by hand.",
)
def body_unreadable(scene: Scene) -> Found | None:
    if scene.call.status != 400 or scene.scim_type != "invalidSyntax" or _is_list(scene):
        return None
    return Found(
        f"{scene.problem}.",
        "Look at the script that sent the request, or at what is between Okta and this server.",
    )


@rule(
    "list-sent-back",
    "A list was sent in place of a user",
    Severity.ERROR,
    "Okta writes back what it read, with its own attributes laid over it. Where a server answers "
    "the read of one user with a ListResponse, Okta sends that list back as if it were the user. "
    "The cause is the answer to the read before it, perhaps of another server or a proxy's cache.",
)
def list_sent_back(scene: Scene) -> Found | None:
    if scene.call.status != 400 or not _is_list(scene):
        return None
    return Found(
        "The body is a ListResponse where a single user or group belongs.",
        "Look at the answer to the read before this call, and at the proxy in between.",
        log_of("id", scene.call.path.rpartition("/")[2]),
    )


@rule(
    "locale-refused",
    "The locale is no language tag",
    Severity.ERROR,
    "Blink picks the language of its messages by locale, which has to be a BCP 47 tag such as "
    "en-GB. Okta's own en_US is understood; free text such as English is not.",
)
def locale_refused(scene: Scene) -> Found | None:
    if scene.call.status != 400 or not scene.detail.startswith("locale "):
        return None
    return Found(
        f"{scene.problem}.",
        f"Correct the locale in the user's Okta profile, or its mapping {_TO_APP}, {_RETRY}",
        mapping_of("locale"),
    )


@rule(
    "custom-value-refused",
    "A custom attribute cannot have this value",
    Severity.ERROR,
    "The organization added an attribute to Blink's users that is a date or one of several "
    "choices, and what Okta sent is none of these.",
)
def custom_value_refused(scene: Scene) -> Found | None:
    match = _CUSTOM.match(scene.detail) if scene.call.status == 400 else None
    if not match:
        return None
    return Found(
        f"{scene.problem}.",
        f"Correct the value in Okta or the mapping of {match[1]} {_TO_APP}, or add it to the "
        f"choices of the organization's attribute, {_RETRY}",
        ORGANIZATION if match[2] == "none of its choices" else mapping_of(match[1]),
    )


@rule(
    "value-missing",
    "A required value is missing",
    Severity.ERROR,
    "SCIM requires a value that was not sent. Okta sends no attribute that is not mapped, and none "
    "whose expression gives null or an empty text.",
)
def value_missing(scene: Scene) -> Found | None:
    if scene.call.status != 400 or " is required" not in scene.problem or _is_list(scene):
        return None
    return Found(
        f"{scene.problem}.",
        f"Map the attribute in Okta {_TO_APP}, and see that the user's profile has a value, "
        f"{_RETRY}",
        mapping_of(attribute_in(scene.detail)),
    )


@rule(
    "members-unknown",
    "The group has members that are not here",
    Severity.ERROR,
    "A pushed group names its members by the ids that Okta got when it created them. A member who "
    "was never provisioned to this organization, or was deleted, makes Blink refuse the push. The "
    "same Okta group must not be used to assign the app and to be pushed.",
)
def members_unknown(scene: Scene) -> Found | None:
    if scene.call.status != 400 or not scene.detail.startswith("members names "):
        return None
    return Found(
        f"{scene.problem}.",
        "Assign the missing users to the app in Okta, so that they are created, then push the "
        "group again (Push Groups > Push Now).",
        PEOPLE,
    )


@rule(
    "value-refused",
    "A value is refused",
    Severity.ERROR,
    "A value has the wrong type or form for its attribute. Okta does not check values before it "
    "sends them, so the profile or the mapping has to be corrected there.",
)
def value_refused(scene: Scene) -> Found | None:
    if scene.call.status != 400 or scene.scim_type not in ("invalidValue", "noTarget", "tooMany"):
        return None
    if any(each.check(scene) for each in _KINDS_OF_VALUE):
        return None
    return Found(
        f"{scene.problem}.",
        f"Correct the value in the user's Okta profile, or the attribute's mapping {_TO_APP}, "
        f"{_RETRY}",
        mapping_of(attribute_in(scene.detail)),
    )


@rule(
    "filter-refused",
    "A filter cannot be understood",
    Severity.ERROR,
    "Okta looks users up by the unique identifier field of the connector, which is userName unless "
    "somebody changed it. The filter names an attribute that is not known, or is no SCIM filter.",
)
def filter_refused(scene: Scene) -> Found | None:
    if scene.call.status != 400 or scene.scim_type != "invalidFilter":
        return None
    return Found(
        f"{scene.problem}.",
        "Set the unique identifier field of the connector to userName (Provisioning > "
        "Integration).",
    )


@rule(
    "path-refused",
    "A path names an unknown attribute",
    Severity.ERROR,
    "A PATCH names an attribute that is in no schema of Blink. In Okta's Profile Editor the "
    "external name or the external namespace of an attribute is misspelt.",
)
def path_refused(scene: Scene) -> Found | None:
    if scene.call.status != 400 or scene.scim_type != "invalidPath":
        return None
    return Found(
        f"{scene.problem}.",
        "Compare external name and namespace in Okta's Profile Editor with the organization's "
        "attributes.",
        ORGANIZATION,
    )


@rule(
    "read-only-attribute",
    "Blink sets this attribute itself",
    Severity.ERROR,
    "A PATCH wants to change what only the server sets (id, meta, groups), or to remove what a "
    "user cannot be without.",
)
def read_only_attribute(scene: Scene) -> Found | None:
    if scene.call.status != 400 or scene.scim_type != "mutability":
        return None
    return Found(
        f"{scene.problem}.",
        f"Unmap the attribute in Okta {_TO_APP}.",
        mapping_of(attribute_in(scene.detail)),
    )


@rule(
    "group-push-off",
    "Group push is switched off",
    Severity.ERROR,
    "Blink's Okta app supports creating, updating and deactivating users; group push may come. It "
    "is off for an organization until somebody switches it on, and every push is refused "
    "meanwhile.",
)
def group_push_off(scene: Scene) -> Found | None:
    if scene.call.status != 403 or "group push" not in scene.detail:
        return None
    return Found(
        "Groups are switched off for this organization: Blink does not support group push from "
        "Okta yet.",
        "Remove the group under Push Groups in Okta, or switch group push on for the organization.",
        ORGANIZATION,
    )


@rule(
    "unknown-resource",
    "Okta's External ID leads nowhere",
    Severity.ERROR,
    "Okta remembers the id that a user or group got here. When it was deleted here, or belongs to "
    "another organization because the token was changed, each update and deactivation fails with "
    "404, and the person may stay as they are.",
)
def unknown_resource(scene: Scene) -> Found | None:
    if scene.call.status != 404 or wrong_place(scene):
        return None
    noun = "group" if scene.operation.startswith("group-") else "user"
    deleted = any(
        other.what.operation in ("delete", "group-delete") and other.call.status == 204
        for other in scene.earlier
    )
    why = "it was deleted a while before" if deleted else "it was deleted, or the token is another"
    cure = (
        "Unlink the pushed group in Okta (Push Groups), and push it again."
        if noun == "group"
        else "Remove the assignment in Okta and assign again, so that Okta looks the user up anew."
    )
    return Found(
        f"This organization has no {noun} with the id that Okta knows: {why}.",
        cure,
        log_of("id", scene.call.path.rpartition("/")[2]),
    )


@rule(
    "value-taken",
    "Another user has this value",
    Severity.ERROR,
    "Blink keeps userName, work email and mobile number unique. Somebody in the organization has "
    "the value already, perhaps as a disabled user, or as the same person under an older userName.",
)
def value_taken(scene: Scene) -> Found | None:
    match = _TAKEN_BY.search(scene.detail) if scene.call.status == 409 else None
    if not match:
        return None
    holder = scene.name_of(match[1])
    who = f" That is {holder}." if holder else ""
    look = "" if holder else "Look who that is. "
    return Found(
        f"{scene.problem}.{who}",
        f"{look}Give one of the two another value in Okta, {_RETRY}",
        log_of("id", match[1]),
    )


def holder_of(call: Call) -> str:
    """Return the id of the user that has the value which a call was refused for, or ""."""
    match = _TAKEN_BY.search(error_member(call, "detail")) if call.status == 409 else None
    return match[1] if match else ""


@rule(
    "value-taken-elsewhere",
    "A user of another organization has this value",
    Severity.ERROR,
    "At Blink one person has one account: an email address or mobile number that is used in "
    "another Blink organization cannot be used again, and the account is not created.",
)
def value_taken_elsewhere(scene: Scene) -> Found | None:
    if scene.call.status != 409 or "of another Blink organization" not in scene.detail:
        return None
    return Found(
        f"{scene.problem}.",
        f"Use another email address or mobile number for this user in Okta, {_RETRY}",
        PEOPLE,
    )


@rule(
    "value-taken-by-account",
    "An account from before has this value",
    Severity.ERROR,
    "Blink had an account before provisioning began. A create takes it over only when the work "
    "email or the employee number is the same; here another value collides.",
)
def value_taken_by_account(scene: Scene) -> Found | None:
    if scene.call.status != 409 or "an account that Blink had before" not in scene.detail:
        return None
    return Found(
        f"{scene.problem}.",
        "Give the account at Blink the same work email or employee number as in Okta, so that it "
        f"is linked, {_RETRY}",
        mapping_of(attribute_in(scene.detail)),
    )


@rule(
    "changed-meanwhile",
    "It was changed meanwhile",
    Severity.ERROR,
    "The client named the version that it knew (If-Match), and somebody else changed the user or "
    "group since. Okta and Entra do not send If-Match.",
)
def changed_meanwhile(scene: Scene) -> Found | None:
    if scene.call.status != 412:
        return None
    return Found(
        "The user or group was changed since the client read it.",
        "Read it again, then send the change again.",
        log_of("id", scene.call.path.rpartition("/")[2]),
    )


@rule(
    "refused-otherwise",
    "Refused",
    Severity.ERROR,
    "None of the other rules fits. The detail in the answer says what was wrong.",
)
def refused_otherwise(scene: Scene) -> Found | None:
    if not scene.failed:
        return None
    return Found(
        f"{scene.problem or f'The answer was {scene.call.status}'}.",
        "Compare the request with the detail of the error, and correct it.",
    )


REFUSAL_RULES: tuple[Rule, ...] = (
    list_sent_back,
    body_unreadable,
    locale_refused,
    custom_value_refused,
    value_missing,
    members_unknown,
    value_refused,
    filter_refused,
    path_refused,
    read_only_attribute,
    group_push_off,
    unknown_resource,
    value_taken,
    value_taken_elsewhere,
    value_taken_by_account,
    changed_meanwhile,
)
_KINDS_OF_VALUE = (
    list_sent_back,
    locale_refused,
    custom_value_refused,
    value_missing,
    members_unknown,
)


def wrong_place(scene: Scene) -> bool:
    """Say whether a request missed the SCIM endpoints."""
    return scene.operation in ("elsewhere", "other", "discovery", "me")


_CUSTOM = re.compile(r"(\S+) .*? is (none of its choices|not a date)")
_TAKEN_BY = re.compile(r"already used by the user with the id ([^\s.]+)")


def _is_list(scene: Scene) -> bool:
    return isinstance(member(parsed(scene.call.request_body), "Resources"), list)
