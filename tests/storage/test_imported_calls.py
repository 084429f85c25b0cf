"""Calls of a file in a store of their own: searched and grouped like the log's, and gone after."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from server.calls.call import Call
from server.calls.explanation import understand
from server.calls.export import LoggedCall
from server.calls.filters import parse
from storage.call_search import Selection
from storage.errors import StorageError
from storage.imported_calls import ImportFolder

LOOK_UP = Call(
    at=1_764_000_000_000_000,
    duration=900,
    peer="192.0.2.7",
    organization_id=None,
    token_id=None,
    token_label="Okta production",
    method="GET",
    path="/scim/v2/Users",
    query='filter=userName%20eq%20"ann@acme.example"',
    status=200,
    request_headers=(("User-Agent", "Okta SCIM Client 1.0.0"),),
    request_body=b"",
    response_headers=(),
    response_body=b'{"totalResults": 0, "Resources": []}',
)
CREATE = replace(
    LOOK_UP,
    at=LOOK_UP.at + 200_000,
    method="POST",
    query="",
    status=201,
    request_body=b'{"userName": "ann@acme.example", "title": "Nurse"}',
    response_body=b'{"id": "2819", "userName": "ann@acme.example"}',
)


def logged(*calls: Call) -> list[LoggedCall]:
    found = []
    for number, call in enumerate(calls, 1):
        operation, summary, subject = understand(call)
        call = replace(call, subject=subject)
        found.append(LoggedCall(number, operation, summary, call))
    return found


def test_calls_are_grouped_searched_and_annotated_like_those_of_the_log(tmp_path: Path) -> None:
    folder = ImportFolder(tmp_path / "imports")
    calls = logged(LOOK_UP, CREATE)
    told: list[tuple[int, int]] = []
    imported = folder.open(
        [calls[0], replace(calls[1], mark="red", note="Ask Ann")],
        lambda done, total: told.append((done, total)),
    )
    store = imported.store
    (head,) = store.rows(store.ids(Selection(heads_only=True)))
    assert head.calls == 2
    assert head.operation_summary == "Create user ann@acme.example"
    assert list(store.ids(Selection(parse('text:"nurse" user:ann marked:red note:ask')))) == [2]
    assert store.indexed() == (2, 2)
    assert store.rows([2])[0].note == "Ask Ann"
    assert told[-1] == (2, 2)
    folder.close()


def test_calls_of_other_tokens_are_other_operations(tmp_path: Path) -> None:
    folder = ImportFolder(tmp_path)
    other = replace(CREATE, token_label="Sandbox")
    store = folder.open(logged(LOOK_UP, other)).store
    assert len(store.ids(Selection(heads_only=True))) == 2
    folder.close()


def test_files_are_private_and_gone_with_the_import(tmp_path: Path) -> None:
    folder = ImportFolder(tmp_path / "imports")
    imported = folder.open(logged(LOOK_UP))
    kept = [each for each in (tmp_path / "imports").rglob("*") if each.is_file()]
    assert kept
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}
    imported.close()
    imported.close()
    assert not list((tmp_path / "imports").iterdir())
    folder.close()
    assert not (tmp_path / "imports").exists()


def test_what_a_crash_left_goes_at_the_next_start(tmp_path: Path) -> None:
    left = tmp_path / "imports" / "import-x"
    left.mkdir(parents=True)
    (left / "calls.db").write_text("personal data")
    other = tmp_path / "imports" / "not-ours.txt"
    other.write_text("kept")
    ImportFolder(tmp_path / "imports").sweep()
    assert list((tmp_path / "imports").iterdir()) == [other]


def test_an_import_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    def tell(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ImportFolder(tmp_path).open(logged(LOOK_UP), tell)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "imports").write_text("a file is in the way")
    with pytest.raises(StorageError, match=r"cannot be kept in .*make room"):
        ImportFolder(tmp_path / "imports").open(logged(LOOK_UP))
