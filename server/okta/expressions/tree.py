"""The syntax tree. Places (start, end) in the text are carried along but do not count as equal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from server.okta.expressions.values import Value

Place: TypeAlias = tuple[int, int]

NOWHERE: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, boolean or null."""

    value: Value
    at: Place = field(default=NOWHERE, compare=False)

    def __eq__(self, other: object) -> bool:
        """Compare kinds too: 1, 1L, 1.0 and true are four literals."""
        return (
            isinstance(other, Literal)
            and type(self.value) is type(other.value)
            and self.value == other.value
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: a root such as ``user``, or an attribute of the source."""

    name: str
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Property:
    """``base.name``, or ``base?.name`` when ``safe``."""

    base: "Node"
    name: str
    safe: bool = False
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``name(...)``, or ``target.name(...)``: a namespace's function or a method."""

    target: "Node | None"
    name: str
    arguments: tuple["Node", ...]
    safe: bool = False
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """``base[index]``; without a base the root is indexed, which is no list (spec section 1)."""

    base: "Node | None"
    index: "Node"
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Projection:
    """``base.![body]``: the body for every element, whose properties are bare names in it."""

    base: "Node"
    body: "Node"
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """``{a, b}``."""

    items: tuple["Node", ...]
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MapLiteral:
    """``{'key': value}``."""

    entries: tuple[tuple["Node", "Node"], ...]
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``!``, ``-`` or ``+`` before an operand."""

    operator: str
    operand: "Node"
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of one level of precedence, taken from left to right.

    ``a + b - c`` is one chain, so that long sums make no deep tree. ``places`` are those of the
    operators.
    """

    operators: tuple[str, ...]
    operands: tuple["Node", ...]
    places: tuple[Place, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """``condition ? value :``, or ``condition ?:`` when there is no value."""

    condition: "Node"
    value: "Node | None"
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """Steps that are tried in order, then ``last``: ``a ? b : c ?: d``."""

    steps: tuple[Step, ...]
    last: "Node"


Node: TypeAlias = (
    Literal
    | Name
    | Property
    | Call
    | Index
    | Projection
    | ListLiteral
    | MapLiteral
    | Unary
    | Chain
    | Choice
)


def children(node: Node) -> Iterator[Node]:
    """Yield the direct parts of a node in the order in which they are written."""
    match node:
        case Property():
            yield node.base
        case Call():
            if node.target is not None:
                yield node.target
            yield from node.arguments
        case Index():
            if node.base is not None:
                yield node.base
            yield node.index
        case Projection():
            yield node.base
            yield node.body
        case ListLiteral():
            yield from node.items
        case MapLiteral():
            for entry in node.entries:
                yield from entry
        case Unary():
            yield node.operand
        case Chain():
            yield from node.operands
        case Choice():
            for step in node.steps:
                yield step.condition
                if step.value is not None:
                    yield step.value
            yield node.last


def depth(node: Node) -> int:
    """Return the number of levels, counted without recursion."""
    deepest = 0
    pending = [(node, 1)]
    while pending:
        current, level = pending.pop()
        deepest = max(deepest, level)
        pending.extend((child, level + 1) for child in children(current))
    return deepest
