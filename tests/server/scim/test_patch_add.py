"""PATCH "add" (RFC 7644 3.5.2.1)."""

from tests.server.scim.samples import (
    BLINK,
    CORE,
    ENTERPRISE,
    Json,
    assert_refused,
    codes,
    jensen,
    patched,
    patched_group,
    refusal,
)


def add(path: str | None, value: object) -> Json:
    return {"op": "add", "value": value} | ({"path": path} if path else {})


def test_add_sets_an_attribute_that_had_no_value() -> None:
    assert patched(add("nickName", "Babs")).document == jensen() | {"nickName": "Babs"}


def test_add_replaces_a_single_value() -> None:
    assert patched(add("title", "Boss")).document["title"] == "Boss"


def test_add_of_the_same_value_changes_nothing() -> None:
    result = patched(add("title", "Tour Guide"))
    assert not result.changed
    assert result.document == jensen()


def test_add_to_a_complex_attribute_keeps_its_other_parts() -> None:
    assert patched(add("name", {"middleName": "J"})).document["name"] == {
        "givenName": "Barbara",
        "familyName": "Jensen",
        "middleName": "J",
    }


def test_add_makes_the_complex_attribute_of_a_part() -> None:
    stored = {"schemas": [CORE], "userName": "ann"}
    assert patched(add("name.givenName", "A"), stored=stored).document["name"] == {"givenName": "A"}


def test_add_appends_to_a_list() -> None:
    result = patched(add("emails", [{"value": "b@x.example", "type": "other"}]))
    assert [e["value"] for e in result.document["emails"]] == [
        "bjensen@example.com",
        "babs@jensen.org",
        "b@x.example",
    ]


def test_add_of_a_value_that_is_there_leaves_one() -> None:
    result = patched(add("emails", [{"value": "BABS@jensen.org", "type": "home"}]))
    assert len(result.document["emails"]) == 2


def test_add_of_a_primary_value_takes_it_from_the_others() -> None:
    emails = patched(add("emails", [{"value": "b@x", "primary": True}])).document["emails"]
    assert [e.get("primary") for e in emails] == [False, None, True]


def test_add_of_two_primary_values_is_refused() -> None:
    value = [{"value": "a", "primary": True}, {"value": "b", "primary": True}]
    assert_refused(refusal(patched, add("emails", value)), "invalidValue", "emails", "primary")


def test_add_without_a_path_merges_attributes() -> None:
    result = patched(
        add(
            None,
            {
                "nickName": "Babs",
                "name": {"middleName": "J"},
                "name.honorificPrefix": "Ms.",
                f"{CORE}:title": "Boss",
                f"{ENTERPRISE}:division": "Theme Park",
                ENTERPRISE: {"costCenter": "4130"},
                BLINK.lower(): {"company": "Universal"},
                "emails": [{"value": "b@x"}],
            },
        )
    )
    document = result.document
    assert (document["nickName"], document["title"]) == ("Babs", "Boss")
    assert document["name"]["middleName"] == "J"
    assert document["name"]["honorificPrefix"] == "Ms."
    assert document["name"]["givenName"] == "Barbara"
    assert document[ENTERPRISE]["division"] == "Theme Park"
    assert document[ENTERPRISE]["costCenter"] == "4130"
    assert document[ENTERPRISE]["department"] == "Tour Operations"
    assert document[BLINK] == {"company": "Universal"}
    assert document["schemas"] == [CORE, ENTERPRISE, BLINK]
    assert len(document["emails"]) == 3
    assert result.remarks == []


def test_add_at_an_extensions_urn_merges_it() -> None:
    document = patched(add(ENTERPRISE, {"division": "D"})).document
    assert document[ENTERPRISE]["division"] == "D"
    assert document[ENTERPRISE]["employeeNumber"] == "701984"


def test_add_at_the_core_urn_is_like_no_path() -> None:
    assert patched(add(CORE, {"title": "Boss"})).document["title"] == "Boss"


def test_add_to_selected_values_keeps_their_other_parts() -> None:
    document = patched(add('emails[type eq "home"]', {"display": "Babs"})).document
    assert document["emails"][1] == {"value": "babs@jensen.org", "type": "home", "display": "Babs"}


def test_members_are_added_as_okta_sends_them() -> None:
    result = patched_group(add("members", [{"value": "89bb1940", "display": "bb-8@iamciam.dev"}]))
    assert result.document["members"][-1] == {"value": "89bb1940"}
    assert result.changed


def test_an_unknown_attribute_without_a_path_leaves_a_remark() -> None:
    result = patched(add(None, {"nonsense": 1, "name": {"nonsense": 1}}))
    assert codes(result.remarks) == ["attribute-unknown", "attribute-unknown"]
    assert not result.changed


def test_a_new_manager_does_not_keep_the_reference_to_the_old_one() -> None:
    document = patched(add(f"{ENTERPRISE}:manager", {"value": "7"})).document
    assert document[ENTERPRISE]["manager"] == {"value": "7"}
