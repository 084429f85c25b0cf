from typing import Any

import pytest

from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.target_types import DoesNotFit, constant_value, rule_for
from server.okta.people.schema import AttributeType

FITS: list[tuple[AttributeType, Any, Any]] = [
    ("string", " a ", " a "),
    ("string", "", ""),
    ("country code", "GB", "GB"),
    ("boolean", False, False),
    ("integer", 2**63 - 1, 2**63 - 1),
    ("number", 3, 3.0),
    ("number", 2.5, 2.5),
    ("string array", ["a", None, "b"], ["a", "b"]),
    ("integer array", [1, 2], [1, 2]),
    ("number array", [1, 2.5], [1.0, 2.5]),
]
MISFITS: list[tuple[AttributeType, Any, str]] = [
    ("string", ["a"], "Arrays.toCsvString"),
    ("string", 5, '"" +'),
    ("string", True, '"" +'),
    ("boolean", "true", "? true : false"),
    ("integer", 2.0, "Convert.toInt"),
    ("integer", True, "Convert.toInt"),
    ("integer", 2**63, "Convert.toInt"),
    ("integer", "5", "Convert.toInt"),
    ("number", "5", "Convert.toNum"),
    ("number", float("inf"), "Convert.toNum"),
    ("string array", "a,b", "Arrays.flatten"),
    ("integer array", ["1"], "Convert.toInt"),
]


@pytest.mark.parametrize(("type_", "value", "taken"), FITS)
def test_a_value_that_fits_is_taken(type_: AttributeType, value: Any, taken: Any) -> None:
    fitting = rule_for(AppAttribute("x", "X", type=type_))(value)
    assert (fitting, type(fitting)) == (taken, type(taken))


@pytest.mark.parametrize(("type_", "value", "cure"), MISFITS)
def test_a_value_that_does_not_fit_comes_with_a_cure(
    type_: AttributeType, value: Any, cure: str
) -> None:
    with pytest.raises(DoesNotFit) as refused:
        rule_for(AppAttribute("x", "X", type=type_))(value)
    assert cure in str(refused.value)


def test_a_number_fits_a_string_when_that_is_switched_on() -> None:
    rule = rule_for(AppAttribute("x", "X"), numbers_as_text=True)
    assert rule(42) == "42"
    with pytest.raises(DoesNotFit):
        rule(True)


@pytest.mark.parametrize("value", ["red", "RED ", "", "Rot"])
def test_an_enum_takes_its_values_alone_exactly_as_they_are_written(value: str) -> None:
    rule = rule_for(AppAttribute("x", "X", enum=(("Red", "Rot"), ("Blue", "Blau"))))
    assert rule("Red") == "Red"
    with pytest.raises(DoesNotFit, match="letter case and blanks"):
        rule(value)


def test_an_enum_of_numbers_and_of_arrays_compares_each_value() -> None:
    assert rule_for(AppAttribute("x", "X", type="number", enum=(("1", "One"),)))(1) == 1.0
    rule = rule_for(AppAttribute("x", "X", type="string array", enum=(("a", "A"), ("b", "B"))))
    assert rule(["a", "b"]) == ["a", "b"]
    with pytest.raises(DoesNotFit):
        rule(["a", "c"])


def test_a_constant_becomes_a_value_of_its_attribute_s_type() -> None:
    def constant(type_: AttributeType, text: str) -> Any:
        return constant_value(AppAttribute("x", "X", type=type_), text)

    assert constant("string", 'user.firstName + "x"') == 'user.firstName + "x"'
    assert constant("boolean", "True") is True
    assert constant("integer", "-5") == -5
    assert constant("number", "2.5") == 2.5
    assert constant("string array", "a, b,") == ["a", "b"]
    for type_, text in (("boolean", "yes"), ("integer", "1.5"), ("number", "nan")):
        with pytest.raises(DoesNotFit, match=r"enter (a number|true or false)"):
            constant(type_, text)  # type: ignore[arg-type]
