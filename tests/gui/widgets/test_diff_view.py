from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.jobs import Jobs
from gui.theme import Theme
from gui.widgets.comparison import MOST_LINES, changed_parts, compare, without_comma
from gui.widgets.diff_view import DiffView
from tests.gui.accessibility import unnamed

LINES = st.lists(st.sampled_from(["a", "b: 1", "b: 2", "c: 1", "}", "},", ""]), max_size=14)


@given(LINES, LINES)
def test_rows_have_every_line_of_both_texts_once_and_in_order(
    left: list[str], right: list[str]
) -> None:
    found = compare(left, right)
    assert [row.left.text for row in found.rows if row.left.number is not None] == left
    assert [row.right.text for row in found.rows if row.right.number is not None] == right
    for row in found.rows:
        assert (row.kind == "added") == (row.left.number is None)
        assert (row.kind == "removed") == (row.right.number is None)
        if row.kind in ("same", "changed"):
            assert (row.kind == "same") == (row.left.text == row.right.text)
    differing = {number for first, end in found.differences for number in range(first, end)}
    assert differing == {n for n, row in enumerate(found.rows) if row.kind != "same"}


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_not_marked_is_the_same_in_both_lines(left: str, right: str) -> None:
    texts = []
    for text, parts in zip((left, right), changed_parts(left, right), strict=True):
        for start, end in reversed(parts):
            text = text[:start] + text[end:]
        texts.append(text)
    assert texts[0] == texts[1]


def test_long_lines_are_marked_in_the_middle() -> None:
    left, right = "a b " * 300 + "x" + " c" * 300, "a b " * 300 + "yy" + " c" * 300
    assert changed_parts(left, right) == (((1200, 1201),), ((1200, 1202),))


def test_members_are_paired_by_name_and_a_comma_is_no_difference() -> None:
    left = ["{", '  "a": 1,', '  "b": 2', "}"]
    right = ["{", '  "a": 1,', '  "c": 0,', '  "b": 3,', '  "d": 4', "}"]
    found = compare(left, right, without_comma)
    kinds = [(row.kind, row.left.number, row.right.number) for row in found.rows]
    assert kinds == [
        ("same", 0, 0),
        ("same", 1, 1),
        ("added", None, 2),
        ("changed", 2, 3),
        ("added", None, 4),
        ("same", 3, 5),
    ]
    assert [row.kind for row in compare(['"a": 1'], ['"a": 1,'], without_comma).rows] == ["same"]


def test_very_long_texts_are_compared_in_part() -> None:
    many = [str(number) for number in range(MOST_LINES + 1)]
    found = compare(many, [*many[:-1], "other"])
    assert found.cut
    assert found.differences == ()


USER: dict[str, Any] = {"userName": "ann", "active": True, "title": "Guide", "tags": ["x"]}


@pytest.fixture
def view(theme: Theme, jobs: Jobs, qtbot: QtBot) -> Iterator[DiffView]:
    view = DiffView(theme, jobs, "Blink holds", "Okta sends")
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    yield view
    view.close()


def test_both_sides_have_equal_lines_at_the_same_height(view: DiffView) -> None:
    view.set_json(USER, {**USER, "active": False, "nickName": "A"})
    left, right = (side.toPlainText().split("\n") for side in (view.left, view.right))
    assert len(left) == len(right)
    assert left[2:4] == ['  "active": true,', '  "title": "Guide",']
    assert right[2:4] == ['  "active": false,', '  "title": "Guide",']
    assert left[7] == ""
    assert right[7] == '  "nickName": "A"'
    assert view.left.line_tint(2) == "warning_tint"
    assert view.right.line_tint(7) == "success_tint"
    assert [(m.start, m.end) for m in view.right.line_marks(2, right[2])] == [(12, 17)]
    view.grab()


def test_keys_and_buttons_go_from_difference_to_difference(view: DiffView, qtbot: QtBot) -> None:
    after = {**USER, "active": False, "tags": ["y"]}
    view.set_json(USER, after)
    assert view.count.text() == "Difference 1 of 2"
    assert view.right.textCursor().blockNumber() == 2
    qtbot.keyClick(view.right, Qt.Key.Key_N)
    assert view.count.text() == "Difference 2 of 2"
    assert view.left.textCursor().blockNumber() == 5
    view.next_button.click()
    assert view.count.text() == "Difference 1 of 2"
    qtbot.keyClick(view.left, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert view.count.text() == "Difference 2 of 2"


def test_equal_documents_have_no_difference_whatever_the_spaces(view: DiffView) -> None:
    view.set_json(b'{"a":1}', b'{ "a" : 1 }')
    assert view.count.text() == "No difference"
    assert not view.next_button.isEnabled()


def test_long_documents_are_compared_in_a_job_and_scroll_together(
    view: DiffView, qtbot: QtBot
) -> None:
    before = {"Resources": [{**USER, "id": str(number)} for number in range(600)]}
    after = {"Resources": [{**each} for each in before["Resources"]]}
    after["Resources"][500]["active"] = False
    with qtbot.waitSignal(view.compared):
        view.set_json(before, after)
        assert view.count.text() == "Comparing…"
    qtbot.waitUntil(lambda: view.count.text() == "Difference 1 of 1")
    place = view.left.verticalScrollBar().value()
    assert place > 1000
    assert view.right.verticalScrollBar().value() == place
    view.right.verticalScrollBar().setValue(100)
    assert view.left.verticalScrollBar().value() == 100


def test_texts_that_are_not_json_are_compared_too(view: DiffView) -> None:
    view.set_json(b"<html>", b"<html>\n<body>")
    assert view.count.text() == "Difference 1 of 1"
    view.set_text("one\ntwo", "one\n2")
    assert [row.kind for row in view.comparison.rows] == ["same", "changed"]
    view.set_titles("Earlier", "Later")
    assert view.left.accessibleName() == "Earlier"
    assert unnamed(view) == []
