"""Everything about one call that the detail pane shows, prepared off the Qt thread."""

from collections.abc import Sequence
from typing import NamedTuple

from server.calls.advice import advice
from server.calls.call import Headers
from server.calls.changes import Changes, changes
from server.calls.clients import origin
from server.calls.operations import OPERATIONS
from storage.calls import CallStore, StoredCall


class CallDetails(NamedTuple):
    """A call, ready to be shown.

    ``doing`` is its operation as a title, ``client`` who sent it, ``help`` are paragraphs about a
    failure: what Okta's admin sees, and the cure; ``changes`` are what came of it.
    """

    stored: StoredCall
    doing: str
    client: str
    help: Sequence[str]
    changes: Changes


def read_details(calls: CallStore, call_id: int) -> CallDetails | None:
    """Read a call and prepare it; None when it is gone."""
    stored = calls.get(call_id)
    if stored is None:
        return None
    call = stored.call
    return CallDetails(
        stored=stored,
        doing=OPERATIONS.get(stored.operation, OPERATIONS["other"]),
        client=origin(call),
        help=advice(call),
        changes=changes(call),
    )


def header_lines(headers: Headers) -> str:
    """Return headers in their order and letter case, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in headers)
