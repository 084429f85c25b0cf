"""Custom attributes that are defined beside the running server, as a client meets them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.blink.custom_attributes import CustomAttribute
from server.scim.patch import PATCH_SCHEMA
from storage.call_search import Selection
from storage.custom_attributes import CustomAttributeStore
from storage.database import open_directory
from tests.desk import Desk

BLINK = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"

BADGE = CustomAttribute("badgeName", "Name on the badge", "text")
START = CustomAttribute("startDate", "First day", "date", description="When they begin")
CONTRACT = CustomAttribute(
    "contract", "Contract", "choice", ("Permanent", "Fixed term", "Agency"), "Kind of contract"
)


@pytest.fixture
def attributes(desk: Desk) -> Iterator[CustomAttributeStore]:
    """The store on a connection of its own, as another process has it."""
    database = open_directory(desk.folder / "desk.db", check=False)
    yield CustomAttributeStore(database)
    database.close()


@pytest.fixture
def okta(desk: Desk) -> httpx.Client:
    return desk.client()


@pytest.fixture
def defined(desk: Desk, attributes: CustomAttributeStore, okta: httpx.Client) -> httpx.Client:
    """A client that has called before the attributes were defined."""
    assert okta.get("/Schemas").status_code == 200
    for attribute in (BADGE, START, CONTRACT):
        attributes.add(desk.organization.id, attribute)
    return okta


def person(name: str, **values: Any) -> dict[str, Any]:
    return {"schemas": [CORE, BLINK], "userName": name, "active": True, BLINK: values}


def created(client: httpx.Client, name: str, **values: Any) -> dict[str, Any]:
    answer = client.post("/Users", json=person(name, **values))
    assert answer.status_code == 201, answer.text
    user: dict[str, Any] = answer.json()
    return user


def patched(client: httpx.Client, user: dict[str, Any], *operations: Any) -> httpx.Response:
    body = {"schemas": [PATCH_SCHEMA], "Operations": list(operations)}
    return client.patch(f"/Users/{user['id']}", json=body)


def found(client: httpx.Client, condition: str, **parameters: str) -> list[str]:
    answer = client.get("/Users", params={"filter": condition, **parameters})
    assert answer.status_code == 200, answer.text
    return [user["userName"] for user in answer.json()["Resources"]]


def schema(client: httpx.Client) -> dict[str, dict[str, Any]]:
    document = client.get(f"/Schemas/{BLINK}").json()
    return {attribute["name"]: attribute for attribute in document["attributes"]}


def refusal(answer: httpx.Response, scim_type: str = "invalidValue") -> str:
    body = answer.json()
    assert (answer.status_code, body["scimType"]) == (400, scim_type)
    detail: str = body["detail"]
    return detail


def test_schema_shows_a_new_attribute_with_the_next_call(
    desk: Desk, attributes: CustomAttributeStore, okta: httpx.Client
) -> None:
    assert list(schema(okta)) == ["company", "description", "location"]
    attributes.add(desk.organization.id, START)
    attributes.add(desk.organization.id, CONTRACT)
    listed = schema(okta)
    assert list(listed) == ["company", "description", "location", "startDate", "contract"]
    assert listed["startDate"]["type"] == "string"
    assert listed["startDate"]["description"] == "First day. When they begin. A date: YYYY-MM-DD."
    assert listed["contract"]["canonicalValues"] == ["Permanent", "Fixed term", "Agency"]
    everything = okta.get("/Schemas").json()["Resources"]
    (extension,) = (document for document in everything if document["id"] == BLINK)
    assert [attribute["name"] for attribute in extension["attributes"]] == list(listed)


def test_resource_types_name_the_extension_as_before(defined: httpx.Client) -> None:
    document = defined.get("/ResourceTypes/User").json()
    assert BLINK in [extension["schema"] for extension in document["schemaExtensions"]]


def test_values_are_kept_that_were_dropped_before(
    desk: Desk, attributes: CustomAttributeStore, okta: httpx.Client
) -> None:
    assert BLINK not in created(okta, "ann@acme.example", badgeName="Annie")
    attributes.add(desk.organization.id, BADGE)
    user = created(okta, "bob@acme.example", BADGENAME="Bobby")
    assert user[BLINK] == {"badgeName": "Bobby"}
    assert user["schemas"] == [CORE, BLINK]
    assert okta.get(f"/Users/{user['id']}").json() == user


def test_put_replaces_and_clears_values(defined: httpx.Client) -> None:
    user = created(defined, "ann@acme.example", badgeName="Annie", contract="Agency")
    echo = user | {BLINK: {"badgeName": "Ann", "contract": None}}
    answer = defined.put(f"/Users/{user['id']}", json=echo)
    assert answer.status_code == 200
    assert answer.json()[BLINK] == {"badgeName": "Ann"}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": f"{BLINK}:startDate", "value": "2026-12-01"},
        {"op": "Replace", "path": f"{BLINK.upper()}:STARTDATE", "value": "2026-12-01"},
        {"op": "replace", "value": {f"{BLINK}:startDate": "2026-12-01"}},
        {"op": "replace", "value": {BLINK: {"startDate": "2026-12-01"}}},
        {"op": "replace", "path": BLINK, "value": {"startDate": "2026-12-01"}},
    ],
)
def test_patch_sets_values_in_every_form(defined: httpx.Client, operation: dict[str, Any]) -> None:
    user = created(defined, "ann@acme.example")
    answer = patched(defined, user, operation)
    assert answer.status_code == 200, answer.text
    assert answer.json()[BLINK] == {"startDate": "2026-12-01"}


def test_patch_removes_the_last_value_and_the_schema_with_it(defined: httpx.Client) -> None:
    user = created(defined, "ann@acme.example", badgeName="Annie")
    answer = patched(defined, user, {"op": "remove", "path": f"{BLINK}:badgeName"})
    assert BLINK not in answer.json()
    assert answer.json()["schemas"] == [CORE]


def test_patch_of_an_unknown_attribute_is_refused(defined: httpx.Client) -> None:
    user = created(defined, "ann@acme.example")
    operation = {"op": "add", "path": f"{BLINK}:startDat", "value": "2026-12-01"}
    detail = refusal(patched(defined, user, operation), "invalidPath")
    assert f"{BLINK}:startDate" in detail


def test_users_are_found_and_sorted_by_custom_attributes(defined: httpx.Client) -> None:
    created(defined, "ann", startDate="2026-03-01", contract="Agency", badgeName="Annie")
    created(defined, "bob", startDate="2026-01-15", contract="permanent")
    created(defined, "cleo", contract="Fixed term", badgeName="anniversary")
    assert found(defined, f'{BLINK}:startDate gt "2026-02-01"') == ["ann"]
    assert found(defined, f'{BLINK}:startDate lt "2026-02-01"') == ["bob"]
    assert found(defined, f'{BLINK}:contract eq "PERMANENT"') == ["bob"]
    assert found(defined, f'{BLINK}:badgename sw "anni"') == ["ann", "cleo"]
    assert found(defined, f"not ({BLINK}:startDate pr)") == ["cleo"]
    by_date = {"sortBy": f"{BLINK}:startDate", "sortOrder": "ascending"}
    assert found(defined, "userName pr", **by_date) == ["bob", "ann", "cleo"]


def test_projection_knows_custom_attributes(defined: httpx.Client) -> None:
    user = created(defined, "ann", badgeName="Annie", startDate="2026-03-01")
    url = f"/Users/{user['id']}"
    only = defined.get(url, params={"attributes": f"{BLINK}:badgeName"}).json()
    assert only[BLINK] == {"badgeName": "Annie"}
    assert "userName" not in only
    without = defined.get(url, params={"excludedAttributes": f"{BLINK}:badgeName"}).json()
    assert without[BLINK] == {"startDate": "2026-03-01"}
    assert without["userName"] == "ann"


@pytest.mark.parametrize("value", ["23.11.2026", "2026-02-30", "2026-11", "tomorrow", "20261123"])
def test_what_is_no_date_is_refused(defined: httpx.Client, value: str) -> None:
    detail = refusal(defined.post("/Users", json=person("ann", startDate=value)))
    assert f'startDate "{value}"' in detail
    assert "YYYY-MM-DD" in detail


def test_date_with_a_time_is_reduced_to_its_own_date(desk: Desk, defined: httpx.Client) -> None:
    user = created(defined, "ann", startDate="2026-12-01T00:00:00+01:00")
    assert user[BLINK] == {"startDate": "2026-12-01"}
    desk.flush()
    calls = desk.parts.calls
    newest = calls.get(calls.ids(Selection())[-1])
    assert newest is not None
    assert "date-reduced" in [remark.code for remark in newest.call.remarks]


def test_what_is_none_of_the_choices_is_refused_by_post_put_and_patch(
    defined: httpx.Client,
) -> None:
    user = created(defined, "ann", contract="AGENCY")
    assert user[BLINK] == {"contract": "Agency"}
    operation = {"op": "replace", "path": f"{BLINK}:contract", "value": "Temp"}
    for answer in (
        defined.post("/Users", json=person("bob", contract="Temp")),
        defined.put(f"/Users/{user['id']}", json=person("ann", contract="Temp")),
        patched(defined, user, operation),
    ):
        detail = refusal(answer)
        assert 'contract "Temp"' in detail
        assert '"Permanent", "Fixed term", "Agency"' in detail
    assert defined.get(f"/Users/{user['id']}").json() == user


@pytest.mark.parametrize("value", [True, ["a"], {"value": "a"}])
def test_value_of_another_type_is_refused(defined: httpx.Client, value: Any) -> None:
    for name in ("badgeName", "startDate", "contract"):
        detail = refusal(defined.post("/Users", json=person("ann", **{name: value})))
        assert name in detail


def test_choice_that_is_offered_no_longer_stays_until_it_is_changed(
    desk: Desk, attributes: CustomAttributeStore, defined: httpx.Client
) -> None:
    user = created(defined, "ann", contract="Agency")
    attributes.update(
        desk.organization.id, CustomAttribute("contract", "Contract", "choice", ("Permanent",))
    )
    answer = defined.put(f"/Users/{user['id']}", json=user | {"title": "Nurse"})
    assert answer.status_code == 200
    assert answer.json()[BLINK] == {"contract": "Agency"}
    assert "Permanent" in refusal(defined.post("/Users", json=person("bob", contract="Agency")))


def test_other_organizations_do_not_see_it(desk: Desk, defined: httpx.Client) -> None:
    other = desk.parts.organizations.create("Other")
    stranger = desk.client(desk.new_token(other.id))
    assert "startDate" not in schema(stranger)
    assert BLINK not in created(stranger, "zoe", startDate="never")
    condition = {"filter": f'{BLINK}:startDate eq "2026-12-01"'}
    assert stranger.get("/Users", params=condition).status_code == 400


def test_two_organizations_may_mean_different_things_by_one_name(
    desk: Desk, attributes: CustomAttributeStore, defined: httpx.Client
) -> None:
    other = desk.parts.organizations.create("Other")
    stranger = desk.client(desk.new_token(other.id))
    attributes.add(other.id, CustomAttribute("startDate", "Begins", "text"))
    assert created(stranger, "zoe", startDate="in spring")[BLINK] == {"startDate": "in spring"}
    refusal(defined.post("/Users", json=person("ann", startDate="in spring")))


def test_removed_attribute_is_gone_from_schema_users_and_filters(
    desk: Desk, attributes: CustomAttributeStore, defined: httpx.Client
) -> None:
    user = created(defined, "ann", badgeName="Annie", contract="Agency")
    attributes.remove(desk.organization.id, "badgeName")
    assert "badgeName" not in schema(defined)
    answer = defined.get(f"/Users/{user['id']}", headers={"If-None-Match": user["meta"]["version"]})
    assert answer.status_code == 200
    assert answer.json()[BLINK] == {"contract": "Agency"}
    assert created(defined, "bob", badgeName="Bobby").get(BLINK) is None
    condition = {"filter": f"{BLINK}:badgeName pr"}
    assert defined.get("/Users", params=condition).status_code == 400
