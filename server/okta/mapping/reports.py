"""A preflight's report as files: CSV, and HTML to read and print."""

import csv
import io
from collections.abc import Callable
from typing import Final

from server.okta.mapping.findings import Finding, Report, compare

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


def report_text(report: Report, before: Report | None = None) -> str:
    """Return a report for a terminal; with the one before, how many people are fixed and new."""
    if before is None:
        lines = [_finding_text(finding, len(finding.people)) for finding in report.findings]
    else:
        lines = [
            _finding_text(finding, people, f" ({fixed:,} fixed, {new:,} new)")
            for finding, people, fixed, new in compare(before, report)
        ]
    return "\n".join([*lines, summary_text(report)])


def summary_text(report: Report) -> str:
    """Return what came of a preflight in one or two sentences."""
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in report.outcomes.items())
    checked = f"{report.checked:,} of {_people(report.people)} checked: {outcomes or 'none'}."
    if report.passed:
        return f"{checked} Nobody would be refused."
    who = _people(report.failing)
    return f"{checked} {who} would be refused, or would run into somebody else's account."


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


def _finding_text(finding: Finding, people: int, change: str = "") -> str:
    """Return a finding on two lines, and an empty one."""
    where = f", {finding.variable} ({finding.mapping})" if finding.variable else ""
    head = f"{finding.severity.value}: {_people(people)}{change}{where}: {finding.text}"
    cure = f"\n    {finding.cure}" if finding.cure else ""
    return f"{head}{cure}\n"


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
