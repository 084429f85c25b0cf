"""The pill at the top: whether the server runs, its address, start, stop, port."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QSizePolicy

from gui.connection.control import Phase, ServerControl, ServerState
from gui.theme import Theme
from gui.widgets.boxes import restyle, row
from gui.widgets.buttons import CopyButton, push_button, tool_button
from gui.widgets.labels import ElidedLabel, icon_label

_LOOKS = {
    Phase.STOPPED: ("neutral", "circle", "muted"),
    Phase.STARTING: ("neutral", "clock", "muted"),
    Phase.RUNNING: ("success", "check-circle", "success"),
    Phase.STOPPING: ("neutral", "clock", "muted"),
    Phase.PORT_TAKEN: ("warning", "alert", "warning"),
    Phase.FAILED: ("danger", "x-circle", "danger"),
}


class ServerPill(QFrame):
    """Always says what is true of the server."""

    def __init__(self, theme: Theme, control: ServerControl) -> None:
        super().__init__()
        self._theme = theme
        self._control = control
        self.setProperty("kind", "pill")
        self.setFixedHeight(36)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.icon = icon_label(theme, "circle", "muted", 16)
        self.text = ElidedLabel("", mode=Qt.TextElideMode.ElideMiddle)
        self.copy_button = CopyButton(theme, "Copy the SCIM address", self._url)
        self.take_other_button = push_button(theme, "", kind="link", clicked=self._take_other)
        self.toggle_button = tool_button(theme, "Start the server", "play", clicked=control.toggle)
        self.setLayout(
            row(
                self.icon,
                self.text,
                self.take_other_button,
                self.copy_button,
                self.toggle_button,
                spacing=1,
                margins=(3, 0, 1, 0),
            )
        )
        control.state_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._control.state
        tone, icon, color = _LOOKS[state.phase]
        restyle(self, tone=tone)
        self._theme.icons.put_on_label(self.icon, icon, color, 16)
        self.text.setText(words(state))
        running = state.phase is Phase.RUNNING
        self.copy_button.setVisible(running)
        self.take_other_button.setVisible(state.next_free is not None)
        self.take_other_button.setText(f"Use {state.next_free}")
        name = "Stop the server" if running else "Start the server"
        self._theme.icons.put(self.toggle_button, "stop" if running else "play", "muted")
        self.toggle_button.setAccessibleName(name)
        self.toggle_button.setToolTip(f"{name} (Ctrl+Shift+S)")
        self.toggle_button.setEnabled(state.phase not in (Phase.STARTING, Phase.STOPPING))

    @Slot()
    def _take_other(self) -> None:
        port = self._control.state.next_free
        if port is not None:
            self._control.start(port)

    def _url(self) -> str:
        return self._control.state.url


def words(state: ServerState) -> str:
    """Return a state as the pill says it."""
    if state.phase is Phase.RUNNING:
        return f"Serving on {state.url}"
    if state.phase is Phase.PORT_TAKEN:
        return f"Port {state.port} is taken by another program"
    if state.phase is Phase.FAILED:
        return state.text
    return {
        Phase.STOPPED: "Server stopped",
        Phase.STARTING: f"Starting on port {state.port}…",
        Phase.STOPPING: "Stopping…",
    }[state.phase]
