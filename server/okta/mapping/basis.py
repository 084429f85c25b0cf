"""What a preflight looked at, so that one can say later whether it still holds."""

import hashlib
from typing import Final, NamedTuple

import orjson

from server.okta.mapping.forms import to_json
from server.okta.mapping.rows import MappingSet


class Basis(NamedTuple):
    """The state of mappings and people: another one after every change.

    ``mappings`` is a ``fingerprint``, ``people`` the revision that their store gives.
    """

    mappings: str
    people: tuple[int, ...]


UNKNOWN_BASIS: Final = Basis("", ())
"""That of a report on something else than what an organization has."""


def fingerprint(mappings: MappingSet) -> str:
    """Return a text that is the same for mappings that are the same."""
    document = orjson.dumps(to_json(mappings), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(document).hexdigest()[:32]
