"""Pages are those of a plain list, whatever was written before, by whom, and taken back."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from storage import checkpoints
from storage.database import open_directory
from storage.directory import UserDirectory
from storage.organizations import OrganizationStore
from tests.storage.factories import NOW, document, keys

STRIDE = 4


class Undone(Exception):
    """Leaves a group of changes."""


class Pages(RuleBasedStateMachine):
    """One directory, another connection beside it, and a list that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.database = open_directory(self.folder / "desk.db")
        self.beside = open_directory(self.folder / "desk.db", check=False)
        store = OrganizationStore(self.database)
        self.organizations = [store.create("Acme").id, store.create("Brand").id]
        self.directory = UserDirectory(self.database)
        self.model: dict[int, list[str]] = {number: [] for number in self.organizations}
        self.committed: dict[int, list[str]] = {number: [] for number in self.organizations}
        self.made = 0

    def teardown(self) -> None:
        self.beside.close()
        self.database.close()
        shutil.rmtree(self.folder)

    def add(self, directory: UserDirectory, organization: int, number: int) -> list[str]:
        names = [f"user{self.made + i}" for i in range(number)]
        self.made += number
        for name in names:
            directory.insert_user(organization, name, document(name), keys(name), NOW)
        return names

    @rule(which=st.integers(0, 1), number=st.integers(4, 20))
    def insert(self, which: int, number: int) -> None:
        organization = self.organizations[which]
        with self.directory.write():
            self.model[organization] += self.add(self.directory, organization, number)

    @rule(which=st.integers(0, 1))
    def link(self, which: int) -> None:
        organization = self.organizations[which]
        name = f"user{self.made}"
        self.made += 1
        with self.directory.write():
            account = self.directory.add_account(organization, document(name), keys(name))
            self.directory.replace_user(organization, account.id, b"{}", keys(name), NOW)
        self.model[organization].append(account.id)

    @rule(which=st.integers(0, 1), places=st.lists(st.integers(0, 10**6), max_size=5))
    def delete(self, which: int, places: list[int]) -> None:
        organization = self.organizations[which]
        left = self.model[organization]
        with self.directory.write():
            for place in places:
                if left:
                    gone = left.pop(place % len(left))
                    assert self.directory.delete_user(organization, gone)

    @rule(which=st.integers(0, 1), places=st.lists(st.integers(0, 10**6), max_size=3))
    def begin_and_undo(self, which: int, places: list[int]) -> None:
        with pytest.raises(Undone):
            self.change_and_fail(self.organizations[which], places)

    def change_and_fail(self, organization: int, places: list[int]) -> None:
        left = list(self.model[organization])
        with self.directory.write():
            self.add(self.directory, organization, 3)
            for place in places:
                if left:
                    self.directory.delete_user(organization, left.pop(place % len(left)))
            self.directory.users(organization, None, 10**6, 1)
            self.directory.users(organization, None, max(1, len(left)), 1)
            raise Undone

    @rule()
    def commit(self) -> None:
        self.directory.commit()
        self.committed = {number: list(names) for number, names in self.model.items()}

    @precondition(lambda self: not self.directory.uncommitted)
    @rule(which=st.integers(0, 1), place=st.integers(0, 10**6))
    def change_from_beside(self, which: int, place: int) -> None:
        organization = self.organizations[which]
        other = UserDirectory(self.beside)
        left = self.model[organization]
        with other.write():
            if left:
                other.delete_user(organization, left.pop(place % len(left)))
            left += self.add(other, organization, 2)
        other.commit()
        self.commit()

    @rule(which=st.integers(0, 1), first=st.integers(1, 9), count=st.integers(0, 9))
    def read_all_pages(self, which: int, first: int, count: int) -> None:
        organization = self.organizations[which]
        expected = self.model[organization]
        for start in range(first, len(expected) + 9, count or 5):
            total, users = self.directory.users(organization, None, start, count)
            assert total == len(expected)
            assert [user.id for user in users] == expected[start - 1 : start - 1 + count]

    @invariant()
    def the_page_in_the_middle_is_right(self) -> None:
        for organization, expected in self.model.items():
            middle = len(expected) // 2
            users = self.directory.users(organization, None, middle + 1, 3).users
            assert [user.id for user in users] == expected[middle : middle + 3]

    @rule(which=st.integers(0, 1), start=st.integers(1, 80))
    def read_from_beside(self, which: int, start: int) -> None:
        organization = self.organizations[which]
        users = UserDirectory(self.beside).users(organization, None, start, 5).users
        expected = self.committed[organization]
        assert [user.id for user in users] == expected[start - 1 : start + 4]


@pytest.fixture(autouse=True)
def _short_stride(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "STRIDE", STRIDE)


TestPages = Pages.TestCase
TestPages.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
