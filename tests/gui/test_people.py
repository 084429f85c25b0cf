"""The People page: what it lists, changes, and takes in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from gui.people.add_dialog import AddDialog
from gui.people.csv_dialog import CsvDialog
from gui.people.groups_dialog import GroupsDialog
from gui.people.json_dialog import JsonDialog
from gui.people.manager_dialog import ManagerDialog
from gui.people.page import PeoplePage, ShowPerson
from gui.people.result_dialog import ResultDialog
from gui.people.tenant_dialog import TenantDialog
from gui.settings import TENANT_DOMAIN
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.dialog import ConfirmDialog
from gui.widgets.paged_model import KEPT_PAGES, PAGE
from server.okta.people import BASE_SCHEMA, Person, Reading, made_id
from server.okta.tenant import TenantError
from storage.people import PeopleStore
from storage.secrets import KeyringUnavailable, Secrets
from tests.gui.accessibility import unnamed
from tests.gui.stage import Stage

TOKEN = "00aSecretTokenOfTheTenant-123456789012345"


@pytest.fixture
def page(stage: Stage) -> PeoplePage:
    return stage.people_page()


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


def people(stage: Stage) -> PeopleStore:
    return stage.okta.people


def person(number: int, **profile: Any) -> Person:
    login = f"user{number:06}@acme.example"
    named = {"login": login, "email": login, "firstName": "User", "lastName": f"{number:06}"}
    return Person(made_id(login), named | profile)


def take_in(stage: Stage, *persons: Person) -> None:
    reading = Reading(BASE_SCHEMA, iter(persons), len(persons))
    people(stage).import_people(stage.organization_id, reading, replace_all=True)
    stage.people_page()


def named(page: PeoplePage) -> list[str]:
    return [each.name for _number, each in page.model.rows_there()]


def sample(page: PeoplePage, login: str) -> Person:
    return next(p for _, p in page.model.rows_there() if p.login.startswith(f"{login}@"))


def show(stage: Stage, page: PeoplePage, login: str = "ann.lee") -> Person:
    shown = sample(page, login)
    stage.window.show_page("people", ShowPerson(shown.id))
    stage.until(lambda: bool(page.pane.person and page.pane.person.id == shown.id))
    stage.settle()
    return shown


def kept(stage: Stage, person_id: str) -> Person:
    stage.settle()
    found = people(stage).get(stage.organization_id, person_id)
    assert found is not None
    return found


def edit(stage: Stage, page: PeoplePage, name: str, text: str) -> QLineEdit:
    page.pane.profile.choose(name)
    page.pane.profile.edit()
    line = page.pane.profile.table.viewport().findChildren(QLineEdit)[-1]
    line.selectAll()
    stage.qtbot.keyClicks(line, text)
    return line


def submit(stage: Stage, line: QLineEdit) -> None:
    stage.qtbot.keyClick(line, Qt.Key.Key_Return)
    stage.qtbot.wait(1)
    stage.settle()


def value_cell(page: PeoplePage, name: str) -> str:
    model = page.pane.profile.model
    number = next(n for n, row in enumerate(model.rows) if row.attribute.name == name)
    return model.cell(model.index(number, 2)).text


def test_samples_are_listed_and_said_to_be_samples(page: PeoplePage, stage: Stage) -> None:
    assert page.model.total == people(stage).count(stage.organization_id) > 20
    assert page.count.text() == f"{page.model.total} people"
    assert "shipped samples" in page.header.words.text()
    assert {p.origin for _, p in page.model.rows_there()} == {"Sample"}


def test_every_word_that_is_typed_narrows_the_list(page: PeoplePage, stage: Stage) -> None:
    stage.qtbot.keyClicks(page.search, "obrien sean")
    page.search.returnPressed.emit()
    stage.until(lambda: not page.model.busy and page.model.total < 5)
    assert "Seán O'Brien" in named(page)
    page.search.setText("nobody at all")
    stage.until(lambda: page.stack.currentWidget() is page.no_match)
    assert page.no_match.button
    page.no_match.button.click()
    stage.until(lambda: page.stack.currentWidget() is page.table and page.model.total > 20)


def test_long_list_holds_pages_and_not_people(stage: Stage) -> None:
    many = [person(number) for number in range(PAGE * (KEPT_PAGES + 4))]
    page = stage.people_page()
    take_in(stage, *many)
    stage.until(lambda: page.model.total == len(many))
    for number in range(0, len(many), PAGE):
        page.table.scrollTo(page.model.index(number, 0))
        page.model.data(page.model.index(number, 0))
        stage.until(lambda number=number: page.model.row(number) is not None)
    assert sum(1 for _ in page.model.rows_there()) <= KEPT_PAGES * PAGE
    page.table.scrollToBottom()
    stage.until(lambda: page.model.row(len(many) - 1) == many[-1])


def test_row_shows_dots_until_it_is_read(stage: Stage) -> None:
    take_in(stage, *(person(number) for number in range(3 * PAGE)))
    page = stage.people_page()
    last = page.model.index(3 * PAGE - 1, 0)
    assert last.data() == "…"
    stage.until(lambda: bool(last.data() == "User 000383"))


def test_person_opens_beside_the_list(page: PeoplePage, stage: Stage) -> None:
    row = named(page).index("Seán O'Brien")
    page.table.selectRow(row)
    stage.until(lambda: not page.pane.isHidden() and page.pane.person is not None)
    assert page.pane.name.text() == "Seán O'Brien"
    assert json.loads(page.pane.json.whole_text())["profile"]["lastName"] == "O'Brien"
    stage.qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert page.pane.isHidden()


def test_three_states_of_a_value_are_told_apart(page: PeoplePage, stage: Stage) -> None:
    show(stage, page, "nora.quinn")
    assert value_cell(page, "firstName") == "Nora"
    assert value_cell(page, "title") == "Cleared"
    assert value_cell(page, "honorificPrefix") == "Never set"
    listed = [row.attribute.name for row in page.pane.profile.model.rows]
    assert listed == [each.name for each in people(stage).schema(stage.organization_id).attributes]


def test_value_is_edited_where_it_stands(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    submit(stage, edit(stage, page, "title", "Ward sister"))
    assert kept(stage, shown.id).profile["title"] == "Ward sister"
    assert value_cell(page, "title") == "Ward sister"
    assert people(stage).has_own(stage.organization_id)
    stage.until(lambda: "42 people of Acme" in page.header.words.text())


def test_value_that_does_not_fit_keeps_the_editor_open(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    line = edit(stage, page, "firstName", "x" * 51)
    assert "Okta takes at most 50" in page.pane.profile.problem.text()
    submit(stage, line)
    assert line.isVisible()
    assert kept(stage, shown.id).profile["firstName"] == "Ann"
    stage.qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert page.pane.profile.problem.isHidden()
    line = edit(stage, page, "leaveDays", "many")
    assert "not of the type integer" in page.pane.profile.problem.text()
    line.setText("30")
    submit(stage, line)
    assert kept(stage, shown.id).profile["leaveDays"] == 30


def test_values_of_every_type_are_typed(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page, "tom.baker")
    for name, text, value in (
        ("skills", "triage; wounds", ["triage", "wounds"]),
        ("skills", '["a;b", "c"]', ["a;b", "c"]),
        ("badgeNumbers", "7;8", [7, 8]),
        ("shiftHours", "37.5", 37.5),
    ):
        submit(stage, edit(stage, page, name, text))
        assert kept(stage, shown.id).profile[name] == value


def test_flag_is_chosen_of_two(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    page.pane.profile.choose("onCall")
    page.pane.profile.edit()
    box = page.pane.profile.table.viewport().findChildren(ChoiceBox)[-1]
    assert box.currentText() == "true"
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert kept(stage, shown.id).profile["onCall"] is False
    page.pane.profile.unset_button.click()
    page.pane.profile.edit()
    box = page.pane.profile.table.viewport().findChildren(ChoiceBox)[-1]
    assert box.currentIndex() == -1


def test_value_is_cleared_or_never_set(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    page.pane.profile.choose("title")
    page.pane.profile.table.setFocus()
    stage.qtbot.keyClick(page.pane.profile.table, Qt.Key.Key_Delete)
    assert kept(stage, shown.id).profile["title"] == ""
    assert value_cell(page, "title") == "Cleared"
    page.pane.profile.unset_button.click()
    assert "title" not in kept(stage, shown.id).profile
    page.pane.profile.choose("skills")
    page.pane.profile.clear_button.click()
    assert kept(stage, shown.id).profile["skills"] == []
    page.pane.profile.choose("login")
    page.pane.profile.clear_button.click()
    assert "login is missing" in page.pane.profile.problem.text()
    assert kept(stage, shown.id).login == shown.login


def test_changes_in_a_row_are_all_kept(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    for name in ("title", "department", "city", "division"):
        page.pane.profile.choose(name)
        page.pane.profile.clear_button.click()
    page.close_person()
    profile = kept(stage, shown.id).profile
    assert [profile[name] for name in ("title", "department", "city", "division")] == [""] * 4


def test_login_of_somebody_else_is_refused_and_taken_back(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    submit(stage, edit(stage, page, "login", "tom.baker@acme.example"))
    stage.until(lambda: "Somebody else has the login" in stage.window.toasts.text)
    stage.until(lambda: value_cell(page, "login") == shown.login)


def test_status_groups_and_manager_are_changed(page: PeoplePage, stage: Stage) -> None:
    shown = show(stage, page)
    page.pane.status.setCurrentIndex(page.pane.status.findData("SUSPENDED"))
    page.pane.status.activated.emit(page.pane.status.currentIndex())
    assert kept(stage, shown.id).status == "SUSPENDED"
    page.pane.relations.groups_asked.emit()
    dialog = stage.dialog(GroupsDialog)
    dialog.names.setPlainText("Nurses\nNight shift\n\nNurses")
    dialog.save_button.click()
    groups = kept(stage, shown.id).groups
    assert [group.name for group in groups] == ["Nurses", "Night shift"]
    assert groups[0] in shown.groups
    page.pane.relations.manager_asked.emit()
    choosing = stage.dialog(ManagerDialog)
    choosing.search.setText("ruth")
    choosing.search.returnPressed.emit()
    stage.until(lambda: choosing.model.total == 1)
    choosing.table.selectRow(0)
    choosing.choose_button.click()
    changed = kept(stage, shown.id)
    assert changed.profile["manager"] == "Ruth Adeyemi"
    assert changed.manager_id == changed.profile["managerId"] == sample(page, "ruth.adeyemi").id
    page.pane.relations.manager_removed.emit()
    changed = kept(stage, shown.id)
    assert changed.manager_id is None
    assert "managerId" not in changed.profile


def test_manager_is_a_link(page: PeoplePage, stage: Stage) -> None:
    show(stage, page)
    page.pane.relations.person_asked.emit(sample(page, "maria.santos").id)
    stage.until(lambda: page.pane.name.text() == "Maria Santos Oliveira")


def test_person_is_added_and_deleted(page: PeoplePage, stage: Stage) -> None:
    before = page.model.total
    stage.window.actions_registry["people.add"].trigger()
    dialog = stage.dialog(AddDialog)
    assert unnamed(dialog) == []
    assert not dialog.add_button.isEnabled()
    dialog.lines["firstName"].setText("Zaha")
    dialog.lines["email"].setText("x@y")
    assert "at least 5" in dialog.error.text()
    dialog.lines["email"].setText("zaha@acme.example")
    dialog.add_button.click()
    stage.until(lambda: page.pane.name.text() == "Zaha")
    stage.until(lambda: page.model.total == before + 1)
    added = page.pane.person
    assert added is not None
    assert (added.login, added.origin) == ("zaha@acme.example", "Added by hand")
    assert "lastName" not in added.profile
    page.pane.delete_asked.emit()
    stage.dialog(ConfirmDialog).yes_button.click()
    stage.until(lambda: page.model.total == before)
    assert people(stage).get(stage.organization_id, added.id) is None
    assert page.pane.isHidden()


def test_reset_asks_and_brings_the_samples_back(page: PeoplePage, stage: Stage) -> None:
    reset = stage.window.actions_registry["people.reset"].trigger
    reset()
    assert "already" in stage.window.toasts.text
    take_in(stage, person(1), person(2))
    stage.until(lambda: page.model.total == 2)
    stage.settle()
    reset()
    dialog = stage.dialog(ConfirmDialog)
    dialog.yes_button.click()
    stage.until(lambda: page.model.total > 20)
    assert not people(stage).has_own(stage.organization_id)


CSV = "Work e-mail;First name;Surname;Cost code;Start\n" + "".join(
    f"user{number}@acme.example;Zoë;Müller {number};CC-{number};\n" for number in range(20)
)


def csv_dialog(stage: Stage, files: type[QFileDialog], path: Path) -> CsvDialog:
    stage.window.actions_registry["people.import_csv"].trigger()
    choose(stage, files, path)
    return stage.dialog(CsvDialog)


def test_csv_is_matched_by_its_columns_and_imported(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    path = tmp_path / "staff.csv"
    path.write_bytes(CSV.encode("cp1252") + b"nobody;\n;;;;\n;Only a name;;CC-9;\n")
    dialog = csv_dialog(stage, files, path)
    assert unnamed(dialog) == []
    assert dialog.encoding.currentData() == "cp1252"
    assert dialog.delimiter.currentText() == "Semicolon"
    assert [box.currentText() for box in dialog.grid.boxes] == [
        "Primary email | email",
        "First name | firstName",
        "Last name | lastName",
        "New attribute costCode | string",
        "New attribute start | string",
    ]
    dialog.grid.boxes[4].setCurrentIndex(dialog.grid.boxes[4].findText("Leave out"))
    dialog.import_button.click()
    result = stage.dialog(ResultDialog)
    stage.until(lambda: page.model.total == 20)
    assert named(page)[0] == "Zoë Müller 0"
    result.copy_button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["22", "24"]
    assert "neither a login nor an email" in lines[1]
    schema = people(stage).schema(stage.organization_id)
    assert "costCode" in schema.names
    assert "start" not in schema.names
    assert page.model.row(0).origin == "CSV file"  # type: ignore[union-attr]


def test_columns_encoding_and_delimiter_can_be_changed(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    path = tmp_path / "staff.csv"
    path.write_bytes("login|nam,e\nann@acme.example|Šárka\n".encode("cp1250"))
    dialog = csv_dialog(stage, files, path)
    dialog.encoding.setCurrentIndex(dialog.encoding.findData("cp1250"))
    stage.settle()
    dialog.delimiter.setCurrentIndex(dialog.delimiter.findData("|"))
    stage.settle()
    assert [column.header for column in dialog.grid.columns] == ["login", "nam,e"]
    box = dialog.grid.boxes[0]
    box.setCurrentIndex(box.findText("Leave out"))
    assert "No column holds the login" in dialog.problem.text()
    assert not dialog.import_button.isEnabled()
    box.setCurrentIndex(box.findText("Username | login"))
    name = dialog.grid.boxes[1]
    name.setCurrentIndex(name.findText("First name | firstName"))
    dialog.import_button.click()
    stage.until(lambda: named(page) == ["Šárka"])
    assert stage.window.toasts.text == "1 person imported: 1 new."


def test_people_are_added_to_those_who_are_there_or_replace_them(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    take_in(stage, person(1), person(2))
    path = tmp_path / "more.csv"
    path.write_text(f"login,title\n{person(2).login},Nurse\n{person(3).login},Nurse\n")
    dialog = csv_dialog(stage, files, path)
    dialog.import_button.click()
    stage.until(lambda: stage.window.toasts.text == "2 people imported: 1 new, 1 changed.")
    stage.until(lambda: page.model.total == 3)
    dialog = csv_dialog(stage, files, path)
    dialog.mode.replace.setChecked(True)
    dialog.import_button.click()
    told = "2 people imported: 1 changed, 1 unchanged, 1 removed."
    stage.until(lambda: stage.window.toasts.text == told)
    stage.until(lambda: page.model.total == 2)


def test_file_of_which_nobody_can_be_read_takes_nobody_away(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    take_in(stage, person(1))
    path = tmp_path / "wrong.csv"
    path.write_text("login,title\n,Nurse\n")
    dialog = csv_dialog(stage, files, path)
    dialog.mode.replace.setChecked(True)
    dialog.import_button.click()
    stage.dialog(ResultDialog)
    assert page.model.total == 1


def test_import_is_cancelled_and_the_people_stay(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    path = tmp_path / "many.csv"
    rows = (f"user{number}@acme.example\n" for number in range(30_000))
    path.write_text("login\n" + "".join(rows))
    dialog = csv_dialog(stage, files, path)
    dialog.import_button.click()
    jobs = stage.window.jobs
    stage.until(lambda: any("Importing" in job.title for job in jobs.running))
    stage.until(lambda: any(job.progress.fraction for job in jobs.running) or not jobs.running)
    jobs.cancel_all()
    stage.settle()
    assert not people(stage).has_own(stage.organization_id)


def test_file_that_is_no_table_is_refused_in_a_sentence(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    path = tmp_path / "people.csv"
    for content, told in (
        (None, "cannot be read"),
        (b"", "The file is empty"),
        (b"PK\x03\x04zip", "Excel workbook"),
        (b"ann@acme.example,Ann\n", "The first line holds a person"),
    ):
        if content is not None:
            path.write_bytes(content)
        stage.window.actions_registry["people.import_csv"].trigger()
        choose(stage, files, path)
        assert told in stage.window.toasts.text
        stage.until(lambda: stage.dialogs() == [])


def test_users_of_okta_are_imported_from_json(
    page: PeoplePage, stage: Stage, tmp_path: Path, files: type[QFileDialog]
) -> None:
    path = tmp_path / "users.json"
    profile = {"login": "ann@acme.example", "firstName": "Ann", "badge": 7, "lastName": None}
    users = [{"id": "00uAnn", "status": "SUSPENDED", "profile": profile}, {"profile": {}}]
    path.write_text(json.dumps(users))
    stage.window.actions_registry["people.import_json"].trigger()
    choose(stage, files, path)
    dialog = stage.dialog(JsonDialog)
    assert unnamed(dialog) == []
    dialog.import_button.click()
    result = stage.dialog(ResultDialog)
    assert [row.number for row in result.model.rows] == [2]
    known = people(stage).get(stage.organization_id, "00uAnn")
    assert known is not None
    assert (known.status, known.profile["badge"], known.origin) == ("SUSPENDED", 7, "JSON file")


class FakeTenant:
    """Holds two people; ``refusal`` is what its check says."""

    def __init__(self, domain: str, token: str, refusal: str = "") -> None:
        self.domain, self.token, self.refusal = domain, token, refusal
        self.asked: dict[str, Any] = {}

    def __enter__(self) -> "FakeTenant":
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def check(self, tell: Callable[[str], None]) -> None:
        tell("Reading")
        if self.refusal:
            raise TenantError(self.refusal)

    def read(self, tell: Callable[[str], None], **asked: Any) -> Reading:
        self.asked.update(asked)
        tell("2 people read")
        return Reading(BASE_SCHEMA, iter([person(1), person(2)]), 0)


class FakeKeyring:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


class NoKeyring:
    def get(self, name: str) -> str | None:
        raise KeyringUnavailable


def with_tenant(stage: Stage, secrets: Any, refusal: str = "") -> list[FakeTenant]:
    made: list[FakeTenant] = []

    def connect(domain: str, token: str) -> Any:
        made.append(FakeTenant(domain, token, refusal))
        return made[-1]

    stage.backstage.adapt = lambda okta: replace(okta, tenant=connect, secrets=lambda: secrets)
    return made


def tenant_dialog(stage: Stage) -> TenantDialog:
    stage.window.actions_registry["people.tenant"].trigger()
    dialog = stage.dialog(TenantDialog)
    stage.settle()
    return dialog


def test_people_are_read_from_a_tenant(page: PeoplePage, stage: Stage) -> None:
    made = with_tenant(stage, NoKeyring())
    dialog = tenant_dialog(stage)
    assert unnamed(dialog) == []
    assert not dialog.read_button.isEnabled()
    dialog.domain.setText("acme.okta.com")
    dialog.token.setText(TOKEN)
    assert dialog.token.echoMode() is QLineEdit.EchoMode.Password
    dialog.groups.setChecked(True)
    dialog.search.setText('status eq "ACTIVE"')
    dialog.read_button.click()
    stage.until(lambda: page.model.total == 2)
    assert made[-1].asked == {
        "search": 'status eq "ACTIVE"',
        "with_deactivated": False,
        "with_groups": True,
    }
    assert stage.settings.get(TENANT_DOMAIN) == "acme.okta.com"
    stage.settings.save()
    for file in stage.folder.rglob("*"):
        if file.is_file():
            assert TOKEN.encode() not in file.read_bytes()


def test_what_a_tenant_says_is_told_in_the_dialog(page: PeoplePage, stage: Stage) -> None:
    with_tenant(stage, NoKeyring(), "acme.okta.com refused the token: make a new one.")
    dialog = tenant_dialog(stage)
    dialog.domain.setText("acme.okta.com")
    dialog.token.setText(TOKEN)
    dialog.read_button.click()
    stage.until(lambda: not dialog.problem.isHidden())
    assert "refused the token" in dialog.problem_text.text()
    assert dialog.read_button.isEnabled()
    assert dialog.token.text() == TOKEN
    assert not people(stage).has_own(stage.organization_id)


def test_domain_that_is_none_is_told_before_anything_is_sent(
    page: PeoplePage, stage: Stage
) -> None:
    dialog = tenant_dialog(stage)
    dialog.domain.setText("acme-admin.okta.com")
    dialog.token.setText(TOKEN)
    dialog.read_button.click()
    stage.until(lambda: not dialog.problem.isHidden())
    assert "give acme.okta.com" in dialog.problem_text.text()


def test_missing_keyring_is_told_when_it_is_wanted(page: PeoplePage, stage: Stage) -> None:
    with_tenant(stage, NoKeyring())
    dialog = tenant_dialog(stage)
    dialog.keep.setChecked(True)
    stage.settle()
    assert not dialog.keep.isChecked()
    assert "no keyring" in dialog.keep_note.text()


def test_token_is_kept_in_the_keyring_and_forgotten_again(page: PeoplePage, stage: Stage) -> None:
    keyring = FakeKeyring()
    with_tenant(stage, Secrets(keyring))
    for keep, expected in ((True, {"acme.okta.com": TOKEN}), (False, {})):
        dialog = tenant_dialog(stage)
        if keep:
            dialog.domain.setText("acme.okta.com")
            dialog.token.setText(TOKEN)
        assert dialog.token.text() == TOKEN
        dialog.keep.setChecked(keep)
        stage.settle()
        dialog.read_button.click()
        stage.until(lambda: stage.window.toasts.text.startswith("2 people imported"))
        stage.window.toasts.hide()
        stage.settle()
        assert keyring.kept == expected


def test_another_organization_has_people_of_its_own(page: PeoplePage, stage: Stage) -> None:
    take_in(stage, person(1))
    first = stage.organization_id
    stage.add_organization("Other")
    stage.until(lambda: page.model.total > 20)
    page.search.setText("user")
    stage.window.session.choose(first)
    stage.until(lambda: page.model.total == 1)
    assert page.search.text() == ""


def test_without_an_organization_the_page_asks_for_one(bare_stage: Stage) -> None:
    bare_stage.open()
    page = bare_stage.people_page()
    bare_stage.until(lambda: page.stack.currentWidget() is page.no_organization)
    bare_stage.window.actions_registry["people.import_csv"].trigger()
    assert bare_stage.dialogs() == []


def test_search_key_of_the_page_does_not_leave_it(page: PeoplePage, stage: Stage) -> None:
    with stage.qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    page.table.setFocus()
    stage.qtbot.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert stage.window.page is page
    assert page.search.hasFocus()
