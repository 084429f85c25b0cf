"""What Okta's admin does and sees: the action behind a call, its screen, its event, its error."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from server.calls.actions import action_of
from server.calls.call import Call
from server.calls.reading import error_member
from server.calls.recognition import recognise


@dataclass(frozen=True, slots=True)
class OktaView:
    """A call as Okta's admin knows it, or would if Okta had sent it.

    ``action`` is what made the client send it (``action_of``), ``screen`` where its outcome shows
    in Okta's admin console, ``event`` the event type in the System Log. ``message`` is the error
    that is shown there, "" for a call that succeeded.
    """

    action: str
    screen: str
    event: str
    message: str = ""


def okta_view(call: Call) -> OktaView | None:
    """Return what Okta's admin sees of a call; None for one that Okta never sends.

    A message has the form "<Okta's own words>: <reason phrase>. Errors reported by remote server:
    <detail of the SCIM error>".
    """
    doing = recognise(call)
    shown = _SHOWN.get(doing.code)
    if shown is None:
        return None
    if 0 < call.status < 400:
        return OktaView(action_of(call), shown.screen, shown.event)
    subject = doing.subject or "(unknown)"
    problem = _problem(call)
    message = shown.failure.format(subject=subject, problem=problem, stem=problem.removesuffix("."))
    return OktaView(action_of(call), shown.screen, _EVENTS.get(call.status, shown.event), message)


@dataclass(frozen=True, slots=True)
class _Shown:
    screen: str
    event: str
    failure: str


_TASKS = "Dashboard > Tasks, and the red mark at the person under Assignments"
_INTEGRATION = "Provisioning > Integration (Test API Credentials)"
_IMPORT = "the app's Import tab"
_PUSH_GROUPS = "the app's Push Groups tab"

_PROFILE_PUSH = (
    "Automatic provisioning of user {subject} to app Blink failed: Error while trying to push "
    "profile update for {subject}: {problem}"
)
_GROUP_PUSH = (
    "Unable to update Group Push mapping target App group {subject}: Error while updating user "
    "group membership for group {subject}: {problem}"
)

_SHOWN: Mapping[str, _Shown] = {
    "connection-test": _Shown(
        _INTEGRATION,
        "application.configuration.update",
        "Error authenticating: {stem}. The connector configuration could not be tested. Make "
        "sure that the URL, Authentication Parameters are correct and that there is an "
        "implementation available at the URL provided.",
    ),
    "look-up": _Shown(
        _TASKS,
        "application.provision.user.verify_exists",
        "Automatic provisioning of user {subject} to app Blink failed: Error while trying to find "
        "user {subject}: {problem}",
    ),
    "create": _Shown(
        _TASKS,
        "application.provision.user.push",
        "Automatic provisioning of user {subject} to app Blink failed: Error while creating user "
        "{subject}: {problem}",
    ),
    "read": _Shown(
        _TASKS,
        "application.provision.user.push_profile",
        _PROFILE_PUSH,
    ),
    "update": _Shown(
        _TASKS,
        "application.provision.user.push_profile",
        _PROFILE_PUSH,
    ),
    "password": _Shown(
        _TASKS,
        "application.provision.user.push_password",
        "Automatic provisioning of user {subject} to app Blink failed: Error while trying to push "
        "password update for {subject}: {problem}",
    ),
    "deactivate": _Shown(
        _TASKS,
        "application.provision.user.deactivate",
        "Automatic deprovisioning of user {subject} from app Blink failed: Error while trying to "
        "push profile update for {subject}: {problem}",
    ),
    "reactivate": _Shown(
        _TASKS,
        "application.provision.user.reactivate",
        "Automatic provisioning of user {subject} to app Blink failed: Error while reactivating "
        "user {subject}: {problem}",
    ),
    "delete": _Shown(
        _TASKS,
        "application.provision.user.delete",
        "Automatic deprovisioning of user {subject} from app Blink failed: {problem}",
    ),
    "import": _Shown(
        _IMPORT,
        "application.provision.user.import",
        "Import of users from app Blink failed: {problem}",
    ),
    "group-import": _Shown(
        _IMPORT,
        "application.provision.group.import",
        "Import of groups from app Blink failed: {problem}",
    ),
    "discovery": _Shown(
        _INTEGRATION,
        "application.configuration.import_schema",
        "{problem}",
    ),
    "group-look-up": _Shown(
        _PUSH_GROUPS,
        "application.provision.group.verify_exists",
        _GROUP_PUSH,
    ),
    "group-create": _Shown(
        _PUSH_GROUPS,
        "application.provision.group.add",
        _GROUP_PUSH,
    ),
    "group-delete": _Shown(
        _PUSH_GROUPS,
        "application.provision.group.remove",
        _GROUP_PUSH,
    ),
    **dict.fromkeys(
        ("group-read", "group-rename", "group-update"),
        _Shown(_PUSH_GROUPS, "application.provision.group.update", _GROUP_PUSH),
    ),
    **dict.fromkeys(
        ("group-add-members", "group-remove-members", "group-replace-members"),
        _Shown(_PUSH_GROUPS, "application.provision.group_push.push_memberships", _GROUP_PUSH),
    ),
}
"""By operation; screens and messages from captures and help pages, events from the catalogue."""

_EVENTS: Mapping[int, str] = {
    401: "application.integration.authentication_failure",
    429: "application.integration.rate_limit_exceeded",
}
"""The event types of failures that stand for any action."""


def _problem(call: Call) -> str:
    if call.status == 0:
        return "The connection was closed before the answer"
    phrase = _phrase(call.status)
    detail = "".join(c if c.isprintable() else " " for c in error_member(call, "detail"))
    return f"{phrase}. Errors reported by remote server: {detail or phrase}"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
