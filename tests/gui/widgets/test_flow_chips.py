from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.flow_chips import Chip, FlowChips
from tests.gui.accessibility import unnamed

CHIPS = [
    Chip("errors", "Errors", "x-circle", active=True),
    Chip("creates", "Creates & links"),
    Chip("status", "status:>=400", removable=True),
    Chip("user", "user:ann", removable=True),
]


@pytest.fixture
def chips(theme: Theme, qtbot: QtBot) -> Iterator[FlowChips]:
    window = QWidget()
    qtbot.addWidget(window)
    chips = FlowChips(theme, "Filters")
    window.setLayout(column(chips, None))
    chips.set_chips(CHIPS)
    window.resize(900, 300)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    yield chips
    window.close()


def test_chips_wrap_where_the_width_ends(chips: FlowChips, qtbot: QtBot) -> None:
    one_line = chips.height()
    assert {chips.button(chip.key).parentWidget().y() for chip in CHIPS} == {0}
    chips.window().resize(230, 300)
    qtbot.waitUntil(lambda: chips.height() > 2 * one_line)
    places = [chips.button(chip.key).parentWidget().geometry() for chip in CHIPS]
    assert max(place.right() for place in places) < 230
    for place, other in pairwise(places):
        assert not place.intersects(other)


def test_a_click_tells_the_key_and_changes_nothing_by_itself(
    chips: FlowChips, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(chips.clicked) as clicked:
        qtbot.mouseClick(chips.button("creates"), Qt.MouseButton.LeftButton)
    assert clicked.args == ["creates"]
    assert not chips.button("creates").isChecked()
    assert chips.button("errors").isChecked()


def test_cross_and_delete_remove_what_can_be_removed(chips: FlowChips, qtbot: QtBot) -> None:
    cross = chips.remove_button("status")
    assert cross is not None
    assert cross.accessibleName() == "Remove status:>=400"
    with qtbot.waitSignal(chips.removed) as removed:
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert removed.args == ["status"]
    with qtbot.waitSignal(chips.removed) as removed:
        qtbot.keyClick(chips.button("user"), Qt.Key.Key_Delete)
    assert removed.args == ["user"]
    assert chips.remove_button("errors") is None
    with qtbot.assertNotEmitted(chips.removed):
        qtbot.keyClick(chips.button("errors"), Qt.Key.Key_Delete)


def test_arrows_move_and_the_keyboard_stays_when_a_chip_goes(
    chips: FlowChips, qtbot: QtBot
) -> None:
    chips.button("user").setFocus()
    qtbot.keyClick(chips.button("user"), Qt.Key.Key_Right)
    assert chips.button("errors").hasFocus()
    qtbot.keyClick(chips.button("errors"), Qt.Key.Key_Left)
    assert chips.button("user").hasFocus()
    chips.set_chips(CHIPS[:3])
    assert chips.button("status").hasFocus()
    with pytest.raises(KeyError):
        chips.button("user")


def test_ampersands_are_not_shortcuts_and_controls_have_names(chips: FlowChips) -> None:
    assert chips.button("creates").text() == "Creates && links"
    assert chips.button("creates").shortcut().isEmpty()
    assert unnamed(chips) == []
