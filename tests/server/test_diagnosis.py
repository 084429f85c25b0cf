"""Each rule of the diagnosis is found in a sequence of real calls."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.blink.custom_attributes import CustomAttribute
from server.blink.directory import DirectoryUnavailable
from server.blink.identity import keys_of
from server.blink.users import Users
from server.calls.call import Call, Remark
from server.calls.diagnosis import RULES, Severity, diagnose
from server.calls.diagnosis.places import variable_of
from server.calls.filters import parse
from server.calls.redaction import Redactor
from server.http.bodies import read_body
from server.http.protocol import protocol_class
from server.http.recording import CallRecorder
from server.http.running import LocalServer
from server.okta.mapping.app_profile import BLINK_APP_PROFILE
from storage.directory import UserDirectory
from tests.server.session import Session
from tests.server.tenant import BLINK, BULK, ENTERPRISE, PATCH, USER, Json, Tenant

LOOK_UP = "/Users?filter=userName%20eq%20%22ann%40acme.example%22&startIndex=1&count=100"
TEST = "/Users?startIndex=1&count=2"
ANN: Json = {
    "schemas": [USER],
    "userName": "ann@acme.example",
    "name": {"givenName": "Ann", "familyName": "Bell"},
    "emails": [{"value": "ann@acme.example", "type": "work", "primary": True}],
    "active": True,
}


@pytest.fixture
def session(tenant: Tenant) -> Iterator[Session]:
    session = Session(tenant)
    yield session
    session.close()


def patch(*operations: Json) -> Json:
    return {"schemas": [PATCH], "Operations": list(operations)}


def active(state: bool) -> Json:
    return patch({"op": "replace", "value": {"active": state}})


def ann(session: Session, **more: Any) -> str:
    """Create Ann and return her path."""
    reply = session.send("POST", "/Users", ANN | more)
    assert reply.status_code == 201, reply.text
    return f"/Users/{reply.json()['id']}"


Sequence = Callable[[Session], None]
SEQUENCES: dict[str, Sequence] = {}


def sequence(rule_id: str) -> Callable[[Sequence], Sequence]:
    def keep(play: Sequence) -> Sequence:
        SEQUENCES[rule_id] = play
        return play

    return keep


def simple(rule_id: str, method: str, path: str, body: Any = None, **headers: str) -> None:
    """Declare a sequence of one call that needs nothing to be there."""

    def play(session: Session) -> None:
        session.send(method, path, body, **headers)

    SEQUENCES[rule_id] = play


simple("token-unknown", "GET", TEST, token="blinkscim_nonsense")
simple("token-bearer-twice", "GET", TEST, Authorization="Bearer Bearer x")
simple("token-form", "GET", TEST, Authorization='Bearer "x"')
simple("token-missing", "GET", TEST, Authorization="")
simple("body-unreadable", "POST", "/Users", b'{"userName": ')
simple("locale-refused", "POST", "/Users", ANN | {"locale": "English (UK)"})
simple("value-missing", "POST", "/Users", {"schemas": [USER], "active": True})
simple("value-refused", "POST", "/Users", ANN | {"title": ["a"]})
simple("filter-refused", "GET", "/Users?filter=userName%20is%20%22ann%22")
simple("unknown-resource", "PATCH", "/Users/4711", active(False))
simple("wrong-base-url", "GET", "/Users/Users/4711")
simple("wrong-content-type", "POST", "/Users", ANN, Content_Encoding="gzip")
simple("headers-too-large", "GET", "/Users", x_long="x" * 70_000)
simple("body-too-large", "POST", "/Users", b'{"a":"' + b"x" * 1_100_000 + b'"}')
simple("not-offered", "GET", "/Me")
simple("import-unsupported", "GET", "/Users?startIndex=1&count=100")
simple("made-by-hand", "GET", TEST, User_Agent="curl/8.5.0")
simple("attribute-unknown", "POST", "/Users", ANN | {"shoeSize": "42"})
simple("ignored-by-blink", "POST", "/Users", ANN | {"nickName": "Annie"})
simple("created-disabled", "POST", "/Users", {k: ANN[k] for k in ("schemas", "userName")})
simple("locale-converted", "POST", "/Users", ANN | {"locale": "en_US"})
simple("dialect", "POST", "/Users", ANN | {"active": "True"})
simple("refused-otherwise", "GET", "/Schemas?filter=id%20eq%20%22x%22")
simple(
    "mobile-not-international",
    "POST",
    "/Users",
    ANN | {"phoneNumbers": [{"type": "mobile", "value": "07700 900123"}]},
)
simple(
    "manager-not-an-id", "POST", "/Users", ANN | {ENTERPRISE: {"manager": {"value": "bob@acme"}}}
)
simple(
    "members-unknown", "POST", "/Groups", {"displayName": "Sales", "members": [{"value": "nobody"}]}
)
simple(
    "bulk-partly-refused",
    "POST",
    "/Bulk",
    {"schemas": [BULK], "Operations": [{"method": "DELETE", "path": "/Users/4711"}]},
)


@sequence("authorization-form")
def _(session: Session) -> None:
    session.send("GET", TEST, Authorization=session.tenant.token)


@sequence("token-revoked")
def _(session: Session) -> None:
    tokens = session.tenant.desk.parts.tokens
    issued = tokens.create(session.tenant.organization.id, "Old", None)
    session.send("GET", TEST, token=issued.text)
    tokens.revoke(session.calls[-1].token_id or 0)
    session.send("GET", TEST, token=issued.text)


@sequence("token-expired")
def _(session: Session) -> None:
    tokens = session.tenant.desk.parts.tokens
    issued = tokens.create(session.tenant.organization.id, "Old", timedelta(milliseconds=1))
    time.sleep(0.005)
    session.send("GET", TEST, token=issued.text)


@sequence("token-expires-soon")
def _(session: Session) -> None:
    tokens = session.tenant.desk.parts.tokens
    issued = tokens.create(session.tenant.organization.id, "Old", timedelta(days=3))
    session.send("GET", TEST, token=issued.text)


@sequence("rate-limit")
def _(session: Session) -> None:
    for _attempt in range(61):
        session.send("GET", TEST, token="blinkscim_nonsense", X_Forwarded_For="198.51.100.9")


@sequence("list-sent-back")
def _(session: Session) -> None:
    path = ann(session)
    listed = session.send("GET", TEST).json()
    session.send("PUT", path, listed | {"active": False})


@sequence("custom-value-refused")
def _(session: Session) -> None:
    contract = CustomAttribute("contract", "Contract", "choice", ("Permanent", "Agency"), "")
    attributes = session.tenant.desk.parts.custom_attributes
    attributes.add(session.tenant.organization.id, contract)
    body = ANN | {"schemas": [USER, BLINK], BLINK: {"contract": "Other"}}
    session.send("POST", "/Users", body)


@sequence("path-refused")
def _(session: Session) -> None:
    operation = {"op": "replace", "path": "shoeSize", "value": "42"}
    session.send("PATCH", ann(session), patch(operation))


@sequence("read-only-attribute")
def _(session: Session) -> None:
    operation = {"op": "replace", "path": "meta.created", "value": "2020-01-01T00:00:00Z"}
    session.send("PATCH", ann(session), patch(operation))


@sequence("group-push-off")
def _(session: Session) -> None:
    organizations = session.tenant.desk.parts.organizations
    organizations.set_switches(session.tenant.organization.id, group_push=False)
    session.send("GET", "/Groups?filter=displayName%20eq%20%22Sales%22")


@sequence("value-taken")
def _(session: Session) -> None:
    ann(session)
    session.send("POST", "/Users", ANN | {"userName": "ann.bell@acme.example"})


@sequence("value-taken-elsewhere")
def _(session: Session) -> None:
    with session.tenant.desk.client() as other:
        made = other.post("/Users", json=ANN).json()
        session.wait_for(1)
        session.send("POST", "/Users", ANN)
        other.delete(f"/Users/{made['id']}")
        session.wait_for(3)
    del session.calls[2]


@sequence("value-taken-by-account")
def _(session: Session) -> None:
    add_account(session, {"phoneNumbers": [{"type": "mobile", "value": "+447700900123"}]})
    phones = [{"type": "mobile", "value": "+447700900123"}]
    session.send("POST", "/Users", ANN | {"phoneNumbers": phones})


@sequence("account-linked")
def _(session: Session) -> None:
    add_account(session, {"emails": ANN["emails"]})
    session.send("POST", "/Users", ANN)


@sequence("changed-meanwhile")
def _(session: Session) -> None:
    session.send("PATCH", ann(session), active(False), If_Match='W/"99"')


@sequence("client-gone")
def _(session: Session) -> None:
    session.raw(post_of_ann(session)[:-20])


@sequence("slow-exchange")
def _(session: Session) -> None:
    request = post_of_ann(session)
    session.raw(request[:-20], request[-20:], pause=1.01)


@sequence("https-on-http")
def _(session: Session) -> None:
    session.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")


@sequence("not-http")
def _(session: Session) -> None:
    session.raw(b"EHLO mail.acme.example\r\n\r\n")


@sequence("attributes-cleared")
def _(session: Session) -> None:
    session.send("PUT", ann(session, title="Clerk"), ANN)


@sequence("renamed")
def _(session: Session) -> None:
    session.send("PUT", ann(session), ANN | {"userName": "ann.bell@acme.example"})


@sequence("password-ignored")
def _(session: Session) -> None:
    operation = {"op": "replace", "value": {"password": "N3w-S3cret-Pass!"}}
    session.send("PATCH", ann(session), patch(operation))


@sequence("members-left-out")
def _(session: Session) -> None:
    group = session.tenant.group("Sales")
    session.send("PUT", f"/Groups/{group['id']}", {"displayName": "Sales"})


@sequence("member-absent")
def _(session: Session) -> None:
    group = session.tenant.group("Sales")
    operation = {"op": "remove", "path": 'members[value eq "4711"]'}
    session.send("PATCH", f"/Groups/{group['id']}", patch(operation))


@sequence("stale-deactivation")
def _(session: Session) -> None:
    """Devforum 14380: an update with active false behind the reactivation."""
    path = ann(session, active=False)
    session.send("PATCH", path, active(True))
    session.send("PATCH", path, active(False))


@sequence("returner")
def _(session: Session) -> None:
    path = ann(session)
    session.send("PATCH", path, active(False))
    session.send("GET", LOOK_UP)
    session.send("PUT", path, ANN)


@sequence("returner-refused")
def _(session: Session) -> None:
    """Better-auth 11111: a create for somebody who is there, but disabled."""
    session.send("PATCH", ann(session), active(False))
    session.pass_time(90 * 24 * 60)
    session.send("POST", "/Users", ANN)


@sequence("look-up-then-conflict")
def _(session: Session) -> None:
    """Devforum 27262: a look-up by the old userName, then a create that collides."""
    session.send("PUT", ann(session), ANN | {"userName": "ann.bell@acme.example"})
    assert session.send("GET", LOOK_UP).json()["totalResults"] == 0
    session.send("POST", "/Users", ANN)


@sequence("look-up-without-create")
def _(session: Session) -> None:
    session.send("GET", LOOK_UP)
    session.pass_time(2)
    session.send("GET", LOOK_UP)
    session.calls.reverse()


@sequence("repeated-failure")
def _(session: Session) -> None:
    for _attempt in range(3):
        session.pass_time(30)
        session.send("POST", "/Users", ANN | {"locale": "English"})


@sequence("duplicate")
def _(session: Session) -> None:
    path = ann(session)
    for _attempt in range(2):
        session.send("PUT", path, ANN | {"title": "Lead"})


def add_account(session: Session, more: Json) -> None:
    """Give the organization an account that nobody provisioned yet."""
    document = {"schemas": [USER], "userName": "", "active": True} | more
    directory = UserDirectory(session.tenant.desk.parts.directory)
    directory.add_account(session.tenant.organization.id, orjson.dumps(document), keys_of(document))
    directory.commit()


def post_of_ann(session: Session) -> bytes:
    body = orjson.dumps(ANN)
    head = (
        "POST /scim/v2/Users HTTP/1.1\r\nHost: desk\r\nUser-Agent: Okta SCIM Client 1.0.0\r\n"
        f"Authorization: Bearer {session.tenant.token}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/scim+json\r\n\r\n"
    )
    return head.encode() + body


OF_A_BROKEN_SERVER = {"own-mistake", "unavailable", "request-too-slow"}


def test_every_rule_has_a_sequence() -> None:
    assert SEQUENCES.keys() | OF_A_BROKEN_SERVER == {rule.id for rule in RULES}
    assert len(RULES) == len({rule.id for rule in RULES})


@pytest.mark.parametrize("rule_id", SEQUENCES)
def test_rule_is_found_in_its_sequence(session: Session, rule_id: str) -> None:
    SEQUENCES[rule_id](session)
    findings = session.findings()
    assert rule_id in findings, (session.calls[-1], findings)
    found = findings[rule_id]
    assert found.sentence.endswith(".") or found.sentence.endswith(")"), found.sentence
    assert found.cure.endswith(".")
    if found.link.startswith("log:"):
        parse(found.link.removeprefix("log:"))
    if session.calls[-1].status >= 400 or not session.calls[-1].status:
        errors = [each for each in findings.values() if each.severity is Severity.ERROR]
        assert len(errors) == 1, errors


@pytest.mark.parametrize(
    ("error", "rule_id"),
    [
        (RuntimeError("a defect"), "own-mistake"),
        (DirectoryUnavailable("The disk is full. Make room."), "unavailable"),
    ],
)
def test_what_the_server_could_not_do_is_not_oktas_mistake(
    session: Session, monkeypatch: pytest.MonkeyPatch, error: Exception, rule_id: str
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(Users, "create", fail)
    session.send("POST", "/Users", ANN)
    assert rule_id in session.findings()


def test_a_request_that_does_not_end_is_too_slow() -> None:
    calls: list[Call] = []
    news = threading.Event()

    class Sink:
        def record(self, call: Call) -> None:
            calls.append(call)
            news.set()

    async def read(scope: Any, receive: Any, send: Any) -> None:
        await read_body(receive, scope["headers"])

    sink, redactor = Sink(), Redactor("blinkscim_")
    server = LocalServer(
        lambda: CallRecorder(read, sink, redactor),
        lambda: protocol_class(sink, redactor, request_timeout=0.1),
    )
    url = server.start("127.0.0.1", 0)
    try:
        host, port = url.split("/")[2].split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"POST /scim/v2/Users HTTP/1.1\r\nContent-Length: 9\r\n\r\na")
            assert news.wait(5)
    finally:
        server.stop()
    assert diagnose(calls[0])[0].rule_id == "request-too-slow"


def test_a_day_without_trouble_has_no_warnings(session: Session) -> None:
    session.send("GET", TEST)
    session.send("GET", LOOK_UP)
    path = ann(session)
    session.pass_time(60)
    session.send("GET", path)
    session.send("PUT", path, ANN | {"title": "Lead"})
    session.pass_time(60)
    session.send("PATCH", path, active(False))
    assert session.diagnosed(session.calls) == []


def test_a_look_up_before_its_create_is_no_finding_and_before_a_conflict_one(
    session: Session,
) -> None:
    SEQUENCES["look-up-then-conflict"](session)
    look_up = next(i for i, call in enumerate(session.calls) if call.method == "GET")
    assert "look-up-then-conflict" in session.findings(look_up)
    assert "look-up-without-create" not in session.findings(look_up)


def test_a_second_create_after_one_look_up_is_no_conflict_of_the_look_up(
    session: Session,
) -> None:
    session.send("GET", LOOK_UP)
    ann(session)
    session.send("POST", "/Users", ANN)
    findings = session.findings()
    assert "look-up-then-conflict" not in findings
    assert findings["duplicate"].sentence == (
        "The same request came a moment before and succeeded."
    )


def test_a_deactivation_long_after_is_no_stale_one(session: Session) -> None:
    path = ann(session)
    session.pass_time(30)
    session.send("PATCH", path, active(False))
    assert "stale-deactivation" not in session.findings()


def test_a_leaver_is_known_after_months(session: Session) -> None:
    SEQUENCES["returner-refused"](session)
    assert "was deactivated 90 days before" in session.findings()["returner-refused"].sentence


def test_a_deleted_user_is_said_to_be_deleted(session: Session) -> None:
    path = ann(session)
    session.send("DELETE", path)
    session.send("PATCH", path, active(False))
    assert "it was deleted a while before" in session.findings()["unknown-resource"].sentence


def test_a_value_that_is_taken_links_to_its_holder(session: Session) -> None:
    SEQUENCES["value-taken"](session)
    holder = session.calls[0].resource_id
    finding = session.findings()["value-taken"]
    assert finding.link == f"log:id:{holder}"
    assert finding.sentence.endswith(f"That is {session.calls[0].subject}.")


@pytest.mark.parametrize("attribute", BLINK_APP_PROFILE, ids=lambda a: a.variable)
def test_links_to_mappings_name_the_variable_of_the_app_profile(attribute: Any) -> None:
    sub = attribute.external_name.rpartition(".")[2]
    name = {
        "email": 'emails[type eq "work"].value',
        "emailType": "emails.type",
        "mobilePhone": 'phoneNumbers[type eq "mobile"].value',
        "workPhone": 'phoneNumbers[type eq "work"].value',
    }.get(attribute.variable, attribute.external_name)
    if name.startswith("addresses"):
        name = f"addresses[primary eq true].{sub}"
    if attribute.external_namespace != USER:
        name = f"{attribute.external_namespace}:{name}"
    assert variable_of(name) == attribute.variable


def test_help_has_a_paragraph_for_every_rule() -> None:
    for rule in RULES:
        assert rule.title[0].isupper() or rule.title.startswith("https")
        assert not rule.title.endswith(".")
        assert rule.help.endswith(".")
        assert len(rule.help) > 60


def test_diagnosing_beside_many_neighbours_is_quick(session: Session) -> None:
    ann(session)
    session.send("POST", "/Users", ANN)
    many = session.calls * 5000
    began = time.perf_counter()
    findings = diagnose(session.calls[-1], many)
    assert findings
    assert time.perf_counter() - began < 0.5


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "Operations op path value active members userName detail scimType id status".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
).map(orjson.dumps)
bodies = st.binary(max_size=20) | json_values
any_calls = st.builds(
    Call,
    at=st.integers(0, 9) | st.integers(0, 2**53),
    duration=st.integers(0, 10**9),
    peer=st.text(max_size=3),
    organization_id=st.none() | st.integers(0, 3),
    token_id=st.none() | st.integers(0, 3),
    token_label=st.text(max_size=3),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", ""]) | st.text(max_size=3),
    path=st.sampled_from(["/scim/v2/Users", "/scim/v2/Users/7", "/scim/Groups/7", "/scim/Bulk"])
    | st.text(max_size=9),
    query=st.sampled_from(["", "filter=userName+eq+%22a%22", "startIndex=1&count=2"])
    | st.text(max_size=9),
    status=st.sampled_from([0, 200, 201, 204, 400, 401, 403, 404, 409, 429, 500])
    | st.integers(0, 999),
    request_headers=st.lists(
        st.tuples(st.sampled_from(["User-Agent", "Authorization"]), st.text(max_size=9)), max_size=2
    ).map(tuple),
    request_body=bodies,
    response_headers=st.just(()),
    response_body=bodies,
    subject=st.text(max_size=3),
    resource_id=st.sampled_from(["", "7"]),
    remarks=st.lists(
        st.builds(Remark, st.sampled_from(["ignored-by-blink", "user-reactivated"]), st.text()),
        max_size=2,
    ).map(tuple),
    before=bodies,
)


@given(any_calls, st.lists(any_calls, max_size=4))
def test_any_call_can_be_diagnosed(call: Call, neighbours: list[Call]) -> None:
    findings = diagnose(call, [call, *neighbours])
    assert len({found.rule_id for found in findings}) == len(findings)
    if not 0 < call.status < 400:
        assert any(found.severity is Severity.ERROR for found in findings)
