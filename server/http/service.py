"""The SCIM endpoints: from an HTTP request to the rules of Blink, and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

import orjson
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from server.blink.directory import (
    Directory,
    DirectoryUnavailable,
    Organization,
    Page,
    StoredUser,
)
from server.blink.representation import (
    user_json,
    user_location,
    user_name,
    user_resource,
    user_version,
)
from server.blink.users import Outcome, Users
from server.http.authentication import Authenticator
from server.http.bodies import parse_json, read_body
from server.http.commits import SharedCommit
from server.http.forwarding import base_url, client_address
from server.http.recording import CallNotes
from server.scim import discovery
from server.scim.errors import ScimError, shortened
from server.scim.lists import ListQuery, parse_query, parse_search
from server.scim.projection import Projection, projection_for
from server.scim.schemas import ResourceType

MEDIA_TYPE = b"application/scim+json"
BASE_PATHS = ("/scim/v2", "/scim")
"""The second is the one of Blink's own API."""

ABILITIES = discovery.Abilities()

Header: TypeAlias = tuple[bytes, bytes]


class Answer(NamedTuple):
    """What goes back to the client."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()


@dataclass(slots=True)
class Request:
    """A request of a known organization; ``base`` is the URL up to "/Users"."""

    method: str
    segments: Sequence[str]
    query: str
    content_type: str | None
    body: bytes
    base: str
    organization: Organization
    notes: CallNotes

    def parameters(self) -> dict[str, str]:
        """Return the query's parameters; of repeated ones the first counts."""
        if not self.query:
            return {}
        pairs = parse_qsl(self.query, keep_blank_values=True, errors="replace")
        return dict(reversed(pairs))

    def json(self) -> Any:
        """Return the body as a JSON value."""
        return parse_json(self.body, self.content_type)


Handler: TypeAlias = Callable[["ScimService", Request], Answer]


class ScimService:
    """An ASGI application that serves one base path.

    It expects ``scope["notes"]`` (``CallNotes``) from the recording around it.
    """

    def __init__(
        self,
        directory: Directory,
        users: Users,
        resource_types: Mapping[str, ResourceType],
        authenticator: Authenticator,
    ) -> None:
        self._directory = directory
        self._users = users
        self._types = resource_types
        self._user_type = resource_types["User"]
        self._authenticator = authenticator
        self._commit = SharedCommit(directory)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except ScimError as error:
            answer = error_answer(error)
        except DirectoryUnavailable as error:
            answer = error_answer(ScimError(503, str(error), headers={"Retry-After": "5"}))
        headers = [(b"content-length", str(len(answer.body)).encode()), *answer.headers]
        if answer.body:
            headers.insert(0, (b"content-type", MEDIA_TYPE))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        notes: CallNotes = scope["notes"]
        headers = _first_headers(scope["headers"])
        authorization = headers.get(b"authorization")
        token = self._authenticator.authenticate(
            authorization.decode("latin-1") if authorization is not None else None,
            client_address(scope),
        )
        notes.organization_id = token.organization.id
        notes.token_id = token.id
        notes.token_label = token.label

        root = scope.get("root_path", "")
        segments = [part for part in scope["path"][len(root) :].split("/") if part]
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        handler = _route(method, segments)
        body = await read_body(receive, scope["headers"]) if method in _WITH_BODY else b""
        content_type = headers.get(b"content-type")
        request = Request(
            method=method,
            segments=segments,
            query=scope["query_string"].decode("latin-1"),
            content_type=content_type.decode("latin-1") if content_type else None,
            body=body,
            base=base_url(scope) + root,
            organization=token.organization,
            notes=notes,
        )
        try:
            return handler(self, request)
        finally:
            if self._directory.uncommitted:
                await self._commit.done()

    # Users

    def list_users(self, request: Request) -> Answer:
        """``GET /Users``."""
        return self._listed(request, parse_query(self._user_type, request.parameters()))

    def search_users(self, request: Request) -> Answer:
        """``POST /Users/.search`` (RFC 7644 3.4.3)."""
        return self._listed(request, parse_search(self._user_type, request.json()))

    def search_all(self, request: Request) -> Answer:
        """``POST /.search`` and ``GET /?filter``: across the types, of which Users is the one."""
        if request.method == "GET":
            return self.list_users(request)
        return self.search_users(request)

    def create_user(self, request: Request) -> Answer:
        """``POST /Users``."""
        projection = self._projection(request)
        outcome = self._users.create(request.organization, request.json())
        return self._changed(request, 201, outcome, projection)

    def read_user(self, request: Request) -> Answer:
        """``GET /Users/{id}``."""
        projection = self._projection(request)
        user = self._users.read(request.organization, request.segments[1])
        return self._user(request, 200, user, projection)

    def replace_user(self, request: Request) -> Answer:
        """``PUT /Users/{id}``."""
        projection = self._projection(request)
        outcome = self._users.replace(request.organization, request.segments[1], request.json())
        return self._changed(request, 200, outcome, projection)

    def patch_user(self, request: Request) -> Answer:
        """``PATCH /Users/{id}``; answered with the body, which Okta reads."""
        projection = self._projection(request)
        outcome = self._users.patch(request.organization, request.segments[1], request.json())
        return self._changed(request, 200, outcome, projection)

    def delete_user(self, request: Request) -> Answer:
        """``DELETE /Users/{id}``."""
        user = self._users.delete(request.organization, request.segments[1])
        request.notes.subject = user_name(user)
        request.notes.resource_id = user.id
        return Answer(204)

    def _projection(self, request: Request) -> Projection | None:
        if not request.query:
            return None
        parameters = request.parameters()
        return projection_for(
            self._user_type, parameters.get("attributes"), parameters.get("excludedAttributes")
        )

    def _changed(
        self, request: Request, status: int, outcome: Outcome, projection: Projection | None
    ) -> Answer:
        request.notes.remarks.extend(outcome.remarks)
        return self._user(request, status, outcome.user, projection)

    def _user(
        self, request: Request, status: int, user: StoredUser, projection: Projection | None
    ) -> Answer:
        request.notes.subject = user_name(user)
        request.notes.resource_id = user.id
        headers: tuple[Header, ...] = ((b"etag", user_version(user).encode()),)
        if status == 201:
            headers += ((b"location", user_location(user, request.base).encode()),)
        return Answer(status, _user_body(user, request.base, projection), headers)

    def _listed(self, request: Request, query: ListQuery) -> Answer:
        page = self._users.page(request.organization, query)
        if len(page.users) == 1:
            request.notes.subject = user_name(page.users[0])
            request.notes.resource_id = page.users[0].id
        return Answer(200, _list_body(page, query, request.base))

    # Discovery

    def service_provider_config(self, request: Request) -> Answer:
        """``GET /ServiceProviderConfig`` (RFC 7643 5)."""
        return _json(discovery.service_provider_config(request.base, ABILITIES))

    def resource_types(self, request: Request) -> Answer:
        """``GET /ResourceTypes``."""
        _refuse_filter(request, "Resource types")
        return _json(discovery.resource_types(self._served(request), request.base))

    def resource_type(self, request: Request) -> Answer:
        """``GET /ResourceTypes/{name}``."""
        name = request.segments[1]
        found = discovery.resource_type(self._served(request), name, request.base)
        return _found(found, f"resource type {shortened(name)}", "/ResourceTypes")

    def schemas(self, request: Request) -> Answer:
        """``GET /Schemas``."""
        _refuse_filter(request, "Schemas")
        return _json(discovery.schemas(self._served(request), request.base))

    def schema(self, request: Request) -> Answer:
        """``GET /Schemas/{urn}``."""
        urn = request.segments[1]
        found = discovery.schema(self._served(request), urn, request.base)
        return _found(found, f"schema {shortened(urn)}", "/Schemas")

    def _served(self, request: Request) -> list[ResourceType]:
        return [
            resource_type
            for resource_type in self._types.values()
            if resource_type.name != "Group" or request.organization.group_push
        ]

    # What is not served

    def groups(self, request: Request) -> Answer:
        """Every request under ``/Groups``."""
        raise ScimError(
            403,
            "Blink does not support group push from Okta yet, so groups are switched off for "
            f"{request.organization.name}. Remove the group under Push Groups in Okta, or switch "
            "group push on for this organization in Blink SCIM Desk.",
        )

    def me(self, request: Request) -> Answer:
        """``/Me`` (RFC 7644 3.11)."""
        raise ScimError(
            501, "/Me is not offered: an API token stands for an organization, not for a user."
        )


def create_application(service: ScimService) -> ASGIApp:
    """Return the service under each of its base paths, and a SCIM error everywhere else."""
    return Router([Mount(path, app=service) for path in BASE_PATHS], default=_elsewhere)


async def _elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    error = ScimError(
        404,
        f"There is nothing at {shortened(scope['path'])}. The base URL for Okta ends in "
        f"{BASE_PATHS[0]}.",
    )
    answer = error_answer(error)
    headers = [(b"content-type", MEDIA_TYPE), (b"content-length", str(len(answer.body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def error_answer(error: ScimError) -> Answer:
    """Return a refusal as an answer."""
    headers = tuple((n.lower().encode(), v.encode("latin-1")) for n, v in error.headers.items())
    return Answer(error.status, orjson.dumps(error.body()), headers)


_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_COLLECTION: dict[str, Handler] = {
    "GET": ScimService.list_users,
    "POST": ScimService.create_user,
}
_USER: dict[str, Handler] = {
    "GET": ScimService.read_user,
    "PUT": ScimService.replace_user,
    "PATCH": ScimService.patch_user,
    "DELETE": ScimService.delete_user,
}
_SEARCH: dict[str, Handler] = {"POST": ScimService.search_users}
_ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")
_GROUPS: dict[str, Handler] = dict.fromkeys(_ANY_METHOD, ScimService.groups)
_ME: dict[str, Handler] = dict.fromkeys(_ANY_METHOD, ScimService.me)

_ENDPOINTS: dict[tuple[str, int], dict[str, Handler]] = {
    ("", 0): {"GET": ScimService.search_all},
    (".search", 1): {"POST": ScimService.search_all},
    ("users", 1): _COLLECTION,
    ("users", 2): _USER,
    ("groups", 1): _GROUPS,
    ("groups", 2): _GROUPS,
    ("me", 1): _ME,
    ("serviceproviderconfig", 1): {"GET": ScimService.service_provider_config},
    ("resourcetypes", 1): {"GET": ScimService.resource_types},
    ("resourcetypes", 2): {"GET": ScimService.resource_type},
    ("schemas", 1): {"GET": ScimService.schemas},
    ("schemas", 2): {"GET": ScimService.schema},
}
"""By the lower-cased first segment of the path, and the number of segments."""


def _route(method: str, segments: Sequence[str]) -> Handler:
    """Return the handler for a request.

    Raises:
        ScimError: 404 for an unknown endpoint, 405 with ``Allow`` for another method of a known
            one.
    """
    name = segments[0].lower() if segments else ""
    handlers = _ENDPOINTS.get((name, len(segments)))
    if len(segments) == 2 and segments[1] == ".search" and name == "users":
        handlers = _SEARCH
    if handlers is None:
        raise ScimError(
            404,
            f"There is no SCIM endpoint {shortened('/' + '/'.join(segments))}. "
            "Okta's requests go to /Users: check the base URL.",
        )
    handler = handlers.get(method)
    if handler is None:
        allowed = ", ".join(["OPTIONS", *(["HEAD"] if "GET" in handlers else []), *handlers])
        if method == "OPTIONS":
            return lambda service, request: Answer(204, headers=((b"allow", allowed.encode()),))
        raise ScimError(
            405,
            f"{shortened(method)} is not possible at {shortened('/' + '/'.join(segments))}: use {allowed}.",
            headers={"Allow": allowed},
        )
    return handler


def _first_headers(headers: Sequence[Header]) -> dict[bytes, bytes]:
    """Return headers by name; of repeated ones the first counts."""
    return dict(reversed(headers))


def _json(value: Any) -> Answer:
    return Answer(200, orjson.dumps(value))


def _refuse_filter(request: Request, what: str) -> None:
    """Refuse a search of discovery documents, as RFC 7644 4 wants it."""
    if "filter" in request.parameters():
        raise ScimError(403, f"{what} cannot be searched: leave out the filter parameter.")


def _found(document: dict[str, Any] | None, what: str, where: str) -> Answer:
    if document is None:
        raise ScimError(404, f"There is no {what} here. See {where} for what there is.")
    return _json(document)


def _user_body(user: StoredUser, base: str, projection: Projection | None) -> bytes:
    if projection is None:
        return user_json(user, base)
    return orjson.dumps(projection.apply(user_resource(user, base)))


def _list_body(page: Page, query: ListQuery, base: str) -> bytes:
    bodies = b",".join(_user_body(user, base, query.projection) for user in page.users)
    return (
        b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],'
        b'"totalResults":%d,"startIndex":%d,"itemsPerPage":%d,"Resources":[%b]}'
        % (page.total, query.start_index, len(page.users), bodies)
    )
