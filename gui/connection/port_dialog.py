"""Choosing the port of the server."""

from PySide6.QtWidgets import QSpinBox, QWidget

from gui.connection.control import ServerControl
from gui.theme import Theme
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label


def port_field(port: int) -> QSpinBox:
    """Return a field for a port that a program without special rights may take."""
    field = QSpinBox()
    field.setRange(1024, 65535)
    field.setValue(port)
    field.setAccessibleName("Port")
    field.setGroupSeparatorShown(False)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setFixedWidth(110)
    return field


class PortDialog(Dialog):
    """Asks for a port and serves there."""

    def __init__(self, theme: Theme, parent: QWidget, control: ServerControl) -> None:
        super().__init__(
            theme,
            parent,
            "Change port",
            "The server listens on this computer only. Okta and the tunnel need the new address "
            "when the port changes.",
        )
        self._control = control
        self.port = port_field(control.state.port)
        self.add(label("Port", "caption"), self.port)
        serve = push_button(theme, "Serve on this port", kind="primary", clicked=self.accept)
        self.end_with(self.cancel_button(), serve)

    def accept(self) -> None:
        super().accept()
        self._control.move_to(self.port.value())
