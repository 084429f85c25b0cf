"""Recognises what a client was doing from the request that it sent."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, unquote

import orjson

from server.calls.call import Call
from server.calls.clients import from_okta

OPERATIONS: Mapping[str, str] = {
    "connection-test": "Connection test",
    "look-up": "Look-up of a user",
    "create": "Create user",
    "read": "Read user",
    "update": "Update user",
    "deactivate": "Deactivate user",
    "reactivate": "Reactivate user",
    "password": "Password change",
    "delete": "Delete user",
    "import": "Import of users",
    "search": "Search",
    "group-look-up": "Look-up of a group",
    "group-create": "Create group",
    "group-read": "Read group",
    "group-rename": "Rename group",
    "group-add-members": "Add members to a group",
    "group-remove-members": "Remove members from a group",
    "group-replace-members": "Replace the members of a group",
    "group-update": "Update group",
    "group-delete": "Delete group",
    "group-import": "Import of groups",
    "discovery": "Schema discovery",
    "bulk": "Bulk request",
    "me": "Request for /Me",
    "options": "Question for allowed methods",
    "refused": "Refused for its token",
    "unreadable": "Unreadable request",
    "elsewhere": "Request outside of the SCIM base URL",
    "other": "Other request",
}
"""What a client was doing, by its stable code, and as a title."""


class Doing(NamedTuple):
    """What a client was doing, whatever came of it.

    ``code`` is one of ``OPERATIONS``; ``words`` say it ("Create user ann@acme.example");
    ``subject`` is the user or group meant, or "".
    """

    code: str
    words: str
    subject: str = ""


def recognise(call: Call) -> Doing:
    """Return what a request was meant to do."""
    if not call.method:
        return Doing("unreadable", "Unreadable request")
    match = _BASE_PATH.match(call.path)
    if not match:
        return Doing("elsewhere", f"{call.method} {_short(call.path)}, outside of the base URL")
    segments = [unquote(part) for part in call.path[match.end() :].split("/") if part]
    endpoint = segments[0].lower().removesuffix(".scim") if segments else ""
    if call.method == "OPTIONS":
        return Doing("options", f"Question for the methods of /{_short('/'.join(segments))}")
    if endpoint in _DISCOVERY:
        return Doing("discovery", f"Schema discovery: {_DISCOVERY[endpoint]}")
    key = _Key(call.method.replace("HEAD", "GET"), endpoint, min(len(segments), 2))
    if len(segments) == 2 and segments[1].lower() == ".search":
        key = key._replace(endpoint=".search")
    recogniser = _RECOGNISERS.get(key)
    if recogniser is None:
        return Doing("other", f"{call.method} /{_short('/'.join(segments))}")
    return recogniser(call, segments[1] if len(segments) > 1 else "")


def parsed(body: bytes) -> Any:
    """Return a body's JSON value, or None when it has none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


_BASE_PATH = re.compile(r"/scim(?:/v2)?(?=/|\Z)", re.IGNORECASE)
_DISCOVERY = {
    "serviceproviderconfig": "what the server can do",
    "resourcetypes": "resource types",
    "schemas": "schemas",
}
_EQUALS = re.compile(r'\s*([\w:.\-$]+)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE)
_TOTAL = re.compile(rb'"totalResults"\s*:\s*(\d{1,12})\b', re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")


class _Key(NamedTuple):
    method: str
    endpoint: str
    depth: int


_Recogniser: TypeAlias = Callable[[Call, str], Doing]


def _list_users(call: Call, resource_id: str) -> Doing:
    parameters = _parameters(call)
    if "filter" in parameters:
        return _look_up(call, parameters["filter"], "look-up", "")
    if (parameters.get("startindex"), parameters.get("count")) == ("1", "2"):
        return Doing("connection-test", "Connection test")
    return _import(call, parameters, "import", "users")


def _list_groups(call: Call, resource_id: str) -> Doing:
    parameters = _parameters(call)
    if "filter" in parameters:
        return _look_up(call, parameters["filter"], "group-look-up", "group ")
    return _import(call, parameters, "group-import", "groups")


def _look_up(call: Call, condition: str, code: str, noun: str) -> Doing:
    match = _EQUALS.fullmatch(condition)
    if not match:
        return Doing("search", f"Search for {_short(condition)}")
    subject = _short(match[2])
    before = "before create " if from_okta(call) and not noun else ""
    words = f"Look-up {before}of {noun}{subject}"
    if match[1].lower() not in ("username", "displayname"):
        words += f" by {_short(match[1])}"
    if call.status == 200:
        total = total_results(call)
        words += ": not found" if total == 0 else ": found" if total else ""
    return Doing(code, words, subject)


def _import(call: Call, parameters: Mapping[str, str], code: str, noun: str) -> Doing:
    start = max(_number(parameters.get("startindex"), 1), 1)
    count = _number(parameters.get("count"), 100)
    if not count:
        return Doing(code, f"Count of {noun}")
    total = total_results(call) if call.status == 200 else None
    page = (start - 1) // count + 1
    if total is not None and start > total:
        span = "past the end" if start > 1 else f"no {noun} yet"
    else:
        last = start + count - 1
        span = f"{noun} {start} to {last if total is None else min(last, total)}"
    return Doing(code, f"Import page {page} ({span})")


def _create_user(call: Call, resource_id: str) -> Doing:
    subject = _user(call, resource_id)
    return Doing("create", _named("Create user", subject), subject)


def _read_user(call: Call, resource_id: str) -> Doing:
    subject = _user(call, resource_id)
    return Doing("read", _named("Read user", subject), subject)


def _delete_user(call: Call, resource_id: str) -> Doing:
    subject = _user(call, resource_id)
    return Doing("delete", _named("Delete user", subject), subject)


def _replace_user(call: Call, resource_id: str) -> Doing:
    subject = _user(call, resource_id)
    active = _member(parsed(call.request_body), "active")
    codes = {remark.code for remark in call.remarks}
    if "user-reactivated" in codes:
        return Doing("reactivate", f"{_named('Reactivate', subject)} (whole profile)", subject)
    if "user-deactivated" in codes or _is_false(active):
        return Doing("deactivate", f"{_named('Deactivate', subject)} (whole profile)", subject)
    return Doing("update", f"{_named('Update user', subject)} (whole profile)", subject)


def _patch_user(call: Call, resource_id: str) -> Doing:
    subject = _user(call, resource_id)
    changes = dict(_changes(call))
    active = changes.pop("active", None)
    if active is not None and _is_false(active):
        return Doing("deactivate", _named("Deactivate", subject) + _also(changes), subject)
    if active is not None:
        return Doing("reactivate", _named("Reactivate", subject) + _also(changes), subject)
    if set(changes) == {"password"}:
        return Doing("password", _named("Password change of", subject), subject)
    listed = f" ({_listed(changes)})" if changes else ""
    return Doing("update", _named("Update user", subject) + listed, subject)


def _create_group(call: Call, resource_id: str) -> Doing:
    subject = _group(call, resource_id)
    count = _member_count(_member(parsed(call.request_body), "members"))
    with_members = f" with {_members(count)}" if count else ""
    return Doing("group-create", _named("Create group", subject) + with_members, subject)


def _read_group(call: Call, resource_id: str) -> Doing:
    subject = _group(call, resource_id)
    return Doing("group-read", _named("Read group", subject), subject)


def _delete_group(call: Call, resource_id: str) -> Doing:
    subject = _group(call, resource_id)
    return Doing("group-delete", _named("Delete group", subject), subject)


def _replace_group(call: Call, resource_id: str) -> Doing:
    subject = _group(call, resource_id)
    count = _member_count(_member(parsed(call.request_body), "members"))
    words = f"{_named('Update group', subject)} (whole group, {_members(count)})"
    return Doing("group-update", words, subject)


def _patch_group(call: Call, resource_id: str) -> Doing:
    subject = _group(call, resource_id)
    counts = {"add": 0, "remove": 0, "replace": 0}
    touched = set()
    names = []
    for verb, path, value in _patch_operations(call):
        plain = path.partition("[")[0].lower()
        if plain == "members" or (not path and _member(value, "members") is not None):
            members = value if path else _member(value, "members")
            by_path = "[" in path and verb == "remove"
            counts[verb] = counts.get(verb, 0) + (1 if by_path else _member_count(members))
            touched.add(verb)
        elif plain == "displayname":
            names.append(value)
        elif not path:
            names.append(_member(value, "displayName"))
    if len(touched) > 1:
        parts = [f"{counts[verb]} {_PAST[verb]}" for verb in _PAST if verb in touched]
        words = f"{_named('Update members of group', subject)} ({', '.join(parts)})"
        return Doing("group-update", words, subject)
    for verb, (code, template) in _MEMBERSHIP.items():
        if verb in touched:
            words = template.format(members=_members(counts[verb]), group=subject or "a group")
            return Doing(code, words, subject)
    # Okta sends the name with every membership update; alone it is a renaming.
    new_names = [_short(name) for name in names if isinstance(name, str)]
    if new_names:
        return Doing("group-rename", f"Rename group to {new_names[-1]}", new_names[-1])
    return Doing("group-update", _named("Update group", subject), subject)


_PAST = {"add": "added", "remove": "removed", "replace": "set"}
_MEMBERSHIP = {
    "add": ("group-add-members", "Add {members} to group {group}"),
    "remove": ("group-remove-members", "Remove {members} from group {group}"),
    "replace": ("group-replace-members", "Replace the members of group {group} ({members})"),
}


def _search(call: Call, resource_id: str) -> Doing:
    condition = _member(parsed(call.request_body), "filter")
    words = f"Search for {_short(condition)}" if isinstance(condition, str) else "Search"
    return Doing("search", words)


def _bulk(call: Call, resource_id: str) -> Doing:
    operations = _member(parsed(call.request_body), "Operations")
    count = len(operations) if isinstance(operations, list) else 0
    return Doing("bulk", f"Bulk request ({count} {'operation' if count == 1 else 'operations'})")


def _me(call: Call, resource_id: str) -> Doing:
    return Doing("me", f"{call.method} /Me")


_RECOGNISERS: Mapping[_Key, _Recogniser] = {
    _Key("GET", "users", 1): _list_users,
    _Key("POST", "users", 1): _create_user,
    _Key("GET", "users", 2): _read_user,
    _Key("PUT", "users", 2): _replace_user,
    _Key("PATCH", "users", 2): _patch_user,
    _Key("DELETE", "users", 2): _delete_user,
    _Key("GET", "groups", 1): _list_groups,
    _Key("POST", "groups", 1): _create_group,
    _Key("GET", "groups", 2): _read_group,
    _Key("PUT", "groups", 2): _replace_group,
    _Key("PATCH", "groups", 2): _patch_group,
    _Key("DELETE", "groups", 2): _delete_group,
    _Key("POST", ".search", 1): _search,
    _Key("POST", ".search", 2): _search,
    _Key("POST", "bulk", 1): _bulk,
    **{_Key(method, "me", 1): _me for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
}


def _user(call: Call, resource_id: str) -> str:
    return _subject(call, "userName", resource_id)


def _group(call: Call, resource_id: str) -> str:
    return _subject(call, "displayName", resource_id)


def _subject(call: Call, attribute: str, resource_id: str) -> str:
    if call.subject:
        return _short(call.subject)
    for body in (call.request_body, call.response_body):
        name = _member(parsed(body), attribute)
        if isinstance(name, str) and name:
            return _short(name)
    return _short(resource_id)


def _parameters(call: Call) -> dict[str, str]:
    pairs = parse_qsl(call.query, keep_blank_values=True, errors="replace")
    return {name.lower(): value for name, value in reversed(pairs)}


def _patch_operations(call: Call) -> Iterator[tuple[str, str, Any]]:
    """Yield verb (lower case), path ("" for none) and value of each well-formed operation."""
    operations = _member(parsed(call.request_body), "Operations")
    if not isinstance(operations, list):
        return
    for operation in operations:
        verb, path = _member(operation, "op"), _member(operation, "path")
        if isinstance(verb, str):
            yield verb.lower(), path if isinstance(path, str) else "", _member(operation, "value")


def _changes(call: Call) -> Iterator[tuple[str, Any]]:
    """Yield the attributes that a PATCH touches, by their short names, and their new values."""
    for _, path, value in _patch_operations(call):
        if path:
            yield _attribute(path), value
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key.lower().startswith("urn:") and isinstance(inner, dict):
                    yield from ((_attribute(name), each) for name, each in inner.items())
                elif key.lower() not in ("schemas", "id", "externalid", "meta"):
                    yield _attribute(key), inner


def _attribute(path: str) -> str:
    """Return "department" for "urn:...:User:department", "emails" for 'emails[type eq "work"]'."""
    name = path.partition("[")[0]
    if name.lower().startswith("urn:"):
        name = name.rpartition(":")[2]
    return "active" if name.lower() == "active" else _short(name, 40)


def _member(value: Any, name: str) -> Any:
    """Return the member of an object with this name in any letter case, or None."""
    if not isinstance(value, dict):
        return None
    if name in value:
        return value[name]
    wanted = name.lower()
    return next((inner for key, inner in value.items() if key.lower() == wanted), None)


def _is_false(value: Any) -> bool:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = _member(value, "value")
    return value is False or (isinstance(value, str) and value.lower() == "false")


def _member_count(members: Any) -> int:
    if isinstance(members, list):
        return len(members)
    return 1 if isinstance(members, dict) else 0


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def total_results(call: Call) -> int | None:
    """Return how many resources an answered list has in all, or None when it does not say."""
    match = _TOTAL.search(call.response_body)
    return int(match[1]) if match else None


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and _NUMBER.fullmatch(text) else default


def _named(words: str, subject: str) -> str:
    return f"{words} {subject}" if subject else words


def _also(changes: Mapping[str, Any]) -> str:
    return f" (also {_listed(changes)})" if changes else ""


def _listed(names: Mapping[str, Any]) -> str:
    listed = list(names)
    more = f" and {len(listed) - 4} more" if len(listed) > 4 else ""
    return ", ".join(listed[:4]) + more


def _short(text: str, limit: int = 80) -> str:
    """Return text for one line: printable, and cut when it is long."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    return f"{text[:limit]}…" if len(text) > limit else text
