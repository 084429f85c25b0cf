from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.calls.filters import FIELDS, CallFilterError, Filter, parse, print_filter
from server.calls.filters.tree import (
    And,
    Day,
    Moment,
    Not,
    Numbers,
    Or,
    Outcome,
    Pattern,
    Span,
    Term,
    Test,
    TimeOfDay,
)
from tests.server.calls.filters.strategies import FILTERS


def text(*parts: str) -> Term:
    return Term("text", Pattern(parts))


@pytest.mark.parametrize(
    ("written", "field", "test"),
    [
        ("status:404", "status", Numbers(404, 404)),
        ("status:>=400", "status", Numbers(400, None)),
        ("status:>400", "status", Numbers(401, None)),
        ("status:<400", "status", Numbers(None, 399)),
        ("status:400..499", "status", Numbers(400, 499)),
        ("status:4xx", "status", Numbers(400, 499)),
        ("STATUS:Failed", "status", Outcome("failed")),
        ("method:patch", "method", Pattern(("patch",), whole=True)),
        ("user:ann", "user", Pattern(("ann",))),
        ("user:ann*", "user", Pattern(("ann", ""), whole=True)),
        ("user:=ann", "user", Pattern(("ann",), whole=True)),
        ('user:"=ann"', "user", Pattern(("=ann",))),
        ('user:""', "user", Pattern(("",), whole=True)),
        ('user:"a*b"', "user", Pattern(("a*b",))),
        ("note:*", "note", Pattern(("", ""), whole=True)),
        ('token:"Okta \\"new\\" \\\\ x"', "token", Pattern(('Okta "new" \\ x',))),
        ("path:C:\\x", "path", Pattern(("C:\\x",))),
        ("slower:200ms", "slower", Span(200_000)),
        ("slower:1.5s", "slower", Span(1_500_000)),
        ("since:10m", "since", Span(600_000_000)),
        ("since:14:30", "since", TimeOfDay(time(14, 30))),
        ("until:2026-11-23", "until", Day(date(2026, 11, 23))),
        ("since:2026-11-23T14:30", "since", Moment(datetime(2026, 11, 23, 14, 30))),
        (
            "since:2026-11-23T14:30:00.25Z",
            "since",
            Moment(datetime(2026, 11, 23, 14, 30, 0, 250_000, UTC)),
        ),
        ("op:deactivate", "op", Pattern(("deactivate",), whole=True)),
        ("text:a*b", "text", Pattern(("a", "b"))),
    ],
)
def test_each_kind_of_value_is_read(written: str, field: str, test: Test) -> None:
    assert parse(written) == Term(field, test)


@pytest.mark.parametrize(
    ("written", "tree"),
    [
        ("", None),
        ("  ", None),
        ("ann", text("ann")),
        ('"ann lee" bob', And((text("ann lee"), text("bob")))),
        ("a and b", And((text("a"), text("b")))),
        ("a b or c", Or((And((text("a"), text("b"))), text("c")))),
        ("a (b or c)", And((text("a"), Or((text("b"), text("c")))))),
        ("-a", Not(text("a"))),
        ("not a b", And((Not(text("a")), text("b")))),
        ("NOT (a OR b)", Not(Or((text("a"), text("b"))))),
        ("not(a)", Not(text("a"))),
        ('"or" "-a"', And((text("or"), text("-a")))),
        ("12:30", text("12:30")),
        ("order", text("order")),
    ],
)
def test_terms_are_joined_and_negated(written: str, tree: Filter | None) -> None:
    assert parse(written) == tree


@pytest.mark.parametrize(
    ("written", "place", "says"),
    [
        ("stats:404", "stats:", 'There is no field "stats": did you mean status:?'),
        ("urn:ietf:x", "urn:", 'for the text write "urn:ietf:x".'),
        ("a status:", "status:", "write status:>=400"),
        ("status:many", "many", '"many" is no status'),
        ("status:499..400", "499..400", "write status:400..499"),
        ("slower:200", "200", "write slower:200ms"),
        ("since:25:00", "25:00", "is no time that can be"),
        ("since:2026-02-30", "2026-02-30", "is no time that can be"),
        ("since:0001-01-01", "0001-01-01", "is no time that can be"),
        ("op:dance", "dance", 'There is no op "dance"'),
        ("marked:pink", "pink", "red, amber, green, blue, violet"),
        ('a "b c', '"b c', "not closed"),
        ("(a b", "(", "The bracket is not closed"),
        ("a) b", ")", "closes nothing"),
        ("()", ")", "missing before this bracket"),
        ("or a", "or", 'missing before "or"'),
        ("a and or b", "or", 'missing before "or"'),
        ("a or", "or", 'missing behind "or"'),
        ("- a", "-", "missing behind the minus"),
        ("not", "not", 'missing behind "not"'),
        ("text:*", "text:*"[5:], "nothing to look for"),
        ("a \0", "\0", "Remove this character"),
        ("(" * 13 + "a" + ")" * 13, "(", "nests more than 12"),
        ("x" * 2001, "x" * 2001, "longer than 2,000"),
        ("a " * 101, "a", "more than 100 terms"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_cure(written: str, place: str, says: str) -> None:
    with pytest.raises(CallFilterError) as caught:
        parse(written)
    error = caught.value
    assert says in str(error)
    assert written[error.position : error.position + error.length] == place


@given(FILTERS)
def test_a_printed_filter_is_read_as_the_same(tree: Filter) -> None:
    assert parse(print_filter(tree)) == tree


PIECES = st.sampled_from(
    [*(f"{name}:" for name in FIELDS), *'()"-*=\\: .', "or", "and", "not", "4xx", "10m", ">=", ".."]
)


@given(st.text() | st.lists(PIECES | st.text(max_size=2), max_size=12).map("".join))
@example("status:٣")
@example("status:<00")
@example("status:>1000")
@example("status:>999")
@example("since:2026-11-23T23:59:59.999999+23:59")
@example("slower:999999999.999w")
def test_any_text_is_read_or_refused_with_a_place_in_it(written: str) -> None:
    refused, tree = None, None
    try:
        tree = parse(written)
    except CallFilterError as error:
        refused = error
    if refused is None:
        assert parse(print_filter(tree)) == tree
    else:
        assert str(refused).endswith((".", "?"))
        assert 0 <= refused.position <= refused.position + refused.length <= len(written)


def test_every_field_has_an_example_that_is_read() -> None:
    for field in FIELDS.values():
        tree = parse(field.example)
        assert isinstance(tree, Term)
        assert tree.field == field.name
        for value in field.values or ():
            assert parse(f'{field.name}:"{value}"') == parse(f"{field.name}:{value}")


def test_the_readme_names_every_field() -> None:
    readme = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in readme] == []
