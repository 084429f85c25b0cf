"""The endpoints that describe the server (RFC 7644 4)."""

from typing import Any

from server.http.bodies import BODY_LIMIT
from server.http.messages import Answer, Request, json_answer
from server.http.resources import Types, is_served
from server.scim import discovery
from server.scim.bulk import MAX_OPERATIONS
from server.scim.errors import ScimError, shortened
from server.scim.schemas import ResourceType

ABILITIES = discovery.Abilities(etag=True, bulk_operations=MAX_OPERATIONS, bulk_payload=BODY_LIMIT)


class DiscoveryEndpoint:
    """Answers for the types and schemas of the organization that asks."""

    def __init__(self, types: Types) -> None:
        self._types = types

    def service_provider_config(self, request: Request) -> Answer:
        """``GET /ServiceProviderConfig`` (RFC 7643 5)."""
        return json_answer(discovery.service_provider_config(request.base, ABILITIES))

    def resource_types(self, request: Request) -> Answer:
        """``GET /ResourceTypes``."""
        _refuse_filter(request, "Resource types")
        return json_answer(discovery.resource_types(self._served(request), request.base))

    def resource_type(self, request: Request) -> Answer:
        """``GET /ResourceTypes/{name}``."""
        name = request.segments[1]
        found = discovery.resource_type(self._served(request), name, request.base)
        return _found(found, f"resource type {shortened(name)}", "/ResourceTypes")

    def schemas(self, request: Request) -> Answer:
        """``GET /Schemas``."""
        _refuse_filter(request, "Schemas")
        return json_answer(discovery.schemas(self._served(request), request.base))

    def schema(self, request: Request) -> Answer:
        """``GET /Schemas/{urn}``."""
        urn = request.segments[1]
        found = discovery.schema(self._served(request), urn, request.base)
        return _found(found, f"schema {shortened(urn)}", "/Schemas")

    def _served(self, request: Request) -> list[ResourceType]:
        organization = request.organization
        return [
            resource_type
            for resource_type in self._types(organization).values()
            if is_served(resource_type.name, organization)
        ]


def _refuse_filter(request: Request, what: str) -> None:
    if "filter" in request.parameters():
        raise ScimError(403, f"{what} cannot be searched: leave out the filter parameter.")


def _found(document: dict[str, Any] | None, what: str, where: str) -> Answer:
    if document is None:
        raise ScimError(404, f"There is no {what} here. See {where} for what there is.")
    return json_answer(document)
