from collections.abc import Callable

import pytest

from server.calls.actions import ENTRA_ACTIONS, OKTA_ACTIONS, action_of
from server.calls.call import Call
from server.calls.okta_view import okta_view
from server.calls.operations import OPERATIONS

MakeCall = Callable[..., Call]
ANN = {"userName": "ann@acme.example"}
NEVER_SENT_BY_OKTA = {
    *("search", "bulk", "me", "options", "refused", "unreadable", "elsewhere", "other")
}


def error(detail: str) -> dict[str, str]:
    return {"detail": detail}


def test_a_refused_create_shows_what_oktas_admin_reads_and_where(call: MakeCall) -> None:
    view = okta_view(call("POST", "/scim/v2/Users", ANN, 409, error("It is taken. Choose.")))
    assert view
    assert view.message == (
        "Automatic provisioning of user ann@acme.example to app Blink failed: Error while creating "
        "user ann@acme.example: Conflict. Errors reported by remote server: It is taken. Choose."
    )
    assert view.screen.startswith("Dashboard > Tasks")
    assert view.event == "application.provision.user.push"


def test_a_success_has_an_event_and_no_message(call: MakeCall) -> None:
    view = okta_view(call("POST", "/scim/v2/Users", ANN, 201, ANN))
    assert view
    assert (view.message, view.event) == ("", "application.provision.user.push")


@pytest.mark.parametrize(
    ("method", "target", "status", "words", "screen"),
    [
        ("GET", "/scim/v2/Users?startIndex=1&count=2", 401,
         "Error authenticating: Unauthorized", "Provisioning > Integration"),
        ("PATCH", "/scim/v2/Users/7", 400, "profile update for 7: Bad Request", "Dashboard"),
        ("PATCH", "/scim/v2/Groups/3", 403, "Group Push mapping target App group 3", "Push Groups"),
        ("GET", "/scim/v2/Users?startIndex=1&count=100", 500,
         "Import of users from app Blink", "Import"),
        ("POST", "/scim/v2/Users", 0, "The connection was closed before the answer", "Dashboard"),
    ],
)  # fmt: skip
def test_each_operation_has_oktas_words(
    call: MakeCall, method: str, target: str, status: int, words: str, screen: str
) -> None:
    view = okta_view(call(method, target, status=status, response=error("Because.")))
    assert view
    assert words in view.message
    assert screen in view.screen
    assert view.event.startswith("application.")


def test_a_refused_token_and_a_rate_limit_have_events_of_their_own(call: MakeCall) -> None:
    events = {
        status: view.event
        for status in (401, 429)
        if (view := okta_view(call("POST", "/scim/v2/Users", ANN, status)))
    }
    assert events == {
        401: "application.integration.authentication_failure",
        429: "application.integration.rate_limit_exceeded",
    }


def test_every_operation_is_one_of_okta_or_known_to_be_none(call: MakeCall) -> None:
    assert OKTA_ACTIONS.keys() == OPERATIONS.keys() - NEVER_SENT_BY_OKTA
    assert ENTRA_ACTIONS.keys() < OPERATIONS.keys()
    assert okta_view(call("POST", "/scim/v2/Bulk")) is None


@pytest.mark.parametrize(
    ("agent", "action"),
    [
        ("Okta SCIM Client 1.0.0", "The app was assigned to somebody whom the look-up"),
        ("Azure AD SCIM Provisioning", "A provisioning cycle came to a user in scope"),
        ("curl/8.5.0", "Sent by curl, not by Okta or Entra."),
        ("", "Sent by a client that does not say its name, not by"),
    ],
)
def test_the_action_behind_a_call_is_that_of_its_client(
    call: MakeCall, agent: str, action: str
) -> None:
    made = call("POST", "/scim/v2/Users", ANN, 201, ANN, (("User-Agent", agent),))
    assert action_of(made).startswith(action)
    view = okta_view(made)
    assert view
    assert view.action == action_of(made)


def test_what_this_program_sends_is_called_that(call: MakeCall) -> None:
    made = call("POST", "/scim/v2/Users", ANN, 201, ANN, origin_mark="Replay")
    assert action_of(made) == "Sent by this program: Replay."


def test_what_a_client_is_not_known_to_send_is_said_so(call: MakeCall) -> None:
    assert action_of(call("POST", "/scim/v2/Bulk")) == "Okta is not known to send such requests."
