"""Every refusal can be read aloud: what is wrong, with which value, and what to do about it."""

import json
import re
from typing import Any, NamedTuple

import httpx
import pytest

from tests.server.tenant import BULK, ENTERPRISE, ERROR, PATCH, SEARCH, USER, Json, Tenant

LONGEST = 300
LONG = "x" * 5000
PASSWORD = "Sw0rdf1sh-Pa55"
PYTHON = re.compile(
    r"Traceback|NoneType|(?<!-)\bNone\b(?!-)|\bTrue\b|\bFalse\b|\bdict\b|\bstr\b|\bint\b|<class|<built"
    r"|object at|Error\(|KeyError|sqlite|Exception|\{|\\x|\\n"
)


class Wrong(NamedTuple):
    """A request, and what its refusal must say.

    "USER" and "GROUP" in a path stand for those that are there. A body that is text or bytes is
    sent as it is. The ``words`` are separated by "|".
    """

    method: str
    path: str
    body: Any
    status: int
    scim_type: str | None
    words: str
    headers: tuple[tuple[str, str], ...] = ()


def get(path: str, status: int, scim_type: str | None, words: str) -> Wrong:
    return Wrong("GET", path, None, status, scim_type, words)


def post(body: Any, scim_type: str, words: str, path: str = "/Users") -> Wrong:
    return Wrong("POST", path, body, 400, scim_type, words)


def user(words: str, **attributes: Any) -> Wrong:
    return post({"schemas": [USER], "userName": "new"} | attributes, "invalidValue", words)


def patch(operation: Any, scim_type: str, words: str, path: str = "/Users/USER") -> Wrong:
    body = {"schemas": [PATCH], "Operations": [operation]}
    return Wrong("PATCH", path, body, 400, scim_type, words)


def filtered(text: str, words: str) -> Wrong:
    return get(f"/Users?{httpx.QueryParams(filter=text)}", 400, "invalidFilter", words)


def replace(path: Any, value: Any = "x") -> Json:
    return {"op": "replace", "path": path, "value": value}


REFUSALS: dict[str, Wrong] = {
    # invalidFilter
    "an unknown attribute": filtered('userNam eq "x"', 'userNam|position 1|mean "userName"'),
    "an unknown operator": filtered('userName is "x"', '"is"|position 10|eq, ne, co'),
    "no quotes": filtered("userName eq ann", '"ann"|double quotes'),
    "single quotes": filtered("userName eq 'ann'", "double quotes, not single"),
    "no end": filtered('userName eq "ann', "does not end|position 13"),
    "a parenthesis": filtered('(userName eq "ann"', 'closing parenthesis ")"'),
    "a bracket": filtered('emails[type eq "work"', 'closing bracket "]"'),
    "a boolean in words": filtered('active eq "yes"', "active|true or false"),
    "an order of booleans": filtered("active gt true", '"gt"|active|eq, ne'),
    "no date": filtered('meta.created gt "lately"', 'meta.created|lately|"2026-11-23T'),
    "a password": filtered(f'password eq "{PASSWORD}"', "password|never shown"),
    "a part of nothing": filtered('emails[nope eq "x"]', '"nope"|emails'),
    "nothing behind and": filtered('userName eq "x" and', "its end|attribute name"),
    "a long value": filtered(f"userName eq {LONG}", "double quotes"),
    "a long name": filtered(f'{LONG} eq "x"', "xxx…|no attribute of a User"),
    "a filter between brackets of a path": patch(
        replace('emails[typ eq "work"].value'), "invalidFilter", '"typ"|emails|mean "type"'
    ),
    # invalidSyntax
    "no JSON": post('{"userName": ann}', "invalidSyntax", "not JSON|line 1, column 14"),
    "an empty body": post("", "invalidSyntax", "body is empty|Send a JSON object"),
    "a list for a user": post([], "invalidSyntax", "User|JSON object|a list"),
    "bytes": post(b"\xff\xfe{", "invalidSyntax", "byte order mark|UTF-8"),
    "NaN": post('{"userName": NaN}', "invalidSyntax", "NaN|Leave the attribute out"),
    "too deep": post("[" * 99 + "]" * 99, "invalidSyntax", "64 levels"),
    "no operations": Wrong(
        "PATCH", "/Users/USER", {}, 400, "invalidSyntax", '"Operations"|missing'
    ),
    "an unknown operation": patch(
        {"op": "swap", "path": "title"}, "invalidSyntax", '"swap"|"add", "replace" or "remove"'
    ),
    "a search that is a list": post([], "invalidSyntax", "search|JSON object", "/Users/.search"),
    "a bulk request without operations": post(
        {"schemas": [BULK]}, "invalidSyntax", '"Operations"|missing', "/Bulk"
    ),
    # invalidPath
    "an unknown path": patch(
        replace("titel"), "invalidPath", '"titel"|no attribute of a User|mean "title"'
    ),
    "an unknown path behind a URN": patch(
        replace(f"{ENTERPRISE}:departmnt"), "invalidPath", f'departmnt"|mean "{ENTERPRISE}:depart'
    ),
    "a long path": patch(replace(LONG), "invalidPath", "xxx…"),
    "a path that is a number": patch(replace(7), "invalidPath", '"path"|text|7'),
    "brackets on a single value": patch(
        replace("name[givenName pr]"), "invalidPath", "name|only multi-valued"
    ),
    "a path of a group": patch(
        replace("member"), "invalidPath", '"member"|mean "members"', "/Groups/GROUP"
    ),
    # noTarget
    "nothing to remove": patch({"op": "remove"}, "noTarget", '"remove"|"path"'),
    "nobody matches": patch(replace('emails[value eq "no@x"].type'), "noTarget", "emails|matches"),
    # invalidValue
    "no userName": post({"schemas": [USER]}, "invalidValue", "userName|required|send a text"),
    "a blank userName": user("userName|required|not empty", userName="  "),
    "a text for a boolean": user('active|true or false|"perhaps"', active="perhaps"),
    "an object for a text": user("title|a text|an object", title={"a": 1}),
    "a list for a name": user("name|an object|a list", name=["Ann"]),
    "two primary values": user(
        "emails|2 values|primary|only one",
        emails=[{"value": "a@x", "primary": True}, {"value": "b@x", "primary": True}],
    ),
    "no language": user('locale "klingonish"|BCP 47|en-GB|in Okta', locale="klingonish"),
    "a long language": user("locale|xxx…|BCP 47", locale=LONG),
    "no base64": user("x509Certificates.value|base64", x509Certificates=[{"value": "%"}]),
    "an extension that is a text": user(f"{ENTERPRISE}|an object", **{ENTERPRISE: "Sales"}),
    "schemas that are a text": user("schemas|list of URNs", schemas=USER),
    "a password that is a list": user("password|must be a text", password=[PASSWORD]),
    "no value": patch({"op": "add", "path": "title"}, "invalidValue", '"add"|"value"'),
    "no object without a path": patch(
        {"op": "replace", "value": "x"}, "invalidValue", '"path"|object|"x"'
    ),
    "a wrong value in a PATCH": patch(
        replace("active", "maybe"), "invalidValue", 'active|true or false|"maybe"'
    ),
    "a required one removed": patch(
        {"op": "remove", "path": "userName"}, "mutability", "userName|required|replace its value"
    ),
    "a member that is nobody": patch(
        {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
        "invalidValue",
        '"nobody"|members|in Okta',
        "/Groups/GROUP",
    ),
    "many members that are nobody": patch(
        {"op": "add", "path": "members", "value": [{"value": f"{n}{LONG}"} for n in range(9)]},
        "invalidValue",
        "members|and others",
        "/Groups/GROUP",
    ),
    "a group in itself": patch(
        {"op": "add", "path": "members", "value": [{"value": "GROUP"}]},
        "invalidValue",
        "members|itself",
        "/Groups/GROUP",
    ),
    "a group without a name": post(
        {"members": []}, "invalidValue", "displayName|required", "/Groups"
    ),
    "a count in words": get("/Users?count=ten", 400, "invalidValue", 'count|whole number|"ten"'),
    "an unknown order": get(
        "/Users?sortBy=userNam", 400, "invalidValue", 'sortBy|"userNam"|mean "userName"'
    ),
    "an unknown direction": get(
        "/Users?sortBy=id&sortOrder=up", 400, "invalidValue", 'sortOrder|"up"|"ascending"'
    ),
    "both projections": get(
        "/Users?attributes=id&excludedAttributes=id", 400, "invalidValue", '"attributes"|one of'
    ),
    "a search for a number": post(
        {"schemas": [SEARCH], "filter": 5}, "invalidValue", "filter|text|5", "/Users/.search"
    ),
    # mutability
    "a read-only path": patch(replace("id"), "mutability", "id|read-only"),
    "a read-only part": patch(replace("meta.created"), "mutability", "meta.created|read-only"),
    "groups of a user": patch(
        {"op": "add", "path": "groups", "value": [{"value": "x"}]}, "mutability", "groups|read-only"
    ),
    # uniqueness
    "a userName twice": Wrong(
        "POST", "/Users", {"userName": "ANN"}, 409, "uniqueness", 'userName "ANN"|id|in Okta'
    ),
    "a work email twice": Wrong(
        "POST",
        "/Users",
        {"userName": "x", "emails": [{"value": "ANN@acme.example", "type": "work"}]},
        409,
        "uniqueness",
        'emails[type eq "work"].value "ANN@acme.example"|in Okta',
    ),
    # invalidCursor and invalidCount
    "a made-up cursor": get("/Users?cursor=abc", 400, "invalidCursor", "cursor|begin again"),
    "a cursor that is none": get("/Users?cursor=%00", 400, "invalidCursor", "cursor|begin again"),
    "a count beside a cursor": get(
        "/Users?cursor=&count=0", 400, "invalidCount", "count|between 1 and"
    ),
    # Everything else
    "no such user": get("/Users/nobody", 404, None, '"nobody"|deleted|token'),
    "a long id": get(f"/Users/{LONG}", 404, None, "xxx…"),
    "no such group": get("/Groups/nobody", 404, None, '"nobody"|push it again'),
    "no such endpoint": get("/Persons", 404, None, "/Persons|base URL"),
    "no such schema": get("/Schemas/urn:nope", 404, None, "urn:nope|/Schemas"),
    "no such resource type": get("/ResourceTypes/Person", 404, None, "Person|/ResourceTypes"),
    "a filter of schemas": get("/Schemas?filter=id+pr", 403, None, "Schemas|leave out the filter"),
    "a wrong method": Wrong("DELETE", "/Users", None, 405, None, "DELETE|/Users|GET, POST"),
    "another type of body": Wrong(
        "POST",
        "/Users",
        "userName=ann",
        415,
        None,
        "application/x-www-form-urlencoded|application/scim+json",
        (("Content-Type", "application/x-www-form-urlencoded"),),
    ),
    "a compressed body": Wrong(
        "POST", "/Users", "x", 415, None, "gzip|Content-Encoding", (("Content-Encoding", "gzip"),)
    ),
    "/Me": get("/Me", 501, None, "/Me|organization"),
    "an older version": Wrong(
        "PUT",
        "/Users/USER",
        {"userName": "ann"},
        412,
        None,
        'W/"9"|Read it again',
        (("If-Match", 'W/"9"'),),
    ),
    "a forbidden version": Wrong(
        "PUT",
        "/Users/USER",
        {"userName": "ann"},
        412,
        None,
        "If-None-Match|without",
        (("If-None-Match", "*"),),
    ),
    "too many bulk operations": Wrong(
        "POST", "/Bulk", {"Operations": [{}] * 1001}, 413, None, "1,001|1,000|Split it"
    ),
    "too large a body": Wrong(
        "POST", "/Users", b" " * 2_000_000, 413, None, "KiB|Split the request"
    ),
    "a wrong token": Wrong(
        "GET", "/Users", None, 401, None, "token", (("Authorization", f"Bearer {PASSWORD}"),)
    ),
    "no token": Wrong("GET", "/Users", None, 401, None, "Authorization", (("Authorization", ""),)),
}


@pytest.fixture
def names(tenant: Tenant) -> dict[str, str]:
    """The ids that stand for "USER" and "GROUP"."""
    emails = [{"value": "ann@acme.example", "type": "work"}]
    ann = tenant.user("ann", emails=emails, password=PASSWORD)
    return {"USER": ann["id"], "GROUP": tenant.group("Sales")["id"]}


@pytest.mark.parametrize("wrong", REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_names_what_is_wrong_and_the_cure(
    tenant: Tenant, names: dict[str, str], wrong: Wrong
) -> None:
    path, body = wrong.path, wrong.body
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    for word, resource_id in names.items():
        path = path.replace(f"/{word}", f"/{resource_id}")
        if isinstance(content, str):
            content = content.replace(f'"{word}"', f'"{resource_id}"')
    before = tenant.get("/Users"), tenant.get("/Groups")
    if body is None:
        content = None
    reply = tenant.scim.request(wrong.method, path, content=content, headers=dict(wrong.headers))
    assert reply.status_code == wrong.status, reply.text
    assert reply.headers["Content-Type"] == "application/scim+json"
    error = reply.json()
    detail = error.pop("detail")
    expected = {"schemas": [ERROR], "status": str(wrong.status), "scimType": wrong.scim_type}
    assert error == {name: value for name, value in expected.items() if value}
    for word in wrong.words.split("|"):
        assert word in detail
    assert 20 <= len(detail) <= LONGEST, detail
    assert detail[0] == detail[0].upper() or " " in detail
    assert detail[-1] in ".?"
    assert not PYTHON.search(detail), detail
    assert PASSWORD not in reply.text
    assert tenant.token not in reply.text
    assert (tenant.get("/Users"), tenant.get("/Groups")) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Groups"),
        ("POST", "/Groups"),
        ("POST", "/Groups/.search"),
        ("GET", "/Groups/x"),
        ("PUT", "/Groups/x"),
        ("PATCH", "/Groups/x"),
        ("DELETE", "/Groups/x"),
    ],
)
def test_groups_are_refused_in_words_where_group_push_is_off(
    tenant: Tenant, method: str, path: str
) -> None:
    tenant.desk.parts.organizations.set_switches(tenant.organization.id, group_push=False)
    reply = tenant.scim.request(method, path, content=b"{}")
    assert reply.status_code == 403
    error = reply.json()
    assert "scimType" not in error
    assert "Blink does not support group push from Okta yet" in error["detail"]
    assert "switch group push on" in error["detail"]
    assert len(error["detail"]) <= LONGEST
    types = [resource["id"] for resource in tenant.get("/ResourceTypes")["Resources"]]
    assert types == ["User"]
    schemas = [schema["id"] for schema in tenant.get("/Schemas")["Resources"]]
    assert not any(schema.endswith(":Group") for schema in schemas)


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ("", "Authorization"),
        ("Bearer", "token"),
        ("Bearer Bearer TOKEN", "Bearer"),
        ('Bearer "TOKEN"', "quotation marks"),
        ("Basic dXNlcjpTdzByZGYxc2gtUGE1NQ==", "token"),
        (f"Bearer {PASSWORD}", "token"),
    ],
)
def test_a_refused_token_is_never_repeated(tenant: Tenant, sent: str, word: str) -> None:
    secret = sent.replace("TOKEN", tenant.token)
    reply = tenant.scim.get("/Users", headers={"Authorization": secret})
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert word in reply.json()["detail"]
    assert len(reply.json()["detail"]) <= LONGEST
    tenant.desk.flush()
    for part in (tenant.token, PASSWORD, "dXNlcjpT"):
        assert part not in reply.text
        for file in tenant.desk.folder.iterdir():
            assert part.encode() not in file.read_bytes(), file.name
