"""The Preflight page, and the step of the overview that it ticks."""

import csv
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from gui.jobs import THREADS
from gui.mappings.page import MappingsPage
from gui.overview.page import OverviewPage
from gui.people.page import PeoplePage
from gui.preflight.page import PreflightPage
from gui.preflight.reading import finding_rows
from gui.preflight.rows import FindingRow, finding_cells
from server.okta.mapping.findings import Finding, Report
from server.okta.mapping.rows import MappingRow, MappingSet, ValueKind
from server.okta.mapping.rules import Severity
from tests.gui.accessibility import unnamed
from tests.gui.stage import Stage


@pytest.fixture
def page(stage: Stage) -> PreflightPage:
    return stage.preflight_page()


@pytest.fixture
def files() -> Iterator[type[QFileDialog]]:
    """The system's file dialogs would not be ours to work: Qt's own are."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    yield QFileDialog
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


def run(stage: Stage, page: PreflightPage) -> None:
    stage.window.actions_registry["preflight.run"].trigger()
    stage.until(lambda: page._job is None)
    stage.settle()


def save_mappings(stage: Stage, mappings: MappingSet) -> None:
    store, organization_id = stage.okta.mappings, stage.organization_id
    stored = store.in_use(organization_id)
    if stored is None:
        default = stage.okta.default_mappings(organization_id)
        stored = store.create(organization_id, "Blink", default)
    store.save(stored.id, mappings)


def mappings(stage: Stage) -> MappingSet:
    return stage.okta.default_mappings(stage.organization_id)


def found(page: PreflightPage, rule: str) -> FindingRow:
    return next(row for row in page.model.rows if row.difference.finding.rule == rule)


def choose(stage: Stage, page: PreflightPage, rule: str) -> FindingRow:
    row = found(page, rule)
    page.table.selectRow(list(page.model.rows).index(row))
    stage.settle()
    return row


def test_page_invites_to_a_first_run(page: PreflightPage, stage: Stage) -> None:
    assert page.stack.currentWidget() is page.empty
    assert page.empty.button
    page.empty.button.click()
    stage.until(lambda: page.stack.currentWidget() is page.result)
    assert unnamed(stage.window) == []
    assert not page.stale.isVisible()
    run_kept = stage.okta.preflights.newest(stage.organization_id)
    assert run_kept is not None
    assert run_kept.mappings == "Okta's default"
    count = stage.okta.people.count(stage.organization_id)
    assert f"{count} people in" in page.header.words.text()


def test_findings_are_grouped_by_cause_with_counts(page: PreflightPage, stage: Stage) -> None:
    run(stage, page)
    severities = [row.difference.finding.severity for row in page.model.rows]
    assert severities == sorted(severities, key=list(Severity).index)
    shared = found(page, "mobile-shared")
    assert [cell.text for cell in finding_cells(shared)] == [
        "Error",
        shared.difference.finding.text,
        "Mobile phone",
        "2",
        "–",
    ]
    assert page.summary.figures["created"].text() == "40"
    errors = page.chips.chips["Error"]
    number = sum(severity is Severity.ERROR for severity in severities)
    assert errors.accessibleName() == f"Errors: {number}"
    errors.click()
    assert len(page.model.rows) == number
    page.chips.all.click()
    assert len(page.model.rows) == len(severities)


def test_finding_leads_to_its_people_and_its_mapping(page: PreflightPage, stage: Stage) -> None:
    run(stage, page)
    row = choose(stage, page, "mobile-shared")
    pane = page.pane
    assert pane.cure.text() == row.difference.finding.cure
    assert "Mobile phone (mobilePhone) is mapped from user.mobilePhone" in pane.mapping.text()
    listed = [person.name for _, person in pane.model.rows_there()]
    assert listed == ["Olga Petrova", "Omar Farouk"]
    pane.people.selectRow(1)
    pane.open_button.click()
    people = stage.window.page
    assert isinstance(people, PeoplePage)
    stage.until(lambda: people.pane.name.text() == "Omar Farouk")
    stage.window.show_page("preflight")
    pane.mapping_button.click()
    shown = stage.window.page
    assert isinstance(shown, MappingsPage)
    stage.until(lambda: shown.model.number_of("mobilePhone") == shown.table.currentIndex().row())


def test_run_is_compared_with_the_last_one(page: PreflightPage, stage: Stage) -> None:
    run(stage, page)
    kept, people = stage.okta.people, stage.okta.people.population(stage.organization_id).people
    olga = next(person for person in people if person.name == "Olga Petrova")
    kept.delete(stage.organization_id, [olga.id])
    changed = mappings(stage).mapped(MappingRow("locale", ValueKind.SAME, "not a locale"))
    save_mappings(stage, changed)
    page.reload()
    stage.settle()
    assert page.stale.isVisible()
    assert (
        page.stale_words.text()
        == "The mappings and the people changed since this run: run it again."
    )
    run(stage, page)
    assert not page.stale.isVisible()
    fixed = choose(stage, page, "mobile-shared")
    assert (fixed.look.word, fixed.change) == ("Fixed", "2 fixed")
    assert [person.name for _, person in page.pane.model.rows_there()] == ["", "Omar Farouk"]
    refused = choose(stage, page, "refused")
    assert refused.change.endswith(" new")
    assert any(person.new for _, person in page.pane.model.rows_there())
    page.chips.chips["Fixed"].click()
    assert {row.look.word for row in page.model.rows} == {"Fixed"}


def test_same_findings_are_said_to_be_the_same(page: PreflightPage, stage: Stage) -> None:
    run(stage, page)
    run(stage, page)
    assert {row.change for row in page.model.rows} == {"Same"}


def test_run_is_cancelled_and_keeps_nothing(page: PreflightPage, stage: Stage) -> None:
    go_on = threading.Event()
    for _ in range(THREADS):
        page.desk.jobs.run("", lambda _: go_on.wait(10), lambda _: None)
    stage.window.actions_registry["preflight.run"].trigger()
    assert not page.run_bar.isHidden()
    page.run_bar.cancel_button.click()
    assert page.run_bar.isHidden()
    go_on.set()
    stage.settle()
    assert "cancelled" in stage.window.toasts.text
    assert page.stack.currentWidget() is page.empty
    assert stage.okta.preflights.newest(stage.organization_id) is None


def test_end_of_a_run_is_told_on_other_pages(page: PreflightPage, stage: Stage) -> None:
    page.run()
    stage.window.show_page("tokens")
    stage.until(lambda: "would be refused" in stage.window.toasts.text)
    stage.window.toasts.button.click()
    assert stage.window.page is page


def test_report_is_exported_for_its_owner_alone(
    page: PreflightPage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    stage.window.actions_registry["preflight.export_csv"].trigger()
    assert "Run a preflight first" in stage.window.toasts.text
    run(stage, page)
    for kind in ("csv", "html"):
        stage.window.actions_registry[f"preflight.export_{kind}"].trigger()
        dialog = stage.dialog(files)
        assert dialog.selectedFiles()[0].endswith(f".{kind}")
        path = tmp_path / f"report.{kind}"
        dialog.fileSelected.emit(str(path))
        dialog.reject()
        stage.until(lambda path=path: stage.window.toasts.text == f"Saved to {path}")
        assert stage.window.toasts.button.isVisible()
        assert path.stat().st_mode & 0o777 == 0o600
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = sum(len(row.difference.finding.people) for row in page.model.rows)
    assert len(rows) == expected
    assert {"Olga Petrova", "Omar Farouk"} <= {row["name"] for row in rows}
    assert "Acme" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_each_organization_has_runs_of_its_own(page: PreflightPage, stage: Stage) -> None:
    run(stage, page)
    first = stage.organization_id
    stage.add_organization("Other")
    stage.until(lambda: page.stack.currentWidget() is page.empty)
    stage.window.session.choose(first)
    stage.until(lambda: page.stack.currentWidget() is page.result)


def test_without_an_organization_the_page_asks_for_one(bare_stage: Stage) -> None:
    bare_stage.open()
    page = bare_stage.preflight_page()
    bare_stage.until(lambda: page.stack.currentWidget() is page.no_organization)


def texts(page: OverviewPage) -> list[str]:
    return [each.text() for each in page.findChildren(QLabel) if not each.isHidden()]


def test_overview_ticks_the_mappings_from_the_preflight(page: PreflightPage, stage: Stage) -> None:
    def overview() -> OverviewPage:
        stage.window.show_page("overview")
        shown = stage.window.page
        assert isinstance(shown, OverviewPage)
        stage.settle()
        return shown

    stage.until(lambda: overview().progress.text() == "0 of 5 done")
    stage.window.show_page("preflight")
    run(stage, page)
    stage.until(lambda: overview().progress.text() == "1 of 5 done")
    failing = page.standing.report.failing if page.standing else 0
    assert f"{failing} would be refused" in texts(overview())
    save_mappings(stage, mappings(stage).unmapped("title"))
    stage.until(lambda: overview().progress.text() == "0 of 5 done")


def finding(rule: str, *people: str) -> Finding:
    return Finding(rule, Severity.ERROR, "title", "", "Text.", "Cure.", "user.x", "", people)


def test_people_who_are_new_to_a_finding_are_known() -> None:
    before = Report(3, 3, {}, (finding("a", "1", "2"), finding("b", "1")), 2)
    after = Report(3, 3, {}, (finding("a", "2", "3"),), 2)
    same, gone = finding_rows(after, before, {"title": "Title"})
    assert (same.change, same.new, same.title) == ("1 new, 1 fixed", {"3"}, "Title")
    assert (gone.look.word, gone.change) == ("Fixed", "1 fixed")
    (alone,) = finding_rows(after, None, {})
    assert (alone.change, alone.new) == ("–", frozenset())
