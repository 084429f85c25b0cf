"""Tokens to tree: SpEL's grammar as far as Okta has it (spec sections 1 to 3)."""

from dataclasses import dataclass, field
from typing import Final, NoReturn

from server.okta.expressions.errors import ExpressionError, limit_error, syntax_error
from server.okta.expressions.lexer import CONSTANTS, NEVER_NAMES, Token, scan, unquoted
from server.okta.expressions.limits import MAX_DEPTH, MAX_LENGTH, MAX_NESTING
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
    Place,
    Projection,
    Property,
    Step,
    Unary,
    depth,
)
from server.okta.expressions.values import Int32

LEVELS: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "matches"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
    "^": 6,
}
"""How strongly the operators between two operands bind."""

NOT_CHAINED: Final = frozenset({3, 6})
"""Levels of which only one operator may stand between two operands."""

HINTS: Final = {
    "=": "Okta has no assignment: compare with ==.",
    "++": "Okta has no ++: put a blank between the signs.",
    "--": "Okta has no --: put a blank between the signs.",
    "“": 'Write straight quotes: ".',
    "”": 'Write straight quotes: ".',
    "‘": "Write straight quotes: '.",
    "’": "Write straight quotes: '.",
    "'": "The text that begins here is never closed.",
    '"': "The text that begins here is never closed.",
    "&": "Write AND or &&.",
    "|": "Write OR or ||.",
    "#": "Okta has no variables.",
    "@": "A text belongs between quotes.",
    ";": "An expression is one value: leave out the semicolon.",
}
"""What to say about characters that people try."""


def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises:
        ExpressionError: Of the kind "syntax", or "limit" for one too long or nested too deeply.
    """
    if len(text) > MAX_LENGTH:
        raise limit_error(
            f"The expression has {len(text):,} characters; no more than {MAX_LENGTH:,} are read."
        )
    parser = _Parser(text)
    tree = parser.expression()
    if parser.token.kind != "end":
        parser.refuse("An operator or the end is expected here.")
    if depth(tree) > MAX_DEPTH:
        raise too_deep(0)
    return tree


def too_deep(position: int) -> ExpressionError:
    """Return the error for more nesting than anybody writes."""
    error = limit_error(f"The expression is nested more than {MAX_NESTING} deep.")
    return error.within((position, position + 1))


@dataclass(slots=True)
class _Pending:
    """Operands and operators of one level, waiting for the operand behind them."""

    level: int
    operands: list[Node]
    operators: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def closed(self, last: Node) -> Chain:
        return Chain(tuple(self.operators), (*self.operands, last), tuple(self.places))


class _Parser:
    """Recursive descent; a method returns with the token behind what it has read."""

    __slots__ = ("nesting", "position", "text", "token", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(scan(text))
        self.position = 0
        self.token = self.tokens[0]
        self.nesting = 0

    # The order is that of precedence, from weak to strong.

    def expression(self) -> Node:
        """Read ``a ? b : c`` and ``a ?: b``, or what binds stronger."""
        self.enter()
        steps: list[Step] = []
        operand = self.operation()
        while self.token.kind in ("?", "?:"):
            mark = self.advance()
            place = (mark.start, mark.end)
            if mark.kind == "?:":
                steps.append(Step(operand, None, place))
            else:
                value = self.expression()
                self.expect(":", "The other branch is missing: condition ? value : other value.")
                steps.append(Step(operand, value, place))
            operand = self.operation()
        self.nesting -= 1
        return Choice(tuple(steps), operand) if steps else operand

    def operation(self) -> Node:
        """Read operands with operators between them."""
        waiting: list[_Pending] = []
        operand = self.unary()
        while True:
            level = LEVELS.get(self.token.kind, 0)
            while waiting and waiting[-1].level > level:
                operand = waiting.pop().closed(operand)
            if not level:
                return operand
            if waiting and waiting[-1].level == level:
                if level in NOT_CHAINED:
                    self.refuse("Comparisons cannot follow each other: join them with AND.")
                waiting[-1].operands.append(operand)
            else:
                waiting.append(_Pending(level, [operand]))
            sign = self.advance()
            waiting[-1].operators.append(sign.kind)
            waiting[-1].places.append((sign.start, sign.end))
            operand = self.unary()

    def unary(self) -> Node:
        """Read signs and the operand behind them."""
        signs: list[Token] = []
        while self.token.kind in ("!", "-", "+"):
            signs.append(self.advance())
            if len(signs) > MAX_NESTING:
                raise too_deep(self.token.start)
        operand = self.postfix()
        for sign in reversed(signs):
            operand = Unary(sign.kind, operand, (sign.start, sign.end))
        return operand

    def postfix(self) -> Node:
        """Read an operand with the properties, indexes and projections behind it."""
        operand = self.primary()
        for _ in range(MAX_NESTING):
            if self.token.kind in (".", "?."):
                operand = self.member(operand, safe=self.advance().kind == "?.")
            elif self.token.kind == "[":
                start = self.advance().start
                index = self.expression()
                end = self.expect("]", "A closing ] is missing.").end
                operand = Index(operand, index, (start, end))
            else:
                return operand
        raise too_deep(self.token.start)

    def member(self, base: Node, *, safe: bool) -> Node:
        """Read what stands behind a dot."""
        if self.token.kind == "!" and self.text.startswith("![", self.token.start):
            start = self.advance().start
            self.advance()
            body = self.expression()
            end = self.expect("]", "A closing ] is missing.").end
            return Projection(base, body, (start, end))
        word = self.token.text
        if not (word[:1].isalpha() or word[:1] in "_$") or not word or word.lower() in NEVER_NAMES:
            self.refuse("A name is expected behind the dot.")
        token = self.advance()
        if self.token.kind != "(":
            return Property(base, word, safe, (token.start, token.end))
        start = base.at[0] if isinstance(base, Name) else token.start
        return Call(base, word, self.arguments(), safe, (start, token.end))

    def primary(self) -> Node:
        """Read a literal, a name, a call, a list, a map, or what stands in brackets."""
        token = self.token
        place = (token.start, token.end)
        match token.kind:
            case "string":
                return Literal(unquoted(self.advance().text), place)
            case "constant":
                return Literal(CONSTANTS[self.advance().text.lower()], place)
            case "integer" | "real":
                return Literal(self.number(self.advance()), place)
            case "name":
                self.advance()
                if self.token.kind == "(":
                    return Call(None, token.text, self.arguments(), at=place)
                return Name(token.text, place)
            case "(":
                self.advance()
                inner = self.expression()
                self.expect(")", "A closing ) is missing.")
                return inner
            case "{":
                return self.braces()
            case "[":
                self.advance()
                index = self.expression()
                end = self.expect("]", "A list is written in braces: {a, b}.").end
                return Index(None, index, (token.start, end))
            case _:
                return self.refuse("A value is expected here.")

    def arguments(self) -> tuple[Node, ...]:
        """Read ``(a, b)``; one comma at the end is tolerated, as SpEL does."""
        self.advance()
        found: list[Node] = []
        while self.token.kind != ")":
            found.append(self.expression())
            if self.token.kind != ",":
                break
            self.advance()
        self.expect(")", "A closing ) is missing.")
        return tuple(found)

    def braces(self) -> Node:
        """Read ``{a, b}`` or ``{'key': value}``."""
        start = self.advance().start
        if self.token.kind == "}":
            return ListLiteral((), (start, self.advance().end))
        if self.token.kind == ":":
            self.advance()
            end = self.expect("}", "A closing } is missing.").end
            return MapLiteral((), (start, end))
        first = self.expression()
        if self.token.kind != ":":
            items = [first]
            while self.token.kind == ",":
                self.advance()
                items.append(self.expression())
            end = self.expect("}", "A closing } is missing.").end
            return ListLiteral(tuple(items), (start, end))
        entries = []
        key = first
        while True:
            self.expect(":", "A key needs a value: {'key': value}.")
            entries.append((literal_key(key), self.expression()))
            if self.token.kind != ",":
                break
            self.advance()
            key = self.expression()
        end = self.expect("}", "A closing } is missing.").end
        return MapLiteral(tuple(entries), (start, end))

    def number(self, token: Token) -> int | float:
        """Return a literal's number: 32 bits, 64 with the suffix L, or a double."""
        digits = token.text
        if token.kind == "real":
            return float(digits.rstrip("fFdD"))
        wide = digits[-1] in "lL"
        digits = digits.rstrip("lL")
        number = (
            int(digits, 16)
            if digits[1:2] in ("x", "X")
            else int(digits)
            if len(digits) < 30
            else 2**64
        )
        if number >= (2**63 if wide else 2**31):
            self.position -= 1
            self.token = token
            self.refuse(
                "The number is too large."
                if wide
                else "A whole number ends at 2147483647; write an L behind a larger one."
            )
        return number if wide else Int32(number)

    # ------------------------------------------------------------------------------- moving

    def enter(self) -> None:
        """Count a level of nesting."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise too_deep(self.token.start)

    def advance(self) -> Token:
        """Step over the current token and return it."""
        token = self.token
        self.position += 1
        self.token = self.tokens[self.position]
        return token

    def expect(self, kind: str, otherwise: str) -> Token:
        """Step over a token of the kind, or refuse the expression."""
        if self.token.kind != kind:
            self.refuse(otherwise)
        return self.advance()

    def refuse(self, hint: str) -> NoReturn:
        """Raise the error for the current token."""
        token = self.token
        if token.kind == "error":
            hint = HINTS.get(
                token.text[0], f"The character {token.text[0]!r} belongs between quotes."
            )
        hint = HINTS.get(token.kind, hint) if token.kind in ("++", "--") else hint
        raise syntax_error(self.text, token.start, max(token.end, token.start + 1), hint)


def literal_key(key: Node) -> Node:
    """Return a map's key: a bare name is the text of that name, as in SpEL."""
    return Literal(key.name, key.at) if isinstance(key, Name) else key
