"""Recognises what a client was doing from the request that it sent."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote

from server.calls.call import Call
from server.calls.operations import Doing
from server.calls.reading import member, parsed, short
from server.calls.recognition.groups import (
    create_group,
    delete_group,
    patch_group,
    read_group,
    replace_group,
)
from server.calls.recognition.lists import list_groups, list_users
from server.calls.recognition.users import (
    create_user,
    delete_user,
    patch_user,
    read_user,
    replace_user,
)


def recognise(call: Call) -> Doing:
    """Return what a request was meant to do."""
    if not call.method:
        return Doing("unreadable", "Unreadable request")
    match = _BASE_PATH.match(call.path)
    if not match:
        return Doing("elsewhere", f"{call.method} {short(call.path)}, outside of the base URL")
    segments = [unquote(part) for part in call.path[match.end() :].split("/") if part]
    endpoint = segments[0].lower().removesuffix(".scim") if segments else ""
    if call.method == "OPTIONS":
        return Doing("options", f"Question for the methods of /{short('/'.join(segments))}")
    if endpoint in _DISCOVERY:
        return Doing("discovery", f"Schema discovery: {_DISCOVERY[endpoint]}")
    key = _Key(call.method.replace("HEAD", "GET"), endpoint, len(segments))
    if len(segments) == 2 and segments[1].lower() == ".search":
        key = key._replace(endpoint=".search")
    recogniser = _RECOGNISERS.get(key)
    if recogniser is None:
        return Doing("other", f"{call.method} /{short('/'.join(segments))}")
    return recogniser(call, segments[1] if len(segments) > 1 else "")


_BASE_PATH = re.compile(r"/scim(?:/v2)?(?=/|\Z)", re.IGNORECASE)
_DISCOVERY = {
    "serviceproviderconfig": "what the server can do",
    "resourcetypes": "resource types",
    "schemas": "schemas",
}


def _search(call: Call, resource_id: str) -> Doing:
    condition = member(parsed(call.request_body), "filter")
    words = f"Search for {short(condition)}" if isinstance(condition, str) else "Search"
    return Doing("search", words)


def _bulk(call: Call, resource_id: str) -> Doing:
    operations = member(parsed(call.request_body), "Operations")
    count = len(operations) if isinstance(operations, list) else 0
    return Doing("bulk", f"Bulk request ({count} {'operation' if count == 1 else 'operations'})")


def _me(call: Call, resource_id: str) -> Doing:
    return Doing("me", f"{call.method} /Me")


class _Key(NamedTuple):
    method: str
    endpoint: str
    depth: int


_Recogniser: TypeAlias = Callable[[Call, str], Doing]
_RECOGNISERS: Mapping[_Key, _Recogniser] = {
    _Key("GET", "users", 1): list_users,
    _Key("POST", "users", 1): create_user,
    _Key("GET", "users", 2): read_user,
    _Key("PUT", "users", 2): replace_user,
    _Key("PATCH", "users", 2): patch_user,
    _Key("DELETE", "users", 2): delete_user,
    _Key("GET", "groups", 1): list_groups,
    _Key("POST", "groups", 1): create_group,
    _Key("GET", "groups", 2): read_group,
    _Key("PUT", "groups", 2): replace_group,
    _Key("PATCH", "groups", 2): patch_group,
    _Key("DELETE", "groups", 2): delete_group,
    _Key("POST", ".search", 1): _search,
    _Key("POST", ".search", 2): _search,
    _Key("POST", "bulk", 1): _bulk,
    **{_Key(method, "me", 1): _me for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
}
