import socket
import threading

import httpx
import pytest

from gui.connection.control import Phase, ServerState
from gui.connection.pill import words
from gui.connection.port_dialog import PortDialog
from gui.settings import PORT
from tests.gui.stage import Stage


def start(stage: Stage) -> str:
    stage.window.server.start()
    stage.until(lambda: stage.window.server.state.phase is Phase.RUNNING)
    return stage.window.server.state.url


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def test_pill_starts_and_stops_the_server(stage: Stage) -> None:
    pill = stage.window.pill
    assert pill.text.text() == "Server stopped"
    pill.toggle_button.click()
    stage.until(lambda: stage.window.server.state.phase is Phase.RUNNING)
    url = stage.window.server.state.url
    assert pill.text.text() == f"Serving on {url}"
    assert httpx.get(url, trust_env=False).status_code == 200
    assert stage.served == [url]
    pill.toggle_button.click()
    stage.until(lambda: stage.window.server.state.phase is Phase.STOPPED)
    assert stage.served == [url, ""]


def test_taken_port_offers_the_next_free_one(stage: Stage) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        stage.settings.set(PORT, port)
        stage.window.server.start()
        stage.until(lambda: stage.window.server.state.phase is Phase.PORT_TAKEN)
        pill = stage.window.pill
        assert pill.text.text() == f"Port {port} is taken by another program"
        assert not pill.take_other_button.isHidden()
        next_free = stage.window.server.state.next_free
        pill.take_other_button.click()
        stage.until(lambda: stage.window.server.state.phase is Phase.RUNNING)
        assert stage.window.server.state.port == next_free
        assert stage.settings.get(PORT) == next_free


def test_another_port_is_served_after_the_dialog(stage: Stage) -> None:
    start(stage)
    stage.window.actions_registry["server.port"].trigger()
    dialog = stage.dialog(PortDialog)
    dialog.port.setText("80")
    assert not dialog.serve_button.isEnabled()
    port = free_port()
    dialog.port.setText(str(port))
    dialog.serve_button.click()
    stage.until(lambda: stage.window.server.state.url.endswith(f":{port}/scim/v2"))


def test_server_that_dies_is_not_called_serving(stage: Stage) -> None:
    start(stage)
    stage.backstage.server.stop()
    stage.until(lambda: stage.window.server.state.phase is Phase.FAILED)
    assert "stopped by itself" in stage.window.pill.text.text()


def test_closing_finishes_the_calls_under_way(stage: Stage) -> None:
    url = start(stage)
    answers: list[int] = []

    def ask() -> None:
        answers.append(httpx.get(f"{url}/slow", trust_env=False, timeout=5).status_code)

    client = threading.Thread(target=ask)
    client.start()
    stage.until(lambda: stage.backstage.server.active_calls == 1)
    stage.window.close()
    assert stage.window.isVisible()
    stage.until(lambda: "Finishing 1 call" in stage.window.waiting.heading.text())
    stage.until(lambda: stage.closed)
    client.join(5)
    assert answers == [200]
    assert stage.backstage.closed == ["server stopped", "closed"]
    assert not stage.window.isVisible()


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_words(phase: Phase) -> None:
    assert words(ServerState(phase, 8765, url="u", text="why"))
