"""The commands about calls: what they print, write and refuse."""

import json
import os
import pty
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import main as program
from server.calls.call import Call
from server.calls.explanation import understand
from storage.call_log import CallLog
from storage.database import calls_path, open_calls, open_directory
from storage.organizations import OrganizationStore
from tests.storage.factories import call

ROOT = Path(__file__).parents[1]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "desk.db"
    directory = open_directory(path)
    OrganizationStore(directory).create("Acme Ltd")
    directory.close()
    record(
        path,
        call(subject="zoe@acme.example", request_body=b'{"userName": "zoe@acme.example"}'),
        call(method="PATCH", path="/scim/v2/Users/2819c223", status=404, organization_id=None),
        call(method="GET", path="/scim/v2/\x1b[31m", status=200, request_body=b""),
    )
    return path


def record(path: Path, *recorded: Call) -> None:
    """Store calls as a running instance does."""
    file = open_calls(calls_path(path))
    log = CallLog(file, lambda newest: None, understand)
    log.start()
    for each in recorded:
        log.record(each)
    assert log.stop(5)
    file.close()


@pytest.fixture
def run(database: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; return its status, and what it printed to stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        umask = os.umask(0o077)
        try:
            status = program.main(["calls", *arguments, "--database", str(database)])
        finally:
            os.umask(umask)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


Run = Callable[..., tuple[int, str, str]]


def ids(printed: str) -> list[int]:
    return [row["id"] for row in json.loads(printed)]


def test_calls_are_listed_by_a_filter(run: Run) -> None:
    assert ids(run("list", "--json")[1]) == [1, 2, 3]
    assert ids(run("list", "--json", "--filter", "status:failed or method:get")[1]) == [2, 3]
    assert ids(run("list", "--json", "--filter", 'org:"acme ltd" -user:zoe')[1]) == [3]
    assert ids(run("list", "--json", "--limit", "1")[1]) == [3]
    status, out, err = run("list", "--filter", "user:nobody")
    assert (status, out) == (0, "")
    assert "No call is stored that matches" in err


def test_a_short_word_is_said_to_be_looked_for_in_lines_only(run: Run) -> None:
    status, _, err = run("list", "--filter", "zz")
    assert status == 0
    assert "shorter than 3 characters" in err


@pytest.mark.parametrize(
    "command", [("list",), ("tail",), ("export", "--csv", "nowhere.csv"), ("list", "--json")]
)
def test_a_bad_filter_is_shown_with_carets_under_the_mistake(
    run: Run, command: tuple[str, ...]
) -> None:
    status, out, err = run(*command, "--filter", "user:ann stats:404")
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        'There is no field "stats": did you mean status:?',
        "  user:ann stats:404",
        "           ^^^^^^",
    ]


@pytest.mark.parametrize("form", ["har", "jsonl", "csv", "html"])
def test_calls_are_exported_in_each_form(run: Run, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"calls.{form}"
    status, out, _ = run("export", f"--{form}", str(file), "--filter", "user:zoe")
    assert status == 0
    assert out == f"Wrote 1 call to {file}.\n"
    assert "zoe@acme.example" in file.read_text()
    assert "2819c223-nothing" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_can_hide_who_was_meant(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    assert run("export", "--jsonl", str(file), "--pseudonyms")[0] == 0
    assert len(file.read_text().splitlines()) == 3
    assert "zoe" not in file.read_text()


def test_an_export_of_nothing_writes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.har"
    status, out, err = run("export", "--har", str(file), "--filter", "user:nobody")
    assert (status, out) == (1, "")
    assert "nothing was written" in err
    assert not file.exists()


def test_an_export_to_nowhere_says_so(run: Run, tmp_path: Path) -> None:
    status, _, err = run("export", "--csv", str(tmp_path / "no" / "such" / "folder.csv"))
    assert status == 1
    assert "could not be written" in err


@pytest.mark.parametrize(
    "arguments",
    [("export",), ("export", "--har", "a", "--csv", "b"), ("list", "--limit", "-1")],
)
def test_wrong_usage_is_told(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2


@pytest.fixture
def tailing(database: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], int]]]:
    """Start ``calls tail`` in a terminal; return the process and the terminal's other end."""
    begun = []

    def tail(*arguments: str, **environment: str) -> tuple[subprocess.Popen[bytes], int]:
        ours, theirs = pty.openpty()
        command = [sys.executable, str(ROOT / "main.py"), "calls", "tail", *arguments]
        process = subprocess.Popen(
            [*command, "--database", str(database)],
            stdout=theirs,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "", **environment},
            # A shell lets what it runs in the background ignore Ctrl-C, these tests, too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(theirs)
        begun.append((process, ours))
        return process, ours

    yield tail
    for process, ours in begun:
        process.kill()
        process.wait()
        os.close(ours)


def read_until(terminal: int, text: bytes) -> bytes:
    """Return what a terminal shows, up to a text."""
    shown, deadline = b"", time.monotonic() + 10
    while text not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"the terminal shows no {text!r}: {shown!r}"
        shown += os.read(terminal, 4096)
    return shown


def test_calls_are_followed_in_colour_until_they_are_interrupted(
    database: Path, tailing: Callable[..., tuple[subprocess.Popen[bytes], int]]
) -> None:
    process, terminal = tailing("--filter", "status:failed")
    first = read_until(terminal, b"\n")
    assert b"\x1b[33m404\x1b[0m PATCH" in first
    record(database, call(status=201), call(status=0, path="/scim/v2/Users"))
    assert b"\x1b[31m---\x1b[0m POST" in read_until(terminal, b"\n")
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0


def test_no_colour_is_no_colour_and_what_clients_sent_steers_no_terminal(
    tailing: Callable[..., tuple[subprocess.Popen[bytes], int]],
) -> None:
    process, terminal = tailing("--limit", "1", NO_COLOR="1")
    shown = read_until(terminal, b"\n")
    assert b"\x1b" not in shown
    assert b"200 GET /scim/v2/?[31m" in shown
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
