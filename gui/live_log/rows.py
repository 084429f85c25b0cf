"""A call as a row of the list."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gui.times import duration_words
from gui.widgets.cells import Cell
from gui.widgets.table import Column
from server.calls.clients import ORIGIN_MARKS
from storage.calls import CallRow

COLUMNS = (
    Column("time", "Time", 116),
    Column("summary", "What happened", 250, stretch=True),
    Column("method", "Method", 84, priority=4),
    Column("path", "Path", 210, priority=5),
    Column("status", "Status", 84),
    Column("duration", "Duration", 84, priority=3),
    Column("organization", "Organization", 140, priority=6),
    Column("token", "Token", 130, priority=7, hint="The label of the token of the call"),
    Column("from", "From", 110, priority=9, hint="The address that the call came from"),
    Column("origin", "Client", 90, priority=8, hint="Who sent the call"),
)

INDENT = "\N{EM SPACE}" * 3
"""What stands before the calls of an operation that is unfolded."""

MARK_COLORS = {
    "red": "danger",
    "amber": "warning",
    "green": "success",
    "blue": "accent",
    "violet": "json_word",
}
"""The colours of the theme for a person's marks."""

METHOD_COLORS = {
    "POST": "success",
    "PUT": "warning",
    "PATCH": "warning",
    "DELETE": "danger",
}


class Outcome(NamedTuple):
    """How a status looks: a tone, and the icon that says the same without colour."""

    tone: str
    icon: str

    @property
    def color(self) -> str:
        """Return the name of the colour for text and icon."""
        return "muted" if self.tone == "neutral" else self.tone


_NO_ANSWER = Outcome("neutral", "ban")
_OUTCOMES = {
    2: Outcome("success", "check-circle"),
    3: Outcome("neutral", "info"),
    4: Outcome("danger", "x-circle"),
    5: Outcome("danger", "alert"),
}


def outcome(status: int) -> Outcome:
    """Return how a status looks; 0 is a call that was never answered."""
    return _OUTCOMES.get(status // 100, _NO_ANSWER)


def status_words(status: int) -> str:
    """Return a status as the list shows it."""
    return str(status) if status else "No answer"


def call_cells(
    call: CallRow,
    organizations: Mapping[int, str],
    *,
    grouped: bool = False,
    unfolded: bool = False,
) -> Sequence[Cell]:
    """Return a call as a row; ``organizations`` are names by id. The model fills in the time.

    With ``grouped`` the first call of an operation says what became of the whole, until it is
    unfolded.
    """
    icon = "remark" if call.remarks else ""
    before = after = ""
    if grouped and call.head_id is None and call.others:
        icon = "chevron-down" if unfolded else "chevron-right"
        if not unfolded:
            after = f"  ·  {call.calls} calls"
            call = call.folded
    elif grouped and call.head_id is not None:
        before = INDENT
    look = outcome(call.status)
    path = f"{call.path}?{call.query}" if call.query else call.path
    organization = organizations.get(call.organization_id or 0, "–")
    summary = f"{before}{call.summary or f'{call.method} {call.path}'}{after}"
    if call.note:
        summary = f"{summary}  ·  {call.note}"
    return (
        Cell(
            "",
            color="muted",
            fixed=True,
            icon="mark" if call.mark else "",
            icon_color=MARK_COLORS.get(call.mark, "muted"),
        ),
        Cell(summary, strong=look.tone == "danger", icon=icon),
        Cell(call.method, color=METHOD_COLORS.get(call.method, "muted"), fixed=True),
        Cell(path, color="muted", fixed=True),
        Cell(status_words(call.status), icon=look.icon, icon_color=look.color, color=look.color),
        Cell(duration_words(call.duration), color="muted"),
        Cell(organization, color="muted"),
        Cell(call.token_label or "–", color="muted"),
        Cell(call.peer, color="muted", fixed=True),
        Cell(call.client or "–", color="accent" if call.client in ORIGIN_MARKS else "muted"),
    )


def cell_value(
    call: CallRow, column: str, organizations: Mapping[int, str]
) -> tuple[str, str | int]:
    """Return the field of the filter that a cell is filtered by, and its value; or ("", "")."""
    values: Mapping[str, tuple[str, str | int]] = {
        "summary": ("user", call.subject),
        "method": ("method", call.method),
        "path": ("path", call.path),
        "status": ("status", call.status),
        "organization": ("org", organizations.get(call.organization_id or 0, "")),
        "token": ("token", call.token_label),
        "from": ("peer", call.peer),
        "origin": ("origin", call.client),
    }
    return values.get(column, ("", ""))


def spoken(call: CallRow, cells: Sequence[Cell]) -> str:
    """Return a row as a screen reader says it."""
    _, summary, method, path, status, *_ = cells
    words = f"{summary.text.strip()}, status {status.text}, {method.text} {path.text}"
    mark = call.folded.mark
    return f"{words}, marked {mark}" if mark else words
