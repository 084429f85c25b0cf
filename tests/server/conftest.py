"""A desk for many tests, and an organization for each of them."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk
from tests.server.tenant import Tenant


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One running desk for the tests of a file."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.close()


@pytest.fixture
def tenant(shared_desk: Desk) -> Iterator[Tenant]:
    """An organization of its own, which goes with all that is in it when the test is over."""
    tenant = Tenant(shared_desk)
    yield tenant
    tenant.close()
