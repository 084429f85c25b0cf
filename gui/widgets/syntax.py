"""The colours of JSON and of headers, line by line."""

import re
from collections.abc import Iterator

_STRING = r'"(?:[^"\\]|\\.)*"'

RULES = {
    "json": re.compile(
        rf"(?P<json_name>{_STRING})(?=\s*:)"
        rf"|(?P<json_text>{_STRING})"
        r"|(?P<json_number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
        r"|(?P<json_word>\b(?:true|false|null)\b)"
    ),
    "headers": re.compile(r"^(?P<json_name>[^\s:]+)(?=:)"),
}
"""Per syntax, groups named for the colour of ``Colors`` that they are painted in."""


def coloured(syntax: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of a line that have a colour: start, end and its name."""
    if rule := RULES.get(syntax):
        for match in rule.finditer(text):
            if match.lastgroup:
                yield match.start(), match.end(), match.lastgroup
