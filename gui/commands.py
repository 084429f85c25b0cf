"""The actions of the pages, declared: each opens its page and tells it what to do."""

from dataclasses import dataclass

from gui.actions import ActionSpec


@dataclass(frozen=True, slots=True)
class Command:
    """An action that a page carries out; ``target`` is handed to ``Page.open``."""

    spec: ActionSpec
    page: str
    target: str


COMMANDS = (
    Command(
        ActionSpec(
            "tokens.generate",
            "Generate token…",
            "Tokens",
            "plus",
            "Make a token for the chosen organization",
            "Ctrl+T",
        ),
        "tokens",
        "generate",
    ),
    Command(
        ActionSpec(
            "log.filter",
            "Filter calls",
            "Live log",
            "search",
            "Find calls by any text in them",
            "Ctrl+F",
        ),
        "live-log",
        "filter",
    ),
    Command(
        ActionSpec(
            "log.failures",
            "Show failures only",
            "Live log",
            "x-circle",
            "Show or hide the calls that succeeded",
            "Ctrl+E",
        ),
        "live-log",
        "failures",
    ),
    Command(
        ActionSpec(
            "log.pause",
            "Pause or resume the list",
            "Live log",
            "pause",
            "Hold the list still; recording goes on",
            "Ctrl+P",
        ),
        "live-log",
        "pause",
    ),
    Command(
        ActionSpec(
            "log.newest",
            "Go to the newest call",
            "Live log",
            "arrow-down",
            "Follow new calls again",
            "Ctrl+End",
        ),
        "live-log",
        "newest",
    ),
    Command(
        ActionSpec(
            "log.copy_curl",
            "Copy call as cURL",
            "Live log",
            "terminal",
            "Copy the open call as a command, without its token",
            "Ctrl+Shift+C",
        ),
        "live-log",
        "copy-curl",
    ),
    Command(
        ActionSpec(
            "log.clear",
            "Clear the log…",
            "Live log",
            "trash",
            "Delete the recorded calls",
        ),
        "live-log",
        "clear",
    ),
)
