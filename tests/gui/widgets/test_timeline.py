from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.theme import Theme, ThemeChoice
from gui.widgets.timeline import Series, Timeline
from tests.gui.accessibility import unnamed

MINUTE = 60_000_000
START = 1_795_424_400_000_000
SERIES = Series(START, MINUTE, [10, 0, 120, 30], [0, 0, 3, 1])


def utc(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, UTC)


@pytest.fixture
def line(theme: Theme, qtbot: QtBot) -> Iterator[Timeline]:
    line = Timeline(theme, "Calls over time", local=utc)
    qtbot.addWidget(line)
    line.resize(412, 80)
    line.set_series(SERIES)
    line.show()
    yield line
    line.close()


def bars(first: int, last: int) -> list[int]:
    return [START + first * MINUTE, START + (last + 1) * MINUTE]


def place(bar: int) -> QPoint:
    return QPoint(6 + 100 * bar + 50, 30)


def test_dragging_chooses_from_one_bar_to_another(line: Timeline, qtbot: QtBot) -> None:
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=place(3))
    qtbot.mouseMove(line, place(1))
    with qtbot.waitSignal(line.range_chosen) as chosen:
        qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=place(1))
    assert chosen.args == bars(1, 3)
    assert line.chosen == tuple(bars(1, 3))


def test_a_click_chooses_one_bar_and_escape_clears(line: Timeline, qtbot: QtBot) -> None:
    with qtbot.waitSignal(line.range_chosen) as chosen:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=place(2))
    assert chosen.args == bars(2, 2)
    with qtbot.waitSignal(line.range_cleared):
        qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.chosen is None
    with qtbot.assertNotEmitted(line.range_cleared):
        line.clear()


def test_keys_move_choose_one_and_choose_a_range(line: Timeline, qtbot: QtBot) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(line, Qt.Key.Key_End)
    assert "30 calls, 1 failure" in line.accessibleDescription()
    qtbot.keyClick(line, Qt.Key.Key_Left)
    with qtbot.waitSignal(line.range_chosen) as chosen:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert chosen.args == bars(2, 2)
    with qtbot.waitSignal(line.range_chosen) as chosen:
        qtbot.keyClick(line, Qt.Key.Key_Left, shift)
    assert chosen.args == bars(1, 2)
    with qtbot.waitSignal(line.range_chosen) as chosen:
        qtbot.keyClick(line, Qt.Key.Key_Home, shift)
    assert chosen.args == bars(0, 2)


def test_numbers_are_in_the_tooltip_and_the_description(line: Timeline) -> None:
    event = QHelpEvent(QEvent.Type.ToolTip, place(2), line.mapToGlobal(place(2)))
    QApplication.sendEvent(line, event)
    assert QToolTip.text() == "09:02 – 09:03: 120 calls, 3 failures"
    words = line.accessibleDescription()
    assert "160 calls, 4 failures from 09:00 to 09:04" in words
    assert "most in 09:02 – 09:03: 120 calls" in words
    line.choose(*bars(1, 2))
    assert line.accessibleDescription().startswith("chosen 09:01 to 09:03")


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (250_000, "09:00:00.250 – 09:00:00.500: 1 call"),
        (1_000_000, "09:00:01 – 09:00:02: 1 call"),
        (24 * 60 * MINUTE, "24 Nov 09:00 – 25 Nov 09:00: 1 call"),
    ],
)
def test_times_are_as_exact_as_the_intervals(line: Timeline, width: int, words: str) -> None:
    line.set_series(Series(START, width, [1, 1], [0, 0]))
    assert line.words(1) == words


def test_no_calls_are_said_and_nothing_can_be_chosen(line: Timeline, qtbot: QtBot) -> None:
    line.set_series(Series(START, MINUTE, (), ()))
    line.grab()
    assert line.accessibleDescription() == "No calls"
    with qtbot.assertNotEmitted(line.range_chosen):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=place(0))
        qtbot.keyClick(line, Qt.Key.Key_Right)
        qtbot.keyClick(line, Qt.Key.Key_Return)


def test_nothing_is_said_before_the_first_series(theme: Theme, qtbot: QtBot) -> None:
    unread = Timeline(theme, "Calls over time", local=utc)
    qtbot.addWidget(unread)
    unread.resize(412, 80)
    assert unread.accessibleDescription() == ""
    blank = unread.grab().toImage()
    unread.set_series(Series(START, MINUTE, (), ()))
    assert unread.accessibleDescription() == "No calls"
    assert unread.grab().toImage() != blank


def test_failures_have_their_colour_in_both_looks(line: Timeline, theme: Theme) -> None:
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.choose(choice)
        picture = line.grab().toImage()
        colors = {picture.pixelColor(x, y).name() for x in range(206, 300) for y in range(80)}
        assert {theme.colors.danger, theme.colors.accent} <= colors


def test_sparkline_takes_no_keyboard_and_no_clicks(theme: Theme, qtbot: QtBot) -> None:
    small = Timeline(theme, "Calls today", small=True, local=utc)
    qtbot.addWidget(small)
    small.set_series(SERIES)
    small.resize(120, 24)
    assert small.focusPolicy() == Qt.FocusPolicy.NoFocus
    with qtbot.assertNotEmitted(small.range_chosen):
        qtbot.mouseClick(small, Qt.MouseButton.LeftButton, pos=QPoint(60, 10))
    assert not small.grab().isNull()


def test_controls_have_names(line: Timeline) -> None:
    assert unnamed(line) == []
