import errno
import os
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.calls.export import (
    EXPORTS,
    Cleaner,
    ExportFailed,
    ExportSetting,
    LoggedCall,
    export_calls,
    write_private,
)
from server.calls.redaction import Redactor

cleaner = Cleaner(Redactor("blinkscim_"))


class Stop(Exception):
    pass


def nothing(done: int, total: int) -> None:
    pass


@pytest.mark.parametrize("name", EXPORTS)
def test_a_file_is_for_its_owner_alone(
    tmp_path: Path, conflict: LoggedCall, setting: ExportSetting, name: str
) -> None:
    path = tmp_path / "calls"
    path.touch(0o644)
    assert export_calls(path, name, [conflict], 1, cleaner, setting, nothing) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size > 500
    assert list(tmp_path.iterdir()) == [path]


def test_progress_is_told_from_nothing_to_all(
    tmp_path: Path, conflict: LoggedCall, setting: ExportSetting
) -> None:
    told: list[tuple[int, int]] = []
    calls = [conflict] * 120
    export_calls(
        tmp_path / "c", "jsonl", calls, 110, cleaner, setting, lambda *both: told.append(both)
    )
    assert told[0] == (0, 110)
    assert told[-1] == (120, 120)
    assert told == sorted(told)
    assert all(done <= total for done, total in told)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_that_is_given_up_leaves_the_old_file(
    tmp_path: Path, conflict: LoggedCall, setting: ExportSetting, name: str
) -> None:
    path = tmp_path / "calls"
    path.write_text("old")

    def stop(done: int, total: int) -> None:
        if done >= 100:
            raise Stop

    with pytest.raises(Stop):
        export_calls(path, name, [conflict] * 500, 500, cleaner, setting, stop)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_told_in_one_sentence(
    tmp_path: Path, conflict: LoggedCall, setting: ExportSetting
) -> None:
    path = tmp_path / "gone" / "calls"
    with pytest.raises(ExportFailed, match=r"No such file or directory.*: choose another folder"):
        export_calls(path, "csv", [conflict], 1, cleaner, setting, nothing)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "calls"
    path.write_text("old")
    with pytest.raises(OSError, match="No space left"):
        write_private(path, pieces())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_keeps_pointing_to_the_file(tmp_path: Path) -> None:
    path, link = tmp_path / "calls", tmp_path / "link"
    path.write_text("old")
    link.symlink_to(path)
    write_private(link, [b"new"])
    assert link.is_symlink()
    assert path.read_text() == "new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, [b"a", b"b"])
    assert os.read(reader, 9) == b"ab"
    os.close(reader)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("name", EXPORTS)
def test_calls_are_not_held_in_memory(
    tmp_path: Path, conflict: LoggedCall, setting: ExportSetting, name: str
) -> None:
    def calls() -> Iterator[LoggedCall]:
        for number in range(300):
            body = b"%d" % number * 33_000
            yield replace(conflict, call=replace(conflict.call, request_body=body))

    tracemalloc.start()
    try:
        export_calls(tmp_path / "c", name, calls(), 300, cleaner, setting, nothing)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "c").stat().st_size > 6_000_000
    assert peak < 8_000_000
