"""The shipped samples: people who are awkward in one way each, and say in which."""

from pathlib import Path

import orjson

from server.okta.people.documents import attributes_from, person_from
from server.okta.people.population import Population
from server.okta.people.schema import BASE_SCHEMA


def shipped_samples(resources: Path) -> Population:
    """Return the samples in the folder of what is shipped."""
    document = orjson.loads((resources / "samples" / "people.json").read_bytes())
    schema = BASE_SCHEMA.extended(attributes_from(document["attributes"]))
    return Population(schema, [person_from(person) for person in document["people"]])
