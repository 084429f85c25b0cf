"""The pages of the window, declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.desk import Desk, Page


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page: its key, the word and the icon in the rail, and how it is made when first opened."""

    key: str
    title: str
    icon: str
    hint: str
    make: "Callable[[Desk], Page]"


# The pages are imported when they are made: they bring the stores with them, and the window is on
# the screen before those are loaded.


def _overview(desk: "Desk") -> "Page":
    from gui.overview.page import OverviewPage

    return OverviewPage(desk)


def _tokens(desk: "Desk") -> "Page":
    from gui.tokens.page import TokensPage

    return TokensPage(desk)


def _mappings(desk: "Desk") -> "Page":
    from gui.mappings.page import MappingsPage

    return MappingsPage(desk)


def _people(desk: "Desk") -> "Page":
    from gui.people.page import PeoplePage

    return PeoplePage(desk)


def _preflight(desk: "Desk") -> "Page":
    from gui.preflight.page import PreflightPage

    return PreflightPage(desk)


def _live_log(desk: "Desk") -> "Page":
    from gui.live_log.page import LiveLogPage

    return LiveLogPage(desk)


def _settings(desk: "Desk") -> "Page":
    from gui.preferences.page import SettingsPage

    return SettingsPage(desk)


PAGES = (
    PageSpec("overview", "Overview", "overview", "Is this customer ready?", _overview),
    PageSpec("tokens", "Tokens", "tokens", "Who may call: generate, rotate, revoke", _tokens),
    PageSpec("mappings", "Mappings", "mappings", "How Okta fills Blink's attributes", _mappings),
    PageSpec("people", "People", "users", "Whom Okta knows: samples, imports", _people),
    PageSpec("preflight", "Preflight", "preflight", "Whom would Blink refuse?", _preflight),
    PageSpec("live-log", "Live log", "live-log", "Every call as it arrives", _live_log),
    PageSpec("settings", "Settings", "settings", "Look, server, organizations, data", _settings),
)
"""In the order of the rail; the number of a page is its shortcut."""
