"""Finding calls: the filter line, its buttons, cells, operations and the timeline."""

import threading
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from gui.live_log.cell_menu import offer_filters
from gui.live_log.clock_face import ClockFace, distance_words
from gui.live_log.export_dialog import ExportDialog
from gui.live_log.highlights import looked_for
from gui.live_log.log_view import LogView
from gui.live_log.rows import cell_value
from gui.settings import LOG_TIME_ZONE
from server.calls.filters import parse
from tests.gui.factories import AT, call
from tests.gui.stage import Stage

LOOK_UP = {
    "method": "GET",
    "status": 200,
    "query": "filter=userName%20eq%20%22user1%40acme.example%22",
    "request_body": b"",
    "response_body": b'{"totalResults":0,"Resources":[]}',
    "token_id": 7,
}


def filled(stage: Stage, number: int = 20) -> LogView:
    stage.record(*(call(each) for each in range(number)))
    page = stage.log()
    stage.until(lambda: page.model.rowCount() == number and not page.feed.busy)
    return page


def rows(stage: Stage, page: LogView, number: int) -> None:
    stage.until(lambda: page.model.rowCount() == number and not page.feed.busy)


def test_bad_filter_says_why_and_leaves_the_last_good_result(stage: Stage) -> None:
    page = filled(stage)
    page.bar.set_filter("user:user7@")
    rows(stage, page, 1)
    page.bar.set_filter("staus:404")
    problem = page.bar.line.problem
    assert problem is not None
    assert problem.position == 0
    assert page.model.rowCount() == 1
    page.bar.set_filter("")
    rows(stage, page, 20)
    assert page.bar.line.problem is None


def test_search_that_is_stopped_leaves_what_was_found_and_new_calls_still_come(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.live_log.feed.FIRST", 5)
    page = filled(stage)
    going, older = threading.Event(), page.source.calls.ids

    def slow(*args: Any, before: int | None = None, **limits: Any) -> "array[int]":
        if before is not None:
            going.wait(5)
        return older(*args, before=before, **limits)

    monkeypatch.setattr(page.source.calls, "ids", slow)
    page.bar.set_filter("method:POST")
    stage.until(lambda: page.model.rowCount() == 5 and page.feed.busy)
    for job in page.desk.jobs.running:
        job.cancel()
    going.set()
    stage.until(lambda: not page.feed.busy)
    assert page.bar.count.text() == "Search stopped, 5 so far"
    stage.record(call(50))
    rows(stage, page, 6)
    page.bar.clear()
    rows(stage, page, 21)
    assert "stopped" not in page.bar.count.text()


def test_filter_is_switched_off_and_on_again(stage: Stage) -> None:
    page = filled(stage)
    page.bar.set_filter("user:user7@")
    rows(stage, page, 1)
    stage.log_page().open("filter-off")
    rows(stage, page, 20)
    stage.log_page().open("filter-off")
    rows(stage, page, 1)


def test_buttons_add_their_term_and_take_it_out(stage: Stage) -> None:
    page = filled(stage)
    stage.record(call(30, status=409), call(31, status=409, method="PUT"))
    page.bar.set_filter("method:PUT")
    rows(stage, page, 1)
    page.bar.failures_button.click()
    assert page.bar.line.text() == "method:PUT status:failed"
    assert page.bar.failures_button.isChecked()
    page.bar.failures_button.click()
    assert page.bar.line.text() == "method:PUT"
    assert not page.bar.failures_button.isChecked()


def test_own_filters_and_history_are_kept(stage: Stage) -> None:
    page = filled(stage)
    page.bar.saved.save("Ann", "user:ann")
    page.bar.set_filter("user:user3@")
    rows(stage, page, 1)
    again = type(page.bar.saved)(stage.settings)
    assert [each.text for each in again.own] == ["user:ann"]
    assert again.history == ["user:user3@"]


def test_cell_offers_its_value_and_the_opposite(stage: Stage) -> None:
    page = filled(stage)
    menu = QMenu()
    offer_filters(menu, ("method", "POST"), page.bar.narrow)
    only, without = menu.actions()
    only.trigger()
    assert page.bar.line.text() == "method:POST"
    rows(stage, page, 20)
    page.bar.clear()
    without.trigger()
    rows(stage, page, 0)


def test_operation_is_one_row_that_unfolds(stage: Stage) -> None:
    stage.record(call(1, **LOOK_UP), call(1, token_id=7, at=AT + 1_200_000))
    page = stage.log()
    rows(stage, page, 1)
    assert "Create user" in str(page.model.index(0, 1).data(Qt.ItemDataRole.DisplayRole))
    page.table.selectRow(0)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Right)
    assert page.model.rowCount() == 2
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Right)
    assert page.model.rowCount() == 2
    page.table.selectRow(1)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Left)
    assert page.model.rowCount() == 1
    assert page.table.currentIndex().row() == 0
    page.bar.group_button.click()
    rows(stage, page, 2)


def test_folded_operation_stands_for_what_it_came_to(stage: Stage) -> None:
    stage.record(call(1, **LOOK_UP), call(1, token_id=7, at=AT + 1_200_000))
    page = stage.log()
    rows(stage, page, 1)
    said = [page.model.index(0, column).data() for column in (2, 3, 4)]
    assert said == ["POST", "/scim/v2/Users", "201"]
    shown = page.folding.shown(0)
    assert shown
    assert cell_value(shown, "method", {}) == ("method", "POST")
    page.table.selectRow(0)
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == 2))
    assert page.choice().ids == [2]
    assert page.choice().covered(stage.services.calls) == [1, 2]
    page.acting.carry_out("mark")
    stage.until(lambda: [row.mark for row in stage.services.calls.rows([1, 2])] == ["red"] * 2)
    page.acting.carry_out("mark")
    stage.until(lambda: [row.mark for row in stage.services.calls.rows([1, 2])] == ["", ""])
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Right)
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == 1))


def test_folded_operation_says_at_once_what_became_of_it(stage: Stage) -> None:
    page = stage.log()
    stage.record(call(1, **LOOK_UP))
    rows(stage, page, 1)
    assert page.model.index(0, 2).data() == "GET"
    page.table.selectRow(0)
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == 1))
    changed = []
    page.model.dataChanged.connect(lambda first, _last, _roles: changed.append(first.row()))
    stage.record(call(1, token_id=7, at=AT + 1_200_000))
    stage.until(lambda: page.model.index(0, 2).data() == "POST")
    assert 0 in changed  # or else the row is not painted again
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == 2))


def test_opening_a_call_of_a_folded_operation_chooses_its_row(stage: Stage) -> None:
    stage.record(call(1, **LOOK_UP), call(1, token_id=7, at=AT + 1_200_000), call(2))
    page = stage.log()
    rows(stage, page, 2)

    def opened(number: int) -> None:
        page.show_call(number)
        stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == number))

    opened(2)  # what the folded row stands for
    assert page.model.rowCount() == 2
    assert page.table.chosen_rows() == [0]
    opened(1)  # its look-up
    assert page.model.rowCount() == 3
    assert page.table.chosen_rows() == [0]
    assert page.choice().ids == [1]
    opened(2)
    assert page.table.chosen_rows() == [1]
    page.bar.set_filter("user:user1@")
    rows(stage, page, 2)
    opened(3)  # which the filter leaves out
    assert page.table.chosen_rows() == []
    assert list(page.choice().ids) == [3]


def test_export_of_what_is_listed_has_the_calls_of_folded_operations(stage: Stage) -> None:
    stage.record(call(1, **LOOK_UP), call(1, token_id=7, at=AT + 1_200_000))
    page = stage.log()
    rows(stage, page, 1)
    stage.log_page().open("export-listed")
    dialog = stage.dialog(ExportDialog)
    assert dialog.windowTitle() == "Export 2 calls"
    dialog.reject()


def test_unfolded_operation_gains_its_later_calls_at_once(stage: Stage) -> None:
    page = stage.log()
    members = [
        replace(call(9, **LOOK_UP), path=f"/scim/v2/{name}", query="")
        for name in ("ServiceProviderConfig", "Schemas", "ResourceTypes")
    ]
    stage.record(*members[:2])
    rows(stage, page, 1)
    page.table.selectRow(0)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Right)
    rows(stage, page, 2)
    stage.record(members[2])
    rows(stage, page, 3)
    page.model.grow(1, [3])
    assert [page.model.id_at(row) for row in range(3)] == [1, 2, 3]
    assert page.model.rowCount() == 3
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Left)
    rows(stage, page, 1)


def test_brushing_the_timeline_filters_by_time(stage: Stage) -> None:
    page = filled(stage)
    stage.until(lambda: sum(page.timeline.bars.series.calls) == 20)
    page.timeline.bars.range_chosen.emit(AT + 5_000_000, AT + 10_000_000)
    rows(stage, page, 5)
    page.timeline.bars.range_cleared.emit()
    rows(stage, page, 20)
    assert page.bar.line.text() == ""


def test_letters_step_and_copy(stage: Stage) -> None:
    page = filled(stage)
    page.table.selectRow(3)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_J)
    assert page.table.currentIndex().row() == 4
    stage.qtbot.keyClick(page.table, Qt.Key.Key_K)
    assert page.table.currentIndex().row() == 3
    QGuiApplication.clipboard().clear()
    stage.qtbot.keyClick(page.table, Qt.Key.Key_C)
    stage.until(lambda: "user3@" in QGuiApplication.clipboard().text())


def test_times_are_told_in_the_chosen_zone(stage: Stage) -> None:
    face = ClockFace(stage.settings, lambda: datetime(2026, 11, 23, 15, 43, 10, tzinfo=UTC))
    face.choose_zone("Asia/Tokyo")
    assert face.words(AT) == "00:42:10.000"
    assert stage.settings.get(LOG_TIME_ZONE) == "Asia/Tokyo"
    face.set_relative(True)
    assert face.words(AT) == "1 min ago"
    assert distance_words(-4) == "in 4 s"


def test_what_was_looked_for_is_marked_and_what_was_not_is_not() -> None:
    assert looked_for(parse('user:ann text:"employeeNumber" -user:bob status:404')) == [
        "ann",
        "employeeNumber",
    ]
