"""What Blink would do with what Okta is about to send, without doing it.

The very code of the server runs (``Users``), on a directory that reads and does not write.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

import orjson

from server.blink.catalog import Catalog
from server.blink.directory import Directory, Organization, Page, StoredUser, UserKeys
from server.blink.identity import keys_of
from server.blink.representation import UserRepresentation
from server.blink.users import Users
from server.scim.cursors import Place, Stretch
from server.scim.errors import ScimError
from server.scim.filters.tree import Filter
from server.scim.remarks import Remark
from server.scim.schemas import BoundPath

Json: TypeAlias = dict[str, Any]

Outcome: TypeAlias = Literal["created", "linked", "updated", "unchanged", "refused"]


class Change(NamedTuple):
    """An attribute that changes: its path, and its values, None where it has none."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Blink would answer, and what it would hold then.

    ``status`` is that of HTTP; ``error`` is the body of a refusal, else empty. ``account_id`` is
    the user that is linked or updated. ``keys`` are what Blink keeps people apart by, folded and
    normalised as it does: "userName", "email", "mobile", "employeeNumber".
    """

    outcome: Outcome
    status: int
    error: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    account_id: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The sentence that Okta would show its admin; "" unless it is refused."""
        return str(self.error.get("detail", ""))

    @property
    def scim_type(self) -> str:
        """The ``scimType`` of a refusal, or ""."""
        return str(self.error.get("scimType", ""))

    @property
    def cause(self) -> str:
        """The detail without the values in it: the same for all who are refused for one reason."""
        return without_values(self.detail)

    @property
    def attribute(self) -> str:
        """The SCIM attribute that a refusal begins with, such as "locale", or ""."""
        found = _ATTRIBUTE.match(self.detail)
        return found[0] if found else ""

    @property
    def changes(self) -> list[Change]:
        """What differs from what Blink holds, attribute by attribute."""
        return list(_changes("", self.before, self.after))


class Judge:
    """Says what Blink would do for one organization; for the thread that makes it.

    The methods may raise ``DirectoryUnavailable``.
    """

    def __init__(
        self,
        directory: Directory,
        catalog: Catalog,
        representation: UserRepresentation,
        organization: Organization,
        base: str,
    ) -> None:
        """``base`` is the URL under which Okta sees the service."""
        self._directory = directory
        self._users = Users(_Unwritten(directory), catalog)
        self._representation = representation
        self._organization = organization
        self._base = base

    def look_up(self, user_name: str) -> Json | None:
        """Return the user whom Okta would find by its name before a create, as a GET shows it."""
        owner = self._directory.owner("user_name", user_name.casefold(), self._organization.id)
        if owner is None or not owner.provisioned:
            return None
        if owner.organization_id != self._organization.id:
            return None
        user = self._users.read(self._organization, owner.user_id)
        (body,) = self._representation.bodies(self._organization, [user], self._base, None)
        resource: Json = orjson.loads(body)
        return resource

    def create(self, body: Mapping[str, Any]) -> Verdict:
        """Say what a POST of this body would do."""
        try:
            plan = self._users.plan_creation(self._organization, body)
        except ScimError as error:
            return _refusal(error)
        linked = plan.linked
        return Verdict(
            outcome="linked" if linked else "created",
            status=201,
            remarks=tuple(plan.remarks),
            account_id=linked.id if linked else "",
            before=orjson.loads(linked.document) if linked else {},
            after=plan.document,
            keys=_named(plan.keys),
        )

    def update(self, user_id: str, body: Mapping[str, Any]) -> Verdict:
        """Say what a PUT of this body on a user would do."""
        try:
            before = self._users.read(self._organization, user_id)
            outcome = self._users.replace(self._organization, user_id, body)
        except ScimError as error:
            return _refusal(error)
        after = orjson.loads(outcome.user.document)
        return Verdict(
            outcome="updated" if outcome.user != before else "unchanged",
            status=200,
            remarks=tuple(outcome.remarks),
            account_id=user_id,
            before=orjson.loads(before.document),
            after=after,
            keys=_named(keys_of(after)),
        )


def without_values(text: str) -> str:
    """Return a sentence of the server with its quoted values and ids blanked out."""
    return _VALUE.sub(lambda found: found["path"] or "…", text)


_VALUE = re.compile(
    r'(?P<path>\[[^\]"]*"[^"]*"\])|"[^"]*"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b'
)
_ATTRIBUTE = re.compile(r"[A-Za-z$][\w$]*(?:\[[^\]]*\])?(?:\.[\w$]+)*(?=[ :])")

_KEY_NAMES = (
    ("userName", "user_name"),
    ("email", "work_email"),
    ("mobile", "mobile"),
    ("employeeNumber", "employee_number"),
)


def _named(keys: UserKeys) -> dict[str, str]:
    return {name: value for name, field_ in _KEY_NAMES if (value := getattr(keys, field_))}


def _refusal(error: ScimError) -> Verdict:
    return Verdict("refused", error.status, error.body())


def _changes(path: str, before: Any, after: Any, separator: str = "") -> Iterator[Change]:
    if before == after:
        return
    if not isinstance(before, dict | None) or not isinstance(after, dict | None):
        yield Change(path, before, after)
        return
    held, sent = before or {}, after or {}
    for name in dict.fromkeys([*held, *sent]):
        if path or name != "schemas":
            inner = ":" if name.lower().startswith("urn:") else "."
            yield from _changes(f"{path}{separator}{name}", held.get(name), sent.get(name), inner)


class _Unwritten:
    """A directory that reads, and answers a write with what would be there."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.user = directory.user
        self.owner = directory.owner
        self.account_to_link = directory.account_to_link

    def users(
        self,
        organization_id: int,
        condition: Filter | None,
        start: int,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Page:
        return self._directory.users(organization_id, condition, start, count, sort, descending)

    def users_beside(
        self,
        organization_id: int,
        condition: Filter | None,
        place: Place | None,
        count: int,
        sort: BoundPath | None = None,
        descending: bool = False,
    ) -> Stretch[StoredUser]:
        return self._directory.users_beside(
            organization_id, condition, place, count, sort, descending
        )

    def write(self) -> AbstractContextManager[None]:
        return nullcontext()

    def insert_user(
        self, organization_id: int, user_id: str, document: bytes, keys: UserKeys, now: str
    ) -> StoredUser:
        return StoredUser(user_id, document, now, now, 1, True)

    def replace_user(
        self, organization_id: int, user_id: str, document: bytes, keys: UserKeys, now: str
    ) -> StoredUser:
        return StoredUser(user_id, document, now, now, 0, True)

    def delete_user(self, organization_id: int, user_id: str) -> bool:
        return False

    @property
    def uncommitted(self) -> bool:
        return False

    def commit(self) -> None:
        """There is nothing to be committed."""
