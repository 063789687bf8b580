"""Every table of a page as an Excel workbook: `?format=xlsx`.

Numbers stay numbers where 15 digits carry them; texts that begin with = + - @ (full-width too), tab or CR are written
as text and quoted, so that no program takes them for a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from django.http import HttpResponse

from files.serve import attachment
from schools.numbers import exact

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = tuple("=+-@\t\r＝＋－＠")


@dataclass(frozen=True)
class Column:
    """A heading with its unit; `places` None = text, else a number shown with so many decimals."""

    title: str
    places: int | None = None
    unit: str = ""

    @property
    def heading(self) -> str:
        return f"{self.title}({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class Table:
    """A further table of a page, on a sheet of its own."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence]


def workbook(title: str, note: str, columns: Sequence[Column], rows: Iterable[Sequence], more: Sequence[Table] = ()) -> bytes:
    """A sheet a table: title, a note (what, when, which data), headings, rows. None is an empty cell, never 0."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    formats = _Formats(book)
    for table in (Table(title, columns, list(rows)), *more):
        _write(book.add_worksheet(sheet_name(table.title)), table, note, formats)
    book.close()
    return buffer.getvalue()


class _Formats:
    """The looks of one workbook; a number format is made when first asked for."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self.bold = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E9EEF4", "border": 1})
        self.quoted = book.add_format({"quote_prefix": True})
        self._figures: dict[int, xlsxwriter.format.Format] = {}

    def figure(self, places: int) -> xlsxwriter.format.Format:
        if places not in self._figures:
            self._figures[places] = self._book.add_format({"num_format": "0" if places == 0 else "0." + "0" * places})
        return self._figures[places]


def _write(sheet: xlsxwriter.worksheet.Worksheet, table: Table, note: str, formats: _Formats) -> None:
    sheet.write_string(0, 0, table.title, formats.bold)
    sheet.write_string(1, 0, note)
    for j, column in enumerate(table.columns):
        sheet.write_string(2, j, column.heading, formats.head)
        sheet.set_column(j, j, 24 if j == 0 else 14)
    for i, row in enumerate(table.rows, start=3):
        for j, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if value is None or value == "":
                continue
            number = exact(value) if column.places is not None else None
            if number is not None:
                sheet.write_number(i, j, float(number), formats.figure(column.places))
            else:
                content = str(value)
                sheet.write_string(i, j, content, formats.quoted if content.startswith(RISKY) else None)
    sheet.freeze_panes(3, 1)


def sheet_name(title: str) -> str:
    """At most 31 characters without those Excel forbids."""
    return "".join("_" if c in "[]:*?/\\" else c for c in title)[:31].strip("'") or "Sheet1"


def download(title: str, note: str, columns: Sequence[Column], rows: Iterable[Sequence], more: Sequence[Table] = ()) -> HttpResponse:
    """The workbook as an attachment."""
    return attachment(workbook(title, note, columns, rows, more), name=f"{title}.xlsx", content_type=CONTENT_TYPE)
