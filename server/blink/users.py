"""The users of Blink organizations: what a SCIM request does to them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from server.blink.catalog import Catalog
from server.blink.directory import (
    Directory,
    KeyOwner,
    Organization,
    Page,
    StoredUser,
    UserKeys,
)
from server.blink.identity import ENTERPRISE_SCHEMA, keys_of, mobile_number, work_email
from server.blink.rules import apply_default, apply_rules
from server.scim.cursors import Place, Stretch
from server.scim.errors import ScimError, shortened
from server.scim.lists import ListQuery
from server.scim.patch import apply_patch
from server.scim.preconditions import ANY_VERSION, Preconditions
from server.scim.remarks import Remark
from server.scim.times import timestamp
from server.scim.validation import read_resource


class Outcome(NamedTuple):
    """A user after a request, what there is to remark on, and the document before it."""

    user: StoredUser
    remarks: list[Remark]
    before: bytes = b""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a request would write; ``linked`` is the existing account that it takes over."""

    document: dict[str, Any]
    keys: UserKeys
    remarks: list[Remark]
    linked: StoredUser | None = None


class Users:
    """Creates, reads and changes users under the rules of SCIM and of Blink.

    Every method raises ``ScimError`` for what a client must be told. Changes are on disk once the
    directory's ``commit`` has returned.
    """

    def __init__(
        self,
        directory: Directory,
        catalog: Catalog,
        now: Callable[[], str] = timestamp,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._directory = directory
        self._catalog = catalog
        self._now = now
        self._new_id = new_id

    def read(self, organization: Organization, user_id: str) -> StoredUser:
        """Return a user, deactivated ones too: Okta takes a 404 for a lost account."""
        user = self._directory.user(organization.id, user_id)
        if user is None:
            raise ScimError(
                404,
                f"There is no user with the id {shortened(user_id)} in {organization.name}. It was "
                "deleted, or belongs to another organization: check which token Okta uses.",
            )
        return user

    def page(self, organization: Organization, query: ListQuery) -> Page:
        """Return a page of the users that match a query."""
        return self._directory.users(
            organization.id,
            query.filter,
            query.start_index,
            query.count,
            query.sort,
            query.descending,
        )

    def stretch(
        self, organization: Organization, query: ListQuery, place: Place | None
    ) -> Stretch[StoredUser]:
        """Return the users that match a query beside a place, or the first ones."""
        return self._directory.users_beside(
            organization.id, query.filter, place, query.count, query.sort, query.descending
        )

    def create(self, organization: Organization, body: Any) -> Outcome:
        """Create a user, or link it to an account that Blink already had (``plan_creation``)."""
        plan = self.plan_creation(organization, body)
        document = serialised(plan.document)
        with self._directory.write():
            if plan.linked:
                user = self._directory.replace_user(
                    organization.id, plan.linked.id, document, plan.keys, self._now()
                )
            else:
                user = self._directory.insert_user(
                    organization.id, self._new_id(), document, plan.keys, self._now()
                )
        return Outcome(user, plan.remarks, plan.linked.document if plan.linked else b"")

    def plan_creation(self, organization: Organization, body: Any) -> Plan:
        """Say what a POST would do, without writing.

        An account that no identity provider manages yet is linked when its work email, else its
        employee number, is the same: it keeps its id and the attributes that are not sent
        (Blink's help page for Azure AD; Okta expects 201 all the same).
        """
        document, remarks = read_resource(self._catalog.types(organization)["User"], body)
        employee_number = (document.get(ENTERPRISE_SCHEMA) or {}).get("employeeNumber")
        email = work_email(document)
        account = self._directory.account_to_link(
            organization.id,
            email.casefold() if email else None,
            employee_number.casefold() if employee_number else None,
        )
        before: dict[str, Any] = {}
        if account:
            before = orjson.loads(account.document)
            matched = _matched_by(before, email)
            remarks.append(
                Remark("account-linked", f"Linked to an account that Blink already had: {matched}.")
            )
            if "active" not in document:
                before.pop("active", None)
            document = _overlaid(before, document)
        remarks += apply_default(document, organization)
        remarks += apply_rules(document, {}, self._catalog.custom_attributes(organization))
        keys = keys_of(document)
        self._check_unique(organization, document, keys, account.id if account else None, None)
        return Plan(document, keys, remarks, account)

    def replace(
        self,
        organization: Organization,
        user_id: str,
        body: Any,
        expected: Preconditions = ANY_VERSION,
    ) -> Outcome:
        """Replace a user by what a PUT sends; the body may be the echo of a GET, as Okta's is."""
        user = self._expected(organization, user_id, expected)
        before = orjson.loads(user.document)
        document, remarks = read_resource(self._catalog.types(organization)["User"], body, before)
        remarks += apply_default(document, organization)
        return self._change(organization, user, before, document, remarks)

    def patch(
        self,
        organization: Organization,
        user_id: str,
        body: Any,
        expected: Preconditions = ANY_VERSION,
    ) -> Outcome:
        """Apply a PATCH to a user."""
        user = self._expected(organization, user_id, expected)
        before = orjson.loads(user.document)
        patched = apply_patch(self._catalog.types(organization)["User"], before, body)
        return self._change(organization, user, before, patched.document, patched.remarks)

    def delete(
        self, organization: Organization, user_id: str, expected: Preconditions = ANY_VERSION
    ) -> StoredUser:
        """Delete a user and return what it was."""
        user = self._expected(organization, user_id, expected)
        with self._directory.write():
            self._directory.delete_user(organization.id, user_id)
        return user

    def _expected(
        self, organization: Organization, user_id: str, expected: Preconditions
    ) -> StoredUser:
        user = self.read(organization, user_id)
        expected.check(user.version)
        return user

    def _change(
        self,
        organization: Organization,
        user: StoredUser,
        before: dict[str, Any],
        document: dict[str, Any],
        remarks: list[Remark],
    ) -> Outcome:
        remarks += apply_rules(document, before, self._catalog.custom_attributes(organization))
        if before.get("active") != document.get("active"):
            remarks.append(_REACTIVATED if document.get("active") else _DEACTIVATED)
        if document == before:
            return Outcome(user, remarks, user.document)
        keys = keys_of(document)
        self._check_unique(organization, document, keys, user.id, keys_of(before))
        with self._directory.write():
            changed = self._directory.replace_user(
                organization.id, user.id, serialised(document), keys, self._now()
            )
        return Outcome(changed, remarks, user.document)

    def _check_unique(
        self,
        organization: Organization,
        document: dict[str, Any],
        keys: UserKeys,
        own_id: str | None,
        before: UserKeys | None,
    ) -> None:
        """Refuse a userName, work email or mobile that somebody else has.

        Blink keeps them apart across its organizations: one person, one account.
        """
        for key, attribute, value_of in _UNIQUE:
            value: str | None = getattr(keys, key)
            if value is None or (before is not None and value == getattr(before, key)):
                continue
            owner = self._directory.owner(key, value, organization.id)
            if owner is not None and owner.user_id != own_id:
                raise _taken(attribute, value_of(document), owner, organization)


_REACTIVATED = Remark("user-reactivated", "The user was disabled, and is active again.")
_DEACTIVATED = Remark("user-deactivated", "The user was active, and is disabled now.")

_UNIQUE: tuple[tuple[str, str, Callable[[dict[str, Any]], str | None]], ...] = (
    ("user_name", "userName", lambda document: document.get("userName")),
    ("work_email", 'emails[type eq "work"].value', work_email),
    ("mobile", 'phoneNumbers[type eq "mobile"].value', mobile_number),
)


def serialised(document: dict[str, Any]) -> bytes:
    """Return a document as it is stored: ``schemas`` and ``userName`` come first."""
    first = {"schemas": document["schemas"], "userName": document.get("userName")}
    return orjson.dumps(first | document)


def _matched_by(account: dict[str, Any], email: str | None) -> str:
    known = work_email(account)
    if email and known and email.casefold() == known.casefold():
        return f"the work email {shortened(email)} is the same"
    return "the employeeNumber is the same"


def _overlaid(account: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return an account's document with everything that was sent laid over it."""
    merged = account | document
    merged["schemas"] = list(dict.fromkeys(document["schemas"] + account.get("schemas", [])))
    for name, value in document.items():
        if isinstance(value, dict) and isinstance(account.get(name), dict):
            merged[name] = account[name] | value
    return merged


def _taken(
    attribute: str, value: str | None, owner: KeyOwner, organization: Organization
) -> ScimError:
    if owner.organization_id != organization.id:
        who = "belongs to a user of another Blink organization"
        cure = "Blink needs it to be unique everywhere: use another one for this user."
    elif owner.provisioned:
        who = f"is already used by the user with the id {owner.user_id}"
        cure = "Give one of the two another value in Okta, or assign the existing user instead."
    else:
        who = "is already used by an account that Blink had before"
        cure = "Give that account the same work email or employee number, so that it is linked."
    return ScimError(409, f"{attribute} {shortened(value)} {who}. {cure}", "uniqueness")
