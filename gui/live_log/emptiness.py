"""What stands in the place of the list while it has no rows."""

from collections.abc import Callable

from gui.theme import Theme
from gui.widgets.buttons import push_button
from gui.widgets.empty_state import EmptyState
from server.calls.filters import print_filter
from storage.call_search import Selection


def nothing_yet(theme: Theme, copy_address: Callable[[], None]) -> EmptyState:
    """Return what a log without calls says."""
    return EmptyState(
        theme,
        "live-log",
        "No call has arrived yet",
        "Paste the SCIM address and a token into Okta and press Test API Credentials. The call "
        "appears here at once.",
        push_button(theme, "Copy the SCIM address", "copy", "primary", copy_address),
    )


def no_match(theme: Theme, clear: Callable[[], None]) -> EmptyState:
    """Return what a filter without a match says, once it was given its words."""
    button = push_button(theme, "Clear filter", "close", clicked=clear)
    return EmptyState(theme, "filter", "", "", button)


def no_match_words(selection: Selection) -> str:
    """Say what nothing was found for."""
    parts = []
    if selection.filter is not None:
        parts.append(f"No call matches {print_filter(selection.filter)}")
    if selection.organization_id is not None:
        parts.append("in this organization" if parts else "No call of this organization yet")
    return ", ".join(parts) + "."
