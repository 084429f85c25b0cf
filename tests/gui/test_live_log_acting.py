"""Acting on calls: copying, marking, comparing, replaying, exporting, importing, keeping."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMenu

from gui.connection.control import Phase
from gui.live_log.compare_dialog import CompareDialog
from gui.live_log.export_dialog import ExportDialog
from gui.live_log.file_view import FileView
from gui.live_log.log_view import LogView
from gui.live_log.note_dialog import NoteDialog
from gui.live_log.page import ShowCall
from gui.live_log.replay_dialogs import EditDialog, TokenDialog
from gui.live_log.retention_dialog import RetentionDialog
from gui.live_log.story_dialog import StoryDialog
from storage.retention import Retention
from tests.gui.accessibility import unnamed
from tests.gui.factories import call
from tests.gui.stage import Stage


def filled(stage: Stage, number: int = 5) -> LogView:
    stage.record(*(call(each) for each in range(number)))
    page = stage.log()
    stage.until(lambda: page.model.rowCount() == number and not page.feed.busy)
    return page


def imported(stage: Stage, path: Path) -> FileView:
    page = stage.log_page()
    page.import_path(path)
    stage.until(lambda: len(page.files) == 1)
    file = page.files[0]
    stage.until(lambda: file.view.model.rowCount() == 5)
    return file


def exported(stage: Stage, page: LogView, path: Path, form: str, disguised: bool) -> str:
    page.views._write(path, form, page.model.all_ids(), disguised)
    stage.until(lambda: path.exists() and not stage.window.jobs.running)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["request", "response", "both", "markdown", "request-body"])
def test_call_is_copied_in_every_form(stage: Stage, form: str) -> None:
    page = filled(stage)
    page.table.selectRow(2)
    QGuiApplication.clipboard().clear()
    page.acting.copy(form)
    stage.until(lambda: "user2@acme.example" in QGuiApplication.clipboard().text())


def test_several_calls_are_copied_one_after_the_other(stage: Stage) -> None:
    page = filled(stage)
    page.table.selectAll()
    QGuiApplication.clipboard().clear()
    page.acting.copy("curl")
    stage.until(lambda: QGuiApplication.clipboard().text().count("curl ") == 5)


def test_call_is_marked_and_gets_a_note(stage: Stage) -> None:
    page = filled(stage)
    page.table.selectRow(1)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_M)
    wanted = page.model.id_at(1)
    stage.until(lambda: stage.services.calls.rows([wanted])[0].mark == "red")
    stage.qtbot.keyClick(page.table, Qt.Key.Key_N)
    dialog = stage.dialog(NoteDialog)
    dialog.note.setText("asked the customer")
    dialog.accept()
    stage.until(lambda: stage.services.calls.rows([wanted])[0].note == "asked the customer")
    page.bar.set_filter("marked:red note:customer")
    stage.until(lambda: page.model.rowCount() == 1 and not page.feed.busy)


def test_what_cannot_be_done_says_why(stage: Stage) -> None:
    page = filled(stage)
    menu = QMenu()
    page.acting.fill(menu)
    actions = {each.text().partition("\t")[0]: each for each in menu.actions()}
    assert not actions["Replay"].isEnabled()
    assert actions["Replay"].toolTip() == "Start the server first: a replay goes to it."
    stage.log_page().open("note")
    assert stage.window.toasts.text == "Choose one call first."


def test_replay_asks_for_a_token_once_and_reaches_the_server(stage: Stage) -> None:
    page = filled(stage)
    stage.window.server.start()
    stage.until(lambda: stage.window.server.state.phase is Phase.RUNNING)
    page.bar.pause_button.click()
    page.table.selectRow(1)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_R)
    dialog = stage.dialog(TokenDialog)
    assert not dialog.use_button.isEnabled()
    dialog.token.setText("Bearer secret-of-the-session")
    dialog.use_button.click()
    stage.until(lambda: stage.window.toasts.text == "Replay: Answered 200 OK.")
    stage.until(lambda: page.model.rowCount() == 6)  # listed although the list is paused
    assert page.model.row_at(5).client == "Replay"  # type: ignore[union-attr]
    stage.window.remember()
    assert "secret-of-the-session" not in (stage.folder / "settings.ini").read_text()


def test_request_is_edited_before_it_is_sent(stage: Stage) -> None:
    page = filled(stage)
    stage.window.server.start()
    stage.until(lambda: stage.window.server.state.phase is Phase.RUNNING)
    page.acting._token = "known"
    page.table.selectRow(0)
    stage.qtbot.keyClick(page.table, Qt.Key.Key_E)
    dialog = stage.dialog(EditDialog)
    dialog.headers.setPlainText("no colon")
    dialog.send_button.click()
    assert dialog.problem.isVisible()
    dialog.headers.setPlainText("X-Case: kept")
    dialog.target.setText("/scim/v2/Users?changed=1")
    dialog.send_button.click()
    stage.until(lambda: page.model.rowCount() == 6)
    newest = stage.services.calls.get(page.model.id_at(5))
    assert newest is not None
    assert newest.call.query == "changed=1"
    assert ("X-Case", "kept") in newest.call.request_headers


def test_two_calls_are_compared(stage: Stage) -> None:
    page = filled(stage)
    page.views.compare([page.model.id_at(1), page.model.id_at(3)])
    dialog = stage.dialog(CompareDialog)
    found = dialog.differences["Request body"]
    assert [(each.before, each.after) for each in found] == [
        ("user1@acme.example", "user3@acme.example")
    ]
    assert dialog.tabs.stack.currentWidget() is dialog.request
    changed = [each for each in dialog.request.comparison.rows if each.kind == "changed"]
    assert [(each.left.text, each.right.text) for each in changed] == [
        ('  "userName": "user1@acme.example",', '  "userName": "user3@acme.example",')
    ]
    assert dialog.response.count.text() == "Difference 1 of 1"
    assert dialog.headers.count.text() == "No difference"
    assert unnamed(dialog) == []


def test_calls_with_the_same_request_are_compared_by_their_responses(stage: Stage) -> None:
    stage.record(call(1), call(1, status=409, response_body=b"<html>refused</html>"))
    page = stage.log()
    stage.until(lambda: page.model.rowCount() == 2 and not page.feed.busy)
    page.views.compare([page.model.id_at(0), page.model.id_at(1)])
    dialog = stage.dialog(CompareDialog)
    assert dialog.tabs.stack.currentWidget() is dialog.response
    assert dialog.request.count.text() == "No difference"
    assert dialog.response.comparison.differences
    assert dialog.headers.count.text() == "Difference 1 of 1"


def test_story_has_all_calls_about_a_user_and_opens_them(stage: Stage) -> None:
    page = filled(stage)
    stage.record(call(2, status=409))
    stage.until(lambda: page.model.rowCount() == 6)
    page.views.story(page.model.id_at(2))
    dialog = stage.dialog(StoryDialog)
    assert len(dialog.calls.rows) == 2
    assert [event.kind for event in dialog.events.rows] == ["created", "failed"]
    assert "Create user" in dialog.events.row(1).text
    assert unnamed(dialog) == []
    first = dialog.calls.row(0).id
    dialog.events_table.row_opened.emit(0)
    stage.until(lambda: bool(page.detail.details and page.detail.details.stored.id == first))


def test_listed_calls_go_to_a_private_file_without_personal_data(
    stage: Stage, tmp_path: Path
) -> None:
    page = filled(stage)
    stage.log_page().open("export-listed")
    dialog = stage.dialog(ExportDialog)
    assert dialog.windowTitle() == "Export 5 calls"
    dialog.reject()
    plain = exported(stage, page, tmp_path / "calls.jsonl", "jsonl", False)
    assert plain.count("\n") == 5
    assert "user3@acme.example" in plain
    assert stat.S_IMODE((tmp_path / "calls.jsonl").stat().st_mode) == 0o600
    assert "user3@acme" not in exported(stage, page, tmp_path / "calls.har", "har", True)


def test_file_of_a_colleague_is_shown_and_leaves_the_log_alone(
    stage: Stage, tmp_path: Path
) -> None:
    page = filled(stage)
    exported(stage, page, tmp_path / "calls.har", "har", False)
    file = imported(stage, tmp_path / "calls.har")
    assert file.words.text().startswith("Read-only: 5 calls")
    view = file.view
    view.table.selectRow(0)
    stage.until(lambda: not view.detail.isHidden())
    assert "user0@acme.example" in view.detail.request.view.text.toPlainText()
    assert page.model.rowCount() == 5
    assert stage.services.calls.newest_id() == 5


def test_file_is_filtered_grouped_and_followed_to_its_story_like_the_log(
    stage: Stage, tmp_path: Path
) -> None:
    page = filled(stage)
    exported(stage, page, tmp_path / "calls.jsonl", "jsonl", False)
    view = imported(stage, tmp_path / "calls.jsonl").view
    view.bar.set_filter("user:user3")
    stage.until(lambda: view.model.rowCount() == 1)
    assert view.bar.count.text() == "1 of 5 calls match"
    view.table.selectRow(0)
    stage.until(lambda: not view.detail.isHidden())
    stage.log_page().open("story")
    stage.dialog(StoryDialog).reject()
    stage.log_page().open("export-listed")
    dialog = stage.dialog(ExportDialog)
    assert dialog.windowTitle() == "Export 1 call"
    dialog.reject()


def test_file_is_read_only(stage: Stage, tmp_path: Path) -> None:
    page = filled(stage)
    exported(stage, page, tmp_path / "calls.har", "har", False)
    view = imported(stage, tmp_path / "calls.har").view
    assert view.bar.pause_button.isHidden()
    assert view.bar.scope_button.isHidden()
    view.table.selectRow(0)
    for act in ("mark", "note"):
        view.acting.carry_out(act)
        assert "read-only" in stage.window.toasts.text
    stage.log_page().open("pause")
    assert "Only the live log" in stage.window.toasts.text
    stage.record(call(9))
    stage.settle()
    assert view.model.rowCount() == 5
    stage.log_page().open(ShowCall(6))
    assert stage.log_page().view is page


def test_closing_the_tab_deletes_what_was_imported(stage: Stage, tmp_path: Path) -> None:
    page = filled(stage)
    log_page = stage.log_page()
    assert log_page.tabs.isHidden()
    exported(stage, page, tmp_path / "calls.har", "har", False)
    imported(stage, tmp_path / "calls.har")
    assert log_page.tabs.isVisible()
    assert log_page.tabs.tabText(1) == "calls.har"
    kept = stage.folder / "desk-imports"
    assert len(list(kept.iterdir())) == 1
    stage.window.actions_registry["log.close_file"].trigger()
    assert log_page.view is page
    assert log_page.tabs.isHidden()
    stage.until(lambda: not list(kept.iterdir()))
    stage.window.actions_registry["log.close_file"].trigger()
    assert log_page.view is page


def test_dropped_file_is_imported(stage: Stage, tmp_path: Path) -> None:
    page = filled(stage)
    exported(stage, page, tmp_path / "calls.har", "har", False)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "calls.har"))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    log_page = stage.log_page()
    log_page.dropEvent(event)
    stage.until(lambda: len(log_page.files) == 1)


def test_file_that_is_no_log_is_told_in_a_sentence(stage: Stage, tmp_path: Path) -> None:
    log_page = stage.log_page()
    (tmp_path / "broken.har").write_text('{"log": {"entries"')
    log_page.import_path(tmp_path / "broken.har")
    stage.until(lambda: "damaged or ends too early" in stage.window.toasts.text)
    assert not log_page.files


def test_retention_is_shown_and_changed(stage: Stage) -> None:
    filled(stage)
    stage.log_page().open("retention")
    dialog = stage.dialog(RetentionDialog)
    assert dialog.days.value() == timedelta(days=30).days
    dialog.days.setValue(0)
    dialog.calls.setValue(500)
    dialog.accept()
    stage.until(lambda: stage.services.calls.retention() == Retention(None, 500))
