"""The attributes that an organization adds to the Blink extension: Blink's custom profile fields.

Blink's custom fields are a text, a date or a single choice, each with a name and a unique
identifier "that marries the custom field with a field in a third-party system".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["text", "date", "choice"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

MOST_ATTRIBUTES: Final = 100
"""How many attributes an organization can add."""

MOST_CHOICES: Final = 200
LONGEST_LABEL: Final = 100
"""Characters of a label, and of a choice."""

LONGEST_DESCRIPTION: Final = 500

BUILT_IN: Final = frozenset({"company", "description", "location"})
"""The lower-cased names of the attributes that the Blink extension always has."""


@dataclass(frozen=True, slots=True)
class CustomAttribute:
    """An attribute of the Blink extension that one organization has.

    ``identifier`` is its name in SCIM, ``label`` the name that a person reads, ``choices`` are the
    allowed values of the kind "choice" in the order in which they are shown.
    """

    identifier: str
    label: str
    kind: Kind
    choices: tuple[str, ...] = ()
    description: str = ""


def tidied(attribute: CustomAttribute) -> CustomAttribute:
    """Return an attribute without blanks around its texts; the identifier stands in for a label."""
    identifier = attribute.identifier.strip()
    return replace(
        attribute,
        identifier=identifier,
        label=attribute.label.strip() or identifier,
        choices=tuple(choice.strip() for choice in attribute.choices),
        description=attribute.description.strip(),
    )


def problem(attribute: CustomAttribute, others: Iterable[CustomAttribute]) -> str:
    """Return a sentence on what is wrong with a tidied attribute, or "" when nothing is.

    ``others`` are the organization's other attributes.
    """
    listed = tuple(others)
    return next((text for check in _CHECKS for text in check(attribute, listed)), "")


def schema_attribute(attribute: CustomAttribute) -> dict[str, Any]:
    """Return an attribute as it stands in the schema document (RFC 7643 7).

    All kinds are strings. A date is not a ``dateTime``, which cannot leave out the time
    (RFC 7643 2.3.5); texts of the form YYYY-MM-DD compare and sort as the dates do.
    """
    words = (attribute.label, attribute.description, _SHORT_FORM.get(attribute.kind, ""))
    document: dict[str, Any] = {
        "name": attribute.identifier,
        "type": "string",
        "multiValued": False,
        "description": " ".join(
            text if text.endswith(".") else f"{text}." for text in words if text
        ),
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }
    if attribute.kind == "choice":
        document["canonicalValues"] = list(attribute.choices)
    return document


_SHORT_FORM: Final[Mapping[Kind, str]] = {"date": "A date: YYYY-MM-DD."}


def _check_identifier(
    attribute: CustomAttribute, others: tuple[CustomAttribute, ...]
) -> Iterator[str]:
    identifier = attribute.identifier
    if not _IDENTIFIER.fullmatch(identifier):
        yield (
            "An identifier is a letter followed by up to 63 letters, digits and underscores, "
            "such as startDate: correct the identifier."
        )
    if identifier.lower() in BUILT_IN:
        yield f'The Blink extension has an attribute "{identifier}" already: choose another name.'
    if any(identifier.lower() == other.identifier.lower() for other in others):
        yield (
            f'There is a custom attribute "{identifier}" already (letter case does not count): '
            "choose another identifier."
        )


def _check_words(attribute: CustomAttribute, others: tuple[CustomAttribute, ...]) -> Iterator[str]:
    if not 1 <= len(attribute.label) <= LONGEST_LABEL or not attribute.label.isprintable():
        yield (
            f"A label has 1 to {LONGEST_LABEL} characters, all of them printable: "
            "correct the label."
        )
    if len(attribute.description) > LONGEST_DESCRIPTION or not attribute.description.isprintable():
        yield (
            f"A description is one line of at most {LONGEST_DESCRIPTION} characters: "
            "correct the description."
        )


def _check_choices(
    attribute: CustomAttribute, others: tuple[CustomAttribute, ...]
) -> Iterator[str]:
    choices = attribute.choices
    if attribute.kind != "choice":
        if choices:
            yield f"A {attribute.kind} has no choices: leave them out, or make it a choice."
        return
    if not 1 <= len(choices) <= MOST_CHOICES:
        yield f"A choice needs 1 to {MOST_CHOICES} values to choose from, not {len(choices)}."
    for choice in choices:
        if not 1 <= len(choice) <= LONGEST_LABEL or not choice.isprintable():
            yield (
                f"Each value to choose from has 1 to {LONGEST_LABEL} characters, all of them "
                "printable: correct the choices."
            )
    seen: set[str] = set()
    for choice in choices:
        if choice.casefold() in seen:
            yield f'"{choice}" is twice among the choices (letter case does not count): drop one.'
        seen.add(choice.casefold())


def _check_number(attribute: CustomAttribute, others: tuple[CustomAttribute, ...]) -> Iterator[str]:
    if len(others) >= MOST_ATTRIBUTES:
        yield (
            f"An organization has at most {MOST_ATTRIBUTES} custom attributes: remove one first."
        )


_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_Check: TypeAlias = Callable[[CustomAttribute, tuple[CustomAttribute, ...]], Iterator[str]]
_CHECKS: Final[tuple[_Check, ...]] = (
    _check_identifier,
    _check_words,
    _check_choices,
    _check_number,
)
