"""A CSV file before its import: its table, what its columns may become, and some of its values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from server.okta.people import (
    AttributeType,
    CsvTable,
    Meaning,
    ProfileAttribute,
    ProfileSchema,
    Target,
    open_table,
    suggest_columns,
    variable_name,
)
from server.okta.people.csv_text import rows

SHOWN_VALUES: Final = 3
LOOKED_AT: Final = 200
"""Rows in which the values to be shown are looked for."""

NEW_TYPES: Final[tuple[AttributeType, ...]] = (
    "string",
    "boolean",
    "integer",
    "number",
    "string array",
)
"""The types that a new attribute may have."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that was opened; ``samples`` are some values of each column.

    ``suggested`` are the targets of the columns in all likelihood.
    """

    path: Path
    data: bytes
    table: CsvTable
    schema: ProfileSchema
    suggested: tuple[Target, ...]
    samples: tuple[tuple[str, ...], ...]


def open_csv(
    path: Path,
    data: bytes,
    schema: ProfileSchema,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> CsvFile:
    """Return a file as a table; raise ``UnreadableFile``."""
    table = open_table(data, encoding, delimiter)
    suggested = tuple(column.target for column in suggest_columns(table.headers, schema))
    return CsvFile(path, data, table, schema, suggested, _samples(table))


def choices(header: str, schema: ProfileSchema) -> list[tuple[str, Target]]:
    """Return all that a column may become, with the words for it."""
    listed: list[tuple[str, Target]] = [("Leave out", None)]
    listed += [(target_words(each, schema), each) for each in schema.attributes]
    listed += [(target_words(each, schema), each) for each in Meaning]
    return listed + [(target_words(each, schema), each) for each in new_targets(header, schema)]


def new_targets(header: str, schema: ProfileSchema) -> list[ProfileAttribute]:
    """Return the new attributes that a column may become, one for each type."""
    name = variable_name(header)
    if not name or name in schema.names:
        return []
    return [ProfileAttribute(name, header.strip(), kind) for kind in NEW_TYPES]


def target_words(target: Target, schema: ProfileSchema) -> str:
    """Return what a column becomes, in words."""
    if target is None:
        return "Leave out"
    if isinstance(target, Meaning):
        return target.value
    if target.name in schema.names:
        return f"{target.title} | {target.name}"
    return f"New attribute {target.name} | {target.type}"


def moved(target: Target, schema: ProfileSchema) -> Target:
    """Return a target for another schema."""
    if isinstance(target, ProfileAttribute):
        return schema.names.get(target.name, target)
    return target


def _samples(table: CsvTable) -> tuple[tuple[str, ...], ...]:
    found: list[dict[str, None]] = [{} for _ in table.headers]
    for row in islice(rows(table), LOOKED_AT):
        for values, value in zip(found, row.values, strict=False):
            if value and len(values) < SHOWN_VALUES:
                values[value[:80]] = None
    return tuple(tuple(values) for values in found)


def encodings_with(encoding: str, known: Sequence[str]) -> list[str]:
    """Return the encodings to choose from, with the one that was found."""
    return [*known, *([] if encoding in known else [encoding])]
