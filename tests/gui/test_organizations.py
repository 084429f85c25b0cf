from gui.organizations.dialogs import DeleteOrganizationDialog, OrganizationDialog
from gui.preferences.page import SettingsPage
from storage.call_search import Selection
from tests.gui.factories import call
from tests.gui.stage import Stage


def test_new_organization_is_chosen(stage: Stage) -> None:
    stage.window.actions_registry["organization.new"].trigger()
    dialog = stage.dialog(OrganizationDialog)
    assert not dialog.save_button.isEnabled()
    dialog.name.setText("Northwind Health")
    dialog.group_push.setChecked(True)
    dialog.save_button.click()
    stage.until(lambda: stage.organization_name == "Northwind Health")
    chosen = stage.window.session.organization
    assert chosen is not None
    assert chosen.organization.group_push
    assert not chosen.organization.active_by_default
    assert "Northwind Health" in stage.window.switcher.text()


def test_taken_name_is_told_in_the_dialog(stage: Stage) -> None:
    stage.window.actions_registry["organization.new"].trigger()
    dialog = stage.dialog(OrganizationDialog)
    dialog.name.setText("ACME")
    dialog.save_button.click()
    stage.until(lambda: not dialog.error.isHidden())
    assert "ACME" in dialog.error.text()
    assert dialog.save_button.isEnabled()
    dialog.reject()


def test_rename_and_switches_are_saved(stage: Stage) -> None:
    stage.window.actions_registry["organization.settings"].trigger()
    dialog = stage.dialog(OrganizationDialog)
    assert dialog.name.text() == "Acme"
    dialog.name.setText("Acme Ltd")
    dialog.active_by_default.setChecked(True)
    dialog.save_button.click()
    stage.until(lambda: stage.organization_name == "Acme Ltd")
    assert stage.services.organizations.all()[0].organization.active_by_default


def test_delete_wants_the_name_typed_and_takes_the_calls_along(stage: Stage) -> None:
    first = stage.organization_id
    stage.record(call(1, organization_id=first), call(2))
    stage.add_organization("Other")
    stage.window.session.choose(first)
    stage.window.actions_registry["organization.delete"].trigger()
    dialog = stage.dialog(DeleteOrganizationDialog)
    dialog.name.setText("acme")
    assert not dialog.delete_button.isEnabled()
    dialog.name.setText("Acme")
    dialog.delete_button.click()
    stage.until(lambda: stage.organization_name == "Other")
    assert stage.services.calls.count(Selection()) == 1


def test_last_organization_deleted_leaves_a_page_that_asks_for_one(stage: Stage) -> None:
    stage.services.organizations.delete(stage.organization_id)
    stage.window.session.reload()
    stage.until(lambda: stage.window.session.organization is None)
    page = stage.tokens_page()
    assert page.stack.currentWidget() is page.no_organization
    assert not stage.window.actions_registry["organization.delete"].isEnabled()


def test_chosen_organization_is_remembered(stage: Stage) -> None:
    from gui.settings import ORGANIZATION

    other = stage.add_organization("Other")
    assert stage.settings.get(ORGANIZATION) == other


def test_switcher_lists_every_organization(stage: Stage) -> None:
    stage.add_organization("Fish & Chips")
    menu = stage.window.switcher.menu()
    menu.aboutToShow.emit()
    words = [action.text() for action in menu.actions()]
    assert words[:2] == ["Acme", "Fish && Chips"]
    menu.actions()[0].trigger()
    assert stage.organization_name == "Acme"


def test_switches_on_the_settings_page_take_effect_at_once(stage: Stage) -> None:
    stage.window.show_page("settings")
    page = stage.window.page
    assert isinstance(page, SettingsPage)
    page.group_push.click()
    stage.until(lambda: stage.services.organizations.all()[0].organization.group_push)
