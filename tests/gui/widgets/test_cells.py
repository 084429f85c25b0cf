"""What a table's cells look like, read from its pixels."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QCursor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.theme import Theme, ThemeChoice
from gui.widgets.cells import Cell
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table

COLUMNS = (Column("left", "Left", 120), Column("right", "Right", 120))


class Sheet:
    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.theme = theme
        self.table = Table(theme, "Sheet", COLUMNS)
        qtbot.addWidget(self.table)
        self.model: RowsModel[tuple[Cell, Cell]] = RowsModel(COLUMNS, lambda row: row)
        self.table.setModel(self.model)
        self.table.arrange()
        self.table.resize(260, 120)
        self.table.show()
        qtbot.waitExposed(self.table)

    def show(self, left: Cell, right: Cell) -> QImage:
        self.model.set_rows([(left, right)])
        return self.picture()

    def hovered(self, picture: QImage, y: int) -> bool:
        """Say whether the row at a place of the viewport has the ground of one under the mouse."""
        place = self.table.viewport().mapTo(self.table, QPoint(2, y))
        return picture.pixelColor(place) == QColor(self.theme.colors.hover)

    def picture(self) -> QImage:
        return self.table.viewport().grab().toImage()


@pytest.fixture
def sheet(theme: Theme, qtbot: QtBot) -> Sheet:
    return Sheet(theme, qtbot)


def inked(picture: QImage, left: int, right: int) -> list[int]:
    """Return the columns of pixels between two places in which something is drawn in the row."""
    ground = picture.pixel(left, 2)
    return [
        x
        for x in range(left, right)
        if any(picture.pixel(x, y) != ground for y in range(2, 34))  # the line below is at 35
    ]


def test_long_text_is_cut_to_its_column(sheet: Sheet) -> None:
    picture = sheet.show(Cell("a long text " * 9), Cell(""))
    assert inked(picture, 0, 120)[0] < 16
    assert 90 < inked(picture, 0, 120)[-1] <= 110
    assert inked(picture, 111, 240) == []


def test_text_stands_at_the_side_that_is_asked_for(sheet: Sheet) -> None:
    picture = sheet.show(Cell("one"), Cell("one", right=True))
    assert inked(picture, 0, 120)[-1] < 60
    assert inked(picture, 120, 240)[0] > 180


def test_text_of_several_lines_is_shown_as_one(sheet: Sheet) -> None:
    assert sheet.show(Cell("one\ntwo"), Cell("")) == sheet.show(Cell("one two"), Cell(""))


def test_text_that_was_drawn_before_follows_the_theme_and_the_font(
    sheet: Sheet, theme: Theme
) -> None:
    light = sheet.show(Cell("one"), Cell("two", fixed=True, strong=True))
    theme.choose(ThemeChoice.DARK)
    assert sheet.picture() != light
    theme.choose(ThemeChoice.LIGHT)
    assert sheet.picture() == light
    font = sheet.table.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    sheet.table.setFont(font)
    larger = sheet.picture()
    for start in (0, 120):
        assert inked(larger, start, start + 120)[-1] > inked(light, start, start + 120)[-1] + 3


def test_scrolling_leaves_nothing_behind(sheet: Sheet, qtbot: QtBot) -> None:
    rows = [(Cell(f"row {number}"), Cell(str(number), right=True)) for number in range(100)]
    sheet.model.set_rows(rows)
    sheet.table.selectRow(38)
    place = sheet.table.viewport().rect().center()
    QCursor.setPos(sheet.table.viewport().mapToGlobal(place))
    qtbot.mouseMove(sheet.table.viewport(), place)
    qtbot.waitUntil(sheet.table.viewport().underMouse)
    for value in (1, 2, 40, 39, 38, 97, 0):
        sheet.table.verticalScrollBar().setValue(value)
        QApplication.processEvents()
        shown = sheet.table.screen().grabWindow(sheet.table.winId()).toImage()
        drawn = sheet.table.grab().toImage()
        assert drawn.convertToFormat(shown.format()) == shown, value
        assert sheet.hovered(shown, place.y())
