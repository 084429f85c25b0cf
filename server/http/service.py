"""The SCIM service: who calls, what is asked, and the answer once it is on disk."""

from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from server.blink.directory import Directory, DirectoryUnavailable
from server.http.authentication import Authenticator
from server.http.bodies import read_body
from server.http.commits import SharedCommit
from server.http.forwarding import base_url, client_address
from server.http.housekeeping import Housekeeping
from server.http.messages import MEDIA_TYPE, Answer, AnyHandler, Request, error_answer
from server.http.recording import CallNotes
from server.http.routes import RouteTable, check_switch, segments_of
from server.scim.errors import ScimError, shortened
from server.scim.preconditions import ANY_VERSION, Preconditions

BASE_PATHS = ("/scim/v2", "/scim")
"""The second is the one of Blink's own API."""

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class ScimService:
    """An ASGI application that serves the routes below the base path it is mounted at.

    It expects ``scope["notes"]`` (``CallNotes``) from the recording around it.
    """

    def __init__(
        self,
        directory: Directory,
        commit: SharedCommit,
        routes: RouteTable[AnyHandler],
        authenticator: Authenticator,
        housekeeping: Housekeeping,
    ) -> None:
        self._directory = directory
        self._commit = commit
        self._routes = routes
        self._authenticator = authenticator
        self._housekeeping = housekeeping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except ScimError as error:
            answer = error_answer(error)
        except DirectoryUnavailable as error:
            answer = error_answer(ScimError(503, str(error), headers={"Retry-After": "5"}))
        await _send(answer, scope, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        # Of the base path alone, without a slash, Starlette makes no mount.
        root = scope.get("root_path") or scope["path"]
        notes: CallNotes = scope["notes"]
        headers = dict(reversed(scope["headers"]))
        authorization = headers.get(b"authorization")
        token = self._authenticator.authenticate(
            authorization.decode("latin-1") if authorization is not None else None,
            client_address(scope),
        )
        notes.organization_id = token.organization.id
        notes.token_id = token.id
        notes.token_label = token.label
        expiry = self._authenticator.expiry_notice(token)
        if expiry:
            notes.remarks.append(("token-expires-soon", expiry))

        segments = segments_of(scope["path"][len(root) :])
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        check_switch(segments, token.organization)
        if method == "OPTIONS":
            return self._routes.options(segments)
        handler = self._routes.handler(method, segments)
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
            preconditions=_preconditions(headers),
            notes=notes,
        )
        try:
            answer = handler(request)
            return answer if isinstance(answer, Answer) else await answer
        finally:
            if self._directory.uncommitted:
                await self._commit.done()
                self._housekeeping.look()


def create_application(service: ScimService) -> ASGIApp:
    """Return the service at each of its base paths, and a SCIM error everywhere else."""
    routes = [
        route for base in BASE_PATHS for route in (Mount(base, service), Route(base, service))
    ]
    return Router(routes, redirect_slashes=False, default=_elsewhere)


async def _elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    error = ScimError(
        404,
        f"There is nothing at {shortened(scope['path'])}. The base URL for Okta ends in "
        f"{BASE_PATHS[0]}.",
    )
    await _send(error_answer(error), scope, send)


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    headers = list(answer.headers)
    if answer.status not in (204, 304):
        headers.append((b"content-length", str(len(answer.body)).encode()))
    if answer.body:
        headers.append((b"content-type", MEDIA_TYPE))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body})


def _preconditions(headers: dict[bytes, bytes]) -> Preconditions:
    if_match, if_none_match = headers.get(b"if-match"), headers.get(b"if-none-match")
    if if_match is None and if_none_match is None:
        return ANY_VERSION
    return Preconditions(
        if_match.decode("latin-1") if if_match is not None else None,
        if_none_match.decode("latin-1") if if_none_match is not None else None,
    )
