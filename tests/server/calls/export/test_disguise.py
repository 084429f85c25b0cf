import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.calls.call import Call, Remark
from server.calls.export import COPIES, EXPORTS, Cleaner, LoggedCall, Pseudonyms, copied
from server.calls.redaction import Redactor
from tests.server.calls.export.conftest import ERROR, ID, USER, Export

MakeCall = Callable[..., Call]
KEY = b"a key of this test"
cleaner = Cleaner(Redactor("blinkscim_"), Pseudonyms(KEY))
of = Pseudonyms(KEY).of


def clean(call: Call, note: str = "") -> LoggedCall:
    return cleaner.clean(LoggedCall(1, "create", "unsaid", call, "red", note))


def test_one_person_has_one_pseudonym_throughout(conflict: LoggedCall) -> None:
    logged = cleaner.clean(conflict)
    name = of("ann.lee@acme.example")
    assert logged.call.subject == name
    assert json.loads(logged.call.request_body)["userName"] == name
    detail = json.loads(logged.call.response_body)["detail"]
    assert detail == f'userName "{name}" is already taken by {of("Ann Lee")}.'
    assert (
        logged.summary
        == f'Create user {name} refused: userName "{name}" is already taken by ' + of("Ann Lee")
    )


def test_times_outcomes_and_technical_words_stay(conflict: LoggedCall) -> None:
    logged = cleaner.clean(conflict)
    call = logged.call
    kept = ("at", "duration", "method", "path", "status", "origin_mark", "token_id", "token_label")
    for name in kept:
        assert getattr(call, name) == getattr(conflict.call, name)
    assert call.request_headers[1:] == conflict.call.request_headers[1:]
    assert call.remarks == conflict.call.remarks
    answer = json.loads(call.response_body)
    assert answer["schemas"] == [ERROR]
    assert (answer["status"], answer["scimType"]) == ("409", "uniqueness")
    assert (logged.id, logged.operation, logged.mark) == (7, "create", "red")


def test_structure_and_types_of_a_body_stay(call: MakeCall) -> None:
    body = b"""{ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "active": true, "title": null, "urn:x:y:User:grade": 12345, "meta":
      {"resourceType": "User", "created": "2026-11-23T10:11:12Z", "version": "W/\\"3\\""},
      "emails": [{"type": "work", "primary": true, "value": "ann@acme.example"}],
      "locale": "en-GB", "timezone": "Europe/London" }"""
    disguised = clean(call("POST", request=body)).call.request_body
    expected = body.replace(b"ann@acme.example", of("ann@acme.example").encode())
    assert disguised == expected.replace(b"12345", of("12345").encode())


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("startIndex=1&count=100", "startIndex=1&count=100"),
        ("attributes=userName,name.givenName", "attributes=userName,name.givenName"),
        ('filter=userName eq "{0}"', 'filter=userName eq "{1}"'),
        ('filter=emails[type eq "work" and value sw "{0}"]', None),
        ('filter=userName eq "{0}" and not (active eq false)', None),
        ('filter=meta.lastModified gt "2026-11-23T10:11:12Z"', None),
        ("filter=userName eq {0}", "filter=userName eq {1}"),
        ("filter={0}", "filter={1}"),
    ],
)
def test_a_query_keeps_its_form(call: MakeCall, query: str, kept: str | None) -> None:
    name = "ann@acme.example"
    disguised = clean(call(target="/scim/v2/Users?" + quote(query.format(name), safe="=&"))).call
    text = unquote(disguised.query)
    assert text == (kept or query).replace("{1}", "{0}").format(of(name))


def test_a_parameter_that_no_client_sends_gets_another_name(call: MakeCall) -> None:
    disguised = clean(call(target="/scim/v2/Users?token=x&ann%40acme.example=1")).call
    expected = f"{of('token')}=[redacted]&{of('ann@acme.example')}={of('1')}"
    assert unquote(disguised.query) == expected


def test_the_id_in_a_path_is_that_in_the_body(call: MakeCall) -> None:
    disguised = clean(
        call(target=f"/scim/v2/Users/{ID}", response={"id": ID, "schemas": [USER]}, resource_id=ID)
    ).call
    assert disguised.path == f"/scim/v2/Users/{of(ID)}"
    assert json.loads(disguised.response_body)["id"] == disguised.resource_id == of(ID)


def test_a_patch_keeps_its_verbs_and_paths(call: MakeCall) -> None:
    operations = [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "remove", "path": f'members[value eq "{ID}"]'},
        {"op": "add", "path": 'emails[type eq "work"].value', "value": "a@b.example"},
        {"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "X"},
    ]
    disguised = clean(call("PATCH", f"/scim/v2/Users/{ID}", {"Operations": operations})).call
    others = json.loads(disguised.request_body)["Operations"]
    assert others[0] == operations[0]
    assert others[1] == {"op": "remove", "path": f'members[value eq "{of(ID)}"]'}
    assert others[2] == operations[2] | {"value": of("a@b.example")}
    assert others[3] == operations[3] | {"value": of("X")}


def test_a_bulk_request_keeps_its_paths(call: MakeCall) -> None:
    operation = {"method": "PUT", "path": f"/Users/{ID}", "bulkId": "ann", "data": {"title": "X"}}
    disguised = clean(call("POST", "/scim/v2/Bulk", {"Operations": [operation]})).call
    [other] = json.loads(disguised.request_body)["Operations"]
    assert other == {
        "method": "PUT",
        "path": f"/Users/{of(ID)}",
        "bulkId": of("ann"),
        "data": {"title": of("X")},
    }


def test_the_length_of_a_changed_body_is_true(call: MakeCall) -> None:
    body = b'{"userName":"a"}'
    disguised = clean(call("POST", request=body, headers=(("Content-Length", "16"),))).call
    assert disguised.request_headers == (("Content-Length", str(len(disguised.request_body))),)


def test_a_schema_document_stays_readable(call: MakeCall) -> None:
    document = {"id": USER, "attributes": [{"name": "shoeSize", "description": "Ask a@b.example"}]}
    disguised = clean(call(target="/scim/v2/Schemas", response=document)).call
    [attribute] = json.loads(disguised.response_body)["attributes"]
    assert attribute == {"name": "shoeSize", "description": f"Ask {of('a@b.example')}"}


def test_a_body_that_is_not_json_is_withheld(call: MakeCall) -> None:
    disguised = clean(call("POST", request=b'{"userName":"ann')).call
    assert disguised.request_body == b"[16 bytes that are not JSON were withheld]"
    assert clean(disguised).call.request_body == disguised.request_body


def test_a_name_that_is_a_plain_word_is_replaced_where_the_call_knows_it(call: MakeCall) -> None:
    detail = "Page Value is already a member of the group Users: send another page and value."
    disguised = clean(
        call("POST", request={"displayName": "Page Value"}, status=409, response={"detail": detail})
    ).call
    assert json.loads(disguised.response_body)["detail"] == detail.replace(
        "Page Value", of("Page Value")
    )


def test_the_names_of_attributes_and_languages_stay_in_sentences(call: MakeCall) -> None:
    remarks = (
        Remark("attribute-ignored", 'No schema knows "shoeSize": it was ignored.'),
        Remark("locale-converted", 'locale "en_US" is stored as en-US (BCP 47).'),
    )
    made = call("POST", request={"shoeSize": "wide", "locale": "en_US"}, remarks=remarks)
    assert clean(made).call.remarks == remarks


def test_what_the_server_says_of_itself_stays(call: MakeCall) -> None:
    value = 'Bearer realm="Blink SCIM Desk", charset="UTF-8"'
    made = call(status=401, headers=(("WWW-Authenticate", value), ("Content-Length", "56")))
    assert clean(made).call.request_headers == made.request_headers


# No pseudonym and no technical word holds four of these in a row.
LETTERS = "qxwyQXWYéßøЖ漢"
words = st.text(LETTERS, min_size=4, max_size=9)
numbers = st.integers(10**9, 10**15).map(str)


@st.composite
def people(draw: st.DrawFn) -> dict[str, str]:
    first, last, domain = draw(words), draw(words), draw(words)
    return {
        "first": first,
        "last": last,
        "full": draw(st.sampled_from([f"{first} {last}", f"{last}, {first}", f"{first}'{last}"])),
        "login": draw(st.sampled_from([f"{first}.{last}@{domain}.example", f"{first}+1@{domain}"])),
        "phone": "+44" + draw(numbers),
        "id": draw(st.uuids().map(str) | numbers | words),
        "number": draw(numbers),
        "odd": draw(words) + draw(st.sampled_from(['"', "\\", "%", "<", "&", "|", "*", "\n", "/"])),
    }


def everywhere(call: MakeCall, p: dict[str, str], broken: bool) -> LoggedCall:
    """A call in which a person stands wherever one can."""
    user = {
        "userName": p["login"],
        "name": {"givenName": p["first"], "familyName": p["last"], "formatted": p["full"]},
        "emails": [{"value": p["login"], "type": p["last"]}],
        "phoneNumbers": [{"value": p["phone"]}],
        "externalId": p["id"],
        "employeeNumber": int(p["number"]),
        "locale": p["first"],
        "schemas": [p["odd"]],
        "custom": [[p["odd"], {p["odd"]: p["full"]}]],
        "Operations": [
            {"op": p["first"], "path": f'emails[value eq "{p["login"]}"]', "value": p["odd"]},
            {"path": f"/Users/{quote(p['id'])}", "bulkId": p["last"]},
        ],
        "filter": f"userName eq {json.dumps(p['odd'])} or {p['odd']}",
        "meta": {"location": f"https://{p['first']}.example/scim/v2/Users/{quote(p['login'])}"},
    }
    body = json.dumps(user, ensure_ascii=False).encode()
    condition = f"userName eq {json.dumps(p['odd'], ensure_ascii=False)} and id eq {p['id']}"
    detail = (
        f'userName "{p["login"]}" of {p["full"]} ({p["phone"]}, {p["id"]}) is {p["odd"]} taken.'
    )
    query = (
        f"filter={quote(condition)}&{quote(p['first'])}={quote_plus(p['full'])}&{quote(p['odd'])}"
    )
    latin = p["first"].encode("latin-1", "replace").decode("latin-1")
    made = call(
        "PUT",
        f"/scim/v2/Users/{quote(p['id'], safe='')}/{quote(p['odd'], safe='')}?{query}",
        body[:-9] if broken else body,
        409,
        {"detail": detail, "status": p["odd"], "Resources": [user]},
        headers=(
            ("Host", f"{latin}.example"),
            ("User-Agent", f"Okta SCIM Client 1.0.0 ({latin})"),
            ("Referer", f"https://x/{latin}?{latin}"),
            ("X-Forwarded-For", f"{latin}, 203.0.113.9"),
            ("X-Somebody", latin),
            ("Accept", f"text/{latin}"),
            ("ETag", latin),
        ),
        subject=p["login"],
        resource_id=p["id"],
        remarks=(Remark("account-linked", f"Linked to {p['full']}: userName {p['login']}."),),
        before=json.dumps(user).encode(),
    )
    return LoggedCall(1, "update", f"Update {p['full']}", made, "", f"{p['full']} {p['odd']}")


def personal(p: dict[str, str]) -> Iterator[str]:
    """Yield what must not be found, in every way of writing it."""
    for value in p.values():
        for word in re.findall(r"[^\W_]{4,}", value):
            if word not in ("example",):
                yield word
                yield json.dumps(word)[1:-1]
                yield quote(word)
                yield html.escape(word)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people(), st.booleans())
def test_nothing_personal_is_left_in_any_form(
    call: MakeCall, export: Export, p: dict[str, str], broken: bool
) -> None:
    logged = everywhere(call, p, broken)
    forms: dict[str, Any] = {
        name: export(name, [logged], Pseudonyms(KEY)).decode() for name in EXPORTS
    }
    forms |= {name: copied(name, logged, cleaner, "http://127.0.0.1:8765") for name in COPIES}
    for name, text in forms.items():
        folded = text.casefold()
        for value in personal(p):
            assert value.casefold() not in folded, name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=80), st.text(max_size=40))
def test_any_call_can_be_disguised(call: MakeCall, body: bytes, text: str) -> None:
    latin = text.encode("latin-1", "replace").decode("latin-1")
    made = call(latin, f"/scim/{latin}", body, 400, body, ((latin, latin), ("Location", latin)))
    assert clean(made, text).call.status == 400


def test_a_deep_body_can_be_disguised(call: MakeCall) -> None:
    body = b'{"a":' * 900 + b'"Ann"' + b"}" * 900
    disguised = clean(call("POST", request=body)).call
    assert disguised.request_body == body.replace(b"Ann", of("Ann").encode())
