import json

from hypothesis import given
from hypothesis import strategies as st

from server.calls.json_rewriting import rewritten_json

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values, st.booleans(), st.none() | st.just(2))
def test_what_is_not_replaced_stays_as_it_was_written(
    value: object, escaped: bool, indent: int | None
) -> None:
    body = json.dumps(value, ensure_ascii=escaped, indent=indent).encode("utf-8", "surrogatepass")
    same = rewritten_json(body, str, lambda members, text: text, lambda members, number: number)
    assert same == body


def marked(value: object, path: tuple[str, ...] = ("",)) -> object:
    """Write into each text and number where it stands, by recursion."""
    if isinstance(value, dict):
        return {f"{key}!": marked(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, (*path, path[-1])) for inner in value]
    if isinstance(value, str):
        return json.dumps([*path, value])
    return value if isinstance(value, bool) or value is None else value * 10


@given(values)
def test_texts_numbers_and_names_are_replaced_wherever_they_are(value: object) -> None:
    rewritten = rewritten_json(
        json.dumps(value).encode(),
        lambda name: f"{name}!",
        lambda members, text: json.dumps([*members, text]),
        lambda members, number: number if number == "0" else f"{number}0",
    )
    assert rewritten is not None
    assert json.loads(rewritten) == marked(value)


@given(st.binary(max_size=60))
def test_what_is_no_json_is_none(body: bytes) -> None:
    rewritten = rewritten_json(body, str, lambda _, text: text, lambda _, number: number)
    try:
        json.loads(body.decode("utf-8"), parse_constant=lambda word: 1 / 0)
    except (ValueError, ArithmeticError):
        assert rewritten is None
    else:
        assert rewritten in (body, None)
