"""What the values of custom attributes may be: one of Blink's rules (``server.blink.rules``)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from server.blink.custom_attributes import CustomAttribute, Kind
from server.blink.identity import BLINK_SCHEMA
from server.scim.errors import ScimError, shortened
from server.scim.remarks import Remark
from server.scim.times import normalised

_SHOWN_CHOICES = 5


def check_custom_values(
    document: Mapping[str, Any], before: Mapping[str, Any], attributes: Sequence[CustomAttribute]
) -> Iterator[Remark]:
    """Bring the custom attributes' values into their form, in place, and remark on what changed.

    A value that is stored already is left alone: it may be a choice that is offered no longer.

    Raises:
        ScimError: 400 ``invalidValue`` for what is no date, or none of the choices.
    """
    values = document.get(BLINK_SCHEMA)
    if not values:
        return
    stored = before.get(BLINK_SCHEMA) or {}
    for attribute in attributes:
        value = values.get(attribute.identifier)
        read = _READERS.get(attribute.kind)
        if read is None or value is None or value == stored.get(attribute.identifier):
            continue
        settled, remarks = read(attribute, value)
        values[attribute.identifier] = settled
        yield from remarks


def _read_date(attribute: CustomAttribute, value: str) -> tuple[str, list[Remark]]:
    text = value.strip()
    if _is_date(text):
        return text, []
    name = attribute.identifier
    if normalised(text) is None:
        raise ScimError(
            400,
            f"{name} {shortened(value)} is not a date. Blink wants YYYY-MM-DD, such as 2026-11-23: "
            f"correct the value in Okta, or the mapping of {name}.",
            "invalidValue",
        )
    # The date as it was written: midnight in Berlin is still the day before in UTC.
    settled = text[:10]
    told = f"{name} is a date: of {shortened(value)} only {settled} is stored."
    return settled, [Remark("date-reduced", told)]


def _read_choice(attribute: CustomAttribute, value: str) -> tuple[str, list[Remark]]:
    wanted = value.casefold()
    for choice in attribute.choices:
        if choice.casefold() == wanted:
            return choice, []
    name = attribute.identifier
    shown = ", ".join(shortened(choice, 40) for choice in attribute.choices[:_SHOWN_CHOICES])
    more = len(attribute.choices) - _SHOWN_CHOICES
    raise ScimError(
        400,
        f"{name} {shortened(value)} is none of its choices, which are {shown}"
        f"{f' and {more} more' if more > 0 else ''}. Send one of them from Okta, or add it to "
        f"the choices of {name} in Blink SCIM Desk.",
        "invalidValue",
    )


_Reader: TypeAlias = Callable[[CustomAttribute, str], tuple[str, list[Remark]]]
_READERS: Final[Mapping[Kind, _Reader]] = {"date": _read_date, "choice": _read_choice}
"""A text may be anything, so it has none."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
