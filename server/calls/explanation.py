"""Says in words what a call was, and what its failure means to the person at Okta."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from server.calls.call import Call
from server.calls.clients import from_okta
from server.calls.operations import Doing
from server.calls.reading import error_member
from server.calls.recognition import recognise


class Understanding(NamedTuple):
    """What a call was.

    ``operation`` is a code of ``operations.OPERATIONS``, ``summary`` one line for a person
    ("Create user ann@acme.example refused: userName is already taken"), ``subject`` the user or
    group meant, also where the server found none ("").
    """

    operation: str
    summary: str
    subject: str


def understand(call: Call) -> Understanding:
    """Return what a call was; any bytes may be in it."""
    doing = recognise(call)
    if call.status in (401, 429) and call.token_id is None:
        summary = f"Refused: {_refusal(call)} ({doing.words})"
        return Understanding("refused", summary, doing.subject)
    return Understanding(doing.code, doing.words + _outcome(call, doing), doing.subject)


def describe(call: Call) -> tuple[str, str]:
    """Return a call's operation and its summary."""
    return understand(call)[:2]


def failure_help(call: Call) -> str | None:
    """Return what Okta shows its admin for a failed call, and the cure; None when it succeeded.

    The form of Okta's messages: "<Okta's own words>: <reason phrase>. Errors reported by remote
    server: <detail of the SCIM error>".
    """
    if 0 < call.status < 400:
        return None
    doing = recognise(call)
    who = "Okta's admin sees" if from_okta(call) else "Okta's admin would see"
    return f"{who}: {_okta_message(call, doing)}\n\nWhat to do: {_cure(call)}"


_PROFILE_PUSH = (
    "Automatic provisioning of user {subject} to app Blink failed: Error while trying to push "
    "profile update for {subject}: {problem}"
)
_OKTA_MESSAGES: Mapping[str, str] = {
    "connection-test": (
        "Error authenticating: {problem}. The connector configuration could not be tested. Make "
        "sure that the URL, Authentication Parameters are correct and that there is an "
        "implementation available at the URL provided."
    ),
    "look-up": (
        "Automatic provisioning of user {subject} to app Blink failed: Error while trying to find "
        "user {subject}: {problem}"
    ),
    "create": (
        "Automatic provisioning of user {subject} to app Blink failed: Error while creating user "
        "{subject}: {problem}"
    ),
    "read": _PROFILE_PUSH,
    "update": _PROFILE_PUSH,
    "password": (
        "Automatic provisioning of user {subject} to app Blink failed: Error while trying to push "
        "password update for {subject}: {problem}"
    ),
    "deactivate": (
        "Automatic deprovisioning of user {subject} from app Blink failed: Error while trying to "
        "push profile update for {subject}: {problem}"
    ),
    "reactivate": (
        "Automatic provisioning of user {subject} to app Blink failed: Error while reactivating "
        "user {subject}: {problem}"
    ),
    "import": "Import of users from app Blink failed: {problem}",
    "group-import": "Import of groups from app Blink failed: {problem}",
}
_GROUP_PUSH = (
    "Unable to update Group Push mapping target App group {subject}: Error while updating user "
    "group membership for group {subject}: {problem}"
)

_CURES: Mapping[tuple[int, str], str] = {
    (400, "invalidSyntax"): (
        "Okta itself sends correct JSON, so look at what is between Okta and this server, or at "
        "the script that sent the request; the request's body is on the right."
    ),
    (400, "invalidValue"): (
        "Correct the value in the user's Okta profile or in the attribute's mapping "
        "(Provisioning > To App > Attribute Mappings), then retry the task under Dashboard > Tasks."
    ),
    (400, "invalidFilter"): (
        "Set the unique identifier field of the connector to userName (Provisioning > Integration)."
    ),
    (400, "invalidPath"): (
        "Check the external name and namespace of the attribute in Okta's Profile Editor: no "
        "schema of Blink knows the attribute."
    ),
    (400, "mutability"): (
        "Unmap the attribute in Okta (Provisioning > To App > Attribute Mappings): Blink sets it."
    ),
    (400, ""): "Compare the request with the detail of the error, and correct the mapping in Okta.",
    (401, ""): (
        "Generate a token on the Tokens page, paste it into API Token in Okta (Provisioning > "
        "Integration), then Test API Credentials and Save."
    ),
    (403, ""): (
        "The feature is switched off for this organization: remove the group under Push Groups in "
        "Okta, or switch the feature on for the organization."
    ),
    (404, ""): (
        "Okta's External ID for the user or group leads nowhere, or the base URL is wrong. Remove "
        "the assignment in Okta and assign again, so that Okta looks the user up anew."
    ),
    (405, ""): "Check the base URL in Okta: it ends in /scim/v2, without /Users.",
    (408, ""): "Retry. If it stays, the network or tunnel in between is too slow.",
    (409, ""): (
        "Find who holds the value (search the live log for it). Give one of the two another value "
        "in Okta, or let Okta link the account; then retry the task under Dashboard > Tasks."
    ),
    (412, ""): "The resource was changed meanwhile: read it again, then send the change again.",
    (413, ""): "Send fewer members or users in one request.",
    (415, ""): "Send the body as application/scim+json in UTF-8, without compression.",
    (429, ""): (
        "Correct the token in Okta (Provisioning > Integration); a valid one is accepted at once, "
        "without waiting."
    ),
    (431, ""): "Look for a proxy that adds very long headers or cookies.",
    (500, ""): (
        "This is a mistake of Blink SCIM Desk: give the reference in the error to its makers. Okta "
        "retries when asked to under Dashboard > Tasks."
    ),
    (501, ""): "Use another setting in Okta: this part of SCIM is not offered.",
    (503, ""): "Wait until the server runs again, then retry the task under Dashboard > Tasks.",
    (0, ""): (
        "The client closed the connection. Okta waits 60 seconds for an answer; a tunnel may wait "
        "less. Retry the task under Dashboard > Tasks."
    ),
}
"""By status and scimType; "" stands for all others of a status."""

_OTHER_CURE = "Read the answer's detail, correct the request, and try again."


def _okta_message(call: Call, doing: Doing) -> str:
    if call.status == 0:
        problem = "The connection was closed before the answer"
    else:
        problem = f"{_phrase(call.status)}. Errors reported by remote server: {_detail(call)}"
    if doing.code.startswith("group-") and doing.code != "group-import":
        template = _GROUP_PUSH
    else:
        template = _OKTA_MESSAGES.get(doing.code, "{problem}")
    return template.format(subject=doing.subject or "(unknown)", problem=problem)


def _cure(call: Call) -> str:
    for key in ((call.status, error_member(call, "scimType")), (call.status, "")):
        if key in _CURES:
            return _CURES[key]
    return _OTHER_CURE


def _outcome(call: Call, doing: Doing) -> str:
    if call.status == 0:
        return ": the client left before the answer"
    if call.status == 404 and doing.code in ("read", "group-read", "delete", "group-delete"):
        return ": not found"
    if call.status >= 500:
        return f" failed: {_refusal(call)}"
    if call.status >= 400:
        return f" refused: {_refusal(call)}"
    return ""


def _refusal(call: Call) -> str:
    """Return the first sentence of the error, without its full stop."""
    sentence = _detail(call).partition(". ")[0].strip().removesuffix(".")
    return f"{sentence[:140]}…" if len(sentence) > 140 else sentence


def _detail(call: Call) -> str:
    detail = error_member(call, "detail")
    return "".join(c if c.isprintable() else " " for c in detail) or _phrase(call.status)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
