"""What a function declares: evaluation, checks, completion, help and tests read nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

Kind: TypeAlias = Literal["string", "int", "array", "expression", "any"]
"""What an argument is turned into: a text or null, 32 bits, a list, a compiled body, or nothing."""

Result: TypeAlias = Literal[
    "String",
    "Integer",
    "Double",
    "Boolean",
    "Array",
    "value",
    "user",
    "app user",
    "directory user",
    "workday user",
]

REFERENCE: Final = "https://developer.okta.com/docs/reference/okta-expression-language/"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument; a ``variadic`` one, the last, stands for any number."""

    name: str
    kind: Kind = "string"
    optional: bool = False
    variadic: bool = False

    def __str__(self) -> str:
        shown = f"{self.name}..." if self.variadic else self.name
        return f"[{shown}]" if self.optional else shown


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One function of the language.

    Attributes:
        name: As expressions write it, with its namespace.
        parameters: In their order.
        returns: The kind of the result.
        help: One or two sentences for a person.
        example, example_result: An expression and what it gives with ``example_profile`` and
            ``example_context`` (spec section 12).
        source: Where the function is documented.
        implementation: Called with the converted arguments, after the context if
            ``takes_context``.
        in_mappings: False for what only claims know.
        deprecated: What to use instead, or "".
        pure: Whether equal arguments always give an equal result.
        slow: Whether the time is looked at before each call.
        null_person: Whether a property of a missing result is null instead of an error.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Result
    help: str
    example: str
    example_result: Any
    source: str
    implementation: Callable[..., Any]
    example_profile: Mapping[str, Any] = field(default_factory=dict)
    example_context: Mapping[str, Any] = field(default_factory=dict)
    in_mappings: bool = True
    deprecated: str = ""
    pure: bool = True
    slow: bool = False
    takes_context: bool = False
    null_person: bool = False

    @property
    def namespace(self) -> str:
        """What stands before the dot: "String", "Arrays", "user", or ""."""
        return self.name.rpartition(".")[0]

    @property
    def last_name(self) -> str:
        """What stands behind the dot."""
        return self.name.rpartition(".")[2]

    @property
    def signature(self) -> str:
        """The function with its parameters, as the help shows it."""
        return f"{self.name}({', '.join(map(str, self.parameters))}): {self.returns}"

    @property
    def variadic(self) -> bool:
        """Whether the last parameter stands for any number of arguments."""
        return bool(self.parameters) and self.parameters[-1].variadic

    @property
    def fewest(self) -> int:
        """The least number of arguments."""
        return sum(not (each.optional or each.variadic) for each in self.parameters)

    def takes(self, count: int) -> bool:
        """Say whether the function can be called with so many arguments."""
        return count >= self.fewest and (self.variadic or count <= len(self.parameters))

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that an argument belongs to."""
        return self.parameters[min(index, len(self.parameters) - 1)]

    def arity_text(self) -> str:
        """Return the sentence on how many arguments the function takes."""
        names = ", ".join(map(str, self.parameters))
        most = len(self.parameters)
        if not most:
            return f"{self.name} takes no arguments."
        if self.variadic:
            count = f"at least {self.fewest}"
        elif self.fewest < most:
            count = f"{self.fewest} to {most}"
        else:
            count = str(most)
        plural = "" if count.endswith("1") else "s"
        return f"{self.name} takes {count} argument{plural}: {names}."
