"""Okta's own requests, byte for byte as they were captured, over a real socket.

Sources: spec page "What Okta's SCIM client really sends", B1 to B8, and the captures that it
names (LAB, FLASK, OK-2018, firezone). Only hosts, tokens and ids are filled in.
"""

import json

import pytest

from tests.desk import Desk, Reply

OKTA_HEAD = (
    "Accept: application/scim+json\r\n"
    "Accept-Charset: utf-8\r\n"
    "Accept-Encoding: gzip,deflate\r\n"
    "User-Agent: Okta SCIM Client 1.0.0\r\n"
    "Authorization: {authorization}\r\n"
)

FLASK_CREATE = (
    '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],'
    '"userName":"obi-wan.kenobi@iamciam.dev",'
    '"name":{"givenName":"Obi-Wan","familyName":"Kenobi"},'
    '"emails":[{"primary":true,"value":"obi-wan.kenobi@iamciam.dev","type":"work"}],'
    '"displayName":"Obi-Wan Kenobi","locale":"en-US",'
    '"externalId":"00use6vjvehodmsQb4x6","groups":[],"password":"gl^m&qWZ","active":true}'
)
LAB_CREATE = (
    '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",'
    '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],'
    '"userName":"jonah@example.com","name":{"givenName":"Jonah","familyName":"Ali"},'
    '"emails":[{"primary":true,"value":"jonah@example.com"}],"title":"Analyst",'
    '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Finance"},'
    '"externalId":"00u10lab2jonah","groups":[],"password":"aB3$xY7!","active":true}'
)
DEACTIVATE = (
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
    '"Operations":[{"op":"replace","value":{"active":false}}]}'
)
REACTIVATE = DEACTIVATE.replace("false", "true")
ENTRA_STYLE_DEACTIVATE = (
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
    '"Operations":[{"op":"Replace","path":"active","value":false}]}'
)


class Okta:
    """Sends raw requests as Okta's client writes them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.authorization = f"Bearer {desk.token}"

    def get(self, target: str) -> Reply:
        head = OKTA_HEAD.format(authorization=self.authorization)
        return self.desk.raw(
            f"GET /scim/v2{target} HTTP/1.1\r\nHost: {self.desk.netloc}\r\n{head}"
            "Connection: Keep-Alive\r\n\r\n".encode()
        )

    def send(self, method: str, target: str, body: str) -> Reply:
        head = OKTA_HEAD.format(authorization=self.authorization)
        content = body.encode()
        return self.desk.raw(
            f"{method} /scim/v2{target} HTTP/1.1\r\nHost: {self.desk.netloc}\r\n{head}"
            "Content-Type: application/scim+json; charset=utf-8\r\n"
            f"Content-Length: {len(content)}\r\nConnection: Keep-Alive\r\n\r\n".encode()
            + content
        )


@pytest.fixture
def okta(desk: Desk) -> Okta:
    return Okta(desk)


def test_connection_test_is_answered_with_a_list_response_of_numbers(okta: Okta) -> None:
    reply = okta.get("/Users?startIndex=1&count=2")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/scim+json"
    assert reply.json == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }


@pytest.mark.parametrize("form", ["Bearer {token}", "{token}", "bearer {token}"])
def test_connection_test_accepts_each_credential_form_of_okta(okta: Okta, form: str) -> None:
    okta.authorization = form.format(token=okta.desk.token)
    assert okta.get("/Users?startIndex=1&count=2").status == 200


def test_connection_test_with_a_wrong_token_gets_401_with_a_detail(okta: Okta) -> None:
    okta.authorization = "Bearer wrong"
    reply = okta.get("/Users?startIndex=1&count=2")
    assert reply.status == 401
    assert reply.json["status"] == "401"
    assert "token" in reply.json["detail"]
    assert reply.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    "query",
    [
        "filter=userName%20eq%20%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100",
        "filter=userName+eq+%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100",
        "startIndex=1&count=100&filter=userName%20eq%20%22OBI-WAN.Kenobi%40iamciam.dev%22",
    ],
)
def test_look_up_before_create_finds_nothing_and_then_the_user(okta: Okta, query: str) -> None:
    before = okta.get(f"/Users?{query}")
    assert (before.status, before.json["totalResults"]) == (200, 0)

    created = okta.send("POST", "/Users", FLASK_CREATE)
    assert created.status == 201

    after = okta.get(f"/Users?{query}")
    assert (after.json["totalResults"], after.json["itemsPerPage"]) == (1, 1)
    assert after.json["Resources"][0] == created.json


def test_create_answers_201_with_the_whole_user_and_without_the_password(okta: Okta) -> None:
    reply = okta.send("POST", "/Users", FLASK_CREATE)
    assert reply.status == 201
    user = reply.json
    assert reply.headers["location"] == user["meta"]["location"]
    assert user["meta"]["location"] == f"{okta.desk.url}/Users/{user['id']}"
    sent = json.loads(FLASK_CREATE)
    for name in ("userName", "name", "emails", "displayName", "locale", "externalId", "active"):
        assert user[name] == sent[name]
    assert "password" not in user
    assert b"gl^m&qWZ" not in reply.body


def test_create_with_trimmed_mappings_keeps_an_email_without_a_type(okta: Okta) -> None:
    user = okta.send("POST", "/Users", LAB_CREATE).json
    assert user["emails"] == [{"primary": True, "value": "jonah@example.com"}]
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert user[enterprise] == {"department": "Finance"}
    assert enterprise in user["schemas"]


def test_create_repeated_gets_409_uniqueness(okta: Okta) -> None:
    assert okta.send("POST", "/Users", FLASK_CREATE).status == 201
    repeated = okta.send("POST", "/Users", FLASK_CREATE)
    assert repeated.status == 409
    assert repeated.json["scimType"] == "uniqueness"
    assert "userName" in repeated.json["detail"]
    assert "obi-wan.kenobi@iamciam.dev" in repeated.json["detail"]


def test_link_to_an_existing_user_reads_it_and_puts_the_profile(okta: Okta) -> None:
    existing = okta.send("POST", "/Users", LAB_CREATE).json
    found = okta.get(
        "/Users?filter=userName%20eq%20%22jonah%40example.com%22&startIndex=1&count=100"
    )
    assert found.json["Resources"][0]["id"] == existing["id"]
    read = okta.get(f"/Users/{existing['id']}").json
    changed = okta.send("PUT", f"/Users/{existing['id']}", json.dumps(read | {"title": "Lead"}))
    assert changed.status == 200
    assert changed.json["title"] == "Lead"
    assert changed.json["id"] == existing["id"]


def test_put_of_2018_is_an_echo_of_the_get_with_password_and_underscored_locale(okta: Okta) -> None:
    created = okta.send("POST", "/Users", FLASK_CREATE).json
    body = (
        '{"id":"ID","externalId":"00uq2kqg7YTkFo3cY0g3","meta":{"resourceType":"User",'
        '"created":"2018-01-01T00:00:00.000Z","lastModified":"2018-01-01T00:00:00.000Z",'
        '"version":"v1.0"},"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],'
        '"userName":"jane.doe@example.com","displayName":"Jane Doe","locale":"en_US",'
        '"active":true,"password":"TkdFNVdIVkxhM2c9","emails":[{"value":"jane.doe@example.com",'
        '"type":"work","primary":true}],"name":{"familyName":"Doe","givenName":"Jane"},'
        '"groups":[]}'
    ).replace("ID", created["id"])
    reply = okta.send("PUT", f"/Users/{created['id']}", body)
    assert reply.status == 200
    assert reply.json["locale"] == "en-US"
    assert reply.json["userName"] == "jane.doe@example.com"
    assert reply.json["meta"]["created"] == created["meta"]["created"]
    assert b"TkdFNVdIVkxhM2c9" not in reply.body


def test_put_tolerates_unknown_root_keys_of_older_servers(okta: Okta) -> None:
    """The Teleport fixture: keys of no schema came back in Okta's echo."""
    created = okta.send("POST", "/Users", FLASK_CREATE).json
    body = created | {
        "firstName": "Obi-Wan",
        "mobilePhone": "555",
        "secondEmail": "",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "42",
            "costCenter": "7",
            "organization": "Jedi",
            "department": None,
        },
        "urn:example:foreign:1.0:User": {"team": "light side"},
    }
    reply = okta.send("PUT", f"/Users/{created['id']}", json.dumps(body))
    assert reply.status == 200
    assert "firstName" not in reply.json
    enterprise = reply.json["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
    assert enterprise == {"employeeNumber": "42", "costCenter": "7", "organization": "Jedi"}


def test_put_of_a_whole_list_response_is_refused_and_loses_nothing(okta: Okta) -> None:
    """A server once answered GET /Users/{id} by a list, which Okta then put back."""
    created = okta.send("POST", "/Users", FLASK_CREATE).json
    listed = okta.get("/Users?startIndex=1&count=2").json | {"active": False}
    reply = okta.send("PUT", f"/Users/{created['id']}", json.dumps(listed))
    assert reply.status == 400
    assert okta.get(f"/Users/{created['id']}").json == created


@pytest.mark.parametrize("cleared", [None, "", "omitted"])
def test_put_clears_a_value_that_is_null_empty_or_omitted(okta: Okta, cleared: str | None) -> None:
    created = okta.send("POST", "/Users", LAB_CREATE).json
    body = dict(created)
    if cleared == "omitted":
        del body["title"]
    else:
        body["title"] = cleared
    reply = okta.send("PUT", f"/Users/{created['id']}", json.dumps(body))
    assert reply.status == 200
    assert "title" not in reply.json


@pytest.mark.parametrize("patch", [DEACTIVATE, ENTRA_STYLE_DEACTIVATE])
def test_deactivation_and_reactivation_by_patch_keep_the_user_findable(
    okta: Okta, patch: str
) -> None:
    created = okta.send("POST", "/Users", FLASK_CREATE).json
    off = okta.send("PATCH", f"/Users/{created['id']}", patch)
    assert (off.status, off.json["active"], off.json["id"]) == (200, False, created["id"])

    assert okta.get(f"/Users/{created['id']}").json["active"] is False
    found = okta.get(
        "/Users?filter=userName%20eq%20%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100"
    )
    assert found.json["totalResults"] == 1

    on = okta.send("PATCH", f"/Users/{created['id']}", REACTIVATE)
    assert (on.status, on.json["active"]) == (200, True)


def test_deactivation_by_put_as_custom_apps_do_it(okta: Okta) -> None:
    created = okta.send("POST", "/Users", LAB_CREATE).json
    read = okta.get(f"/Users/{created['id']}").json
    reply = okta.send("PUT", f"/Users/{created['id']}", json.dumps(read | {"active": False}))
    assert (reply.status, reply.json["active"]) == (200, False)
    assert isinstance(reply.json["active"], bool)


def test_password_sync_is_accepted_and_leaves_no_trace(okta: Okta) -> None:
    created = okta.send("POST", "/Users", FLASK_CREATE).json
    patch = (
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
        '"Operations":[{"op":"replace","value":{"password":"N3w-S3cret-Pass!"}}]}'
    )
    reply = okta.send("PATCH", f"/Users/{created['id']}", patch)
    assert reply.status == 200
    assert b"N3w-S3cret-Pass!" not in reply.body
    okta.desk.flush()
    for file in okta.desk.folder.iterdir():
        assert b"N3w-S3cret-Pass!" not in file.read_bytes(), file.name


def test_import_pages_through_all_users_in_a_stable_order(okta: Okta) -> None:
    for number in range(205):
        body = FLASK_CREATE.replace("obi-wan.kenobi", f"user{number:03d}").replace(
            "00use6vjvehodmsQb4x6", f"00u{number:03d}"
        )
        assert okta.send("POST", "/Users", body).status == 201
    seen: list[str] = []
    for start, expected in ((1, 100), (101, 100), (201, 5)):
        page = okta.get(f"/Users?startIndex={start}&count=100").json
        assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (
            205,
            start,
            expected,
        )
        seen += [user["userName"] for user in page["Resources"]]
    assert seen == [f"user{number:03d}@iamciam.dev" for number in range(205)]


def test_import_page_past_the_end_is_empty_and_says_so(okta: Okta) -> None:
    okta.send("POST", "/Users", FLASK_CREATE)
    okta.send("POST", "/Users", LAB_CREATE)
    page = okta.get("/Users?startIndex=101&count=100").json
    assert (page["totalResults"], page["itemsPerPage"], page["Resources"]) == (2, 0, [])


def test_unknown_user_gets_404_with_a_string_status(okta: Okta) -> None:
    reply = okta.get("/Users/010101001010101011001010101011")
    assert reply.status == 404
    assert reply.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert reply.json["status"] == "404"
    assert "010101001010101011001010101011" in reply.json["detail"]


def test_stale_look_up_then_post_ends_in_409_and_not_in_a_second_user(okta: Okta) -> None:
    """The sequence of nine calls of devforum 27262, in short."""
    created = okta.send("POST", "/Users", FLASK_CREATE).json
    renamed = created | {"userName": "ben@iamciam.dev"}
    assert okta.send("PUT", f"/Users/{created['id']}", json.dumps(renamed)).status == 200
    stale = okta.get(
        "/Users?filter=userName%20eq%20%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100"
    )
    assert stale.json["totalResults"] == 0
    again = okta.send("POST", "/Users", FLASK_CREATE)
    assert again.status == 409
    assert "emails" in again.json["detail"]
    assert okta.get("/Users?startIndex=1&count=2").json["totalResults"] == 1
