from PySide6.QtWidgets import QPushButton

from gui.live_log.page import LiveLogPage
from gui.overview.page import OverviewPage
from gui.tokens.dialogs import GenerateDialog
from tests.gui.factories import AT, call
from tests.gui.stage import Stage


def overview(stage: Stage) -> OverviewPage:
    stage.window.show_page("overview")
    page = stage.window.page
    assert isinstance(page, OverviewPage)
    stage.until(lambda: page.stack.currentWidget() is page.ready)
    return page


def button(page: OverviewPage, words: str) -> QPushButton:
    found = [
        each
        for each in page.findChildren(QPushButton)
        if each.accessibleName().startswith(words) and not each.isHidden()
    ]
    return found[-1]


def test_without_an_organization_the_page_asks_for_one(bare_stage: Stage) -> None:
    bare_stage.open()
    page = bare_stage.window.page
    assert isinstance(page, OverviewPage)
    bare_stage.until(lambda: page.stack.currentWidget() is page.empty)


def test_first_step_leads_to_the_token_dialog(stage: Stage) -> None:
    page = overview(stage)
    stage.until(lambda: page.progress.text() == "0 of 5 done")
    button(page, "Generate token").click()
    assert stage.dialog(GenerateDialog).isVisible()


def test_steps_and_figures_follow_the_traffic(stage: Stage) -> None:
    page = overview(stage)
    own = stage.organization_id
    stage.services.tokens.create(own, "Okta", None)
    stage.record(
        call(1, organization_id=own, method="GET", query="startIndex=1&count=2", status=200),
        call(2, organization_id=own, status=409),
    )
    stage.until(lambda: (page.calls.text(), page.progress.text()) == ("2", "2 of 5 done"))
    assert page.failures.text() == "1"


def test_calls_of_other_days_and_organizations_do_not_count(stage: Stage) -> None:
    page = overview(stage)
    own = stage.organization_id
    stage.record(call(1, organization_id=own, at=AT - 3 * 86_400_000_000), call(2))
    stage.record(call(3, organization_id=own))
    stage.until(lambda: page.calls.text() == "1")


def test_newest_failure_is_a_link_to_its_call(stage: Stage) -> None:
    page = overview(stage)
    stage.record(call(4, organization_id=stage.organization_id, status=400))
    stage.until(lambda: page.failures.text() == "1")
    button(page, "Open: Create user").click()
    page_of_log = stage.window.page
    assert isinstance(page_of_log, LiveLogPage)
    log = page_of_log.live
    stage.until(lambda: bool(log.detail.details))
    assert log.detail.details is not None
    assert log.detail.details.stored.call.subject == "user4@acme.example"
