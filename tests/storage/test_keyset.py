"""Reading a list beside a place shows what a plain list does, whatever is deleted meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.blink.directory import Organization, StoredUser
from server.scim.cursors import Place, Stretch
from server.scim.documents import load_resource_types
from server.scim.filters.parser import parse_filter
from storage.database import Database, open_directory
from storage.directory import UserDirectory
from storage.organizations import OrganizationStore
from tests.storage.factories import NOW, document, keys

SCHEMAS = Path(__file__).parents[2] / "resources" / "schemas"
USER = next(kind for kind in load_resource_types(SCHEMAS) if kind.name == "User")
TITLE = USER.paths["title"]


class Shelf:
    """An organization's users, each with a title or without one."""

    def __init__(self, database: Database) -> None:
        self.connection = database.connection()
        self.directory = UserDirectory(database)
        self.organization: Organization | None = None
        self._organizations = OrganizationStore(database)

    def fill(self, titles: list[str | None]) -> None:
        if self.organization is not None:
            self._organizations.delete(self.organization.id)
        self.organization = self._organizations.create("Acme")
        with self.directory.write():
            for number, title in enumerate(titles):
                name = f"u{number}"
                content = document(name, **({"title": title} if title else {}))
                self.directory.insert_user(self._id, name, content, keys(name), NOW)
        self.directory.commit()

    @property
    def _id(self) -> int:
        assert self.organization is not None
        return self.organization.id

    def delete(self, name: str) -> None:
        with self.directory.write():
            self.directory.delete_user(self._id, name)
        self.directory.commit()

    def read(
        self, place: Place | None, count: int, sorted_: bool, descending: bool, filtered: bool
    ) -> Stretch[StoredUser]:
        condition = parse_filter("title pr", USER) if filtered else None
        return self.directory.users_beside(
            self._id, condition, place, count, TITLE if sorted_ else None, descending
        )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    database = open_directory(tmp_path_factory.mktemp("keyset") / "desk.db")
    yield Shelf(database)
    database.close()


def names(stretch: Stretch[StoredUser]) -> list[str]:
    return [user.id for user in stretch.resources]


def expected(
    titles: list[str | None], sorted_: bool, descending: bool, filtered: bool
) -> list[str]:
    rows = [(title, number) for number, title in enumerate(titles) if title or not filtered]
    if sorted_:
        present = [row for row in rows if row[0]]
        present.sort(key=lambda row: row[0] or "", reverse=descending)
        absent = [row for row in rows if not row[0]]
        rows = absent + present if descending else present + absent
    return [f"u{number}" for _, number in rows]


lists = st.lists(st.none() | st.sampled_from(["a", "b", "c", "x" * 300]), max_size=12)
quick = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@quick
@given(lists, st.integers(1, 5), st.booleans(), st.booleans(), st.booleans())
def test_forwards_and_back_again_is_the_plain_list(
    shelf: Shelf, titles: list[str | None], count: int, by: bool, down: bool, filtered: bool
) -> None:
    shelf.fill(titles)
    wanted = expected(titles, by, down, filtered)
    stretch = shelf.read(None, count, by, down, filtered)
    forwards, sizes = names(stretch), [len(stretch.resources)]
    while stretch.after is not None:
        stretch = shelf.read(stretch.after, count, by, down, filtered)
        forwards += names(stretch)
        sizes.append(len(stretch.resources))
    assert forwards == wanted
    assert all(size == count for size in sizes[:-1])
    assert stretch.total == len(wanted)
    backwards = names(stretch)
    while stretch.before is not None:
        stretch = shelf.read(stretch.before, count, by, down, filtered)
        backwards = names(stretch) + backwards
    assert backwards == wanted


@quick
@given(lists, st.integers(1, 4), st.booleans(), st.booleans(), st.data())
def test_deletions_move_nobody_out_of_sight(
    shelf: Shelf, titles: list[str | None], count: int, by: bool, down: bool, data: st.DataObject
) -> None:
    shelf.fill(titles)
    alive = expected(titles, by, down, False)
    order = list(alive)
    seen: list[str] = []
    place = None
    while True:
        stretch = shelf.read(place, count, by, down, False)
        assert stretch.total == len(alive)
        seen += names(stretch)
        if stretch.after is None:
            break
        place = stretch.after
        gone = data.draw(st.lists(st.sampled_from(alive), unique=True, max_size=2)) if alive else []
        for name in gone:
            shelf.delete(name)
            alive.remove(name)
    assert len(seen) == len(set(seen))
    assert set(alive) <= set(seen)
    assert seen == [name for name in order if name in seen]


def test_a_place_is_found_through_the_index_by_organization(shelf: Shelf) -> None:
    shelf.fill(["a"] * 3)
    statements: list[str] = []
    connection = shelf.connection
    connection.set_trace_callback(statements.append)
    shelf.read(Place(2), 2, False, False, False)
    connection.set_trace_callback(None)
    (statement,) = [text for text in statements if "document" in text]
    (plan,) = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    index = "user_organization (organization_id=? AND provisioned=? AND rowid>?)"
    assert plan[3] == f"SEARCH user USING INDEX {index}"
