"""What a file becomes: grids of text, each value with its cell address."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

TEXT, NUMBER, PERCENT, DATE, BOOLEAN, ERROR, UNCACHED = " ", "n", "p", "d", "b", "e", "f"
"""Kinds of a cell: text or blank, number, number shown as percent, date or time, truth value, error value, formula
saved without its result."""

Merge = tuple[int, int, int, int]
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})$")


def column_letters(column: int) -> str:
    """0 → "A", 26 → "AA"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """"A" → 0, "AA" → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(row: int, column: int) -> str:
    """The Excel address of a zero-based row and column: (6, 3) → "D7"."""
    return f"{column_letters(column)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """"D7" → (6, 3). ValueError for anything else."""
    found = _ADDRESS.match(cell)
    if not found:
        raise ValueError(cell)
    return int(found[2]) - 1, column_index(found[1])


@dataclass(frozen=True)
class Notice:
    """A remark on a file that was read: code of `refusals.NOTICES`, sheet name, cell or "", whole sentence."""

    code: str
    sheet: str
    cell: str
    text: str


@dataclass
class Grid:
    """One sheet as dense text.

    `rows[i][j]` is the text of row i + 1 of the sheet (blank rows stand in place; trailing blank rows and columns are
    cut), every row equally long. `kinds[i][j]` is one letter for its kind. `merges` are (first row, first column, last
    row, last column), zero-based and inclusive, clipped to the grid; they are reported, not filled. `counted_rows` is
    the number of non-blank rows, counted apart from the reader wherever the format allows it. A hidden sheet has no
    rows; its `counted_rows` is still told.
    """

    name: str
    hidden: bool = False
    rows: list[list[str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    counted_rows: int = 0
    first_row: int = 0

    def cell(self, row: int, column: int) -> str:
        """The address in the sheet of `rows[row][column]`: "D7"."""
        return address(row + self.first_row, column)

    def row_number(self, row: int) -> int:
        """The row number a person sees in Excel."""
        return row + self.first_row + 1

    def kind(self, row: int, column: int) -> str:
        """"" text or blank, "n" number, "p" number shown as percent, "d" date, "b" truth, "e" error, "f" no result."""
        return self.kinds[row][column].strip()

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass
class Workbook:
    """A whole file: `format` is xlsx, xls, csv, html or ods."""

    format: str
    date_1904: bool = False
    sheets: list[Grid] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def visible(self) -> list[Grid]:
        return [sheet for sheet in self.sheets if not sheet.hidden]
