"""What can be done with the calls that are chosen, by menu, key and command."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from gui.desk import Desk
from gui.jobs import Progress
from gui.live_log.copying import FORMS, Form

BETWEEN = "\n\n"
"""What stands between two calls on the clipboard."""


class CallActions(QObject):
    """Acts on ``chosen``, the ids of calls, oldest first."""

    def __init__(self, desk: Desk, page: QWidget, chosen: Callable[[], Sequence[int]]) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._chosen = chosen
        self.copy_menu = QMenu(page)
        self._fill_copy_menu(self.copy_menu)

    def commands(self) -> dict[str, Callable[[], None]]:
        """Return what the commands of ``gui.commands`` do, by their target."""
        return {"copy-curl": partial(self.copy, FORMS[0])}

    def keys(self) -> dict[str, Callable[[], None]]:
        """Return what single keys do in the list."""
        return {"c": partial(self.copy, FORMS[0])}

    def menu(self, parent: QWidget) -> QMenu:
        """Return the menu of the chosen calls."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        copies = menu.addMenu("Copy")
        self._desk.theme.icons.put(copies.menuAction(), "copy", "muted")
        self._fill_copy_menu(copies)
        return menu

    def copy(self, form: Form) -> None:
        """Put the chosen calls onto the clipboard."""
        ids, calls, base_url = list(self._chosen()), self._desk.services.calls, self._base_url()
        if not ids:
            self._desk.toasts.show("Choose a call first.", "neutral")
            return

        def write(progress: Progress) -> str:
            texts = []
            for number, call_id in enumerate(ids):
                progress.report(number / len(ids))
                if stored := calls.get(call_id):
                    texts.append(form.write(stored.call, base_url))
            return BETWEEN.join(texts)

        title = "Copying calls" if len(ids) > 50 else ""
        self._desk.jobs.run(title, write, _Copied(self, form.name, len(ids)).take)

    def put_on_clipboard(self, text: str, name: str) -> None:
        """Copy a text and say so."""
        QGuiApplication.clipboard().setText(text)
        self._desk.toasts.show(f"The {name} is on the clipboard.")

    def _fill_copy_menu(self, menu: QMenu) -> None:
        for form in FORMS:
            action = menu.addAction(form.title, partial(self.copy, form))
            if form.icon:
                self._desk.theme.icons.put(action, form.icon, "muted")

    def _base_url(self) -> str:
        return base_url(self._desk)


class _Copied(QObject):
    """Remembers what was asked for until its text is there."""

    def __init__(self, actions: CallActions, name: str, calls: int) -> None:
        super().__init__(actions)
        self._actions = actions
        self._words = name if calls == 1 else f"{name} of {calls:,} calls"

    def take(self, text: str) -> None:
        self._actions.put_on_clipboard(text, self._words)
        self.deleteLater()


def base_url(desk: Desk) -> str:
    """Return where the server is reached, up to the path."""
    state = desk.server.state
    return state.url.removesuffix("/scim/v2") or f"http://127.0.0.1:{state.port}"
