"""A call as a row of the list."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gui.times import duration_words
from gui.widgets.table import Cell, Column
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
    Column("from", "From", 110, priority=8, hint="The address that the call came from"),
)

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


def call_cells(call: CallRow, organizations: Mapping[int, str]) -> Sequence[Cell]:
    """Return a call as a row; ``organizations`` are names by id. The model fills in the time."""
    look = outcome(call.status)
    path = f"{call.path}?{call.query}" if call.query else call.path
    organization = organizations.get(call.organization_id or 0, "–")
    summary = call.summary or f"{call.method} {call.path}"
    return (
        Cell("", color="muted", fixed=True),
        Cell(summary, strong=look.tone == "danger", icon="remark" if call.remarks else ""),
        Cell(call.method, color=METHOD_COLORS.get(call.method, "muted"), fixed=True),
        Cell(path, color="muted", fixed=True),
        Cell(status_words(call.status), icon=look.icon, icon_color=look.color, color=look.color),
        Cell(duration_words(call.duration), color="muted"),
        Cell(organization, color="muted"),
        Cell(call.token_label or "–", color="muted"),
        Cell(call.peer, color="muted", fixed=True),
    )


def spoken(call: CallRow) -> str:
    """Return a row as a screen reader says it."""
    return f"{call.summary}, status {status_words(call.status)}, {call.method} {call.path}"
