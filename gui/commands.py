"""The actions, declared: those of the window, and those that a page carries out."""

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
            "mappings.person",
            "Preview mappings for…",
            "Mappings",
            "user",
            "Choose whose values are shown",
            "Ctrl+J",
        ),
        "mappings",
        "person",
    ),
    Command(
        ActionSpec(
            "mappings.edit",
            "Edit mapping…",
            "Mappings",
            "pencil",
            "Change the chosen mapping",
            "Ctrl+Return",
        ),
        "mappings",
        "edit",
    ),
    Command(
        ActionSpec(
            "mappings.unmap",
            "Unmap attribute…",
            "Mappings",
            "close",
            "Leave the chosen attribute unmapped",
            "Ctrl+Backspace",
        ),
        "mappings",
        "unmap",
    ),
    Command(
        ActionSpec(
            "mappings.username",
            "Username format…",
            "Mappings",
            "user",
            "Choose what Okta makes usernames of",
        ),
        "mappings",
        "username",
    ),
    Command(
        ActionSpec(
            "mappings.undo",
            "Undo change of mappings",
            "Mappings",
            "undo",
            "Take the last change of the mappings back",
            "Ctrl+Z",
        ),
        "mappings",
        "undo",
    ),
    Command(
        ActionSpec(
            "mappings.redo",
            "Redo change of mappings",
            "Mappings",
            "redo",
            "Make again what was undone",
            "Ctrl+Shift+Z",
        ),
        "mappings",
        "redo",
    ),
    Command(
        ActionSpec(
            "mappings.unmapped",
            "Show or hide unmapped attributes",
            "Mappings",
            "filter",
            "List what Blink could take, too",
            "Ctrl+U",
        ),
        "mappings",
        "unmapped",
    ),
    Command(
        ActionSpec(
            "mappings.grid",
            "Compare several people",
            "Mappings",
            "grid",
            "All values of several people side by side",
            "Ctrl+G",
        ),
        "mappings",
        "grid",
    ),
    Command(
        ActionSpec(
            "mappings.details",
            "Show or hide what is sent",
            "Mappings",
            "panel",
            "JSON, what Blink would do, and warnings",
            "Ctrl+D",
        ),
        "mappings",
        "details",
    ),
    Command(
        ActionSpec(
            "mappings.warnings",
            "Show or hide warnings about mappings",
            "Mappings",
            "alert",
            "What cannot work at Blink",
            "Ctrl+Shift+W",
        ),
        "mappings",
        "warnings",
    ),
    Command(
        ActionSpec(
            "mappings.steps",
            "Copy steps for Okta",
            "Mappings",
            "steps",
            "What to do in Okta for the chosen mapping, as text",
            "Ctrl+Shift+K",
        ),
        "mappings",
        "steps",
    ),
    Command(
        ActionSpec(
            "mappings.duplicate",
            "Duplicate mappings…",
            "Mappings",
            "copy",
            "Copy the mappings under another name",
        ),
        "mappings",
        "duplicate",
    ),
    Command(
        ActionSpec(
            "mappings.rename",
            "Rename mappings…",
            "Mappings",
            "pencil",
            "Give the mappings another name",
        ),
        "mappings",
        "rename",
    ),
    Command(
        ActionSpec(
            "mappings.delete",
            "Delete mappings…",
            "Mappings",
            "trash",
            "Delete the mappings with their history",
        ),
        "mappings",
        "delete",
    ),
    Command(
        ActionSpec(
            "mappings.reset",
            "Reset mappings to default…",
            "Mappings",
            "rotate",
            "Go back to what Okta's Blink app comes with",
        ),
        "mappings",
        "reset",
    ),
    Command(
        ActionSpec(
            "mappings.import",
            "Import mappings…",
            "Mappings",
            "import",
            "From a file of this program or of Okta's Mappings API",
            "Ctrl+I",
        ),
        "mappings",
        "import",
    ),
    Command(
        ActionSpec(
            "mappings.export",
            "Export mappings…",
            "Mappings",
            "export",
            "To a file that can be imported again",
            "Ctrl+Shift+E",
        ),
        "mappings",
        "export",
    ),
    Command(
        ActionSpec(
            "mappings.export_api",
            "Export for Okta's Mappings API…",
            "Mappings",
            "export",
            "To the JSON that the API takes",
        ),
        "mappings",
        "export-api",
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

WINDOW_ACTIONS = (
    ActionSpec(
        "organization.new",
        "New organization…",
        "Organization",
        "plus",
        "Add a customer of Blink",
        "Ctrl+N",
    ),
    ActionSpec(
        "organization.settings",
        "Organization settings…",
        "Organization",
        "pencil",
        "Rename the chosen organization or change its features",
        "Ctrl+Shift+O",
    ),
    ActionSpec(
        "organization.delete",
        "Delete organization…",
        "Organization",
        "trash",
        "Delete the chosen organization with its tokens and users",
    ),
    ActionSpec(
        "server.toggle",
        "Start or stop the server",
        "Server",
        "server",
        "Answer Okta's calls, or stop doing so",
        "Ctrl+Shift+S",
    ),
    ActionSpec(
        "server.copy",
        "Copy the SCIM address",
        "Server",
        "copy",
        "Copy the base URL that Okta needs",
        "Ctrl+Shift+U",
    ),
    ActionSpec("server.port", "Change port…", "Server", "plug", "Serve on another port"),
    ActionSpec(
        "theme.toggle",
        "Switch between light and dark",
        "Window",
        "moon",
        "Change the look",
        "Ctrl+Shift+L",
    ),
    ActionSpec("theme.system", "Follow the system's look", "Window", "monitor", "Light or dark"),
    ActionSpec("window.menu", "Menu", "Window", "menu", "Everything by its heading", "F10"),
    ActionSpec("window.quit", "Quit", "Window", "close", "Finish calls and leave", "Ctrl+Q"),
    ActionSpec("help.palette", "Commands", "Help", "command", "Everything by name", "Ctrl+K"),
    ActionSpec("help.shortcuts", "Keyboard shortcuts", "Help", "keyboard", "All keys", "F1"),
)
