"""The people whom Okta knows: their profiles, the shipped samples, and reading them from files."""

from server.okta.people.csv_columns import (
    Column,
    Meaning,
    Target,
    columns_problem,
    suggest_columns,
    variable_name,
)
from server.okta.people.csv_people import group_named, read_table
from server.okta.people.csv_text import DELIMITERS, ENCODINGS, CsvTable, open_table
from server.okta.people.folding import folded
from server.okta.people.person import (
    STATUSES,
    GroupType,
    Person,
    PersonGroup,
    ProfileValue,
    made_id,
)
from server.okta.people.population import Population
from server.okta.people.reading import Progress, Reading, RefusedRow, UnreadableFile
from server.okta.people.samples import shipped_samples
from server.okta.people.schema import (
    BASE_SCHEMA,
    AttributeType,
    ProfileAttribute,
    ProfileSchema,
)
from server.okta.people.users_json import read_users
from server.okta.people.values import ValueRefused, checked, parsed, problem

__all__ = [
    "BASE_SCHEMA",
    "DELIMITERS",
    "ENCODINGS",
    "STATUSES",
    "AttributeType",
    "Column",
    "CsvTable",
    "GroupType",
    "Meaning",
    "Person",
    "PersonGroup",
    "Population",
    "ProfileAttribute",
    "ProfileSchema",
    "ProfileValue",
    "Progress",
    "Reading",
    "RefusedRow",
    "Target",
    "UnreadableFile",
    "ValueRefused",
    "checked",
    "columns_problem",
    "folded",
    "group_named",
    "made_id",
    "open_table",
    "parsed",
    "problem",
    "read_table",
    "read_users",
    "shipped_samples",
    "suggest_columns",
    "variable_name",
]
