"""Filtering by the cell that was clicked."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from server.calls.filters import Filter, exclude, only, print_filter


def offer_filters(
    menu: QMenu, cell: tuple[str, str | int], narrow: Callable[[Filter], None]
) -> None:
    """Offer the calls with just the value of a cell, and those with any other.

    ``cell`` is a field of the filter and the value, the field "" where there is none.
    """
    field, value = cell
    if not field or value == "":
        return
    for words, term in (("Only", only(field, value)), ("Not", exclude(field, value))):
        menu.addAction(f"{words} {print_filter(only(field, value))}", partial(narrow, term))
