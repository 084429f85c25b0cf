import threading
from queue import SimpleQueue

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from gui.bridge import Bridge
from gui.jobs import THREADS, Jobs, Progress
from gui.status_line import StatusLine
from gui.theme import Theme, ThemeChoice
from tests.gui.stage import Stage


class Receiver(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.threads: list[QThread] = []

    def take(self, result: object) -> None:
        self.results.append(result)
        self.threads.append(QThread.currentThread())


@pytest.fixture
def errors() -> list[Exception]:
    return []


@pytest.fixture
def jobs(qtbot: QtBot, errors: list[Exception]) -> "object":
    jobs = Jobs(errors.append)
    yield jobs
    jobs.close()


def test_result_arrives_in_the_qt_thread(jobs: Jobs, qtbot: QtBot) -> None:
    receiver = Receiver()
    worked: list[QThread] = []

    def work(_progress: Progress) -> int:
        worked.append(QThread.currentThread())
        return 42

    with qtbot.waitSignal(jobs.idle):
        jobs.run("", work, receiver.take)
    assert receiver.results == [42]
    assert receiver.threads == [receiver.thread()]
    assert worked != receiver.threads


def test_error_goes_to_whoever_asked_and_else_to_the_person(
    jobs: Jobs, qtbot: QtBot, errors: list[Exception]
) -> None:
    receiver = Receiver()

    def fail(_progress: Progress) -> int:
        raise ValueError("no")

    with qtbot.waitSignal(jobs.idle):
        jobs.run("", fail, receiver.take, receiver.take)
    assert [str(error) for error in receiver.results] == ["no"]
    assert errors == []
    with qtbot.waitSignal(jobs.idle):
        jobs.run("", fail, receiver.take)
    assert [str(error) for error in errors] == ["no"]


def test_cancelled_job_brings_neither_result_nor_error(
    jobs: Jobs, qtbot: QtBot, errors: list[Exception]
) -> None:
    receiver = Receiver()
    begun, go_on = threading.Event(), threading.Event()

    def work(progress: Progress) -> int:
        begun.set()
        go_on.wait(5)
        progress.report(0.5)
        return 42

    job = jobs.run("", work, receiver.take)
    begun.wait(5)
    job.cancel()
    with qtbot.waitSignal(jobs.idle):
        go_on.set()
    assert receiver.results == []
    assert errors == []


def test_result_for_a_deleted_receiver_is_dropped(
    jobs: Jobs, qtbot: QtBot, errors: list[Exception]
) -> None:
    receiver = Receiver()
    go_on = threading.Event()
    jobs.run("", lambda progress: go_on.wait(5), receiver.take)
    receiver.deleteLater()
    with qtbot.waitSignal(receiver.destroyed):
        pass
    with qtbot.waitSignal(jobs.idle):
        go_on.set()
    assert errors == []


def test_status_line_shows_a_long_job_with_progress_and_cancel(jobs: Jobs, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    line = StatusLine(Theme(application, ThemeChoice.LIGHT), jobs)
    qtbot.addWidget(line)
    line.show()
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        progress.report(0.25, "25 of 100")
        go_on.wait(5)
        progress.check()

    jobs.run("Importing people", work, lambda _nothing: None)
    assert line.bar.isHidden()
    qtbot.waitUntil(lambda: line.text.text() == "Importing people… 25 of 100")
    assert line.bar.value() == 250
    line.cancel_button.click()
    assert not line.cancel_button.isEnabled()
    with qtbot.waitSignal(jobs.idle):
        go_on.set()
    assert line.text.text() == "Ready"


def test_burst_of_news_is_told_once(qtbot: QtBot) -> None:
    bridge = Bridge()
    told: list[int] = []
    bridge.calls_recorded.connect(told.append)
    threads = [
        threading.Thread(target=lambda: [bridge.calls_stored(n) for n in range(1, 501)])
        for _ in range(2)
    ]
    with qtbot.waitSignal(bridge.calls_recorded):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    qtbot.wait(250)
    assert told == [500]
    bridge.stop()


def test_problems_are_told_in_their_order(qtbot: QtBot) -> None:
    bridge = Bridge()
    told: list[str] = []
    problems: SimpleQueue[str] = SimpleQueue()
    bridge.problem_reported.connect(told.append)
    bridge.watch(problems)
    problems.put("one")
    problems.put("two")
    qtbot.waitUntil(lambda: told == ["one", "two"])
    bridge.stop()


def test_uncaught_error_of_a_job_is_told_in_the_window(stage: Stage) -> None:
    def fail(_progress: Progress) -> None:
        raise ValueError("The file is not there: choose another one.")

    stage.window.jobs.run("", fail, lambda _nothing: None)
    stage.until(lambda: "choose another one" in stage.window.toasts.text)


def test_thread_keeps_what_is_its_own_from_job_to_job(jobs: Jobs, qtbot: QtBot) -> None:
    kept = threading.local()
    made: list[int] = []
    receiver = Receiver()

    def work(_progress: Progress) -> None:
        if not hasattr(kept, "connection"):
            kept.connection = object()
            made.append(1)

    for _ in range(3 * THREADS):
        with qtbot.waitSignal(jobs.idle):
            jobs.run("", work, receiver.take)
    assert len(receiver.results) == 3 * THREADS
    assert 1 <= len(made) <= THREADS


def test_no_job_begins_after_the_end(jobs: Jobs) -> None:
    receiver = Receiver()
    jobs.close()
    job = jobs.run("", lambda _: 42, receiver.take)
    assert job.progress.cancelled
    assert (jobs.running, receiver.results) == ([], [])


class Held:
    """Work under way that ends when it is let go; ``order`` is what was done."""

    def __init__(self, jobs: Jobs, receiver: Receiver) -> None:
        self.order: list[str] = []
        self._begun, self._let_go = threading.Event(), threading.Event()
        jobs.run("", self._work, receiver.take)
        assert self._begun.wait(5)

    def let_go(self) -> None:
        self._let_go.set()

    def last(self) -> None:
        self.order.append("last")

    def _work(self, _progress: Progress) -> None:
        self._begun.set()
        self._let_go.wait(5)
        self.order.append("work")


def test_last_job_waits_for_the_others_and_lets_none_begin_beside_it(
    jobs: Jobs, qtbot: QtBot
) -> None:
    receiver = Receiver()
    held = Held(jobs, receiver)
    jobs.end_with(held.last, receiver.take)
    late = jobs.run("", lambda _: held.order.append("late"), receiver.take)
    with qtbot.waitSignal(jobs.idle):
        held.let_go()
    assert late.progress.cancelled
    assert held.order == ["work", "last"]
    assert receiver.results == [None]


def test_last_job_is_done_still_when_the_threads_are_closed_before_it_could_begin(
    jobs: Jobs,
) -> None:
    receiver = Receiver()
    held = Held(jobs, receiver)
    jobs.end_with(held.last, receiver.take)
    held.let_go()
    jobs.close()
    assert held.order == ["work", "last"]
    assert (receiver.results, jobs.running) == ([None], [])


def test_last_job_begins_at_once_when_nothing_runs_and_tells_its_error(
    jobs: Jobs, qtbot: QtBot
) -> None:
    receiver = Receiver()

    def fail() -> None:
        raise ValueError("no")

    with qtbot.waitSignal(jobs.idle):
        jobs.end_with(fail, receiver.take)
    assert [str(error) for error in receiver.results] == ["no"]
