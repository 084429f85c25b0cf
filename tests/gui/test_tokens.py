import gc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from gui.tokens.dialogs import GenerateDialog, IssuedDialog, RotateDialog
from gui.tokens.page import STATES, token_cells
from gui.widgets.buttons import CopyButton
from gui.widgets.dialog import ConfirmDialog
from storage.tokens import IssuedToken, TokenRecord
from tests.gui.stage import Stage

NOW = datetime(2026, 11, 23, 15, 42, 10, tzinfo=UTC)


def generate(stage: Stage, label: str = "Okta production") -> IssuedDialog:
    page = stage.tokens_page()
    stage.window.actions_registry["tokens.generate"].trigger()
    dialog = stage.dialog(GenerateDialog)
    dialog.label.setText(label)
    dialog.generate_button.click()
    issued = stage.dialog(IssuedDialog)
    stage.until(lambda: len(page.model.rows) > 0)
    return issued


def test_generated_token_is_shown_once_and_listed_without_its_text(stage: Stage) -> None:
    page = stage.tokens_page()
    assert page.stack.currentWidget() is page.empty
    issued = generate(stage)
    text = issued.secret.line.text()
    assert text.startswith("blinkscim_")
    assert page.stack.currentWidget() is page.table
    assert page.model.row(0).label == "Okta production"
    assert page.model.row(0).last_four == text[-4:]


def test_each_okta_app_gets_the_form_that_it_needs(stage: Stage) -> None:
    issued = generate(stage)
    text = issued.secret.line.text()
    copied = {}
    for button in issued.findChildren(CopyButton):
        name = button.accessibleName()
        button.click()
        copied[name] = QGuiApplication.clipboard().text()
    assert copied["Copy with Bearer for SCIM 2.0 Test App (Header Auth)"] == f"Bearer {text}"
    assert copied["Copy token for SCIM 2.0 Test App (OAuth Bearer Token)"] == text
    assert copied["Copy the token"] == text


def test_plain_token_exists_nowhere_after_the_dialog_closes(stage: Stage) -> None:
    issued = generate(stage)
    text = issued.secret.line.text()
    QGuiApplication.clipboard().clear()
    issued.accept()
    del issued
    stage.until(lambda: not stage.dialogs())
    stage.settle()
    gc.collect()
    shown = [line.text() for line in QApplication.allWidgets() if isinstance(line, QLineEdit)]
    shown += [v.toPlainText() for v in QApplication.allWidgets() if isinstance(v, QPlainTextEdit)]
    assert text not in shown
    assert not [thing for thing in gc.get_objects() if isinstance(thing, IssuedToken)]
    stage.window.remember()
    for file in stage.folder.iterdir():
        assert text.encode() not in file.read_bytes()


def test_revoke_asks_and_marks_the_token(stage: Stage) -> None:
    generate(stage).accept()
    page = stage.tokens_page()
    page.table.selectRow(0)
    page.revoke_button.click()
    stage.dialog(ConfirmDialog).yes_button.click()
    stage.until(lambda: bool(page.model.row(0).revoked))
    assert not page.revoke_button.isEnabled()


def test_revoke_that_is_cancelled_leaves_the_token(stage: Stage) -> None:
    generate(stage).accept()
    page = stage.tokens_page()
    page.table.selectRow(0)
    page.revoke_button.click()
    stage.dialog(ConfirmDialog).reject()
    stage.settle()
    assert stage.services.tokens.all(stage.organization_id)[0].revoked is None


def test_rotation_shows_a_new_token_and_ends_the_old_one_later(stage: Stage) -> None:
    first = generate(stage)
    old = first.secret.line.text()
    first.accept()
    page = stage.tokens_page()
    page.table.selectRow(0)
    page.rotate_button.click()
    dialog = stage.dialog(RotateDialog)
    dialog.overlap.setCurrentText("1 hour")
    dialog.rotate_button.click()
    assert stage.dialog(IssuedDialog).secret.line.text() != old
    stage.until(lambda: len(page.model.rows) == 2)
    ends = {token.last_four: token.expires for token in page.model.rows}
    assert ends[old[-4:]] == "2026-11-23T16:42:10.000Z"


def test_refused_label_is_told_in_the_dialog(stage: Stage) -> None:
    stage.tokens_page()
    stage.window.actions_registry["tokens.generate"].trigger()
    dialog = stage.dialog(GenerateDialog)
    dialog.label.setText("tab\there")
    dialog.generate_button.click()
    stage.until(lambda: not dialog.error.isHidden())
    assert "printable" in dialog.error.text()
    dialog.reject()


def test_tokens_follow_the_chosen_organization(stage: Stage) -> None:
    generate(stage).accept()
    page = stage.tokens_page()
    stage.add_organization("Other")
    stage.until(lambda: not page.model.rows)
    assert page.stack.currentWidget() is page.empty


def record(**changes: Any) -> TokenRecord:
    made = TokenRecord(
        id=1,
        organization_id=1,
        organization="Acme",
        label="Okta",
        last_four="a1b2",
        created="2026-11-01T00:00:00.000Z",
        expires="2027-11-01T00:00:00.000Z",
        last_used="2026-11-23T15:00:00.000Z",
        last_used_from="52.21.14.87",
        revoked=None,
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Active"),
        ({"last_used": None}, "Never used"),
        ({"expires": "2026-11-30T00:00:00.000Z"}, "Expires soon"),
        ({"expires": "2026-11-20T00:00:00.000Z"}, "Expired"),
        ({"revoked": "2026-11-20T00:00:00.000Z"}, "Revoked"),
    ],
)
def test_state_has_a_word_and_an_icon(changes: dict[str, str | None], words: str) -> None:
    state = token_cells(record(**changes), NOW)[2]
    assert state.text == words
    assert state.icon


def test_every_state_of_the_store_has_a_look() -> None:
    lives = [timedelta(days=-1), timedelta(days=5), timedelta(days=100)]
    seen = set()
    for life in lives:
        for used in (None, "2026-11-23T15:00:00.000Z"):
            for revoked in (None, "2026-11-20T00:00:00.000Z"):
                expires = (NOW + life).isoformat().replace("+00:00", ".000Z")
                token = record(expires=expires, last_used=used, revoked=revoked)
                seen.add(token.state(NOW))
    assert seen == set(STATES)


def test_dialog_stays_until_the_token_that_is_being_made_can_be_shown(stage: Stage) -> None:
    stage.tokens_page()
    stage.window.actions_registry["tokens.generate"].trigger()
    dialog = stage.dialog(GenerateDialog)
    dialog.generate_button.click()
    dialog.reject()
    assert stage.dialog(IssuedDialog).secret.line.text().startswith("blinkscim_")
