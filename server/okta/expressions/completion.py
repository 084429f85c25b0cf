"""What an editor asks while an expression is written: proposals, signatures, colours.

The text may be unfinished or wrong; nothing here raises.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from server.okta.expressions.functions import FUNCTIONS
from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.lexer import Token, scan
from server.okta.expressions.names import ANY, CLAIMS, SOURCES, Names, Scope

CompletionKind: TypeAlias = Literal["property", "function", "keyword"]
TokenKind: TypeAlias = Literal[
    "string",
    "number",
    "name",
    "property",
    "function",
    "namespace",
    "keyword",
    "operator",
    "bracket",
    "error",
]

BRACKETS: Final = frozenset("()[]{}")
ENDS_OPERAND: Final = frozenset({"string", "integer", "real", "name", "constant", ")", "]", "}"})
NAMESPACES: Final = frozenset(spec.namespace for spec in FUNCTIONS.values() if spec.namespace)

OBJECT_HELP: Final = {
    "user": "The person's Okta profile.",
    "source": "The profile on the left of the mapping: the person's Okta profile.",
    "app": "Settings of the app.",
    "org": "The Okta organization.",
    "appuser": "The person's account in the app; in mappings to Okta.",
    "idpuser": "The person at the identity provider; in username transforms.",
    "session": "The session; in SAML attribute statements.",
    "access": "The access token; in claims.",
}
OPERATOR_WORDS: Final = {
    "AND": "Both conditions hold.",
    "OR": "At least one condition holds.",
    "matches": "The whole text matches a Java regular expression.",
}
OPERAND_WORDS: Final = {
    "true": "The boolean.",
    "false": "The boolean.",
    "null": "No value: an attribute that was never set.",
}


@dataclass(frozen=True, slots=True)
class Completion:
    """A proposal.

    Attributes:
        insert: What takes the place of the text from ``start`` to ``end``; the cursor belongs
            behind it. A function ends in its opening bracket, or in () without parameters.
        label: What the list shows.
        signature: A function's signature, or "".
    """

    insert: str
    label: str
    kind: CompletionKind
    signature: str
    help: str
    start: int
    end: int


def complete(
    text: str,
    position: int,
    attributes: Iterable[str] | Mapping[str, str] = (),
    *,
    names: Names | None = None,
) -> list[Completion]:
    """Return the proposals for the name at a position, the best first.

    ``attributes`` are the person's, in the order of the list; as a mapping they bring their titles
    along. Nothing is proposed inside a text in quotes.
    """
    before = [token for token in scan(text) if token.start < position]
    typed = before.pop() if before and is_word(before[-1]) and before[-1].end >= position else None
    last = before[-1] if before else None
    if last is not None and (last.end > position or is_open_text(last)):
        return []
    start = typed.start if typed else position
    prefix = text[start:position]
    end = typed.end if typed else position
    titles = dict(attributes) if isinstance(attributes, Mapping) else dict.fromkeys(attributes, "")
    proposer = _Proposer(titles, names or Names(), start, end)
    if last is not None and last.kind in (".", "?."):
        found = proposer.members(before[:-1])
    elif last is not None and last.kind in ENDS_OPERAND:
        found = proposer.words(OPERATOR_WORDS)
    else:
        found = proposer.operands()
    return fitting(found, prefix)


def is_word(token: Token) -> bool:
    """Say whether a token is written like a name."""
    return token.text[:1].isalpha() or token.text[:1] in ("_", "$")


def is_open_text(token: Token) -> bool:
    """Say whether a token is a text whose closing quote is missing."""
    return token.kind == "error" and token.text[0] in ("'", '"')


def fitting(found: Iterable[Completion], prefix: str) -> list[Completion]:
    """Return the proposals that begin with the prefix, then those that contain it."""
    wanted = prefix.lower()
    beginning, containing = [], []
    for each in found:
        label = each.label.lower()
        if label.startswith(wanted) or label.rpartition(".")[2].startswith(wanted):
            beginning.append(each)
        elif wanted in label:
            containing.append(each)
    return beginning + containing


@dataclass(frozen=True, slots=True)
class _Proposer:
    """Makes the proposals for one place of a text."""

    titles: Mapping[str, str]
    names: Names
    start: int
    end: int

    def operands(self) -> Iterator[Completion]:
        """Yield what a value can begin with."""
        scope = Scope("", self.titles, self.names)
        for name, help_text in OBJECT_HELP.items():
            if name in SOURCES or scope.root(name) is not None:
                yield self.named(name, help_text)
        for name in self.names.apps or ():
            yield self.named(name, f"The person's account in {name}.")
        for name in self.names.app_settings or ():
            yield self.named(name, f"Settings of {name.removesuffix('_app')}.")
        for spec in sorted(FUNCTIONS.values(), key=lambda spec: bool(spec.deprecated)):
            if self.usable(spec):
                yield self.function(spec, spec.name)
        for name, title in self.titles.items():
            yield self.named(f"user.{name}", title)
        yield from self.words(OPERAND_WORDS)

    def members(self, before: list[Token]) -> Iterator[Completion]:
        """Yield what can stand behind a dot."""
        base = before[-1] if before else None
        if base is None or not (is_word(base) or base.kind == ")"):
            return
        if base.kind == ")":
            yield from self.attributes(called(before))
            return
        for spec in FUNCTIONS.values():
            if spec.namespace == base.text and self.usable(spec):
                yield self.function(spec, spec.last_name)
        yield from self.attributes(base.text)

    def attributes(self, base: str) -> Iterator[Completion]:
        """Yield the attributes of an object, or of what the function of this name gives."""
        scope = Scope("", self.titles, self.names)
        spec = FUNCTIONS.get(base)
        known: Container[str] | None = scope.result(spec) if spec else scope.root(base)
        if known is self.titles:
            for name, title in self.titles.items():
                yield self.named(name, title)
        elif known is not None and known is not ANY and isinstance(known, Iterable):
            for name in sorted(map(str, known)):
                yield self.named(name, "")

    def usable(self, spec: FunctionSpec) -> bool:
        """Say whether a function can be used here."""
        return spec.in_mappings or self.names.usage in CLAIMS

    def named(self, name: str, help_text: str) -> Completion:
        """Return the proposal of an object or attribute."""
        return Completion(name, name, "property", "", help_text, self.start, self.end)

    def function(self, spec: FunctionSpec, written: str) -> Completion:
        """Return the proposal of a function."""
        help_text = f"Use {spec.deprecated} instead. {spec.help}" if spec.deprecated else spec.help
        insert = f"{written}(" if spec.parameters else f"{written}()"
        return Completion(
            insert, written, "function", spec.signature, help_text, self.start, self.end
        )

    def words(self, words: Mapping[str, str]) -> Iterator[Completion]:
        """Yield the proposals of keywords."""
        for word, help_text in words.items():
            yield Completion(word, word, "keyword", "", help_text, self.start, self.end)


def called(tokens: list[Token]) -> str:
    """Return the name of the function whose closing bracket is the last token."""
    open_brackets = 0
    for number in range(len(tokens) - 1, -1, -1):
        kind = tokens[number].kind
        open_brackets += (kind in ")]}") - (kind in "([{") if len(kind) == 1 else 0
        if not open_brackets:
            return name_before(tokens, number)
    return ""


def name_before(tokens: list[Token], number: int) -> str:
    """Return the name, with its namespace, that stands before a token; "" for none."""
    if number < 1 or not is_word(tokens[number - 1]):
        return ""
    name = tokens[number - 1].text
    if number >= 3 and tokens[number - 2].kind == "." and is_word(tokens[number - 3]):
        return f"{tokens[number - 3].text}.{name}"
    return name


def signature_at(text: str, position: int) -> tuple[FunctionSpec, int] | None:
    """Return the function in whose brackets a position is, and the parameter's index.

    The index is that of the parameter in the declaration, so a variadic one stays the active one.
    """
    tokens = list(scan(text))
    stack: list[tuple[str, int]] = []
    for number, token in enumerate(tokens):
        if token.kind == "end" or token.start >= position:
            break
        if token.kind in ("(", "[", "{"):
            stack.append((name_before(tokens, number) if token.kind == "(" else "", 0))
        elif token.kind in (")", "]", "}") and stack:
            stack.pop()
        elif token.kind == "," and stack:
            stack[-1] = (stack[-1][0], stack[-1][1] + 1)
    for name, index in reversed(stack):
        spec = FUNCTIONS.get(name)
        if spec is not None:
            return spec, min(index, max(len(spec.parameters) - 1, 0))
    return None


def tokens(text: str) -> list[tuple[int, int, TokenKind]]:
    """Return the pieces of a text, without blanks, as (start, end, kind) for colouring."""
    found = list(scan(text))[:-1]
    return [
        (token.start, token.end, token_kind(found, number)) for number, token in enumerate(found)
    ]


def token_kind(found: list[Token], number: int) -> TokenKind:
    """Return how a token is to be shown."""
    token = found[number]
    if token.kind in ("string", "error"):
        return "string" if token.kind == "string" else "error"
    if token.kind in ("integer", "real"):
        return "number"
    if not is_word(token):
        return "bracket" if token.kind in BRACKETS else "operator"
    behind_dot = number > 0 and found[number - 1].kind in (".", "?.")
    following = found[number + 1].kind if number + 1 < len(found) else ""
    if token.kind != "name" and not behind_dot:
        return "keyword"
    if following == "(":
        return "function"
    if behind_dot:
        return "property"
    return "namespace" if token.text in NAMESPACES - SOURCES and following == "." else "name"
