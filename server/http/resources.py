"""The endpoints of a resource type: its list, its searches, and single resources."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from server.blink.directory import Organization
from server.http.messages import Answer, Header, Request
from server.scim.cursors import Cursors, Place, Stretch
from server.scim.lists import ListQuery, parse_query, parse_search
from server.scim.preconditions import Preconditions, entity_tag
from server.scim.projection import Projection, projection_for
from server.scim.remarks import Remark
from server.scim.schemas import ResourceType

Types: TypeAlias = Callable[[Organization], Mapping[str, ResourceType]]
"""Gives the resource types of an organization, by name."""

Bodies: TypeAlias = list[bytes]


class Stored(Protocol):
    """What every stored resource has."""

    @property
    def id(self) -> str:
        """The SCIM id."""

    @property
    def document(self) -> bytes:
        """The canonical JSON."""

    @property
    def version(self) -> int:
        """Counts the changes, from 1."""


S = TypeVar("S", bound=Stored)
S_contra = TypeVar("S_contra", bound=Stored, contravariant=True)


class Rules(Protocol[S]):
    """What ``server.blink`` lets happen to the resources of a type; each may refuse.

    A change returns the resource, remarks, and the document as it was before (b"" for none).
    """

    def page(self, organization: Organization, query: ListQuery) -> tuple[int, list[S]]:
        """Return how many match, and those of the page."""

    def stretch(
        self, organization: Organization, query: ListQuery, place: Place | None
    ) -> Stretch[S]:
        """Return those that match beside a place, or the first ones."""

    def read(self, organization: Organization, resource_id: str) -> S:
        """Return a resource."""

    def create(self, organization: Organization, body: Any) -> tuple[S, list[Remark], bytes]:
        """Create a resource."""

    def replace(
        self, organization: Organization, resource_id: str, body: Any, expected: Preconditions
    ) -> tuple[S, list[Remark], bytes]:
        """Replace a resource."""

    def patch(
        self, organization: Organization, resource_id: str, body: Any, expected: Preconditions
    ) -> tuple[S, list[Remark], bytes]:
        """Apply a PATCH."""

    def delete(self, organization: Organization, resource_id: str, expected: Preconditions) -> S:
        """Delete a resource and return what it was."""


class Representation(Protocol[S_contra]):
    """How stored resources of a type look to a client."""

    def bodies(
        self,
        organization: Organization,
        resources: Sequence[S_contra],
        base: str,
        projection: Projection | None,
    ) -> list[bytes]:
        """Return the JSON of resources, which are all of the organization."""

    def changes_unseen(self, organization: Organization) -> bool:
        """Say whether resources can look different and have the same version."""

    def name(self, resource: S_contra) -> str:
        """Return what a person calls a resource: its userName or displayName."""


class ResourceEndpoint(Generic[S]):
    """Answers the requests under "/Users" or "/Groups".

    A PATCH is answered with the resource, as Okta expects, or where that is large
    (``answers_patch`` is False) with 204 unless the client says what it wants to see.
    """

    def __init__(
        self,
        type_name: str,
        types: Types,
        rules: Rules[S],
        representation: Representation[S],
        cursors: Cursors,
        *,
        answers_patch: bool = True,
    ) -> None:
        self.type_name = type_name
        self._types = types
        self._rules = rules
        self._representation = representation
        self._cursors = cursors
        self._answers_patch = answers_patch

    def list(self, request: Request) -> Answer:
        """``GET /Users``."""
        return self._listed(request, parse_query(self._type(request), request.parameters()))

    def search(self, request: Request) -> Answer:
        """``POST /Users/.search`` (RFC 7644 3.4.3)."""
        return self._listed(request, parse_search(self._type(request), request.json()))

    def create(self, request: Request) -> Answer:
        """``POST /Users``."""
        projection = self._projection(request)
        resource, remarks, before = self._rules.create(request.organization, request.json())
        request.notes.remarks.extend(remarks)
        request.notes.before = before
        answer = self._answer(request, 201, resource, projection)
        if request.in_bulk:
            return answer
        location = (b"location", self._location(request, resource))
        return answer._replace(headers=(*answer.headers, location))

    def read(self, request: Request) -> Answer:
        """``GET /Users/{id}``."""
        projection = self._projection(request)
        resource = self._rules.read(request.organization, request.segments[1])
        if request.preconditions.unchanged(resource.version) and not (
            self._representation.changes_unseen(request.organization)
        ):
            self._note(request, resource)
            return Answer(304, headers=_tagged(resource))
        return self._answer(request, 200, resource, projection)

    def replace(self, request: Request) -> Answer:
        """``PUT /Users/{id}``."""
        projection = self._projection(request)
        resource, remarks, before = self._rules.replace(
            request.organization, request.segments[1], request.json(), request.preconditions
        )
        request.notes.remarks.extend(remarks)
        request.notes.before = before
        return self._answer(request, 200, resource, projection)

    def patch(self, request: Request) -> Answer:
        """``PATCH /Users/{id}``."""
        projection = self._projection(request)
        resource, remarks, before = self._rules.patch(
            request.organization, request.segments[1], request.json(), request.preconditions
        )
        request.notes.remarks.extend(remarks)
        request.notes.before = before
        if not self._answers_patch and projection is None and not request.in_bulk:
            self._note(request, resource)
            return Answer(204, headers=_tagged(resource))
        return self._answer(request, 200, resource, projection)

    def delete(self, request: Request) -> Answer:
        """``DELETE /Users/{id}``."""
        resource = self._rules.delete(
            request.organization, request.segments[1], request.preconditions
        )
        request.notes.before = resource.document
        self._note(request, resource)
        if request.in_bulk:
            return Answer(204, headers=((b"location", self._location(request, resource)),))
        return Answer(204)

    def page(self, request: Request, query: ListQuery) -> tuple[int, Bodies]:
        """Return how many match a query, and the JSON of those on its page."""
        total, resources = self._rules.page(request.organization, query)
        if len(resources) == 1:
            self._note(request, resources[0])
        return total, self._bodies(request, resources, query)

    def stretch(self, request: Request, query: ListQuery, place: Place | None) -> Stretch[bytes]:
        """Return the JSON of those that match a query beside a place, or of the first ones."""
        found = self._rules.stretch(request.organization, query, place)
        bodies = self._bodies(request, found.resources, query)
        return Stretch(found.total, bodies, found.before, found.after)

    def _type(self, request: Request) -> ResourceType:
        return self._types(request.organization)[self.type_name]

    def _projection(self, request: Request) -> Projection | None:
        if not request.query:
            return None
        parameters = {name.lower(): value for name, value in request.parameters().items()}
        return projection_for(
            self._type(request), parameters.get("attributes"), parameters.get("excludedattributes")
        )

    def _answer(
        self, request: Request, status: int, resource: S, projection: Projection | None
    ) -> Answer:
        self._note(request, resource)
        if request.in_bulk:
            location = (b"location", self._location(request, resource))
            return Answer(status, headers=(*_tagged(resource), location))
        (body,) = self._representation.bodies(
            request.organization, [resource], request.base, projection
        )
        return Answer(status, body, _tagged(resource))

    def _location(self, request: Request, resource: S) -> bytes:
        return f"{request.base}{self._type(request).endpoint}/{resource.id}".encode()

    def _note(self, request: Request, resource: S) -> None:
        request.notes.subject = self._representation.name(resource)
        request.notes.resource_id = resource.id

    def _bodies(self, request: Request, resources: Sequence[S], query: ListQuery) -> Bodies:
        return self._representation.bodies(
            request.organization, resources, request.base, query.projection
        )

    def _listed(self, request: Request, query: ListQuery) -> Answer:
        if query.cursor is not None:
            return self._listed_by_cursor(request, query, query.cursor)
        total, bodies = self.page(request, query)
        return Answer(200, list_body(bodies, total, query.start_index))

    def _listed_by_cursor(self, request: Request, query: ListQuery, cursor: str) -> Answer:
        asked = cursor_scope(request, self.type_name, query)
        place = self._cursors.open(cursor, asked) if cursor else None
        found = self.stretch(request, query, place)
        before = self._cursors.seal(found.before, asked) if found.before else ""
        after = self._cursors.seal(found.after, asked) if found.after else ""
        return Answer(200, cursor_body(found.resources, found.total, before, after))


def is_served(type_name: str, organization: Organization) -> bool:
    """Say whether an organization has a type of resources at all."""
    return type_name != "Group" or organization.group_push


def cursor_scope(request: Request, type_name: str, query: ListQuery) -> str:
    """Return what a cursor is bound to: whose list it is, and what was asked."""
    return f"{request.organization.id}\n{type_name}\n{query.asked}"


def list_body(bodies: Sequence[bytes], total: int, start_index: int) -> bytes:
    """Return a ListResponse of resources that are JSON already."""
    return (
        b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],'
        b'"totalResults":%d,"startIndex":%d,"itemsPerPage":%d,"Resources":[%b]}'
        % (total, start_index, len(bodies), b",".join(bodies))
    )


def cursor_body(bodies: Sequence[bytes], total: int, before: str, after: str) -> bytes:
    """Return a ListResponse with cursors (RFC 9865 2); "" stands for none."""
    return (
        b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],'
        b'"totalResults":%d,"itemsPerPage":%d%b%b,"Resources":[%b]}'
        % (
            total,
            len(bodies),
            b',"previousCursor":"%b"' % before.encode() if before else b"",
            b',"nextCursor":"%b"' % after.encode() if after else b"",
            b",".join(bodies),
        )
    )


def _tagged(resource: Stored) -> tuple[Header, ...]:
    return ((b"etag", entity_tag(resource.version).encode()),)
