"""A preflight's report as files: CSV, and HTML to read and print."""

import csv
import io
from collections.abc import Callable
from typing import Final

from server.okta.mapping.findings import Report

Named = Callable[[str], tuple[str, str]]
"""Gives a person's name and login for an id."""

COLUMNS: Final = (
    "severity",
    "rule",
    "attribute",
    "mapping",
    "what",
    "cure",
    "person id",
    "name",
    "login",
)

SHOWN_PEOPLE: Final = 100
"""How many people of a finding the HTML names; the CSV names all."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def report_csv(report: Report, named: Named) -> str:
    """Return a line for each person of each finding, under a line of column names.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in report.findings:
        head = (
            finding.severity.value,
            finding.rule,
            finding.variable,
            finding.mapping,
            finding.text,
            finding.cure,
        )
        for person in finding.people:
            writer.writerow([_cell(value) for value in (*head, person, *named(person))])
    return text.getvalue()


def report_html(report: Report, template: str, named: Named, title: str, made: str) -> str:
    """Return the report as one HTML page that needs no other file.

    ``template`` is the text of resources/templates/preflight.html, ``title`` says whose it is,
    ``made`` when.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    page: str = environment.from_string(template).render(
        report=report, title=title, made=made, named=named, shown=SHOWN_PEOPLE
    )
    return page


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
