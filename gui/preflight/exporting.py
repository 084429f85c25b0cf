"""The report of a preflight as a file: CSV for a spreadsheet, HTML to read and print."""

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.preflight.work import Standing
from gui.times import moment
from gui.widgets.files import ask_for_place, file_name, save_file, tell_saved
from server.blink.directory import Organization
from server.okta.mapping.reports import report_csv, report_html

CSV, HTML = "csv", "html"
KINDS = {CSV: "CSV files (*.csv)", HTML: "HTML files (*.html)"}


class ReportExport(QObject):
    """Asks for a place and writes the report in a job; the file is for its owner alone."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page

    def ask(self, kind: str, organization: Organization, standing: Standing) -> None:
        """Ask where to save a report of a kind, and save it."""
        ran = moment(standing.run.ran).astimezone()
        name = f"{file_name(organization.name, 'preflight', f'{ran:%Y-%m-%d}')}.{kind}"

        def save(path: Path) -> None:
            self.save(path, kind, organization, standing)

        ask_for_place(
            self._page.window(), self._desk.settings, "Export report", name, KINDS[kind], save
        )

    def save(self, path: Path, kind: str, organization: Organization, standing: Standing) -> None:
        """Save a report of a kind."""
        services = self._desk.services

        def write(progress: Progress) -> Path:
            people = services.okta().people
            known: dict[str, tuple[str, str]] = {}

            def named(person_id: str) -> tuple[str, str]:
                if person_id not in known:
                    progress.check()
                    person = people.get(organization.id, person_id)
                    known[person_id] = (person.name, person.login) if person else ("", "")
                return known[person_id]

            if kind == CSV:
                # Excel takes a file for UTF-8 by this mark alone.
                text = "\ufeff" + report_csv(standing.report, named)
            else:
                template = files("resources").joinpath("templates", "preflight.html")
                ran = moment(standing.run.ran).astimezone()
                text = report_html(
                    standing.report,
                    template.read_text(encoding="utf-8"),
                    named,
                    organization.name,
                    f"{standing.run.mappings}, {ran:%d %b %Y, %H:%M}",
                )
            return save_file(path, text.encode())

        self._desk.jobs.run("Writing the report", write, self._tell)

    def _tell(self, path: Path) -> None:
        tell_saved(self._desk.toasts, path)
