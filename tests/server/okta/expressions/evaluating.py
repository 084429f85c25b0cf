"""Expressions evaluated as the vectors mean it: a name that the profile lacks is no attribute."""

from typing import Any

import pytest

from server.okta.expressions import Context, ExpressionError, Names, Value, compile_expression


def value(expression: str, profile: dict[str, Any] | None = None, **context: Any) -> Value:
    """Return what an expression gives; ``context`` has the keys of the specification."""
    made = Context.from_json(profile or {}, context)
    compiled = compile_expression(expression, made.profile, names=Names.of(made))
    return compiled.evaluate(made)


def refusal(
    expression: str, profile: dict[str, Any] | None = None, **context: Any
) -> ExpressionError:
    """Return the error that an expression ends in."""
    with pytest.raises(ExpressionError) as raised:
        value(expression, profile, **context)
    return raised.value


def same(one: Any, other: Any) -> bool:
    """Say whether two values are equal and of the same kind: 1 is neither 1.0 nor true."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
