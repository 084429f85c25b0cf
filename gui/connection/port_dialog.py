"""Choosing the port of the server."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.connection.control import ServerControl
from gui.theme import Theme
from gui.widgets.boxes import field
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label


class PortField(QLineEdit):
    """A field for a port that a program without special rights may take."""

    def __init__(self, port: int) -> None:
        super().__init__(str(port))
        self.setAccessibleName("Port")
        self.setToolTip("1024 to 65535")
        self.setValidator(QIntValidator(1024, 65535, self))
        self.setFixedWidth(110)

    @property
    def port(self) -> int | None:
        """Return the port that stands there, or None when it is none."""
        return int(self.text()) if self.hasAcceptableInput() else None

    def show_port(self, port: int) -> None:
        """Put another port there."""
        self.setText(str(port))


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
        self.port = PortField(control.state.port)
        self.port.textChanged.connect(self._check)
        self.add(field(label("Port", "caption"), self.port))
        self.serve_button = push_button(
            theme, "Serve on this port", kind="primary", clicked=self.accept
        )
        self.end_with(self.cancel_button(), self.serve_button)

    @Slot()
    def _check(self) -> None:
        self.serve_button.setEnabled(self.port.port is not None)

    def accept(self) -> None:
        if self.port.port is not None:
            super().accept()
            self._control.move_to(self.port.port)
