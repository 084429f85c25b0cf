"""How long calls are kept, and how much room they take."""

from collections.abc import Callable

from PySide6.QtWidgets import QSpinBox, QWidget

from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.times import size_words
from gui.widgets.boxes import field, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from storage.calls import Size
from storage.retention import Retention


class RetentionDialog(Dialog):
    """Asks for days and calls; 0 is no limit."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        retention: Retention,
        size: Size,
        keep: Callable[[Retention], None],
        clear: Callable[[], None],
    ) -> None:
        super().__init__(
            theme,
            parent,
            "Keeping calls",
            f"The log holds {counted(size.calls, 'call')} in {size_words(size.bytes)}. What is "
            "older or more than this goes by itself; calls with a mark or a note stay.",
        )
        self._keep = keep
        self.days = self._box("Days that calls are kept", retention.days, 3650, " days")
        self.calls = self._box(
            "Calls kept of an organization", retention.calls, 10_000_000, " calls"
        )
        self.calls.setSingleStep(10_000)
        self.calls.setGroupSeparatorShown(True)
        self.add(
            plain(
                row(
                    field(label("Keep for", "caption"), self.days),
                    field(label("Keep of each organization", "caption"), self.calls),
                    spacing=3,
                )
            )
        )

        def ask_to_clear() -> None:
            self.reject()
            clear()

        clear_button = push_button(theme, "Clear the log…", "trash", clicked=ask_to_clear)
        save = push_button(theme, "Save", kind="primary", clicked=self.accept)
        self.end_with(clear_button, self.cancel_button(), save)

    def accept(self) -> None:
        super().accept()
        self._keep(Retention(self.days.value() or None, self.calls.value() or None))

    def _box(self, name: str, value: int | None, most: int, unit: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(0, most)
        box.setSpecialValueText("No limit")
        box.setSuffix(unit)
        box.setValue(value or 0)
        box.setAccessibleName(name)
        return box
