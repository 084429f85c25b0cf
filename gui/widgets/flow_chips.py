"""Chips that are clicked and removed: saved filters, terms of a filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QToolButton, QWidget

from gui.theme import Theme
from gui.widgets.boxes import clear, row
from gui.widgets.buttons import push_button, tool_button
from gui.widgets.flow_layout import FlowLayout


@dataclass(frozen=True, slots=True)
class Chip:
    """One chip; ``key`` names it in the signals. ``active`` is shown as pressed."""

    key: str
    text: str
    icon: str = ""
    hint: str = ""
    active: bool = False
    removable: bool = False


class FlowChips(QWidget):
    """Chips that wrap into lines; arrow keys go between them, Delete removes.

    Signals:
        clicked: a chip was pressed, with its key. Whether it is active stays as it was set.
        removed: a chip is to be removed, with its key.
    """

    clicked = Signal(str)
    removed = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._chips: Sequence[Chip] = ()
        self._buttons: list[QPushButton] = []
        self._crosses: dict[str, QToolButton] = {}
        self.setProperty("kind", "plain")
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = FlowLayout(1)
        self.setLayout(self._flow)

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show other chips; the keyboard stays at the place where it is."""
        if chips == self._chips:
            return
        focused = next((n for n, each in enumerate(self._buttons) if each.hasFocus()), None)
        self._chips = tuple(chips)
        self._buttons = []
        self._crosses = {}
        clear(self._flow)
        for chip in chips:
            self._flow.addWidget(self._made(chip))
        if focused is not None and self._buttons:
            self._buttons[min(focused, len(self._buttons) - 1)].setFocus()
        self.updateGeometry()

    @property
    def chips(self) -> Sequence[Chip]:
        """Return the chips as they were set."""
        return self._chips

    def button(self, key: str) -> QPushButton:
        """Return the button of a chip; raises ``KeyError`` for an unknown key."""
        for chip, button in zip(self._chips, self._buttons, strict=True):
            if chip.key == key:
                return button
        raise KeyError(key)

    def remove_button(self, key: str) -> QToolButton | None:
        """Return the cross of a chip, if it can be removed."""
        return self._crosses.get(key)

    def _made(self, chip: Chip) -> QWidget:
        button = push_button(self._theme, chip.text, chip.icon, "chip")
        button.setText(button.text().replace("&", "&&"))
        button.setToolTip(chip.hint)
        button.setCheckable(True)
        button.setChecked(chip.active)
        button.clicked.connect(partial(self._click, button, chip))
        button.installEventFilter(self)
        if chip.icon:
            self._theme.icons.put(button, chip.icon, "accent" if chip.active else "muted")
        self._buttons.append(button)
        if not chip.removable:
            holder = QFrame()
            holder.setProperty("kind", "plain")
            holder.setLayout(row(button))
            return holder
        button.setProperty("kind", "chip-inside")
        hint = "Remove (Delete)"
        cross = tool_button(
            self._theme, f"Remove {chip.text}", "close", hint, partial(self.removed.emit, chip.key)
        )
        # The keyboard has Delete on the chip; one stop a chip is enough.
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setProperty("kind", "chip-cross")
        self._crosses[chip.key] = cross
        holder = QFrame()
        holder.setProperty("kind", "chip")
        holder.setProperty("active", chip.active)
        holder.setLayout(row(button, cross, spacing=0))
        return holder

    def _click(self, button: QPushButton, chip: Chip, *_checked: bool) -> None:
        button.setChecked(chip.active)
        self.clicked.emit(chip.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and isinstance(watched, QPushButton)
            and watched in self._buttons
        ):
            number = self._buttons.index(watched)
            steps = {int(Qt.Key.Key_Right): 1, int(Qt.Key.Key_Left): -1}
            if step := steps.get(event.key()):
                self._buttons[(number + step) % len(self._buttons)].setFocus()
                return True
            removing = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            if removing and self._chips[number].removable:
                self.removed.emit(self._chips[number].key)
                return True
        return super().eventFilter(watched, event)
