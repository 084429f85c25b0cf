"""Tree to text, in one canonical form that parses to the same tree."""

from typing import Final

from server.okta.expressions.parser import LEVELS
from server.okta.expressions.tree import (
    Call,
    Chain,
    Choice,
    Index,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Projection,
    Property,
    Unary,
)
from server.okta.expressions.values import Int32, Value

SIGNS: Final = {"&&": "AND", "||": "OR"}
"""Okta's own way of writing an operator."""

UNARY_LEVEL: Final = 7
POSTFIX_LEVEL: Final = 8


def print_tree(node: Node) -> str:
    """Return the expression's canonical text: ``parse(print_tree(node)) == node``."""
    parts: list[str] = []
    _print(node, 0, parts)
    return "".join(parts)


def _print(node: Node, level: int, parts: list[str]) -> None:
    """Append a node; brackets stand round it when it binds weaker than ``level``."""
    if _level(node) < level:
        parts.append("(")
        _print(node, 0, parts)
        parts.append(")")
        return
    match node:
        case Literal():
            parts.append(_literal(node.value))
        case Name():
            parts.append(node.name)
        case Property():
            _print(node.base, POSTFIX_LEVEL, parts)
            parts.append(("?." if node.safe else ".") + node.name)
        case Call():
            if node.target is not None:
                _print(node.target, POSTFIX_LEVEL, parts)
                parts.append("?." if node.safe else ".")
            parts.append(node.name)
            _print_all(node.arguments, "()", parts)
        case Index():
            if node.base is not None:
                _print(node.base, POSTFIX_LEVEL, parts)
            _print_all((node.index,), "[]", parts)
        case Projection():
            _print(node.base, POSTFIX_LEVEL, parts)
            parts.append(".!")
            _print_all((node.body,), "[]", parts)
        case ListLiteral():
            _print_all(node.items, "{}", parts)
        case MapLiteral():
            _print_map(node, parts)
        case Unary():
            parts.append(node.operator)
            if isinstance(node.operand, Unary) and node.operand.operator == node.operator:
                parts.append(" ")
            _print(node.operand, UNARY_LEVEL, parts)
        case Chain():
            _print_chain(node, parts)
        case Choice():
            for step in node.steps:
                _print(step.condition, 1, parts)
                parts.append(" ?: " if step.value is None else " ? ")
                if step.value is not None:
                    _print(step.value, 0, parts)
                    parts.append(" : ")
            _print(node.last, 1, parts)


def _level(node: Node) -> int:
    """Return how strongly a node holds together."""
    match node:
        case Choice():
            return 0
        case Chain():
            return LEVELS[node.operators[0]]
        case Unary():
            return UNARY_LEVEL
    return POSTFIX_LEVEL


def _print_all(nodes: tuple[Node, ...], brackets: str, parts: list[str]) -> None:
    parts.append(brackets[0])
    for number, node in enumerate(nodes):
        if number:
            parts.append(", ")
        _print(node, 0, parts)
    parts.append(brackets[1])


def _print_map(node: MapLiteral, parts: list[str]) -> None:
    parts.append("{")
    for number, (key, value) in enumerate(node.entries):
        if number:
            parts.append(", ")
        if isinstance(key, Name | Choice):
            # In brackets a name is an attribute, and a choice keeps its colon to itself.
            parts.append("(")
            _print(key, 0, parts)
            parts.append(")")
        else:
            _print(key, 0, parts)
        parts.append(": ")
        _print(value, 0, parts)
    parts.append("}" if node.entries else ":}")


def _print_chain(node: Chain, parts: list[str]) -> None:
    level = LEVELS[node.operators[0]]
    _print(node.operands[0], level + 1, parts)
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        parts.append(f" {SIGNS.get(operator, operator)} ")
        _print(operand, level + 1, parts)


def _literal(value: Value) -> str:
    """Return a literal: texts in double quotes, 64-bit numbers with an L."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return "1e999" if value == float("inf") else repr(value)
    return f"{value:d}" if isinstance(value, Int32) else f"{value:d}L"
