import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import CannotOpen
from storage.instance import HeldBy, Holder, InstanceLock

HOLD = """
import sys, time
from pathlib import Path
from storage.instance import Holder, InstanceLock
path = Path(sys.argv[1])
lock = InstanceLock(path)
lock.acquire(Holder.of_this_process("serve", path))
lock.update(url="http://127.0.0.1:8765/scim/v2")
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_holder_learns_who_the_first_is(path: Path) -> None:
    lock = InstanceLock(path)
    holder = Holder.of_this_process("window", path)
    lock.acquire(holder)
    with pytest.raises(HeldBy, match=f"a window .process {holder.pid}.") as caught:
        InstanceLock(path).acquire(Holder.of_this_process("serve", path))
    assert caught.value.holder == holder
    lock.release()


def test_news_of_the_holder_reach_the_second(path: Path) -> None:
    lock = InstanceLock(path)
    lock.acquire(Holder.of_this_process("window", path))
    lock.update(url="http://127.0.0.1:8765/scim/v2")
    lock.update(channel="desk-1")
    with pytest.raises(HeldBy, match="which serves http://127") as caught:
        InstanceLock(path).acquire(Holder("serve", 1))
    assert caught.value.holder.channel == "desk-1"
    lock.release()


def test_a_released_database_can_be_taken_and_nothing_of_the_first_is_left(path: Path) -> None:
    first, second = InstanceLock(path), InstanceLock(path)
    first.acquire(Holder("window", 1))
    first.release()
    first.release()
    assert not path.with_name("desk.db.holder").exists()
    second.acquire(Holder("serve", 2))
    second.release()


def test_a_holder_that_is_killed_does_not_block(path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(HeldBy) as caught:
            InstanceLock(path).acquire(Holder("window", 1))
        assert caught.value.holder.kind == "serve"
        assert caught.value.holder.pid == process.pid
        assert caught.value.holder.url == "http://127.0.0.1:8765/scim/v2"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    lock = InstanceLock(path)
    lock.acquire(Holder("window", 3))
    note = json.loads(path.with_name("desk.db.holder").read_text())
    assert note["pid"] == 3
    lock.release()


def test_a_holder_that_does_not_say_who_it_is_still_holds(path: Path) -> None:
    lock = InstanceLock(path)
    lock.acquire(Holder("window", 1))
    path.with_name("desk.db.holder").write_text("{")
    with pytest.raises(HeldBy, match="another process") as caught:
        InstanceLock(path).acquire(Holder("window", 2))
    assert caught.value.holder.pid == 0
    lock.release()


def test_the_files_are_for_this_user_alone(path: Path) -> None:
    lock = InstanceLock(path)
    lock.acquire(Holder("window", 1))
    assert {file.name for file in path.parent.iterdir()} == {"desk.db.lock", "desk.db.holder"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    lock.release()


def test_each_database_has_a_channel_of_its_own(tmp_path: Path) -> None:
    first = Holder.of_this_process("window", tmp_path / "a.db")
    assert first.channel == Holder.of_this_process("window", tmp_path / "x" / ".." / "a.db").channel
    assert first.channel != Holder.of_this_process("window", tmp_path / "b.db").channel
    assert Holder.of_this_process("serve", tmp_path / "a.db").channel == ""


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotOpen, match="cannot be locked"):
        InstanceLock(tmp_path / "file" / "desk.db").acquire(Holder("window", 1))


def test_news_without_the_lock_are_a_mistake(path: Path) -> None:
    with pytest.raises(RuntimeError, match="not held"):
        InstanceLock(path).update(url="http://127.0.0.1")
