"""Who receives what Okta sends, as a preview asks it; ``server.blink.judgement`` fits it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from server.okta.mapping.evaluation import AppUser
from server.okta.mapping.external_names import Json
from server.okta.mapping.payload import BodyLayout, create_body, update_body, wire_text


class Change(Protocol):
    """An attribute that changes; None stands for no value."""

    @property
    def path(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...


class Remark(Protocol):
    """What the receiver remarks on a body that it accepts."""

    @property
    def code(self) -> str: ...
    @property
    def text(self) -> str: ...


class Verdict(Protocol):
    """What the receiver would answer (``server.blink.judgement.Verdict``)."""

    @property
    def outcome(self) -> str:
        """ "created", "linked", "updated", "unchanged" or "refused"."""

    @property
    def status(self) -> int: ...
    @property
    def error(self) -> Mapping[str, Any]: ...
    @property
    def detail(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def attribute(self) -> str: ...
    @property
    def remarks(self) -> Sequence[Remark]: ...
    @property
    def account_id(self) -> str: ...
    @property
    def after(self) -> Mapping[str, Any]: ...
    @property
    def keys(self) -> Mapping[str, str]: ...
    @property
    def changes(self) -> Sequence[Change]: ...


class Receiver(Protocol):
    """A SCIM service that can be asked what it would do."""

    def look_up(self, user_name: str) -> Json | None:
        """Return the user of this name, as a GET shows it."""

    def create(self, body: Mapping[str, Any]) -> Verdict:
        """Say what a POST would do."""

    def update(self, user_id: str, body: Mapping[str, Any]) -> Verdict:
        """Say what a PUT would do."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What assigning the app to a person would send, and what would come of it.

    ``method`` is POST, or PUT when the look-up by userName found ``found`` (B4).
    """

    method: str
    body: Json
    verdict: Verdict
    found: Json | None = None


def assign(receiver: Receiver, layout: BodyLayout, app_user: AppUser, okta_id: str) -> Assignment:
    """Go the way of Okta: look the username up, then create, or update whom it found."""
    found = receiver.look_up(wire_text(app_user.user_name))
    if found is None:
        body = create_body(layout, app_user.values, okta_id)
        return Assignment("POST", body, receiver.create(body))
    body = update_body(layout, app_user.values, found, okta_id, active=True)
    return Assignment("PUT", body, receiver.update(str(found["id"]), body), found)
