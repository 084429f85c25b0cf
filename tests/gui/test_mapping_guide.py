"""The set-up guide's step 4, in its own order, and what the server then does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gui.connection.control import Phase
from gui.mappings.mapping_dialog import MappingDialog
from gui.mappings.page import MappingsPage
from gui.mappings.table import EDIT, UNMAP
from gui.mappings.trial import Trial
from gui.widgets.dialog import ConfirmDialog
from main import open_services
from server.okta.mapping.rows import ApplyOn, MappingRow, ValueKind
from tests.gui.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    """The window as it is shipped, its server included, with one organization."""
    path = tmp_path / "desk.db"
    stage = Stage(tmp_path, qapp, qtbot, lambda stored: open_services(path, stored))
    stage.open()
    stage.add_organization("Acme")
    yield stage
    stage.close()


class Hand:
    """Works the page as a person does: by mouse and keyboard."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.page: MappingsPage = stage.mappings_page()

    def click(self, variable: str, column: int) -> None:
        number = self.page.model.number_of(variable)
        assert number is not None
        table = self.page.table
        index = self.page.model.index(number, column)
        table.scrollTo(index)
        place = table.visualRect(index).center()
        left = Qt.MouseButton.LeftButton
        self.stage.qtbot.mouseClick(table.viewport(), left, pos=place)

    def edit(self, variable: str) -> MappingDialog:
        self.click(variable, EDIT)
        return self.stage.dialog(MappingDialog)

    def save(self, dialog: MappingDialog) -> None:
        self.stage.qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
        self.stage.settle()
        assert not self.stage.dialogs()

    def type_name(self, dialog: MappingDialog, text: str) -> None:
        field = dialog.person.chooser.field
        with self.stage.qtbot.waitActive(dialog):
            dialog.activateWindow()
        field.setFocus()
        field.selectAll()
        self.stage.qtbot.keyClicks(field, text)
        self.stage.qtbot.keyClick(field, Qt.Key.Key_Return)
        self.stage.settle()

    def shown(self, variable: str) -> list[str]:
        """Return the texts of a row."""
        number = self.page.model.number_of(variable)
        assert number is not None
        row = range(self.page.model.columnCount())
        return [self.page.model.index(number, place).data() for place in row]

    def saved(self) -> dict[str, MappingRow]:
        stored = self.stage.services.okta().mappings.in_use(self.stage.organization_id)
        assert stored is not None
        return dict(stored.mappings.by_variable)


def test_step_4_of_the_guide_in_its_own_order(stage: Stage) -> None:
    hand = Hand(stage)
    # 2. The Value column shows which Okta value is mapped at the moment.
    assert hand.shown("company")[:4] == [
        "Company",
        "Personal",
        "user.organization",
        "Create and update",
    ]
    # 4. The pencil; 4.1.1 the same value for all users.
    dialog = hand.edit("company")
    assert dialog.windowTitle() == "Blink - Company"
    choices = [dialog.kind.itemText(n) for n in range(dialog.kind.count())]
    assert choices == ["Same value for all users", "Map from Okta Profile", "Expression"]
    dialog.kind.setCurrentIndex(0)
    same = dialog.values.same
    assert isinstance(same, QLineEdit)
    stage.qtbot.keyClicks(same, "Acme Ltd")
    stage.settle()
    assert dialog.preview.box.text.text() == '"Acme Ltd"'
    hand.save(dialog)
    assert hand.shown("company")[2] == "Acme Ltd"
    # 4.1.2 Map from Okta Profile, found by a part of its name.
    dialog = hand.edit("company")
    assert dialog.kind.currentText() == "Same value for all users"
    dialog.kind.setCurrentIndex(1)
    dialog.values.profile.setFocus()
    dialog.values.profile.setCurrentText("")
    stage.qtbot.keyClicks(dialog.values.profile, "divis")
    completer = dialog.values.profile.completer()
    assert completer.currentCompletion() == "division | string"
    dialog.values.profile.setCurrentText(completer.currentCompletion())
    hand.save(dialog)
    assert hand.saved()["company"].text == "division"
    # 4.1.3 Expression.
    dialog = hand.edit("company")
    dialog.kind.setCurrentIndex(2)
    stage.qtbot.keyClicks(dialog.values.expression.line.editor, 'user.department + " at Acme"')
    # 4.2 Apply on.
    assert dialog.apply_on.chosen() is ApplyOn.CREATE_AND_UPDATE
    dialog.apply_on.on_create.click()
    # 4.3 The preview of one of the users, in the green section.
    hand.type_name(dialog, "ruth ad")
    assert dialog.person.chooser.field.text() == "Ruth Adeyemi"
    assert dialog.preview.box.tone == "success"
    assert dialog.preview.box.text.text() == '"Board at Acme"'
    hand.save(dialog)
    expression = 'user.department + " at Acme"'
    row = MappingRow("company", ValueKind.EXPRESSION, expression, ApplyOn.CREATE)
    assert hand.saved()["company"] == row
    assert hand.shown("company")[2:4] == [expression, "Create"]
    dialog = hand.edit("company")
    assert dialog.drafted() == row
    dialog.apply_on.on_update.click()
    hand.save(dialog)
    assert hand.saved()["company"].apply_on is ApplyOn.CREATE_AND_UPDATE
    # 5. The cross, and OK on the following screen.
    hand.click("company", UNMAP)
    confirmation = stage.dialog(ConfirmDialog)
    assert confirmation.yes_button.text() == "OK"
    confirmation.yes_button.click()
    stage.settle()
    # 5.1 The attribute shows as Not mapped.
    assert hand.shown("company")[2:5] == ["Not mapped", "", ""]
    assert "company" not in hand.saved()
    # 5.2 To map it again, the pencil.
    dialog = hand.edit("company")
    assert dialog.kind.currentText() == "Map from Okta Profile"
    dialog.values.profile.setCurrentText("organization | string")
    hand.save(dialog)
    assert hand.saved()["company"] == MappingRow("company", ValueKind.PROFILE, "organization")


def at(user: dict[str, Any], path: str) -> Any:
    """Return the value at the path of a change."""
    value: Any = user
    urn = next((key for key in user if key.startswith("urn:") and path.startswith(key)), "")
    if urn:
        value, path = user[urn], path.removeprefix(urn).lstrip(":")
    for name in path.split("."):
        value = value[name]
    return value


def leaves(value: dict[str, Any]) -> int:
    return sum(leaves(v) if isinstance(v, dict) else 1 for v in value.values())


def tried(page: MappingsPage) -> Trial:
    assert page.trial is not None
    return page.trial


def test_preview_is_what_the_server_does_with_the_same_body(stage: Stage) -> None:
    hand = Hand(stage)
    page = hand.page
    services = stage.services
    token = services.tokens.create(stage.organization_id, "Okta", None).text
    stage.window.server.start()
    stage.until(lambda: stage.window.server.state.phase is Phase.RUNNING)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    base = stage.window.server.state.url
    with httpx.Client(base_url=base, headers=headers, trust_env=False) as okta:
        created = okta.post("/Users", content=tried(page).create)
        assert created.status_code == 201
        user = created.json()
        changes = tried(page).changes
        assert all(at(user, change.path) == change.after for change in changes)
        for name in ("id", "meta", "schemas"):
            user.pop(name)
        assert leaves(user) == len(changes)

        page.reload()
        stage.settle()
        assert tried(page).outcome.short == "Unchanged"
        dialog = hand.edit("title")
        dialog.kind.setCurrentIndex(0)
        stage.qtbot.keyClicks(dialog.values.same, "Matron")
        hand.save(dialog)
        assert [(c.path, c.after) for c in tried(page).changes] == [("title", "Matron")]
        updated = okta.put(f"/Users/{created.json()['id']}", content=tried(page).update)
        assert updated.json()["title"] == "Matron"

        people = services.okta().people
        (same_email, other) = people.page(stage.organization_id, "alex green").people
        page.choose_person(same_email)
        stage.settle()
        assert okta.post("/Users", content=tried(page).create).status_code == 201
        page.choose_person(other)
        stage.settle()
        refused = okta.post("/Users", content=tried(page).create)
        assert refused.status_code == 409
        assert tried(page).outcome.text == refused.json()["detail"]
        assert page.outcome.heading.text() == "Blink would refuse: 409 uniqueness"
