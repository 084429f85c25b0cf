"""Rules about calls that mean something only beside others."""

from collections.abc import Iterable

from server.calls.call import Call
from server.calls.diagnosis.places import log_of
from server.calls.diagnosis.rule import Found, Rule, Severity, rule
from server.calls.diagnosis.scene import MINUTE, Other, Scene
from server.calls.reading import total_results

_TO_THE_POINT = 2 * MINUTE
"""How close together the calls of one Okta action are, with its repetitions."""

_AGAIN = 10 * MINUTE
"""Within how long equal requests are called duplicates."""

_REPEATED = 120 * MINUTE
"""Within how long equal failures belong together; Okta repeats some after half an hour."""

_NO_CREATE_AFTER = MINUTE // 2
"""How long Okta can take from a look-up to the create; in captures it is a quarter of a second."""


@rule(
    "stale-deactivation",
    "Deactivated right after being activated",
    Severity.WARNING,
    "When a user is reactivated and assigned again quickly, Okta can send an older update with "
    "active false behind the newer one. The person is active in Okta and disabled here, and "
    "nothing fails.",
)
def stale_deactivation(scene: Scene) -> Found | None:
    if scene.operation != "deactivate" or scene.failed:
        return None
    before = _last(
        other
        for other in scene.earlier
        if _succeeded(other)
        and (
            other.what.operation in ("create", "reactivate")
            or any(remark.code == "user-reactivated" for remark in other.call.remarks)
        )
    )
    if before is None or scene.call.at - before.call.at > _TO_THE_POINT:
        return None
    verb = "created" if before.what.operation == "create" else "activated"
    return Found(
        f"{scene.subject} was deactivated {_span(before, scene)} after being {verb}: perhaps an "
        "older update that came late.",
        "See whether the person is active and assigned in Okta; if so, remove the assignment and "
        "assign again.",
        log_of("user", scene.subject),
    )


@rule(
    "returner",
    "A leaver came back",
    Severity.NOTE,
    "The user was disabled and is active again, with the same account and id: what should happen "
    "when somebody returns.",
)
def returner(scene: Scene) -> Found | None:
    if "user-reactivated" not in scene.remarks:
        return None
    return Found(
        f"{scene.subject} was disabled, and is active again with the same account.",
        "Nothing to do.",
        log_of("user", scene.subject),
    )


@rule(
    "returner-refused",
    "A leaver who comes back is created anew",
    Severity.WARNING,
    "The person has a disabled account here, and Okta tries to create another one instead of "
    "reactivating it. Okta has lost the link (the External ID), mostly because the app was removed "
    "and added again, and its look-up did not find the account, or it did not look.",
)
def returner_refused(scene: Scene) -> Found | None:
    if scene.operation != "create" or scene.call.status != 409:
        return None
    states = [
        other
        for other in scene.earlier
        if _succeeded(other) and other.what.operation in ("create", "deactivate", "reactivate")
    ]
    if not states or states[-1].what.operation != "deactivate":
        return None
    return Found(
        f"{scene.subject} was deactivated {_span(states[-1], scene)} before, and is still here "
        "as a disabled user.",
        "Let Okta look the user up (assign the app to the person once more), so that it links and "
        "reactivates the account; the userName has to be the one from before.",
        log_of("user", scene.subject),
    )


@rule(
    "look-up-then-conflict",
    "Found nobody, yet refused as a duplicate",
    Severity.WARNING,
    "Okta looked for the userName, found nobody and created the user, and another value collided: "
    "the same person is here under another userName, after a change of name or of the username "
    "format, or two people share an email address or a mobile number.",
)
def look_up_then_conflict(scene: Scene) -> Found | None:
    look_up, create = _look_up_and_create(scene)
    if look_up is None or create is None or create.status != 409:
        return None
    return Found(
        f"Okta looked for {scene.subject} and found nobody, but its create was refused as a "
        "duplicate.",
        "Find who holds the value that collides. If it is the same person, give that account the "
        "userName that Okta uses now, so that the look-up finds it.",
        log_of("text", scene.subject),
    )


@rule(
    "look-up-without-create",
    "Looked up, but never created",
    Severity.WARNING,
    "Okta looked the user up, found nobody, and created nobody. Create Users is not ticked in "
    'Okta, whose task then fails with "Matching user not found", or the person was assigned before '
    "provisioning was switched on and waits for Provision User.",
)
def look_up_without_create(scene: Scene) -> Found | None:
    if scene.operation != "look-up" or scene.client != "Okta" or total_results(scene.call) != 0:
        return None
    if not any(other.call.at - scene.call.at > _NO_CREATE_AFTER for other in scene.later):
        return None
    if any(other.what.operation == "create" for other in scene.later):
        return None
    return Found(
        f"Okta looked for {scene.subject} and found nobody, but did not create the user.",
        "Tick Create Users in Okta (Provisioning > To App), then press Provision User under "
        "Assignments.",
        log_of("user", scene.subject),
    )


@rule(
    "repeated-failure",
    "The same failure again",
    Severity.WARNING,
    "Okta repeats some failed tasks by itself, and people press Retry. As long as the cause is "
    "there, each attempt ends in the same way.",
)
def repeated_failure(scene: Scene) -> Found | None:
    if not scene.failed or scene.call.token_id is None:
        return None
    same = [
        other
        for other in scene.earlier
        if other.call.status == scene.call.status
        and other.what == scene.what
        and scene.call.at - other.call.at <= _REPEATED
    ]
    if not same:
        return None
    return Found(
        f"This failed in the same way {_times(len(same))} before, first {_span(same[0], scene)} "
        "earlier.",
        "Trying again will not help: cure the cause first.",
        log_of("user", scene.subject),
    )


@rule(
    "duplicate",
    "The same request again",
    Severity.NOTE,
    "A request with the same address and body came a little earlier. Okta sends a create again "
    "when the answer to the first did not reach it in time, and updates when a task is retried.",
)
def duplicate(scene: Scene) -> Found | None:
    call = scene.call
    if call.method not in ("POST", "PUT", "PATCH") or not call.request_body:
        return None
    same = [
        other
        for other in scene.earlier
        if call.at - other.call.at <= _AGAIN
        and (other.call.method, other.call.path, other.call.query)
        == (call.method, call.path, call.query)
        and other.call.request_body == call.request_body
        and (_succeeded(other) or other.call.status == 0)
    ]
    if not same:
        return None
    first = "got no answer" if same[-1].call.status == 0 else "succeeded"
    return Found(
        f"The same request came {_span(same[-1], scene)} before and {first}.",
        "Nothing to do, unless it happens often: then look at the time that answers take.",
        log_of("user", scene.subject),
    )


SEQUENCE_RULES: tuple[Rule, ...] = (
    stale_deactivation,
    returner_refused,
    look_up_then_conflict,
    look_up_without_create,
    repeated_failure,
    returner,
    duplicate,
)


def _look_up_and_create(scene: Scene) -> tuple[Call | None, Call | None]:
    """Return the look-up that found nobody and the create after it, one of which is the call."""
    if scene.operation == "look-up" and total_results(scene.call) == 0:
        after = (o.call for o in scene.later if o.what.operation == "create")
        return scene.call, next((c for c in after if c.at - scene.call.at <= MINUTE), None)
    if scene.operation != "create":
        return None, None
    look_up = _last(
        other
        for other in scene.earlier
        if other.what.operation == "look-up"
        or (other.what.operation == "create" and _succeeded(other))
    )
    if look_up is None or total_results(look_up.call) != 0:
        return None, None
    return (look_up.call if scene.call.at - look_up.call.at <= MINUTE else None), scene.call


def _succeeded(other: Other) -> bool:
    return 0 < other.call.status < 400


def _last(others: Iterable[Other]) -> Other | None:
    return max(others, key=lambda other: other.call.at, default=None)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _span(other: Other, scene: Scene) -> str:
    """Return how long before the call another one came, in words."""
    seconds = (scene.call.at - other.call.at) / 1_000_000
    if seconds < 1:
        return "a moment"
    if seconds < 10:
        return f"{seconds:.1f} seconds"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"
