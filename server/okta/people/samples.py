"""The shipped samples: people who are awkward in one way each, and say in which."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from server.okta.people.documents import attributes_from, person_from
from server.okta.people.population import Population
from server.okta.people.schema import BASE_SCHEMA


def shipped_samples(resources: Path) -> Population:
    """Return the samples in the folder of what is shipped."""
    document = orjson.loads((resources / "samples" / "people.json").read_bytes())
    schema = BASE_SCHEMA.extended(attributes_from(document["attributes"]))
    people = [replace(person_from(person), origin=_ORIGIN) for person in document["people"]]
    return Population(schema, people)


_ORIGIN: Final = "Sample"
