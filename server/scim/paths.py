"""Attribute names and PATCH paths (RFC 7644 3.5.2 and 3.10) as clients write them."""

import re
from dataclasses import dataclass
from typing import Final

from server.scim.errors import ScimError, shortened
from server.scim.filters.parser import parse_value_filter
from server.scim.filters.tree import Filter
from server.scim.names import did_you_mean, proposal
from server.scim.schemas import BoundPath, ResourceType

MAX_LENGTH: Final = 10_000


@dataclass(frozen=True, slots=True)
class PatchPath:
    """What an operation is about.

    ``filter`` selects among the values of a multi-valued attribute; the sub-attribute of ``bound``
    is then the one behind the brackets. An extension as a whole is a complex attribute that is
    named by its URN.
    """

    bound: BoundPath
    filter: Filter | None = None


def resolve(resource_type: ResourceType, name: str) -> BoundPath | None:
    """Find an attribute by its name in any letter case: ``emails``, ``name.givenName``, both also
    behind the core schema's URN, an extension's attribute behind its URN, or the URN alone.
    """
    return resource_type.paths.get(name.lower())


def parse_path(resource_type: ResourceType, text: str) -> PatchPath:
    """Parse the path of a PATCH operation.

    Raises:
        ScimError: 400 ``invalidPath`` naming what no schema knows, or 400 ``invalidFilter`` for
            what is wrong between the brackets.
    """
    bound = resource_type.paths.get(text.lower())
    if bound is not None:
        return PatchPath(bound)
    if len(text) > MAX_LENGTH:
        raise _invalid(f"The path is longer than {MAX_LENGTH:,} characters.")
    text = text.strip()
    name, bracket, _ = text.partition("[")
    bound = resource_type.paths.get(name.strip().lower())
    if bound is None:
        raise _invalid(
            f"The path {shortened(text, 100)} names no attribute of a {resource_type.name}."
            f"{did_you_mean(name.strip(), resource_type)}"
        )
    if not bracket:
        return PatchPath(bound)
    return _selection(bound, text, len(name) + 1)


def _selection(bound: BoundPath, text: str, position: int) -> PatchPath:
    attribute = bound.attribute
    if bound.sub_attribute or not attribute.multi_valued:
        raise _invalid(
            f"The path {shortened(text)} selects values of {bound} with brackets: "
            "only multi-valued attributes have values to select from."
        )
    condition, end = parse_value_filter(text, position, attribute)
    if end == len(text):
        return PatchPath(bound, condition)
    behind = _BEHIND.fullmatch(text, end)
    if behind is None:
        raise _invalid(
            f'The path {shortened(text)} is not understood behind "]": '
            f'expected nothing or a sub-attribute such as ".value".'
        )
    sub_attribute = attribute.sub_attributes.get(behind[1].lower())
    if sub_attribute is None:
        known = (known.name for known in attribute.sub_attributes.values())
        raise _invalid(
            f"{shortened(behind[1])} in the path {shortened(text)} is no sub-attribute of {bound}."
            f"{proposal(behind[1], known)}"
        )
    return PatchPath(BoundPath(bound.urn, attribute, sub_attribute), condition)


def _invalid(detail: str) -> ScimError:
    return ScimError(400, detail, "invalidPath")


_BEHIND: Final = re.compile(r"\.([^.\[\]]*)")
