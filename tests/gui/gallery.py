"""The shared widgets, each with something believable in it, for ``tests.screenshots``."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from gui.jobs import Jobs
from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.dialog import Dialog
from gui.widgets.json_view import JsonView

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
