"""The bounds that keep any expression, a hostile one too, within 100 ms."""

from typing import Final

MAX_LENGTH: Final = 10_000
"""Characters of an expression; newer Spring stops at the same number."""

MAX_NESTING: Final = 64
"""Brackets, arguments and unary signs inside each other; people's expressions stay under 20."""

MAX_DEPTH: Final = 150
"""Levels of the tree, so that walking it stays far from Python's recursion limit."""

MAX_TEXT: Final = 100_000
"""Characters of a text made by an expression; newer Spring's bound of a concatenation."""

MAX_REPEATED_TEXT: Final = 256
"""Characters of ``text * number``, Spring's bound."""

MAX_ELEMENTS: Final = 10_000
"""Elements of a list made by a function."""

MAX_PATTERN: Final = 1_000
"""Characters of a regular expression, Spring's bound."""

SECONDS: Final = 0.06
"""Time for one evaluation; looked at before every function that can be slow."""

LONG_EXPRESSION: Final = 500
"""Characters from which every function call looks at the time, not only the slow ones."""
