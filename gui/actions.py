"""One registry of everything a person can do: menu entry, shortcut, tooltip and palette entry."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.icons import Icons


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action as it is declared.

    ``key`` names it in the code, ``menu`` is the heading it stands under, ``shortcut`` is written
    as Qt does ("Ctrl+K"), ``hint`` says in one line what happens.
    """

    key: str
    text: str
    menu: str
    icon: str
    hint: str
    shortcut: str = ""


class Actions(QObject):
    """Makes the actions of a window and finds them again."""

    def __init__(self, window: QWidget, icons: Icons) -> None:
        super().__init__(window)
        self._window = window
        self._icons = icons
        self._specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, spec: ActionSpec, slot: Callable[[], None]) -> QAction:
        """Make an action that works everywhere in the window.

        Raises ``ValueError`` when the key or the shortcut is taken already.
        """
        sequence = QKeySequence(spec.shortcut)
        taken = [a for a in self._actions.values() if spec.shortcut and a.shortcut() == sequence]
        if spec.key in self._actions or taken:
            raise ValueError(f"{spec.key} or its shortcut {spec.shortcut} is taken")
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.key)
        action.setToolTip(tooltip(spec.hint, spec.shortcut))
        action.setStatusTip("")
        if spec.shortcut:
            action.setShortcut(sequence)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._icons.put(action, spec.icon, "muted")
        action.triggered.connect(slot)
        self._window.addAction(action)
        self._specs[spec.key] = spec
        self._actions[spec.key] = action
        return action

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def specs(self) -> list[ActionSpec]:
        """Return the declarations in the order in which they were added."""
        return list(self._specs.values())

    def menus(self) -> dict[str, list[QAction]]:
        """Return the actions under their headings."""
        menus: dict[str, list[QAction]] = {}
        for key, spec in self._specs.items():
            menus.setdefault(spec.menu, []).append(self._actions[key])
        return menus


def tooltip(hint: str, shortcut: str) -> str:
    """Return a hint with its shortcut behind it, as tooltips show it."""
    if not shortcut:
        return hint
    native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{hint} ({native})"
