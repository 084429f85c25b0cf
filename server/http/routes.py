"""Which handler answers which method and path."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from server.http.discovery import DiscoveryEndpoint
from server.http.messages import Answer, Handler, Request
from server.http.resources import ResourceEndpoint
from server.scim.errors import ScimError, shortened

Methods: TypeAlias = Mapping[str, Handler]

ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Routes:
    """The paths below a base path; HEAD and OPTIONS follow from the other methods."""

    def __init__(
        self,
        users: ResourceEndpoint[Any],
        groups: Methods,
        discovery: DiscoveryEndpoint,
    ) -> None:
        users_list, users_search, user = _resource_methods(users)
        me = dict.fromkeys(ANY_METHOD, _me)
        self._methods: dict[tuple[str, int], Methods] = {
            ("", 0): {"GET": users.list},
            (".search", 1): {"POST": users.search},
            ("users", 1): users_list,
            ("users", 2): user,
            ("groups", 1): groups,
            ("groups", 2): groups,
            ("me", 1): me,
            ("serviceproviderconfig", 1): {"GET": discovery.service_provider_config},
            ("resourcetypes", 1): {"GET": discovery.resource_types},
            ("resourcetypes", 2): {"GET": discovery.resource_type},
            ("schemas", 1): {"GET": discovery.schemas},
            ("schemas", 2): {"GET": discovery.schema},
        }
        self._searches: dict[str, Methods] = {"users": users_search}

    def handler(self, method: str, segments: Sequence[str]) -> Handler:
        """Return the handler for a request.

        Raises:
            ScimError: 404 for an unknown endpoint, 405 with ``Allow`` for another method of a
                known one.
        """
        name = segments[0].lower() if segments else ""
        methods = self._methods.get((name, len(segments)))
        if len(segments) == 2 and segments[1] == ".search":
            methods = self._searches.get(name, methods)
        if methods is None:
            raise ScimError(
                404,
                f"There is no SCIM endpoint {_path(segments)}. "
                "Okta's requests go to /Users: check the base URL.",
            )
        handler = methods.get(method)
        if handler is not None:
            return handler
        allowed = ", ".join(["OPTIONS", *(["HEAD"] if "GET" in methods else []), *methods])
        if method == "OPTIONS":
            return lambda request: Answer(204, headers=((b"allow", allowed.encode()),))
        raise ScimError(
            405,
            f"{shortened(method)} is not possible at {_path(segments)}: use {allowed}.",
            headers={"Allow": allowed},
        )


def _resource_methods(endpoint: ResourceEndpoint[Any]) -> tuple[Methods, Methods, Methods]:
    """Return what is possible with the list, its search, and one resource."""
    return (
        {"GET": endpoint.list, "POST": endpoint.create},
        {"POST": endpoint.search},
        {
            "GET": endpoint.read,
            "PUT": endpoint.replace,
            "PATCH": endpoint.patch,
            "DELETE": endpoint.delete,
        },
    )


def groups_off(request: Request) -> Answer:
    """Refuse what concerns groups, for an organization without group push."""
    raise ScimError(
        403,
        "Blink does not support group push from Okta yet, so groups are switched off for "
        f"{request.organization.name}. Remove the group under Push Groups in Okta, or switch "
        "group push on for this organization in Blink SCIM Desk.",
    )


def _me(request: Request) -> Answer:
    raise ScimError(
        501, "/Me is not offered: an API token stands for an organization, not for a user."
    )


def _path(segments: Sequence[str]) -> str:
    return shortened("/" + "/".join(segments))
