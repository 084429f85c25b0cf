"""Recognises what a client does to one group."""

from server.calls.call import Call
from server.calls.operations import Doing
from server.calls.reading import member, members_of, parsed, patch_operations, short
from server.calls.recognition.names import named, subject_of


def create_group(call: Call, resource_id: str) -> Doing:
    """``POST /Groups``."""
    subject = _group(call, resource_id)
    count = len(members_of(member(parsed(call.request_body), "members")))
    with_members = f" with {_members(count)}" if count else ""
    return Doing("group-create", named("Create group", subject) + with_members, subject)


def read_group(call: Call, resource_id: str) -> Doing:
    """``GET /Groups/{id}``."""
    subject = _group(call, resource_id)
    return Doing("group-read", named("Read group", subject), subject)


def delete_group(call: Call, resource_id: str) -> Doing:
    """``DELETE /Groups/{id}``."""
    subject = _group(call, resource_id)
    return Doing("group-delete", named("Delete group", subject), subject)


def replace_group(call: Call, resource_id: str) -> Doing:
    """``PUT /Groups/{id}``."""
    subject = _group(call, resource_id)
    count = len(members_of(member(parsed(call.request_body), "members")))
    words = f"{named('Update group', subject)} (whole group, {_members(count)})"
    return Doing("group-update", words, subject)


def patch_group(call: Call, resource_id: str) -> Doing:
    """``PATCH /Groups/{id}``."""
    subject = _group(call, resource_id)
    counts = {"add": 0, "remove": 0, "replace": 0}
    touched = set()
    names = []
    for verb, path, value in patch_operations(call):
        plain = path.partition("[")[0].lower()
        if plain == "members" or (not path and member(value, "members") is not None):
            members = value if path else member(value, "members")
            by_path = "[" in path and verb == "remove"
            counts[verb] = counts.get(verb, 0) + (1 if by_path else len(members_of(members)))
            touched.add(verb)
        elif plain == "displayname":
            names.append(value)
        elif not path:
            names.append(member(value, "displayName"))
    if len(touched) > 1:
        parts = [f"{counts[verb]} {_PAST[verb]}" for verb in _PAST if verb in touched]
        words = f"{named('Update members of group', subject)} ({', '.join(parts)})"
        return Doing("group-update", words, subject)
    for verb, (code, template) in _MEMBERSHIP.items():
        if verb in touched:
            words = template.format(members=_members(counts[verb]), group=subject or "a group")
            return Doing(code, words, subject)
    # Okta sends the name with every membership update; alone it is a renaming.
    new_names = [short(name) for name in names if isinstance(name, str)]
    if new_names:
        return Doing("group-rename", f"Rename group to {new_names[-1]}", new_names[-1])
    return Doing("group-update", named("Update group", subject), subject)


_PAST = {"add": "added", "remove": "removed", "replace": "set"}
_MEMBERSHIP = {
    "add": ("group-add-members", "Add {members} to group {group}"),
    "remove": ("group-remove-members", "Remove {members} from group {group}"),
    "replace": ("group-replace-members", "Replace the members of group {group} ({members})"),
}


def _group(call: Call, resource_id: str) -> str:
    return subject_of(call, "displayName", resource_id)


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"
