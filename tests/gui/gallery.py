"""The shared widgets, each with something believable in it, for ``tests.screenshots``."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from re import finditer

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.jobs import Jobs
from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.code_line import CodeLine
from gui.widgets.code_text import Span
from gui.widgets.dialog import Dialog
from gui.widgets.diff_view import DiffView
from gui.widgets.flow_chips import Chip, FlowChips
from gui.widgets.json_view import JsonView
from gui.widgets.labels import label
from gui.widgets.language import Language, Problem, Proposal, Signature
from gui.widgets.person_chooser import PersonChoice, PersonChooser
from gui.widgets.timeline import Series, Timeline

USER = {
    "schemas": [
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ],
    "userName": "ann.östberg@northwind.example",
    "externalId": "00u1f96ECLNVOKVMUSEA",
    "name": {"givenName": "Ann", "familyName": "Östberg", "formatted": "Ann 🌻 Östberg"},
    "emails": [
        {"value": "ann.ostberg@northwind.example", "type": "work", "primary": True},
        {"value": "ann@home.example", "type": "home", "primary": False},
    ],
    "phoneNumbers": [{"value": "+46 70 174 06 05", "type": "mobile"}],
    "active": True,
    "nickName": None,
    "x509Certificates": [],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "701984",
        "costCenter": 4130.0,
        "department": "Tour operations, a department with a name that is rather long, so that a "
        "narrow pane has to break the line in two",
        "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d", "displayName": "Bo Ek"},
    },
}


FUNCTIONS = (
    ("substringAfter", "(input, substring)", "What stands behind the first place of a text."),
    ("substringBefore", "(input, substring)", "What stands before the first place of a text."),
    ("substring", "(input, startIndex, endIndex)", "A part of a text, from a place to a place."),
)


def tokens(text: str) -> list[Span]:
    """Colour names, texts in quotes and numbers."""
    colors = {'"': "json_text", "0": "json_number"}
    found = finditer(r'"[^"]*"?|\d+|[\w.]+', text)
    return [
        Span(m.start(), m.end(), colors.get("0" if m[0].isdigit() else m[0][0], "json_name"))
        for m in found
    ]


def complete(text: str, position: int) -> list[Proposal]:
    """Propose functions whose name begins like the word before the position."""
    start = position
    while start and text[start - 1].isalnum():
        start -= 1
    return [
        Proposal(f"{name}(", name, start, position, f"{name}{brackets}", words, "terminal")
        for name, brackets, words in FUNCTIONS
        if name.startswith(text[start:position])
    ]


def signature(text: str, position: int) -> Signature | None:
    """Explain the brackets that are open before the position."""
    for name, brackets, words in FUNCTIONS:
        if f"{name}(" in text[:position] and ")" not in text[:position]:
            return Signature(f"{name}{brackets}", len(name) + 1, len(name) + 6, words)
    return None


LANGUAGE = Language(tokens, complete, signature, triggers=".")


class Gallery:
    """Opens widgets over a window."""

    def __init__(self, theme: Theme, jobs: Jobs, window: QWidget) -> None:
        self._theme = theme
        self._jobs = jobs
        self._window = window

    def scenes(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the scenes by name."""
        makers: dict[str, Callable[[], QWidget]] = {
            "json": self._json,
            "json-search": self._json_search,
            "json-error": self._json_error,
            "diff": self._diff,
            "timeline": self._timeline,
            "chips": self._chips,
            "person": self._person,
            "code": self._code,
            "code-completion": self._code_completion,
        }
        return [(f"widget-{name}", partial(self._show, make)) for name, make in makers.items()]

    def _show(self, make: Callable[[], QWidget]) -> None:
        dialog = Dialog(self._theme, self._window, "Gallery")
        widget = make()
        widget.setMinimumSize(640, 480)
        dialog.add(widget)
        dialog.open()
        widget.setFocus()

    def _json(self) -> QWidget:
        view = JsonView(self._theme, self._jobs, "Request body")
        view.set_json(USER)
        view.set_line_numbers(True)
        view.text.fold(7, True)
        view.text.go_to(14, 8)
        return view

    def _json_search(self) -> QWidget:
        view = JsonView(self._theme, self._jobs, "Request body")
        view.set_json({"Resources": [USER] * 300}, ["northwind"])
        view.find_bar.field.setText("value")
        view.open_find()
        view.text.next_match()
        return view

    def _json_error(self) -> QWidget:
        view = JsonView(self._theme, self._jobs, "Request body")
        view.set_json(b'{\n  "userName": "ann@acme.example",\n  "active": true,\n}\n')
        other = JsonView(self._theme, self._jobs, "Response body")
        other.set_json(b"<html><body>502 Bad Gateway</body></html>")
        both = QWidget()
        both.setLayout(column(view, other, spacing=3))
        return both

    def _code(self) -> QWidget:
        empty = CodeLine(
            self._theme,
            "Filter",
            LANGUAGE,
            icon="filter",
            placeholder="Filter calls, such as status:>=400 method:PATCH",
            clearable=True,
        )
        line = CodeLine(self._theme, "Filter", LANGUAGE, icon="filter", clearable=True)
        line.set_text('status:4xx since:10x text:"employeeNumber"')
        line.set_problem(Problem("“10x” is not a time: write 10m, 3h or a date.", 17, 3))
        line.set_history(["status:>=400"])
        box = CodeLine(self._theme, "Expression", LANGUAGE, lines=3)
        box.set_text('String.substringBefore(user.email, "@") +\n    "🌻" + user.fristName')
        at = box.text().index("fristName")
        box.set_problem(Problem("Invalid property fristName in expression.", at, 9))
        hint = CodeLine(self._theme, "Expression", LANGUAGE, lines=3)
        hint.set_text("substringBefore(user.email")
        both = QWidget()
        both.setLayout(column(empty, line, box, label("With a hint:", "muted"), hint, None))
        both.setFocusProxy(hint)
        return both

    def _code_completion(self) -> QWidget:
        line = CodeLine(self._theme, "Expression", LANGUAGE, lines=3)
        line.set_text("String.subst")
        line.editor.moveCursor(line.editor.textCursor().MoveOperation.End)
        both = QWidget()
        both.setLayout(column(line, None))
        both.setFocusProxy(line)
        QTimer.singleShot(60, self._window, partial(self._propose, line))
        return both

    def _propose(self, line: CodeLine) -> None:
        line.editor.propose(asked=True)
        line.editor.popup._move(2)

    def _diff(self) -> QWidget:
        view = DiffView(self._theme, self._jobs, "Blink holds now", "Okta would send")
        after = {name: value for name, value in USER.items() if name != "nickName"}
        after["name"] = {"givenName": "Anna", "familyName": "Östberg", "middleName": "M"}
        after["active"] = False
        after["title"] = "Head of tours"
        view.set_json(USER, after)
        view.setMinimumWidth(860)
        return view

    def _timeline(self) -> QWidget:
        minute = 60_000_000
        start = 1_795_424_400_000_000
        calls = [round(60 + 55 * math.sin(n / 9) + n % 7 * 4) for n in range(120)]
        calls[70:76] = [0] * 6
        failures = [calls[n] // 3 if 30 < n < 38 or n == 90 else 0 for n in range(120)]
        series = Series(start, minute, calls, failures)
        line = Timeline(self._theme, "Calls over time", local=utc)
        line.set_series(series)
        line.choose(start + 28 * minute, start + 42 * minute)
        plain = Timeline(self._theme, "Calls over time", local=utc)
        plain.set_series(Series(start, minute // 60, [0, 3, 0, 1], [0, 1, 0, 0]))
        none = Timeline(self._theme, "Calls over time", local=utc)
        none.set_series(Series(start, minute, (), ()))
        small = Timeline(self._theme, "Calls today", small=True, local=utc)
        small.set_series(series)
        both = QWidget()
        both.setLayout(column(line, plain, none, small, None, spacing=4))
        both.setFocusProxy(line)
        return both

    def _chips(self) -> QWidget:
        chips = FlowChips(self._theme, "Filters")
        chips.set_chips(
            [
                Chip("errors", "Errors", "x-circle", active=True),
                Chip("creates", "Creates", "plus"),
                Chip("deactivations", "Deactivations", "user-off"),
                Chip("a", "status:>=400", removable=True),
                Chip("b", "user:ann.ostberg@northwind.example", removable=True, active=True),
                Chip("c", "Slow & failed", "clock", removable=True),
                Chip("d", "since:10m", removable=True),
            ]
        )
        both = QWidget()
        both.setLayout(column(chips, label("What comes below", "muted"), None))
        both.setFixedWidth(640)
        both.setFocusProxy(chips.button("a"))
        return both

    def _person(self) -> QWidget:
        people = [
            PersonChoice("1", "Ann Östberg", "ann.ostberg@northwind.example"),
            PersonChoice("2", "Anna-Karin O’Neill", "anna.oneill@northwind.example"),
            PersonChoice("3", "Joanna Lind", "joanna.lind@northwind.example"),
        ]
        chooser = PersonChooser(self._theme, self._jobs, lambda text: people)
        other = PersonChooser(self._theme, self._jobs, lambda text: people, "Other person")
        other.set_person(people[0])
        both = QWidget()
        both.setLayout(column(other, chooser, None))
        both.setFocusProxy(chooser)
        typed = partial(self._type, chooser.field, "ann")
        QTimer.singleShot(60, self._window, typed)
        return both

    def _type(self, field: QLineEdit, text: str) -> None:
        field.setFocus()
        field.setText(text)


def utc(at: int) -> datetime:
    """Return a moment in the time zone of the pictures."""
    return datetime.fromtimestamp(at / 1_000_000, UTC)
