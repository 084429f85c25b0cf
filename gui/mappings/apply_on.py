"""Okta's two radio buttons: Create, and Create and update."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from gui.widgets.boxes import row
from server.okta.mapping.rows import ApplyOn


class ApplyOnButtons(QWidget):
    """When a mapping is applied."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.on_create = QRadioButton(ApplyOn.CREATE.value)
        self.on_update = QRadioButton(ApplyOn.CREATE_AND_UPDATE.value)
        self.on_create.setToolTip("When the user is created at Blink for the first time")
        self.on_update.setToolTip("All changes in Okta are synced to Blink (recommended)")
        self._group = QButtonGroup(self)
        for button in (self.on_create, self.on_update):
            self._group.addButton(button)
        self.setLayout(row(self.on_create, self.on_update, None, spacing=5))

    def choose(self, apply_on: ApplyOn) -> None:
        """Choose one of the two."""
        once = apply_on is ApplyOn.CREATE
        (self.on_create if once else self.on_update).setChecked(True)

    def chosen(self) -> ApplyOn:
        """Return which one is chosen."""
        return ApplyOn.CREATE if self.on_create.isChecked() else ApplyOn.CREATE_AND_UPDATE
