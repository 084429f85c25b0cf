"""Finding people of the chosen organization, by the page."""

from collections.abc import Callable, Sequence

from gui.desk import Desk
from gui.widgets.cells import Cell
from gui.widgets.paged_model import PagedModel, Part, Read
from gui.widgets.table import Column
from server.okta.people import Person


def people_model(
    desk: Desk,
    columns: Sequence[Column],
    cells: Callable[[Person], Sequence[Cell]],
    changed: Callable[[], None],
) -> PagedModel[Person]:
    """Return a model over people; errors are told in a toast."""
    return PagedModel(desk.jobs, columns, cells, changed, desk.toasts.show_error)


def people_with(desk: Desk, organization_id: int, search: str) -> Read[Person]:
    """Return what reads the people in whom each word of a search is, by name."""

    def read(first: int, number: int) -> Part[Person]:
        people = desk.services.okta().people
        page = people.page(organization_id, search, first, number)
        return Part(page.total, page.people)

    return read
