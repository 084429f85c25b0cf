"""Whether people who come in take the place of those who are there."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from gui.widgets.boxes import column
from gui.widgets.labels import label


class ModeButtons(QWidget):
    """Replace everybody, or add to them; the samples always give way."""

    def __init__(self, *, has_own: bool) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._has_own = has_own
        self.add = QRadioButton("Add to the people, and update those who are known")
        self.add.setToolTip("By Okta user id or username; everybody else stays")
        self.replace = QRadioButton("Replace all people")
        self.replace.setToolTip("Who is not in what comes is deleted")
        self._group = QButtonGroup(self)
        for button in (self.add, self.replace):
            self._group.addButton(button)
            button.setVisible(has_own)
        self.add.setChecked(True)
        instead = label("The shipped samples give way to these people.", "muted", wrap=True)
        instead.setVisible(not has_own)
        self.setLayout(column(self.add, self.replace, instead, spacing=1))

    @property
    def replaces(self) -> bool:
        """Say whether everybody is to be replaced."""
        return not self._has_own or self.replace.isChecked()
