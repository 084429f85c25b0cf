"""Reads a file of calls, whichever of the known forms it has."""

import json
import re
from pathlib import Path
from typing import Any

import orjson

from server.calls.export.logged import LoggedCall
from server.calls.imports.har import import_har
from server.calls.imports.json_lines import import_json_lines
from server.calls.imports.values import ImportFailed, Tell
from server.calls.redaction import Redactor

_LARGEST = 512 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ARCHIVE = re.compile(rb'\s*\{\s*"log"\s*:')


def import_calls(
    path: Path, redactor: Redactor, tell: Tell = lambda done, total: None
) -> list[LoggedCall]:
    """Return the calls of a HAR or JSON Lines file, in order of time and without secrets.

    Their ids count from 1; organization and token are None, since they are another program's.
    Raises ``ImportFailed``, whose text is one sentence for a person, and whatever ``tell`` raises.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ImportFailed(
                f"{path.name} is larger than 512 MiB: export fewer calls and import them in parts."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ImportFailed(
            f"{path.name} could not be read ({error.strerror or error}): choose another file."
        ) from error
    data = data.removeprefix(_BYTE_ORDER_MARK)
    if not data.strip():
        raise ImportFailed(f"{path.name} is empty: choose another file.")
    if _ARCHIVE.match(data):
        return import_har(_parsed(path, data), redactor, tell)
    return import_json_lines(data, redactor, tell)


_HALVES = re.compile(
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\[^u])"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
"""An escaped character, both halves or anything else; or a half by itself."""


def _whole(match: re.Match[bytes]) -> bytes:
    return match[1] or b"?"


def _parsed(path: Path, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        # Browsers may write half characters, which are no JSON to orjson and no text to SQLite.
        return json.loads(_HALVES.sub(_whole, data).decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise ImportFailed(
            f"{path.name} is an HTTP Archive that is damaged or ends too early: export it anew."
        ) from error
