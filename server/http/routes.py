"""Which handler answers which method and path."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from server.blink.directory import Organization
from server.http.discovery import DiscoveryEndpoint
from server.http.messages import Answer, AnyHandler, Handler, LongHandler, Request
from server.http.resources import ResourceEndpoint
from server.http.searches import SearchEndpoint
from server.scim.errors import ScimError, shortened

H = TypeVar("H", bound=AnyHandler)

Table: TypeAlias = Mapping[str, Mapping[str, H]]
"""Handlers by path and method; paths are in lower case, and "*" stands for an id."""

_SEARCH = ".search"
_SUFFIX = ".scim"
_ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


class RouteTable(Generic[H]):
    """The paths below a base path; HEAD and OPTIONS follow from the other methods."""

    def __init__(self, table: Table[H]) -> None:
        self._table = table

    def handler(self, method: str, segments: Sequence[str]) -> H:
        """Return the handler for a request.

        Raises:
            ScimError: 404 for an unknown endpoint, 405 with ``Allow`` for another method of a
                known one.
        """
        methods = self._methods(segments)
        handler = methods.get(method)
        if handler is not None:
            return handler
        allowed = _allowed(methods)
        raise ScimError(
            405,
            f"{shortened(method)} is not possible at {_path(segments)}: use {allowed}.",
            headers={"Allow": allowed},
        )

    def options(self, segments: Sequence[str]) -> Answer:
        """Answer which methods a path has; raises as ``handler`` does."""
        return Answer(204, headers=((b"allow", _allowed(self._methods(segments)).encode()),))

    def _methods(self, segments: Sequence[str]) -> Mapping[str, H]:
        methods = None
        if len(segments) == 2:
            name, last = segments
            last = _SEARCH if last.lower() == _SEARCH else "*"
            methods = self._table.get(f"{name.lower()}/{last}")
        elif len(segments) < 2:
            methods = self._table.get(segments[0].lower() if segments else "")
        if methods is None:
            raise ScimError(
                404,
                f"There is no SCIM endpoint {_path(segments)}. "
                "Okta's requests go to /Users: check the base URL.",
            )
        return methods


def segments_of(path: str) -> list[str]:
    """Return the parts of a path; slashes too many, and ".scim" at its end, mean nothing.

    The suffix is that of RFC 7644 3.8.
    """
    segments = [part for part in path.split("/") if part]
    if segments and segments[-1].endswith(_SUFFIX) and segments[-1] != _SUFFIX:
        segments[-1] = segments[-1].removesuffix(_SUFFIX)
    return segments


def resource_routes(
    users: ResourceEndpoint[Any], groups: ResourceEndpoint[Any]
) -> RouteTable[Handler]:
    """Return the paths of lists and resources, which are also those of bulk operations."""
    return RouteTable({**_paths_of("users", users), **_paths_of("groups", groups)})


def all_routes(
    users: ResourceEndpoint[Any],
    groups: ResourceEndpoint[Any],
    searches: SearchEndpoint,
    bulk: LongHandler,
    discovery: DiscoveryEndpoint,
) -> RouteTable[AnyHandler]:
    """Return all paths."""
    return RouteTable(
        {
            **_paths_of("users", users),
            **_paths_of("groups", groups),
            "users/.search": {"POST": users.search},
            "groups/.search": {"POST": groups.search},
            "": {"GET": searches.list},
            ".search": {"POST": searches.search},
            "bulk": {"POST": bulk},
            "me": dict.fromkeys(_ANY_METHOD, _me),
            "serviceproviderconfig": {"GET": discovery.service_provider_config},
            "resourcetypes": {"GET": discovery.resource_types},
            "resourcetypes/*": {"GET": discovery.resource_type},
            "schemas": {"GET": discovery.schemas},
            "schemas/*": {"GET": discovery.schema},
        }
    )


def _paths_of(name: str, endpoint: ResourceEndpoint[Any]) -> Table[Handler]:
    return {
        name: {"GET": endpoint.list, "POST": endpoint.create},
        f"{name}/*": {
            "GET": endpoint.read,
            "PUT": endpoint.replace,
            "PATCH": endpoint.patch,
            "DELETE": endpoint.delete,
        },
    }


def check_switch(segments: Sequence[str], organization: Organization) -> None:
    """Refuse everything under "/Groups" for an organization without group push.

    Raises:
        ScimError: 403 saying where to switch it on.
    """
    if organization.group_push or not segments or segments[0].lower() != "groups":
        return
    raise ScimError(
        403,
        "Blink does not support group push from Okta yet, so groups are switched off for "
        f"{organization.name}. Remove the group under Push Groups in Okta, or switch group push on "
        "for this organization in Blink SCIM Desk.",
    )


def _me(request: Request) -> Answer:
    raise ScimError(
        501, "/Me is not offered: an API token stands for an organization, not for a user."
    )


def _allowed(methods: Mapping[str, object]) -> str:
    return ", ".join(["OPTIONS", *(["HEAD"] if "GET" in methods else []), *methods])


def _path(segments: Sequence[str]) -> str:
    return shortened("/" + "/".join(segments))
