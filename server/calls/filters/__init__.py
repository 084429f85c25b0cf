"""The filter language of the log: its fields, its grammar, its meaning, its completion."""

from server.calls.filters.building import exclude, fields_of, narrowed, only, remarks
from server.calls.filters.completion import Completion, Completions, complete
from server.calls.filters.evaluation import Facts, evaluate, is_failure
from server.calls.filters.fields import FIELD_OF_COLUMN, FIELDS, MARKS, Field
from server.calls.filters.parsing import parse
from server.calls.filters.printing import print_filter
from server.calls.filters.tree import CallFilterError, Context, Filter

__all__ = [
    "FIELDS",
    "FIELD_OF_COLUMN",
    "MARKS",
    "CallFilterError",
    "Completion",
    "Completions",
    "Context",
    "Facts",
    "Field",
    "Filter",
    "complete",
    "evaluate",
    "exclude",
    "fields_of",
    "is_failure",
    "narrowed",
    "only",
    "parse",
    "print_filter",
    "remarks",
]
