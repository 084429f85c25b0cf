"""How fast many people come in and are found: ``python -m tests.benchmarks.people``.

Made-up people are written to a CSV file, imported into a new database, imported again beside a
writer that measures how long it has to wait, loaded as a whole, and searched.
"""

import argparse
import csv
import io
import json
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from server.okta.people import Reading, open_table, read_table, shipped_samples, suggest_columns
from storage.database import Database, open_directory
from storage.organizations import OrganizationStore
from storage.people import PeopleStore

ROOT = Path(__file__).parents[2]
SEARCHES = ("", "zo", "zoë", "lee nurse", "x9999", "person54321@", "e", "nobody at all")
T = TypeVar("T")


def main() -> int:
    """Measure and print; with --json as one object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.people)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:42} {value:10.1f}")
    return 0


def measure(folder: Path, people: int) -> dict[str, float]:
    """Return seconds of the imports, milliseconds of the rest, and megabytes."""
    file = folder / "people.csv"
    file.write_bytes(made_up(people))
    database = open_directory(folder / "desk.db")
    organization = OrganizationStore(database).create("Acme").id
    store = PeopleStore(database, shipped_samples(ROOT / "resources"))

    def take_in() -> None:
        schema = store.schema_for_import(organization, replace_all=True)
        store.import_people(organization, reading(file, schema), replace_all=True)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, _ = timed(take_in)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with Writer(database) as writer:
        again, _ = timed(take_in)
    load, population = timed(lambda: store.population(organization))
    population.find("person")
    find, _ = timed(lambda: population.find("person54321@"))
    figures = {
        f"import of {people} people, s": first,
        "the same again beside a writer, s": again,
        "the writer's longest wait, ms": max(writer.waits) * 1000,
        "the writer's median wait, ms": statistics.median(writer.waits) * 1000,
        "memory of the first import, MB": memory,
        "loading all, s": load,
        "completing a name, ms": find * 1000,
    }
    for text in SEARCHES:
        search = partial(store.page, organization, text)
        figures[f'a page of "{text}", ms'] = max(timed(search)[0] for _ in range(5)) * 1000
    last, _ = timed(lambda: store.page(organization, "", people - 100))
    figures["the last page, ms"] = last * 1000
    database.close()
    return figures


def reading(file: Path, schema) -> Reading:  # type: ignore[no-untyped-def]
    """Return the people of a CSV file as its columns suggest."""
    table = open_table(file.read_bytes())
    return read_table(table, suggest_columns(table.headers, schema), schema)


def made_up(people: int) -> bytes:
    """Return a CSV file of people with what an export of Okta holds."""
    first = ("Ann", "Zoë", "Seán", "Priya", "Omar", "Haruka", "Ulla", "Tom")
    last = ("Lee", "O'Brien", "Müller", "Nair", "Farouk", "Satō", "Berg", "Baker", "Quinn")
    titles = ("Nurse", "Porter", "Ward manager", "Clerk, night shift", "Driver")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        "login firstName lastName email title mobilePhone employeeNumber department organization "
        "city countryCode locale timezone managerId status costCode".split()
    )
    for number in range(people):
        login = f"person{number}@acme.example"
        writer.writerow(
            (
                login,
                first[number % 8],
                f"{last[number % 9]} {number}",
                login,
                titles[number % 5],
                f"+4477{number:08d}",
                f"{number:06d}",
                f"Department {number % 40}",
                "Acme Care",
                "Leeds",
                "GB",
                "en_GB",
                "Europe/London",
                f"{number // 10:06d}" if number else "",
                "ACTIVE" if number % 20 else "DEPROVISIONED",
                f"x{number}",
            )
        )
    return text.getvalue().encode()


class Writer:
    """Writes to the same file all the time, as a server does, and notes how long it waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.waits: list[float] = []

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._ended.wait(0.02):
            begun = time.perf_counter()
            with self._database.changing() as connection:
                connection.execute("UPDATE organization SET users = users")
            self.waits.append(time.perf_counter() - begun)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return how many seconds work took, and its result."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


if __name__ == "__main__":
    raise SystemExit(main())
