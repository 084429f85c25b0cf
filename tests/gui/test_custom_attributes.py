import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.organizations.attribute_dialog import AttributeDialog
from gui.organizations.custom_attributes import CustomAttributesSection
from gui.organizations.dialogs import OrganizationDialog
from gui.widgets.dialog import ConfirmDialog
from server.blink.custom_attributes import CustomAttribute
from server.blink.identity import BLINK_SCHEMA
from storage.directory import UserDirectory
from tests.gui.stage import Stage
from tests.storage.factories import NOW, document, keys

BADGE = CustomAttribute("badgeName", "Name on the badge", "text")
CONTRACT = CustomAttribute("contract", "Contract", "choice", ("Permanent", "Agency"), "The kind")


def stored(stage: Stage) -> list[CustomAttribute]:
    return stage.services.custom_attributes.all(stage.organization_id)


def section(stage: Stage, *attributes: CustomAttribute) -> CustomAttributesSection:
    """Open the settings of an organization that has these attributes."""
    for attribute in attributes:
        stage.services.custom_attributes.add(stage.organization_id, attribute)
    stage.window.actions_registry["organization.settings"].trigger()
    found = stage.dialog(OrganizationDialog).findChild(CustomAttributesSection)
    assert found is not None
    stage.until(lambda: len(found.model.rows) == len(attributes))
    stage.settle()
    return found


def test_empty_section_offers_to_add(stage: Stage) -> None:
    shown = section(stage)
    assert shown.stack.currentWidget() is shown.empty
    assert shown.add_button.isHidden()
    assert shown.empty.button is not None
    shown.empty.button.click()
    dialog = stage.dialog(AttributeDialog)
    assert not dialog.save_button.isEnabled()
    assert dialog.error.isHidden()
    dialog.identifier.setText("startDate")
    dialog.label.setText("First day")
    dialog.kind.setCurrentText("Date")
    dialog.save_button.click()
    stage.until(lambda: shown.stack.currentWidget() is shown.table)
    assert stored(stage) == [CustomAttribute("startDate", "First day", "date")]
    assert shown.chosen == stored(stage)[0]


def test_a_new_organization_has_no_section_yet(stage: Stage) -> None:
    stage.window.actions_registry["organization.new"].trigger()
    assert stage.dialog(OrganizationDialog).findChild(CustomAttributesSection) is None


def test_a_choice_asks_for_its_choices(stage: Stage) -> None:
    shown = section(stage, BADGE)
    shown.add_button.click()
    dialog = stage.dialog(AttributeDialog)
    assert dialog.choices_field.isHidden()
    dialog.identifier.setText("contract")
    dialog.kind.setCurrentText("Single choice")
    assert not dialog.choices_field.isHidden()
    assert not dialog.save_button.isEnabled()
    dialog.choices.setPlainText("Permanent\n\n  Agency \n")
    dialog.save_button.click()
    stage.until(lambda: len(shown.model.rows) == 2)
    assert stored(stage)[1].choices == ("Permanent", "Agency")


@pytest.mark.parametrize(
    ("identifier", "words"), [("BADGENAME", "already"), ("location", "already"), ("1st", "letter")]
)
def test_a_mistake_is_told_while_it_is_typed(stage: Stage, identifier: str, words: str) -> None:
    section(stage, BADGE).add_button.click()
    dialog = stage.dialog(AttributeDialog)
    dialog.identifier.setText(identifier)
    assert words in dialog.error.text()
    assert not dialog.error.isHidden()
    assert not dialog.save_button.isEnabled()
    dialog.identifier.setText("shift")
    assert dialog.error.isHidden()
    assert dialog.save_button.isEnabled()


def test_a_refusal_of_the_store_is_told_in_the_dialog(stage: Stage) -> None:
    section(stage, BADGE).add_button.click()
    dialog = stage.dialog(AttributeDialog)
    dialog.identifier.setText("contract")
    stage.services.custom_attributes.add(stage.organization_id, CONTRACT)
    dialog.save_button.click()
    stage.until(lambda: not dialog.error.isHidden())
    assert "contract" in dialog.error.text()
    assert dialog.save_button.isEnabled()


def test_enter_on_a_row_changes_the_attribute_and_leaves_the_settings_open(stage: Stage) -> None:
    shown = section(stage, BADGE, CONTRACT)
    assert not shown.change_button.isEnabled()
    shown.table.selectRow(1)
    stage.qtbot.keyClick(shown.table, Qt.Key.Key_Return)
    dialog = stage.dialog(AttributeDialog)
    assert len([each for each in stage.dialogs() if isinstance(each, AttributeDialog)]) == 1
    assert dialog.identifier.isReadOnly()
    assert not dialog.kind.isEnabled()
    assert dialog.choices.toPlainText() == "Permanent\nAgency"
    dialog.label.setText("Employment")
    dialog.choices.setPlainText("Permanent\nFixed term")
    dialog.save_button.click()
    stage.until(lambda: shown.model.rows[1].label == "Employment")
    changed = CustomAttribute(
        "contract", "Employment", "choice", ("Permanent", "Fixed term"), "The kind"
    )
    assert stored(stage) == [BADGE, changed]
    assert isinstance(stage.dialog(OrganizationDialog), OrganizationDialog)


def test_removing_says_how_many_users_lose_a_value(stage: Stage) -> None:
    shown = section(stage, BADGE, CONTRACT)
    add_user(stage, "ann")
    shown.table.selectRow(0)
    shown.remove_button.click()
    question = stage.dialog(ConfirmDialog)
    assert "badgeName" in question.windowTitle()
    assert "1 user has a value" in words_of(question)
    question.yes_button.click()
    stage.until(lambda: len(shown.model.rows) == 1)
    assert stored(stage) == [CONTRACT]


def test_removing_can_be_declined(stage: Stage) -> None:
    shown = section(stage, BADGE)
    shown.table.selectRow(0)
    shown.remove_button.click()
    question = stage.dialog(ConfirmDialog)
    assert "No user has a value" in words_of(question)
    question.reject()
    assert stored(stage) == [BADGE]
    assert shown.remove_button.isEnabled()


def test_an_attribute_that_is_gone_already_is_told_in_the_section(stage: Stage) -> None:
    shown = section(stage, BADGE)
    shown.table.selectRow(0)
    stage.services.custom_attributes.remove(stage.organization_id, "badgeName")
    shown.remove_button.click()
    stage.until(lambda: not shown.error.isHidden())
    assert "badgeName" in shown.error.text()


def add_user(stage: Stage, name: str) -> None:
    directory = UserDirectory(stage.backstage.directory)
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User", BLINK_SCHEMA]
    body = document(name, schemas=schemas, **{BLINK_SCHEMA: {"badgeName": "Annie"}})
    with directory.write():
        directory.insert_user(stage.organization_id, name, body, keys(name), NOW)
    directory.commit()


def words_of(dialog: ConfirmDialog) -> str:
    return " ".join(shown.text() for shown in dialog.findChildren(QLabel))
