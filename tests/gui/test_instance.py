import threading
import uuid

from pytestqt.qtbot import QtBot

from gui.instance import Channel, raise_other


def test_second_start_raises_the_first_window(qtbot: QtBot) -> None:
    name = f"blink-{uuid.uuid4().hex}"
    channel = Channel(name)
    answers: list[bool] = []
    other = threading.Thread(target=lambda: answers.append(raise_other(name)))
    with qtbot.waitSignal(channel.raise_requested):
        other.start()
    other.join(5)
    assert answers == [True]
    channel.close()


def test_without_a_window_there_is_nothing_to_raise(qtbot: QtBot) -> None:
    assert not raise_other(f"blink-{uuid.uuid4().hex}")


def test_name_left_behind_by_a_killed_instance_is_taken_over(qtbot: QtBot) -> None:
    name = f"blink-{uuid.uuid4().hex}"
    first = Channel(name)
    second = Channel(name)
    assert second._server.isListening()
    first.close()
    second.close()
