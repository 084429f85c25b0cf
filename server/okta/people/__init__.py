"""The people whom Okta knows: their profiles, the shipped samples, and reading them from files."""

from server.okta.people.person import (
    STATUSES,
    GroupType,
    Person,
    PersonGroup,
    ProfileValue,
    made_id,
)
from server.okta.people.population import Population
from server.okta.people.schema import (
    BASE_SCHEMA,
    AttributeType,
    ProfileAttribute,
    ProfileSchema,
)

__all__ = [
    "BASE_SCHEMA",
    "STATUSES",
    "AttributeType",
    "GroupType",
    "Person",
    "PersonGroup",
    "Population",
    "ProfileAttribute",
    "ProfileSchema",
    "ProfileValue",
    "made_id",
]
