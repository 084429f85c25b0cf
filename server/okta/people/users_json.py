"""People from what Okta's Users API answers: a list of users, one user, or a line for each."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from server.okta.people.csv_text import detect_encoding
from server.okta.people.person import Person, PersonGroup, ProfileValue, made_id
from server.okta.people.reading import Duplicates, Reading, RefusedRow, UnreadableFile
from server.okta.people.schema import ProfileAttribute, ProfileSchema
from server.okta.people.values import ValueRefused, checked, inferred_type, status_of


def read_users(data: bytes, schema: ProfileSchema) -> Reading:
    """Return the people in the bytes of a file; they are made as the entries are asked for.

    Keys of a profile that the schema lacks become custom attributes with the type that fits all
    their values. null is a value that was never set, "" one that was cleared. A user is refused
    that Okta could not have: see ``user_person``, and with a login or id that came before.

    Raises ``UnreadableFile``.
    """
    users = _users(data)
    extended = schema.extended(_unknown(users, schema))
    entries = user_entries(users, extended, Duplicates(), origin=_ORIGIN)
    return Reading(extended, entries, len(users))


def user_entries(
    users: Iterable[Any],
    schema: ProfileSchema,
    duplicates: Duplicates,
    groups: Mapping[str, tuple[PersonGroup, ...]] | None = None,
    first: int = 1,
    *,
    origin: str,
) -> Iterator[Person | RefusedRow]:
    """Yield the people of user objects and the refused ones, numbered from ``first`` on.

    ``groups`` maps the ids of users to groups that are not in the objects. ``origin`` says where
    the people come from.
    """
    for number, user in enumerate(users, first):
        try:
            person = user_person(user, schema, groups or {}, origin)
            reason = duplicates.reason(person)
        except ValueRefused as error:
            yield RefusedRow(number, str(error), _who(user))
            continue
        yield RefusedRow(number, reason, person.login) if reason else person


def user_person(
    user: Any, schema: ProfileSchema, groups: Mapping[str, tuple[PersonGroup, ...]], origin: str
) -> Person:
    """Return the person of a user object; raise ``ValueRefused``.

    It needs a profile with a login or an email address; what the profile holds fits the schema
    in type and length.
    """
    if not isinstance(user, dict):
        raise ValueRefused("It is not a JSON object, so it is no user.")
    raw = user.get("profile")
    if not isinstance(raw, dict):
        raise ValueRefused('It has no "profile", in which Okta gives the attributes of a user.')
    profile: dict[str, ProfileValue] = {}
    for name, value in raw.items():
        if value is not None and name in schema.names:
            profile[name] = checked(value, schema.names[name])
    login = str(profile.get("login", "")).strip() or str(profile.get("email", "")).strip()
    if not login:
        raise ValueRefused(
            "It has neither a login nor an email address, one of which is the username in Okta."
        )
    if not str(profile.get("login", "")).strip():
        profile["login"] = login
    user_id = user.get("id")
    status = user.get("status", "ACTIVE")
    if not isinstance(status, str) or (known := status_of(status)) is None:
        raise ValueRefused(f"The status is {status!r:.60}, which is not one of Okta.")
    if user_id is not None and not (isinstance(user_id, str) and user_id.strip()):
        raise ValueRefused(f"The id is {user_id!r:.60}, but it has to be a text.")
    found = groups.get(user_id or "") or group_objects(user.get("groups"))
    return Person(user_id or made_id(login), profile, known, found, origin=origin)


def group_objects(groups: Any) -> tuple[PersonGroup, ...]:
    """Return the groups of a list in the form of Okta's Groups API; anything else is none."""
    if not isinstance(groups, list):
        return ()
    found = []
    for group in groups:
        if not isinstance(group, dict) or not isinstance(group.get("id"), str):
            continue
        profile = group.get("profile")
        name = (profile if isinstance(profile, dict) else group).get("name")
        kind = group.get("type")
        source = group.get("source")
        found.append(
            PersonGroup(
                group["id"],
                name if isinstance(name, str) else group["id"],
                kind if kind in ("BUILT_IN", "APP_GROUP") else "OKTA_GROUP",
                str(source.get("id", "")) if isinstance(source, dict) else "",
            )
        )
    return tuple(found)


def _users(data: bytes) -> list[Any]:
    if not data.strip():
        raise UnreadableFile("The file is empty: choose one with the users of Okta as JSON.")
    text = data.decode(detect_encoding(data), "replace").removeprefix("\ufeff").strip()
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _lines(text, error)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not any(isinstance(user, dict) for user in found):
        raise UnreadableFile("The JSON holds no users: it has to be a list of Okta's user objects.")
    return found


def _lines(text: str, error: orjson.JSONDecodeError) -> list[Any]:
    """Return the users of JSON Lines; a line that is not JSON stands as its text."""
    lines = [line for line in _LINE_END.split(text) if line.strip()]
    users = [_loaded(line) for line in lines]
    if len(users) < 2 or not any(isinstance(user, dict) and "profile" in user for user in users):
        raise UnreadableFile(
            f"The file is not JSON (line {error.lineno}: {error.msg}): export the users again."
        )
    return users


def _loaded(line: str) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return line


def _unknown(users: list[Any], schema: ProfileSchema) -> list[ProfileAttribute]:
    """Return the attributes that the profiles hold and the schema lacks, as they come."""
    kinds: dict[str, dict[Any, Any]] = {}
    for user in users:
        profile = user.get("profile") if isinstance(user, dict) else None
        for name, value in profile.items() if isinstance(profile, dict) else ():
            if name in schema.names or isinstance(value, dict):
                continue
            examples = kinds.setdefault(name, {})
            # One value of each type is enough, a list for each type of its elements.
            if isinstance(value, list):
                examples |= {(list, type(element)): [element] for element in value}
                examples.setdefault(list, [])
            elif value is not None:
                examples.setdefault(type(value) if value != "" else "", value)
    return [
        ProfileAttribute(name, name, inferred_type(examples.values()))
        for name, examples in kinds.items()
    ]


def _who(user: Any) -> str:
    profile = user.get("profile") if isinstance(user, dict) else None
    found = profile if isinstance(profile, dict) else {}
    texts = (found.get(name) for name in ("login", "email", "lastName"))
    return next((text[:100] for text in texts if isinstance(text, str) and text), "")


_ORIGIN: Final = "JSON file"
_LINE_END: Final = re.compile(r"\r?\n|\r")
