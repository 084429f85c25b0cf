"""The command line as scripts use it, in processes of its own."""

import json
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from main import duration

MAIN = Path(__file__).parent.parent / "main.py"

JSON_TYPE = {"Content-Type": "application/scim+json"}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, MAIN, *words, "--database", tmp_path / "data" / "desk.db"],
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def serving(run: Run, tmp_path: Path) -> Iterator[str]:
    """The URL of a server beside which short commands are run."""
    server = subprocess.Popen(
        [sys.executable, MAIN, "--database", tmp_path / "data" / "desk.db", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    assert server.stderr
    first = server.stdout.readline()
    assert re.fullmatch(r"Serving SCIM at http://127\.0\.0\.1:\d+/scim/v2\n", first), first
    yield first.split()[-1]
    server.send_signal(signal.SIGINT)
    assert server.wait(10) == 0
    assert "Traceback" not in server.stderr.read()
    server.stdout.close()
    server.stderr.close()


def test_short_commands_work_beside_a_server_and_are_seen_by_it_at_once(
    run: Run, serving: str
) -> None:
    assert run("org", "create", "Acme").returncode == 0
    token = run("token", "create", "--org", "acme", "--label", "Okta").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{serving}/Users", headers=headers).status_code == 200

    (listed,) = json.loads(run("token", "list", "--json").stdout)
    assert listed["state"] == "active"
    assert listed["lastFour"] == token[-4:]
    assert token not in run("token", "list").stdout

    assert run("token", "revoke", str(listed["id"])).returncode == 0
    refused = httpx.get(f"{serving}/Users", headers=headers)
    assert refused.status_code == 401
    assert "revoked" in refused.json()["detail"]


def test_calls_are_listed_and_shown_without_the_token(run: Run, serving: str) -> None:
    run("org", "create", "Acme")
    token = run("token", "create", "--org", "Acme").stdout.strip()
    httpx.post(
        f"{serving}/Users",
        headers={"Authorization": token},
        json={"userName": "ann@acme.example", "password": "s3cret-p4ss"},
    )
    for _ in range(20):
        rows = json.loads(run("calls", "list", "--json").stdout)
        if rows:
            break
    assert (rows[0]["method"], rows[0]["status"]) == ("POST", 201)
    assert "ann@acme.example" in rows[0]["summary"]
    shown = run("calls", "show", str(rows[0]["id"])).stdout
    assert "ann@acme.example" in shown
    assert "201" in shown
    assert token not in shown
    assert "s3cret-p4ss" not in shown
    whole = json.loads(run("calls", "show", str(rows[0]["id"]), "--json").stdout)
    assert whole["changes"]["kind"] == "created"
    assert "s3cret-p4ss" not in json.dumps(whole)
    assert run("calls", "list", "--filter", "nobody@else").stdout == ""
    assert "Created (by " in run("calls", "story", str(rows[0]["id"])).stdout
    assert run("calls", "show", "999").returncode == 1


def test_the_calls_of_an_operation_are_one_row_and_a_failure_is_explained(
    run: Run, serving: str
) -> None:
    run("org", "create", "Acme")
    token = run("token", "create", "--org", "Acme").stdout.strip()
    with httpx.Client(
        headers={"Authorization": f"Bearer {token}", "User-Agent": "Okta SCIM Client 1.0.0"}
    ) as okta:
        okta.get(f"{serving}/Users", params={"filter": 'userName eq "ann@acme.example"'})
        okta.post(f"{serving}/Users", json={"userName": "ann@acme.example"})
        okta.post(f"{serving}/Users", content=b'{"schemas": [\x1b[31m', headers=JSON_TYPE)
    operations: list[dict[str, object]] = []
    for _ in range(20):
        operations = json.loads(run("calls", "list", "--operations", "--json").stdout)
        if sum(int(str(row["calls"])) for row in operations) == 3:
            break
    assert len(operations) == 2
    table = run("calls", "list", "--operations").stdout
    assert "Create user ann@acme.example" in table
    assert "Look-up" not in table
    created = run("calls", "list", "--operations", "--filter", "status:201", "--json").stdout
    assert [row["calls"] for row in json.loads(created)] == [2]
    (failed,) = json.loads(run("calls", "list", "--filter", "status:400", "--json").stdout)
    shown = run("calls", "show", str(failed["id"])).stdout
    assert "Error (" in shown
    assert "What Okta's admin sees:" in shown
    assert "\x1b" not in shown


def test_a_second_server_says_who_holds_the_database(run: Run, serving: str) -> None:
    second = run("serve", "--port", "0")
    assert second.returncode == 1
    assert second.stdout == ""
    assert serving in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_named_with_the_next_free_one(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", "--port", str(port))
    assert refused.returncode == 1
    assert str(port) in refused.stderr
    assert "Traceback" not in refused.stderr


def test_organizations_are_made_switched_listed_and_deleted(run: Run) -> None:
    assert run("org", "create", "Acme", "--group-push").returncode == 0
    assert run("org", "create", "ACME").returncode == 1
    assert run("org", "set", "Acme", "--group-push", "off").stdout.startswith(
        "Acme: group push off"
    )
    (listed,) = json.loads(run("org", "list", "--json").stdout)
    assert (listed["name"], listed["groupPush"], listed["users"]) == ("Acme", False, 0)
    assert run("org", "delete", "Acme").returncode == 0
    assert run("org", "delete", "Acme").returncode == 1
    assert json.loads(run("org", "list", "--json").stdout) == []


def test_tokens_are_rotated_with_an_overlap(run: Run) -> None:
    run("org", "create", "Acme")
    first = run("token", "create", "--org", "Acme", "--expires-in", "90d").stdout.strip()
    second = run("token", "rotate", "1", "--overlap", "2h").stdout.strip()
    assert first != second
    old, new = sorted(json.loads(run("token", "list", "--json").stdout), key=lambda row: row["id"])
    assert old["expires"] < new["expires"]
    assert run("token", "rotate", "99").returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("token", "create"),
        ("token", "create", "--org", "Acme", "--expires-in", "soon"),
        ("org", "set", "Acme", "--group-push", "maybe"),
        ("serve", "--port", "70000"),
        ("nonsense",),
        ("org",),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    wrong = run(*words)
    assert wrong.returncode == 2
    assert "usage:" in wrong.stderr


def test_missing_organization_is_told_in_one_line(run: Run) -> None:
    missing = run("token", "create", "--org", "Nobody")
    assert missing.returncode == 1
    assert missing.stderr == 'There is no organization named "Nobody": see "org list".\n'


def test_a_file_that_is_no_database_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, not a database")
    done = subprocess.run(
        [sys.executable, MAIN, "org", "list", "--database", path], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert path.read_text() == "these are my notes, not a database"


def test_demo_passes_and_says_so_in_its_last_line(run: Run, tmp_path: Path) -> None:
    demo = run("demo")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert re.fullmatch(r"\d+ passed, 0 failed", demo.stdout.splitlines()[-1])
    assert "Create user ann.lee@demo.example" in demo.stdout
    assert not (tmp_path / "data").exists()


def test_window_without_a_screen_serves_instead(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin", "HOME": str(tmp_path)}
    with socket.create_server(("127.0.0.1", 8765)) if port_is_free(8765) else open("/dev/null"):
        done = subprocess.run(
            [sys.executable, MAIN, "--database", tmp_path / "desk.db"],
            capture_output=True,
            text=True,
            env=environment,
            timeout=30,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("There is no screen here: serving without a window.\n")


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_files_are_private(run: Run, tmp_path: Path) -> None:
    run("org", "create", "Acme")
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes


@pytest.mark.parametrize(
    ("text", "hours"), [("90d", 2160), ("12h", 12), ("30m", 0.5), ("2W", 336), ("3600s", 1)]
)
def test_durations_are_read(text: str, hours: float) -> None:
    assert duration(text).total_seconds() == hours * 3600


def test_custom_attributes_are_added_listed_and_removed(run: Run) -> None:
    assert run("org", "create", "Acme").returncode == 0
    words = ("org", "attribute", "acme")
    none = run(*words, "list")
    assert (none.returncode, none.stdout) == (0, "")
    assert "org attribute NAME add" in none.stderr
    choices = ("--choice", "Permanent", "--choice", "Agency")
    added = run(*words, "add", "contract", "--type", "choice", *choices, "--label", "Contract")
    assert (added.returncode, added.stdout) == (0, 'Added attribute "contract" to Acme.\n')
    assert "Permanent, Agency" in run(*words, "list").stdout
    assert json.loads(run(*words, "list", "--json").stdout) == [
        {
            "identifier": "contract",
            "label": "Contract",
            "type": "choice",
            "choices": ["Permanent", "Agency"],
            "description": "",
        }
    ]
    again = run(*words, "add", "CONTRACT", "--type", "text")
    assert again.returncode == 1
    assert "CONTRACT" in again.stderr
    removed = run(*words, "remove", "contract")
    assert removed.returncode == 0
    assert "0 users had a value" in removed.stdout
    assert run(*words, "remove", "contract").returncode == 1
    assert run(*words, "add", "start", "--type", "number").returncode == 2
