"""Any tree and any text: printing keeps the tree, and nothing but ExpressionError is raised."""

from collections.abc import Container
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.okta.expressions import (
    FUNCTIONS,
    Context,
    ExpressionError,
    Value,
    compile_expression,
    complete,
    parse,
    print_tree,
    signature_at,
    tokens,
)
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
    Step,
    Unary,
)
from server.okta.expressions.values import Int32

PROFILE: dict[str, Any] = {
    "a": "Ada",
    "n": None,
    "i": 2**40,
    "f": 2.5,
    "b": True,
    "l": ["x", None, 3, 1.5],
    "s": "😀é",
    "e": "",
}
CONTEXT = {
    "groups": [{"id": "1", "name": "Sales", "type": "OKTA_GROUP", "profile": {"x": 1}}],
    "manager": {"a": "Maria"},
    "linked": {"x": {"a": "Bo"}},
    "directory_users": [{"a": "D"}],
    "app": {"a": 1},
    "internal": {"id": "00u1"},
}

names = st.sampled_from([*PROFILE, "user", "source", "app", "name", "AND", "x"])
literals = st.builds(
    Literal,
    st.none()
    | st.booleans()
    | st.integers(0, 2**31 - 1).map(Int32)
    | st.integers(0, 2**63 - 1)
    | st.floats(0, allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["1", "yes", "Ada", "(?i)a.*", "yyyy-MM-dd", "EST", "2015-07-31", "id"]),
)
roots = names.filter(lambda name: name != "AND")
LEVELS = [
    ["||"],
    ["&&"],
    ["==", "!=", "<", "<=", ">", ">=", "matches"],
    ["+", "-"],
    ["*", "/", "%"],
    ["^"],
]


def extended(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return trees one level higher than the given ones."""

    def chain(level: list[str]) -> st.SearchStrategy[Node]:
        most = 1 if level in (LEVELS[2], LEVELS[5]) else 3

        def of(operators: list[str]) -> st.SearchStrategy[Node]:
            count = len(operators) + 1
            operands = st.lists(nodes, min_size=count, max_size=count)
            # An operand of the same level on the left would be part of this chain.
            return operands.filter(
                lambda found: not (isinstance(found[0], Chain) and found[0].operators[0] in level)
            ).map(lambda found: Chain(tuple(operators), tuple(found)))

        return st.lists(st.sampled_from(level), min_size=1, max_size=most).flatmap(of)

    def call(name: str) -> st.SearchStrategy[Node]:
        spec = FUNCTIONS[name]
        target, _, last = name.rpartition(".")
        most = len(spec.parameters) + 2 * spec.variadic
        arguments = st.lists(nodes, min_size=spec.fewest, max_size=most)
        return arguments.map(
            lambda found: Call(Name(target) if target else None, last, tuple(found))
        )

    few = st.lists(nodes, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Property, nodes, names, st.booleans()),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(call),
        st.builds(Call, nodes, roots, few, st.booleans()),
        st.builds(Index, st.none() | nodes, nodes),
        st.builds(Projection, nodes, nodes),
        st.builds(ListLiteral, few),
        st.builds(
            MapLiteral,
            st.lists(st.tuples(literals, nodes), max_size=2).map(tuple),
        ),
        st.builds(Unary, st.sampled_from(["!", "-", "+"]), nodes),
        st.sampled_from(LEVELS).flatmap(chain),
        st.builds(
            Choice,
            st.lists(
                st.builds(
                    Step,
                    nodes.filter(lambda node: not isinstance(node, Choice)),
                    st.none() | nodes,
                ),
                min_size=1,
                max_size=3,
            ).map(tuple),
            nodes.filter(lambda node: not isinstance(node, Choice)),
        ),
    )


def outcome(
    expression: str, context: Context, attributes: Container[str] | None = None
) -> Value | ExpressionError:
    """Return an expression's value or its error; anything else that is raised fails the test."""
    try:
        return compile_expression(expression, attributes).evaluate(context)
    except ExpressionError as error:
        return error


pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

trees = st.recursive(literals | st.builds(Name, roots), extended, max_leaves=12)


@settings(max_examples=200, deadline=None)
@given(trees)
def test_printing_keeps_the_tree(tree: Node) -> None:
    text = print_tree(tree)
    assert parse(text) == tree
    assert print_tree(parse(text)) == text


@settings(max_examples=200, deadline=None)
@given(trees)
def test_evaluating_any_tree_gives_a_value_or_an_expression_error(tree: Node) -> None:
    context = Context.from_json(PROFILE, CONTEXT)
    for attributes in (PROFILE.keys(), None):
        found = outcome(print_tree(tree), context, attributes)
        if isinstance(found, ExpressionError):
            assert found.text
            # Only the text for groups is an expression of its own, which may be wrong.
            assert found.kind != "syntax" or "getFilteredGroups" in print_tree(tree)
        else:
            assert found is None or type(found) in (str, bool, int, float, list, dict)


PIECES = st.sampled_from(
    [
        *FUNCTIONS, "user.", "a", "(", ")", ",", "{", "}", "[", "]", "'", '"', "1", "2.5", " ", "?",
        ":", "?:", "?.", ".", "!", "==", "<", "+", "-", "*", "/", "^", "AND ", "matches ", "null",
        "'x'", ".![", "“", "\n", "user.a", "😀", "L", "e", "0x",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40), st.integers(0, 60))
def test_any_text_is_answered(text: str, position: int) -> None:
    context = Context.from_json(PROFILE, CONTEXT)
    found = outcome(text, context, PROFILE)
    assert not isinstance(found, ExpressionError) or found.text
    pieces = tokens(text)
    assert all(start < end for start, end, _ in pieces)
    assert "".join(text[start:end] for start, end, _ in pieces) == text.translate(
        dict.fromkeys(map(ord, " \t\r\n"))
    ) or any(kind in ("string", "error") for *_, kind in pieces)
    for proposal in complete(text, min(position, len(text)), PROFILE):
        assert 0 <= proposal.start <= proposal.end <= len(text)
    signature = signature_at(text, position)
    assert signature is None or signature[0].last_name in text


PATTERNS = st.text(st.sampled_from(list("ab.*+?()[]{}|^$\\-&123,<>=!:ipPdwQEkx ")), max_size=15)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.text(st.sampled_from("ab1 "), max_size=8))
def test_any_pattern_is_answered(pattern: str, text: str) -> None:
    context = Context(profile={"t": text, "p": pattern})
    found = outcome("user.t matches user.p", context)
    if isinstance(found, ExpressionError):
        assert found.kind in ("evaluation", "limit")
    else:
        assert isinstance(found, bool)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from(list("GCYxweEyDMdaKhHkmsSzZ'-:. TQ")), max_size=10),
    st.text(max_size=12),
)
def test_any_pattern_of_time_is_answered(pattern: str, text: str) -> None:
    context = Context(profile={"p": pattern, "t": text})
    for expression in (
        "Time.now('EST', user.p)",
        "Time.fromStringToIso8601(user.t, user.p)",
        "Time.fromStringToIso8601(Time.now('EST', user.p), user.p)",
        "Time.now(user.t)",
        "Time.fromIso8601ToUnix(user.t)",
        "Time.fromUnixToIso8601(user.t)",
    ):
        found = outcome(expression, context)
        if isinstance(found, ExpressionError):
            assert found.kind == "evaluation"
        else:
            assert isinstance(found, str)
