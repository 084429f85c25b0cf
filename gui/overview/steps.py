"""The five steps of Blink's set-up guide, and which of them the traffic has shown. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from storage.calls import CallOverview
from storage.organizations import OrganizationSummary


class Action(NamedTuple):
    """What a step's button does: its words, and the page and target that it opens."""

    words: str
    page: str
    target: object = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step: whether it is done, what was seen or is to be done, and why it may be stuck.

    ``parts`` are the pieces of a step that is done piece by piece. ``seen_at`` is when it was last
    seen, in microseconds since the epoch. ``warning`` are words that stand beside a step that is
    done with a reservation. ``told`` says that the text stays when it is done.
    """

    title: str
    text: str
    done: bool
    seen_at: int | None = None
    parts: tuple[tuple[str, bool], ...] = ()
    trouble: str = ""
    action: Action | None = None
    warning: str = ""
    told: bool = False


class Preflight(NamedTuple):
    """The newest preflight: when it ran, in microseconds, and what came of it.

    ``holds`` says that neither mappings nor people changed since.
    """

    ran_at: int
    people: int
    refused: int
    holds: bool


_TO_APP = (
    ("Create Users", ("create",)),
    ("Update User Attributes", ("update",)),
    ("Deactivate Users", ("deactivate",)),
)
"""Okta's ticks under "To App", and the operations that show each of them."""


def steps(
    summary: OrganizationSummary,
    calls: CallOverview,
    refused_at: int | None,
    preflight: Preflight | None,
    *,
    serving: bool,
) -> list[Step]:
    """Return the steps of an organization.

    ``refused_at`` is when a call of any organization was last refused for its token.
    ``preflight`` is the newest one, if there was one.
    """
    seen = calls.operations
    to_app = tuple((words, any(code in seen for code in codes)) for words, codes in _TO_APP)
    tested_at = seen.get("connection-test")
    return [
        Step(
            "Generate a token",
            "Okta shows it with every call. Add the Blink app in Okta, then paste it there.",
            summary.tokens > 0,
            action=Action("Generate token", "tokens", "generate"),
        ),
        Step(
            "Test the connection from Okta",
            "Provisioning, Configure API Integration: tick Enable API Integration, paste the "
            "token, press Test API Credentials, save.",
            tested_at is not None,
            tested_at,
            trouble=_connection_trouble(calls, refused_at, serving=serving),
            action=Action("Open the live log", "live-log"),
        ),
        Step(
            "Switch on To App",
            "Provisioning, To App, Edit: tick all three, save. Each ticks here when Okta first "
            "uses it.",
            all(done for _words, done in to_app),
            parts=to_app,
        ),
        _mappings_step(preflight),
        Step(
            "Assign people",
            _people_words(summary),
            summary.active_users > 0,
            trouble=_people_trouble(summary),
            told=True,
        ),
    ]


def _mappings_step(preflight: Preflight | None) -> Step:
    title = "Check the attribute mappings"
    if preflight is None:
        return Step(
            title,
            "A preflight takes all people through the mappings and says whom Blink would refuse, "
            "before Okta sends anybody.",
            False,
            action=Action("Run preflight", "preflight", "run"),
        )
    people = "1 person" if preflight.people == 1 else f"{preflight.people:,} people"
    refused = f"{preflight.refused:,} would be refused" if preflight.refused else ""
    text = f"Preflight of {people}: {refused or 'nobody would be refused'}."
    return Step(
        title,
        text,
        preflight.holds,
        preflight.ran_at,
        trouble=""
        if preflight.holds
        else "The mappings or the people changed since the preflight: run it again.",
        action=Action("Run preflight again", "preflight", "run"),
        warning=refused,
        told=True,
    )


def _connection_trouble(calls: CallOverview, refused_at: int | None, *, serving: bool) -> str:
    if calls.last_at is not None:
        return ""
    if not serving:
        return "The server is stopped, so no call can arrive. Start it at the top of the window."
    if refused_at is not None:
        return (
            "Calls arrive, but their token is refused. In an app with Header Auth type the word "
            "Bearer, a blank, then the token; in all others the token alone."
        )
    return (
        "No call has ever arrived. Check the base URL in Okta: it ends in /scim/v2, and the tunnel "
        "or proxy in front of this computer must lead to the port above."
    )


def _people_words(summary: OrganizationSummary) -> str:
    if not summary.users:
        return "Assignments, Assign to People or Groups. Okta then creates each person in Blink."
    return f"{summary.users:,} provisioned, {summary.active_users:,} active."


def _people_trouble(summary: OrganizationSummary) -> str:
    if summary.users and not summary.active_users:
        return (
            "All people are disabled. Blink disables a user who arrives without “active”: switch "
            "“New users are active by default” on, or reassign them in Okta."
        )
    return ""
