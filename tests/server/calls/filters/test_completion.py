from hypothesis import given
from hypothesis import strategies as st

from server.calls.filters import FIELDS, complete, parse

VALUES = {"token": ["Okta production", "curl"], "org": ["Acme"], "op": ["create"]}


def completed(text: str, number: int = 0) -> str:
    """Complete at the bar."""
    position = text.index("|")
    text = text.replace("|", "")
    found = complete(text, position, VALUES)
    return text[: found.start] + found.items[number].text + text[found.end :]


def offered(text: str) -> list[str]:
    return [item.text for item in complete(text, len(text), VALUES).items]


def test_the_beginning_of_a_field_is_completed() -> None:
    assert completed("sta|") == "status:"
    assert completed("method:get -or|") == "method:get -origin:"
    assert completed("(us|)") == "(user:)"
    assert offered("met") == ["method:"]
    assert offered("or") == ["origin:", "org:", "or"]


def test_nothing_written_offers_all_fields_with_their_help() -> None:
    found = complete("status:404 ", 11, {})
    assert [item.text for item in found.items] == [f"{name}:" for name in FIELDS]
    assert all(item.help for item in found.items)
    assert (found.start, found.end) == (11, 11)


def test_values_are_completed_from_the_declaration_and_from_what_is_known() -> None:
    assert completed("op:deact|") == "op:deactivate"
    assert completed("token:okta|") == 'token:"Okta production"'
    assert completed('token:"Okta p|') == 'token:"Okta production"'
    assert completed("a token:|x b") == 'a token:"Okta production" b'
    assert offered("method:") == ["GET", "POST", "PUT", "PATCH", "DELETE"]
    assert offered("method:p")[:3] == ["POST", "PUT", "PATCH"]
    assert offered("op:create")[:1] == ["create"]
    assert "group-create" in offered("op:group")


def test_what_begins_as_written_comes_first() -> None:
    assert offered("op:member")[0] == "group-add-members"
    assert offered("marked:r")[0] == "red"


def test_other_words_get_no_completion() -> None:
    assert offered("zzz") == []
    assert offered("urn:x") == []
    assert offered('"sta') == []


@given(st.text('stau: -()"*ö\\', max_size=15), st.data())
def test_any_place_of_any_text_can_be_completed(text: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text)))
    found = complete(text, position, VALUES)
    assert 0 <= found.start <= found.end <= len(text)
    if text == "" or text.isspace():
        assert found.items


def test_a_completed_value_is_one_that_can_be_read() -> None:
    for field in FIELDS.values():
        for item in complete(f"{field.name}:", len(field.name) + 1, VALUES).items:
            assert parse(f"{field.name}:{item.text}") is not None
