from collections.abc import Callable
from pathlib import Path

import pytest

from server.blink.directory import Organization
from server.okta.mapping.basis import Basis, fingerprint
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.findings import Finding, Report
from server.okta.mapping.rows import MappingRow, MappingSet, ValueKind
from server.okta.mapping.rules import Severity
from storage import mappings as module
from storage.database import Database, open_directory
from storage.errors import InvalidName, NameTaken, NoSuchMappings, NoSuchOrganization
from storage.mappings import MappingStore
from storage.organizations import OrganizationStore
from storage.preflights import MOST_RUNS, PreflightStore

FIRST = DEFAULT_MAPPINGS
SECOND = FIRST.unmapped("title")
THIRD = FIRST.mapped(MappingRow("title", ValueKind.SAME, "Nurse"))


@pytest.fixture
def store(database: Database) -> MappingStore:
    return MappingStore(database)


def test_a_set_reads_back_as_it_was_saved(store: MappingStore, acme: Organization) -> None:
    assert store.in_use(acme.id) is None
    created = store.create(acme.id, " Blink ", FIRST)
    assert store.in_use(acme.id) == created
    assert (created.name, created.mappings, created.version) == ("Blink", FIRST, 1)
    assert (created.undoes, created.redoes) == (None, None)


def test_undo_and_redo_go_back_and_forth(store: MappingStore, acme: Organization) -> None:
    kept = store.create(acme.id, "Blink", FIRST)
    store.save(kept.id, SECOND, "Title unmapped")
    saved = store.save(kept.id, THIRD, "Title is Nurse")
    assert (saved.undoes, saved.redoes) == ("Title is Nurse", None)
    undone = store.undo(kept.id)
    assert (undone.mappings, undone.undoes, undone.redoes) == (
        SECOND,
        "Title unmapped",
        "Title is Nurse",
    )
    assert store.undo(kept.id).mappings == FIRST
    assert store.undo(kept.id).mappings == FIRST
    assert store.redo(kept.id).mappings == SECOND
    assert store.redo(kept.id).mappings == THIRD
    assert store.redo(kept.id).mappings == THIRD


def test_a_change_after_undo_ends_what_could_be_redone(
    store: MappingStore, acme: Organization
) -> None:
    kept = store.create(acme.id, "Blink", FIRST)
    store.save(kept.id, SECOND)
    store.undo(kept.id)
    changed = store.save(kept.id, THIRD, "Other")
    assert changed.redoes is None
    assert [(v.number, v.note, v.current) for v in store.versions(kept.id)] == [
        (2, "Other", True),
        (1, "Created", False),
    ]


def test_the_same_state_again_is_no_version(store: MappingStore, acme: Organization) -> None:
    kept = store.create(acme.id, "Blink", FIRST)
    store.save(kept.id, SECOND)
    store.undo(kept.id)
    assert store.save(kept.id, FIRST).redoes == "Changed"
    assert len(store.versions(kept.id)) == 2


def test_the_history_outlives_a_session(path: Path) -> None:
    def session(work: Callable[[MappingStore], MappingSet]) -> MappingSet:
        database = open_directory(path)
        try:
            return work(MappingStore(database))
        finally:
            database.close()

    database = open_directory(path)
    acme = OrganizationStore(database).create("Acme")
    kept = MappingStore(database).create(acme.id, "Blink", FIRST)
    database.close()
    assert session(lambda store: store.save(kept.id, SECOND).mappings) == SECOND
    assert session(lambda store: store.undo(kept.id).mappings) == FIRST
    assert session(lambda store: store.redo(kept.id).mappings) == SECOND


def test_the_oldest_versions_go_first(
    store: MappingStore, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_VERSIONS", 3)
    kept = store.create(acme.id, "Blink", FIRST)
    for number in range(5):
        store.save(kept.id, FIRST.mapped(MappingRow("title", ValueKind.SAME, str(number))))
    assert [version.number for version in store.versions(kept.id)] == [6, 5, 4]
    store.undo(kept.id)
    assert store.undo(kept.id).undoes is None


def test_names_are_unique_within_an_organization(
    store: MappingStore, acme: Organization, database: Database
) -> None:
    first = store.create(acme.id, "Blink", FIRST)
    second = store.create(acme.id, "Trial", SECOND)
    for attempt in (
        lambda: store.create(acme.id, "BLINK", FIRST),
        lambda: store.rename(second.id, "blink"),
        lambda: store.duplicate(second.id, "Blink"),
    ):
        with pytest.raises(NameTaken):
            attempt()
    with pytest.raises(InvalidName):
        store.create(acme.id, " ", FIRST)
    assert store.rename(first.id, "BLINK").name == "BLINK"
    other = OrganizationStore(database).create("Other")
    assert store.create(other.id, "Blink", FIRST).in_use


def test_one_set_is_in_use(store: MappingStore, acme: Organization) -> None:
    first = store.create(acme.id, "Blink", FIRST)
    copy = store.duplicate(first.id, "Copy")
    assert (copy.mappings, copy.in_use) == (FIRST, False)
    assert store.use(copy.id).in_use
    assert [(each.name, each.in_use) for each in store.all(acme.id)] == [
        ("Blink", False),
        ("Copy", True),
    ]
    assert store.delete(copy.id)
    assert not store.delete(copy.id)
    assert store.get(first.id).in_use


def test_what_is_gone_is_told(store: MappingStore, acme: Organization) -> None:
    for attempt in (
        lambda: store.get(9),
        lambda: store.save(9, FIRST),
        lambda: store.undo(9),
        lambda: store.versions(9),
        lambda: store.rename(9, "x"),
        lambda: store.use(9),
        lambda: store.duplicate(9, "x"),
    ):
        with pytest.raises(NoSuchMappings):
            attempt()
    with pytest.raises(NoSuchOrganization):
        store.create(99, "Blink", FIRST)


def test_all_goes_with_the_organization(
    store: MappingStore, acme: Organization, database: Database
) -> None:
    store.create(acme.id, "Blink", FIRST)
    PreflightStore(database).add(acme.id, "Blink", report())
    OrganizationStore(database).delete(acme.id)
    for table in ("mapping_set", "mapping_version", "preflight"):
        rows = database.connection().execute(f"SELECT count(*) FROM {table}")
        assert rows.fetchone() == (0,)


def report(*people: str) -> Report:
    finding = Finding(
        "refused", Severity.ERROR, "title", "x", "Text.", "Cure.", "user.x", "Example", people
    )
    return Report(3, 2, {"created": 2}, (finding,), 1)


def test_a_run_is_kept_whole(database: Database, acme: Organization) -> None:
    store = PreflightStore(database)
    assert store.runs(acme.id) == []
    run = store.add(acme.id, "Blink", report("00u1", "00u2"))
    assert store.runs(acme.id) == [run]
    assert store.newest(acme.id) == run
    result = store.result(run.id)
    assert result is not None
    assert result.report == report("00u1", "00u2")
    assert store.result(run.id + 1) is None


def test_a_run_says_what_it_looked_at_and_how_long(database: Database, acme: Organization) -> None:
    store = PreflightStore(database)
    assert store.newest(acme.id) is None
    basis = Basis(fingerprint(FIRST), (7, 3))
    run = store.add(acme.id, "Blink", report(), seconds=1.25, basis=basis)
    result = store.result(run.id)
    assert result is not None
    assert (result.seconds, result.basis) == (1.25, basis)
    assert fingerprint(SECOND) != fingerprint(FIRST) == fingerprint(DEFAULT_MAPPINGS)


def test_the_newest_runs_are_kept(database: Database, acme: Organization) -> None:
    store = PreflightStore(database)
    runs = [store.add(acme.id, str(number), report()) for number in range(MOST_RUNS + 3)]
    assert store.runs(acme.id) == runs[:2:-1]
