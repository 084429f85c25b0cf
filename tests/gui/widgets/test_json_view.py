import json
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.jobs import Jobs
from gui.theme import Theme, ThemeChoice
from gui.widgets.json_view import JsonView
from tests.gui.accessibility import unnamed

USER = {
    "userName": "ann@acme.example",
    "emails": [{"value": "ann@acme.example"}, {"value": "ann@home.example"}],
    "name": {"formatted": "Ann 🌻 Östberg", "familyName": "Östberg"},
}
LINES = json.dumps(USER, indent=2, ensure_ascii=False).split("\n")
MANY = {"Resources": [{**USER, "id": f"user-{number}"} for number in range(4000)]}


@pytest.fixture
def view(theme: Theme, jobs: Jobs, qtbot: QtBot) -> Iterator[JsonView]:
    view = JsonView(theme, jobs, "Request body")
    qtbot.addWidget(view)
    view.resize(600, 420)
    view.show()
    yield view
    view.close()


def visible(view: JsonView) -> list[str]:
    return view.text.toPlainText().split("\n")


def press(qtbot: QtBot, view: JsonView, key: str) -> None:
    qtbot.keyClicks(view.text, key)


def test_json_is_indented_and_coloured(view: JsonView, qtbot: QtBot, theme: Theme) -> None:
    view.set_json(json.dumps(USER, ensure_ascii=False).encode())
    assert view.text.toPlainText().split("\n") == LINES
    view.grab()
    formats = view.text.document().findBlockByNumber(1).layout().formats()
    colors = [each.format.foreground().color().name() for each in formats]
    assert colors == [theme.colors.json_name, theme.colors.json_text]
    theme.choose(ThemeChoice.DARK)
    view.grab()
    formats = view.text.document().findBlockByNumber(1).layout().formats()
    assert formats[0].format.foreground().color().name() == theme.colors.json_name


def test_colours_behind_a_character_of_two_units_are_in_their_place(view: JsonView) -> None:
    view.set_json({"a": ["🌻", 12]})
    view.grab()
    block = view.text.document().findBlockByNumber(2)
    assert block.layout().formats()[0].length == len('"🌻"') + 1


def test_folding_hides_what_is_inside_and_keys_do_it_at_the_cursor(
    view: JsonView, qtbot: QtBot
) -> None:
    view.set_json(USER)
    view.text.go_to(4)
    press(qtbot, view, "-")
    assert visible(view) == [*LINES[:4], *LINES[6:]]
    assert view.text.line == 3
    press(qtbot, view, "+")
    assert visible(view) == LINES


def test_fold_all_leaves_the_outermost_and_expand_all_shows_everything(
    view: JsonView, qtbot: QtBot
) -> None:
    view.set_json(USER)
    view.fold_button.click()
    assert visible(view) == [LINES[0], LINES[1], LINES[2], LINES[10], LINES[-1]]
    view.text.fold(2, False)
    assert visible(view)[3:6] == [LINES[3], LINES[6], LINES[9]]
    view.grab()
    view.unfold_button.click()
    assert visible(view) == LINES


def test_copying_takes_along_what_is_folded(view: JsonView) -> None:
    view.set_json(USER)
    view.text.fold_all()
    view.text.selectAll()
    view.text.copy()
    assert QGuiApplication.clipboard().text() == "\n".join(LINES)
    view.text.fold(0, True)
    view.text.selectAll()
    view.text.copy()
    assert QGuiApplication.clipboard().text() == "\n".join(LINES)


def test_click_on_a_triangle_folds_and_ctrl_folds_what_is_inside_too(
    view: JsonView, qtbot: QtBot
) -> None:
    view.set_json(USER)
    view.grab()
    area = next(area for block, area in view.text.visible_lines() if block.blockNumber() == 2)
    gutter = view.text._gutter
    place = QPoint(gutter.width() // 2, round(area.center().y()))
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, control, place)
    assert view.text.folded == {2, 3, 6}
    qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, pos=place)
    assert view.text.folded == {3, 6}
    assert visible(view)[2:5] == [LINES[2], LINES[3], LINES[6]]


def test_path_of_the_value_at_the_cursor_is_shown_and_copied(view: JsonView) -> None:
    view.set_json(USER)
    assert not view.copy_path_button.isEnabled()
    view.text.go_to(4)
    assert view.path.text() == "emails[0].value"
    view.copy_path_button.click()
    assert QGuiApplication.clipboard().text() == "emails[0].value"


def test_search_counts_marks_steps_and_unfolds(view: JsonView, qtbot: QtBot) -> None:
    view.set_json(USER)
    view.text.fold_all()
    qtbot.keyClick(view.text, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.find_bar.isVisible()
    qtbot.keyClicks(view.find_bar.field, "ACME")
    assert view.find_bar.count.text() == "1 of 2"
    qtbot.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    assert view.find_bar.count.text() == "2 of 2"
    assert view.text.line == 4
    assert LINES[4] in visible(view)
    assert LINES[7] not in visible(view)
    press(qtbot, view, "n")
    assert view.find_bar.count.text() == "1 of 2"
    press(qtbot, view, "N")
    assert view.find_bar.count.text() == "2 of 2"
    view.find_bar.field.setText("nobody")
    assert view.find_bar.count.text() == "no match"
    assert not view.find_bar.next_button.isEnabled()
    qtbot.keyClick(view.find_bar.field, Qt.Key.Key_Escape)
    assert view.find_bar.isHidden()
    assert view.text.matches.places == ()


def test_search_is_done_again_in_the_next_text(view: JsonView) -> None:
    view.set_json(USER)
    view.open_find()
    view.find_bar.field.setText("östberg")
    assert view.find_bar.count.text() == "1 of 2"
    view.set_json({"name": "Östberg"})
    assert view.find_bar.count.text() == "1 of 1"


def test_highlighted_text_is_brought_into_sight(view: JsonView) -> None:
    view.set_json({"pad": list(range(200)), "employeeNumber": "7"}, ["employeenumber"])
    assert view.text.line == 203
    marks = list(view.text.line_marks(203, view.text.shown.line(203)))
    assert [(mark.start, mark.end) for mark in marks] == [(3, 17)]


def test_syntax_error_is_marked_and_explained(view: JsonView) -> None:
    view.set_json(b'{\n  "a": 1,\n}')
    assert "trailing comma" in view.reason.text()
    assert view.reason.isVisible()
    assert view.text.line == 1
    marks = list(view.text.line_marks(1, '  "a": 1,'))
    assert [(mark.start, mark.wave) for mark in marks] == [(8, "danger")]
    view.grab()
    view.set_json({})
    assert not view.reason.isVisible()


def test_text_is_shown_with_the_given_reason(view: JsonView) -> None:
    view.set_text("Host: localhost", "These are headers.", "headers")
    assert view.reason.text() == "These are headers."
    assert not view.fold_button.isEnabled()


def test_long_body_is_shown_in_part_and_whole_when_asked_without_a_stall(
    view: JsonView, qtbot: QtBot
) -> None:
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(1)
    body = json.dumps(MANY, ensure_ascii=False).encode()
    with qtbot.waitSignal(view.text.filled):
        view.set_json(body)
    assert view.all_button.isVisible()
    assert view.all_button.text() == f"Show all {len(body) / 1000:.1f} kB"
    with qtbot.waitSignal(view.text.filled):
        view.all_button.click()
    assert not view.all_button.isVisible()
    assert view.text.blockCount() == view.text.shown.line_count > 60_000
    with qtbot.waitSignal(view.text.slices.ended):
        view.fold_button.click()
    assert len(visible(view)) == 3
    timer.stop()
    # On a busy machine one gap may be longer; a stall of the text itself would be ten times that.
    assert sorted(gaps)[-2] < 0.15
    assert view.whole_text() == json.dumps(MANY, indent=2, ensure_ascii=False)


def test_only_the_last_of_two_long_bodies_arrives(view: JsonView, qtbot: QtBot) -> None:
    view.set_json(json.dumps(MANY).encode())
    view.set_json({"short": True})
    qtbot.wait(100)
    assert view.text.toPlainText() == '{\n  "short": true\n}'


def test_wrap_numbers_and_size_of_text_can_be_changed(view: JsonView, qtbot: QtBot) -> None:
    view.set_json(USER)
    with qtbot.waitSignal(view.wrap_changed, check_params_cb=lambda wrap: not wrap):
        view.wrap_button.click()
    assert view.text.lineWrapMode() is view.text.LineWrapMode.NoWrap
    narrow = view.text.gutter_width()
    with qtbot.waitSignal(view.line_numbers_changed):
        next(a for a in view.menu().actions() if a.text() == "Line numbers").trigger()
    assert view.text.gutter_width() > narrow
    view.grab()
    before = view.text.font().pointSizeF()
    view.text.set_scale(1.5)
    assert view.text.font().pointSizeF() == pytest.approx(before * 1.5)


def test_controls_have_names(view: JsonView) -> None:
    view.set_json(USER)
    view.open_find()
    assert unnamed(view) == []
