"""Okta's classic expression language: parse, check, evaluate, complete."""

from server.okta.expressions.completion import Completion, complete, signature_at, tokens
from server.okta.expressions.context import Context
from server.okta.expressions.errors import ExpressionError
from server.okta.expressions.expression import Expression, compile_expression
from server.okta.expressions.functions import FUNCTIONS
from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.names import ANY, UNCHECKED, Names
from server.okta.expressions.parser import parse
from server.okta.expressions.printer import print_tree
from server.okta.expressions.values import Value, text_of

__all__ = [
    "ANY",
    "FUNCTIONS",
    "UNCHECKED",
    "Completion",
    "Context",
    "Expression",
    "ExpressionError",
    "FunctionSpec",
    "Names",
    "Value",
    "compile_expression",
    "complete",
    "parse",
    "print_tree",
    "signature_at",
    "text_of",
    "tokens",
]
