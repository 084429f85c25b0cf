"""Hostile expressions are refused or stopped at once."""

import time
from typing import Any

import pytest

from server.okta.expressions import Context, ExpressionError, compile_expression

WITHIN = 0.1
"""Seconds of this thread's own work, so that a busy machine does not count."""

LONG = "a" * 100_000

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("1" * 10_001, {}, "limit"),
    ("(" * 5000 + "1" + ")" * 4999, {}, "limit"),
    ("(" * 200 + "1" + ")" * 200, {}, "limit"),
    ("!" * 9999 + "a", {}, "limit"),
    ("- " * 4999 + "1", {}, "limit"),
    ("{" * 9000, {}, "limit"),
    ("f(" * 4000, {}, "limit"),
    ("a" + "[0]" * 3000, {}, "limit"),
    ("true ? " * 1000 + "1", {}, "limit"),
    ("user" + ".a" * 4000, {}, "limit"),
    ("'" + "''" * 4999, {}, "syntax"),
    ("9" * 10_000, {}, "syntax"),
    ("user." + "a" * 9990, {}, "property"),
    ("user.t matches '(a|aa)+b'", {"t": "a" * 5000 + "c"}, "limit"),
    (" OR ".join(["user.t matches '(a|aa)+b'"] * 300), {"t": "a" * 5000 + "c"}, "limit"),
    ("String.replace(" * 20 + "user.t" + ",'a','aaaaaaaa')" * 20, {"t": "a"}, "limit"),
    ("user.t + user.t", {"t": LONG}, "limit"),
    ("user.t + 'a' + user.t", {"t": LONG}, "limit"),
    ("user.t + 'a' + 'b' + 'c' + user.t", {"t": LONG}, "limit"),
    ("String.append(user.t, user.t)", {"t": LONG}, "limit"),
    ("String.join(user.t, user.t, user.t)", {"t": LONG}, "limit"),
    ("String.toUpperCase(user.t)", {"t": "ß" * 60_000}, "limit"),
    ("Arrays.flatten(user.l, user.l)", {"l": list(range(6000))}, "limit"),
    ("Arrays.size(user.t)", {"t": "," * 20_000}, "limit"),
    ("String.stringSwitch(user.t, 'd'" + ", 'aaaaaab', 'x'" * 600 + ")", {"t": LONG}, "limit"),
]


@pytest.mark.parametrize(("expression", "profile", "kind"), REFUSED, ids=range(len(REFUSED)))
def test_hostile_expression_is_refused_in_time(
    expression: str, profile: dict[str, Any], kind: str
) -> None:
    took = []
    for _ in range(3):
        start = time.thread_time()
        with pytest.raises(ExpressionError) as raised:
            compile_expression(expression).evaluate(Context(profile=profile))
        took.append(time.thread_time() - start)
        assert raised.value.kind == kind
    # The best of three: the garbage collector may have had its turn in one of them.
    assert min(took) < WITHIN


def test_wide_expressions_are_evaluated() -> None:
    assert compile_expression("+".join(["1"] * 5000)).evaluate(Context()) == 5000
    chain = "".join(f"user.c == '{number}' ? {number} : " for number in range(300)) + "null"
    assert compile_expression(chain).evaluate(Context(profile={"c": "299"})) == 299
    nested = "String.toLowerCase(" * 50 + "'A'" + ")" * 50
    assert compile_expression(nested).evaluate(Context()) == "a"


def test_a_list_of_expressions_for_many_groups_is_stopped() -> None:
    groups = [{"id": "1", "name": "x"}] * 10_000
    expression = compile_expression(f"getFilteredGroups({{'1'}}, '{'1+' * 3000}1', 100)")
    with pytest.raises(ExpressionError) as raised:
        expression.evaluate(Context(groups=groups))
    assert raised.value.kind == "limit"
