"""The help of the diagnosis: every rule is in it, and a finding leads to its own."""

from PySide6.QtWidgets import QLabel, QPushButton

from gui.live_log.diagnosis_help import DiagnosisHelp
from server.calls.diagnosis import RULES
from tests.gui.accessibility import unnamed
from tests.gui.factories import call
from tests.gui.stage import Stage


def test_every_rule_has_its_paragraph(stage: Stage) -> None:
    stage.open()
    stage.window.actions_registry["help.diagnosis"].trigger()
    dialog = stage.dialog(DiagnosisHelp)
    assert dialog.shown == [rule.id for rule in RULES]
    said = {shown.text() for shown in dialog.findChildren(QLabel)}
    assert {rule.help for rule in RULES} <= said
    assert unnamed(dialog) == []


def test_search_narrows_the_help(stage: Stage) -> None:
    dialog = DiagnosisHelp(stage.theme, stage.window)
    dialog.open()
    dialog.search.setText("Bearer twice")
    stage.qtbot.waitUntil(lambda: dialog.shown == ["token-bearer-twice"])
    dialog.search.setText("no such word")
    stage.qtbot.waitUntil(lambda: dialog.shown == [])
    assert dialog.nothing.isVisible()
    dialog.accept()


def test_finding_leads_to_its_rule(stage: Stage) -> None:
    page = stage.log()
    stage.record(call(1, status=409))
    stage.until(lambda: page.model.rowCount() == 1)
    page.show_call(page.model.id_at(0))
    stage.until(lambda: page.detail.details is not None)
    assert page.detail.details is not None
    finding = page.detail.details.findings[0]
    buttons = page.detail.findChildren(QPushButton)
    next(button for button in buttons if button.text() == "More about this").click()
    dialog = stage.dialog(DiagnosisHelp)
    assert dialog.chosen is not None
    title = next(rule.title for rule in RULES if rule.id == finding.rule_id)
    assert dialog.chosen.accessibleName() == title
    stage.until(
        lambda: dialog.chosen is not None and dialog.chosen.visibleRegion().isEmpty() is False
    )
