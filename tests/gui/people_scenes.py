"""The pictures of the People page."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from gui.main_window import MainWindow
from gui.people.csv_dialog import CsvDialog
from gui.people.csv_file import open_csv
from gui.people.page import PeoplePage, ShowPerson
from gui.people.result_dialog import ResultDialog
from gui.people.tenant_dialog import TenantDialog
from server.okta.people import BASE_SCHEMA, RefusedRow
from storage.people_import import ImportOutcome

Scene = tuple[str, Callable[[], None]]

CSV = """Employee ID;First name;Surname;Work e-mail;Mobile;Job title;Department;Cost code;Active
10482;Zoë;Müller;zoe.muller@northwind.example;+44 7700 900482;Ward sister;Cardiology;CC-410;yes
10483;Seán;O'Brien;sean.obrien@northwind.example;+44 7700 900483;Porter;Estates;CC-220;yes
10484;Nia;Ap Rhys;nia.aprhys@northwind.example;;Consultant;Cardiology;CC-410;no
"""

REFUSED = [
    RefusedRow(
        17,
        "It has 8 values for 9 columns: a delimiter inside of a value needs quotation "
        "marks around the value.",
        "j.smith@northwind.example",
    ),
    RefusedRow(
        311,
        "The login zoe.muller@northwind.example came before; in Okta it is unique.",
        "zoe.muller@northwind.example",
    ),
    RefusedRow(
        1204,
        "It has neither a login nor an email address, one of which is the username in Okta.",
        "Okonkwo",
    ),
]


class PeopleScenes:
    """Brings the page and its dialogs into all states that are worth a look."""

    def __init__(self, window: MainWindow, settle: Callable[[float], None]) -> None:
        self._window = window
        self._settle = settle

    def all(self) -> list[Scene]:
        return [
            ("people", lambda: self._show() and None),
            ("people-person", lambda: self._open("sean")),
            ("people-edit", self._edit),
            ("people-edit-wrong", lambda: self._edit("x" * 60)),
            ("people-relations", lambda: self._open("ann.lee", 1)),
            ("people-json", lambda: self._open("ann.lee", 2)),
            ("people-no-match", lambda: self._search("nobody at all")),
            ("people-add", lambda: self._run("add")),
            ("people-delete", self._delete),
            ("people-manager", self._choose_manager),
            ("people-groups", self._change_groups),
            ("people-csv", self._match_columns),
            ("people-result", self._show_result),
            ("people-tenant", self._ask_tenant),
        ]

    def leave(self) -> None:
        """Take back what a scene changed."""
        if isinstance(page := self._window.page, PeoplePage):
            page.search.clear()
            page.pane.tabs.choose(0)
            page.close_person()

    def _show(self, target: object = None) -> PeoplePage:
        self._window.show_page("people", target)
        self._settle(0.3)
        page = self._window.page
        assert isinstance(page, PeoplePage)
        return page

    def _open(self, login: str, tab: int = 0) -> PeoplePage:
        page = self._show()
        wanted = [p for _, p in page.model.rows_there() if p.login.startswith(login)]
        self._show(ShowPerson(wanted[0].id))
        page.pane.tabs.choose(tab)
        return page

    def _edit(self, text: str = "") -> None:
        page = self._open("ann.lee")
        page.pane.profile.choose("firstName")
        page.pane.profile.edit()
        if text:
            editors = page.pane.profile.table.viewport().findChildren(QLineEdit)
            editors[0].setText(text)

    def _search(self, text: str) -> None:
        self._show().search.setText(text)
        self._settle(0.5)

    def _run(self, command: str) -> None:
        self._show(command)

    def _delete(self) -> None:
        self._open("ann.lee")
        self._show("delete")

    def _choose_manager(self) -> None:
        self._open("ann.lee", 1).pane.relations.manager_asked.emit()
        self._settle(0.3)

    def _change_groups(self) -> None:
        self._open("ann.lee", 1).pane.relations.groups_asked.emit()

    def _match_columns(self) -> None:
        page = self._show()
        file = open_csv(Path("northwind-staff.csv"), CSV.encode(), BASE_SCHEMA)
        schemas = {True: BASE_SCHEMA, False: BASE_SCHEMA}
        CsvDialog(page.desk, self._window, file, schemas, lambda order: None, has_own=True).open()

    def _show_result(self) -> None:
        page = self._show()
        outcome = ImportOutcome(1187, 12, 2, 0, REFUSED)
        ResultDialog(page.desk.theme, self._window, "northwind-staff.csv", outcome).open()

    def _ask_tenant(self) -> None:
        self._show("tenant")
        self._settle(0.2)
        dialog = next(d for d in self._window.findChildren(TenantDialog) if d.isVisible())
        dialog.domain.setText("northwind.okta.com")
        dialog.token.setText("00a" + "x" * 39)
        dialog.deactivated.setChecked(True)
