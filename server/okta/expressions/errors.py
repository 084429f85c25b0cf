"""What is wrong with an expression: Okta's words, the place, and what to write instead."""

from typing import Literal, Self, TypeAlias

ErrorKind: TypeAlias = Literal["syntax", "property", "function", "evaluation", "limit"]


class ExpressionError(Exception):
    """An expression that Okta would refuse, or that fails for a person.

    Attributes:
        text: Okta's own words where they are known (spec section 9), otherwise those of SpEL.
        kind: Which check failed.
        position: Offset into the expression of what is wrong, or None; ``length`` is its length.
        suggestion: Our sentence on what to do, or "".
    """

    def __init__(
        self,
        text: str,
        kind: ErrorKind,
        position: int | None = None,
        length: int = 0,
        suggestion: str = "",
    ) -> None:
        super().__init__(text)
        self.text = text
        self.kind: ErrorKind = kind
        self.position = position
        self.length = length
        self.suggestion = suggestion

    def __str__(self) -> str:
        return f"{self.text} {self.suggestion}".rstrip()

    def within(self, place: tuple[int, int]) -> Self:
        """Give the error the place (start, end) unless it has a more exact one already."""
        if self.position is None:
            self.position, self.length = place[0], place[1] - place[0]
        return self


def syntax_error(expression: str, start: int, end: int, suggestion: str) -> ExpressionError:
    """Return Okta's error for anything that cannot be parsed (recorded, spec section 9)."""
    return ExpressionError(
        f"Invalid expression syntax {expression}", "syntax", start, end - start, suggestion
    )


def property_error(
    name: str, expression: str, place: tuple[int, int], suggestion: str = ""
) -> ExpressionError:
    """Return Okta's error for an attribute or a root name that does not exist."""
    text = f"Invalid property {name} in expression {expression}"
    return ExpressionError(text, "property", place[0], place[1] - place[0], suggestion)


def function_error(
    name: str, expression: str, place: tuple[int, int], suggestion: str = ""
) -> ExpressionError:
    """Return Okta's error for a function or method that does not exist."""
    text = f"Invalid function name {name} in expression {expression}"
    return ExpressionError(text, "function", place[0], place[1] - place[0], suggestion)


def failure(text: str, suggestion: str = "") -> ExpressionError:
    """Return an error of evaluation; who evaluates adds the place."""
    return ExpressionError(text, "evaluation", suggestion=suggestion)


def limit_error(text: str) -> ExpressionError:
    """Return the error for an expression that is too long, too deep or too slow."""
    return ExpressionError(text, "limit")
