import json
import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from main import RESOURCES
from server.calls.call import Call, Remark
from server.calls.explanation import understand
from server.calls.export import Cleaner, ExportSetting, LoggedCall, exported
from server.calls.imports import ImportFailed, import_calls
from server.calls.redaction import Redactor
from tests.server.calls.imports.conftest import Import

MakeCall = Callable[..., Call]
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
SECRET = "hunter2XsecretX4711"
redactor = Redactor("blinkscim_")
setting = ExportSetting("http://127.0.0.1:8765", "", "", "")

latin = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)
target = st.text(string.ascii_letters + string.digits + "/%-._~", max_size=20)
bodies = st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace"))


@st.composite
def logs(draw: st.DrawFn) -> list[LoggedCall]:
    """Calls as a log has them: redacted, in order of time."""
    calls = []
    for number, at in enumerate(sorted(draw(st.lists(st.integers(0, 2**50), max_size=3))), 1):
        call = Call(
            at=at,
            duration=draw(st.integers(0, 10**8)),
            peer="203.0.113.7",
            organization_id=None,
            token_id=None,
            token_label=draw(latin),
            method=draw(st.sampled_from(["GET", "POST", "PATCH"])),
            path="/scim/v2/" + draw(target),
            query=draw(target),
            status=draw(st.sampled_from([0, 200, 404, 500])),
            request_headers=(("Host", "desk.example"), ("X-A", draw(latin))),
            request_body=draw(bodies),
            response_headers=(("Content-Type", draw(latin)),),
            response_body=draw(bodies),
            subject=draw(st.text(max_size=9)),
            resource_id=draw(st.text(max_size=9)),
            remarks=(Remark("a-code", "A sentence."),),
            before=draw(bodies),
            origin_mark="Replay",
        )
        logged = Cleaner(redactor).clean(LoggedCall(number, "", "", call, "red", "A note"))
        calls.append(
            replace(logged, operation=understand(call).operation, summary=understand(call).summary)
        )
    return calls


@pytest.mark.parametrize("name", ["har", "jsonl"])
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(calls=logs())
def test_what_was_exported_is_imported_as_it_was(
    imported: Import, name: str, calls: list[LoggedCall]
) -> None:
    data = b"".join(exported(name, calls, Cleaner(redactor), setting))
    if data:
        assert imported(data) == calls


def browser_entry(**request: Any) -> dict[str, Any]:
    """An entry as Chrome writes it: HTTP/2, cookies, many members of its own."""
    return {
        "_initiator": {"type": "script"},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": "443",
        "startedDateTime": "2026-11-23T20:24:34.486+01:00",
        "time": 12.25,
        "timings": {"blocked": -1, "dns": -1, "send": 0.1, "wait": 12, "receive": 0.1, "ssl": -1},
        "serverIPAddress": "203.0.113.80",
        "request": {
            "method": "POST",
            "url": f"https://u:{SECRET}@api.example:8443/scim/v2/Users?code={SECRET}&count=2#{SECRET}",
            "httpVersion": "http/2.0",
            "headers": [
                {"name": ":authority", "value": "api.example:8443"},
                {"name": ":path", "value": "/scim/v2/Users"},
                {"name": "authorization", "value": f"Bearer {SECRET}"},
                {"name": "cookie", "value": f"a={SECRET}"},
                {"name": "x-csrf", "value": SECRET},
                {"name": "referer", "value": f"https://x.example/?id_token={SECRET}"},
                {"name": "content-type", "value": "application/json"},
                {"name": "x-trace", "value": f"t {JWT}"},
            ],
            "queryString": [{"name": "code", "value": SECRET}],
            "cookies": [{"name": "a", "value": SECRET}],
            "headersSize": -1,
            "bodySize": 30,
            "postData": {
                "mimeType": "application/json",
                "text": json.dumps(
                    {
                        "userName": "ann",
                        "password": SECRET,
                        "credentials": {"recovery": {"answer": SECRET}},
                        "refresh_token": SECRET,
                        "text": f"Bearer {SECRET} and {JWT}",
                    }
                ),
            },
        }
        | request,
        "response": {
            "status": 201,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": [
                {"name": "set-cookie", "value": f"sid={SECRET}"},
                {"name": "content-encoding", "value": "gzip"},
                {"name": "location", "value": f"/x?token={SECRET}"},
            ],
            "cookies": [],
            "content": {"size": 9, "mimeType": "application/json", "text": '{"id":"7"}'},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 500,
            "_error": None,
        },
    }


def archive(*entries: Any) -> dict[str, Any]:
    creator = {"name": "WebInspector", "version": "537.36"}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": list(entries)}}


def test_the_archive_of_a_browser_is_read(imported: Import) -> None:
    [logged] = imported(archive(browser_entry()))
    call = logged.call
    assert (call.method, call.path, call.status) == ("POST", "/scim/v2/Users", 201)
    assert call.query == "code=[redacted]&count=2"
    assert (call.at, call.duration) == (1_795_461_874_486_000, 12_250)
    assert call.request_headers[0] == ("Host", "api.example:8443")
    assert json.loads(call.request_body)["userName"] == "ann"
    assert call.response_body == b'{"id":"7"}'
    assert (logged.id, logged.operation, logged.summary) == (1, "create", "Create user ann")


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "posted"),
    [
        ("application/json", browser_entry()["request"]["postData"]),
        ("text/plain", {"text": f'[{{"apiKey":["{SECRET}"]}}]'}),
        ("text/plain", {"text": f"Basic {SECRET}"}),
        ("text/plain", {"text": f'{{"name":"blinkscim_{SECRET}"'}),
        ("text/plain", {"text": f'{{"password":"{SECRET}"'}),
        (FORM, {"text": f"Basic {SECRET}"}),
        (FORM, {"text": f"user=ann&client_secret={SECRET}&sig={SECRET}"}),
        (FORM, {"params": [{"name": "password", "value": SECRET}]}),
        ("multipart/form-data; boundary=x", {"text": f'--x\r\nname="q"\r\n\r\n{SECRET}'}),
    ],
)
def test_no_secret_of_a_foreign_archive_comes_in(
    imported: Import, kind: str, posted: dict[str, Any]
) -> None:
    entry = browser_entry(postData=posted)
    entry["request"]["headers"][6]["value"] = kind
    [logged] = imported(archive(entry))
    assert logged.call.request_body
    assert SECRET not in str(logged)
    assert JWT not in str(logged)


def test_entries_beside_the_network_are_left_out_and_the_rest_is_in_order(imported: Import) -> None:
    later = browser_entry(method="GET")
    earlier = browser_entry(method="DELETE") | {"startedDateTime": "2026-11-23T10:00:00Z"}
    beside = browser_entry(url="data:image/png;base64,AAAA")
    calls = imported(archive(later, beside, earlier))
    assert [(c.id, c.call.method) for c in calls] == [(1, "DELETE"), (2, "GET")]


def test_a_body_that_is_no_text_is_noted(imported: Import) -> None:
    entry = browser_entry()
    entry["response"]["content"] = {"text": "/+7/", "encoding": "base64"}
    [logged] = imported(archive(entry))
    assert logged.call.response_body == b"[3 bytes that are not text were withheld]"


def test_half_characters_and_a_byte_order_mark_do_no_harm(imported: Import) -> None:
    entry = browser_entry(postData={"text": "\ud83d"})
    [logged] = imported(b"\xef\xbb\xbf" + json.dumps(archive(entry)).encode())
    assert logged.call.request_body == b"?"


def test_a_mark_that_is_none_is_dropped(imported: Import) -> None:
    entry = browser_entry() | {
        "_blinkScimDesk": {"mark": "pink", "note": "blinkscim_abc", "at": -1}
    }
    [logged] = imported(archive(entry))
    assert (logged.mark, logged.note) == ("", "[redacted]")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty: choose another file."),
        (b"\x89PNG\r\n", "Line 1 of the file is not a call"),
        (b'{"method":"GET"}', "Line 1 of the file is not a call"),
        (b'{"method":"GET","path":"/","query":""}', "Line 1 of the file does not say when"),
        (b'{"log":{"entries":[', "damaged or ends too early: export it anew."),
        ({"log": []}, 'has no "entries"'),
        ({"log": {"entries": {}}}, 'has no "entries"'),
        (archive(7), "Entry 1 of the HTTP Archive has no request"),
        (archive(browser_entry(), browser_entry(method=7)), "Entry 2 of the HTTP Archive has no"),
        (archive(browser_entry() | {"startedDateTime": "soon"}), "does not say when it began"),
        (b"[" * 100_000, "Line 1 of the file is not a call"),
        (b'{"log":' * 100_000, "damaged or ends too early"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence(imported: Import, content: Any, told: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        imported(content)
    assert told in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        ImportFailed, match=r"gone\.har could not be read .*: choose another file\."
    ):
        import_calls(tmp_path / "gone.har", redactor)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_stands_in_an_archive_is_read_or_refused(
    imported: Import, data: st.DataObject
) -> None:
    entry = browser_entry()
    for part in (entry, entry["request"], entry["response"], entry["request"]["postData"]):
        for name in data.draw(st.sets(st.sampled_from(sorted(part)), max_size=3)):
            part[name] = data.draw(json_values)
    try:
        calls = imported(archive(entry))
    except ImportFailed as error:
        told = str(error)
    else:
        told = f"Entry 1 became {len(calls)} calls"
    assert told.startswith("Entry 1 ")


def test_the_template_of_reports_is_no_import(imported: Import) -> None:
    with pytest.raises(ImportFailed):
        imported((RESOURCES / "templates" / "calls-report.html").read_bytes())
