"""Proposals for a name that no schema knows."""

from collections.abc import Iterable
from difflib import get_close_matches

from server.scim.schemas import ResourceType

_LONGEST_NAME = 120
"""Beyond it a name is no misspelling; comparing costs time that grows with its square."""


def did_you_mean(name: str, resource_type: ResourceType) -> str:
    """Return `` Did you mean "emails"?``, or an empty text when nothing is near the name."""
    urn = name.lower().rpartition(":")[0]
    spellings = {str(path) for path in resource_type.paths.values()}
    if urn in resource_type.extensions:
        spellings = {spelling for spelling in spellings if spelling.lower().startswith(f"{urn}:")}
    return proposal(name, spellings)


def proposal(name: str, spellings: Iterable[str]) -> str:
    """Return `` Did you mean "emails"?`` with the nearest of ``spellings``, or an empty text."""
    if len(name) > _LONGEST_NAME:
        return ""
    # Only what stands behind a URN is compared: URNs are so long that all of them are alike, and
    # an extension's attribute written without its URN is the likeliest mistake.
    core_last = sorted(spellings, key=lambda spelling: (":" not in spelling, spelling))
    by_name = {_behind_urn(spelling.lower()): spelling for spelling in core_last}
    near = get_close_matches(_behind_urn(name.lower()), by_name, n=1, cutoff=0.7)
    return f' Did you mean "{by_name[near[0]]}"?' if near else ""


def _behind_urn(name: str) -> str:
    """Return an attribute's name without the URN before it; a schema's own URN stays whole."""
    urn, _, rest = name.rpartition(":")
    is_schema = urn[-1:].isdigit()  # "…:2.0" stands before the ":User" that ends a schema's URN
    return name if is_schema else rest
