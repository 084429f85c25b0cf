"""People from files and tenants: asking, reading, and the import itself, as jobs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.people.csv_dialog import CsvDialog, CsvOrder
from gui.people.csv_file import CsvFile, open_csv
from gui.people.json_dialog import JsonDialog, JsonFile
from gui.people.result_dialog import ResultDialog, outcome_words
from gui.people.tenant_dialog import TenantDialog, TenantOrder
from gui.widgets.files import ask_for_file, read_file
from server.okta.people import (
    BASE_SCHEMA,
    ProfileSchema,
    Reading,
    read_table,
    read_users,
)
from storage.people_import import ImportOutcome

LARGEST = 500_000_000
"""Bytes of a file; 100,000 people take about 30 million."""


class _OpenedCsv(NamedTuple):
    organization_id: int
    file: CsvFile
    schemas: dict[bool, ProfileSchema]
    has_own: bool


class _OpenedJson(NamedTuple):
    organization_id: int
    file: JsonFile
    has_own: bool


class _Came(NamedTuple):
    name: str
    outcome: ImportOutcome


_ReadPeople = Callable[[ProfileSchema, Progress], Reading]


class PeopleImports(QObject):
    """Asks what to import into the chosen organization, and does it.

    Signals:
        imported: people came in.
    """

    imported = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page

    def ask_for_csv(self) -> None:
        """Ask for a CSV file, then for what its columns are."""
        self._ask("Import people from a CSV file", "CSV files (*.csv *.tsv *.txt)", self.open_csv)

    def ask_for_json(self) -> None:
        """Ask for a file with the users of Okta as JSON."""
        kind = "JSON files (*.json *.jsonl *.ndjson)"
        self._ask("Import people from Okta's users as JSON", kind, self.open_json)

    def ask_for_tenant(self) -> None:
        """Ask for a tenant of Okta."""
        organization_id, services = self._organization_id(), self._desk.services
        if organization_id is None:
            return

        def look(_progress: Progress) -> tuple[int, bool]:
            return organization_id, services.okta().people.has_own(organization_id)

        self._desk.jobs.run("", look, self._show_tenant)

    def open_csv(self, path: Path) -> None:
        """Open a CSV file and ask what its columns are."""
        organization_id, services = self._organization_id(), self._desk.services
        if organization_id is None:
            return

        def read(_progress: Progress) -> _OpenedCsv:
            people = services.okta().people
            adding = people.schema_for_import(organization_id, replace_all=False)
            schemas = {True: BASE_SCHEMA, False: adding}
            data = read_file(path, LARGEST)
            file = open_csv(path, data, adding)
            return _OpenedCsv(organization_id, file, schemas, people.has_own(organization_id))

        self._desk.jobs.run(f"Reading {path.name}", read, self._show_csv)

    def open_json(self, path: Path) -> None:
        """Open a file with users and ask what to do with them."""
        organization_id, services = self._organization_id(), self._desk.services
        if organization_id is None:
            return

        def read(_progress: Progress) -> _OpenedJson:
            data = read_file(path, LARGEST)
            reading = read_users(data, BASE_SCHEMA)
            names = tuple(attribute.name for attribute in reading.schema.custom)
            has_own = services.okta().people.has_own(organization_id)
            file = JsonFile(path, data, reading.total, names)
            return _OpenedJson(organization_id, file, has_own)

        self._desk.jobs.run(f"Reading {path.name}", read, self._show_json)

    def _ask(self, title: str, kind: str, chosen: Callable[[Path], None]) -> None:
        if self._organization_id() is not None:
            ask_for_file(self._page.window(), self._desk.settings, title, [kind], chosen)

    def _show_csv(self, opened: _OpenedCsv) -> None:
        order = partial(self._import_csv, opened.organization_id)
        CsvDialog(
            self._desk,
            self._page.window(),
            opened.file,
            opened.schemas,
            order,
            has_own=opened.has_own,
        ).open()

    def _show_json(self, opened: _OpenedJson) -> None:
        order = partial(self._import_json, opened.organization_id)
        JsonDialog(
            self._desk, self._page.window(), opened.file, order, has_own=opened.has_own
        ).open()

    def _show_tenant(self, looked: tuple[int, bool]) -> None:
        organization_id, has_own = looked
        order = partial(self._import_tenant, organization_id)
        TenantDialog(self._desk, self._page.window(), order, has_own=has_own).open()

    def _import_csv(self, organization_id: int, order: CsvOrder) -> None:
        def read(schema: ProfileSchema, _progress: Progress) -> Reading:
            return read_table(
                order.table, order.columns, schema, empty_is_cleared=order.empty_is_cleared
            )

        self._run(organization_id, order.name, read, order.replace_all)

    def _import_json(self, organization_id: int, file: JsonFile, replace_all: bool) -> None:
        def read(schema: ProfileSchema, _progress: Progress) -> Reading:
            return read_users(file.data, schema)

        self._run(organization_id, file.path.name, read, replace_all)

    def _run(self, organization_id: int, name: str, read: _ReadPeople, replace_all: bool) -> None:
        services = self._desk.services

        def work(progress: Progress) -> _Came:
            people = services.okta().people
            schema = people.schema_for_import(organization_id, replace_all=replace_all)
            outcome = people.import_people(
                organization_id,
                read(schema, progress),
                replace_all=replace_all,
                progress=partial(_tell, progress),
            )
            return _Came(name, outcome)

        self._desk.jobs.run(f"Importing {name}", work, self._take)

    def _import_tenant(self, organization_id: int, order: TenantOrder) -> None:
        services = self._desk.services
        if order.warning:
            self._desk.toasts.show(order.warning, "warning")

        def work(progress: Progress) -> _Came:
            okta = services.okta()
            with okta.tenant(order.domain, order.token) as tenant:
                reading = tenant.read(
                    lambda text: progress.report(None, text),
                    search=order.search,
                    with_deactivated=order.with_deactivated,
                    with_groups=order.with_groups,
                )
                outcome = okta.people.import_people(
                    organization_id,
                    reading,
                    replace_all=order.replace_all,
                    progress=lambda done, total: progress.check(),
                )
            return _Came(order.domain, outcome)

        self._desk.jobs.run("Reading people", work, self._take)

    def _take(self, came: _Came) -> None:
        self.imported.emit()
        if came.outcome.refused:
            ResultDialog(self._desk.theme, self._page.window(), came.name, came.outcome).open()
        else:
            tone = "success" if came.outcome.people else "warning"
            self._desk.toasts.show(outcome_words(came.outcome), tone)

    def _organization_id(self) -> int | None:
        summary = self._desk.session.organization
        return summary.organization.id if summary else None


def _tell(progress: Progress, done: int, total: int) -> None:
    fraction = done / total if total else None
    progress.report(fraction, f"{done:,} of {max(done, total):,} people")
