"""No token and no password is in any file, export, copy, command's output or log: all bytes."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from PySide6.QtGui import QGuiApplication

from main import RESOURCES, main
from server.calls.export import COPIES, EXPORTS, Cleaner, ExportSetting, Pseudonyms, export_calls
from server.calls.redaction import Redactor
from server.http.tokens import TOKEN_PREFIX
from storage.call_search import Selection
from storage.calls import CallStore
from tests.desk import Desk
from tests.gui.stage import Stage

PASSWORD = "Tr0ub4dor/&3é"
FOREIGN = "00aBcDeF-someone-elses-api-token-7"
COOKIE = "sessionid-4711-cookie"
CLIENT = ("httpx", "httpcore")
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
USER = {"userName": "ann@acme.example", "active": True, "title": "Nurse"}
JSON = {"Content-Type": "application/scim+json"}


def patch(*operations: object) -> dict[str, object]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def send_everything(desk: Desk) -> list[int]:
    """Send secrets in all the places where a client may put them; return the statuses."""
    token = desk.token
    scim = desk.client(**JSON)
    created = scim.post("/Users", json=USER | {"password": PASSWORD})
    user = f"/Users/{created.json()['id']}"
    replies = [
        created,
        scim.put(user, json=USER | {"passWord": PASSWORD}),
        scim.patch(user, json=patch({"op": "replace", "path": "password", "value": PASSWORD})),
        scim.patch(user, json=patch({"op": "Add", "value": {"Password": PASSWORD}})),
        scim.patch(user, json=patch({"op": "replace", "path": "PASSWORD[x", "value": [PASSWORD]})),
        scim.put(user, json=USER | {"password": {"value": PASSWORD}}),
        scim.put(user, json=USER | {"password": [PASSWORD, {"x": PASSWORD}]}),
        scim.post("/Users", content=f'{{"userName": "x", "password": "{PASSWORD}"'.encode()),
        scim.post("/Users", content=json.dumps({"password": PASSWORD}).encode() + b"}"),
        scim.post("/Users", content=f"password={quote(PASSWORD)}&userName=ann".encode()),
        httpx.post(
            f"{desk.url}/Users",
            data={"password": PASSWORD},
            headers={"Authorization": f"Bearer {token}"},
        ),
        scim.post(
            "/Bulk",
            json={
                "schemas": [BULK],
                "Operations": [
                    {
                        "method": "POST",
                        "path": "/Users",
                        "bulkId": "1",
                        "data": {"userName": "bob@acme.example", "password": PASSWORD},
                    },
                    {
                        "method": "PATCH",
                        "path": user,
                        "data": patch({"op": "replace", "value": {"password": PASSWORD}}),
                    },
                ],
            },
        ),
        scim.get("/Users", params={"filter": f'password eq "{PASSWORD}"'}),
        scim.get("/Users", params={"password": PASSWORD, "access_token": token}),
        scim.get(f"/Users/{token}"),
        scim.get("/Users", headers={"Cookie": COOKIE, "Set-Cookie": COOKIE}),
        scim.get("/Users", headers={"X-Api-Key": token, "Proxy-Authorization": f"Basic {token}"}),
        scim.get("/Users", headers={"Authorization": token}),
        scim.get("/Users", headers={"Authorization": f"Bearer Bearer {token}"}),
        scim.get("/Users", headers={"Authorization": f"Bearer   {token}"}),
        scim.get("/Users", headers={"Authorization": f"Bearer {FOREIGN}"}),
        scim.get("/Users", headers={"Authorization": FOREIGN}),
        scim.get("/Users", headers={"Authorization": f"Token token={FOREIGN}"}),
        httpx.get(f"{desk.url}/Users", auth=("okta", PASSWORD)),
        httpx.get(f"{desk.url}/Users", auth=(token, "")),
    ]
    return [reply.status_code for reply in replies]


def secrets_of(token: str) -> Iterator[tuple[str, bytes]]:
    """Yield every secret in every form in which it could be written down."""
    for secret in (token, token.removeprefix(TOKEN_PREFIX), PASSWORD, FOREIGN, COOKIE):
        raw = secret.encode()
        yield secret, raw
        yield f"{secret} in Latin-1", secret.encode("latin-1")
        yield f"{secret} in UTF-16", secret.encode("utf-16-le")
        yield f"{secret} in JSON", json.dumps(secret)[1:-1].encode()
        yield f"{secret} in a URL", quote(secret, safe="").encode()
        yield f"{secret} in HTML", secret.replace("&", "&amp;").encode()
        yield f"{secret} in base64", base64.b64encode(raw).rstrip(b"=")
        yield f"{secret} in hexadecimal", raw.hex().encode()
    for pair in (f"okta:{PASSWORD}", f"{token}:"):
        yield f"{pair} as Basic", base64.b64encode(pair.encode()).rstrip(b"=")


def found_in(places: dict[str, bytes], token: str) -> list[str]:
    """Return which secrets are where."""
    return [
        f"{name} in {place}"
        for name, secret in secrets_of(token)
        for place, content in places.items()
        if secret in content
    ]


def exports(calls: CallStore, folder: Path) -> Iterator[tuple[str, bytes]]:
    template = (RESOURCES / "templates" / "calls-report.html").read_text(encoding="utf-8")
    setting = ExportSetting("https://desk.example", template, "Acme", "today")
    ids = calls.ids(Selection())
    for form in EXPORTS:
        for pseudonyms in (None, Pseudonyms()):
            path = folder / f"export-{form}-{bool(pseudonyms)}"
            cleaner = Cleaner(Redactor(TOKEN_PREFIX), pseudonyms)
            export_calls(path, form, calls.whole(ids), len(ids), cleaner, setting, lambda *_: None)
            yield path.name, path.read_bytes()


def commands(folder: Path, ids: list[int]) -> Iterator[tuple[str, bytes]]:
    lines = [["calls", "list"], ["calls", "list", "--json"], ["calls", "list", "--operations"]]
    lines += [["calls", "show", str(each), *more] for each in ids for more in ([], ["--json"])]
    lines += [["calls", "story", "1"], ["token", "list"], ["token", "list", "--json"]]
    for words in lines:
        output = io.StringIO()
        with redirect_stdout(output), redirect_stderr(output):
            main([*words, "--database", str(folder / "desk.db")])
        yield " ".join(words), output.getvalue().encode()


@pytest.fixture
def token(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> str:
    """Send everything to a desk that then ends; return its token."""
    caplog.set_level(logging.DEBUG)
    desk = Desk(tmp_path)
    try:
        statuses = send_everything(desk)
        assert {200, 201, 400, 401} <= set(statuses)
        assert max(statuses) < 500
        desk.flush()
        # While the server runs a good part is in the write-ahead log.
        files = {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()}
        assert any(name.endswith("-wal") for name in files)
        assert b"ann@acme.example" in b"".join(files.values())
        assert found_in(files, desk.token) == []
        calls = desk.parts.calls
        ids = list(calls.ids(Selection()))
        assert len(ids) == len(statuses)
        places = dict(exports(calls, tmp_path))
        assert all(content for content in places.values())
        assert found_in(places, desk.token) == []
        for name, content in places.items():
            assert (b"ann@acme.example" in content) is name.endswith("False"), name
        assert found_in(dict(commands(tmp_path, ids)), desk.token) == []
    finally:
        desk.close()
    # The client's own libraries log what they send.
    logged = [
        f"{r.getMessage()} {r.exc_text}" for r in caplog.records if not r.name.startswith(CLIENT)
    ]
    assert found_in({"the program's own log": "\n".join(logged).encode()}, desk.token) == []
    return desk.token


def test_no_secret_is_in_files_exports_commands_or_the_clipboard(
    token: str, tmp_path: Path, bare_stage: Stage
) -> None:
    files = {each.name: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    assert found_in(files, token) == []
    bare_stage.open()
    view = bare_stage.log()
    view.bar.group_button.setChecked(False)
    bare_stage.until(lambda: view.model.rowCount() > 20 and not view.feed.busy)
    view.table.selectAll()
    clipboard = QGuiApplication.clipboard()
    for form in (*COPIES, "url"):
        clipboard.clear()
        view.acting.copy(form)
        bare_stage.until(lambda: bool(clipboard.text()))
        assert found_in({form: clipboard.text().encode()}, token) == []
    assert found_in({"settings": (tmp_path / "settings.ini").read_bytes()}, token) == []


def test_the_search_for_secrets_finds_them() -> None:
    token = f"{TOKEN_PREFIX}0123456789"
    basic = base64.b64encode(f"{token}:".encode())
    assert len(found_in({"x": token.encode(), "y": basic}, token)) >= 2
    assert found_in({"x": json.dumps(PASSWORD).encode()}, token) == [f"{PASSWORD} in JSON in x"]
