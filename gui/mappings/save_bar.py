"""The mappings' name with its menu, whether they are saved, undo and redo."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.desk import Desk
from gui.mappings.work import FIRST_NAME, MappingWork, SaveState
from gui.widgets.boxes import row
from gui.widgets.buttons import push_button, tool_button
from gui.widgets.labels import icon_label, label

ACTIONS = (
    ("duplicate", "rename", "delete"),
    ("username", "numbers", "reset"),
    ("import", "export", "export_api"),
)
"""What the menu offers below the sets, in groups."""

STATES = {
    SaveState.SAVED: ("check", "success"),
    SaveState.SAVING: ("clock", "muted"),
    SaveState.FAILED: ("alert", "danger"),
}


class SaveBar(QWidget):
    """Stands at the right of the page's head."""

    def __init__(self, desk: Desk, work: MappingWork) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._desk = desk
        self._work = work
        theme = desk.theme
        self._icon = icon_label(theme, "check", "success", 16)
        self.state = label(SaveState.SAVED.value, "small")
        self.retry_button = push_button(theme, "Try again", kind="link", clicked=work.retry)
        self.undo_button = tool_button(
            theme, "Undo", "undo", clicked=desk.actions["mappings.undo"].trigger
        )
        self.redo_button = tool_button(
            theme, "Redo", "redo", clicked=desk.actions["mappings.redo"].trigger
        )
        self.menu_button = QToolButton()
        self.menu_button.setProperty("kind", "framed")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setToolTip("Other mappings, import, export, reset")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.menu_button.setMenu(self._menu)
        self.setLayout(
            row(
                self._icon,
                self.state,
                self.retry_button,
                self.undo_button,
                self.redo_button,
                self.menu_button,
                spacing=1,
            )
        )
        work.state_changed.connect(self._show)
        work.loaded.connect(self._show)
        self._show()

    def next_words(self, step: str) -> str:
        """Return what "undo" or "redo" would do."""
        stored = self._work.stored
        told = stored and (stored.undoes if step == "undo" else stored.redoes)
        if told is None:
            return f"There is nothing to {step}."
        again = self._desk.actions[f"mappings.{step}"].shortcut().toString()
        return f"Press {again} again to {step}: {told}"

    @Slot()
    def _show(self) -> None:
        work = self._work
        stored, state = work.stored, work.state
        icon, color = STATES[state]
        self._desk.theme.icons.put_on_label(self._icon, icon, color, 16)
        self.state.setText(state.value if stored or state is not SaveState.SAVED else "Default")
        self.state.setToolTip(work.error)
        self.retry_button.setVisible(state is SaveState.FAILED)
        steps = (
            (self.undo_button, "Undo", stored and stored.undoes),
            (self.redo_button, "Redo", stored and stored.redoes),
        )
        for button, word, told in steps:
            button.setEnabled(told is not None)
            keys = self._desk.actions[f"mappings.{word.lower()}"].shortcut().toString()
            button.setToolTip(f"{word}: {told} ({keys})" if told else f"Nothing to {word.lower()}")
        name = stored.name if stored else FIRST_NAME
        shown = name if len(name) <= 24 else f"{name[:23]}…"
        self.menu_button.setText(f"{shown}  ▾")
        self.menu_button.setAccessibleName(f"Mappings: {name}")

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        if len(self._work.sets) > 1:
            for each in self._work.sets:
                action = self._menu.addAction(each.name, partial(self._work.use, each.id))
                action.setCheckable(True)
                action.setChecked(each.in_use)
            self._menu.addSeparator()
        for group in ACTIONS:
            for key in group:
                action = self._desk.actions[f"mappings.{key}"]
                if key == "numbers":
                    action.setCheckable(True)
                    action.setChecked(self._work.mappings.numbers_as_text)
                if key != "delete" or self._work.stored:
                    self._menu.addAction(action)
            self._menu.addSeparator()
