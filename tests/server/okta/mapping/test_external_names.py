import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.okta.mapping.external_names import (
    ExternalName,
    InvalidExternalName,
    Selector,
    parse_external_name,
)

FORMS = {
    "title": ExternalName((), None, ("title",)),
    "name.givenName": ExternalName((), None, ("name", "givenName")),
    "emails.^[primary==true].value": ExternalName(
        ("emails",), Selector("primary", True), ("value",)
    ),
    "phoneNumbers.^[type=='mobile'].value": ExternalName(
        ("phoneNumbers",), Selector("type", "mobile"), ("value",)
    ),
    'phoneNumbers.^[ type == "work" ].value': ExternalName(
        ("phoneNumbers",), Selector("type", "work"), ("value",)
    ),
    "addresses.^[primary==false].locality": ExternalName(
        ("addresses",), Selector("primary", False), ("locality",)
    ),
}


@pytest.mark.parametrize("text", FORMS)
def test_okta_s_forms_are_read(text: str) -> None:
    assert parse_external_name(text) == FORMS[text]


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "a..b", "emails.^[primary==true]", "emails[primary==true].value", "a b", "1a"],
)
def test_other_texts_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InvalidExternalName, match=r"is not of a form that Okta reads: write title"):
        parse_external_name(text)


@given(st.text() | st.text("ab.^[]='\"1$ ", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        name = parse_external_name(text)
    except InvalidExternalName:
        return
    assert name.leaf
    assert (name.selector is None) == (name.holder == ())


def test_a_value_that_is_not_said_to_be_primary_is_not_primary() -> None:
    assert Selector("primary", False).picks({"value": "x"})
    assert not Selector("primary", True).picks({"value": "x"})
    assert not Selector("primary", True).picks({"primary": 1})
    assert Selector("type", "mobile").picks({"type": "Mobile"})
    assert not Selector("type", "mobile").picks("mobile")
