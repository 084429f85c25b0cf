"""Measures `main.py serve` beside two ceilings of the same run.

    python -m tests.benchmarks.server [--users 2000] [--preloaded 100000] [--connections 8]

The server runs in a process of its own, its SQLite files on disk, every call recorded with its
bodies. The ceilings: Starlette on uvicorn with a fixed answer of 1.5 kB, and raw durable SQLite
commits of one row. ``--preloaded`` puts that many users into the directory first, so that two runs
show whether a rate depends on how many there are. Quote ratios within one run.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import orjson

from server.blink.identity import keys_of
from server.blink.users import serialised
from storage.database import open_directory
from storage.directory import UserDirectory

ROOT = Path(__file__).parents[2]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CEILING_APP = """
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
BODY = b'{"x": "' + b"y" * 1500 + b'"}'
async def fixed(request):
    return Response(BODY, media_type="application/scim+json")
app = Starlette(routes=[Route("/scim/v2/{path:path}", fixed)])
"""

Message = bytes


class Client(asyncio.Protocol):
    """A kept-alive connection; answers have a Content-Length or no body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) >= length:
            self._buffer = b""
            self._answer.set_result((int(head[9:12]), body))

    def ask(self, message: Message) -> "asyncio.Future[tuple[int, bytes]]":
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        return self._answer

    def close(self) -> None:
        self._transport.close()


class Load:
    """Sends messages over several connections at once and times them."""

    def __init__(self, port: int, token: str, connections: int) -> None:
        self._port, self._token, self._connections = port, token, connections
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"

    def message(self, method: str, path: str, body: object = None) -> Message:
        content = b"" if body is None else orjson.dumps(body)
        head = f"{method} /scim/v2{path} HTTP/1.1\r\n{self._head}"
        if body is not None:
            head += f"Content-Type: application/scim+json\r\nContent-Length: {len(content)}\r\n"
        return head.encode() + b"\r\n" + content

    def run(self, messages: Sequence[Message], status: int) -> tuple[float, list[bytes]]:
        """Return messages a second, and the bodies in the order of the messages."""

        async def all_of_them() -> tuple[float, list[bytes]]:
            loop = asyncio.get_running_loop()
            bodies = [b""] * len(messages)
            work = iter(enumerate(messages))
            clients = [
                (await loop.create_connection(Client, "127.0.0.1", self._port))[1]
                for _ in range(self._connections)
            ]

            async def lane(client: Client) -> None:
                for number, message in work:
                    got, bodies[number] = await client.ask(message)
                    if got != status:
                        raise SystemExit(f"status {got}, not {status}: {bodies[number][:300]!r}")

            began = time.perf_counter()
            await asyncio.gather(*(lane(client) for client in clients))
            rate = len(messages) / (time.perf_counter() - began)
            for client in clients:
                client.close()
            return rate, bodies

        return asyncio.run(all_of_them())


@contextmanager
def process(command: list[str], ready: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
    """Run a command until the block ends; gives the line that says that it is ready, and its id."""
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )
    assert running.stdout
    line = ""
    while not ready(line):
        line = running.stdout.readline()
    try:
        yield line, running.pid
    finally:
        running.terminate()
        running.wait()


def person(number: int) -> dict[str, object]:
    """Return a user as Okta sends one."""
    name = f"user{number:07d}@bench.example"
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "name": {"givenName": "Ada", "familyName": f"Bench {number}"},
        "emails": [{"primary": True, "value": name, "type": "work"}],
        "phoneNumbers": [{"value": f"+4477{number:08d}", "type": "mobile"}],
        "title": "Engineer",
        "externalId": f"00u{number:017d}",
        "displayName": f"Ada Bench {number}",
        "locale": "en-GB",
        "active": True,
        ENTERPRISE: {"department": "Engineering", "employeeNumber": f"E{number}"},
    }


def preload(path: Path, count: int) -> None:
    """Put users into the directory without the server."""
    database = open_directory(path)
    directory = UserDirectory(database)
    for start in range(0, count, 10_000):
        with directory.write():
            for number in range(start, min(count, start + 10_000)):
                document = person(1_000_000 + number)
                directory.insert_user(
                    1,
                    f"bench-{number:07d}",
                    serialised(document),
                    keys_of(document),
                    "2026-01-01T00:00:00.000Z",
                )
        directory.commit()
    database.close()


def ceilings(folder: Path, connections: int) -> tuple[float, float]:
    """Return fixed answers of Starlette, and durable commits of SQLite, a second."""
    (folder / "ceiling.py").write_text(CEILING_APP)
    port = 18765
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(folder), "ceiling:app"]
    command += ["--port", str(port), "--no-access-log", "--http", "httptools"]
    with process(command, lambda line: "running on" in line):
        load = Load(port, "none", connections)
        load.run([load.message("GET", "/x")] * 2000, 200)
        answers, _ = load.run([load.message("GET", "/x")] * 20_000, 200)
    with closing(sqlite3.connect(folder / "ceiling.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT, body TEXT)")
        began = time.perf_counter()
        for number in range(3000):
            connection.execute("INSERT INTO row VALUES (?, ?, ?)", (number, "n", "x" * 800))
        commits = 3000 / (time.perf_counter() - began)
    return answers, commits


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(load: Load, users: int, preloaded: int) -> Iterator[tuple[str, str, float]]:
    """Yield phases: what, which ceiling holds for it, and how many a second."""
    names = [str(person(number)["userName"]) for number in range(users)]
    look_ups = [
        load.message("GET", f"{search('userName', name)}&startIndex=1&count=100") for name in names
    ]
    yield (
        "connection test",
        "read",
        load.run([load.message("GET", "/Users?startIndex=1&count=2")] * users, 200)[0],
    )
    yield "look-up, nobody", "read", load.run(look_ups, 200)[0]
    creations = [load.message("POST", "/Users", person(number)) for number in range(users)]
    rate, bodies = load.run(creations, 201)
    yield "create", "write", rate
    ids = [json.loads(body)["id"] for body in bodies]
    yield "look-up, found", "read", load.run(look_ups, 200)[0]
    yield "read", "read", load.run([load.message("GET", f"/Users/{i}") for i in ids], 200)[0]
    emails = [load.message("GET", search("emails.value", name)) for name in names]
    yield "search by email", "read", load.run(emails, 200)[0]
    puts = [
        load.message("PUT", f"/Users/{i}", person(n) | {"title": "Director"})
        for n, i in enumerate(ids)
    ]
    yield "update (PUT)", "write", load.run(puts, 200)[0]
    off = {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"active": False}}]}
    patches = [load.message("PATCH", f"/Users/{i}", off) for i in ids]
    yield "deactivate (PATCH)", "write", load.run(patches, 200)[0]
    middle = (preloaded + users) // 2
    pages = [load.message("GET", f"/Users?startIndex={middle}&count=100")] * 100
    yield "page of 100, middle", "-", load.run(pages, 200)[0]
    yield from measure_groups(load, ids)
    yield "delete", "write", load.run([load.message("DELETE", f"/Users/{i}") for i in ids], 204)[0]


def search(attribute: str, value: str) -> str:
    """Return the target of a search for users."""
    return "/Users?filter=" + quote(f'{attribute} eq "{value}"')


def measure_groups(load: Load, ids: list[str]) -> Iterator[tuple[str, str, float]]:
    """Yield the phases of groups."""
    bodies = [{"displayName": f"Group {number}"} for number in range(200)]
    rate, made = load.run([load.message("POST", "/Groups", body) for body in bodies], 201)
    yield "group create", "write", rate
    groups = [json.loads(body)["id"] for body in made]

    def patch(group: str, **operation: object) -> Message:
        body = {"schemas": [PATCH], "Operations": [operation]}
        return load.message("PATCH", f"/Groups/{group}", body)

    hundred = [{"value": i} for i in ids[:100]]
    adds = [patch(group, op="add", path="members", value=hundred) for group in groups]
    yield "group add 100", "write", load.run(adds, 204)[0]
    one = [patch(groups[0], op="add", path="members", value=[{"value": i}]) for i in ids[100:]]
    yield "group add 1", "write", load.run(one, 204)[0]
    removes = [patch(groups[0], op="remove", path=f'members[value eq "{i}"]') for i in ids[100:]]
    yield "group remove 1", "write", load.run(removes, 204)[0]
    reads = [load.message("GET", f"/Groups/{group}") for group in groups]
    yield "group read, 100 members", "read", load.run(reads, 200)[0]
    deletes = [load.message("DELETE", f"/Groups/{group}") for group in groups]
    yield "group delete", "write", load.run(deletes, 204)[0]


def main() -> None:
    """Run the phases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--preloaded", type=int, default=0)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        answers, commits = ceilings(folder, options.connections)
        limits = {"read": 0.35 * answers, "write": 0.5 * commits}
        print(
            f"Starlette, fixed answer {answers:8.0f}/s    SQLite, durable commit {commits:8.0f}/s"
        )
        path = folder.resolve() / "bench.db"
        base = [sys.executable, str(ROOT / "main.py"), "--database", str(path)]
        subprocess.run([*base, "org", "create", "Bench", "--group-push"], check=True)
        token = subprocess.check_output([*base, "token", "create", "--org", "Bench"], text=True)
        preload(path, options.preloaded)
        serve = [*base, "serve", "--port", "0"]
        with process(serve, lambda line: line.startswith("Serving")) as (line, pid):
            load = Load(
                int(line.rsplit(":", 1)[1].split("/")[0]), token.strip(), options.connections
            )
            print(f"{'phase':<26}{'a second':>10}{'of its limit':>14}")
            for phase, kind, rate in measure(load, options.users, options.preloaded):
                share = f"{100 * rate / limits[kind]:.0f} %" if kind in limits else "-"
                print(f"{phase:<26}{rate:>10.0f}{share:>14}", flush=True)
            print(f"resident memory {memory_mb(pid):.0f} MB")


if __name__ == "__main__":
    main()
