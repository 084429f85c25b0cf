"""kill -9 in the middle of a load: nothing that was promised is lost."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from storage.database import calls_path

MAIN = Path(__file__).parent.parent / "main.py"
ROUNDS = 20
LOAD_SECONDS = 0.35
LOG_DELAY = 0.2
"""Seconds after which an answered call must be in the log."""


def command(database: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, MAIN, "--database", database, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


class Load(threading.Thread):
    """Creates users over one connection until the server is gone."""

    def __init__(self, port: int, token: str, name: str) -> None:
        super().__init__()
        self._port, self._token, self._name = port, token, name
        self.created: list[tuple[str, str, float]] = []
        """userName, id and the time of the answer, of each user that was answered 201."""

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/scim+json",
        }
        number = 0
        try:
            while True:
                user_name = f"{self._name}-{number}@example.com"
                body = {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "userName": user_name,
                    "emails": [{"type": "work", "value": user_name}],
                    "active": True,
                }
                connection.request("POST", "/scim/v2/Users", json.dumps(body), headers)
                answer = connection.getresponse()
                content = answer.read()
                if answer.status == 201:
                    user_id = json.loads(content)["id"]
                    self.created.append((user_name, user_id, time.monotonic()))
                number += 1
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()


def test_nothing_that_was_answered_is_lost_by_kill_9(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    command(database, "org", "create", "Acme")
    token = command(database, "token", "create", "--org", "Acme")
    promised: dict[str, str] = {}
    logged: set[str] = set()

    for number in range(ROUNDS):
        server = subprocess.Popen(
            [sys.executable, MAIN, "serve", "--port", "0", "--database", database],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout
        port = int(server.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        loads = [Load(port, token, f"round{number}-{lane}") for lane in range(4)]
        for load in loads:
            load.start()
        time.sleep(LOAD_SECONDS)
        killed_at = time.monotonic()
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        server.stdout.close()
        for load in loads:
            load.join()
            promised |= {name: user_id for name, user_id, _ in load.created}
            logged |= {
                name for name, _, answered in load.created if answered < killed_at - LOG_DELAY
            }

    assert len(promised) > 10 * ROUNDS
    assert len(logged) > 5 * ROUNDS
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = dict(
            connection.execute("SELECT json_extract(document, '$.userName'), scim_id FROM user")
        )
    assert {name: stored.get(name) for name in promised} == promised
    with closing(sqlite3.connect(calls_path(database))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        subjects = {
            subject
            for (subject,) in connection.execute("SELECT subject FROM call WHERE status = 201")
        }
    assert logged - subjects == set()
    listed = json.loads(command(database, "org", "list", "--json"))
    assert listed[0]["users"] == len(stored)
