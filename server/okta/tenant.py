"""Reading the people of a real Okta tenant over its API; nothing is ever written there."""

import contextlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

import httpx

from server.okta.people import (
    BASE_SCHEMA,
    AttributeType,
    Person,
    PersonGroup,
    ProfileAttribute,
    ProfileSchema,
    Reading,
    RefusedRow,
)
from server.okta.people.reading import Duplicates
from server.okta.people.users_json import group_objects, user_entries

PAGE: Final = 200
"""Users that Okta gives at most in one answer."""
LONGEST_WAIT: Final = 120.0
"""Seconds to wait for a rate limit; Okta counts by the minute."""
MOST_TRIES: Final = 6

Tell: TypeAlias = Callable[[str], None]
"""Is told what is being done, several times a second while waiting; gives up by raising."""


class TenantError(Exception):
    """The tenant cannot be read; the text is one sentence with the cure."""


def tenant_domain(text: str) -> str:
    """Return the domain that somebody means: "https://Acme.okta.com/" -> "acme.okta.com".

    Raises ``TenantError`` for anything that is not the domain of a tenant alone.
    """
    domain = text.strip().lower()
    if domain.startswith("http://"):
        raise TenantError("Okta is read over https only: give the domain, like acme.okta.com.")
    domain = domain.removeprefix("https://").rstrip("/")
    if not domain:
        raise TenantError("The domain of the tenant is missing: give it, like acme.okta.com.")
    host = domain.partition("/")[0]
    if "-admin." in host:
        raise TenantError(
            f"This is the address of the admin pages: give {host.replace('-admin.', '.', 1)}."
        )
    labels = host.split(".")
    is_name = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not is_name or len(host) > 253 or labels[-1].isdigit():
        raise TenantError("This is not the domain of a tenant: give it, like acme.okta.com.")
    if domain != host:
        raise TenantError(f"Only the domain is needed: give {host}.")
    return host


class Tenant:
    """A tenant, read with an API token of a read-only administrator.

    The token is kept in memory alone. Every method may raise ``TenantError``.
    """

    def __init__(self, domain: str, token: str, *, base_url: str | None = None) -> None:
        """``base_url`` is where the API is, ``https://{domain}`` unless a test says otherwise."""
        self.domain = tenant_domain(domain)
        token = token.strip().removeprefix("SSWS").strip()
        if not _TOKEN.fullmatch(token):
            raise TenantError(
                "This is not an API token: copy it from Security > API > Tokens, where Okta shows "
                "it once."
            )
        self._http = httpx.Client(
            base_url=base_url or f"https://{self.domain}",
            headers={"Authorization": f"SSWS {token}", "Accept": "application/json"},
            timeout=httpx.Timeout(30.0, connect=10.0),
        )

    def __repr__(self) -> str:
        return f"Tenant({self.domain!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def check(self, tell: Tell) -> None:
        """Read one user, to see that domain and token are right."""
        self._users(self._get("/api/v1/users", {"limit": 1}, tell))

    def schema(self, tell: Tell) -> ProfileSchema:
        """Return the schema of the default user type: the base attributes and the custom ones."""
        answer = self._get("/api/v1/meta/schemas/user/default", {}, tell)
        found = _object(answer)
        definitions = found.get("definitions") if isinstance(found, dict) else None
        custom = definitions.get("custom") if isinstance(definitions, dict) else None
        properties = custom.get("properties") if isinstance(custom, dict) else None
        if not isinstance(properties, dict):
            return BASE_SCHEMA
        return BASE_SCHEMA.extended(
            _attribute(name, described)
            for name, described in properties.items()
            if isinstance(described, dict)
        )

    def read(
        self,
        tell: Tell,
        *,
        search: str = "",
        with_deactivated: bool = False,
        with_groups: bool = False,
    ) -> Reading:
        """Return the people; they are fetched page by page as the entries are asked for.

        ``search`` is an expression of Okta's ("profile.department eq \\"Nurses\\""). Without one
        Okta leaves out who was deactivated, whom ``with_deactivated`` fetches behind the others.
        ``with_groups`` costs a request for each person. Attributes of other user types than the
        default one are left out.
        """
        searches = [search.strip()]
        if with_deactivated and not searches[0]:
            searches.append('status eq "DEPROVISIONED"')
        schema = self.schema(tell)
        return Reading(schema, self._entries(schema, searches, with_groups, tell), 0)

    def _entries(
        self, schema: ProfileSchema, searches: list[str], with_groups: bool, tell: Tell
    ) -> Iterator[Person | RefusedRow]:
        duplicates = Duplicates()
        number = 0
        for search in searches:
            for users in self._pages(search, tell):
                groups = self._groups(users, tell) if with_groups else {}
                yield from user_entries(
                    users, schema, duplicates, groups, number + 1, origin=self.domain
                )
                number += len(users)
                tell(f"{number} people read from {self.domain}")

    def _pages(self, search: str, tell: Tell) -> Iterator[list[Any]]:
        parameters: dict[str, str | int] = {"limit": PAGE}
        if search:
            parameters["search"] = search
        answer = self._get("/api/v1/users", parameters, tell)
        while True:
            yield self._users(answer)
            following = answer.links.get("next", {}).get("url")
            if not following:
                return
            answer = self._get(self._own(following), {}, tell)

    def _groups(self, users: list[Any], tell: Tell) -> dict[str, tuple[PersonGroup, ...]]:
        found = {}
        for user in users:
            user_id = user.get("id") if isinstance(user, dict) else None
            if isinstance(user_id, str) and _ID.fullmatch(user_id):
                answer = self._get(f"/api/v1/users/{user_id}/groups", {}, tell)
                found[user_id] = group_objects(_object(answer))
        return found

    def _own(self, url: str) -> str:
        """Return a URL that Okta gave if it is the tenant's own: the token goes nowhere else."""
        own = self._http.base_url
        try:
            other = httpx.URL(url)
        except httpx.InvalidURL:
            other = httpx.URL()
        if (other.scheme, other.host, other.port) != (own.scheme, own.host, own.port):
            raise TenantError(
                f"{self.domain} points to another address for the next page, so reading was "
                "stopped: check the domain."
            )
        return url

    def _users(self, answer: httpx.Response) -> list[Any]:
        found = _object(answer)
        if not isinstance(found, list):
            raise TenantError(f"{self.domain} does not answer as Okta does: check the domain.")
        return found

    def _get(self, url: str, parameters: Mapping[str, str | int], tell: Tell) -> httpx.Response:
        for attempt in range(1, MOST_TRIES + 1):
            tell(f"Reading from {self.domain}")
            try:
                answer = self._http.get(url, params=parameters or None)
            except httpx.HTTPError as error:
                raise TenantError(_unreached(self.domain, error)) from error
            if answer.status_code == 200:
                return answer
            if answer.status_code not in _PASSING or attempt == MOST_TRIES:
                break
            _wait(_seconds(answer, attempt), answer.status_code, tell)
        raise TenantError(_refusal(self.domain, answer))


def _wait(seconds: float, status: int, tell: Tell) -> None:
    reason = "Okta's rate limit is reached" if status == 429 else "Okta is busy"
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        tell(f"{reason}: {left:.0f} s to wait")
        time.sleep(min(left, 0.1))


def _seconds(answer: httpx.Response, attempt: int) -> float:
    """Return how long to wait before asking again, by Okta's own clock."""
    wait = float(min(2**attempt, 30))
    reset, after = (answer.headers.get(name, "") for name in ("X-Rate-Limit-Reset", "Retry-After"))
    if answer.status_code == 429 and reset.isdecimal():
        now = time.time()
        with contextlib.suppress(ValueError):
            now = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
        wait = float(reset) - now
    elif after.isdecimal():
        wait = float(after)
    return max(0.5, min(wait, LONGEST_WAIT))


def _attribute(name: str, described: dict[str, Any]) -> ProfileAttribute:
    title, shortest, longest = (described.get(key) for key in ("title", "minLength", "maxLength"))
    return ProfileAttribute(
        name,
        title if isinstance(title, str) and title else name,
        _type(described),
        described.get("required") is True,
        longest if isinstance(longest, int) else None,
        min_length=shortest if isinstance(shortest, int) else 0,
    )


def _type(described: dict[str, Any]) -> AttributeType:
    kind = described.get("type")
    if kind == "array":
        items = described.get("items")
        element = items.get("type") if isinstance(items, dict) else None
        return _ARRAYS.get(str(element), "string array")
    if kind == "string":
        return _FORMATS.get(str(described.get("format")), "string")
    return _SCALARS.get(str(kind), "string")


def _object(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _refusal(domain: str, answer: httpx.Response) -> str:
    found = _object(answer)
    summary = found.get("errorSummary") if isinstance(found, dict) else None
    said = f' ("{summary[:200]}")' if isinstance(summary, str) and summary else ""
    status = answer.status_code
    if 300 <= status < 400:
        return f"{domain} sends one elsewhere (status {status}): check the domain."
    told = _REFUSALS.get(status, "could not answer: try again later")
    return f"{domain} {told}; it said {status}{said}."


def _unreached(domain: str, error: httpx.HTTPError) -> str:
    causes = list(_causes(error))
    if isinstance(error, httpx.TimeoutException):
        return f"{domain} did not answer in time: check the network and try again."
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return (
            f"The certificate of {domain} was not accepted: check the domain, and whether a proxy "
            "of your network replaces certificates."
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"{domain} was not found: check the domain and the network."
    if isinstance(error, httpx.ProxyError):
        return f"The proxy of your network refused the way to {domain}: check its settings."
    return f"The connection to {domain} failed: check the network and try again."


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOKEN: Final = re.compile(r"[!-~]{10,300}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PASSING: Final = (429, 502, 503, 504)
_REFUSALS: Final = {
    400: "did not understand the question: check the search expression",
    401: "refused the token, because it is wrong, was revoked, or was not used for 30 days: "
    "make a new one under Security > API > Tokens",
    403: "does not let the owner of the token read users: take the token of somebody who is at "
    "least a read-only administrator",
    404: "is not a tenant of Okta, or has no such page: check the domain",
    429: "has reached its rate limit again and again: try again in some minutes",
}
_SCALARS: Final[Mapping[str, AttributeType]] = {
    "boolean": "boolean",
    "integer": "integer",
    "number": "number",
}
_ARRAYS: Final[Mapping[str, AttributeType]] = {
    "integer": "integer array",
    "number": "number array",
}
_FORMATS: Final[Mapping[str, AttributeType]] = {
    "country-code": "country code",
    "language-code": "language code",
}
"""The names of Okta's Schemas API."""
