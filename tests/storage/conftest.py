"""Open files in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.blink.directory import Organization
from storage.database import Database, open_calls, open_directory
from storage.directory import UserDirectory
from storage.organizations import OrganizationStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "desk.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = open_directory(path)
    yield database
    database.close()


@pytest.fixture
def calls_database(tmp_path: Path) -> Iterator[Database]:
    database = open_calls(tmp_path / "desk" / "desk-calls.db")
    yield database
    database.close()


@pytest.fixture
def acme(database: Database) -> Organization:
    return OrganizationStore(database).create("Acme")


@pytest.fixture
def directory(database: Database) -> UserDirectory:
    return UserDirectory(database)
