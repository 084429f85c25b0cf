"""External names: where an attribute of the app profile stands in a SCIM body.

Okta's form is a dotted path, in which ``.^[condition]`` picks one value of a list:
``name.givenName``, ``emails.^[primary==true].value``, ``phoneNumbers.^[type=='mobile'].value``
(spec page "What Okta's SCIM client really sends", C4).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

CORE_SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_SCHEMA: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK_SCHEMA: Final = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"

Json: TypeAlias = dict[str, Any]


class InvalidExternalName(ValueError):
    """An external name cannot be read; the text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Selector:
    """The condition that picks one value of a list: ``primary==true``, ``type=='mobile'``."""

    name: str
    value: str | bool | int

    def picks(self, element: Any) -> bool:
        """Say whether a value of the list is the one that is meant; texts in any letter case."""
        if not isinstance(element, dict):
            return False
        found = element.get(self.name)
        if isinstance(self.value, str) and isinstance(found, str):
            return found.lower() == self.value.lower()
        if self.value is False:
            # What is not said to be primary is not: SCIM leaves false out.
            return not found
        return bool(found == self.value) and isinstance(found, bool) == isinstance(self.value, bool)


@dataclass(frozen=True, slots=True)
class ExternalName:
    """A parsed external name.

    ``holder`` are the names of the objects that lead to the list or object, ``selector`` picks a
    value of that list or is None, ``leaf`` are the names from there to the value.
    ``emails.^[primary==true].value`` has the holder ``("emails",)`` and the leaf ``("value",)``,
    ``name.givenName`` has no holder and the leaf ``("name", "givenName")``.
    """

    holder: tuple[str, ...]
    selector: Selector | None
    leaf: tuple[str, ...]

    @property
    def root(self) -> str:
        """The attribute at the top: "emails", "name", "title"."""
        return (self.holder or self.leaf)[0]

    @property
    def last(self) -> str:
        """The name of the value itself: "value", "givenName"."""
        return self.leaf[-1]


@lru_cache(maxsize=1024)
def parse_external_name(text: str) -> ExternalName:
    """Read an external name.

    Raises:
        InvalidExternalName: It is empty, or has not the form above.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise InvalidExternalName(
            f'The external name "{text[:100]}" is not of a form that Okta reads: write '
            "title, name.givenName, emails.^[primary==true].value or the like."
        )
    before = tuple(found["before"].split("."))
    if found["name"] is None:
        return ExternalName((), None, before)
    selector = Selector(found["name"], _literal(found["literal"]))
    return ExternalName(before, selector, tuple(found["after"].split(".")))


def _literal(text: str) -> str | bool | int:
    if text[0] in "'\"":
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    return int(text)


_NAME: Final = r"\$?[A-Za-z][A-Za-z0-9_-]*"
_NAMES: Final = rf"{_NAME}(?:\.{_NAME})*"
_FORM: Final = re.compile(
    rf"(?P<before>{_NAMES})"
    rf"(?:\.\^\[\s*(?P<name>{_NAME})\s*==\s*"
    r"(?P<literal>'[^']*'|\"[^\"]*\"|true|false|[0-9]{1,9})"
    rf"\s*\]\.(?P<after>{_NAMES}))?"
)
