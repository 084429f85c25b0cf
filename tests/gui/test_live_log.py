from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.modeltest import ModelTester

from gui.live_log.clock_face import ClockFace
from gui.live_log.log_view import LogView
from gui.live_log.model import CallModel
from gui.live_log.page import ShowCall, ShowFailures
from gui.live_log.rows import COLUMNS
from gui.mappings.page import MappingsPage
from gui.widgets.cells import Cell
from gui.widgets.dialog import ConfirmDialog
from server.calls.call import Remark
from storage.call_search import Selection
from storage.calls import CallRow
from tests.gui.factories import call
from tests.gui.stage import Stage

ERROR = (
    b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409",'
    b'"scimType":"uniqueness","detail":"userName is already taken. Choose another."}'
)


def filled(stage: Stage, number: int = 60) -> LogView:
    stage.record(*(call(each) for each in range(number)))
    page = stage.log()
    stage.until(lambda: page.model.rowCount() == number)
    return page


def at_end(page: LogView) -> bool:
    bar = page.table.verticalScrollBar()
    return bar.value() == bar.maximum()


def opened(stage: Stage, page: LogView, row: int) -> None:
    page.table.selectRow(row)
    wanted = page.model.id_at(row)
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == wanted))


def test_empty_log_says_what_to_do(stage: Stage) -> None:
    page = stage.log()
    assert page.stack.currentWidget() is page.empty


def test_new_calls_appear_and_the_list_follows_them(stage: Stage) -> None:
    page = filled(stage)
    assert page.following
    stage.record(*(call(each) for each in range(60, 80)))
    stage.until(lambda: page.model.rowCount() == 80)
    assert at_end(page)
    assert page.follow_button.isHidden()


def test_choosing_a_row_stops_following_and_counts_new_calls(stage: Stage) -> None:
    page = filled(stage)
    opened(stage, page, 10)
    stage.record(*(call(each) for each in range(60, 77)))
    stage.until(lambda: page.model.rowCount() == 77)
    assert not page.following
    assert page.follow_button.text().strip() == "17 new calls"
    page.follow_button.click()
    assert at_end(page)
    assert page.follow_button.isHidden()


def test_scrolling_up_stops_following_until_the_end_is_reached_again(stage: Stage) -> None:
    page = filled(stage)
    page.table.setFocus()
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Home)
    stage.until(lambda: not page.following)
    page.close_call()
    page.table.verticalScrollBar().setValue(page.table.verticalScrollBar().maximum())
    assert page.following


def test_pause_holds_the_list_and_says_how_many_wait(stage: Stage) -> None:
    page = filled(stage, 3)
    stage.log_page().open("pause")
    stage.record(*(call(each) for each in range(3, 15)))
    stage.until(lambda: page.bar.pause_button.text().strip() == "Paused, 12 waiting")
    assert page.model.rowCount() == 3
    page.bar.pause_button.click()
    assert page.model.rowCount() == 15


def test_text_filter_finds_words_in_bodies(stage: Stage) -> None:
    page = filled(stage)
    page.bar.set_filter("user:user42@acme.example")
    stage.until(lambda: page.model.rowCount() == 1 and not page.feed.busy)
    assert page.bar.count.text() == "1 of 60 calls match"
    stage.record(call(100), call(42))
    stage.until(lambda: page.model.rowCount() == 2)
    page.bar.clear()
    stage.until(lambda: page.model.rowCount() == 62)


def test_filter_without_a_match_says_so_and_offers_to_clear_it(stage: Stage) -> None:
    page = filled(stage)
    page.bar.set_filter("nobody")
    stage.until(lambda: page.stack.currentWidget() is page.no_match)
    assert page.bar.count.text() == "0 of 60 calls match"
    assert page.no_match.button is not None
    page.no_match.button.click()
    stage.until(lambda: page.model.rowCount() == 60)
    assert page.bar.line.text() == ""


def test_failures_only_leaves_out_what_succeeded(stage: Stage) -> None:
    page = filled(stage, 5)
    stage.record(call(9, status=409, response_body=ERROR))
    stage.log_page().open(ShowFailures())
    stage.until(lambda: page.model.rowCount() == 1 and not page.feed.busy)
    assert page.bar.failures_button.isChecked()


def test_this_organization_leaves_out_the_others(stage: Stage) -> None:
    page = filled(stage, 4)
    stage.record(call(5, organization_id=stage.organization_id))
    page.bar.scope_button.click()
    stage.until(lambda: page.model.rowCount() == 1 and not page.feed.busy)
    stage.add_organization("Other")
    stage.until(lambda: page.model.rowCount() == 0 and not page.feed.busy)


def test_details_show_request_response_and_headers(stage: Stage) -> None:
    page = filled(stage, 3)
    opened(stage, page, 1)
    pane = page.detail
    assert "Create user user1@acme.example" in pane.summary.text()
    assert pane.request.view.text.toPlainText() == (
        '{\n  "userName": "user1@acme.example",\n  "active": true\n}'
    )
    pane.request.headers_button.click()
    assert pane.request.view.text.toPlainText().splitlines() == [
        "POST /scim/v2/Users",
        "User-Agent: Okta SCIM Client 1.0.0",
    ]


def test_failure_says_what_okta_shows_and_the_cure(stage: Stage) -> None:
    page = filled(stage, 1)
    stage.record(call(7, status=409, response_body=ERROR))
    stage.until(lambda: page.model.rowCount() == 2)
    opened(stage, page, 1)
    details = page.detail.details
    assert details is not None
    assert details.okta is not None
    assert "userName is already taken" in details.okta.message
    assert details.findings[0].cure
    assert page.detail.status.text().startswith("409")


def test_link_of_a_finding_leads_to_its_mapping(stage: Stage) -> None:
    page = filled(stage, 1)
    opened(stage, page, 0)
    page.detail.link_followed.emit("mappings:middleName")
    mappings = stage.window.page
    assert isinstance(mappings, MappingsPage)
    stage.until(lambda: mappings.table.chosen() is not None)
    chosen = mappings.table.chosen()
    assert chosen is not None
    assert chosen.attribute.variable == "middleName"


def test_call_is_copied_as_curl_without_its_token(stage: Stage) -> None:
    page = filled(stage, 2)
    opened(stage, page, 0)
    stage.log_page().open("copy-curl")
    stage.until(lambda: QGuiApplication.clipboard().text().startswith("curl "))
    assert "user0@acme.example" in QGuiApplication.clipboard().text()
    page.detail.request.copy_button.click()
    assert "user0@acme.example" in QGuiApplication.clipboard().text()


def test_link_opens_a_call_that_the_filter_leaves_out(stage: Stage) -> None:
    page = filled(stage, 5)
    page.bar.set_filter("user4@")
    stage.until(lambda: page.model.rowCount() == 1 and not page.feed.busy)
    first = stage.services.calls.ids(Selection())[0]
    stage.log_page().open(ShowCall(first))
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == first))
    assert not page.detail.isHidden()


def test_escape_closes_the_call(stage: Stage) -> None:
    page = filled(stage, 5)
    opened(stage, page, 2)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert page.detail.isHidden()
    assert not page.table.selectionModel().hasSelection()


def test_request_and_response_stand_side_by_side_when_there_is_room(stage: Stage) -> None:
    page = filled(stage, 2)
    opened(stage, page, 0)
    page.detail.resize(1000, 600)
    assert page.detail.splitter.orientation() is Qt.Orientation.Horizontal
    page.detail.resize(500, 600)
    assert page.detail.splitter.orientation() is Qt.Orientation.Vertical


def test_where_there_is_little_room_one_half_is_shown_and_the_other_offered(stage: Stage) -> None:
    page = filled(stage, 1)
    opened(stage, page, 0)
    pane = page.detail
    stage.window.resize(1280, 800)
    stage.until(lambda: pane.response.isHidden())
    assert pane.request.isVisible()
    pane.request.other_button.click()
    assert pane.response.isVisible()
    assert pane.request.isHidden()
    stage.window.resize(1280, 1200)
    stage.until(lambda: pane.request.isVisible() and pane.response.isVisible())
    assert pane.request.other_button.isHidden() or not pane.request.other_button.isVisible()


def test_nothing_of_a_call_is_cut_off_at_the_right(stage: Stage) -> None:
    extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    body = f'{{"id":"1","userName":"ann@acme.example","{extension}":{{"costCenter":"4130"}}}}'
    stage.record(call(1, request_body=body.encode(), response_body=body.encode()))
    page = stage.log()
    stage.until(lambda: page.model.rowCount() == 1)
    opened(stage, page, 0)
    inside = page.detail.words
    stage.until(lambda: inside.width() <= inside.parentWidget().width())
    assert inside.minimumSizeHint().width() <= inside.parentWidget().width()
    texts = [each.text() for each in inside.findChildren(QLabel)]
    assert "costCenter" in texts
    assert "4130" in texts


def test_clear_asks_and_empties_the_log(stage: Stage) -> None:
    page = filled(stage, 5)
    stage.log_page().open("clear")
    stage.dialog(ConfirmDialog).yes_button.click()
    stage.until(lambda: page.stack.currentWidget() is page.empty)
    assert stage.services.calls.count(Selection()) == 0


def test_remarks_are_told(stage: Stage) -> None:
    page = filled(stage, 1)
    stage.record(call(3, remarks=(Remark("locale-form", "en_US was understood as en-US."),)))
    stage.until(lambda: page.model.rowCount() == 2)
    opened(stage, page, 1)
    texts = [each.text() for each in page.detail.findChildren(type(page.detail.summary))]
    assert "en_US was understood as en-US." in texts


def test_model_keeps_the_rules_of_qt(stage: Stage, qtmodeltester: ModelTester) -> None:
    page = filled(stage, 40)
    qtmodeltester.check(page.model)
    page.model.append(array("q", [1000, 1001]))
    qtmodeltester.check(page.model)


def test_model_reads_only_rows_near_the_one_that_is_asked_for(stage: Stage) -> None:
    stage.record(*(call(each) for each in range(300)))
    read: list[int] = []
    calls = stage.services.calls

    def rows(ids: Sequence[int]) -> Sequence[CallRow]:
        read.extend(ids)
        return calls.rows(ids)

    face = ClockFace(stage.settings, stage.clock)
    model = CallModel(rows, lambda row: [Cell(str(row.id))] * len(COLUMNS), face)
    model.set_ids(calls.ids(Selection()))
    model.data(model.index(299, 0))
    assert 0 < len(read) < 150
    before = len(read)
    model.data(model.index(298, 0))
    assert len(read) == before


@pytest.mark.parametrize("word", ["filter", "failures", "pause", "newest", "copy-curl"])
def test_every_command_of_the_page_is_known(stage: Stage, word: str) -> None:
    stage.log_page().open(word)
    stage.until(lambda: not stage.log().feed.busy)


def test_home_and_end_go_to_the_first_and_last_call(stage: Stage) -> None:
    page = filled(stage)
    page.table.selectRow(30)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Home)
    assert page.table.currentIndex().row() == 0
    stage.qtbot.keyClick(page.table, Qt.Key.Key_End)
    assert page.table.currentIndex().row() == 59


def test_closing_the_call_at_the_end_of_the_list_follows_again(stage: Stage) -> None:
    page = filled(stage)
    opened(stage, page, 59)
    page.close_call()
    assert page.following


def test_pause_keeps_its_calls_through_a_filter(stage: Stage) -> None:
    page = filled(stage, 3)
    stage.log_page().open("pause")
    stage.record(call(3), call(4))
    stage.until(lambda: page.feed.waiting == 2)
    page.bar.set_filter("user4@")
    stage.until(lambda: page.model.rowCount() == 1 and not page.feed.busy)
    assert page.feed.waiting == 0
    assert page.feed.paused


def test_burst_larger_than_one_reading_is_searched_instead(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = filled(stage, 3)
    monkeypatch.setattr("gui.live_log.feed.BURST", 10)
    stage.record(*(call(each) for each in range(3, 60)))
    stage.until(lambda: page.model.rowCount() == 60)
    assert [page.model.id_at(row) for row in range(60)] == list(
        stage.services.calls.ids(Selection())
    )


def test_tab_goes_from_the_filter_over_the_list_to_the_words_and_bodies(stage: Stage) -> None:
    stage.record(call(7, status=409, response_body=ERROR))
    view = stage.log()
    stage.until(lambda: view.model.rowCount() == 1)
    opened(stage, view, 0)
    buttons = view.detail.words.findChildren(QPushButton)
    more = next(each for each in buttons if each.accessibleName() == "More about this")
    stage.until(more.isVisible)
    stage.window.activateWindow()
    stage.window.menu_button.setFocus()
    passed = []
    while (current := stage.window.focusWidget()) is not view.detail.request.view.text:
        assert current is not None
        assert len(passed) < 40
        passed.append(current)
        stage.qtbot.keyClick(current, Qt.Key.Key_Tab)
    places = [passed.index(each) for each in (view.bar.line.editor, view.table, more)]
    assert places == sorted(places)
    assert passed[1] is view.bar.line.editor
