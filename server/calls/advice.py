"""What a person should know of a failed call, in a few paragraphs."""

from collections.abc import Sequence

from server.calls.call import Call
from server.calls.clients import from_okta
from server.calls.diagnosis import Severity, diagnose
from server.calls.okta_view import okta_view


def advice(call: Call, neighbours: Sequence[Call] = ()) -> tuple[str, ...]:
    """Return what Okta's admin sees, why it failed, and the cure; nothing for a success.

    ``neighbours`` are those of ``diagnose``.
    """
    if 0 < call.status < 400:
        return ()
    paragraphs = []
    view = okta_view(call)
    if view:
        who = "Okta's admin sees" if from_okta(call) else "Okta's admin would see"
        paragraphs.append(f"{who}: {view.message}")
    causes = [f for f in diagnose(call, neighbours) if f.severity is Severity.ERROR]
    return (*paragraphs, *(f"What to do: {cause.sentence} {cause.cure}" for cause in causes))
