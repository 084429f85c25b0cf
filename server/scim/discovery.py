"""What the server says of itself (RFC 7644 4): its abilities, resource types and schemas.

All functions take the base URL as the client sees it, without a slash at its end
("https://scim.example.com/scim/v2"); ``meta.location`` is made from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.scim.cursors import CURSOR_TIMEOUT
from server.scim.lists import DEFAULT_COUNT, MAX_COUNT, list_response
from server.scim.schemas import ResourceType, Schema

SERVICE_PROVIDER_SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the server can do beyond the minimum; 0 bulk operations mean that there is no bulk."""

    patch: bool = True
    sort: bool = True
    etag: bool = False
    bulk_operations: int = 0
    bulk_payload: int = 0
    filter_results: int = MAX_COUNT


def service_provider_config(base_url: str, abilities: Abilities) -> dict[str, Any]:
    """Return the ServiceProviderConfig (RFC 7643 5)."""
    return {
        "schemas": [SERVICE_PROVIDER_SCHEMA],
        "patch": {"supported": abilities.patch},
        "bulk": {
            "supported": abilities.bulk_operations > 0,
            "maxOperations": abilities.bulk_operations,
            "maxPayloadSize": abilities.bulk_payload,
        },
        "filter": {"supported": True, "maxResults": abilities.filter_results},
        "changePassword": {"supported": False},
        "sort": {"supported": abilities.sort},
        "etag": {"supported": abilities.etag},
        # RFC 9865 4.
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_COUNT,
            "maxPageSize": MAX_COUNT,
            "cursorTimeout": CURSOR_TIMEOUT,
        },
        "authenticationSchemes": [dict(scheme) for scheme in _AUTHENTICATION_SCHEMES],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base_url}/ServiceProviderConfig",
        },
    }


def resource_types(types: Iterable[ResourceType], base_url: str) -> dict[str, Any]:
    """Return the resource types as a ListResponse."""
    resources = [_resource_type(type_, base_url) for type_ in types]
    return list_response(resources, len(resources))


def resource_type(
    types: Iterable[ResourceType], type_id: str, base_url: str
) -> dict[str, Any] | None:
    """Return one resource type by its id in any letter case, or None."""
    found = (type_ for type_ in types if type_.id.lower() == type_id.lower())
    return next((_resource_type(type_, base_url) for type_ in found), None)


def schemas(types: Iterable[ResourceType], base_url: str) -> dict[str, Any]:
    """Return the schemas of the resource types as a ListResponse."""
    resources = [_schema(schema, base_url) for schema in _schemas(types).values()]
    return list_response(resources, len(resources))


def schema(types: Iterable[ResourceType], urn: str, base_url: str) -> dict[str, Any] | None:
    """Return one schema by its URN in any letter case, or None."""
    found = _schemas(types).get(urn.lower())
    return _schema(found, base_url) if found else None


def _schemas(types: Iterable[ResourceType]) -> dict[str, Schema]:
    return {
        schema.id.lower(): schema
        for type_ in types
        for schema in (type_.schema, *type_.extensions.values())
    }


def _resource_type(type_: ResourceType, base_url: str) -> dict[str, Any]:
    return _with_meta(type_.document, "ResourceType", f"{base_url}/ResourceTypes/{type_.id}")


def _schema(schema: Schema, base_url: str) -> dict[str, Any]:
    return _with_meta(schema.document, "Schema", f"{base_url}/Schemas/{schema.id}")


def _with_meta(document: Mapping[str, Any], kind: str, location: str) -> dict[str, Any]:
    return {**document, "meta": {"resourceType": kind, "location": location}}


_AUTHENTICATION_SCHEMES: Final = (
    {
        "type": "oauthbearertoken",
        "name": "Bearer token",
        "description": "The organization's token, sent as a bearer token.",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
        "primary": True,
    },
    {
        "type": "httpbasic",
        "name": "HTTP Basic",
        "description": "The organization's token as the password, with any user name.",
        "specUri": "https://www.rfc-editor.org/info/rfc7617",
    },
)
