"""Reads calls from a colleague's file, or from another program's."""

from server.calls.imports.files import import_calls
from server.calls.imports.values import ImportFailed

__all__ = ["ImportFailed", "import_calls"]
