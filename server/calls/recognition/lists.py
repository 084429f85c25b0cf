"""Recognises what a client asks a list for: a test, a look-up, an import."""

import re
from collections.abc import Mapping

from server.calls.call import Call
from server.calls.clients import from_entra, from_okta
from server.calls.operations import Doing
from server.calls.reading import parameters, short, total_results


def list_users(call: Call, resource_id: str) -> Doing:
    """``GET /Users``."""
    given = parameters(call)
    if "filter" in given:
        return _look_up(call, given["filter"], "look-up", "")
    if (given.get("startindex"), given.get("count")) == ("1", "2"):
        return Doing("connection-test", "Connection test")
    return _import(call, given, "import", "users")


def list_groups(call: Call, resource_id: str) -> Doing:
    """``GET /Groups``."""
    given = parameters(call)
    if "filter" in given:
        return _look_up(call, given["filter"], "group-look-up", "group ")
    return _import(call, given, "group-import", "groups")


_EQUALS = re.compile(r'\s*([\w:.\-$]+)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE)
_IS_MEMBER = re.compile(
    r'\s*id\s+eq\s+"([^"\\]*)"\s+and\s+members(?:\.value)?\s+eq\s+"([^"\\]*)"\s*', re.IGNORECASE
)
_RANDOM_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")


def _look_up(call: Call, condition: str, code: str, noun: str) -> Doing:
    match = _EQUALS.fullmatch(condition)
    if not match:
        return _other_search(condition, code)
    subject = short(match[2])
    if not noun and _RANDOM_ID.fullmatch(subject) and from_entra(call):
        # Entra tests a connection by looking for a user that cannot be there.
        return Doing("connection-test", "Connection test")
    before = "before create " if from_okta(call) and not noun else ""
    words = f"Look-up {before}of {noun}{subject}"
    if match[1].lower() not in ("username", "displayname"):
        words += f" by {short(match[1])}"
    if call.status == 200:
        total = total_results(call)
        words += ": not found" if total == 0 else ": found" if total else ""
    return Doing(code, words, subject)


def _other_search(condition: str, code: str) -> Doing:
    membership = _IS_MEMBER.fullmatch(condition) if code == "group-look-up" else None
    if membership:
        group, user = short(membership[1]), short(membership[2])
        return Doing(code, f"Check whether {user} is in group {group}", group)
    return Doing("search", f"Search for {short(condition)}")


def _import(call: Call, given: Mapping[str, str], code: str, noun: str) -> Doing:
    start = max(_number(given.get("startindex"), 1), 1)
    count = _number(given.get("count"), 100)
    if not count:
        return Doing(code, f"Count of {noun}")
    total = total_results(call) if call.status == 200 else None
    page = f"{(start - 1) // count + 1}"
    if total is not None and start > total:
        span = "past the end" if start > 1 else f"no {noun} yet"
    else:
        last = start + count - 1
        span = f"{noun} {start} to {last if total is None else min(last, total)}"
        if total is not None:
            page += f" of {(total - 1) // count + 1}"
    return Doing(code, f"Import page {page} ({span})")


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and _NUMBER.fullmatch(text) else default
