"""People and mappings that the tests are about."""

from dataclasses import replace
from typing import Any

from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.evaluation import AppUser, CompiledMappings, compile_mappings
from server.okta.mapping.rows import MappingRow, MappingSet, ValueKind
from server.okta.people import BASE_SCHEMA, Person, Population, ProfileAttribute, made_id

SCHEMA = BASE_SCHEMA.extended(
    (
        ProfileAttribute("shoeSize", "Shoe size", "integer"),
        ProfileAttribute("isContractor", "Is contractor", "boolean"),
        ProfileAttribute("skills", "Skills", "string array"),
        ProfileAttribute("rate", "Rate", "number"),
    )
)
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"


def person(name: str = "ann", **profile: Any) -> Person:
    """A person with a login, an email and a name; None takes an attribute away."""
    login = f"{name}@acme.example"
    known = {"login": login, "email": login, "firstName": name.title(), "lastName": "Lee"}
    wanted = {key: value for key, value in (known | profile).items() if value is not None}
    return Person(made_id(login), wanted)


def population(*people: Person) -> Population:
    return Population(SCHEMA, people)


def app_user(mappings: MappingSet, someone: Person) -> AppUser:
    """What the app profile holds of somebody."""
    return compiled(mappings).app_user(population(someone).context(someone))


def compiled(mappings: MappingSet) -> CompiledMappings:
    return compile_mappings(mappings, SCHEMA.names)


def with_row(
    variable: str,
    kind: ValueKind,
    text: str,
    base: MappingSet = DEFAULT_MAPPINGS,
    **more: Any,
) -> MappingSet:
    return base.mapped(MappingRow(variable, kind, text, **more))


def with_attribute(attribute: AppAttribute, base: MappingSet = DEFAULT_MAPPINGS) -> MappingSet:
    """The set with an attribute added, or in the place of the one of its name."""
    others = [each for each in base.attributes if each.variable != attribute.variable]
    return replace(base, attributes=(*others, attribute))
