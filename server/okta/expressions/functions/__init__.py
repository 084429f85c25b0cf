"""All functions of the language, each declared once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from server.okta.expressions.functions.arrays import ARRAY_FUNCTIONS
from server.okta.expressions.functions.conversions import CONVERSION_FUNCTIONS
from server.okta.expressions.functions.groups import GROUP_FUNCTIONS
from server.okta.expressions.functions.people import PEOPLE_FUNCTIONS
from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.functions.strings import STRING_FUNCTIONS
from server.okta.expressions.functions.times import TIME_FUNCTIONS

FUNCTIONS: Final[Mapping[str, FunctionSpec]] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            *STRING_FUNCTIONS,
            *ARRAY_FUNCTIONS,
            *CONVERSION_FUNCTIONS,
            *GROUP_FUNCTIONS,
            *PEOPLE_FUNCTIONS,
            *TIME_FUNCTIONS,
        )
    }
)
"""Every function by the name that expressions use: ``String.append``, ``isMemberOfGroup``."""
