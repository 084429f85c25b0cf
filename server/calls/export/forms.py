"""The forms in which calls can be copied and exported, each declared once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from server.calls.export.cleaning import Cleaner
from server.calls.export.csv_table import csv
from server.calls.export.curl import as_curl
from server.calls.export.har import har
from server.calls.export.html_report import html_report
from server.calls.export.json_lines import json_lines
from server.calls.export.logged import Logged
from server.calls.export.markdown import as_markdown
from server.calls.export.messages import body_text, raw_both, raw_request, raw_response


@dataclass(frozen=True, slots=True)
class CopyForm:
    """A form in which one call goes to the clipboard; ``text`` takes it and the base URL."""

    title: str
    help: str
    text: Callable[[Logged, str], str]


@dataclass(frozen=True, slots=True)
class ExportSetting:
    """What the forms of an export need beside the calls.

    ``base_url`` is the server's URL up to the path ("http://127.0.0.1:8765"), ``template`` the
    text of resources/templates/calls-report.html, ``title`` says whose calls they are, ``made``
    when the export was made.
    """

    base_url: str
    template: str
    title: str
    made: str


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A form in which calls go to a file; ``pieces`` yields the file's bytes."""

    title: str
    help: str
    ending: str
    pieces: Callable[[Iterable[Logged], ExportSetting], Iterator[bytes]]


COPIES: Mapping[str, CopyForm] = {
    "curl": CopyForm(
        "cURL command",
        "A command that sends the request again; it takes the token from the variable TOKEN.",
        lambda logged, base_url: as_curl(logged.call, base_url),
    ),
    "request": CopyForm(
        "Raw request",
        "The request as it went over the wire.",
        lambda logged, base_url: raw_request(logged.call),
    ),
    "response": CopyForm(
        "Raw response",
        "The response as it went over the wire.",
        lambda logged, base_url: raw_response(logged.call),
    ),
    "both": CopyForm(
        "Request and response",
        "Both as they went over the wire.",
        lambda logged, base_url: raw_both(logged.call),
    ),
    "request-body": CopyForm(
        "Request body",
        "The request's body alone, laid out.",
        lambda logged, base_url: body_text(logged.call.request_body),
    ),
    "response-body": CopyForm(
        "Response body",
        "The response's body alone, laid out.",
        lambda logged, base_url: body_text(logged.call.response_body),
    ),
    "markdown": CopyForm(
        "Markdown for a ticket",
        "What happened, why it failed and both messages, for a ticket or a chat.",
        lambda logged, base_url: as_markdown(logged),
    ),
}
"""By name, in the order of a menu."""

EXPORTS: Mapping[str, ExportForm] = {
    "html": ExportForm(
        "Report (HTML)",
        "One page to read, print or send to the customer, which needs no other file.",
        ".html",
        lambda calls, setting: html_report(calls, setting.template, setting.title, setting.made),
    ),
    "har": ExportForm(
        "HTTP Archive (HAR)",
        "For browsers' developer tools and other tools for HTTP; can be imported again.",
        ".har",
        lambda calls, setting: har(calls, setting.base_url),
    ),
    "jsonl": ExportForm(
        "JSON Lines",
        "One JSON object for each call, for scripts; can be imported again with everything in it.",
        ".jsonl",
        lambda calls, setting: json_lines(calls),
    ),
    "csv": ExportForm(
        "Table (CSV)",
        "One line for each call, for a spreadsheet.",
        ".csv",
        lambda calls, setting: csv(calls),
    ),
}
"""By name, in the order of a menu."""


def copied(name: str, logged: Logged, cleaner: Cleaner, base_url: str) -> str:
    """Return a call in one of ``COPIES``."""
    return COPIES[name].text(cleaner.clean(logged), base_url)


def exported(
    name: str, calls: Iterable[Logged], cleaner: Cleaner, setting: ExportSetting
) -> Iterator[bytes]:
    """Yield the bytes of a file of ``EXPORTS``; the calls are read one by one."""
    return EXPORTS[name].pieces(map(cleaner.clean, calls), setting)
