"""All functions of the language, each declared once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.functions.strings import STRING_FUNCTIONS

FUNCTIONS: Final[Mapping[str, FunctionSpec]] = MappingProxyType(
    {spec.name: spec for spec in (*STRING_FUNCTIONS,)}
)
"""Every function by the name that expressions use: ``String.append``, ``isMemberOfGroup``."""
