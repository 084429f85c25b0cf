"""A person as Okta knows them: profile, status, groups, and who is tied to them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

ProfileValue: TypeAlias = str | bool | int | float | list[str] | list[int] | list[float]
"""A value that is set; null is a value that is absent."""

STATUSES: Final = (
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "RECOVERY",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "SUSPENDED",
    "DEPROVISIONED",
)
"""The states of an Okta user, as its Users API writes them."""

GroupType: TypeAlias = Literal["OKTA_GROUP", "BUILT_IN", "APP_GROUP"]


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """A group that a person is in; ``source_id`` is the app instance of an ``APP_GROUP``."""

    id: str
    name: str
    type: GroupType = "OKTA_GROUP"
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An Okta user.

    ``profile`` holds what is set: "" stands for a value that was cleared, a name that is absent
    for one that was never set. ``linked`` maps the primary name of a linked object ("manager") to
    the id of a person. ``apps`` maps the name of an app instance to the profile of this person's
    app user there. ``note`` says what is awkward about a sample, ``origin`` where a person came
    from ("CSV file"); it is no part of what Okta knows.
    """

    id: str
    profile: Mapping[str, ProfileValue]
    status: str = "ACTIVE"
    groups: tuple[PersonGroup, ...] = ()
    manager_id: str | None = None
    assistant_id: str | None = None
    linked: Mapping[str, str] = field(default_factory=dict)
    apps: Mapping[str, Mapping[str, ProfileValue]] = field(default_factory=dict)
    note: str = ""
    origin: str = field(default="", compare=False)

    @property
    def login(self) -> str:
        """The Okta username, "" when there is none."""
        return str(self.profile.get("login", ""))

    @property
    def name(self) -> str:
        """What a list calls this person: first and last name, else the display name or login."""
        names = (str(self.profile.get(part, "")).strip() for part in ("firstName", "lastName"))
        full = " ".join(part for part in names if part)
        return full or str(self.profile.get("displayName", "")).strip() or self.login


def made_id(login: str) -> str:
    """Return an id in Okta's form for somebody whose id is not known.

    It follows from the login, so that importing a file again finds the same people.
    """
    digest = int.from_bytes(hashlib.sha256(login.strip().casefold().encode()).digest())
    letters = []
    for _ in range(17):
        digest, place = divmod(digest, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "00u" + "".join(letters)


_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
