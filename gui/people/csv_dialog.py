"""The dialog before a CSV import: how the file is read, what its columns become."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.jobs import Job, Progress
from gui.people.column_grid import ColumnGrid
from gui.people.csv_file import CsvFile, encodings_with, open_csv
from gui.people.mode_buttons import ModeButtons
from gui.widgets.boxes import field, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from server.okta.people import (
    DELIMITERS,
    ENCODINGS,
    Column,
    CsvTable,
    ProfileSchema,
    columns_problem,
)

ENCODING_WORDS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "cp1252": "Western Europe (cp1252)",
    "cp1250": "Central Europe (cp1250)",
    "cp1251": "Cyrillic (cp1251)",
    "cp1253": "Greek (cp1253)",
    "cp1254": "Turkish (cp1254)",
    "cp932": "Japanese (cp932)",
    "gb18030": "Chinese (gb18030)",
    "utf-16": "UTF-16",
}
DELIMITER_WORDS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
CHOSEN_ENCODINGS = (*ENCODINGS, "cp1250", "cp1254")


@dataclass(frozen=True, slots=True)
class CsvOrder:
    """What is to be imported, and how."""

    name: str
    table: CsvTable
    columns: Sequence[Column]
    empty_is_cleared: bool
    replace_all: bool


class CsvDialog(Dialog):
    """Shows a ``CsvFile``; ``ordered`` is called with what the person decided."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        file: CsvFile,
        schemas: dict[bool, ProfileSchema],
        ordered: Callable[[CsvOrder], None],
        *,
        has_own: bool,
    ) -> None:
        """``schemas`` are those for replacing (True) and for adding (False)."""
        super().__init__(
            desk.theme,
            parent,
            f"Import people from {file.path.name}",
            "Columns are matched by their names. An attribute that Okta's profile lacks becomes a "
            "new custom attribute.",
        )
        self._desk = desk
        self._file = file
        self._schemas = schemas
        self._ordered = ordered
        self._job: Job[CsvFile] | None = None
        self.setMinimumWidth(860)
        theme = desk.theme
        self.encoding = ChoiceBox(theme, "Encoding")
        for name in encodings_with(file.table.encoding, CHOSEN_ENCODINGS):
            self.encoding.addItem(ENCODING_WORDS.get(name, name), name)
        self.delimiter = ChoiceBox(theme, "Delimiter")
        for sign in encodings_with(file.table.delimiter, DELIMITERS):
            self.delimiter.addItem(DELIMITER_WORDS.get(sign, sign), sign)
        self.empty = ChoiceBox(theme, "An empty cell is")
        self.empty.addItem("A value that was never set", False)
        self.empty.addItem("A value that was cleared", True)
        self.mode = ModeButtons(has_own=has_own)
        self.grid = ColumnGrid(theme)
        self.grid.setFixedHeight(300)
        self.rows = label("", "small")
        self.problem = label("", tone="danger", wrap=True)
        self.import_button = push_button(theme, "Import", kind="primary", clicked=self._import)
        self.add(
            plain(
                row(
                    field(label("Encoding", "caption"), self.encoding),
                    field(label("Delimiter", "caption"), self.delimiter),
                    field(label("An empty cell is", "caption"), self.empty),
                    spacing=3,
                )
            ),
            self.grid,
            self.problem,
            self.mode,
            self.rows,
        )
        self.end_with(self.cancel_button(), self.import_button)
        self.grid.changed.connect(self._check)
        self._show(file)
        for box in (self.encoding, self.delimiter):
            box.currentIndexChanged.connect(self._read_again)
        self.mode.replace.toggled.connect(self._change_schema)

    @property
    def schema(self) -> ProfileSchema:
        """Return the schema that the people are read with."""
        return self._schemas[self.mode.replaces]

    def _show(self, file: CsvFile) -> None:
        self._file = file
        for box, value in (
            (self.encoding, file.table.encoding),
            (self.delimiter, file.table.delimiter),
        ):
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(value))
            box.blockSignals(False)
        self.grid.show_file(file, self.schema)
        self.rows.setText(f"About {file.table.lines:,} rows")

    @Slot()
    def _read_again(self) -> None:
        """Read the file with what was chosen now."""
        if self._job:
            self._job.cancel()
        file, schema = self._file, self.schema
        encoding, delimiter = self.encoding.currentData(), self.delimiter.currentData()

        def read(_progress: Progress) -> CsvFile:
            return open_csv(file.path, file.data, schema, encoding, delimiter)

        self.import_button.setEnabled(False)
        self._job = self._desk.jobs.run("", read, self._show, self._refuse)

    @Slot()
    def _change_schema(self) -> None:
        self.grid.show_file(
            self._file, self.schema, [column.target for column in self.grid.columns]
        )

    @Slot()
    def _check(self) -> None:
        self._tell(columns_problem(self.grid.columns))

    def _refuse(self, error: Exception) -> None:
        self._tell(str(error))

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.import_button.setEnabled(not problem)
        self.fit()

    @Slot()
    def _import(self) -> None:
        order = CsvOrder(
            self._file.path.name,
            self._file.table,
            self.grid.columns,
            self.empty.currentData(),
            self.mode.replaces,
        )
        self.accept()
        self._ordered(order)
