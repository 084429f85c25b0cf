"""Proposals for a name that no schema knows."""

from collections.abc import Iterable
from difflib import get_close_matches

from server.scim.schemas import ResourceType

_LONGEST_NAME = 120
"""Beyond it a name is no misspelling; comparing costs time that grows with its square."""


def did_you_mean(name: str, resource_type: ResourceType) -> str:
    """Return `` Did you mean "emails"?``, or an empty text when nothing is near the name."""
    spellings = {str(path) for path in resource_type.paths.values()}
    return proposal(name, spellings)


def proposal(name: str, spellings: Iterable[str]) -> str:
    """Return `` Did you mean "emails"?`` with the nearest of ``spellings``, or an empty text."""
    if len(name) > _LONGEST_NAME:
        return ""
    wanted = name.lower()
    by_lower = {spelling.lower(): spelling for spelling in sorted(spellings)}
    # An extension's attribute written without its URN is the likeliest mistake.
    behind_urn = [lower for lower in by_lower if lower.endswith(f":{wanted}")]
    near = behind_urn or get_close_matches(wanted, by_lower, n=1, cutoff=0.7)
    return f' Did you mean "{by_lower[near[0]]}"?' if near else ""
