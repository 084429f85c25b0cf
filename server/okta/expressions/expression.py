"""The compiled expression."""

import time
from collections.abc import Container
from typing import Final

from server.okta.expressions.closures import Run
from server.okta.expressions.compilation import Compiler
from server.okta.expressions.context import Context
from server.okta.expressions.errors import limit_error
from server.okta.expressions.limits import SECONDS
from server.okta.expressions.names import ANY, UNCHECKED, Names, Scope, check
from server.okta.expressions.parser import parse
from server.okta.expressions.tree import Node
from server.okta.expressions.values import Value, plain


class Expression:
    """An expression that has been parsed, checked and compiled; immutable and thread-safe.

    Attributes:
        text: As it was written.
        tree: What it was parsed to.
        references: The person's attributes that it reads: "firstName".
        constant: Whether it gives the same for everybody, at any time.
    """

    __slots__ = ("_run", "constant", "references", "text", "tree")

    def __init__(self, text: str, tree: Node, scope: Scope, run: Run) -> None:
        self.text: Final = text
        self.tree: Final = tree
        self.references: Final = frozenset(scope.references)
        self.constant: Final = scope.constant
        self._run: Final = run

    def evaluate(self, context: Context) -> Value:
        """Return the expression's value for one person.

        Raises:
            ExpressionError: It fails for this person, or takes too long.
        """
        context.deadline = time.monotonic() + SECONDS
        try:
            value = self._run(context)
        except RecursionError:
            raise limit_error("The expression is nested too deeply.") from None
        if value is None or (value.__class__ is str and value.isascii()):
            return value
        return plain(value)


def compile_expression(
    text: str, attributes: Container[str] | None = None, *, names: Names | None = None
) -> Expression:
    """Parse, check and compile an expression.

    ``attributes`` are the names of the person's schema. With them a name that is missing is found
    here, and an attribute without a value is null; without them a missing one is found at
    evaluation. ``names`` says what else may be named; by default nothing but ``app`` and ``org``
    when there are attributes, and everything when there are none.

    Raises:
        ExpressionError: Of the kind "syntax", "property", "function" or "limit".
    """
    tree = parse(text)
    if names is None:
        names = UNCHECKED if attributes is None else Names()
    scope = Scope(text, ANY if attributes is None else attributes, names)
    check(tree, scope)
    return Expression(text, tree, scope, Compiler(scope).compiled(tree))
