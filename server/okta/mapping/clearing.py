"""What becomes of a value that is empty: the one place for Okta's clearing rule.

Okta says that an empty value is pushed and overwrites; whether as "", null or a missing key is not
documented (spec page "How Okta's mapping UI ...", section 4). Inferred, and kept to here:

- a create leaves out what is null or empty,
- an update leaves out what was never set, so that the echo of the GET stays,
- and sends "" (for a list: []) for what had a value and has none any more.
"""

from typing import Any


def is_left_out_of_create(value: Any) -> bool:
    """Say whether a create leaves a value out."""
    return value is None or value == "" or value == []


def is_left_out_of_update(value: Any) -> bool:
    """Say whether an update leaves a value out."""
    return value is None


def after_update(held: Any, result: Any) -> Any:
    """Return what the app profile holds after a mapping gave a result, ``held`` before it."""
    if result is not None or is_left_out_of_create(held):
        return result if result is not None else held
    return [] if isinstance(held, list) else ""
