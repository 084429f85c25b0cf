"""The address that Okta needs, where nobody has to look for it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame

from gui.connection.control import Phase, ServerControl
from gui.theme import Theme
from gui.widgets.boxes import column
from gui.widgets.buttons import push_button
from gui.widgets.labels import label
from gui.widgets.secret_field import SecretField


class AddressCard(QFrame):
    """Shows the SCIM base URL while the server runs, else a button that starts it."""

    def __init__(self, theme: Theme, server: ServerControl) -> None:
        super().__init__()
        self._server = server
        self.setProperty("kind", "card")
        self.address = SecretField(theme, "SCIM base URL", "", "Copy the SCIM base URL")
        self.hint = label("", "small", wrap=True)
        self.start_button = push_button(theme, "Start the server", "play", clicked=server.toggle)
        self.setLayout(
            column(
                label("SCIM base URL for Okta", "heading"),
                self.address,
                self.hint,
                self.start_button,
                margins=(4, 4, 4, 4),
            )
        )
        server.state_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._server.state
        running = state.phase is Phase.RUNNING
        self.address.setVisible(running)
        self.address.line.setText(state.url)
        self.start_button.setVisible(not running)
        self.start_button.setEnabled(state.phase in (Phase.STOPPED, Phase.FAILED))
        self.hint.setText(
            "On this computer only: Okta comes in through a tunnel or your own proxy, whose "
            "address ends in /scim/v2 as well."
            if running
            else "The server is not running, so no call can arrive."
        )
