"""Writes calls in the forms that people and other tools read."""

from server.calls.export.curl import as_curl as as_curl
