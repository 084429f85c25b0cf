from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.theme import Theme
from gui.widgets.code_line import MOST_REMEMBERED, CodeLine
from gui.widgets.code_text import Span
from gui.widgets.language import Language, Problem, Proposal, Signature
from tests.gui.accessibility import unnamed

WORDS = ("status:", "since:", "subject:")
VALUES = ("404", "409")


def tokens(text: str) -> list[Span]:
    at = text.find(":")
    return [Span(0, at, "json_name"), Span(at + 1, len(text), "json_text")] if at >= 0 else []


def complete(text: str, position: int) -> list[Proposal]:
    start = max(text.rfind(":", 0, position), text.rfind(" ", 0, position)) + 1
    words = VALUES if text[start - 1 : start] == ":" else WORDS
    typed = text[start:position]
    return [
        Proposal(word, word, start, position, "word", f"Help on {word}")
        for word in words
        if word.startswith(typed)
    ]


def signature(text: str, position: int) -> Signature | None:
    if "f(" in text[:position] and ")" not in text[:position]:
        return Signature("f(<input>)", 2, 9, "Does something.")
    return None


LANGUAGE = Language(tokens, complete, signature, triggers=":")


def shown(line: CodeLine, qtbot: QtBot) -> CodeLine:
    qtbot.addWidget(line)
    line.resize(500, 120)
    line.show()
    with qtbot.waitActive(line):
        line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.editor.hasFocus)
    return line


@pytest.fixture
def line(theme: Theme, qtbot: QtBot) -> Iterator[CodeLine]:
    line = shown(CodeLine(theme, "Filter", LANGUAGE, icon="filter", clearable=True), qtbot)
    yield line
    line.close()


@pytest.fixture
def box(theme: Theme, qtbot: QtBot) -> Iterator[CodeLine]:
    box = shown(CodeLine(theme, "Expression", LANGUAGE, lines=3), qtbot)
    yield box
    box.close()


def colors(line: CodeLine) -> list[tuple[int, int, str]]:
    formats = line.editor.document().firstBlock().layout().formats()
    return [(f.start, f.length, f.format.foreground().color().name()) for f in formats]


def labels(line: CodeLine) -> list[str]:
    model = line.editor.popup.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_text_is_coloured_by_the_tokens_in_units_of_qt(line: CodeLine, theme: Theme) -> None:
    line.set_text("🌻:b")
    assert colors(line) == [(0, 2, theme.colors.json_name), (3, 1, theme.colors.json_text)]


def test_colours_of_a_box_go_on_in_its_next_line(box: CodeLine, theme: Theme) -> None:
    box.set_text("a:b\ncd")
    formats = box.editor.document().lastBlock().layout().formats()
    assert [(f.start, f.length) for f in formats] == [(0, 2)]
    box.editor.replace("x", 0, 2)
    assert box.editor.document().lastBlock().layout().formats() == []


def test_proposals_come_while_typing_and_tab_takes_the_first(line: CodeLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.editor, "s")
    assert line.editor.popup.isVisible()
    assert labels(line) == list(WORDS)
    qtbot.keyClicks(line.editor, "u")
    assert labels(line) == ["subject:"]
    qtbot.keyClick(line.editor, Qt.Key.Key_Tab)
    assert line.text() == "subject:"
    assert labels(line) == list(VALUES), "a trigger asks for what follows"
    assert line.editor.hasFocus()


def test_arrow_and_enter_take_a_proposal_and_enter_alone_submits(
    line: CodeLine, qtbot: QtBot
) -> None:
    qtbot.keyClicks(line.editor, "status:4")
    qtbot.keyClick(line.editor, Qt.Key.Key_Down)
    qtbot.keyClick(line.editor, Qt.Key.Key_Down)
    assert line.editor.popup.help.text() == "Help on 409"
    qtbot.keyClick(line.editor, Qt.Key.Key_Return)
    assert line.text() == "status:409"
    assert not line.editor.popup.isVisible()
    qtbot.keyClicks(line.editor, " s")
    assert line.editor.popup.isVisible()
    with qtbot.waitSignal(line.submitted) as submitted:
        qtbot.keyClick(line.editor, Qt.Key.Key_Return)
    assert submitted.args == ["status:409 s"]
    assert not line.editor.popup.isVisible()


def test_a_click_takes_a_proposal(line: CodeLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.editor, "s")
    rows = line.editor.popup.list
    place = rows.visualRect(rows.model().index(1, 0)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert line.text() == "since:"


def test_nothing_is_proposed_for_what_is_complete_or_not_begun_unless_asked(
    line: CodeLine, qtbot: QtBot
) -> None:
    qtbot.keyClicks(line.editor, "status:404")
    assert not line.editor.popup.isVisible()
    qtbot.keyClicks(line.editor, " ")
    assert not line.editor.popup.isVisible()
    qtbot.keyClick(line.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert labels(line) == list(WORDS)


def test_escape_closes_the_proposals_then_empties_the_line(line: CodeLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.editor, "s")
    qtbot.keyClick(line.editor, Qt.Key.Key_Escape)
    assert not line.editor.popup.isVisible()
    assert line.text() == "s"
    assert line.clear_button.isVisible()
    qtbot.waitSignal(line.settled).wait()
    with qtbot.waitSignal(line.settled) as settled:
        qtbot.keyClick(line.editor, Qt.Key.Key_Escape)
    assert settled.args == [""]
    assert not line.clear_button.isVisible()


def test_proposals_go_with_the_focus(line: CodeLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.editor, "s")
    line.history_button.setEnabled(True)
    line.history_button.setFocus()
    assert not line.editor.popup.isVisible()


def test_text_settles_after_a_pause(line: CodeLine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(line.settled) as settled, qtbot.waitSignal(line.edited):
        qtbot.keyClicks(line.editor, "abc")
    assert settled.args == ["abc"]


def test_a_line_stays_one_line(line: CodeLine) -> None:
    data = QMimeData()
    data.setText("one\ntwo\r\nthree")
    line.editor.insertFromMimeData(data)
    assert line.text() == "one two three"


def test_a_box_takes_lines_and_grows(box: CodeLine, qtbot: QtBot) -> None:
    before = box.editor.height()
    qtbot.keyClicks(box.editor, "one")
    for _ in range(4):
        qtbot.keyClick(box.editor, Qt.Key.Key_Return)
    assert box.text() == "one\n\n\n\n"
    assert box.editor.height() > before
    for _ in range(40):
        qtbot.keyClick(box.editor, Qt.Key.Key_Return)
    assert box.editor.height() < before * 4


def test_problem_is_said_underlined_and_explained_under_the_mouse(
    line: CodeLine, qtbot: QtBot
) -> None:
    line.set_text("status:x")
    without = line.grab().toImage()
    line.set_problem(Problem("“x” is no status.", 7, 1))
    assert line.problem_text.isVisible()
    assert line.problem_text.text() == "“x” is no status."
    assert line.editor.accessibleDescription() == "“x” is no status."
    assert line.grab().toImage() != without
    cursor = line.editor.textCursor()
    place = line.editor.cursorRect(cursor).center()
    at = line.editor.viewport().mapToGlobal(place)
    event = QHelpEvent(QEvent.Type.ToolTip, place, at)
    QApplication.sendEvent(line.editor.viewport(), event)
    assert QToolTip.text() == "“x” is no status."
    line.set_problem(None)
    assert not line.problem_text.isVisible()
    QApplication.sendEvent(line.editor.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, at))
    qtbot.waitUntil(lambda: QToolTip.text() == "")


@pytest.mark.parametrize(
    "problem",
    [Problem("whole"), Problem("end", 3, 0), Problem("beyond", 90, 5), Problem("lines", 1, 3)],
)
def test_problem_may_be_anywhere(box: CodeLine, problem: Problem) -> None:
    box.set_text("a\nb")
    clean = box.grab().toImage()
    box.set_problem(problem)
    assert box.grab().toImage() != clean
    box.set_text("")
    box.grab()


def test_signature_shows_while_the_brackets_are_open(box: CodeLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(box.editor, "f(")
    assert box.editor.hint.isVisible()
    assert "<b>&lt;input&gt;</b>" in box.editor.hint.line.text()
    assert box.editor.hint.help.text() == "Does something."
    qtbot.keyClicks(box.editor, ")")
    assert not box.editor.hint.isVisible()


def test_history_of_a_line_is_gone_through_with_the_arrows(line: CodeLine, qtbot: QtBot) -> None:
    line.set_history(["newest", "oldest"])
    line.set_text("draft")
    qtbot.keyClick(line.editor, Qt.Key.Key_Up)
    assert line.text() == "newest"
    qtbot.keyClick(line.editor, Qt.Key.Key_Up)
    qtbot.keyClick(line.editor, Qt.Key.Key_Up)
    assert line.text() == "oldest"
    qtbot.keyClick(line.editor, Qt.Key.Key_Down)
    qtbot.keyClick(line.editor, Qt.Key.Key_Down)
    assert line.text() == "draft"
    line.editor.undo()
    assert line.text() == "newest"


def test_history_remembers_each_text_once_and_not_for_ever(line: CodeLine, qtbot: QtBot) -> None:
    for number in range(MOST_REMEMBERED + 5):
        line.set_text(f"text {number}")
        line.remember()
    line.set_text("text 50")
    with qtbot.waitSignal(line.history_changed):
        line.remember()
    assert line.history[0] == "text 50"
    assert len(line.history) == MOST_REMEMBERED
    assert line.history.count("text 50") == 1
    line.set_text("  ")
    line.remember()
    assert line.history[0] == "text 50"


def test_history_menu_writes_an_entry(box: CodeLine) -> None:
    assert not box.history_button.isEnabled()
    box.set_history(["a & b", "long " * 40])
    menu = box.history_button.menu()
    menu.aboutToShow.emit()
    assert len(menu.actions()[1].text()) <= 80
    menu.actions()[0].trigger()
    assert box.text() == "a & b"


def test_alt_and_arrows_go_through_the_history_of_a_box(box: CodeLine, qtbot: QtBot) -> None:
    box.set_history(["earlier"])
    qtbot.keyClick(box.editor, Qt.Key.Key_Up)
    assert box.text() == ""
    qtbot.keyClick(box.editor, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert box.text() == "earlier"


def test_inserted_text_goes_to_the_cursor(box: CodeLine) -> None:
    box.set_text("ab")
    box.editor.moveCursor(box.editor.textCursor().MoveOperation.Start)
    box.insert("user.")
    assert box.text() == "user.ab"


def test_controls_have_names(line: CodeLine, box: CodeLine) -> None:
    line.set_text("x")
    assert unnamed(line) == []
    assert unnamed(box) == []
