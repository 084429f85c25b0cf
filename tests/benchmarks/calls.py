"""How fast the log is found and kept: ``python -m tests.benchmarks.calls``.

Made-up calls (a look-up, a create, a read and a deactivation of each user, with bodies of about a
kilobyte) are stored as the writer does it, indexed, searched, counted, and pruned. With --file the
database is kept, and used again the next time.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from server.calls.call import Call, Remark
from server.calls.explanation import understand
from server.calls.filters import parse
from server.calls.grouping import Grouper
from storage.call_batches import make_batch, store
from storage.call_search import Selection
from storage.call_text import index_some
from storage.calls import CallStore
from storage.database import Database, open_calls
from storage.retention import Pruner, Retention

NOW = 1_795_459_680_000_000
APART = 2_000_000
"""Microseconds between two calls."""

BATCH = 1000
SCREEN = 200
"""Calls of a page that is read first."""

FILTERS = (
    "status:failed",
    "status:>=400 method:patch",
    "status:0 op:delete",
    "op:deactivate origin:okta",
    "user:person200@",
    "id:{id}",
    "since:10m",
    "slower:150ms",
    "token:production -status:2xx",
    "text:employeeNumber",
    "text:person12345@acme.example",
    'text:"Department 39" method:post status:409',
    "text:nowhere-to-be-found",
    "-text:employeeNumber",
    "path:{id}",
    "remark:ignored user:person77777",
    "zz",
)
T = TypeVar("T")


def main() -> int:
    """Measure and print; with --json as one object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="kept, and used again")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_calls(options.file or Path(folder) / "bench-calls.db", check=False)
        figures = measure(database, options.calls)
        database.close()
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:72} {value:10.1f}")
    return 0


def measure(database: Database, calls: int) -> dict[str, float]:
    """Return microseconds of a call stored, milliseconds of the rest, and megabytes."""
    figures = {}
    log = CallStore(database)
    if log.newest_id() < calls:
        figures |= fill(database, calls)
    figures |= index(database)
    size = log.size()
    figures["calls"] = size.calls
    figures["size on disk, MB"] = size.bytes / 1e6
    figures |= searches(log)
    figures |= prune(database, calls)
    return figures


def fill(database: Database, calls: int) -> dict[str, float]:
    """Store made-up calls; return what one costs in Python and in SQLite."""
    connection, grouper, made = database.connection(), Grouper(), made_up(calls)
    python = sqlite = 0.0
    for start in range(0, calls, BATCH):
        portion = [next(made) for _ in range(min(BATCH, calls - start))]
        begun = time.perf_counter()
        batch = make_batch([(call, understand(call)) for call in portion], start + 1, grouper.place)
        between = time.perf_counter()
        store(connection, lambda first, batch=batch: batch)
        python += between - begun
        sqlite += time.perf_counter() - between
    return {
        "storing a call, Python, us": python / calls * 1e6,
        "storing a call, SQLite, us": sqlite / calls * 1e6,
    }


def index(database: Database) -> dict[str, float]:
    """Index texts as far as they are not yet."""
    steps = []
    while True:
        took, more = timed(lambda: index_some(database.connection()))
        if not more:
            break
        steps.append(took * 1000)
    if not steps:
        return {}
    return {
        "indexing texts, all, s": sum(steps) / 1000,
        "indexing texts, a step, median, ms": statistics.median(steps),
        "indexing texts, a step, longest, ms": max(steps),
    }


def searches(log: CallStore) -> dict[str, float]:
    """Return how long pages, counts and timelines take, the second time."""
    figures = {}

    def add(name: str, work: Callable[[], object]) -> None:
        work()
        figures[f"{name}, ms"] = min(timed(work)[0] for _ in range(2)) * 1000

    def page(selection: Selection) -> None:
        log.rows(log.ids(selection, limit=SCREEN))

    add("newest page", partial(page, Selection()))
    add("newest page of operations", partial(page, Selection(heads_only=True)))
    add("all ids", partial(log.ids, Selection()))
    add("number of calls", partial(log.count, Selection()))
    add("timeline", partial(log.timeline, Selection()))
    add("overview", partial(log.overview, None, NOW - 86_400_000_000))
    middle = log.get(log.newest_id() // 2)
    assert middle is not None
    add("a whole call", partial(log.get, middle.id))
    add("a user's story", partial(log.story, middle))
    add("neighbours of a call", partial(log.neighbours, middle))
    now = datetime.fromtimestamp(NOW / 1e6, UTC)
    for text in FILTERS:
        text = text.format(id=middle.call.resource_id)
        selection = Selection(parse(text), now=now)
        matching = log.count(selection)
        add(f"{text}: newest page", partial(page, selection))
        add(f"{text}: count ({matching})", partial(log.count, selection))
    failed = Selection(parse("status:failed"))
    add("status:failed: timeline", partial(log.timeline, failed))
    words = Selection(parse("text:employeeNumber"))
    add("text:employeeNumber: timeline", partial(log.timeline, words))
    return figures


def prune(database: Database, calls: int) -> dict[str, float]:
    """Return how long steps take that make room for some new calls."""
    log, pruner, connection = CallStore(database), Pruner(), database.connection()
    log.set_retention(Retention(None, calls // 3 - 5_000))
    pruner.plan(connection, datetime.now(UTC))
    before, steps = log.count(Selection()), []
    while pruner.working:
        steps.append(timed(lambda: pruner.step(connection))[0] * 1000)
    log.set_retention(Retention(None, None))
    deleted = before - log.count(Selection())
    return {
        "calls deleted": deleted,
        "deleting a call, us": sum(steps) / max(deleted, 1) * 1000,
        "deleting, a step, median, ms": statistics.median(steps),
        "deleting, a step, longest, ms": max(steps),
    }


def made_up(calls: int) -> Iterator[Call]:
    """Yield calls of three organizations, the last of them now."""
    chance = random.Random(1)
    for number in range(calls):
        user, kind = divmod(number, 4)
        yield made_up_call(number, user, kind, NOW - (calls - number) * APART, chance)


def made_up_call(number: int, user: int, kind: int, at: int, chance: random.Random) -> Call:
    """Return the call of a kind (0 to 3) about a user."""
    login, resource_id = f"person{user}@acme.example", f"{user * 2654435761 % 2**32:08x}-7f76-453a"
    profile = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": f"00u{user:017d}",
        "userName": login,
        "name": {"givenName": f"Ann{user % 97}", "familyName": f"Lee {user}"},
        "emails": [{"value": login, "type": "work", "primary": True}],
        "phoneNumbers": [{"value": f"+4477{user:08d}", "type": "mobile"}],
        "title": ("Nurse", "Porter", "Clerk")[user % 3],
        "active": True,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": f"{user:06d}",
            "department": f"Department {user % 40}",
        },
    }
    sent, stored = json.dumps(profile), json.dumps(profile | {"id": resource_id})
    method, path, query, request, response = (
        ("GET", "/scim/v2/Users", f"filter=userName%20eq%20%22{login}%22&count=100", "", _NOBODY),
        ("POST", "/scim/v2/Users", "", sent, stored),
        ("GET", f"/scim/v2/Users/{resource_id}", "", "", stored),
        ("PATCH", f"/scim/v2/Users/{resource_id}", "", _OFF, stored),
    )[kind]
    status = 409 if number % 50 == 7 else 0 if number % 997 == 3 else 201 if kind == 1 else 200
    return Call(
        at=at,
        duration=900 + chance.randrange(9000) * (20 if number % 101 == 0 else 1),
        peer="127.0.0.1",
        organization_id=1 + user % 3 if number % 500 else None,
        token_id=1 + user % 3,
        token_label="Okta production",
        method=method,
        path=path,
        query=query,
        status=status,
        request_headers=_REQUEST_HEADERS,
        request_body=request.encode(),
        response_headers=_RESPONSE_HEADERS,
        response_body=response.encode(),
        subject=login if kind else "",
        resource_id=resource_id if kind else "",
        remarks=(Remark("attribute-ignored", "displayName is ignored by Blink."),)
        if number % 3 == 0
        else (),
        before=stored.encode() if kind == 3 else b"",
    )


_NOBODY = '{"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}'
_OFF = '{"Operations":[{"op":"replace","value":{"active":false}}]}'
_REQUEST_HEADERS = (
    ("Host", "127.0.0.1:8765"),
    ("User-Agent", "Okta SCIM Client 1.0.0"),
    ("Authorization", "(withheld)"),
    ("Accept", "application/scim+json"),
    ("Content-Type", "application/scim+json; charset=utf-8"),
)
_RESPONSE_HEADERS = (
    ("content-type", "application/scim+json"),
    ("content-length", "812"),
    ("etag", 'W/"3"'),
    ("date", "Mon, 23 Nov 2026 18:48:00 GMT"),
)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return how many seconds work took, and its result."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


if __name__ == "__main__":
    raise SystemExit(main())
