"""Writes calls in the forms that people and other tools read."""

from server.calls.export.cleaning import Cleaner
from server.calls.export.curl import as_curl
from server.calls.export.files import ExportFailed, export_calls, write_private
from server.calls.export.forms import (
    COPIES,
    EXPORTS,
    CopyForm,
    ExportForm,
    ExportSetting,
    copied,
    exported,
)
from server.calls.export.logged import Logged, LoggedCall
from server.calls.export.pseudonyms import Pseudonyms

__all__ = [
    "COPIES",
    "EXPORTS",
    "Cleaner",
    "CopyForm",
    "ExportFailed",
    "ExportForm",
    "ExportSetting",
    "Logged",
    "LoggedCall",
    "Pseudonyms",
    "as_curl",
    "copied",
    "export_calls",
    "exported",
    "write_private",
]
