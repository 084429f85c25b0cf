"""Asks in which form calls go to a file, and whether personal data goes with them."""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from gui.organizations.dialogs import counted
from gui.theme import Theme
from gui.widgets.boxes import column, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from gui.widgets.switch import Switch
from server.calls.export import EXPORTS

PSEUDONYMS = "Names, addresses, phone numbers and ids become made-up ones; equal ones stay equal."


class ExportDialog(Dialog):
    """Offers the forms of an export."""

    def __init__(
        self, theme: Theme, parent: QWidget, calls: int, export: Callable[[str, bool], None]
    ) -> None:
        """``export`` takes the name of a form, and whether personal data is replaced."""
        super().__init__(
            theme,
            parent,
            f"Export {counted(calls, 'call')}",
            "Tokens, cookies and passwords are never in the log, and never in an export.",
        )
        self._export = export
        self._forms = QButtonGroup(self)
        choices = column(spacing=2)
        self.buttons: dict[str, QRadioButton] = {}
        for name, form in EXPORTS.items():
            button = QRadioButton(form.title)
            button.setAccessibleDescription(form.help)
            self._forms.addButton(button)
            self.buttons[name] = button
            help_text = label(form.help, "small", wrap=True)
            help_text.setIndent(26)
            choices.addLayout(column(row(button, None), help_text, spacing=0))
        next(iter(self.buttons.values())).setChecked(True)
        self.pseudonyms = Switch(theme, "Replace personal data")
        self.pseudonyms.setAccessibleDescription(PSEUDONYMS)
        what = label(PSEUDONYMS, "small", wrap=True)
        what.setIndent(48)
        self.add(plain(choices), plain(column(self.pseudonyms, what, spacing=0)))
        export_button = push_button(theme, "Export…", "export", kind="primary", clicked=self.accept)
        self.end_with(self.cancel_button(), export_button)

    def accept(self) -> None:
        chosen = next(name for name, button in self.buttons.items() if button.isChecked())
        super().accept()
        self._export(chosen, self.pseudonyms.isChecked())
