"""The grammar of filters (RFC 7644 3.4.2.2): text to tree, bound to a resource type."""

import json
import math
import re
from collections.abc import Mapping
from typing import Final, NoReturn, cast

from server.scim.errors import ScimError, shortened
from server.scim.filters.tree import (
    And,
    Comparison,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    Value,
    ValuePath,
)
from server.scim.names import did_you_mean, proposal
from server.scim.schemas import Attribute, AttributeType, BoundPath, ResourceType
from server.scim.times import normalised

MAX_LENGTH: Final = 10_000
MAX_NESTING: Final = 64
"""How many brackets of either kind may be open at a time; clients use one or two."""


def parse_filter(text: str, resource_type: ResourceType) -> Filter:
    """Parse a filter.

    Operators and names are understood in any letter case, ``not`` binds stronger than ``and``,
    ``and`` stronger than ``or``. Besides the RFC's grammar ``emails[type eq "work"].value eq "x"``
    is understood, as Entra writes it, and ``"true"`` in quotes for a boolean.

    Raises:
        ScimError: 400 ``invalidFilter``, saying where and what would be right.
    """
    parser = _Parser(text, resource_type)
    parser.advance()
    parsed = parser.any_of()
    if parser.kind != "end":
        parser.refuse('"and", "or" or the end of the filter')
    return parsed


def parse_value_filter(text: str, position: int, attribute: Attribute) -> tuple[Filter, int]:
    """Parse what stands between the brackets of ``emails[type eq "work"].value``.

    ``position`` is that of the first character behind the opening bracket. Returned are the filter,
    bound to the sub-attributes, and the position behind the closing bracket.

    Raises:
        ScimError: 400 ``invalidFilter``.
    """
    parser = _Parser(text, None, attribute, position)
    parser.advance()
    parsed = parser.any_of()
    if parser.lexeme != "]":
        parser.refuse('"and", "or" or a closing bracket "]"')
    return parsed, parser.position


_OPERATORS: Final = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
_EQUALITY: Final = frozenset(("eq", "ne"))
_PARTS: Final = frozenset(("co", "sw", "ew"))
_ORDERS: Final = frozenset(("gt", "ge", "lt", "le"))

_OPERATORS_OF: Final[dict[AttributeType, frozenset[str]]] = {
    "string": _EQUALITY | _PARTS | _ORDERS,
    "reference": _EQUALITY | _PARTS | _ORDERS,
    "dateTime": _EQUALITY | _PARTS | _ORDERS,
    "decimal": _EQUALITY | _ORDERS,
    "integer": _EQUALITY | _ORDERS,
    "boolean": _EQUALITY,
    "binary": _EQUALITY,
}
_LITERALS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<word>[A-Za-z$][A-Za-z0-9_$:.-]*)
      | (?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")
      | (?P<mark>[()\[\]])
      | (?P<number>-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,4})?)(?![\w.])
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.ASCII,
)
_SUB_ATTRIBUTE: Final = re.compile(r"\.([A-Za-z$][A-Za-z0-9_$-]*)")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class _Parser:
    """A recursive descent over tokens; ``kind`` and ``lexeme`` are the one not yet used."""

    __slots__ = (
        "element",
        "kind",
        "lexeme",
        "nesting",
        "position",
        "resource_type",
        "start",
        "text",
    )

    def __init__(
        self,
        text: str,
        resource_type: ResourceType | None,
        element: Attribute | None = None,
        position: int = 0,
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise _invalid(f"The filter is longer than {MAX_LENGTH:,} characters.")
        self.text = text
        self.resource_type = resource_type
        self.element = element
        self.position = position
        self.start = position
        self.nesting = 0
        self.kind: str | None = None
        self.lexeme = ""

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            self.refuse_character()
        self.kind = match.lastgroup
        self.lexeme = match[self.kind or 0]
        self.position = match.end()
        self.start = self.position - len(self.lexeme)

    def any_of(self) -> Filter:
        first = self.all_of()
        if self.lexeme.lower() != "or":
            return first
        terms = [first]
        while self.kind == "word" and self.lexeme.lower() == "or":
            self.advance()
            terms.append(self.all_of())
        return Or(tuple(terms))

    def all_of(self) -> Filter:
        first = self.term()
        if self.lexeme.lower() != "and":
            return first
        terms = [first]
        while self.kind == "word" and self.lexeme.lower() == "and":
            self.advance()
            terms.append(self.term())
        return And(tuple(terms))

    def term(self) -> Filter:
        if self.lexeme == "(":
            return self.group()
        if self.kind != "word":
            self.refuse("an attribute name")
        name, start = self.lexeme, self.start
        self.advance()
        if self.lexeme == "(" and name.lower() == "not":
            return Not(self.group())
        path = self.bind(name, start)
        if self.lexeme == "[":
            return self.value_path(path)
        return self.expression(path)

    def group(self) -> Filter:
        self.open()
        self.advance()
        inner = self.any_of()
        if self.lexeme != ")":
            self.refuse('"and", "or" or a closing parenthesis ")"')
        self.nesting -= 1
        self.advance()
        return inner

    def open(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise _invalid(f"The filter nests more than {MAX_NESTING} levels of brackets.")

    def value_path(self, path: BoundPath) -> Filter:
        if self.element is not None:
            self.refuse("a comparison; brackets do not nest")
        if path.sub_attribute or not path.attribute.multi_valued:
            raise _invalid(
                f"{path} has no list of values to select from with brackets, "
                f"at position {self.start + 1}: only multi-valued attributes have."
            )
        self.open()
        self.element = path.attribute
        self.advance()
        inner = self.any_of()
        if self.lexeme != "]":
            self.refuse('"and", "or" or a closing bracket "]"')
        self.nesting -= 1
        sub_attribute = _SUB_ATTRIBUTE.match(self.text, self.position)
        if sub_attribute is not None:
            self.position = sub_attribute.end()
            bound = self.bind(sub_attribute[1], sub_attribute.start(1))
            self.advance()
            last = self.expression(bound)
            terms = inner.terms if isinstance(inner, And) else (inner,)
            inner = And((*terms, last))
        else:
            self.advance()
        self.element = None
        return ValuePath(path, inner)

    def expression(self, path: BoundPath) -> Filter:
        operator = self.lexeme.lower() if self.kind == "word" else ""
        start = self.start
        if operator == "pr":
            self.advance()
            if path.leaf.returned == "never":
                raise _invalid(f"{path} cannot be searched: its values are never shown.")
            return Present(path)
        if operator not in _OPERATORS:
            self.refuse(f"an operator ({', '.join(_OPERATORS)} or pr)")
        self.advance()
        value = self.value()
        path = _compared(path)
        operand = _operand(path, operator, value, start)
        self.advance()
        return Comparison(path, cast(Operator, operator), operand)

    def value(self) -> Value:
        if self.kind == "string":
            return self.string()
        if self.kind == "number":
            return self.number()
        if self.kind != "word":
            self.refuse('a value: a text in double quotes, a number, "true", "false" or "null"')
        literal = self.lexeme.lower()
        if literal in _LITERALS:
            return _LITERALS[literal]
        raise _invalid(
            f"The value {shortened(self.lexeme)} at position {self.start + 1} of the filter "
            'needs double quotes around it: write "…".'
        )

    def string(self) -> str:
        value: str = json.loads(self.lexeme) if "\\" in self.lexeme else self.lexeme[1:-1]
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise _invalid(
                f"The text at position {self.start + 1} of the filter has half of a surrogate pair."
            )
        return value

    def number(self) -> int | float:
        number: int | float = json.loads(self.lexeme)
        # Stores hold integers of 64 bits.
        if not math.isfinite(number) or (isinstance(number, int) and abs(number) >= 2**63):
            raise _invalid(f"The number at position {self.start + 1} of the filter is too large.")
        return number

    def bind(self, name: str, start: int) -> BoundPath:
        if self.element is not None:
            attribute = _element_attributes(self.element).get(name.lower())
            path = BoundPath(None, attribute) if attribute else None
        else:
            path = self.resource_type.paths.get(name.lower()) if self.resource_type else None
        if path is None:
            self.refuse_name(name, start)
        return path

    def refuse(self, expected: str) -> NoReturn:
        found = "its end" if self.kind == "end" else shortened(self.lexeme)
        raise _invalid(
            f"The filter is not understood at position {self.start + 1}: "
            f"{found} stands where {expected} is expected."
        )

    def refuse_character(self) -> NoReturn:
        rest = self.text[self.position :]
        start = self.position + len(rest) - len(rest.lstrip(" \t\r\n"))
        character = self.text[start]
        reason = {
            '"': 'a text in double quotes does not end, or holds an invalid "\\" escape',
            "'": "values need double quotes, not single ones",
            "‘": "values need plain double quotes, not typographic ones",
            "“": "values need plain double quotes, not typographic ones",
        }.get(character, f"{shortened(character)} does not belong there")
        raise _invalid(f"The filter is not understood at position {start + 1}: {reason}.")

    def refuse_name(self, name: str, start: int) -> NoReturn:
        if self.resource_type is not None and self.element is None:
            where = f"a {self.resource_type.name}"
            hint = did_you_mean(name, self.resource_type)
        else:
            element = cast(Attribute, self.element)
            where = element.name
            known = (attribute.name for attribute in _element_attributes(element).values())
            hint = proposal(name, known)
        raise _invalid(
            f"{shortened(name)} at position {start + 1} of the filter "
            f"is no attribute of {where}.{hint}"
        )


def _element_attributes(attribute: Attribute) -> Mapping[str, Attribute]:
    """What a filter between brackets may name; the values of a plain list are its ``value``."""
    if attribute.type == "complex":
        return attribute.sub_attributes
    return {"value": Attribute("value", attribute.type, case_exact=attribute.case_exact)}


def _compared(path: BoundPath) -> BoundPath:
    """Follow the rule that a complex attribute alone means its ``value``."""
    leaf = path.leaf
    if leaf.type != "complex":
        return path
    value = leaf.sub_attributes.get("value")
    if value is None or path.sub_attribute is not None:
        some = next(iter(leaf.sub_attributes.values()), leaf)
        raise _invalid(
            f"{path} is made of parts and cannot be compared as a whole: "
            f'compare one of them, such as "{path}.{some.name}".'
        )
    return BoundPath(path.urn, path.attribute, value)


def _operand(path: BoundPath, operator: str, value: Value, start: int) -> Value:
    """Return the value in the form in which it is compared, or refuse the comparison."""
    leaf = path.leaf
    if leaf.returned == "never":
        raise _invalid(f"{path} cannot be searched: its values are never shown.")
    if operator not in _OPERATORS_OF[leaf.type]:
        allowed = (name for name in _OPERATORS if name in _OPERATORS_OF[leaf.type])
        raise _invalid(
            f'{path} is of type {leaf.type} and cannot be compared with "{operator}", '
            f"at position {start + 1} of the filter: use {', '.join(allowed)} or pr."
        )
    if path.attribute.name == "meta" and leaf.name == "location":
        raise _invalid(
            "meta.location cannot be compared: it is made from the address of each request. "
            "Filter by id instead."
        )
    if value is None:
        if operator in _EQUALITY:
            return None
        raise _invalid(f'null can only be compared with "eq" and "ne", not with "{operator}".')
    if leaf.type == "boolean":
        return _boolean(path, value)
    if leaf.type in ("decimal", "integer"):
        if isinstance(value, str | bool):
            raise _invalid(f"{path} is a number: compare it with one, without quotes.")
        return value
    if not isinstance(value, str):
        text = json.dumps(value)
        raise _invalid(f'{path} is a text: write {text} in double quotes, "{text}".')
    if leaf.type == "dateTime" and operator not in _PARTS:
        return _moment(path, value)
    return value


def _boolean(path: BoundPath, value: Value) -> bool:
    literal = _LITERALS.get(value.lower()) if isinstance(value, str) else value
    if isinstance(literal, bool):
        return literal
    raise _invalid(f"{path} is true or false: compare it with one of them, without quotes.")


def _moment(path: BoundPath, value: str) -> str:
    moment = normalised(f"{value}T00:00:00Z" if _DATE.fullmatch(value) else value)
    if moment is None:
        raise _invalid(
            f"{path} is a date with a time: {shortened(value)} must look like "
            '"2026-11-23T18:48:00Z".'
        )
    return moment


def _invalid(detail: str) -> ScimError:
    return ScimError(400, detail, "invalidFilter")
