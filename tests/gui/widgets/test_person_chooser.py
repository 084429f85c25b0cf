import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.jobs import Jobs
from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.person_chooser import PersonChoice, PersonChooser
from tests.gui.accessibility import unnamed

PEOPLE = [
    PersonChoice("1", "Ann Östberg", "ann@acme.example"),
    PersonChoice("2", "Joanna Lind", "joanna@acme.example"),
    PersonChoice("3", "Bo Ek", "bo@acme.example"),
]


class Register:
    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.fails = False
        self.threads: set[int] = set()

    def find(self, text: str) -> list[PersonChoice]:
        self.threads.add(threading.get_ident())
        assert self.gate.wait(5)
        if self.fails:
            raise OSError("The people cannot be read: the disk is full.")
        return [p for p in PEOPLE if text.lower() in p.name.lower()]


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def chooser(theme: Theme, jobs: Jobs, register: Register, qtbot: QtBot) -> Iterator[PersonChooser]:
    window = QWidget()
    qtbot.addWidget(window)
    chooser = PersonChooser(theme, jobs, register.find)
    other = QWidget()
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.setLayout(column(chooser, other))
    window.resize(420, 200)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    chooser.setFocus()
    qtbot.waitUntil(chooser.field.hasFocus)
    yield chooser
    register.gate.set()
    window.close()


def offered(chooser: PersonChooser) -> list[str]:
    if not chooser.popup.isVisible():
        return []
    model = chooser.popup.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_typing_offers_people_who_fit_found_off_the_qt_thread(
    chooser: PersonChooser, register: Register, qtbot: QtBot
) -> None:
    qtbot.keyClicks(chooser.field, "ann")
    qtbot.waitUntil(lambda: offered(chooser) == ["Ann Östberg", "Joanna Lind"])
    assert threading.get_ident() not in register.threads
    row = chooser.popup.list.model().index(1, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Joanna Lind, joanna@acme.example"
    chooser.grab()
    chooser.popup.grab()


def test_arrow_and_enter_choose(chooser: PersonChooser, qtbot: QtBot) -> None:
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(offered(chooser)) == 3)
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down)
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(chooser.person_chosen) as chosen:
        qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    assert chosen.args == ["2"]
    assert chooser.person == PEOPLE[1]
    assert chooser.field.text() == "Joanna Lind"
    assert offered(chooser) == []


def test_enter_right_after_typing_takes_the_best(chooser: PersonChooser, qtbot: QtBot) -> None:
    qtbot.keyClicks(chooser.field, "bo")
    with qtbot.waitSignal(chooser.person_chosen) as chosen:
        qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    assert chosen.args == ["3"]


def test_what_was_not_chosen_is_given_up(chooser: PersonChooser, qtbot: QtBot) -> None:
    chooser.set_person(PEOPLE[0])
    chooser.field.selectAll()
    qtbot.keyClicks(chooser.field, "bo")
    qtbot.keyClick(chooser.field, Qt.Key.Key_Escape)
    assert chooser.field.text() == "Ann Östberg"
    chooser.field.selectAll()
    qtbot.keyClicks(chooser.field, "zz")
    chooser.field.clearFocus()
    assert chooser.field.text() == "Ann Östberg"
    assert chooser.person == PEOPLE[0]


def test_nobody_found_and_an_error_are_said(
    chooser: PersonChooser, register: Register, qtbot: QtBot
) -> None:
    qtbot.keyClicks(chooser.field, "zz")
    qtbot.waitUntil(chooser.popup.isVisible)
    assert chooser.popup.help.text() == "Nobody has this name or login."
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down)
    register.fails = True
    qtbot.keyClicks(chooser.field, "z")
    qtbot.waitUntil(lambda: "disk is full" in chooser.popup.help.text())


def test_a_late_answer_to_an_earlier_text_is_dropped(
    chooser: PersonChooser, register: Register, qtbot: QtBot
) -> None:
    register.gate.clear()
    qtbot.keyClick(chooser.field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: bool(register.threads))
    chooser.set_person(PEOPLE[2])
    register.gate.set()
    qtbot.wait(50)
    assert offered(chooser) == []


def test_controls_have_names(chooser: PersonChooser) -> None:
    assert unnamed(chooser) == []
