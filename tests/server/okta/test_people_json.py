import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.okta.people import BASE_SCHEMA, Person, RefusedRow, UnreadableFile, made_id, read_users


def user(login: str | None, **more: Any) -> dict[str, Any]:
    profile = {"login": login, "firstName": "Ann"} | more.pop("profile", {})
    return {"id": f"00u{login}", "status": "ACTIVE", "profile": profile} | more


def read(data: Any) -> tuple[list[Person], list[RefusedRow], dict[str, str]]:
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    reading = read_users(text, BASE_SCHEMA)
    entries = list(reading.entries)
    return (
        [entry for entry in entries if isinstance(entry, Person)],
        [entry for entry in entries if isinstance(entry, RefusedRow)],
        {attribute.name: attribute.type for attribute in reading.schema.custom},
    )


def test_null_was_never_set_and_empty_text_was_cleared() -> None:
    (ann,), _, _ = read([user("ann@acme.example", profile={"title": None, "nickName": ""})])
    assert "title" not in ann.profile
    assert ann.profile["nickName"] == ""


def test_a_list_one_user_and_json_lines_are_read() -> None:
    ann, bob = user("ann@acme.example"), user("bob@acme.example")
    lines = "\r\n".join(json.dumps(each) for each in (ann, bob)).encode()
    assert [len(read(data)[0]) for data in ([ann, bob], ann, lines)] == [2, 1, 2]
    assert [person.id for person in read(lines)[0]] == [ann["id"], bob["id"]]


def test_unknown_keys_become_custom_attributes_with_the_type_that_fits_all() -> None:
    first = {"a": 1, "b": 1, "c": True, "d": "x", "e": ["x"], "f": [1], "g": None, "h": []}
    second = {"a": 2, "b": 1.5, "c": False, "d": 3, "e": [], "f": [2], "h": None, "c2": ""}
    people, refused, custom = read(
        [user("ann@acme.example", profile=first), user("bob@acme.example", profile=second)]
    )
    assert custom == {
        "a": "integer",
        "b": "number",
        "c": "boolean",
        "d": "string",
        "e": "string array",
        "f": "integer array",
        "g": "string",
        "h": "string array",
        "c2": "string",
    }
    assert people[0].profile["f"] == [1]
    assert [(row.number, row.reason) for row in refused] == [
        (2, "d is 3, which is not of the type string.")
    ]


def test_status_groups_and_missing_ids_are_read() -> None:
    group = {"id": "00g1", "type": "APP_GROUP", "profile": {"name": "VPN"}, "source": {"id": "0oa"}}
    plain = {"profile": {"email": "bob@acme.example"}}
    (ann, bob), _, _ = read([user("ann@acme.example", status="SUSPENDED", groups=[group]), plain])
    assert (ann.status, ann.groups[0].name, ann.groups[0].source_id) == ("SUSPENDED", "VPN", "0oa")
    assert (bob.login, bob.id, bob.status) == (
        "bob@acme.example",
        made_id("bob@acme.example"),
        "ACTIVE",
    )


def test_bad_users_are_reported_and_the_others_are_kept() -> None:
    people, refused, _ = read(
        [
            user("ann@acme.example"),
            "text",
            {"id": "00u2"},
            user(None),
            user("ANN@acme.example", id="00u3"),
            user("cy@acme.example", id="00uann@acme.example"),
            user("di@acme.example", status="ASLEEP"),
            user("ed@acme.example", id=7),
            user("fa@acme.example", profile={"countryCode": "GBR"}),
            user("gi@acme.example"),
        ]
    )
    assert [person.login for person in people] == ["ann@acme.example", "gi@acme.example"]
    assert [row.number for row in refused] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert all(row.reason.endswith(".") for row in refused)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", b'"text"', b"[1, 2]", b"a,b\n1,2\n"])
def test_a_file_without_users_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"\.$"):
        read(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("id status profile login x".split()), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=4))
def test_any_json_gives_people_and_refused_users(users: list[Any]) -> None:
    people, refused, _ = read([user("ann@acme.example"), *users])
    assert people[0].login == "ann@acme.example"
    assert len(people) + len(refused) == 1 + len(users)
