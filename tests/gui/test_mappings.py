"""The Mappings page: what it shows, keeps, warns of, reads and writes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gui.mappings.expression_language import expression_language
from gui.mappings.mapping_dialog import MappingDialog
from gui.mappings.name_dialog import NameDialog
from gui.mappings.page import MappingsPage, ShowMapping
from gui.mappings.table import COLUMNS, row_cells
from gui.mappings.username_dialog import UsernameDialog
from gui.mappings.work import SaveState
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.dialog import ConfirmDialog
from server.blink.custom_attributes import CustomAttribute
from server.okta.mapping.rows import MappingRow, UsernameFormat, UsernameKind, ValueKind
from server.okta.people import BASE_SCHEMA
from storage.errors import StorageError
from storage.mappings import MappingStore
from tests.gui.accessibility import unnamed
from tests.gui.stage import Stage


@pytest.fixture
def page(stage: Stage) -> MappingsPage:
    return stage.mappings_page()


def variables(page: MappingsPage) -> list[str]:
    return [row.attribute.variable for row in page.model.rows]


def cells(page: MappingsPage, variable: str) -> list[str]:
    number = page.model.number_of(variable)
    assert number is not None
    return [cell.text for cell in row_cells(page.model.row(number))]


def edit(stage: Stage, page: MappingsPage, variable: str) -> MappingDialog:
    attribute = page.work.mappings.attribute(variable)
    assert attribute is not None
    page.editing.edit(attribute)
    return stage.dialog(MappingDialog)


def put(stage: Stage, page: MappingsPage, *rows: MappingRow) -> None:
    mappings = page.work.mappings
    for row in rows:
        mappings = mappings.mapped(row)
    page.work.put(mappings, "Changed")
    stage.settle()


def test_table_is_that_of_okta(stage: Stage, page: MappingsPage) -> None:
    titles = [column.title for column in COLUMNS[:4]]
    assert titles == ["Attribute", "Attribute type", "Value", "Apply on"]
    assert cells(page, "userName")[:4] == [
        "Username",
        "Personal",
        "Configured in Sign On settings",
        "",
    ]
    listed = variables(page)
    assert listed[:3] == ["userName", "givenName", "familyName"]
    assert "middleName" not in listed
    assert page.unmapped_button.text().startswith("Show unmapped attributes")
    stage.window.actions_registry["mappings.unmapped"].trigger()
    assert variables(page)[: len(listed)] == listed
    assert cells(page, "middleName")[2] == "Not mapped"
    assert page.unmapped_button.text() == "Hide unmapped attributes"


def test_values_of_a_person_are_green_null_red_or_blank(stage: Stage, page: MappingsPage) -> None:
    put(
        stage,
        page,
        MappingRow("title", ValueKind.EXPRESSION, "user.jobTitle"),
        MappingRow("locale", ValueKind.PROFILE, "nickName"),
    )
    stage.window.show_page("mappings", "unmapped")
    ann = stage.services.okta().people.page(stage.organization_id, "tom baker").people[0]
    page.choose_person(ann)
    stage.settle()
    rows = {row.attribute.variable: row_cells(row)[4] for row in page.model.rows}
    assert (rows["givenName"].text, rows["givenName"].icon) == ('"Tom"', "check-circle")
    assert (rows["locale"].text, rows["locale"].icon) == ("null", "check-circle")
    wrong = "Invalid property jobTitle in expression user.jobTitle"
    assert rows["title"].text.startswith(wrong)
    assert (rows["title"].icon, rows["title"].color) == ("x-circle", "danger")
    assert (rows["middleName"].text, rows["middleName"].icon) == ("", "")
    head = page.model.headerData(4, Qt.Orientation.Horizontal)
    assert head == "Value for Tom Baker"
    assert page.outcome.heading.text() == "Okta would send nothing"
    assert wrong in page.outcome.words.text()


def test_required_attribute_that_is_unmapped_is_warned_of(stage: Stage, page: MappingsPage) -> None:
    assert page.required.isHidden()
    page.work.set_username(UsernameFormat(UsernameKind.NONE))
    stage.settle()
    assert not page.required.isHidden()
    assert "userName is required and not mapped" in page.required_words.text()


def test_warning_leads_to_its_row(stage: Stage, page: MappingsPage) -> None:
    assert page.warnings.button.text().strip() == "No warnings"
    put(stage, page, MappingRow("managerValue", ValueKind.PROFILE, "manager"))
    stage.window.actions_registry["mappings.warnings"].trigger()
    assert page.warnings.button.text().strip() == "1 warning"
    page.warnings.row_asked.emit("managerValue")
    chosen = page.table.chosen()
    assert chosen is not None
    assert chosen.attribute.variable == "managerValue"
    assert chosen.warned
    stage.window.show_page("mappings", ShowMapping("middleName"))
    chosen = page.table.chosen()
    assert chosen is not None
    assert chosen.attribute.variable == "middleName"


def test_wrong_expression_is_underlined_and_a_right_one_remembered(
    stage: Stage, page: MappingsPage
) -> None:
    dialog = edit(stage, page, "locale")
    line = dialog.values.expression.line
    dialog.values.fill(ValueKind.EXPRESSION, 'String.replace(user.local, "_", "-")')
    stage.settle()
    assert line.problem is not None
    assert (line.problem.position, line.problem.length) == (20, 5)
    box = dialog.preview.box
    assert (box.tone, box.hint.text()) == ("danger", "Did you mean user.locale?")
    told = 'Invalid property local in expression String.replace(user.local, "_", "-")'
    assert box.text.text() == told
    dialog.save_button.click()
    assert dialog.isVisible()
    assert "correct what is marked in red" in dialog.error.text()
    assert page.work.stored is None
    dialog.values.fill(ValueKind.EXPRESSION, "user.displayName")
    stage.settle()
    assert (box.tone, box.text.text(), line.problem) == ("success", '"Ann Lee"', None)
    dialog.values.fill(ValueKind.EXPRESSION, " ")
    dialog.save_button.click()
    assert "unmap it" in dialog.error.text()
    dialog.values.fill(ValueKind.EXPRESSION, "user.displayName")
    dialog.save_button.click()
    stage.settle()
    dialog = edit(stage, page, "title")
    assert dialog.values.expression.line.history == ["user.displayName"]


def test_functions_are_found_and_inserted(stage: Stage, page: MappingsPage) -> None:
    dialog = edit(stage, page, "locale")
    field = dialog.values.expression
    field.functions_button.click()
    assert not field.functions.isHidden()
    field.functions.search.setText("capitals")
    chosen = field.functions.chosen()
    assert chosen is not None
    assert chosen.name == "String.toUpperCase"
    assert field.functions.signature.text() == chosen.signature
    dialog.values.fill(ValueKind.EXPRESSION, "")
    field.functions.insert_button.click()
    assert field.text() == "String.toUpperCase("


def test_language_proposes_attributes_and_says_whose_turn_it_is() -> None:
    language = expression_language(BASE_SCHEMA)
    labels = [found.label for found in language.complete("user.mobi", 9)]
    assert labels == ["mobilePhone"]
    signature = language.signature('String.replace(user.locale, "_"', 30)
    assert signature is not None
    assert signature.text[signature.start : signature.end] == "match"
    colors = [span.color for span in language.tokens('String.len("a") > 1 AND !true')]
    assert colors == [
        "json_name",
        "muted",
        "json_name",
        "muted",
        "json_text",
        "muted",
        "muted",
        "json_number",
        "json_word",
        "muted",
        "json_word",
    ]


def test_attribute_with_listed_values_offers_a_menu(stage: Stage) -> None:
    attribute = CustomAttribute("contract", "Contract", "choice", ("Permanent", "Agency"))
    stage.services.custom_attributes.add(stage.organization_id, attribute)
    page = stage.mappings_page()
    dialog = edit(stage, page, "contract")
    dialog.kind.setCurrentIndex(0)
    menu = dialog.values.same
    assert isinstance(menu, ChoiceBox)
    assert [menu.itemText(n) for n in range(menu.count())] == ["Permanent", "Agency"]
    menu.setCurrentIndex(1)
    dialog.save_button.click()
    stage.settle()
    assert page.work.mappings.by_variable["contract"].text == "Agency"
    assert stage.services.okta().mappings.in_use(stage.organization_id) == page.work.stored


def test_username_is_made_by_a_format(stage: Stage, page: MappingsPage) -> None:
    page.table.edit_asked.emit(0)
    dialog = stage.dialog(UsernameDialog)
    dialog.format.setCurrentText("Email prefix")
    stage.settle()
    assert dialog.preview.box.text.text() == '"ann.lee"'
    dialog.format.setCurrentText("Custom")
    dialog.save_button.click()
    assert "Write an expression" in dialog.error.text()
    dialog.expression.set_text('user.firstName + "@acme.example"')
    dialog.apply_on.on_create.click()
    dialog.save_button.click()
    stage.settle()
    assert page.work.mappings.username.expression == 'user.firstName + "@acme.example"'
    assert cells(page, "userName")[4] == '"Ann@acme.example"'


def test_numbers_fit_text_when_that_is_switched_on(stage: Stage, page: MappingsPage) -> None:
    put(stage, page, MappingRow("title", ValueKind.EXPRESSION, "1 + 1"))
    assert "Invalid value data type" in " ".join(cells(page, "title"))
    stage.window.actions_registry["mappings.numbers"].trigger()
    stage.settle()
    assert '"2"' in cells(page, "title")
    assert page.save_bar.undo_button.toolTip().startswith("Undo: Numbers fit text")
    page.save_bar.menu_button.menu().aboutToShow.emit()
    assert stage.window.actions_registry["mappings.numbers"].isChecked()
    stage.window.actions_registry["mappings.undo"].trigger()
    stage.settle()
    assert '"2"' not in cells(page, "title")


def test_changes_are_undone_and_redone_across_sessions(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    first = Stage(tmp_path, qapp, qtbot)
    first.open()
    first.add_organization("Acme")
    page = first.mappings_page()
    page.work.unmap("title", "Title")
    put(first, page, MappingRow("locale", ValueKind.SAME, "en-GB"))
    assert page.save_bar.undo_button.isEnabled()
    first.close()
    second = Stage(tmp_path, qapp, qtbot)
    second.open()
    page = second.mappings_page()
    actions = second.window.actions_registry
    assert "Undo: Changed" in page.save_bar.undo_button.toolTip()
    actions["mappings.undo"].trigger()
    actions["mappings.undo"].trigger()
    second.settle()
    assert "title" in page.work.mappings.by_variable
    assert not page.save_bar.undo_button.isEnabled()
    actions["mappings.redo"].trigger()
    second.settle()
    assert "title" not in page.work.mappings.by_variable
    assert page.save_bar.redo_button.isEnabled()
    # From another page, the first press shows what the second one would undo.
    second.tokens_page()
    actions["mappings.undo"].trigger()
    second.settle()
    assert "title" not in page.work.mappings.by_variable
    assert "again to undo: Unmapped Title" in second.window.toasts.text
    second.close()


def test_change_that_cannot_be_saved_says_so_and_can_be_tried_again(
    stage: Stage, page: MappingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("The disk is full: make room and try again.")

    with monkeypatch.context() as patched:
        patched.setattr(MappingStore, "save", fail)
        put(stage, page, MappingRow("locale", ValueKind.SAME, "en-GB"))
        assert page.work.state is SaveState.FAILED
        assert page.save_bar.state.text() == "Not saved"
        assert stage.window.toasts.text.startswith("The disk is full")
    page.save_bar.retry_button.click()
    stage.settle()
    assert page.save_bar.state.text() == "Saved"
    stored = stage.services.okta().mappings.in_use(stage.organization_id)
    assert stored is not None
    assert stored.mappings.by_variable["locale"].text == "en-GB"


def test_sets_are_copied_renamed_switched_reset_and_deleted(
    stage: Stage, page: MappingsPage
) -> None:
    actions = stage.window.actions_registry
    actions["mappings.duplicate"].trigger()
    dialog = stage.dialog(NameDialog)
    dialog.name.setText("blink")
    assert not dialog.save_button.isEnabled()
    dialog.name.setText("Nurses")
    dialog.save_button.click()
    stage.settle()
    assert [each.name for each in page.work.sets] == ["Blink", "Nurses"]
    assert page.editing.name == "Nurses"
    page.work.unmap("title", "Title")
    actions["mappings.rename"].trigger()
    dialog = stage.dialog(NameDialog)
    dialog.name.setText("Ward staff")
    dialog.save_button.click()
    stage.settle()
    assert page.save_bar.menu_button.accessibleName() == "Mappings: Ward staff"
    page.work.use(page.work.sets[0].id)
    stage.settle()
    assert "title" in page.work.mappings.by_variable
    page.work.use(page.work.sets[1].id)
    stage.settle()
    actions["mappings.reset"].trigger()
    stage.dialog(ConfirmDialog).yes_button.click()
    stage.settle()
    assert "title" in page.work.mappings.by_variable
    actions["mappings.delete"].trigger()
    stage.dialog(ConfirmDialog).yes_button.click()
    stage.settle()
    assert [each.name for each in page.work.sets] == ["Blink"]
    assert page.editing.name == "Blink"


@pytest.fixture
def files() -> Iterator[type[QFileDialog]]:
    """The system's file dialogs would not be ours to work: Qt's own are."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    yield QFileDialog
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


def choose(stage: Stage, dialogs: type[QFileDialog], path: Path) -> None:
    dialog = stage.dialog(dialogs)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    stage.settle()


def test_files_are_exported_and_imported_in_both_forms(
    stage: Stage, page: MappingsPage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    actions = stage.window.actions_registry
    put(stage, page, MappingRow("locale", ValueKind.SAME, "en-GB"))
    ours, api = tmp_path / "ours.json", tmp_path / "api.json"
    changed = page.work.mappings
    actions["mappings.export"].trigger()
    choose(stage, files, ours)
    assert ours.stat().st_mode & 0o777 == 0o600
    actions["mappings.export_api"].trigger()
    choose(stage, files, api)
    exported = json.loads(api.read_bytes())["properties"]
    assert exported["locale"] == {"expression": '"en-GB"', "pushStatus": "PUSH"}
    for path in (ours, api):
        page.work.undo()
        stage.settle()
        assert page.work.mappings != changed
        actions["mappings.import"].trigger()
        choose(stage, files, path)
        assert page.work.mappings == changed
        assert f"{path.name} was imported" in stage.window.toasts.text


def test_file_that_is_none_is_refused_in_a_sentence(
    stage: Stage, page: MappingsPage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    path = tmp_path / "nowhere.json"
    for content, told in (
        (None, "nowhere.json cannot be read"),
        (b"locale,en-GB", "The file is not JSON"),
        (b"{}", "The file holds no mappings"),
        (b'{"properties": {"shoeSize": null}}', 'The app profile has no attribute "shoeSize"'),
    ):
        if content is not None:
            path.write_bytes(content)
        stage.window.actions_registry["mappings.import"].trigger()
        choose(stage, files, path)
        assert stage.window.toasts.text.startswith(told)
        assert page.work.stored is None


def test_steps_for_okta_are_copied(stage: Stage, page: MappingsPage) -> None:
    stage.window.actions_registry["mappings.steps"].trigger()
    assert stage.window.toasts.text == "Choose a row of the table first."
    page.show_row("givenName")
    stage.window.actions_registry["mappings.steps"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert "Click the pencil icon against Given name (givenName)" in copied


def test_grid_compares_people(stage: Stage, page: MappingsPage) -> None:
    stage.window.actions_registry["mappings.grid"].trigger()
    stage.settle()
    grid = page.grid
    assert [each.person.name for each in grid.trials.trials][:2] == ["Ann Lee", "Ruth Adeyemi"]
    assert grid.model.cell(0, 1).text == "Created"
    assert grid.model.cell(2, 2).text == '"Ruth"'
    ken = stage.services.okta().people.page(stage.organization_id, "ken field").people[0]
    grid.add_field.choose(ken.id)
    stage.settle()
    assert grid.model.headerData(6, Qt.Orientation.Horizontal) == "Ken Field"
    grid.remove(ken.id)
    put(stage, page, MappingRow("title", ValueKind.EXPRESSION, "user.jobTitle"))
    assert grid.model.columnCount() == 6
    assert grid.words.text() == "5 of 5 would not arrive at Blink."
    grid.edit_asked.emit("title")
    assert stage.dialog(MappingDialog).windowTitle() == "Blink - Title"


def test_another_organization_has_its_own_mappings(stage: Stage, page: MappingsPage) -> None:
    page.work.unmap("title", "Title")
    stage.settle()
    acme = stage.organization_id
    stage.add_organization("Other")
    stage.until(lambda: page.work.organization_id == stage.organization_id)
    stage.settle()
    assert "title" in page.work.mappings.by_variable
    assert page.header.words.text().endswith("for Other")
    stage.window.session.choose(acme)
    stage.until(lambda: page.work.organization_id == acme)
    stage.settle()
    assert "title" not in page.work.mappings.by_variable
    assert page.trial is not None


def test_enter_edits_and_delete_unmaps_the_chosen_row(stage: Stage, page: MappingsPage) -> None:
    page.show_row("title")
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    stage.dialog(ConfirmDialog).reject()
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    dialog = stage.dialog(MappingDialog)
    assert dialog.windowTitle() == "Blink - Title"
    assert unnamed(dialog) == []
    dialog.reject()
    page.editing.edit_username()
    assert unnamed(stage.dialog(UsernameDialog)) == []
