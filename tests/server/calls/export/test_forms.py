import csv
import html
import io
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.calls.call import Call, Remark
from server.calls.diagnosis import diagnose
from server.calls.export import COPIES, EXPORTS, Cleaner, LoggedCall, Pseudonyms, copied
from server.calls.export.csv_table import CSV_COLUMNS
from server.calls.redaction import Redactor
from tests.server.calls.export.conftest import Export

MakeCall = Callable[..., Call]
BASE = "http://127.0.0.1:8765"
TOKEN = "blinkscim_Zm9vYmFyYmF6cXV4-_0123456789"
SECRETS = (TOKEN.removeprefix("blinkscim_"), "hunter2pass", "cookie4711", "dXNlcjpodW50ZXIy")
SCHEMA = json.loads((Path(__file__).parent / "har-1.2.schema.json").read_text())
cleaner = Cleaner(Redactor("blinkscim_"))


@pytest.fixture
def careless(call: MakeCall) -> LoggedCall:
    """A call that was never redacted, with secrets wherever they may be."""
    made = call(
        "PUT",
        f"/scim/v2/Users/{TOKEN}?access_token={SECRETS[0]}&filter=password eq {SECRETS[1]}",
        {"userName": "ann", "password": SECRETS[1], "note": f"see {TOKEN}"},
        409,
        {"detail": f"The token {TOKEN} is not allowed", "password": SECRETS[1]},
        headers=(
            ("Authorization", f"Bearer {TOKEN}"),
            ("Proxy-Authorization", f"Basic {SECRETS[3]}"),
            ("Cookie", f"session={SECRETS[2]}"),
            ("X-API-Key", SECRETS[2]),
        ),
        subject=TOKEN,
        remarks=(Remark("a", f"A remark on {TOKEN}."),),
        before=f'{{"password":"{SECRETS[1]}"}}'.encode(),
    )
    return LoggedCall(1, "update", f"Update {TOKEN}", made, "", f"He used {TOKEN}")


@pytest.mark.parametrize("pseudonyms", [None, Pseudonyms(b"k")])
@pytest.mark.parametrize("name", [*EXPORTS, *COPIES])
def test_no_form_holds_a_token_a_password_or_a_cookie(
    careless: LoggedCall, export: Export, name: str, pseudonyms: Pseudonyms | None
) -> None:
    if name in EXPORTS:
        data = export(name, [careless], pseudonyms)
    else:
        data = copied(name, careless, Cleaner(Redactor("blinkscim_"), pseudonyms), BASE).encode()
    assert data
    for secret in SECRETS:
        assert secret.encode() not in data


@pytest.mark.parametrize("name", EXPORTS)
def test_every_form_can_be_empty(export: Export, name: str) -> None:
    assert export(name) or name == "jsonl"


def test_every_form_explains_itself() -> None:
    for form in (*COPIES.values(), *EXPORTS.values()):
        assert form.title
        assert form.help.endswith(".")
    assert len({form.ending for form in EXPORTS.values()}) == len(EXPORTS)


anything = st.text(max_size=30)
some_bytes = st.binary(max_size=40) | anything.map(lambda text: text.encode("utf-8", "replace"))


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    latin = st.text(st.characters(max_codepoint=255), max_size=20)
    return {
        "method": draw(latin),
        "target": draw(latin),
        "request": draw(some_bytes),
        "response": draw(some_bytes),
        "status": draw(st.sampled_from([0, 200, 204, 302, 401, 409, 599])),
        "headers": tuple(draw(st.lists(st.tuples(latin, latin), max_size=3))),
        "subject": draw(anything),
    }


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(calls(), anything)
def test_any_call_makes_a_valid_archive(
    call: MakeCall, export: Export, fields: dict[str, Any], note: str
) -> None:
    logged = LoggedCall(1, "other", note, call(**fields), "", note)
    archive = json.loads(export("har", [logged, logged]))
    jsonschema.validate(archive, SCHEMA, jsonschema.Draft202012Validator)
    assert len(archive["log"]["entries"]) == 2


def test_an_archive_says_what_was_sent_and_answered(conflict: LoggedCall, export: Export) -> None:
    [entry] = json.loads(export("har", [conflict]))["log"]["entries"]
    assert entry["startedDateTime"] == "2026-11-23T19:24:34.486Z"
    assert entry["time"] == 1.5
    assert entry["request"]["url"] == "http://desk.acme.example/scim/v2/Users?x=%C3%A9"
    assert entry["request"]["queryString"] == [{"name": "x", "value": "é"}]
    assert entry["request"]["postData"]["text"].encode() == conflict.call.request_body
    assert entry["request"]["postData"]["mimeType"] == "application/scim+json; charset=utf-8"
    assert entry["response"]["status"] == 409
    assert entry["response"]["content"]["text"].encode() == conflict.call.response_body
    assert entry["comment"] == conflict.summary


def test_the_schema_of_the_tests_refuses_what_is_no_archive(export: Export) -> None:
    archive = json.loads(export("har"))
    del archive["log"]["creator"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(archive, SCHEMA, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_cell_of_a_table_is_a_formula(call: MakeCall, export: Export, start: str) -> None:
    logged = LoggedCall(1, "other", start, call(subject=start), "", start)
    row = table(export("csv", [logged]))[0]
    assert row["summary"] == row["user_or_group"] == row["note"] == f"'{start}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_table_has_the_declared_columns(conflict: LoggedCall, export: Export) -> None:
    data = export("csv", [conflict])
    [row] = table(data)
    assert tuple(row) == CSV_COLUMNS
    assert row["error"] == 'userName "ann.lee@acme.example" is already taken by Ann Lee.'
    assert (row["status"], row["client"], row["duration_ms"]) == ("409", "Replay", "1.500")
    assert "Zoë" in row["request_body"]
    assert data.endswith(b"\r\n")


def test_a_long_cell_is_cut_before_a_spreadsheet_does_it(call: MakeCall, export: Export) -> None:
    [row] = table(export("csv", [LoggedCall(1, "", "", call(request=b"x" * 40_000))]))
    assert len(row["request_body"]) == 32_001
    assert row["request_body"].endswith("x…")


class Page(HTMLParser):
    """What a browser makes of a page: its text, and what it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_report_needs_no_other_file_and_runs_nothing(
    conflict: LoggedCall, export: Export
) -> None:
    page = Page(export("html", [conflict]).decode())
    assert page.loads == ["#call-7"]
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert page.tags[0] == "html"


def test_a_report_shows_a_call_whole(conflict: LoggedCall, export: Export) -> None:
    page = Page(export("html", [conflict, conflict]).decode())
    for words in (
        "409 Conflict",
        conflict.summary,
        '"nickName": "<b>````` & Zoë"',
        "ask Ann | again",
        "Linked to an account that Blink already had.",
        "What to do:",
        "POST /scim/v2/Users?x=%C3%A9",
        "Create user",
        "2026-11-23T19:24:34.486Z",
        "Acme",
    ):
        assert words in page.text
    assert page.tags.count("article") == 2
    assert page.text.count("2 calls") == 2


def test_a_report_begins_with_what_failed_and_leads_to_the_calls(
    conflict: LoggedCall, export: Export
) -> None:
    several = [replace(conflict, id=number) for number in range(1, 13)]
    text = export("html", several).decode()
    head = text[: text.index("<main>")]
    assert head.count("What failed, and what to do") == 1
    assert "12 calls" in head
    assert head.count('href="#call-') == 10
    assert "and 2 more below" in head
    assert all(f'<article id="call-{number}">' in text for number in range(1, 13))
    cure = diagnose(conflict.call)[0].cure
    assert html.escape(cure) in head


def test_a_report_shows_no_control_characters(call: MakeCall, export: Export) -> None:
    logged = LoggedCall(1, "other", "a\0b\u202ec\x1b", call(request=b"\x07\x00"))
    data = export("html", [logged])
    for character in "\0\u202e\x1b\x07":
        assert character.encode() not in data


def test_a_long_body_is_cut_in_a_report(call: MakeCall, export: Export) -> None:
    data = export("html", [LoggedCall(1, "other", "", call(request=b"y" * 30_000))])
    assert data.count(b"y" * 20_000) == 1
    assert "… and 10,000 more characters" in data.decode()


def test_json_lines_are_one_object_for_each_call(conflict: LoggedCall, export: Export) -> None:
    lines = export("jsonl", [conflict, conflict]).splitlines()
    value = json.loads(lines[0])
    assert len(lines) == 2
    assert value["summary"] == conflict.summary
    assert value["request_body"].encode() == conflict.call.request_body
    assert (value["mark"], value["note"], value["id"]) == ("red", "ask Ann | again", 7)


def test_raw_messages_are_as_on_the_wire(conflict: LoggedCall) -> None:
    request = copied("request", conflict, cleaner, BASE)
    response = copied("response", conflict, cleaner, BASE)
    assert request.startswith(
        "POST /scim/v2/Users?x=%C3%A9 HTTP/1.1\r\nHost: desk.acme.example\r\n"
    )
    assert request.partition("\r\n\r\n")[2].encode() == conflict.call.request_body
    assert response.startswith("HTTP/1.1 409 Conflict\r\n\r\n{")
    assert copied("both", conflict, cleaner, BASE) == f"{request}\r\n\r\n{response}"


def test_a_body_is_copied_laid_out(conflict: LoggedCall) -> None:
    assert copied("request-body", conflict, cleaner, BASE).startswith('{\n  "schemas": [\n')
    assert '\n  "status": "409"' in copied("response-body", conflict, cleaner, BASE)


def test_a_call_without_an_answer_has_no_response(call: MakeCall) -> None:
    logged = LoggedCall(1, "other", "Gone", call(status=0))
    assert copied("response", logged, cleaner, BASE) == ""
    assert "**Response**" not in copied("markdown", logged, cleaner, BASE)


def test_markdown_tells_what_why_and_how(conflict: LoggedCall) -> None:
    text = copied("markdown", conflict, cleaner, BASE)
    assert text.startswith("### Create user ann.lee@acme.example refused: userName is already")
    assert "| Answer | 409 Conflict, after 1.5 ms |" in text
    assert "What to do:" in text
    assert "| Note | ask Ann \\| again |" in text


def test_nothing_in_a_body_ends_its_block_in_markdown(conflict: LoggedCall) -> None:
    text = copied("markdown", conflict, cleaner, BASE)
    fence = "`" * 6
    assert text.count(f"\n{fence}http\n") == 1
    assert text.count(f"\n{fence}\n") == 1


def test_the_template_is_shipped() -> None:
    assert files("resources").joinpath("templates", "calls-report.html").is_file()
