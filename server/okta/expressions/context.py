"""What an expression is evaluated against: one person and what Okta knows around that person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, TypeAlias

from server.okta.expressions.values import Value

Profile: TypeAlias = Mapping[str, Any]
LazyProfile: TypeAlias = Profile | Callable[[], Profile | None] | None
"""A profile, a function that finds it when it is asked for, or None for nobody."""

OBJECTS = ("appuser", "idpuser", "app", "org", "session", "access", "manager", "assistant")
OBJECTS_BY_NAME = ("apps", "app_settings", "manager_app", "assistant_app", "linked")
LISTS = ("groups", "directory_users", "workday_users")


@dataclass(slots=True)
class Context:
    """One person as an expression sees it; the names are those of spec section 12.

    Attributes:
        profile: The Okta profile (``user`` and ``source``).
        groups: The person's groups, each with "id", "name", "type" and, where known, "source_id",
            "description", "status", "objectClass" and "profile".
        manager, assistant: Okta profiles; may be a function without arguments that finds them.
        manager_app, assistant_app: Their app users by the app's name.
        linked: Okta profiles by the link's primary name, or a function from that name.
        directory_users, workday_users: The person's app users of Active Directory and Workday.
        appuser, idpuser, app, org, session, access: What these names mean; None: nothing here.
        apps: The person's app users by the instance's variable name.
        app_settings: Settings of app instances by ``<name>_app``.
        internal: "id" and "status" of the Okta user.
        now: The time for ``Time.now``, with its zone; None is the real time.
        usage: "mapping", "claims" or "saml".
        group, element, deadline: Set while evaluating: ``group`` inside ``getFilteredGroups``, the
            element inside a projection, and when to give up (``time.monotonic``).
    """

    profile: Profile = field(default_factory=dict)
    groups: Sequence[Profile] = ()
    manager: LazyProfile = None
    assistant: LazyProfile = None
    manager_app: Mapping[str, Profile] = field(default_factory=dict)
    assistant_app: Mapping[str, Profile] = field(default_factory=dict)
    linked: Mapping[str, Profile] | Callable[[str], Profile | None] = field(default_factory=dict)
    directory_users: Sequence[Profile] = ()
    workday_users: Sequence[Profile] = ()
    appuser: Profile | None = None
    idpuser: Profile | None = None
    app: Profile | None = None
    apps: Mapping[str, Profile] = field(default_factory=dict)
    app_settings: Mapping[str, Profile] = field(default_factory=dict)
    org: Profile | None = None
    session: Profile | None = None
    access: Profile | None = None
    internal: Mapping[str, Value] = field(default_factory=dict)
    now: datetime | None = None
    usage: str = "mapping"
    group: Profile | None = None
    element: Any = None
    deadline: float = float("inf")

    @classmethod
    def from_json(cls, profile: dict[str, Any], context: dict[str, Any]) -> Self:
        """Return the context of the two JSON objects of a vector (spec section 12).

        Raises:
            ValueError: A key is unknown or a value has another shape; the text says which.
        """
        unknown = context.keys() - {*OBJECTS, *OBJECTS_BY_NAME, *LISTS, "internal", "now", "usage"}
        if unknown:
            raise ValueError(f'The context has an unknown key: "{min(unknown)}".')
        for name in (*OBJECTS, "internal"):
            if not isinstance(context.get(name, {}), dict | None):
                raise ValueError(f'"{name}" in the context is no JSON object.')
        for name in OBJECTS_BY_NAME:
            found = context.get(name, {})
            if not isinstance(found, dict) or not all(
                isinstance(each, dict | None) for each in found.values()
            ):
                raise ValueError(f'"{name}" in the context is no JSON object of JSON objects.')
        for name in LISTS:
            found = context.get(name, [])
            if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
                raise ValueError(f'"{name}" in the context is no list of JSON objects.')
        known = {name: value for name, value in context.items() if value is not None}
        if "now" in known:
            known["now"] = moment(known["now"])
        return cls(profile, **known)


def moment(text: Any) -> datetime:
    """Return the time of an ISO text; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f'"now" in the context is no ISO time: {text!r}.') from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
