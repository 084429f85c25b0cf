"""Recognises what a client does to one user."""

from collections.abc import Iterator, Mapping
from typing import Any

from server.calls.call import Call
from server.calls.operations import Doing
from server.calls.reading import is_false, member, parsed, patch_operations, short
from server.calls.recognition.names import named, subject_of


def create_user(call: Call, resource_id: str) -> Doing:
    """``POST /Users``."""
    subject = _user(call, resource_id)
    return Doing("create", named("Create user", subject), subject)


def read_user(call: Call, resource_id: str) -> Doing:
    """``GET /Users/{id}``."""
    subject = _user(call, resource_id)
    return Doing("read", named("Read user", subject), subject)


def delete_user(call: Call, resource_id: str) -> Doing:
    """``DELETE /Users/{id}``."""
    subject = _user(call, resource_id)
    return Doing("delete", named("Delete user", subject), subject)


def replace_user(call: Call, resource_id: str) -> Doing:
    """``PUT /Users/{id}``."""
    subject = _user(call, resource_id)
    active = member(parsed(call.request_body), "active")
    if _was_reactivated(call):
        return Doing("reactivate", f"{named('Reactivate', subject)} (whole profile)", subject)
    was_inactive = member(parsed(call.before), "active") is False
    codes = {remark.code for remark in call.remarks}
    if "user-deactivated" in codes or (is_false(active) and not was_inactive):
        return Doing("deactivate", f"{named('Deactivate', subject)} (whole profile)", subject)
    return Doing("update", f"{named('Update user', subject)} (whole profile)", subject)


def patch_user(call: Call, resource_id: str) -> Doing:
    """``PATCH /Users/{id}``."""
    subject = _user(call, resource_id)
    changes = dict(_changes(call))
    active = changes.pop("active", None)
    if active is not None and is_false(active):
        return Doing("deactivate", named("Deactivate", subject) + _also(changes), subject)
    if active is not None and (not changes or _was_reactivated(call)):
        return Doing("reactivate", named("Reactivate", subject) + _also(changes), subject)
    if set(changes) == {"password"}:
        return Doing("password", named("Password change of", subject), subject)
    if active is not None:
        # A push of the whole profile holds what is so already.
        changes["active"] = active
    listed = f" ({_listed(changes)})" if changes else ""
    return Doing("update", named("Update user", subject) + listed, subject)


def _user(call: Call, resource_id: str) -> str:
    return subject_of(call, "userName", resource_id)


def _was_reactivated(call: Call) -> bool:
    return any(remark.code == "user-reactivated" for remark in call.remarks)


def _changes(call: Call) -> Iterator[tuple[str, Any]]:
    """Yield the attributes that a PATCH touches, by their short names, and their new values."""
    for _, path, value in patch_operations(call):
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
    return "active" if name.lower() == "active" else short(name, 40)


def _also(changes: Mapping[str, Any]) -> str:
    return f" (also {_listed(changes)})" if changes else ""


def _listed(names: Mapping[str, Any]) -> str:
    listed = list(names)
    more = f" and {len(listed) - 4} more" if len(listed) > 4 else ""
    return ", ".join(listed[:4]) + more
