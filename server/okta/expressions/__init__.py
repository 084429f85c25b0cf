"""Okta's classic expression language: parse, check, evaluate, complete."""

from server.okta.expressions.context import Context
from server.okta.expressions.errors import ExpressionError
from server.okta.expressions.expression import Expression, compile_expression
from server.okta.expressions.functions import FUNCTIONS
from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.names import ANY, UNCHECKED, Names
from server.okta.expressions.values import Value, text_of

__all__ = [
    "ANY",
    "FUNCTIONS",
    "UNCHECKED",
    "Context",
    "Expression",
    "ExpressionError",
    "FunctionSpec",
    "Names",
    "Value",
    "compile_expression",
    "text_of",
]
