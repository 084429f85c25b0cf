"""Links from a finding to the places in the program where it is cured."""

import re
from typing import Final

from server.calls.filters.printing import quoted

TOKENS: Final = "tokens"
ORGANIZATION: Final = "organization"
PEOPLE: Final = "people"
SETTINGS: Final = "settings"


def log_of(field: str, value: str) -> str:
    """Return a link to the calls of which a field has a value."""
    return f"log:{field}:{quoted(value)}"


def mapping_of(path: str) -> str:
    """Return a link to the mapping of a SCIM attribute, "" where Okta has none of it."""
    variable = variable_of(path)
    return f"mappings:{variable}" if variable else ""


def variable_of(path: str) -> str:
    """Return the variable of Okta's Blink app that is sent as a SCIM path ("" for none).

    "email" for 'emails[type eq "work"].value', "department" for "urn:...:User:department".
    """
    name = path[len(_CORE) :] if path.lower().startswith(_CORE) else path
    head = re.split(r"[\[.]", name.rpartition(":")[2] if _is_urn(name) else name)[0]
    last = name.rpartition(".")[2] if "." in name.rpartition(":")[2] else ""
    if head in _UNMAPPED:
        return ""
    if head == "phoneNumbers":
        return "mobilePhone" if "mobile" in name.lower() else "workPhone"
    if (head, last) in _VARIABLES:
        return _VARIABLES[head, last]
    return _VARIABLES.get((head, ""), last if head in ("name", "addresses") else head)


def attribute_in(detail: str) -> str:
    """Return the SCIM path that an error's detail begins with, or "".

    Attributes begin with a small letter, other sentences with a capital one.
    """
    match = _PATH.match(detail)
    return match[0] if match else ""


_CORE = "urn:ietf:params:scim:schemas:core:2.0:user:"
_UNMAPPED = frozenset(
    {"schemas", "id", "externalId", "active", "meta", "groups", "password", "members"}
)
_VARIABLES = {
    ("emails", ""): "email",
    ("emails", "type"): "emailType",
    ("manager", ""): "managerValue",
    ("manager", "displayName"): "managerDisplayName",
}
_PATH = re.compile(r"[a-z$][\w$:.-]*(?:\[[^\]]*\](?:\.\w+)?)?")


def _is_urn(path: str) -> bool:
    return path.lower().startswith("urn:")
