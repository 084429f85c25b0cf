import re
import uuid
from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.blink.identity import international_number
from server.calls.export import Pseudonyms

pseudonyms = Pseudonyms(b"a key of this test")
of = pseudonyms.of


@given(st.text(max_size=40))
def test_equal_values_have_equal_pseudonyms_with_one_key(value: str) -> None:
    assert Pseudonyms(b"k").of(value) == Pseudonyms(b"k").of(value)


def test_each_export_has_pseudonyms_of_its_own() -> None:
    assert Pseudonyms().of("Ann Lee") != Pseudonyms().of("Ann Lee")


def test_the_words_of_a_name_are_found_again_in_its_address() -> None:
    given_name, family_name = of("Ann"), of("Lee")
    assert of("Ann Lee") == f"{given_name} {family_name}"
    assert of("ann.lee@acme.example").startswith(f"{given_name}.{family_name}@".lower())


def test_values_that_differ_in_letter_case_still_do_so_only_in_that() -> None:
    small, mixed, large = of("ann@acme.example"), of("Ann@acme.example"), of("ANN@acme.example")
    assert len({small, mixed, large}) == 3
    assert small == mixed.lower() == large.lower()


@given(st.emails())
def test_an_address_stays_an_address_where_nobody_gets_mail(address: str) -> None:
    assert re.fullmatch(r"[^@\s]+@[a-z.]*example", of(address))


@pytest.mark.parametrize("number", ["+447700900123", "+1 (212) 555-0147", "+353 87 123 4567"])
def test_a_phone_number_keeps_its_country_and_how_it_is_written(number: str) -> None:
    other = of(number)
    assert other != number
    assert re.sub(r"\d", "0", other) == re.sub(r"\d", "0", number)
    assert international_number(other)
    assert other[:2] == number[:2]


def test_two_spellings_of_a_phone_number_have_one_pseudonym() -> None:
    assert of("+44 7700 900123").replace(" ", "") == of("+447700900123")


@given(st.integers(1, 9).flatmap(lambda n: st.sets(st.integers(10**n, 10 ** (n + 1) - 1))))
def test_numbers_of_one_length_never_share_a_pseudonym(numbers: set[int]) -> None:
    others = {of(str(number)) for number in numbers}
    assert len(others) == len(numbers)
    assert {len(other) for other in others} == {len(str(number)) for number in numbers}
    assert not any(other.startswith("0") for other in others)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_json_number_stays_one(number: float) -> None:
    other = pseudonyms.number(repr(number))
    assert type(number)(other) is not None
    assert other.startswith("-") == repr(number).startswith("-")


@given(st.uuids())
def test_a_uuid_stays_a_uuid(value: uuid.UUID) -> None:
    assert uuid.UUID(of(str(value))) != value
    assert of(str(value).upper()) == of(str(value)).upper()


@given(st.ip_addresses())
def test_an_ip_address_is_one_of_those_for_documents(value: object) -> None:
    if ip_address(str(value)).is_loopback:
        assert of(str(value)) == str(value)
    else:
        networks = map(ip_network, ("198.18.0.0/15", "2001:db8::/32"))
        assert any(ip_address(of(str(value))) in network for network in networks)


@given(st.dates())
def test_a_date_stays_a_date(value: object) -> None:
    assert re.fullmatch(r"(19|20)\d\d-[01]\d-[0-2]\d", of(str(value)))


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("00u1abCDe2FGhij", r"\d\d[a-z]\d[a-z]{2}[A-Z]{2}[a-z]\d[A-Z]{2}[a-z]{3}"),
        ("bulkId:qwerty", r"bulkId:[a-z]{8}"),
        (
            "https://acme.example:8443/a/Ann?x=1",
            r"https://\w+\.example:8443/[a-z]+/[A-Z][a-z]+\?.+",
        ),
        ("EMEA-SALES", r"[A-Z]{8}-[A-Z]{8}"),
        ("2026-11-23T10:11:12.5Z", r"\d{4}-\d\d-\d\dT00:00:00Z"),
        ("9" * 60, r"\d{60}"),
    ],
)
def test_a_value_keeps_its_shape(value: str, form: str) -> None:
    assert re.fullmatch(form, of(value))
    assert of(value) != value


@pytest.mark.parametrize(
    "value", ["", "[redacted]", "True", "false", "urn:ietf:params:scim:schemas:core:2.0:User", "--"]
)
def test_what_is_nobodys_stays(value: str) -> None:
    assert of(value) == value


@given(st.text())
@pytest.mark.parametrize(
    "face", [pseudonyms.of, pseudonyms.url, pseudonyms.host, pseudonyms.address]
)
def test_any_text_can_be_replaced(face: Callable[[str], str], value: str) -> None:
    assert isinstance(face(value), str)
