"""The text and the table that are in a CSV file: its encoding, its delimiter, its rows."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from charset_normalizer import from_bytes

from server.okta.people.reading import UnreadableFile

DELIMITERS: Final = (",", ";", "\t", "|")
ENCODINGS: Final = ("utf-8", "cp1252", "cp1251", "cp1253", "cp932", "gb18030")
"""What a file without a mark of its encoding is taken for. Other Latin ones (cp1250, cp1254) are
too like cp1252 to be told from it in a list of names; a person can choose them."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table as it stands in a file; ``encoding`` and ``delimiter`` are what was found.

    ``headers`` is the first row, ``lines`` an estimate of how many rows follow.
    """

    headers: tuple[str, ...]
    encoding: str
    delimiter: str
    text: str
    lines: int


class CsvRow(NamedTuple):
    """A row and the line on which it begins, from 1; ``problem`` says why it is none, or ""."""

    line: int
    values: list[str]
    problem: str


def open_table(data: bytes, encoding: str | None = None, delimiter: str | None = None) -> CsvTable:
    """Return the table in the bytes of a file; what is not given is detected.

    Raises ``UnreadableFile``.
    """
    if not data.strip():
        raise UnreadableFile("The file is empty: choose one with a row of column names and people.")
    for beginning, told in _OTHER_FORMATS.items():
        if data.startswith(beginning):
            raise UnreadableFile(told)
    encoding = encoding or detect_encoding(data)
    text = _decoded(data, encoding)
    if any(character in text for character in "\x00\x01\x02\x03\x04\x05\x06"):
        raise UnreadableFile("The file is not text: save it as CSV first.")
    first = text.partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:  # Excel's own way to tell
        delimiter = delimiter or first[4]
        text = text.partition("\n")[2]
    delimiter = delimiter or _detect_delimiter(text)
    headers = _first_row(text, delimiter)
    if not any(header.strip() for header in headers):
        raise UnreadableFile("The first line is empty: it has to hold the names of the columns.")
    lines = text.count("\n", 0, -1) or text.count("\r", 0, -1)
    return CsvTable(headers, encoding, delimiter, text, lines)


def rows(table: CsvTable) -> Iterator[CsvRow]:
    """Yield the rows behind the first one, without those that are blank.

    When a quotation mark is opened and not closed, the row with it is refused and reading goes on
    with the next line.
    """
    width = len(table.headers)
    lines = _Lines(table.text)
    reader = csv.reader(lines, delimiter=table.delimiter)
    next(reader)
    again = _MOST_RETRIES
    while True:
        begin = lines.number + 1
        start = lines.tell()
        try:
            values = next(reader)
            problem = "" if len(values) == width else _fit(values, width)
        except StopIteration:
            return
        except csv.Error as error:
            values, problem = [], f"It cannot be read as CSV: {error}."
        if problem and lines.number > begin:
            problem = _UNCLOSED
            if again:
                again -= 1
                lines.go_back(start, begin - 1)
        if problem or any(values):
            yield CsvRow(begin, values, problem)


def detect_encoding(data: bytes) -> str:
    """Return the name of the encoding that the bytes of a text are most likely in."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    head = data[:_SAMPLE]
    zeros = head.count(0)
    if zeros > len(head) // 4:
        return "utf-16-be" if head[::2].count(0) > zeros // 2 else "utf-16-le"
    try:
        data.decode()
    except UnicodeDecodeError as error:
        # The first letters outside ASCII, for which it is worth looking.
        telling = data[max(0, error.start - _SAMPLE // 2) : error.start + _SAMPLE]
        best = from_bytes(telling, cp_isolation=list(ENCODINGS[1:])).best()
        return best.encoding if best and len(telling) > _TELLING else "cp1252"
    return "utf-8"


class _Lines:
    """The lines of a text, with their numbers, and with a way back."""

    def __init__(self, text: str) -> None:
        self._text = io.StringIO(text, newline="")
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.number += 1
        return line

    def tell(self) -> int:
        """Return the place of the next line."""
        return self._text.tell()

    def go_back(self, place: int, number: int) -> None:
        """Go to the line behind the one at a place, before which ``number`` lines are."""
        self._text.seek(place)
        self._text.readline()
        self.number = number + 1


def _fit(values: list[str], width: int) -> str:
    """Cut empty fields at the end that have no column; return what is wrong otherwise."""
    if len(values) > width and not any(values[width:]):
        del values[width:]
    if len(values) == width or not any(values):
        return ""
    return (
        f"It has {len(values)} values for {width} columns: a delimiter inside of a value needs "
        "quotation marks around the value."
    )


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding, "replace")
    except LookupError as error:
        raise UnreadableFile(f"There is no encoding {encoding}: choose another one.") from error
    return text.removeprefix("\ufeff")


def _first_row(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
    except csv.Error as error:
        raise UnreadableFile(
            "The first line cannot be read as CSV: see that its quotation marks are closed."
        ) from error


def _detect_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first row, and those behind it, into equally many."""

    def score(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter)
        try:
            counts = [len(row) for _, row in zip(range(50), reader, strict=False)]
        except csv.Error:
            return 0, 0
        width = counts[0] if counts else 0
        return (counts.count(width), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=score)


_SAMPLE: Final = 64 * 1024
_TELLING: Final = 64
"""Bytes below which guessing an encoding is no better than taking the usual one."""
_MOST_RETRIES: Final = 100
_UNCLOSED: Final = "A quotation mark is opened in it and not closed: add the one at the end."
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS: Final = {
    b"PK\x03\x04": "The file is an Excel workbook or another archive: save it as CSV first.",
    b"\xd0\xcf\x11\xe0": "The file is an old Excel workbook: save it as CSV first.",
    b"%PDF": "The file is a PDF: export the people as CSV instead.",
    b"\x1f\x8b": "The file is compressed: unpack it first.",
}
